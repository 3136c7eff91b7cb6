//! Insertions, deletions and substitutions (Levenshtein, 1966), a machine word of rows at a time (Myers 1999, Hyyrö 2003).

use super::{indel, ordered, strip_affixes};
use crate::pattern::{Masks, Positions, with_positions};
use crate::symbol::Symbol;
use std::ops::Range;

/// The least number of insertions, deletions and substitutions that turn `a` into `b`.
///
/// ```
/// use likewise_similarity::levenshtein;
///
/// assert_eq!(levenshtein::distance(b"lewenstein", b"levenshtein"), 2);
/// ```
#[inline]
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    let (pattern, text) = ordered(a, b);
    let (pattern, text) = strip_affixes(pattern, text);
    match pattern.len() {
        0 => text.len(),
        1..=64 => with_positions!(pattern, |masks| one_word(pattern.len(), text, &masks)),
        _ => long(pattern, text, text.len()),
    }
}

/// The distance where it is at most `cutoff`. Long sequences are compared faster the smaller the cutoff is.
pub fn distance_within<T: Symbol>(a: &[T], b: &[T], cutoff: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > cutoff {
        return None;
    }
    let (pattern, text) = ordered(a, b);
    let (pattern, text) = strip_affixes(pattern, text);
    let distance = match pattern.len() {
        0 => text.len(),
        1..=64 => with_positions!(pattern, |masks| one_word(pattern.len(), text, &masks)),
        _ => long(pattern, text, cutoff.min(text.len())),
    };
    (distance <= cutoff).then_some(distance)
}

/// A pattern of 1 to 64 symbols.
#[inline]
pub(crate) fn one_word<T: Symbol>(length: usize, text: &[T], masks: &impl Positions) -> usize {
    // Which rows are one more (`up`) or one less (`down`) than the row above them.
    let (mut up, mut down) = (!0_u64, 0_u64);
    for &symbol in text {
        let equal = masks.of(symbol);
        let diagonal = ((equal & up).wrapping_add(up) ^ up) | equal | down;
        let right = (down | !(diagonal | up)) << 1 | 1;
        let left = (diagonal & up) << 1;
        up = left | !(diagonal | right);
        down = diagonal & right;
    }
    let rows = !0_u64 >> (64 - length);
    text.len() + (up & rows).count_ones() as usize - (down & rows).count_ones() as usize
}

/// A pattern of more than 64 symbols.
///
/// Long sequences are often alike, and a narrow band is enough to prove it; each failed proof costs a quarter of the next.
fn long<T: Symbol>(pattern: &[T], text: &[T], cutoff: usize) -> usize {
    let mut narrow = (text.len() - pattern.len()) + 64;
    while narrow < cutoff / 4 {
        let distance = blocks(pattern, text, narrow, |_, _| ()).0;
        if distance <= narrow {
            return distance;
        }
        narrow *= 4;
    }
    blocks(pattern, text, cutoff, |_, _| ()).0
}

/// A row that grows by one from this column to the next.
const UP: u8 = 1;
/// A row that shrinks by one from this column to the next.
const DOWN: u8 = 2;

/// Which of 64 rows differ from the row above them in one column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    /// Rows that are one more.
    pub(crate) up: u64,
    /// Rows that are one less.
    pub(crate) down: u64,
}

/// A pattern of any length, 64 rows at a time over the text; memory is a byte for each symbol of the text.
///
/// Each block leaves behind how its last row changes in every column, which the next block carries on. A path of at most
/// `cutoff` edits stays in a diagonal band, since all but so many of them must make up for the difference of the lengths, and
/// nothing outside of the band is computed: there, distances count as growing by one with each step, which is never too
/// little. The distance is exact where it is at most `cutoff`, which must be at least the difference of the lengths.
///
/// Beside the distance: how the last row changes in each column. `visit` is given the index of each column that is computed,
/// and its rows, block after block.
pub(crate) fn blocks<T: Symbol>(
    pattern: &[T],
    text: &[T],
    cutoff: usize,
    mut visit: impl FnMut(usize, Column),
) -> (usize, Vec<u8>) {
    let mut changes = vec![UP; text.len()];
    let mut masks = Masks::new::<T>(&[]);
    // The distance where the block's first row meets its first column, from above.
    let mut corner = 0;
    let mut distance = text.len();
    for (block, rows_of_block) in pattern.chunks(64).enumerate() {
        masks.replace(rows_of_block);
        let band = band(pattern.len(), text.len(), cutoff, block);
        let next_from = self::band(pattern.len(), text.len(), cutoff, block + 1).start;
        let last = rows_of_block.len() - 1;
        let (mut up, mut down) = (!0_u64, 0_u64);
        distance = corner + rows_of_block.len();
        for (column, (&symbol, change)) in text.iter().zip(&mut changes).enumerate().take(band.end).skip(band.start) {
            if column == next_from {
                corner = distance;
            }
            let equal = masks.of(symbol);
            let above_down = u64::from(*change & DOWN != 0);
            let above_up = u64::from(*change & UP != 0);
            let start = equal | above_down;
            let diagonal = ((start & up).wrapping_add(up) ^ up) | start | down;
            let right = down | !(diagonal | up);
            let left = diagonal & up;
            let (last_up, last_down) = (right >> last & 1, left >> last & 1);
            distance = distance + last_up as usize - last_down as usize;
            *change = (last_up as u8 * UP) | (last_down as u8 * DOWN);
            let right = right << 1 | above_up;
            let left = left << 1 | above_down;
            up = left | !(diagonal | right);
            down = diagonal & right;
            visit(column, Column { up, down });
        }
        if next_from >= band.end {
            corner = distance;
        }
    }
    (distance, changes)
}

/// The columns that [`blocks`] computes for its block number `block`.
pub(crate) fn band(pattern_len: usize, text_len: usize, cutoff: usize, block: usize) -> Range<usize> {
    let slack = (cutoff - pattern_len.abs_diff(text_len)) / 2;
    let below = slack + pattern_len.saturating_sub(text_len);
    let right = slack + text_len.saturating_sub(pattern_len);
    let first_row = block * 64;
    let end_row = pattern_len.min(first_row + 64);
    first_row.saturating_sub(below)..text_len.min(end_row + right)
}

/// The distances of `pattern` from every prefix of `text`, the empty one first.
pub(crate) fn with_prefixes<T: Symbol>(pattern: &[T], text: &[T]) -> Vec<usize> {
    // Every prefix has a band of its own, so all of the columns are needed.
    let (_, changes) = blocks(pattern, text, pattern.len() + text.len(), |_, _| ());
    let mut distance = pattern.len();
    let mut distances = vec![distance];
    for change in changes {
        distance = distance + usize::from(change & UP != 0) - usize::from(change & DOWN != 0);
        distances.push(distance);
    }
    distances
}

/// What an edit costs, from `a` to `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weights {
    /// Cost of a symbol of `b` that `a` lacks.
    pub insert: u32,
    /// Cost of a symbol of `a` that `b` lacks.
    pub delete: u32,
    /// Cost of one symbol in place of another.
    pub substitute: u32,
}

impl Default for Weights {
    /// Every edit costs 1.
    fn default() -> Self {
        Weights { insert: 1, delete: 1, substitute: 1 }
    }
}

impl Weights {
    /// The largest distance that sequences of these lengths can have.
    #[must_use]
    pub fn maximum(self, a_len: usize, b_len: usize) -> u64 {
        let (a, b) = (a_len as u64, b_len as u64);
        let [insert, delete, substitute] = [self.insert, self.delete, self.substitute].map(u64::from);
        let replaced = a.min(b) * substitute + a.saturating_sub(b) * delete + b.saturating_sub(a) * insert;
        (a * delete + b * insert).min(replaced)
    }
}

/// The least total cost of edits that turn `a` into `b`.
///
/// ```
/// use likewise_similarity::levenshtein::{self, Weights};
///
/// let weights = Weights { insert: 1, delete: 1, substitute: 2 };
/// assert_eq!(levenshtein::weighted_distance(b"lewenstein", b"levenshtein", weights), 3);
/// ```
pub fn weighted_distance<T: Symbol>(a: &[T], b: &[T], weights: Weights) -> u64 {
    let Weights { insert, delete, substitute } = weights;
    if insert == delete && substitute == insert {
        return distance(a, b) as u64 * u64::from(insert);
    }
    if insert == delete && u64::from(substitute) >= u64::from(insert) * 2 {
        return indel::distance(a, b) as u64 * u64::from(insert);
    }
    let (a, b) = strip_affixes(a, b);
    let (insert, delete, substitute) = (u64::from(insert), u64::from(delete), u64::from(substitute));
    let mut row: Vec<u64> = (0..=a.len() as u64).map(|i| i * delete).collect();
    for y in b {
        let mut diagonal = row[0];
        row[0] += insert;
        for (i, x) in a.iter().enumerate() {
            let cost = if x == y { diagonal } else { (row[i] + delete).min(row[i + 1] + insert).min(diagonal + substitute) };
            diagonal = row[i + 1];
            row[i + 1] = cost;
        }
    }
    row[a.len()]
}
