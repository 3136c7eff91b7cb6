//! Optimal string alignment: Levenshtein plus transpositions of neighbours, no substring edited twice (Hyyrö, 2003).

use super::{ordered, strip_affixes};
use crate::pattern::{Masks, Positions, with_positions};
use crate::symbol::Symbol;

/// The least number of insertions, deletions, substitutions and transpositions of neighbours that turn `a` into `b`, where
/// nothing is edited twice.
///
/// ```
/// use likewise_similarity::osa;
///
/// assert_eq!(osa::distance(b"form", b"from"), 1);
/// // Moving b between the transposed symbols would edit them a second time.
/// assert_eq!(osa::distance(b"ca", b"abc"), 3);
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
    let (mut equal_before, mut diagonal) = (0_u64, 0_u64);
    for &symbol in text {
        let equal = masks.of(symbol);
        let transposed = (!diagonal & equal) << 1 & equal_before;
        diagonal = ((equal & up).wrapping_add(up) ^ up) | equal | down | transposed;
        let right = (down | !(diagonal | up)) << 1 | 1;
        let left = (diagonal & up) << 1;
        up = left | !(diagonal | right);
        down = diagonal & right;
        equal_before = equal;
    }
    let rows = !0_u64 >> (64 - length);
    text.len() + (up & rows).count_ones() as usize - (down & rows).count_ones() as usize
}

/// A pattern of more than 64 symbols, in bands as [`levenshtein`](super::levenshtein) does it.
fn long<T: Symbol>(pattern: &[T], text: &[T], cutoff: usize) -> usize {
    let mut narrow = (text.len() - pattern.len()) + 64;
    while narrow < cutoff / 4 {
        let distance = blocks(pattern, text, narrow);
        if distance <= narrow {
            return distance;
        }
        narrow *= 4;
    }
    blocks(pattern, text, cutoff)
}

/// A row that grows by one from this column to the next.
const UP: u8 = 1;
/// A row that shrinks by one from this column to the next.
const DOWN: u8 = 2;
/// The row's symbol is the text's next one and no diagonal step was free: half of a transposition.
const HALF: u8 = 4;

/// A pattern of any length, 64 rows at a time over the text, as in [`levenshtein`](super::levenshtein). The band is two wider,
/// since a transposition looks back over two rows and two columns.
fn blocks<T: Symbol>(pattern: &[T], text: &[T], cutoff: usize) -> usize {
    let longer_by = text.len() - pattern.len();
    let below = (cutoff - longer_by) / 2 + 2;
    let right = below + longer_by;
    let mut changes = vec![UP; text.len()];
    let mut masks = Masks::new::<T>(&[]);
    // The distance where the block's first row meets its first column, from above.
    let mut corner = 0;
    let mut distance = 0;
    for (block, rows_of_block) in pattern.chunks(64).enumerate() {
        masks.replace(rows_of_block);
        let first_row = block * 64;
        let next_row = first_row + 64;
        let from = first_row.saturating_sub(below);
        let next_from = next_row.saturating_sub(below);
        let to = (first_row + rows_of_block.len() + right).min(text.len());
        let last = rows_of_block.len() - 1;
        let (mut up, mut down) = (!0_u64, 0_u64);
        let (mut equal_before, mut diagonal) = (0_u64, 0_u64);
        distance = corner + rows_of_block.len();
        for (column, (&symbol, change)) in text.iter().zip(&mut changes).enumerate().take(to).skip(from) {
            if column == next_from {
                corner = distance;
            }
            let equal = masks.of(symbol);
            let above_down = u64::from(*change & DOWN != 0);
            let above_up = u64::from(*change & UP != 0);
            let above_half = u64::from(*change & HALF != 0);
            let half = !diagonal & equal;
            let transposed = (half << 1 | above_half) & equal_before;
            let start = equal | above_down;
            diagonal = ((start & up).wrapping_add(up) ^ up) | start | down | transposed;
            let right = down | !(diagonal | up);
            let left = diagonal & up;
            let (last_up, last_down) = (right >> last & 1, left >> last & 1);
            distance = distance + last_up as usize - last_down as usize;
            *change = (last_up as u8 * UP) | (last_down as u8 * DOWN) | ((half >> last & 1) as u8 * HALF);
            let right = right << 1 | above_up;
            let left = left << 1 | above_down;
            up = left | !(diagonal | right);
            down = diagonal & right;
            equal_before = equal;
        }
        if next_from >= to {
            corner = distance;
        }
    }
    distance
}
