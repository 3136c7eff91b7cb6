//! The metrics by number, and what they can come to when only a bound of what two strings share is known.

use likewise_similarity::{hamming, indel, lcs_seq, levenshtein, osa, postfix, prefix, sorensen_dice};

use crate::jaro::{jaro, jaro_winkler};

/// The metrics of the contract by their numbers there.
pub(crate) const INDEL: u8 = 0;
const LEVENSHTEIN: u8 = 1;
const OSA: u8 = 2;
const HAMMING: u8 = 4;
const LCS_SEQ: u8 = 5;
const PREFIX: u8 = 6;
const POSTFIX: u8 = 7;
const JARO: u8 = 8;
const JARO_WINKLER: u8 = 9;

/// Whether a metric counts edits, and so is bounded by the longest common subsequence.
pub(crate) fn counts_edits(metric: u8) -> bool {
    metric <= POSTFIX
}

fn largest(metric: u8, a: usize, b: usize) -> usize {
    if metric == INDEL { a + b } else { a.max(b) }
}

/// Distance: a number of edits, or `1 - similarity` for a metric that counts none.
#[must_use]
pub fn distance(metric: u8, a: &[u32], b: &[u32]) -> f64 {
    let edits = match metric {
        INDEL => indel::distance(a, b),
        LEVENSHTEIN => levenshtein::distance(a, b),
        OSA => osa::distance(a, b),
        HAMMING => hamming::distance(a, b),
        LCS_SEQ => lcs_seq::distance(a, b),
        PREFIX => prefix::distance(a, b),
        POSTFIX => postfix::distance(a, b),
        _ => return 1.0 - similarity(metric, a, b),
    };
    edits as f64
}

/// Normalised similarity, 0.0 to 1.0.
#[must_use]
pub fn similarity(metric: u8, a: &[u32], b: &[u32]) -> f64 {
    match metric {
        JARO => jaro(a, b),
        JARO_WINKLER => jaro_winkler(a, b),
        _ if counts_edits(metric) => match largest(metric, a.len(), b.len()) {
            0 => 1.0,
            largest => 1.0 - distance(metric, a, b) / largest as f64,
        },
        _ => sorensen_dice::similarity(&solid(a), &solid(b)),
    }
}

fn solid(symbols: &[u32]) -> Vec<u32> {
    symbols.iter().copied().filter(|&symbol| !char::from_u32(symbol).is_some_and(char::is_whitespace)).collect()
}

/// The highest similarity of strings of lengths `a` and `b` that have `shared` symbols in common.
pub(crate) fn at_most(metric: u8, shared: usize, a: usize, b: usize) -> f64 {
    let share = |of: usize| shared as f64 / of as f64;
    if largest(metric, a, b) == 0 {
        return 1.0;
    }
    match metric {
        INDEL => 2.0 * share(a + b),
        JARO | JARO_WINKLER if shared == 0 => 0.0,
        JARO => (share(a) + share(b) + 1.0) / 3.0,
        // Winkler's bonus is at most 0.4 of what is missing.
        JARO_WINKLER => 0.6 * at_most(JARO, shared, a, b) + 0.4,
        _ if counts_edits(metric) => share(a.max(b)),
        // White space counts for nothing there, so lengths say little.
        _ => 1.0,
    }
}
