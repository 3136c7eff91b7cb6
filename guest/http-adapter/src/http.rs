//! `wasi:http`: the resources of an outgoing request and of what comes back.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::Adapter;
use crate::bindings::exports::wasi::http::types::{
    ErrorCode, FieldName, FieldValue, FutureTrailers as FutureTrailersHandle, HeaderError, Headers,
    IncomingBody as IncomingBodyHandle, IncomingResponse as IncomingResponseHandle, InputStream as InputStreamHandle,
    IoErrorBorrow, Method, OutgoingBody as OutgoingBodyHandle, OutputStream as OutputStreamHandle, Pollable as PollableHandle,
    Scheme, Trailers,
};
use crate::bindings::exports::wasi::http::{outgoing_handler, types};
use crate::bindings::likewise::engine::transport::{Failure, Request, Response};
use crate::exchange::{self, Awaited, Content};
use crate::io::{InputStream, OutputStream, Pollable};

/// Reserved for the host's measure of a response's time.
const ELAPSED: &str = "likewise-elapsed-us";

/// Field names that belong to the connection, not to the message: the host sets them.
const FORBIDDEN: [&str; 8] = [
    "connection",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
];

impl types::Guest for Adapter {
    type Fields = Fields;
    type IncomingRequest = ServerSide;
    type OutgoingRequest = OutgoingRequest;
    type RequestOptions = RequestOptions;
    type ResponseOutparam = ServerSide;
    type IncomingResponse = IncomingResponse;
    type IncomingBody = IncomingBody;
    type FutureTrailers = FutureTrailers;
    type OutgoingResponse = ServerSide;
    type OutgoingBody = OutgoingBody;
    type FutureIncomingResponse = FutureIncomingResponse;

    fn http_error_code(_error: IoErrorBorrow<'_>) -> Option<ErrorCode> {
        None
    }
}

/// A resource that only a server uses: the interface names it, nothing here makes one.
pub(crate) enum ServerSide {}

impl types::GuestIncomingRequest for ServerSide {}
impl types::GuestResponseOutparam for ServerSide {}
impl types::GuestOutgoingResponse for ServerSide {}

type Entries = Vec<(String, Vec<u8>)>;

/// Header fields. Those of a request or a response that exists are immutable.
#[derive(Clone, Default)]
pub(crate) struct Fields {
    entries: Rc<RefCell<Entries>>,
    immutable: bool,
}

impl Fields {
    fn check(name: &str, value: &[u8]) -> Result<(), HeaderError> {
        // RFC 9110, 5.1 and 5.5.
        let token = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
        if name.is_empty() || !name.bytes().all(token) || value.iter().any(|c| b"\0\r\n".contains(c)) {
            return Err(HeaderError::InvalidSyntax);
        }
        if FORBIDDEN.iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden)) {
            return Err(HeaderError::Forbidden);
        }
        Ok(())
    }

    fn change(&self, name: &str, values: &[FieldValue], keep: bool) -> Result<(), HeaderError> {
        if self.immutable {
            return Err(HeaderError::Immutable);
        }
        Fields::check(name, b"")?;
        values.iter().try_for_each(|value| Fields::check(name, value))?;
        let mut entries = self.entries.borrow_mut();
        if !keep {
            entries.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        }
        entries.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
        Ok(())
    }

    fn frozen(entries: Rc<RefCell<Entries>>) -> Headers {
        Headers::new(Fields { entries, immutable: true })
    }
}

impl types::GuestFields for Fields {
    fn new() -> Self {
        Fields::default()
    }

    fn from_list(entries: Vec<(FieldName, FieldValue)>) -> Result<Headers, HeaderError> {
        entries.iter().try_for_each(|(name, value)| Fields::check(name, value))?;
        Ok(Headers::new(Fields { entries: Rc::new(RefCell::new(entries)), immutable: false }))
    }

    fn get(&self, name: FieldName) -> Vec<FieldValue> {
        let entries = self.entries.borrow();
        entries.iter().filter(|(other, _)| other.eq_ignore_ascii_case(&name)).map(|(_, value)| value.clone()).collect()
    }

    fn has(&self, name: FieldName) -> bool {
        self.entries.borrow().iter().any(|(other, _)| other.eq_ignore_ascii_case(&name))
    }

    fn set(&self, name: FieldName, values: Vec<FieldValue>) -> Result<(), HeaderError> {
        self.change(&name, &values, false)
    }

    fn delete(&self, name: FieldName) -> Result<(), HeaderError> {
        self.change(&name, &[], false)
    }

    fn append(&self, name: FieldName, value: FieldValue) -> Result<(), HeaderError> {
        self.change(&name, &[value], true)
    }

    fn entries(&self) -> Vec<(FieldName, FieldValue)> {
        self.entries.borrow().clone()
    }

    fn clone(&self) -> Headers {
        let entries = self.entries.borrow().clone();
        Headers::new(Fields { entries: Rc::new(RefCell::new(entries)), immutable: false })
    }
}

/// A request being put together.
pub(crate) struct OutgoingRequest {
    method: RefCell<Method>,
    scheme: RefCell<Option<Scheme>>,
    authority: RefCell<Option<String>>,
    path_with_query: RefCell<Option<String>>,
    headers: Rc<RefCell<Entries>>,
    content: Rc<Content>,
}

impl OutgoingRequest {
    fn url(&self) -> Result<String, ErrorCode> {
        let scheme = match &*self.scheme.borrow() {
            Some(Scheme::Http) => "http",
            Some(Scheme::Https) | None => "https",
            Some(Scheme::Other(_)) => return Err(ErrorCode::HttpProtocolError),
        };
        let authority = self.authority.borrow();
        let authority = authority.as_deref().ok_or(ErrorCode::HttpRequestUriInvalid)?;
        let path = self.path_with_query.borrow();
        Ok(format!("{scheme}://{authority}{}", path.as_deref().unwrap_or("/")))
    }

    fn method_name(&self) -> String {
        match &*self.method.borrow() {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
            Method::Connect => "CONNECT",
            Method::Options => "OPTIONS",
            Method::Trace => "TRACE",
            Method::Patch => "PATCH",
            Method::Other(name) => name,
        }
        .to_owned()
    }
}

impl types::GuestOutgoingRequest for OutgoingRequest {
    fn new(headers: Headers) -> Self {
        let headers = headers.into_inner::<Fields>();
        OutgoingRequest {
            method: RefCell::new(Method::Get),
            scheme: RefCell::default(),
            authority: RefCell::default(),
            path_with_query: RefCell::default(),
            headers: headers.entries,
            content: Rc::default(),
        }
    }

    fn body(&self) -> Result<OutgoingBodyHandle, ()> {
        if self.content.open.get() || self.content.bytes.borrow().is_some() {
            return Err(());
        }
        self.content.bytes.replace(Some(Vec::new()));
        self.content.open.set(true);
        Ok(OutgoingBodyHandle::new(OutgoingBody { content: Rc::clone(&self.content), written: Cell::new(false) }))
    }

    fn method(&self) -> Method {
        self.method.borrow().clone()
    }

    fn set_method(&self, method: Method) -> Result<(), ()> {
        self.method.replace(method);
        Ok(())
    }

    fn path_with_query(&self) -> Option<String> {
        self.path_with_query.borrow().clone()
    }

    fn set_path_with_query(&self, path_with_query: Option<String>) -> Result<(), ()> {
        self.path_with_query.replace(path_with_query);
        Ok(())
    }

    fn scheme(&self) -> Option<Scheme> {
        self.scheme.borrow().clone()
    }

    fn set_scheme(&self, scheme: Option<Scheme>) -> Result<(), ()> {
        self.scheme.replace(scheme);
        Ok(())
    }

    fn authority(&self) -> Option<String> {
        self.authority.borrow().clone()
    }

    fn set_authority(&self, authority: Option<String>) -> Result<(), ()> {
        self.authority.replace(authority);
        Ok(())
    }

    fn headers(&self) -> Headers {
        Fields::frozen(Rc::clone(&self.headers))
    }
}

/// Times allowed, in nanoseconds.
#[derive(Default)]
pub(crate) struct RequestOptions {
    connect: Cell<Option<u64>>,
    first_byte: Cell<Option<u64>>,
    between_bytes: Cell<Option<u64>>,
}

impl RequestOptions {
    /// The transport knows one limit, for the whole request: the time to the response, or else to the connection.
    fn timeout_ms(&self) -> Option<u32> {
        let nanoseconds = self.first_byte.get().or(self.connect.get())?;
        Some(u32::try_from(nanoseconds.div_ceil(1_000_000)).unwrap_or(u32::MAX))
    }
}

impl types::GuestRequestOptions for RequestOptions {
    fn new() -> Self {
        RequestOptions::default()
    }

    fn connect_timeout(&self) -> Option<u64> {
        self.connect.get()
    }

    fn set_connect_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
        self.connect.set(duration);
        Ok(())
    }

    fn first_byte_timeout(&self) -> Option<u64> {
        self.first_byte.get()
    }

    fn set_first_byte_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
        self.first_byte.set(duration);
        Ok(())
    }

    fn between_bytes_timeout(&self) -> Option<u64> {
        self.between_bytes.get()
    }

    fn set_between_bytes_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
        self.between_bytes.set(duration);
        Ok(())
    }
}

/// A request's content being written.
pub(crate) struct OutgoingBody {
    content: Rc<Content>,
    written: Cell<bool>,
}

impl types::GuestOutgoingBody for OutgoingBody {
    fn write(&self) -> Result<OutputStreamHandle, ()> {
        if self.written.replace(true) {
            return Err(());
        }
        Ok(OutputStreamHandle::new(OutputStream(Rc::clone(&self.content))))
    }

    fn finish(this: OutgoingBodyHandle, trailers: Option<Trailers>) -> Result<(), ErrorCode> {
        if trailers.is_some_and(|trailers| !trailers.get::<Fields>().entries.borrow().is_empty()) {
            return Err(ErrorCode::HttpRequestTrailerSectionSize(Some(0)));
        }
        this.get::<OutgoingBody>().content.open.set(false);
        Ok(())
    }
}

impl outgoing_handler::Guest for Adapter {
    fn handle(
        request: types::OutgoingRequest,
        options: Option<types::RequestOptions>,
    ) -> Result<types::FutureIncomingResponse, ErrorCode> {
        let request = request.into_inner::<OutgoingRequest>();
        let sent = Request {
            id: 0, // Given by `submit`.
            method: request.method_name(),
            url: request.url()?,
            headers: request.headers.borrow().iter().map(|(name, value)| (name.clone(), exchange::to_mapped(value))).collect(),
            body: None,
            timeout_ms: options.and_then(|options| options.get::<RequestOptions>().timeout_ms()),
        };
        let awaited = exchange::submit(sent, request.content);
        Ok(types::FutureIncomingResponse::new(FutureIncomingResponse { awaited, taken: Cell::new(false) }))
    }
}

/// A response awaited.
pub(crate) struct FutureIncomingResponse {
    awaited: Rc<Awaited>,
    taken: Cell<bool>,
}

impl types::GuestFutureIncomingResponse for FutureIncomingResponse {
    fn subscribe(&self) -> PollableHandle {
        PollableHandle::new(Pollable::Response(Rc::clone(&self.awaited)))
    }

    fn get(&self) -> Option<Result<Result<IncomingResponseHandle, ErrorCode>, ()>> {
        if !self.awaited.is_settled() {
            return None;
        }
        if self.taken.replace(true) {
            return Some(Err(()));
        }
        let outcome = self.awaited.take().ok_or(());
        Some(outcome.map(|outcome| match outcome {
            Ok(response) => IncomingResponse::from_transport(response).map(IncomingResponseHandle::new),
            Err(failure) => Err(to_error_code(&failure)),
        }))
    }
}

/// "kind: message", see the crate's description.
fn to_error_code(failure: &Failure) -> ErrorCode {
    use crate::bindings::likewise::engine::transport::ErrorKind;
    let kind = match failure.kind {
        ErrorKind::Denied => "denied",
        ErrorKind::Dns => "dns",
        ErrorKind::Connect => "connect",
        ErrorKind::Tls => "tls",
        ErrorKind::Timeout => "timeout",
        ErrorKind::TooLarge => "too-large",
        ErrorKind::Protocol => "protocol",
        ErrorKind::Decode => "decode",
        ErrorKind::Robots => "robots",
        ErrorKind::Canceled => "canceled",
    };
    ErrorCode::InternalError(Some(format!("{kind}: {}", failure.message)))
}

/// A response that has arrived.
pub(crate) struct IncomingResponse {
    status: u16,
    headers: Rc<RefCell<Entries>>,
    body: RefCell<Option<Vec<u8>>>,
}

impl IncomingResponse {
    fn from_transport(response: Response) -> Result<Self, ErrorCode> {
        // The host is trusted to be sane, not assumed to be: what is no byte is a protocol error, not a trap.
        let bytes = exchange::to_bytes(response.body).ok_or(ErrorCode::HttpProtocolError)?;
        let mut entries = Entries::with_capacity(response.headers.len() + 1);
        for (name, value) in response.headers {
            if !name.eq_ignore_ascii_case(ELAPSED) {
                let value = exchange::from_mapped(&value).ok_or(ErrorCode::HttpProtocolError)?;
                entries.push((name, value));
            }
        }
        entries.push((ELAPSED.to_owned(), response.elapsed_us.to_string().into_bytes()));
        Ok(IncomingResponse { status: response.status, headers: Rc::new(RefCell::new(entries)), body: RefCell::new(Some(bytes)) })
    }
}

impl types::GuestIncomingResponse for IncomingResponse {
    fn status(&self) -> u16 {
        self.status
    }

    fn headers(&self) -> Headers {
        Fields::frozen(Rc::clone(&self.headers))
    }

    fn consume(&self) -> Result<IncomingBodyHandle, ()> {
        let bytes = self.body.take().ok_or(())?;
        Ok(IncomingBodyHandle::new(IncomingBody(RefCell::new(Some(bytes)))))
    }
}

/// A response's content.
pub(crate) struct IncomingBody(RefCell<Option<Vec<u8>>>);

impl types::GuestIncomingBody for IncomingBody {
    fn stream(&self) -> Result<InputStreamHandle, ()> {
        let bytes = self.0.take().ok_or(())?;
        Ok(InputStreamHandle::new(InputStream::new(bytes)))
    }

    fn finish(_this: IncomingBodyHandle) -> FutureTrailersHandle {
        FutureTrailersHandle::new(FutureTrailers { taken: Cell::new(false) })
    }
}

/// A response's trailers: the transport hands over none.
pub(crate) struct FutureTrailers {
    taken: Cell<bool>,
}

impl types::GuestFutureTrailers for FutureTrailers {
    fn subscribe(&self) -> PollableHandle {
        PollableHandle::new(Pollable::Ready)
    }

    fn get(&self) -> Option<Result<Result<Option<Trailers>, ErrorCode>, ()>> {
        Some(if self.taken.replace(true) { Err(()) } else { Ok(Ok(None)) })
    }
}
