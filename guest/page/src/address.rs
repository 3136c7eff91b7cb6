//! URLs that can be fetched: parsed and normalised by the WHATWG URL Standard, then held to what HTTP needs.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::{Host, ParseError, Url};

/// Longest URL accepted, in bytes, as given and as normalised. RFC 9110 section 4.1 asks everyone to support 8,000
/// octets; eight times that passes everything servers take and refuses megabytes pasted by mistake.
pub const MAX_URL_LEN: usize = 64 * 1024;

/// Longest host name in its ASCII form, and longest label of it (RFC 1035 section 2.3.4, without the root's byte).
const MAX_DOMAIN_LEN: usize = 253;
const MAX_LABEL_LEN: usize = 63;

/// Characters of the input that an error message repeats: enough to recognise it, too few to flood a log.
const SHOWN_CHARS: usize = 80;

/// The schemes that can be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `http`, port 80 where none is written.
    Http,
    /// `https`, port 443 where none is written.
    Https,
}

impl Scheme {
    /// The name, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// The port where a URL writes none.
    pub const fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A URL taken apart, in the pieces that a request needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The URL, normalised, without user name, password and fragment.
    pub url: String,
    /// Its scheme.
    pub scheme: Scheme,
    /// The host: lower case, an international name in its ASCII form, an IPv6 address without brackets.
    pub domain: String,
    /// The port, the scheme's own where none is written. Never 0.
    pub port: u16,
    /// The host as a request names it: IPv6 in brackets, followed by `:port` unless that is the scheme's own.
    pub authority: String,
    /// The path and, where there is one, `?` and the query. Begins with `/`.
    pub path_with_query: String,
    /// User name and password, percent-decoded. `None` where the URL has neither.
    pub userinfo: Option<(String, String)>,
    /// What follows `#`, as normalised. It is not sent to a server.
    pub fragment: Option<String>,
}

/// Why a text is not a URL that can be fetched. Its `Display` names the input, the rule and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlError {
    /// The beginning of the input, at most 80 characters.
    pub input: String,
    /// The rule it breaks.
    pub rule: UrlRule,
}

/// The rules that a URL can break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlRule {
    /// Nothing but white space.
    Empty,
    /// Longer than [`MAX_URL_LEN`]; the length in bytes.
    TooLong(usize),
    /// A control character within it.
    ControlCharacter(char),
    /// No scheme; the URL probably meant, where there is one.
    NoScheme(Option<String>),
    /// A scheme other than `http` and `https`; the URL probably meant, where there is one.
    UnsupportedScheme {
        /// The scheme written.
        scheme: String,
        /// The URL probably meant.
        suggestion: Option<String>,
    },
    /// The host is missing, or not a name or an address; what is wrong with it.
    Host(&'static str),
    /// The port is not a number from 1 to 65535.
    Port,
    /// The user name or password cannot be sent; what is wrong with it.
    Userinfo(&'static str),
    /// Anything else, in the words of the URL Standard's implementation.
    Other(&'static str),
}

impl UrlError {
    fn new(input: &str, rule: UrlRule) -> Self {
        let mut shown: String = input.chars().take(SHOWN_CHARS).collect();
        if shown.len() < input.len() {
            shown.push('…');
        }
        Self { input: shown, rule }
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot be fetched: ", self.input)?;
        match &self.rule {
            UrlRule::Empty => f.write_str("it is empty; give a URL such as \"https://example.com/\""),
            UrlRule::TooLong(len) => {
                write!(f, "it has {len} bytes, {MAX_URL_LEN} are allowed; shorten it or send the data in another way")
            }
            UrlRule::ControlCharacter(c) => {
                write!(f, "it contains the control character U+{:04X}; remove it or write it percent-encoded", u32::from(*c))
            }
            UrlRule::NoScheme(Some(meant)) => write!(f, "it has no scheme; write {meant:?}"),
            UrlRule::NoScheme(None) => f.write_str("it has no scheme; begin it with \"https://\" or \"http://\" and a host"),
            UrlRule::UnsupportedScheme { scheme, suggestion: Some(meant) } => {
                write!(f, "its scheme would be {scheme:?}; write {meant:?}")
            }
            UrlRule::UnsupportedScheme { scheme, .. } => {
                write!(f, "its scheme is {scheme:?}; only \"http\" and \"https\" can be fetched")
            }
            UrlRule::Host(what) => write!(f, "{what}; give a host name or an IP address"),
            UrlRule::Port => f.write_str("its port is not a number from 1 to 65535; correct or omit it"),
            UrlRule::Userinfo(what) => write!(f, "{what}; send an Authorization header instead"),
            UrlRule::Other(what) => write!(f, "{what}; compare it with \"https://example.com/path?query\""),
        }
    }
}

impl std::error::Error for UrlError {}

/// Take a URL apart.
///
/// White space around it (and a byte order mark) is ignored, as lines of a file have it; control characters within it
/// are refused, where browsers drop some silently. Everything else follows the WHATWG URL Standard: hosts are
/// lower-cased and put in ASCII (UTS #46), every spelling of an IPv4 address becomes four decimal numbers, dot
/// segments are resolved, what may not stand in a URL is percent-encoded.
///
/// ```
/// use likewise_page::parse_url;
///
/// assert_eq!(parse_url("http://bücher.example/").unwrap().domain, "xn--bcher-kva.example");
/// assert_eq!(parse_url("http://0x7f.1/").unwrap().domain, "127.0.0.1");
/// let error = parse_url("example.com").unwrap_err().to_string();
/// assert_eq!(error, r#""example.com" cannot be fetched: it has no scheme; write "https://example.com""#);
/// ```
pub fn parse_url(url: &str) -> Result<Address, UrlError> {
    let trimmed = checked(url)?;
    match Url::parse(trimmed) {
        Ok(parsed) => address_of(trimmed, parsed),
        Err(error) => Err(UrlError::new(trimmed, rule_of(trimmed, error))),
    }
}

/// Resolve a reference, such as the value of a `Location` field, against the URL it was found at.
///
/// Where the reference has no fragment, that of `base` is inherited (RFC 9110 section 10.2.2). `base` must be a URL
/// that [`parse_url`] takes.
///
/// ```
/// use likewise_page::join_url;
///
/// let next = join_url("https://example.com/a/b?x=1#part", "../c").unwrap();
/// assert_eq!(next.url, "https://example.com/c");
/// assert_eq!(next.fragment.as_deref(), Some("part"));
/// assert!(join_url("https://example.com/", "file:///etc/passwd").is_err());
/// ```
pub fn join_url(base: &str, reference: &str) -> Result<Address, UrlError> {
    let from = checked(base)?;
    let from = Url::parse(from).map_err(|error| UrlError::new(from, rule_of(from, error)))?;
    // An empty reference is a valid one (RFC 3986 section 4.4), so `checked` applies to the others only.
    let trimmed = if trim(reference).is_empty() { "" } else { checked(reference)? };
    let joined = from.join(trimmed).map_err(|error| UrlError::new(trimmed, rule_of(trimmed, error)))?;
    let mut address = address_of(trimmed, joined)?;
    if address.fragment.is_none() {
        address.fragment = from.fragment().map(str::to_owned);
    }
    Ok(address)
}

fn trim(url: &str) -> &str {
    url.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// The input without white space around it, if it is worth parsing.
fn checked(url: &str) -> Result<&str, UrlError> {
    let trimmed = trim(url);
    if trimmed.is_empty() {
        return Err(UrlError::new(trimmed, UrlRule::Empty));
    }
    if trimmed.len() > MAX_URL_LEN {
        return Err(UrlError::new(trimmed, UrlRule::TooLong(trimmed.len())));
    }
    if let Some(control) = trimmed.bytes().find(u8::is_ascii_control) {
        return Err(UrlError::new(trimmed, UrlRule::ControlCharacter(char::from(control))));
    }
    Ok(trimmed)
}

/// The pieces of a parsed URL, if HTTP can use it.
fn address_of(input: &str, mut url: Url) -> Result<Address, UrlError> {
    let fail = |rule| Err(UrlError::new(input, rule));
    let scheme = match url.scheme() {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => {
            return fail(UrlRule::UnsupportedScheme { scheme: other.to_owned(), suggestion: suggestion_for(input) });
        }
    };
    let domain = match url.host() {
        Some(Host::Domain(name)) => {
            if let Err(what) = check_domain(name) {
                return fail(UrlRule::Host(what));
            }
            name.to_owned()
        }
        Some(Host::Ipv4(address)) => address.to_string(),
        // As the URL Standard writes it, which for an IPv4-mapped address differs from `Ipv6Addr`'s way.
        Some(host @ Host::Ipv6(_)) => host.to_string().trim_matches(['[', ']']).to_owned(),
        None => return fail(UrlRule::Host("it has no host")),
    };
    let port = url.port().unwrap_or(scheme.default_port());
    if port == 0 {
        return fail(UrlRule::Port);
    }
    let userinfo = match userinfo_of(&url) {
        Ok(userinfo) => userinfo,
        Err(what) => return fail(UrlRule::Userinfo(what)),
    };
    let fragment = url.fragment().map(str::to_owned);
    url.set_fragment(None);
    // Both fail only for URLs that cannot have a host; this one has.
    let cleared = url.set_username("").and_then(|()| url.set_password(None));
    if cleared.is_err() {
        return fail(UrlRule::Host("it has no host"));
    }
    if url.as_str().len() > MAX_URL_LEN {
        return fail(UrlRule::TooLong(url.as_str().len()));
    }
    Ok(Address {
        scheme,
        domain,
        port,
        authority: url[url::Position::BeforeHost..url::Position::AfterPort].to_owned(),
        path_with_query: url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
        userinfo,
        fragment,
        url: url.into(),
    })
}

/// What DNS can never resolve is refused here, where the reason can still be named.
fn check_domain(name: &str) -> Result<(), &'static str> {
    // One trailing dot marks the root and is legal.
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.len() > MAX_DOMAIN_LEN {
        return Err("its host name is longer than 253 characters");
    }
    for label in name.split('.') {
        if label.is_empty() {
            return Err("its host name has an empty label");
        }
        if label.len() > MAX_LABEL_LEN {
            return Err("its host name has a label longer than 63 characters");
        }
    }
    Ok(())
}

fn userinfo_of(url: &Url) -> Result<Option<(String, String)>, &'static str> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let text = |encoded| {
        percent_decode_str(encoded).decode_utf8().map_err(|_| "its user name or password is not UTF-8 once percent-decoded")
    };
    let name = text(url.username())?;
    let password = text(url.password().unwrap_or(""))?;
    // Basic authentication (RFC 7617 section 2) ends the name at the first colon and forbids control characters.
    if name.contains(':') {
        return Err("its user name contains a colon");
    }
    if name.chars().chain(password.chars()).any(char::is_control) {
        return Err("its user name or password contains a control character");
    }
    Ok(Some((name.into_owned(), password.into_owned())))
}

fn rule_of(input: &str, error: ParseError) -> UrlRule {
    match error {
        ParseError::RelativeUrlWithoutBase | ParseError::RelativeUrlWithCannotBeABaseBase => {
            UrlRule::NoScheme(suggestion_for(input))
        }
        ParseError::EmptyHost => UrlRule::Host("it has no host"),
        ParseError::IdnaError => UrlRule::Host("its host is not a valid international name"),
        ParseError::InvalidIpv4Address => UrlRule::Host("its host ends in a number but is not an IPv4 address"),
        ParseError::InvalidIpv6Address => UrlRule::Host("its host is in brackets but is not an IPv6 address"),
        ParseError::InvalidDomainCharacter => UrlRule::Host("its host contains a character that no host may have"),
        ParseError::InvalidPort => UrlRule::Port,
        // The enum is open; its texts are fixed strings, but only `Display` gives them.
        _ => UrlRule::Other("it does not follow the URL Standard"),
    }
}

/// The URL that the writer of "example.com" or "localhost:8000/x" meant, where there is one.
fn suggestion_for(input: &str) -> Option<String> {
    let rest = input.trim_start_matches('/');
    // "mailto:ann@example.com" and "data:," mean what they say; a port or a dotted name means a host.
    let host_end = rest.find([':', '/', '?', '#']).unwrap_or(rest.len());
    let (host, after) = rest.split_at(host_end);
    let port_follows = after.strip_prefix(':').is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    let looks_like_host =
        port_follows || (!after.starts_with(':') && (input.starts_with("//") || host.contains('.') || host == "localhost"));
    let meant = format!("https://{rest}");
    (looks_like_host && !input.starts_with("///") && meant.len() <= MAX_URL_LEN && Url::parse(&meant).is_ok()).then_some(meant)
}
