//! One word at a time, by the metrics themselves: the comparison where the kernels' counts do not decide.

use crate::metrics::{
    damerau_levenshtein, hamming, indel, jaro, jaro_winkler, lcs_seq, levenshtein, osa, postfix, prefix, sorensen_dice,
};
use crate::{Metric, Symbol};

/// Normalised similarity in percent, by a metric that does not count edits.
pub(super) fn similarity<T: Symbol>(metric: Metric, query: &[T], word: &[T]) -> f64 {
    let similarity = match metric {
        Metric::Jaro => jaro::similarity(query, word),
        Metric::JaroWinkler => jaro_winkler::similarity(query, word),
        // White space is left out before.
        _ => sorensen_dice::similarity(query, word),
    };
    similarity * 100.0
}

/// The number of edits by a metric that counts them, if it is at most `most`.
pub(super) fn distance<T: Symbol>(metric: Metric, query: &[T], word: &[T], most: usize) -> Option<usize> {
    let distance = match metric {
        Metric::Indel => return indel::distance_within(query, word, most),
        Metric::Levenshtein => return levenshtein::distance_within(query, word, most),
        Metric::Osa => return osa::distance_within(query, word, most),
        Metric::DamerauLevenshtein => return damerau_levenshtein::distance_within(query, word, most),
        Metric::LcsSeq => return lcs_seq::distance_within(query, word, most),
        Metric::Hamming => hamming::distance(query, word),
        Metric::Prefix => prefix::distance(query, word),
        Metric::Postfix => postfix::distance(query, word),
        Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice | Metric::Typo => return None,
    };
    (distance <= most).then_some(distance)
}

/// The score of a distance between words of these lengths.
pub(super) fn percent(metric: Metric, distance: usize, query: usize, word: usize) -> f64 {
    let most = largest(metric, query, word);
    if most == 0 { 100.0 } else { (1.0 - distance as f64 / most as f64) * 100.0 }
}

/// The distance between words of these lengths that have nothing in common.
pub(super) fn largest(metric: Metric, query: usize, word: usize) -> usize {
    if metric == Metric::Indel { query + word } else { query.max(word) }
}

/// Whether the metric counts edits.
pub(super) fn counts_edits(metric: Metric) -> bool {
    !matches!(metric, Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice | Metric::Typo)
}
