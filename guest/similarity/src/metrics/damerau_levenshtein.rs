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
    let unreachable = a.len().max(b.len()) + 1;
    let mut last_rows = LastRows { low: [0; 256], wide: HashMap::new() };
    // Each row has one extra column at its front that no path comes from, so that "two columns back" always exists.
    let width = b.len() + 2;
    let mut cells = vec![unreachable; 3 * width];
    let (mut above, rest) = cells.split_at_mut(width);
    // `from_match`, for each column: the distance from which a transposition that ends with the column's last match in `a` starts.
    let (mut row, from_match) = rest.split_at_mut(width);
    for (j, cell) in row[1..].iter_mut().enumerate() {
        *cell = j;
    }

    for (i, &x) in a.iter().enumerate() {
        let i = i + 1;
        std::mem::swap(&mut above, &mut row);
        // `row` now holds the row before `above`, overwritten from left to right: `two_above` lags behind.
        let mut two_above = row[1];
        row[1] = i;
        let mut last_column = 0;
        let mut from_row = unreachable;
        for (j, &y) in b.iter().enumerate() {
            let j = j + 1;
            let (diagonal, left, up) = (above[j], row[j] + 1, above[j + 1] + 1);
            let mut cost = (diagonal + usize::from(x != y)).min(left).min(up);
            if x == y {
                last_column = j;
                from_match[j] = above[j - 1];
                from_row = two_above;
            } else {
                // Row 0 is nowhere: what a transposition from there would start from is unreachable.
                let last_row = last_rows.get(y.code());
                if j - last_column == 1 {
                    cost = cost.min(from_match[j] + (i - last_row));
                } else if i - last_row == 1 {
                    cost = cost.min(from_row + (j - last_column));
                }
            }
            two_above = std::mem::replace(&mut row[j + 1], cost);
        }
        last_rows.set(x.code(), i);
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

/// The row in which each symbol last stood, from 1; 0 for none.
struct LastRows {
    low: [usize; 256],
    wide: HashMap<u32, usize>,
}

impl LastRows {
    #[inline(always)]
    fn get(&self, code: u32) -> usize {
        match self.low.get(code as usize) {
            Some(&row) => row,
            None => self.wide.get(&code).copied().unwrap_or(0),
        }
    }

    #[inline]
    fn set(&mut self, code: u32, row: usize) {
        match self.low.get_mut(code as usize) {
            Some(last) => *last = row,
            None => {
                self.wide.insert(code, row);
            }
        }
    }
}
