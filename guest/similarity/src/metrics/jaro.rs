//! Matching symbols within a window, and their transpositions (Jaro, 1989).

use crate::pattern::{Positions, with_positions};
use crate::symbol::Symbol;
use std::collections::HashMap;

/// Jaro similarity, 0.0 to 1.0; 1.0 for two empty sequences.
///
/// Symbols match when they are equal and at most `max(len(a), len(b)) / 2 - 1` positions apart (0 for short sequences); each
/// symbol of `b`, from left to right, takes the first free match in `a`.
///
/// ```
/// use likewise_similarity::jaro;
///
/// assert!((jaro::similarity(b"MARTHA", b"MARHTA") - 0.944_444_444).abs() < 1e-9);
/// ```
pub fn similarity<T: Symbol>(a: &[T], b: &[T]) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (matches, out_of_order) = if a.len() <= 64 && b.len() <= 64 {
        with_positions!(a, |masks| one_word(b, window, &masks))
    } else {
        any_length(a, b, window)
    };
    of_matches(matches, out_of_order, a.len(), b.len())
}

/// The similarity of sequences of these lengths, from how many symbols match and how many of the matches are out of order.
pub(crate) fn of_matches(matches: usize, out_of_order: usize, a: usize, b: usize) -> f64 {
    if matches == 0 {
        return 0.0;
    }
    let matched = matches as f64;
    let in_order = (matches - out_of_order / 2) as f64;
    (matched / a as f64 + matched / b as f64 + in_order / matched) / 3.0
}

/// `1 - similarity`.
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> f64 {
    1.0 - similarity(a, b)
}

/// The number of matches, and of those whose place among the matches holds different symbols on the two sides.
fn one_word<T: Symbol>(b: &[T], window: usize, masks: &impl Positions) -> (usize, usize) {
    // A window of 64 would need a shift by 64; lengths up to 64 make one of at most 31.
    let reach = (1_u64 << (2 * window + 1)) - 1;
    let (mut taken_a, mut taken_b) = (0_u64, 0_u64);
    for (j, &y) in b.iter().enumerate() {
        let in_window = if j >= window { reach << (j - window) } else { reach >> (window - j) };
        let free = masks.of(y) & in_window & !taken_a;
        taken_a |= free & free.wrapping_neg();
        taken_b |= u64::from(free != 0) << j;
    }
    let matches = taken_a.count_ones() as usize;
    let mut out_of_order = 0;
    while taken_b != 0 {
        let lowest = taken_a & taken_a.wrapping_neg();
        let y = b[taken_b.trailing_zeros() as usize];
        out_of_order += usize::from(masks.of(y) & lowest == 0);
        taken_a ^= lowest;
        taken_b &= taken_b - 1;
    }
    (matches, out_of_order)
}

/// As `one_word`, in time and memory linear in the lengths.
///
/// The positions of a symbol in `a` are taken from left to right, and the window moves to the right, so for each symbol a queue
/// of its positions is enough: what the window has left behind or a match has taken never comes back.
fn any_length<T: Symbol>(a: &[T], b: &[T], window: usize) -> (usize, usize) {
    const NONE: usize = usize::MAX;
    let mut next = vec![NONE; a.len()];
    let mut first: HashMap<u32, usize> = HashMap::new();
    for (i, x) in a.iter().enumerate().rev() {
        if let Some(later) = first.insert(x.code(), i) {
            next[i] = later;
        }
    }
    let mut taken_a = vec![false; a.len()];
    let mut matched_b = Vec::new();
    for (j, &y) in b.iter().enumerate() {
        let Some(position) = first.get_mut(&y.code()) else {
            continue;
        };
        while *position != NONE && *position + window < j {
            *position = next[*position];
        }
        if *position != NONE && *position <= j + window {
            taken_a[*position] = true;
            matched_b.push(y);
            *position = next[*position];
        }
    }
    let matched_a = a.iter().zip(&taken_a).filter(|(_, taken)| **taken).map(|(x, _)| x);
    let out_of_order = matched_a.zip(&matched_b).filter(|(x, y)| x != y).count();
    (matched_b.len(), out_of_order)
}
