//! URL, charset and HTML facts of a web page. Bytes in, facts out; no I/O, no clock, no threads, no randomness.
//!
//! - [`parse_url`] and [`join_url`] take a URL apart the way browsers do (WHATWG URL) and refuse what cannot be
//!   fetched over HTTP, with a reason a user can act on.
//! - [`content_type()`] reads a `Content-Type` field (WHATWG MIME Sniffing), [`decode`] turns a body into text
//!   (WHATWG Encoding, with a guess where nothing is declared).
//! - [`extract`] gives title, links, meta data and visible text of an HTML page, [`select`] the elements that match a CSS
//!   selector; both in one pass, linear in the page and limited in memory.
//!
//! ```
//! use likewise_page::{decode, parse_url};
//!
//! let address = parse_url("https://Example.com:8443/a b?q=1#top")?;
//! assert_eq!(address.url, "https://example.com:8443/a%20b?q=1");
//! assert_eq!((address.domain.as_str(), address.port), ("example.com", 8443));
//!
//! let body = decode(b"caf\xe9", Some("text/html; charset=ISO-8859-1"));
//! assert_eq!((&*body.text, body.encoding), ("café", "windows-1252"));
//! # Ok::<(), likewise_page::UrlError>(())
//! ```

mod address;
mod charset;
mod content_type;
mod html;
mod prescan;

pub use address::{Address, MAX_URL_LEN, Scheme, UrlError, UrlRule, join_url, parse_url};
pub use charset::{Decoded, decode};
pub use content_type::{ContentType, content_type};
pub use html::facts::{ENTRY_COST, FIELD_LIMIT, JSON_LD_LIMIT, LINKS_LIMIT, Link, META_LIMIT, Page, TEXT_LIMIT, extract};
pub use html::select::{Element, SELECTION_LIMIT, SELECTOR_LIMIT, SelectError, select};

/// The examples of the documentation's site.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/rust-page.md")]
struct Examples;
