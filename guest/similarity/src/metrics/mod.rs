//! One module for each metric, over slices of any [`Symbol`](crate::Symbol).

pub mod damerau_levenshtein;
pub mod hamming;
pub mod indel;
pub mod jaro;
pub mod jaro_winkler;
pub mod lcs_seq;
pub mod levenshtein;
pub mod osa;
pub mod postfix;
pub mod prefix;
pub mod sorensen_dice;

use crate::symbol::Symbol;

/// The shorter sequence first; every edit metric is symmetric.
#[inline(always)]
fn ordered<'a, T>(a: &'a [T], b: &'a [T]) -> (&'a [T], &'a [T]) {
    if a.len() <= b.len() { (a, b) } else { (b, a) }
}

/// What is left between the common prefix and the common suffix. No edit metric ever gains by touching either.
///
/// Short ones are left alone: what their comparison would save is less than the search for the affixes costs.
#[inline]
fn strip_affixes<'a, T: Symbol>(a: &'a [T], b: &'a [T]) -> (&'a [T], &'a [T]) {
    if a.len().max(b.len()) <= 16 {
        return (a, b);
    }
    let start = prefix::similarity(a, b);
    let (a, b) = (&a[start..], &b[start..]);
    let end = postfix::similarity(a, b);
    (&a[..a.len() - end], &b[..b.len() - end])
}
