//! The `Content-Type` field: WHATWG MIME Sniffing's parser, and Fetch's way with several values in one field.

/// What a `Content-Type` field says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentType {
    /// `type/subtype` in lower case without parameters; empty where the field names none.
    pub essence: String,
    /// The `charset` parameter as written, unquoted.
    pub charset: Option<String>,
}

/// How the bytes of a media type are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// HTML, or XHTML: encoding may be declared in a `meta` element or an XML declaration.
    Html,
    /// Other XML: encoding may be declared in the XML declaration.
    Xml,
    /// Text without a declaration of its own.
    Text,
    /// Not text.
    Binary,
    /// Nothing said.
    Unknown,
}

/// Media types that are text although nothing in their names says so.
const TEXT_TYPES: [&str; 16] = [
    "application/ecmascript",
    "application/graphql",
    "application/javascript",
    "application/json",
    "application/json5",
    "application/jsonl",
    "application/sql",
    "application/toml",
    "application/x-ecmascript",
    "application/x-javascript",
    "application/x-ndjson",
    "application/x-sh",
    "application/x-www-form-urlencoded",
    "application/x-yaml",
    "application/yaml",
    "message/http",
];

impl ContentType {
    pub(crate) fn family(&self) -> Family {
        let essence = self.essence.as_str();
        match essence {
            "" => Family::Unknown,
            "text/html" | "application/xhtml+xml" => Family::Html,
            "text/xml" | "application/xml" => Family::Xml,
            _ if essence.ends_with("+xml") => Family::Xml,
            _ if essence.starts_with("text/") || essence.ends_with("+json") => Family::Text,
            _ if TEXT_TYPES.contains(&essence) => Family::Text,
            _ => Family::Binary,
        }
    }

    /// Whether the media type is HTML (`text/html`, `application/xhtml+xml`).
    pub fn is_html(&self) -> bool {
        self.family() == Family::Html
    }
}

/// Read a `Content-Type` field. What cannot be understood counts as not said, as in browsers.
///
/// Several values joined by commas, as repeated fields arrive, give the last valid one; a charset is carried over
/// from an earlier value of the same type (WHATWG Fetch, "extract a MIME type").
///
/// ```
/// use likewise_page::content_type;
///
/// let html = content_type("Text/HTML; Charset=\"utf-8\"");
/// assert_eq!((html.essence.as_str(), html.charset.as_deref()), ("text/html", Some("utf-8")));
/// assert_eq!(content_type("nonsense").essence, "");
/// ```
pub fn content_type(header: &str) -> ContentType {
    let mut found = ContentType::default();
    for value in split_values(header) {
        let Some(value) = parse_value(value) else {
            continue;
        };
        if value.essence == "*/*" {
            continue;
        }
        if value.charset.is_some() || value.essence != found.essence {
            found = value;
        }
    }
    found
}

/// White space of HTTP.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// Characters that a quoted string may hold.
fn is_quotable(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\t' | ' '..='~' | '\u{80}'..='\u{ff}'))
}

/// The values between commas that stand outside quotes.
fn split_values(header: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    header.split(move |c: char| {
        if escaped {
            escaped = false;
        } else if quoted && c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        }
        c == ',' && !quoted
    })
}

fn parse_value(value: &str) -> Option<ContentType> {
    let value = value.trim_matches(is_blank);
    let (essence, mut rest) = value.split_at(value.find(';').unwrap_or(value.len()));
    let essence = essence.trim_end_matches(is_blank);
    let (kind, subtype) = essence.split_once('/')?;
    if !is_token(kind) || !is_token(subtype) {
        return None;
    }
    let mut charset = None;
    while let Some(parameter) = rest.strip_prefix(';') {
        let parameter = parameter.trim_start_matches(is_blank);
        let name_end = parameter.find([';', '=']).unwrap_or(parameter.len());
        let (name, after) = parameter.split_at(name_end);
        rest = after;
        let Some(after) = after.strip_prefix('=') else {
            continue;
        };
        let parameter_value;
        if let Some(quoted) = after.strip_prefix('"') {
            let (unquoted, after) = unquote(quoted);
            // What stands between the closing quote and the next semicolon is ignored.
            rest = &after[after.find(';').unwrap_or(after.len())..];
            parameter_value = unquoted;
        } else {
            let (plain, after) = after.split_at(after.find(';').unwrap_or(after.len()));
            rest = after;
            parameter_value = plain.trim_end_matches(is_blank).to_owned();
            if parameter_value.is_empty() {
                continue;
            }
        }
        if charset.is_none() && name.eq_ignore_ascii_case("charset") && is_quotable(&parameter_value) {
            charset = Some(parameter_value);
        }
    }
    Some(ContentType { essence: essence.to_ascii_lowercase(), charset })
}

/// The content of a quoted string whose opening quote is gone, and what follows the closing one.
fn unquote(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, &quoted[at + 1..]),
            '\\' => text.push(chars.next().map_or('\\', |(_, escaped)| escaped)),
            _ => text.push(c),
        }
    }
    (text, "")
}
