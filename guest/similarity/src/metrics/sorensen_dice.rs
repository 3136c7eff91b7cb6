//! Shared adjacent pairs (Dice 1945, Sørensen 1948).
//!
//! Of strings, white space is left out first, as strsim does. Where strsim divides by a number of bytes, code points are counted here:
//! the two agree on ASCII, and "日本" and "日本語" are alike by 2/3, not by 2/13.

use super::ordered;
use crate::pattern::{Positions, with_positions};
use crate::symbol::Symbol;
use std::borrow::Cow;

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
    let (pattern, text) = ordered(a, b);
    let shared = match pattern.len() {
        ..=64 => with_positions!(pattern, |masks| shared_one_word(text, &masks)),
        _ => shared_sorted(pattern, text),
    };
    (2 * shared) as f64 / (a.len() + b.len() - 2) as f64
}

/// `1 - similarity`.
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> f64 {
    1.0 - similarity(a, b)
}

/// How many adjacent pairs of `text` are also in a pattern of at most 64 symbols, each as often as it is there: a pair takes the first of
/// its places in the pattern that is free.
fn shared_one_word<T: Symbol>(text: &[T], masks: &impl Positions) -> usize {
    let (mut before, mut taken) = (0_u64, 0_u64);
    for &symbol in text {
        let here = masks.of(symbol);
        let free = before << 1 & here & !taken;
        taken |= free & free.wrapping_neg();
        before = here;
    }
    taken.count_ones() as usize
}

fn shared_sorted<T: Symbol>(a: &[T], b: &[T]) -> usize {
    let (pairs_a, pairs_b) = (sorted_pairs(a), sorted_pairs(b));
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while let (Some(x), Some(y)) = (pairs_a.get(i), pairs_b.get(j)) {
        shared += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    shared
}

fn sorted_pairs<T: Symbol>(symbols: &[T]) -> Vec<u64> {
    let pair = |pair: &[T]| u64::from(pair[0].code()) << 32 | u64::from(pair[1].code());
    let mut pairs: Vec<u64> = symbols.windows(2).map(pair).collect();
    pairs.sort_unstable();
    pairs
}

/// The string without its white space, which this metric leaves out.
pub(crate) fn without_whitespace(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_whitespace) {
        Cow::Owned(text.chars().filter(|c| !c.is_whitespace()).collect())
    } else {
        Cow::Borrowed(text)
    }
}
