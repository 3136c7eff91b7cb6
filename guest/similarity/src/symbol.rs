//! What the metrics compare: sequences of symbols, and the way from a string to one.

/// One element of a sequence that a metric compares.
///
/// Equality is all that a metric looks at; the code finds a symbol's place in a table. Two symbols are equal exactly when
/// their codes are.
///
/// ```
/// use likewise_similarity::levenshtein;
///
/// assert_eq!(levenshtein::distance(b"kitten", b"sitting"), 3);
/// assert_eq!(levenshtein::distance(&['日', '本'], &['日']), 1);
/// assert_eq!(levenshtein::distance(&[70_000_u32, 7], &[7_u32]), 1);
/// ```
pub trait Symbol: Copy + Eq {
    /// A number that only this symbol has.
    fn code(self) -> u32;

    /// The symbols as the bytes that they are, if they are bytes.
    #[doc(hidden)]
    #[inline(always)]
    fn as_bytes(_symbols: &[Self]) -> Option<&[u8]> {
        None
    }
}

impl Symbol for u8 {
    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }

    #[inline(always)]
    fn as_bytes(symbols: &[u8]) -> Option<&[u8]> {
        Some(symbols)
    }
}

macro_rules! symbol {
    ($($type:ty),*) => {$(
        impl Symbol for $type {
            #[inline(always)]
            fn code(self) -> u32 {
                u32::from(self)
            }
        }
    )*};
}

symbol!(u16, u32, char);

/// Evaluates `$body` with `$x` and `$y` bound to the code points of two strings, as slices of one symbol type: the bytes
/// themselves where both are ASCII, `char`s otherwise.
macro_rules! with_code_points {
    ($a:expr, $b:expr, |$x:ident, $y:ident| $body:expr) => {{
        let (a, b): (&str, &str) = ($a, $b);
        if $crate::symbol::is_ascii(a) && $crate::symbol::is_ascii(b) {
            let ($x, $y): (&[u8], &[u8]) = (a.as_bytes(), b.as_bytes());
            $body
        } else {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let ($x, $y): (&[char], &[char]) = (&a, &b);
            $body
        }
    }};
}

pub(crate) use with_code_points;

/// `str::is_ascii`, without its set-up where the text is a word.
#[inline(always)]
pub(crate) fn is_ascii(text: &str) -> bool {
    match first_16(text.as_bytes()) {
        Some(bytes) => are_ascii(bytes),
        None => text.is_ascii(),
    }
}

/// Whether all of 16 bytes are ASCII.
#[inline(always)]
pub(crate) fn are_ascii([low, high]: [u64; 2]) -> bool {
    (low | high) & (u64::MAX / 0xff * 0x80) == 0
}

/// Number of code points, in the same way.
#[inline(always)]
pub(crate) fn code_points(text: &str) -> usize {
    // All bytes of a code point but its first are 10xxxxxx.
    let others = |word: u64| (word >> 7 & !(word >> 6) & (u64::MAX / 0xff)).count_ones() as usize;
    match first_16(text.as_bytes()) {
        Some([low, high]) => text.len() - others(low) - others(high),
        None => text.chars().count(),
    }
}

/// At most 16 bytes, the first in the lowest bits of the first word, then zeros. `None` where there are more.
///
/// Two loads that overlap take the place of a loop, whose end no machine can foresee.
#[inline(always)]
pub(crate) fn first_16(bytes: &[u8]) -> Option<[u64; 2]> {
    let len = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        let unused = 16_usize.checked_sub(len)?;
        let high = u64::from_le_bytes(*last).checked_shr(8 * unused as u32).unwrap_or(0);
        return Some([u64::from_le_bytes(*first), high]);
    }
    let low = if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << ((len - 4) * 8)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<2>(), bytes.last_chunk::<2>()) {
        u64::from(u16::from_le_bytes(*first)) | u64::from(u16::from_le_bytes(*last)) << ((len - 2) * 8)
    } else {
        bytes.first().map_or(0, |&byte| u64::from(byte))
    };
    Some([low, 0])
}

#[cfg(test)]
mod tests {
    use super::{code_points, first_16, is_ascii};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn up_to_16_bytes_are_loaded() {
        let bytes: Vec<u8> = (1..=20).collect();
        for len in 0..=16 {
            let mut expected = [0; 16];
            expected[..len].copy_from_slice(&bytes[..len]);
            let loaded = first_16(&bytes[..len]).expect("at most 16").map(u64::to_le_bytes);
            assert_eq!(loaded.as_flattened(), expected);
        }
        assert_eq!(first_16(&bytes[..17]), None);
    }

    #[test]
    fn a_byte_that_is_not_ascii_is_seen_anywhere() {
        for len in 0..40 {
            let ascii = "a".repeat(len);
            assert!(is_ascii(&ascii));
            for at in 0..=len {
                let mut text = ascii.clone();
                text.insert(at, 'é');
                assert!(!is_ascii(&text));
                assert_eq!(code_points(&text), len + 1);
                assert_eq!(code_points(&text.replace('a', "語")), len + 1);
            }
        }
    }
}
