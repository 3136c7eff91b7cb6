//! URLs, against the URL Standard's implementation that they are parsed with: what is added to it holds.

use arbitrary::{Result, Unstructured};
use likewise_page::{Address, MAX_URL_LEN, join_url, parse_url};
use url::Url;

/// The pieces that URLs are mistaken in.
const PIECES: [&str; 40] = [
    "http://",
    "https://",
    "HTTP:",
    "ftp://",
    "//",
    "/",
    "\\",
    "..",
    ".",
    "%2e",
    "%",
    "%zz",
    "?",
    "#",
    "@",
    ":",
    ":80",
    ":443",
    ":0",
    ":65536",
    "[::1]",
    "[::ffff:1.2.3.4]",
    "[",
    "]",
    "127.1",
    "0x7f.1",
    "4294967295",
    "1.2.3.256",
    "example.com",
    "EXAMPLE",
    "xn--",
    "xn--bcher-kva",
    "bücher",
    "ß",
    "。",
    "\u{ad}",
    " ",
    "\u{feff}",
    "\t",
    "user:p%40ss",
];

/// Parse a URL and resolve a reference.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
}

fn verify(u: &mut Unstructured<'_>) -> Result<u64> {
    let (base, reference) = (text(u)?, text(u)?);
    let parsed = check_parsed(&base);
    if let Ok(joined) = join_url(&base, &reference) {
        check_address(&joined);
        let from = Url::parse(base.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')).expect("it was a base");
        let trimmed = reference.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let url = from.join(trimmed).expect("it was joined");
        assert_eq!(without_extras(&url), joined.url, "{base:?} {reference:?}");
    }
    if let Some(address) = parsed {
        assert_eq!(join_url(&address.url, "").expect("it is a URL").url, address.url, "{base:?}");
        let absolute = join_url("https://example.com/a", &base).expect("an absolute URL is a reference");
        assert_eq!(absolute.url, address.url, "{base:?}");
    }
    Ok(3)
}

/// A text like a URL.
fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=12)? {
        match u.int_in_range(0..=PIECES.len() + 6)? {
            at if at < PIECES.len() => text.push_str(PIECES[at]),
            at if at < PIECES.len() + 5 => text.push(char::from(u.int_in_range(b' '..=b'~')?)),
            at if at < PIECES.len() + 6 => text.push_str(u.arbitrary()?),
            _ => {
                text = text.repeat(u.int_in_range(1..=40)?);
                text.truncate(text.floor_char_boundary(2 * MAX_URL_LEN));
            }
        }
    }
    Ok(text)
}

fn check_parsed(text: &str) -> Option<Address> {
    match parse_url(text) {
        Ok(address) => {
            check_address(&address);
            let url = Url::parse(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')).expect("it was parsed");
            assert_eq!(without_extras(&url), address.url, "{text:?}");
            assert_eq!(url.fragment(), address.fragment.as_deref(), "{text:?}");
            Some(address)
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains("cannot be fetched: ") && message.len() < 4 * MAX_URL_LEN, "{message}");
            assert!(error.input.chars().count() <= 81, "{message}");
            None
        }
    }
}

/// A URL as it is sent: without user name, password and fragment.
fn without_extras(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.set_username("").and_then(|()| url.set_password(None)).expect("it has a host");
    url.into()
}

/// An address is made of its parts, and is its own normal form.
fn check_address(address: &Address) {
    let Address { url, scheme, domain, port, authority, path_with_query, .. } = address;
    assert_eq!(&format!("{scheme}://{authority}{path_with_query}"), url);
    assert!(path_with_query.starts_with('/') && !domain.is_empty() && *port != 0, "{address:?}");
    assert!(url.len() <= MAX_URL_LEN && url.bytes().all(|byte| byte.is_ascii_graphic()), "{address:?}");
    assert!(!domain.contains(['/', '@', '?', '#', '\\', ' ']), "{address:?}");
    let again = parse_url(url).unwrap_or_else(|error| panic!("{address:?}: {error}"));
    assert_eq!((&again.url, &again.domain, again.port), (url, domain, *port));
    assert_eq!((&again.userinfo, &again.fragment), (&None, &None));
}
