//! Levenshtein plus transpositions, unrestricted (Damerau, 1964), in linear memory (Zhao and Sahni, 2019).

use super::{ordered, osa, strip_affixes};
use crate::pattern::{Positions, with_positions};
use crate::symbol::Symbol;

/// The least number of insertions, deletions, substitutions and transpositions of neighbours that turn `a` into `b`; what was
/// transposed may be edited again. Takes `len(a) * len(b)` steps where two quick bounds do not meet.
///
/// ```
/// use likewise_similarity::damerau_levenshtein;
///
/// assert_eq!(damerau_levenshtein::distance(b"ca", b"abc"), 2);
/// ```
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    // No cutoff, no None.
    distance_within(a, b, usize::MAX).unwrap_or(usize::MAX)
}

/// The distance where it is at most `cutoff`. The smaller that is, the quicker.
pub fn distance_within<T: Symbol>(a: &[T], b: &[T], cutoff: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > cutoff {
        return None;
    }
    let (short, long) = ordered(a, b);
    let (short, long) = strip_affixes(short, long);
    let (lower, upper) = match short.len() {
        0 => (long.len(), long.len()),
        1..=64 => with_positions!(short, |masks| {
            let upper = osa::one_word(short.len(), long, &masks);
            // Each symbol of the longer text that is not one of the shorter's takes an edit of its own.
            (at_least(upper).max(long.len() - common(long, &masks)), upper)
        }),
        _ => {
            let upper = osa::distance_within(short, long, cutoff.saturating_add(cutoff.div_ceil(2)))?;
            (at_least(upper), upper)
        }
    };
    if lower > cutoff {
        return None;
    }
    let distance = if lower == upper { upper } else { by_rows(long, short, cutoff.saturating_add(1).min(upper)) };
    (distance <= cutoff).then_some(distance)
}

/// The least distance where no substring may be edited twice and the distance is `osa` then. Whatever is transposed and edited again takes
/// two edits or more here, and at most half as many more there.
fn at_least(osa: usize) -> usize {
    (2 * osa).div_ceil(3)
}

/// How many symbols of `text` are also in a pattern of at most 64, each as often as it is there.
fn common<T: Symbol>(text: &[T], masks: &impl Positions) -> usize {
    let taken = text.iter().fold(0_u64, |taken, &symbol| {
        let free = masks.of(symbol) & !taken;
        taken | free & free.wrapping_neg()
    });
    taken.count_ones() as usize
}

/// The distance of texts of which none is empty, or `enough` where it is not less than that.
fn by_rows<T: Symbol>(a: &[T], b: &[T], enough: usize) -> usize {
    let unreachable = a.len().max(b.len()) + 1;
    // Each row has one extra column at its front that no path comes from, so that "two columns back" always exists.
    let width = b.len() + 2;
    let mut cells = vec![unreachable; 2 * width];
    let (mut above, mut row) = cells.split_at_mut(width);
    for (j, cell) in row[1..].iter_mut().enumerate() {
        *cell = j;
    }
    // For each column the row of its last match in `a`, from 1 and 0 for none, and the distance from which a transposition that ends with that
    // match starts.
    let mut matches = vec![(0, unreachable); b.len() + 1];

    for (i, &x) in a.iter().enumerate() {
        let i = i + 1;
        std::mem::swap(&mut above, &mut row);
        // `row` now holds the row before `above`, overwritten from left to right: `two_above` lags behind.
        let mut two_above = row[1];
        row[1] = i;
        let mut last_column = 0;
        let mut from_row = unreachable;
        let mut least = i;
        for (j, &y) in b.iter().enumerate() {
            let j = j + 1;
            let (diagonal, left, up) = (above[j], row[j] + 1, above[j + 1] + 1);
            let mut cost = (diagonal + usize::from(x != y)).min(left).min(up);
            if x == y {
                last_column = j;
                matches[j] = (i, above[j - 1]);
                from_row = two_above;
            } else {
                // Row 0 is nowhere: what a transposition from there would start from is unreachable.
                let (last_row, from_match) = matches[j];
                if j - last_column == 1 {
                    cost = cost.min(from_match + (i - last_row));
                } else if i - last_row == 1 {
                    cost = cost.min(from_row + (j - last_column));
                }
            }
            least = least.min(cost);
            two_above = std::mem::replace(&mut row[j + 1], cost);
        }
        // Every way on passes this row, or passes it over in a transposition that deletes its symbol, which takes no less.
        if least >= enough {
            return enough;
        }
    }
    row[b.len() + 1]
}
