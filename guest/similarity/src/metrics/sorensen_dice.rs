//! Shared adjacent pairs (Dice 1945, Sørensen 1948).

use crate::symbol::Symbol;

/// Twice the number of shared adjacent pairs, divided by the number of adjacent pairs in both: 0.0 to 1.0. Equal sequences
/// give 1.0; otherwise a sequence of fewer than two symbols gives 0.0.
///
/// ```
/// use likewise_similarity::sorensen_dice;
///
/// assert_eq!(sorensen_dice::similarity(b"night", b"nacht"), 0.25);
/// ```
pub fn similarity<T: Symbol>(a: &[T], b: &[T]) -> f64 {
    if a == b {
        return 1.0;
    }
    if a.len() < 2 || b.len() < 2 {
        return 0.0;
    }
    let (pairs_a, pairs_b) = (sorted_pairs(a), sorted_pairs(b));
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while let (Some(x), Some(y)) = (pairs_a.get(i), pairs_b.get(j)) {
        shared += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    (2 * shared) as f64 / (pairs_a.len() + pairs_b.len()) as f64
}

/// `1 - similarity`.
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> f64 {
    1.0 - similarity(a, b)
}

fn sorted_pairs<T: Symbol>(symbols: &[T]) -> Vec<u64> {
    let mut pairs: Vec<u64> =
        symbols.windows(2).map(|pair| u64::from(pair[0].code()) << 32 | u64::from(pair[1].code())).collect();
    pairs.sort_unstable();
    pairs
}

/// The string without its white space, which is left out of this metric.
pub(crate) fn without_whitespace(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
