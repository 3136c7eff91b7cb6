//! Header fields as the transport carries them.

/// The fields of a text of lines "name: value", each byte of a value as the code point of its value. None where a value has something
/// that is not a byte: the host is trusted to be sane, not assumed to be.
pub(crate) fn parse(text: &str) -> Option<Vec<(String, Vec<u8>)>> {
    // ASCII's white space alone: U+00A0 is a byte of a value.
    let blank = [' ', '\t', '\r'];
    let mut fields = Vec::new();
    for line in text.split('\n') {
        let Some((name, value)) = line.split_once(':') else { continue };
        fields.push((name.trim_matches(blank).to_owned(), crate::exchange::from_mapped(value.trim_matches(blank))?));
    }
    Some(fields)
}
