//! Bytes to text, and the `Content-Type` field that says how.

use crate::peak_of;
use arbitrary::{Result, Unstructured};
use encoding_rs::{Encoding, UTF_8};
use likewise_page::{content_type, decode};

/// Bytes of memory for each byte of a body, and for any body: a byte becomes three at most, twice while the buffer grows, beside
/// the detector's tables.
const BYTES_EACH: usize = 16;
const BYTES: usize = 1 << 18;

/// What `Content-Type` fields say.
const FIELDS: [&str; 12] = [
    "text/html",
    "text/html; charset=utf-8",
    "text/html;charset=\"windows-1252\"",
    "text/plain",
    "application/json",
    "application/xml; charset=utf-16",
    "application/xhtml+xml",
    "image/png",
    "application/octet-stream; charset=koi8-r",
    "text/plain; charset=iso-2022-jp",
    "text/html; charset=nonsense, text/html; charset=gb18030",
    "*/*",
];

/// How bodies begin.
const STARTS: [&[u8]; 10] = [
    b"",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"<?xml version='1.0' encoding='euc-jp'?>",
    b"<meta charset=shift_jis>",
    b"<meta http-equiv=content-type content='text/html; charset=big5'>",
    b"<!doctype html><title>",
    b"\x1b$B",
    b"%PDF-",
];

/// Bytes of a body in [`run_long`]: beyond what is looked at for a declaration and for a guess.
const LONG: usize = 160 << 10;

/// Decode a body.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data), 0).unwrap_or(0)
}

/// Decode a long body, the same bytes over and over. A target of its own for the reason of [`crate::page::run_long`].
pub fn run_long(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data), LONG).unwrap_or(0)
}

/// Decode a body of at least so many bytes.
fn verify(u: &mut Unstructured<'_>, least: usize) -> Result<u64> {
    let field = match u.int_in_range(0..=FIELDS.len() + 1)? {
        at if at < FIELDS.len() => Some(FIELDS[at]),
        at if at == FIELDS.len() => None,
        _ => Some(u.arbitrary::<&str>()?),
    };
    let mut bytes = u.choose(&STARTS)?.to_vec();
    let rest = u.bytes(u.len())?;
    bytes.extend_from_slice(&rest.repeat((least / rest.len().max(1)).max(1)));
    if let Some(field) = field {
        let said = content_type(field);
        assert_eq!(said.essence, said.essence.to_ascii_lowercase(), "{field:?}");
        assert!(said.essence.is_empty() || said.essence.contains('/'), "{field:?}");
        let again = content_type(&said.essence);
        assert_eq!(again.essence, said.essence, "{field:?}");
    }
    let (decoded, peak) = peak_of(|| decode(&bytes, field));
    assert!(peak <= bytes.len() * BYTES_EACH + BYTES, "{} bytes take {peak} of memory", bytes.len());
    assert_eq!(decoded.exact, decoded.text.as_bytes() == bytes, "{field:?} {bytes:?}");
    if decoded.encoding.is_empty() {
        assert!(decoded.text.is_empty() && !decoded.replaced, "{field:?} {bytes:?}");
        return Ok(1);
    }
    // The text is what the encoding's decoder makes of the bytes.
    let encoding = Encoding::for_label(decoded.encoding.as_bytes()).expect("a name of the standard");
    assert_eq!(encoding.name(), decoded.encoding);
    let (text, replaced) = encoding.decode_with_bom_removal(&bytes);
    assert_eq!((&*decoded.text, decoded.replaced), (&*text, replaced), "{field:?} {bytes:?}");
    // A byte order mark decides; nothing that is UTF-8 and says nothing else is taken for anything but UTF-8.
    if let Some((marked, _)) = Encoding::for_bom(&bytes) {
        assert_eq!(marked.name(), decoded.encoding, "{field:?} {bytes:?}");
    } else if field == Some("application/json") && std::str::from_utf8(&bytes).is_ok_and(|text| !text.contains(['\0', '\x1b'])) {
        assert_eq!(decoded.encoding, UTF_8.name(), "{bytes:?}");
    }
    Ok(2)
}
