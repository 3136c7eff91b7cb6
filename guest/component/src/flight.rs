//! One URL on its way: request, redirects, content, site. Written to WASI-HTTP 0.2, so that any host of it will do.

use std::borrow::Cow;
use std::rc::Rc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use likewise_page as page;

use crate::bindings::exports::likewise::engine::scraper::{Address, ErrorKind, Failed, Hop, Options, Site};
use crate::wasi;
use crate::wasi::http::outgoing_handler;
use crate::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, OutgoingRequest, RequestOptions, Scheme,
    http_error_code,
};
use crate::wasi::io::poll::Pollable;
pub(crate) use crate::wasi::io::poll::poll;
use crate::wasi::io::streams::{InputStream, StreamError};

/// Fields that tell one origin what is meant for another: not taken along when a redirect leaves the origin. RFC 9110, 15.4 names the
/// first three and leaves the rest to us: these are what APIs in wide use take their keys in.
const PRIVATE: [&str; 15] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "api-key",
    "apikey",
    "private-token",
    "x-access-token",
    "x-amz-security-token",
    "x-api-key",
    "x-api-token",
    "x-auth-token",
    "x-csrf-token",
    "x-goog-api-key",
    "x-vault-token",
    "x-xsrf-token",
];

/// Bytes asked of a stream at once: as many as a host allows a content, unless told otherwise. The adapter gives what it has without a copy.
const READ: u64 = 64 << 20;

/// Characters of a URL or a `Location` that a message repeats. Both may have tens of thousands.
const SHOWN: usize = 200;

/// A text for a message: cut where it is long.
fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// Bytes of a site that cross to the host at most. wasmtime takes 128 MiB in one call, and ends the session with all its URLs at more.
/// A page of a few KB on the wire can have more: what stands for one byte in its encoding may be three in UTF-8.
const CROSSING: usize = 120 << 20;

/// What an entry of a page's facts takes beyond its bytes where wasmtime counts them, rounded up.
const CROSSING_ENTRY: usize = 192;

/// About what a site takes when it crosses.
fn crossing(site: &Site) -> usize {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let page = site.page.as_ref().map_or(0, |page| {
        let links = page.links.iter().map(|link| CROSSING_ENTRY + link.url.len() + link.text.len() + link.rel.len());
        let meta = page.meta.iter().map(|(name, content)| CROSSING_ENTRY + name.len() + content.len());
        let json_ld = page.json_ld.iter().map(|source| CROSSING_ENTRY + source.len());
        links.chain(meta).chain(json_ld).sum::<usize>() + page.text.len()
    });
    let history = site.history.iter().map(|hop| hop.url.len() + hop.headers.len()).sum::<usize>();
    length(&site.text) + length(&site.content) + page + site.headers.len() + history
}

/// Why a URL failed.
#[derive(Debug)]
pub(crate) struct Error {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into() }
    }
}

/// One URL on its way.
pub(crate) struct Flight {
    index: u32,
    address: page::Address,
    headers: Vec<(String, String)>,
    options: Rc<Options>,
    history: Vec<Hop>,
    elapsed_us: Option<u64>,
    stage: Stage,
}

// In each stage the pollable comes first: it is dropped before what it was made from, as WASI demands.
enum Stage {
    Sent { pollable: Pollable, future: FutureIncomingResponse },
    Reading { pollable: Pollable, stream: InputStream, _body: IncomingBody, response: Head, bytes: Vec<u8> },
}

/// A response without its content.
struct Head {
    status: u16,
    /// The fields as the contract carries them.
    lines: String,
    kept: Option<u32>,
}

impl Head {
    /// The value of the first field of this name.
    fn get(&self, name: &str) -> Option<&str> {
        let blank = [' ', '\t', '\r'];
        let mut fields = self.lines.split('\n').filter_map(|line| line.split_once(':'));
        fields.find(|(other, _)| other.trim_matches(blank).eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches(blank))
    }
}

/// Fields as the contract carries them.
fn to_lines(fields: &[(String, Vec<u8>)]) -> String {
    let mut lines = String::with_capacity(fields.iter().map(|(name, value)| name.len() + value.len() + 3).sum());
    for (name, value) in fields {
        lines.extend([name, ": "]);
        // No host lets a line feed into a value; one that did would make a field of what follows it.
        lines.extend(value.iter().filter(|&&byte| byte != b'\n').map(|&byte| char::from(byte)));
        lines.push('\n');
    }
    lines
}

impl Flight {
    /// Take a URL apart and hand in its request.
    pub(crate) fn start(index: u32, url: &str, options: &Rc<Options>) -> Result<Self, Failed> {
        let address = page::parse_url(url).map_err(|error| Error::new(ErrorKind::InvalidUrl, error.to_string()))?;
        let mut headers = options.headers.clone();
        let has_authorization = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if let (Some((user, password)), false) = (&address.userinfo, has_authorization) {
            // RFC 7617.
            let credentials = BASE64_STANDARD.encode(format!("{user}:{password}"));
            headers.push(("authorization".to_owned(), format!("Basic {credentials}")));
        }
        let sent = send(&address, &headers, options.timeout_ms)
            .map_err(|error| Failed { address: Some(to_address(&address)), ..error.into() })?;
        Ok(Flight { index, address, headers, options: Rc::clone(options), history: Vec::new(), elapsed_us: None, stage: sent })
    }

    pub(crate) fn index(&self) -> u32 {
        self.index
    }

    pub(crate) fn pollable(&self) -> &Pollable {
        match &self.stage {
            Stage::Sent { pollable, .. } | Stage::Reading { pollable, .. } => pollable,
        }
    }

    /// Go on as far as possible without waiting. Some when the URL has ended.
    pub(crate) fn step(&mut self) -> Option<Result<Site, Error>> {
        self.advance().transpose()
    }

    pub(crate) fn into_failed(self, error: Error) -> Failed {
        Failed { address: Some(to_address(&self.address)), history: self.history, ..error.into() }
    }

    fn advance(&mut self) -> Result<Option<Site>, Error> {
        if let Stage::Sent { future, .. } = &self.stage {
            let Some(taken) = future.get() else { return Ok(None) };
            let response = match taken {
                Ok(Ok(response)) => response,
                Ok(Err(code)) => return Err(self.with_redirects(to_error(code, &self.address.url))),
                Err(()) => {
                    return Err(Error::new(ErrorKind::Protocol, format!("{}: the response was lost", shown(&self.address.url))));
                }
            };
            let head = self.read_head(&response);
            if let Some(target) = self.redirect_target(&head) {
                return self.follow(head, &target).map(|()| None);
            }
            let lost = || Error::new(ErrorKind::Protocol, format!("{}: the content was lost", shown(&self.address.url)));
            let body = response.consume().map_err(|()| lost())?;
            let stream = body.stream().map_err(|()| lost())?;
            let pollable = stream.subscribe();
            self.stage = Stage::Reading { pollable, stream, _body: body, response: head, bytes: Vec::new() };
        }
        let Stage::Reading { stream, response, bytes, .. } = &mut self.stage else { unreachable!("set above") };
        loop {
            match stream.read(READ) {
                Ok(chunk) if chunk.is_empty() => return Ok(None),
                Ok(chunk) if bytes.is_empty() => *bytes = chunk,
                Ok(chunk) => bytes.extend_from_slice(&chunk),
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(error)) => {
                    let code = http_error_code(&error).unwrap_or_else(|| ErrorCode::InternalError(Some(error.to_debug_string())));
                    return Err(to_error(code, &self.address.url));
                }
            }
            if let Some(limit) = self.options.max_bytes.filter(|&limit| bytes.len() as u64 > limit) {
                let message = format!("{}: more than the {limit} bytes allowed", shown(&self.address.url));
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
        }
        let head = Head { lines: std::mem::take(&mut response.lines), ..*response };
        let bytes = std::mem::take(bytes);
        let site = self.site(head, bytes);
        let size = crossing(&site);
        if size > CROSSING {
            let message = format!(
                "{}: its text and facts take {size} bytes in UTF-8, more than the {CROSSING} that can be handed over; allow fewer bytes",
                shown(&self.address.url)
            );
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        Ok(Some(site))
    }

    /// A time limit that only the last hop ran into is the whole URL's.
    fn with_redirects(&self, mut error: Error) -> Error {
        if let (ErrorKind::Timeout, false, Some(timeout)) = (error.kind, self.history.is_empty(), self.options.timeout_ms) {
            let hops = self.history.len();
            error.message = format!("not done within {timeout} ms, {hops} redirects included: {}", shown(&self.address.url));
        }
        error
    }

    fn read_head(&mut self, response: &IncomingResponse) -> Head {
        let told = wasi::told(response);
        self.elapsed_us = told.elapsed_us.map(|elapsed| elapsed.saturating_add(self.elapsed_us.unwrap_or(0)));
        let lines = told.lines.unwrap_or_else(|| to_lines(&response.headers().entries()));
        Head { status: response.status(), lines, kept: told.kept }
    }

    /// Where a response redirects to, if it does and redirects are followed.
    fn redirect_target(&self, head: &Head) -> Option<String> {
        self.options.max_redirects?;
        // RFC 9110, 15.4: these carry a Location to follow; 300, 304 and 305 do not.
        if !matches!(head.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        // Servers write UTF-8 as it is, and browsers read it so.
        let location = head.get("location")?;
        let bytes = location.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<u8>>>();
        Some(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| location.to_owned()))
    }

    fn follow(&mut self, head: Head, target: &str) -> Result<(), Error> {
        let from = &self.address;
        let limit = self.options.max_redirects.unwrap_or(0);
        self.history.push(Hop { url: from.url.clone(), status: head.status, headers: head.lines });
        if self.history.len() > limit as usize {
            let message = format!("{}: more than {limit} redirects; the next would be {:?}", shown(&from.url), shown(target));
            return Err(Error::new(ErrorKind::TooManyRedirects, message));
        }
        let next = page::join_url(&from.url, target).map_err(|error| {
            Error::new(ErrorKind::Denied, format!("{}: redirects to {:?}: {error}", shown(&from.url), shown(target)))
        })?;
        if (from.scheme, &from.authority) != (next.scheme, &next.authority) {
            self.headers.retain(|(name, _)| !PRIVATE.iter().any(|private| name.eq_ignore_ascii_case(private)));
        }
        self.address = next;
        // The limit is for the URL, not for each hop: what is known to be spent is taken off.
        let spent_ms = self.elapsed_us.unwrap_or(0).div_ceil(1000);
        let timeout_ms = match self.options.timeout_ms {
            None => None,
            Some(timeout) => {
                match u32::try_from(spent_ms).ok().and_then(|spent| timeout.checked_sub(spent)).filter(|&left| left > 0) {
                    Some(left) => Some(left),
                    None => {
                        let message = format!("{}: not done within {timeout} ms, redirects included", shown(&self.address.url));
                        return Err(Error::new(ErrorKind::Timeout, message));
                    }
                }
            }
        };
        self.stage = send(&self.address, &self.headers, timeout_ms)?;
        Ok(())
    }

    fn site(&mut self, head: Head, bytes: Vec<u8>) -> Site {
        let content_type = head.get("content-type");
        let decoded = page::decode(&bytes, content_type);
        let media = page::content_type(content_type.unwrap_or(""));
        let page = (self.options.extract && media.is_html())
            .then(|| crate::page::to_page(page::extract(&decoded.text, &self.address.url)));
        // What the host keeps it need not be given.
        let kept = head.kept;
        let content = (kept.is_none() && !decoded.exact).then(|| bytes.iter().map(|&byte| char::from(byte)).collect());
        Site {
            final_url: self.address.url.clone(),
            address: to_address(&self.address),
            status: head.status,
            server: head.get("server").unwrap_or("").to_owned(),
            content_type: media.essence,
            encoding: decoded.encoding.to_owned(),
            page,
            kept,
            text: (kept.is_none() || !decoded.exact).then(|| decoded.text.into_owned()),
            content,
            replaced: decoded.replaced,
            headers: head.lines,
            history: std::mem::take(&mut self.history),
            elapsed_us: self.elapsed_us,
        }
    }
}

/// Hand in a GET request.
fn send(address: &page::Address, headers: &[(String, String)], timeout_ms: Option<u32>) -> Result<Stage, Error> {
    let fields = Fields::new();
    for (name, value) in headers {
        let bytes = value.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<u8>>>();
        let bytes = bytes
            .ok_or_else(|| Error::new(ErrorKind::Protocol, format!("header {name:?}: value has code points past U+00FF")))?;
        let refused = |error| Error::new(ErrorKind::Protocol, format!("header {name:?} cannot be sent: {error:?}"));
        fields.append(name, &bytes).map_err(refused)?;
    }
    let request = OutgoingRequest::new(fields);
    let scheme = match address.scheme {
        page::Scheme::Http => Scheme::Http,
        page::Scheme::Https => Scheme::Https,
    };
    let invalid = |()| Error::new(ErrorKind::InvalidUrl, format!("{}: the host does not take this URL", shown(&address.url)));
    request.set_scheme(Some(&scheme)).map_err(invalid)?;
    request.set_authority(Some(&address.authority)).map_err(invalid)?;
    request.set_path_with_query(Some(&address.path_with_query)).map_err(invalid)?;
    let options = timeout_ms.map(|timeout| {
        let options = RequestOptions::new();
        let timeout = Some(u64::from(timeout) * 1_000_000);
        // A host may not support one of them, which then does not hold; the others still do.
        let _ = options.set_connect_timeout(timeout);
        let _ = options.set_first_byte_timeout(timeout);
        let _ = options.set_between_bytes_timeout(timeout);
        options
    });
    let future = outgoing_handler::handle(request, options).map_err(|code| to_error(code, &address.url))?;
    Ok(Stage::Sent { pollable: future.subscribe(), future })
}

/// The parts of an address that the contract shows.
pub(crate) fn to_address(address: &page::Address) -> Address {
    Address { domain: address.domain.clone(), protocol: address.scheme.to_string(), port: address.port }
}

/// WASI's error as the contract's. The adapter sends "kind: message" in `internal-error`; other hosts use WASI's own codes.
fn to_error(code: ErrorCode, url: &str) -> Error {
    if let ErrorCode::InternalError(Some(text)) = &code {
        if let Some((kind, message)) = text.split_once(": ")
            && let Some(kind) = kind_of_name(kind)
        {
            return Error::new(kind, message);
        }
        return Error::new(ErrorKind::Connect, format!("{}: {text}", shown(url)));
    }
    Error::new(kind_of_code(&code), format!("{}: {code}", shown(url)))
}

fn kind_of_name(name: &str) -> Option<ErrorKind> {
    Some(match name {
        "denied" => ErrorKind::Denied,
        "dns" => ErrorKind::Dns,
        "connect" => ErrorKind::Connect,
        "tls" => ErrorKind::Tls,
        "timeout" => ErrorKind::Timeout,
        "too-large" => ErrorKind::TooLarge,
        "protocol" => ErrorKind::Protocol,
        "decode" => ErrorKind::Decode,
        "robots" => ErrorKind::Robots,
        "canceled" => ErrorKind::Canceled,
        _ => return None,
    })
}

fn kind_of_code(code: &ErrorCode) -> ErrorKind {
    match code {
        ErrorCode::DnsTimeout | ErrorCode::DnsError(_) | ErrorCode::DestinationNotFound => ErrorKind::Dns,
        ErrorCode::DestinationIpProhibited | ErrorCode::HttpRequestDenied => ErrorKind::Denied,
        ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionRefused
        | ErrorCode::ConnectionTerminated
        | ErrorCode::ConnectionLimitReached
        | ErrorCode::ConfigurationError
        | ErrorCode::InternalError(_) => ErrorKind::Connect,
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => ErrorKind::Timeout,
        ErrorCode::TlsProtocolError | ErrorCode::TlsCertificateError | ErrorCode::TlsAlertReceived(_) => ErrorKind::Tls,
        ErrorCode::HttpRequestUriInvalid | ErrorCode::HttpRequestUriTooLong => ErrorKind::InvalidUrl,
        ErrorCode::HttpResponseBodySize(_)
        | ErrorCode::HttpResponseHeaderSectionSize(_)
        | ErrorCode::HttpResponseHeaderSize(_)
        | ErrorCode::HttpResponseTrailerSectionSize(_)
        | ErrorCode::HttpResponseTrailerSize(_) => ErrorKind::TooLarge,
        ErrorCode::HttpResponseContentCoding(_) => ErrorKind::Decode,
        ErrorCode::LoopDetected => ErrorKind::TooManyRedirects,
        ErrorCode::HttpRequestLengthRequired
        | ErrorCode::HttpRequestBodySize(_)
        | ErrorCode::HttpRequestMethodInvalid
        | ErrorCode::HttpRequestHeaderSectionSize(_)
        | ErrorCode::HttpRequestHeaderSize(_)
        | ErrorCode::HttpRequestTrailerSectionSize(_)
        | ErrorCode::HttpRequestTrailerSize(_)
        | ErrorCode::HttpResponseIncomplete
        | ErrorCode::HttpResponseTransferCoding(_)
        | ErrorCode::HttpUpgradeFailed
        | ErrorCode::HttpProtocolError => ErrorKind::Protocol,
    }
}
