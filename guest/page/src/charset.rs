//! From the bytes of a body to text: which encoding, who says so, and whether anything was lost.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

use crate::content_type::{ContentType, Family, content_type};
use crate::prescan;

/// Where the HTML Standard looks for a declaration first, in bytes.
const PRESCAN_LEN: usize = 1024;

/// Where a late `meta` is still looked for, in bytes, when what is there is not UTF-8: browsers start over when they
/// meet one, and heads this long occur (inlined styles).
const LATE_PRESCAN_LEN: usize = 64 * 1024;

/// Bytes that tell text from other content (WHATWG MIME Sniffing's resource header).
const SNIFF_LEN: usize = 1445;

/// Bytes that are not ASCII after which a guess is made: a page of text. The detector weighs 27 encodings for each byte,
/// so that more cost time, and they do not change its mind.
const GUESS_EVIDENCE: usize = 4 * 1024;

/// Bytes, from the first that is not ASCII, after which a guess is made from fewer.
const GUESS_LEN: usize = 128 * 1024;

/// Bytes given to the detector at a time.
const GUESS_STEP: usize = 1024;

/// Well-formed multi-byte sequences for each malformed one that let a text pass as damaged UTF-8. Legacy encodings
/// form such sequences by chance only: in text of these encodings malformed ones prevail.
const UTF8_EVIDENCE: usize = 16;

/// The bytes of a body as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark. Empty for content that is not text. Borrowed where the bytes are the text.
    pub text: Cow<'a, str>,
    /// Name of the encoding in the WHATWG Encoding Standard, "" for content that is not text.
    pub encoding: &'static str,
    /// Whether malformed bytes had to be replaced by U+FFFD.
    pub replaced: bool,
    /// Whether the bytes are `text` in UTF-8, so that nothing else need be kept.
    pub exact: bool,
}

/// Turn the bytes of a body into text.
///
/// The encoding is, in this order: that of a byte order mark; that of the `Content-Type` field; for HTML (and where
/// no type is given) and XML, the one declared in the document; else a guess: UTF-16 by its pattern of NULs, UTF-8
/// when it is well formed or nearly so, and [chardetng](https://docs.rs/chardetng)'s choice of the legacy encodings.
/// Unknown names count as not given.
///
/// Text is what the media type says is text: `text/*`, HTML, XML, JSON, JavaScript, forms, and the like. Where no type is
/// given, or an unknown one with a charset, content without binary bytes is text.
///
/// ```
/// use likewise_page::decode;
///
/// let page = decode(b"<meta charset=shift_jis>\x83\x65\x83\x58\x83\x67", Some("text/html"));
/// assert_eq!((&*page.text, page.encoding), ("<meta charset=shift_jis>テスト", "Shift_JIS"));
/// let image = decode(b"\x89PNG\r\n\x1a\n", Some("image/png"));
/// assert_eq!((&*image.text, image.encoding, image.exact), ("", "", false));
/// ```
pub fn decode<'a>(bytes: &'a [u8], content_type_header: Option<&str>) -> Decoded<'a> {
    let content_type = content_type_header.map(content_type).unwrap_or_default();
    if !is_text(bytes, &content_type) {
        return Decoded { text: Cow::Borrowed(""), encoding: "", replaced: false, exact: bytes.is_empty() };
    }
    let (encoding, bom_len) = Encoding::for_bom(bytes).unwrap_or_else(|| (encoding_of(bytes, &content_type), 0));
    let (text, replaced) = encoding.decode_without_bom_handling(&bytes[bom_len..]);
    // What is borrowed is the bytes themselves: comparing them would cost as much as the rest of the decoding.
    let exact = bom_len == 0 && (matches!(text, Cow::Borrowed(_)) || text.as_bytes() == bytes);
    Decoded { exact, text, encoding: encoding.name(), replaced }
}

fn label(content_type: &ContentType) -> Option<&'static Encoding> {
    Encoding::for_label(content_type.charset.as_ref()?.as_bytes())
}

fn is_text(bytes: &[u8], content_type: &ContentType) -> bool {
    match content_type.family() {
        Family::Html | Family::Xml | Family::Text => true,
        Family::Unknown => looks_textual(bytes),
        Family::Binary => {
            // Some servers add a charset to whatever they send; these are never text.
            let kind = content_type.essence.split('/').next().unwrap_or_default();
            !matches!(kind, "image" | "audio" | "video" | "font") && label(content_type).is_some() && looks_textual(bytes)
        }
    }
}

/// Whether content without a media type is text (WHATWG MIME Sniffing, "rules for distinguishing if a resource is
/// text or binary").
fn looks_textual(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(SNIFF_LEN)];
    if Encoding::for_bom(head).is_some() || utf16_without_bom(head).is_some() {
        return true;
    }
    // The one common binary format whose first bytes could all be text.
    !head.starts_with(b"%PDF-") && !head.iter().any(|b| matches!(b, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
}

/// The encoding of text that has no byte order mark.
fn encoding_of(bytes: &[u8], content_type: &ContentType) -> &'static Encoding {
    if let Some(encoding) = label(content_type) {
        return encoding;
    }
    let head = &bytes[..bytes.len().min(PRESCAN_LEN)];
    let (xml, html) = match content_type.family() {
        Family::Html => (true, true),
        Family::Xml => (true, false),
        Family::Unknown => {
            let markup = head.trim_ascii_start().starts_with(b"<");
            (markup, markup)
        }
        Family::Text | Family::Binary => (false, false),
    };
    let declared = xml.then(|| prescan::xml_declaration(head)).flatten().or_else(|| html.then(|| prescan::meta(head)).flatten());
    if let Some(encoding) = declared {
        return encoding;
    }
    if let Some(encoding) = utf16_without_bom(head).or_else(|| utf8(bytes)) {
        return encoding;
    }
    html.then(|| prescan::meta(&bytes[..bytes.len().min(LATE_PRESCAN_LEN)])).flatten().unwrap_or_else(|| guess(bytes))
}

/// UTF-16 by its NULs: the high bytes of the ASCII characters that markup, numbers and blanks consist of.
fn utf16_without_bom(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.as_chunks::<2>().0;
    let nuls = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    // A quarter: pages in other scripts still have that much markup at their beginning.
    let enough = pairs.len().div_ceil(4).max(2);
    match (first, second) {
        (0, nuls) if nuls >= enough => Some(UTF_16LE),
        (nuls, 0) if nuls >= enough => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8, if that is what it is: well formed, cut within its last character, or damaged in a few places.
fn utf8(bytes: &[u8]) -> Option<&'static Encoding> {
    match simple_utf8(bytes) {
        Some(ascii) if ascii && memchr(0x1b, bytes).is_some() => None,
        Some(_) => Some(UTF_8),
        None => {
            let (mut malformed, mut well_formed) = (0_usize, 0_usize);
            for chunk in bytes.utf8_chunks() {
                malformed += usize::from(!chunk.invalid().is_empty());
                // Of each multi-byte character, one byte is a lead byte.
                well_formed += chunk.valid().bytes().filter(|&b| b >= 0xc0).count();
            }
            (well_formed >= malformed.saturating_mul(UTF8_EVIDENCE)).then_some(UTF_8)
        }
    }
}

/// Whether well-formed UTF-8, the last character perhaps cut, is all ASCII; none where it is not UTF-8.
fn simple_utf8(bytes: &[u8]) -> Option<bool> {
    let ascii_len = Encoding::ascii_valid_up_to(bytes);
    if ascii_len == bytes.len() {
        return Some(true);
    }
    match std::str::from_utf8(&bytes[ascii_len..]) {
        Ok(_) => Some(false),
        // A cut character alone is no evidence of UTF-8.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => Some(false),
        Err(_) => None,
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
    let start = Encoding::ascii_valid_up_to(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    if start == bytes.len() {
        // All ASCII with an escape: ISO-2022-JP or not.
        detector.feed(bytes, true);
        return match detector.guess(None, Utf8Detection::Deny) {
            encoding if encoding == encoding_rs::ISO_2022_JP => encoding,
            _ => UTF_8,
        };
    }
    // Two bytes of context precede the first that is not ASCII (the detector's own rule).
    let rest = &bytes[start.saturating_sub(2)..];
    let mut evidence = 0;
    for (step, piece) in rest[..rest.len().min(GUESS_LEN)].chunks(GUESS_STEP).enumerate() {
        detector.feed(piece, step * GUESS_STEP + piece.len() == rest.len());
        evidence += piece.iter().filter(|byte| !byte.is_ascii()).count();
        if evidence >= GUESS_EVIDENCE {
            break;
        }
    }
    detector.guess(None, Utf8Detection::Deny)
}
