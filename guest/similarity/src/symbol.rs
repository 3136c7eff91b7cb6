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

symbol!(u8, u16, u32, char);

/// Evaluates `$body` with `$x` and `$y` bound to the code points of two strings, as slices of one symbol type: the bytes
/// themselves where both are ASCII, `char`s otherwise.
macro_rules! with_code_points {
    ($a:expr, $b:expr, |$x:ident, $y:ident| $body:expr) => {{
        let (a, b): (&str, &str) = ($a, $b);
        if a.is_ascii() && b.is_ascii() {
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
