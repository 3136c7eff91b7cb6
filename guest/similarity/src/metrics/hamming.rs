//! Positions that differ (Hamming, 1950), the shorter sequence padded.

use crate::symbol::Symbol;

/// Number of positions at which the sequences differ. The shorter one counts as padded with symbols equal to nothing.
///
/// ```
/// use likewise_similarity::hamming;
///
/// assert_eq!(hamming::distance(b"karolin", b"kathrin"), 3);
/// assert_eq!(hamming::distance(b"karolin", b"karo"), 3);
/// ```
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    let differing = a.iter().zip(b).filter(|(x, y)| x != y).count();
    differing + a.len().abs_diff(b.len())
}
