//! Insertions and deletions only: the distance behind `ratio`.

use super::lcs_seq;
use crate::symbol::Symbol;

/// The least number of insertions and deletions that turn `a` into `b`: `len(a) + len(b) - 2 * lcs(a, b)`.
///
/// ```
/// use likewise_similarity::indel;
///
/// assert_eq!(indel::distance(b"almni", b"alumni"), 1);
/// assert_eq!(indel::distance(b"lewenstein", b"levenshtein"), 3);
/// ```
#[inline]
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    a.len() + b.len() - 2 * lcs_seq::similarity(a, b)
}

/// The distance where it is at most `cutoff`. Long sequences are compared faster the smaller the cutoff is.
pub fn distance_within<T: Symbol>(a: &[T], b: &[T], cutoff: usize) -> Option<usize> {
    let total = a.len() + b.len();
    let needed = total.saturating_sub(cutoff).div_ceil(2);
    lcs_seq::similarity_at_least(a, b, needed).map(|lcs| total - 2 * lcs)
}

/// `1 - distance / (len(a) + len(b))`, and 1.0 for two empty sequences; 0.0 where it is below `cutoff`.
pub(crate) fn normalized_similarity<T: Symbol>(a: &[T], b: &[T], cutoff: f64) -> f64 {
    let total = a.len() + b.len();
    let similarity = if total == 0 {
        Some(1.0)
    } else {
        distance_within(a, b, largest_distance(total, cutoff)).map(|distance| 1.0 - distance as f64 / total as f64)
    };
    similarity.filter(|&similarity| similarity >= cutoff).unwrap_or(0.0)
}

/// No distance above this one has a normalised similarity of `cutoff` where the lengths add up to `total`. May be one more than
/// needed, so that rounding never costs an answer.
pub(crate) fn largest_distance(total: usize, cutoff: f64) -> usize {
    let distance = total as f64 * (1.0 - cutoff.clamp(0.0, 1.0));
    (distance as usize + 1).min(total)
}
