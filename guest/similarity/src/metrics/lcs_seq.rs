//! The longest common subsequence, computed a machine word of rows at a time (Hyyrö, 2004).

use super::{ordered, strip_affixes};
use crate::pattern::{Masks, Positions, with_positions};
use crate::symbol::Symbol;

/// Length of the longest common subsequence.
///
/// ```
/// use likewise_similarity::lcs_seq;
///
/// assert_eq!(lcs_seq::similarity(b"qabxcd", b"abycdf"), 4);
/// ```
#[inline]
pub fn similarity<T: Symbol>(a: &[T], b: &[T]) -> usize {
    let (shorter, longer) = ordered(a, b);
    let (pattern, text) = strip_affixes(shorter, longer);
    let stripped = shorter.len() - pattern.len();
    stripped
        + match pattern.len() {
            0 => 0,
            1..=64 => with_positions!(pattern, |masks| one_word(text, &masks)),
            _ => long(pattern, text, 0),
        }
}

/// The length where it is at least `cutoff`. Long sequences are compared faster the nearer the cutoff is to the shorter
/// sequence's length.
pub fn similarity_at_least<T: Symbol>(a: &[T], b: &[T], cutoff: usize) -> Option<usize> {
    let (shorter, longer) = ordered(a, b);
    if shorter.len() < cutoff {
        return None;
    }
    let (pattern, text) = strip_affixes(shorter, longer);
    let stripped = shorter.len() - pattern.len();
    let lcs = stripped
        + match pattern.len() {
            0 => 0,
            1..=64 => with_positions!(pattern, |masks| one_word(text, &masks)),
            _ => long(pattern, text, cutoff.saturating_sub(stripped)),
        };
    (lcs >= cutoff).then_some(lcs)
}

/// `max(len(a), len(b))` less the length of the longest common subsequence.
#[inline]
pub fn distance<T: Symbol>(a: &[T], b: &[T]) -> usize {
    a.len().max(b.len()) - similarity(a, b)
}

/// The distance where it is at most `cutoff`.
pub fn distance_within<T: Symbol>(a: &[T], b: &[T], cutoff: usize) -> Option<usize> {
    let longest = a.len().max(b.len());
    similarity_at_least(a, b, longest.saturating_sub(cutoff)).map(|lcs| longest - lcs)
}

/// A pattern of 1 to 64 symbols. A 0 in `rows` is a row that is one longer than the row above it.
#[inline]
pub(crate) fn one_word<T: Symbol>(text: &[T], masks: &impl Positions) -> usize {
    let mut rows = !0_u64;
    for &symbol in text {
        let matched = rows & masks.of(symbol);
        rows = rows.wrapping_add(matched) | (rows & !matched);
    }
    // Rows past the pattern match nothing, so they stay 1.
    rows.count_zeros() as usize
}

/// A pattern of more than 64 symbols.
///
/// Long sequences are often alike, and a narrow band is enough to prove it; each failed proof costs a quarter of the next.
fn long<T: Symbol>(pattern: &[T], text: &[T], needed: usize) -> usize {
    let mut missing = 64;
    while missing < (pattern.len() - needed) / 4 {
        let narrow = pattern.len() - missing;
        let lcs = blocks(pattern, text, narrow, |_, _| ()).0;
        if lcs >= narrow {
            return lcs;
        }
        missing *= 4;
    }
    blocks(pattern, text, needed, |_, _| ()).0
}

/// A pattern of any length, 64 rows at a time over the text; memory is a bit for each symbol of the text.
///
/// Each block leaves behind, for every column, whether its last row grew there, which is the next block's carry. A
/// subsequence of at least `needed` symbols leaves out at most `pattern.len() - needed` rows and `text.len() - needed`
/// columns, so its path stays in a diagonal band and nothing outside of the band is computed: lengths there count as
/// not growing, which is never too much. The length is exact where it is at least `needed`. Beside it, a bit for each column
/// says whether the last row grew there.
///
/// `visit` is given the index of each column that is computed, and its rows as in [`one_word`], block after block.
pub(crate) fn blocks<T: Symbol>(
    pattern: &[T],
    text: &[T],
    needed: usize,
    mut visit: impl FnMut(usize, u64),
) -> (usize, Vec<u64>) {
    let (below, right) = (pattern.len() - needed, text.len() - needed);
    let mut carries = vec![0_u64; text.len().div_ceil(64)];
    let mut masks = Masks::new::<T>(&[]);
    // The length where the block's first row meets its first column, from above.
    let mut corner = 0;
    let mut length = 0;
    for (block, rows_of_block) in pattern.chunks(64).enumerate() {
        masks.replace(rows_of_block);
        let first_row = block * 64;
        let next_row = first_row + 64;
        let from = first_row.saturating_sub(below);
        let next_from = next_row.saturating_sub(below);
        let to = (first_row + rows_of_block.len() + right).min(text.len());
        let mut rows = !0_u64;
        length = corner;
        for (column, &symbol) in text.iter().enumerate().take(to).skip(from) {
            if column == next_from {
                corner = length;
            }
            let (word, bit) = (column / 64, column % 64);
            let carry = carries[word] >> bit & 1;
            let matched = rows & masks.of(symbol);
            let (sum, over) = rows.overflowing_add(matched);
            let (sum, over_again) = sum.overflowing_add(carry);
            rows = sum | (rows & !matched);
            // Rows past the pattern are all 1, so the last block's carry runs through them and out as well.
            let grown = u64::from(over | over_again);
            length += grown as usize;
            carries[word] = carries[word] & !(1 << bit) | grown << bit;
            visit(column, rows);
        }
        if next_from >= to {
            corner = length;
        }
    }
    (length, carries)
}

/// The lengths of the longest common subsequences of `pattern` and every prefix of `text`, the empty one first.
pub(crate) fn with_prefixes<T: Symbol>(pattern: &[T], text: &[T]) -> Vec<usize> {
    let (_, grown) = blocks(pattern, text, 0, |_, _| ());
    let mut length = 0;
    let mut lengths = vec![length];
    for column in 0..text.len() {
        length += (grown[column / 64] >> (column % 64) & 1) as usize;
        lengths.push(length);
    }
    lengths
}
