//! Jaro with a bonus for a common prefix (Winkler, 1990).

use super::{jaro, prefix};
use crate::symbol::Symbol;

/// The bonus for each symbol of the common prefix that Winkler proposed.
pub const PREFIX_WEIGHT: f64 = 0.1;

/// Only sequences more alike than this get the bonus (Winkler's boost threshold).
pub(crate) const BOOST_THRESHOLD: f64 = 0.7;

/// The bonus counts at most this many symbols.
const LONGEST_PREFIX: usize = 4;

/// Jaro-Winkler similarity with a prefix weight of 0.1, 0.0 to 1.0; 1.0 for two empty sequences.
///
/// ```
/// use likewise_similarity::jaro_winkler;
///
/// assert!((jaro_winkler::similarity(b"MARTHA", b"MARHTA") - 0.961_111_111).abs() < 1e-9);
/// ```
pub fn similarity<T: Symbol>(a: &[T], b: &[T]) -> f64 {
    weighted_similarity(a, b, PREFIX_WEIGHT)
}

/// Jaro-Winkler similarity with a bonus of `prefix_weight` for each of up to four equal leading symbols, where the Jaro
/// similarity exceeds 0.7. At most 1.0, whatever the weight.
pub fn weighted_similarity<T: Symbol>(a: &[T], b: &[T], prefix_weight: f64) -> f64 {
    boosted(jaro::similarity(a, b), a, b, prefix_weight)
}

/// The Jaro similarity of `a` and `b` with the bonus for their common prefix.
pub(crate) fn boosted<T: Symbol>(jaro: f64, a: &[T], b: &[T], prefix_weight: f64) -> f64 {
    if jaro <= BOOST_THRESHOLD {
        return jaro;
    }
    let (a, b) = (&a[..a.len().min(LONGEST_PREFIX)], &b[..b.len().min(LONGEST_PREFIX)]);
    let prefix = prefix::similarity(a, b) as f64;
    (jaro + prefix * prefix_weight * (1.0 - jaro)).min(1.0)
}

/// `1 - similarity`.
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> f64 {
    1.0 - similarity(a, b)
}
