//! The common prefix.

use crate::symbol::Symbol;

/// Length of the common prefix.
#[inline]
pub fn similarity<T: Symbol>(a: &[T], b: &[T]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// Length of the longer sequence less that of the common prefix.
///
/// ```
/// use likewise_similarity::prefix;
///
/// assert_eq!(prefix::distance(b"foobar", b"foo"), 3);
/// ```
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    a.len().max(b.len()) - similarity(a, b)
}
