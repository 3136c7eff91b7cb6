//! Header fields as the transport carries them: lines "name: value", each byte as the code point of its value.

/// Whether every code point stands for a byte: the host is trusted to be sane, not assumed to be.
pub(crate) fn are_bytes(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|c| u8::try_from(c).is_ok())
}

/// The fields of a text of lines. What is no byte is left out.
pub(crate) fn parse(text: &str) -> Vec<(String, Vec<u8>)> {
    // ASCII's white space alone: U+00A0 is a byte of a value.
    let blank = [' ', '\t', '\r'];
    let fields = text.split('\n').filter_map(|line| line.split_once(':'));
    let bytes = |value: &str| value.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    fields.map(|(name, value)| (name.trim_matches(blank).to_owned(), bytes(value.trim_matches(blank)))).collect()
}
