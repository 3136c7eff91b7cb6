//! Many texts in one, which is how they cross a boundary at the speed of memory; here they are taken apart.

use crate::pattern::equal_bytes;

/// The texts that `separator` ends. What follows the last one is a text unless it is empty, as for
/// [`str::split_terminator`], whose time is mostly spent between one text and the next.
///
/// ```
/// use likewise_similarity::batch::parts;
///
/// assert_eq!(parts("move\n\nmole\n", '\n'), ["move", "", "mole"]);
/// ```
#[must_use]
pub fn parts(joined: &str, separator: char) -> Vec<&str> {
    let Some(byte) = u8::try_from(separator).ok().filter(u8::is_ascii) else {
        return joined.split_terminator(separator).collect();
    };
    // A guess that words of a European language fit; a vector that has to grow is only slower.
    let mut parts = Vec::with_capacity(joined.len() / 8);
    let mut start = 0;
    let (chunks, rest) = joined.as_bytes().as_chunks::<16>();
    let mut end_at = |end: usize| {
        parts.push(&joined[start..end]);
        start = end + 1;
    };
    // Four chunks a word: no machine foresees at which end the inner loop stops, so that it should seldom do so.
    for (i, chunks) in chunks.chunks(4).enumerate() {
        let mut ends = chunks.iter().rev().fold(0, |ends, chunk| ends << 16 | u64::from(equal_bytes(chunk, byte)));
        while ends != 0 {
            end_at(i * 64 + ends.trailing_zeros() as usize);
            ends &= ends - 1;
        }
    }
    for (i, _) in rest.iter().enumerate().filter(|&(_, &other)| other == byte) {
        end_at(joined.len() - rest.len() + i);
    }
    if start < joined.len() {
        parts.push(&joined[start..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;
    use proptest::prelude::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    proptest! {
        #[test]
        fn as_the_standard_library_splits(texts in prop::collection::vec("[a-c语é]{0,20}", 0..20), separator in "[\n,é语]", ended: bool) {
            let separator = separator.chars().next().unwrap_or('\n');
            let mut joined = texts.join(&separator.to_string());
            if ended {
                joined.push(separator);
            }
            let expected: Vec<&str> = joined.split_terminator(separator).collect();
            prop_assert_eq!(parts(&joined, separator), expected);
        }
    }
}
