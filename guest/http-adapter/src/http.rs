//! `wasi:http`: an outgoing request, and what comes back.

/// `wasi:http/types`.
pub mod types {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    pub use wasip2::http::types::{ErrorCode, HeaderError, Scheme};

    use crate::Told;
    use crate::bindings::likewise::engine::transport::{ErrorKind, Failure, Request, Response};
    use crate::exchange::{self, Awaited};
    use crate::headers;
    use crate::io::error::Error;
    use crate::io::poll::Pollable;
    use crate::io::streams::InputStream;

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

    /// Header fields in order, duplicates kept.
    #[derive(Default)]
    pub struct Fields(RefCell<Vec<(String, Vec<u8>)>>);

    impl Fields {
        /// No fields.
        pub fn new() -> Self {
            Self::default()
        }

        /// Add a field after those that are there.
        pub fn append(&self, name: &str, value: &[u8]) -> Result<(), HeaderError> {
            // RFC 9110, 5.1 and 5.5.
            let token = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
            if name.is_empty() || !name.bytes().all(token) || value.iter().any(|c| b"\0\r\n".contains(c)) {
                return Err(HeaderError::InvalidSyntax);
            }
            if FORBIDDEN.iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden)) {
                return Err(HeaderError::Forbidden);
            }
            self.0.borrow_mut().push((name.to_owned(), value.to_owned()));
            Ok(())
        }

        /// All fields.
        pub fn entries(&self) -> Vec<(String, Vec<u8>)> {
            self.0.borrow().clone()
        }
    }

    /// A GET request being put together.
    pub struct OutgoingRequest {
        headers: Fields,
        scheme: Cell<Option<&'static str>>,
        authority: RefCell<Option<String>>,
        path_with_query: RefCell<Option<String>>,
    }

    impl OutgoingRequest {
        /// With these header fields.
        pub fn new(headers: Fields) -> Self {
            Self { headers, scheme: Cell::default(), authority: RefCell::default(), path_with_query: RefCell::default() }
        }

        /// Set the scheme; without one it is https.
        pub fn set_scheme(&self, scheme: Option<&Scheme>) -> Result<(), ()> {
            self.scheme.set(match scheme {
                None => None,
                Some(Scheme::Http) => Some("http"),
                Some(Scheme::Https) => Some("https"),
                Some(Scheme::Other(_)) => return Err(()),
            });
            Ok(())
        }

        /// Set host and port.
        pub fn set_authority(&self, authority: Option<&str>) -> Result<(), ()> {
            self.authority.replace(authority.map(str::to_owned));
            Ok(())
        }

        /// Set path and query; without them it is "/".
        pub fn set_path_with_query(&self, path_with_query: Option<&str>) -> Result<(), ()> {
            self.path_with_query.replace(path_with_query.map(str::to_owned));
            Ok(())
        }

        /// As the transport takes it.
        pub(super) fn into_transport(self, timeout_ms: Option<u32>) -> Result<Request, ErrorCode> {
            let scheme = self.scheme.get().unwrap_or("https");
            let authority = self.authority.into_inner().ok_or(ErrorCode::HttpRequestUriInvalid)?;
            let path = self.path_with_query.into_inner();
            let headers = self.headers.0.into_inner().into_iter();
            Ok(Request {
                id: 0, // Given by `submit`.
                method: "GET".to_owned(),
                url: format!("{scheme}://{authority}{}", path.as_deref().unwrap_or("/")),
                headers: headers.map(|(name, value)| (name, exchange::to_mapped(&value))).collect(),
                body: None,
                timeout_ms,
            })
        }
    }

    /// Times allowed, in nanoseconds. The transport knows one limit, for the whole request: the least of them.
    #[derive(Default)]
    pub struct RequestOptions(Cell<Option<u64>>);

    impl RequestOptions {
        /// No limits.
        pub fn new() -> Self {
            Self::default()
        }

        /// Limit the time to a connection.
        pub fn set_connect_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
            self.limit(duration)
        }

        /// Limit the time to the response.
        pub fn set_first_byte_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
            self.limit(duration)
        }

        /// Limit the time from one byte to the next.
        pub fn set_between_bytes_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
            self.limit(duration)
        }

        fn limit(&self, duration: Option<u64>) -> Result<(), ()> {
            self.0.set(self.0.get().into_iter().chain(duration).min());
            Ok(())
        }

        pub(super) fn timeout_ms(&self) -> Option<u32> {
            let nanoseconds = self.0.get()?;
            Some(u32::try_from(nanoseconds.div_ceil(1_000_000)).unwrap_or(u32::MAX))
        }
    }

    /// A response awaited.
    pub struct FutureIncomingResponse(pub(super) Rc<Awaited>);

    impl FutureIncomingResponse {
        /// Ready when the response, or the reason why there is none, is here.
        pub fn subscribe(&self) -> Pollable {
            Pollable(Some(Rc::clone(&self.0)))
        }

        /// What came of the request: none while it is under way, an error where it has been taken before.
        pub fn get(&self) -> Option<Result<Result<IncomingResponse, ErrorCode>, ()>> {
            if !self.0.is_settled() {
                return None;
            }
            Some(self.0.take().ok_or(()).map(|outcome| match outcome {
                Ok((id, response)) => IncomingResponse::of(id, response),
                Err(failure) => Err(to_error_code(&failure)),
            }))
        }
    }

    /// "kind: message", see the crate's description.
    fn to_error_code(failure: &Failure) -> ErrorCode {
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
    pub struct IncomingResponse {
        status: u16,
        body: RefCell<Option<Vec<u8>>>,
        pub(crate) told: Told,
    }

    impl IncomingResponse {
        fn of(id: u32, response: Response) -> Result<Self, ErrorCode> {
            // The host is trusted to be sane, not assumed to be: what is no byte is a protocol error, not a trap.
            let bytes = exchange::to_bytes(response.body).ok_or(ErrorCode::HttpProtocolError)?;
            if !headers::are_bytes(&response.headers) {
                return Err(ErrorCode::HttpProtocolError);
            }
            let told = Told { kept: Some(id), elapsed_us: Some(response.elapsed_us), lines: Some(response.headers) };
            Ok(Self { status: response.status, body: RefCell::new(Some(bytes)), told })
        }

        /// The status code.
        pub fn status(&self) -> u16 {
            self.status
        }

        /// The header fields.
        pub fn headers(&self) -> Fields {
            Fields(RefCell::new(headers::parse(self.told.lines.as_deref().unwrap_or(""))))
        }

        /// The content, once.
        pub fn consume(&self) -> Result<IncomingBody, ()> {
            self.body.take().map(|bytes| IncomingBody(RefCell::new(Some(bytes)))).ok_or(())
        }
    }

    /// A response's content.
    pub struct IncomingBody(RefCell<Option<Vec<u8>>>);

    impl IncomingBody {
        /// The content as a stream, once.
        pub fn stream(&self) -> Result<InputStream, ()> {
            self.0.take().map(|bytes| InputStream(RefCell::new(bytes))).ok_or(())
        }
    }

    /// What HTTP says of a stream's error: nothing, for there is none.
    pub fn http_error_code(error: &Error) -> Option<ErrorCode> {
        match *error {}
    }
}

/// `wasi:http/outgoing-handler`.
pub mod outgoing_handler {
    use super::types::{ErrorCode, FutureIncomingResponse, OutgoingRequest, RequestOptions};
    use crate::exchange;

    /// Hand in a request.
    pub fn handle(request: OutgoingRequest, options: Option<RequestOptions>) -> Result<FutureIncomingResponse, ErrorCode> {
        let timeout_ms = options.and_then(|options| options.timeout_ms());
        Ok(FutureIncomingResponse(exchange::submit(request.into_transport(timeout_ms)?)))
    }
}
