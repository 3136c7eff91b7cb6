//! The common suffix.

use crate::symbol::Symbol;

/// Length of the common suffix.
#[inline]
pub fn similarity<T: Symbol>(a: &[T], b: &[T]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count()
}

/// Length of the longer sequence less that of the common suffix.
///
/// ```
/// use likewise_similarity::postfix;
///
/// assert_eq!(postfix::distance(b"overfitting", b"fitting"), 4);
/// ```
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    a.len().max(b.len()) - similarity(a, b)
}
