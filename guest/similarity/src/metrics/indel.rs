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
