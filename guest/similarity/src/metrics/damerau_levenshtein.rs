//! Levenshtein plus transpositions, unrestricted (Damerau, 1964), in linear memory (Zhao and Sahni, 2019).

use super::strip_affixes;
use crate::symbol::Symbol;
use std::collections::HashMap;

/// The least number of insertions, deletions, substitutions and transpositions of neighbours that turn `a` into `b`; what was
/// transposed may be edited again. Takes `len(a) * len(b)` steps.
///
/// ```
/// use likewise_similarity::damerau_levenshtein;
///
/// assert_eq!(damerau_levenshtein::distance(b"ca", b"abc"), 2);
/// ```
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    let (a, b) = strip_affixes(a, b);
    if a.is_empty() || b.is_empty() {
        return a.len() + b.len();
    }
    // Where a symbol of b last stood in a: rows count from 1, 0 is nowhere. Symbols of b are numbered once, so that the inner
    // loop indexes a vector.
    let mut numbers = HashMap::new();
    let b: Vec<(T, usize)> = b
        .iter()
        .map(|&y| {
            let next = numbers.len();
            (y, *numbers.entry(y.code()).or_insert(next))
        })
        .collect();
    let mut last_row = vec![0_usize; numbers.len()];

    let unreachable = a.len().max(b.len()) + 1;
    // Each row has one extra column at its front that no path comes from, so that "two columns back" always exists.
    let mut above: Vec<usize> = vec![unreachable; b.len() + 2];
    let mut row: Vec<usize> = std::iter::once(unreachable).chain(0..=b.len()).collect();
    // For each column: the distance from which a transposition that ends with the column's last match in `a` starts.
    let mut from_match = vec![unreachable; b.len() + 1];

    for (i, &x) in a.iter().enumerate() {
        let i = i + 1;
        std::mem::swap(&mut above, &mut row);
        // `row` now holds the row before `above`, overwritten from left to right: `two_above` lags behind.
        let mut two_above = row[1];
        row[1] = i;
        let mut last_column = 0;
        let mut from_row = unreachable;
        for (j, &(y, number)) in b.iter().enumerate() {
            let j = j + 1;
            let (diagonal, left, up) = (above[j], row[j] + 1, above[j + 1] + 1);
            let mut cost = (diagonal + usize::from(x != y)).min(left).min(up);
            if x == y {
                last_column = j;
                from_match[j] = above[j - 1];
                from_row = two_above;
            } else if last_row[number] > 0 && last_column > 0 {
                if j - last_column == 1 {
                    cost = cost.min(from_match[j] + (i - last_row[number]));
                } else if i - last_row[number] == 1 {
                    cost = cost.min(from_row + (j - last_column));
                }
            }
            two_above = std::mem::replace(&mut row[j + 1], cost);
        }
        if let Some(&number) = numbers.get(&x.code()) {
            last_row[number] = i;
        }
    }
    row[b.len() + 1]
}

/// The distance where it is at most `cutoff`.
pub fn distance_within<T: Symbol>(a: &[T], b: &[T], cutoff: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > cutoff {
        return None;
    }
    Some(distance(a, b)).filter(|&distance| distance <= cutoff)
}
