//! Encodings that a document declares in itself: the HTML Standard's prescan, and the XML declaration.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::{memchr, memmem};

/// The encoding that an XML declaration at the very beginning names.
pub(crate) fn xml_declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    if !bytes.starts_with(b"<?xml") {
        return None;
    }
    let declaration = &bytes[..memchr(b'>', bytes)?];
    let after_name = &declaration[memmem::find(declaration, b"encoding")? + b"encoding".len()..];
    let value = skip_blanks(skip_blanks(after_name).strip_prefix(b"=")?);
    let quote = *value.first().filter(|&&quote| quote == b'"' || quote == b'\'')?;
    let value = &value[1..];
    in_ascii_document(Encoding::for_label(&value[..memchr(quote, value)?])?)
}

/// The encoding that a `meta` element names (HTML Standard, "prescan a byte stream to determine its encoding").
/// Callers bound the length of `bytes`.
pub(crate) fn meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut rest = bytes;
    loop {
        rest = &rest[memchr(b'<', rest)?..];
        if rest.starts_with(b"<!--") {
            // The two dashes that open a comment may also close it: `<!-->`.
            let end = memmem::find(&rest[2..], b"-->")?;
            rest = &rest[2 + end + 3..];
        } else if is_meta(rest) {
            let (found, after) = meta_element(&rest[5..]);
            if found.is_some() {
                return found;
            }
            rest = after;
        } else if rest.get(1).is_some_and(u8::is_ascii_alphabetic)
            || (rest.get(1) == Some(&b'/') && rest.get(2).is_some_and(u8::is_ascii_alphabetic))
        {
            let name_end = rest.iter().position(|&b| is_blank(b) || b == b'>')?;
            rest = &rest[name_end..];
            while let (Some(_), after) = attribute(rest) {
                rest = after;
            }
        } else if matches!(rest.get(1), Some(b'!' | b'/' | b'?')) {
            rest = &rest[memchr(b'>', rest)?..];
        } else {
            rest = &rest[1..];
        }
    }
}

fn is_meta(rest: &[u8]) -> bool {
    rest.len() > 5 && rest[..5].eq_ignore_ascii_case(b"<meta") && (is_blank(rest[5]) || rest[5] == b'/')
}

/// What a `meta` element declares, and what follows its attributes.
fn meta_element(bytes: &[u8]) -> (Option<&'static Encoding>, &[u8]) {
    let mut rest = bytes;
    let (mut is_pragma, mut needs_pragma) = (false, false);
    let mut charset: Option<Option<&'static Encoding>> = None;
    let (mut seen_pragma, mut seen_content, mut seen_charset) = (false, false, false);
    while let (Some(Attribute { name, value }), after) = attribute(rest) {
        rest = after;
        // Of duplicate attributes the first counts.
        match name.as_slice() {
            b"http-equiv" if !seen_pragma => {
                seen_pragma = true;
                is_pragma = value.eq_ignore_ascii_case(b"content-type");
            }
            b"content" if !seen_content => {
                seen_content = true;
                if charset.is_none()
                    && let Some(found) = charset_in_content(&value)
                {
                    charset = Some(Some(found));
                    needs_pragma = true;
                }
            }
            b"charset" if !seen_charset => {
                seen_charset = true;
                charset = Some(Encoding::for_label(&value));
                needs_pragma = false;
            }
            _ => {}
        }
    }
    let found = charset.flatten().filter(|_| !needs_pragma || is_pragma);
    (found.and_then(in_ascii_document), rest)
}

/// A declaration that could be read as ASCII cannot be true of UTF-16 (HTML Standard, prescan).
fn in_ascii_document(encoding: &'static Encoding) -> Option<&'static Encoding> {
    Some(if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    })
}

/// The encoding in a value such as `text/html; charset=gbk` (HTML Standard, "extracting a character encoding from a
/// meta element").
fn charset_in_content(content: &[u8]) -> Option<&'static Encoding> {
    let lower = content.to_ascii_lowercase();
    let mut from = 0;
    loop {
        from += memmem::find(&lower[from..], b"charset")? + b"charset".len();
        let Some(value) = skip_blanks(&lower[from..]).strip_prefix(b"=") else {
            continue;
        };
        let value = skip_blanks(value);
        let label = match value.first()? {
            &quote @ (b'"' | b'\'') => &value[1..1 + memchr(quote, &value[1..])?],
            _ => &value[..value.iter().position(|&b| is_blank(b) || b == b';').unwrap_or(value.len())],
        };
        return Encoding::for_label(label);
    }
}

/// An attribute, name and value in lower case.
struct Attribute {
    name: Vec<u8>,
    value: Vec<u8>,
}

/// The next attribute and what follows it; none at the end of the tag (HTML Standard,
/// prescan's "get an attribute").
fn attribute(bytes: &[u8]) -> (Option<Attribute>, &[u8]) {
    let start = bytes.iter().position(|&b| !is_blank(b) && b != b'/').unwrap_or(bytes.len());
    let rest = &bytes[start..];
    if rest.is_empty() || rest[0] == b'>' {
        return (None, rest);
    }
    // An equals sign at the very beginning belongs to the name.
    let name_end = 1 + rest[1..].iter().position(|&b| is_blank(b) || matches!(b, b'=' | b'/' | b'>')).unwrap_or(rest.len() - 1);
    let name = rest[..name_end].to_ascii_lowercase();
    let Some(value) = skip_blanks(&rest[name_end..]).strip_prefix(b"=") else {
        return (Some(Attribute { name, value: Vec::new() }), &rest[name_end..]);
    };
    let value = skip_blanks(value);
    let (value, rest) = match value.first() {
        Some(&quote @ (b'"' | b'\'')) => {
            let value = &value[1..];
            let end = memchr(quote, value).unwrap_or(value.len());
            (&value[..end], value.get(end + 1..).unwrap_or_default())
        }
        _ => value.split_at(value.iter().position(|&b| is_blank(b) || b == b'>').unwrap_or(value.len())),
    };
    let value = value.to_ascii_lowercase();
    (Some(Attribute { name, value }), rest)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

fn skip_blanks(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().position(|&b| !is_blank(b)).unwrap_or(bytes.len())..]
}
