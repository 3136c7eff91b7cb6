//! One word at a time, by the metrics themselves: what the kernels' counts stand for, and the comparison where they do not decide.

use crate::Metric;
use crate::metrics::{
    damerau_levenshtein, hamming, indel, jaro, jaro_winkler, lcs_seq, levenshtein, osa, postfix, prefix, sorensen_dice,
};

/// Normalised similarity of `query` and `word` in percent.
pub(super) fn score(metric: Metric, query: &[char], word: &[char]) -> f64 {
    let similarity = match metric {
        Metric::Jaro => jaro::similarity(query, word),
        Metric::JaroWinkler => jaro_winkler::similarity(query, word),
        Metric::SorensenDice => sorensen_dice::similarity(&solid(query), &solid(word)),
        _ => return percent(metric, distance(metric, query, word).unwrap_or(0), query.len(), word.len()),
    };
    similarity * 100.0
}

/// The number of edits between two words, for metrics that count edits; for `Typo`, whose score is that of `Indel`, as if it were.
pub(super) fn distance(metric: Metric, query: &[char], word: &[char]) -> Option<usize> {
    Some(match metric {
        Metric::Indel | Metric::Typo => indel::distance(query, word),
        Metric::Levenshtein => levenshtein::distance(query, word),
        Metric::Osa => osa::distance(query, word),
        Metric::DamerauLevenshtein => damerau_levenshtein::distance(query, word),
        Metric::Hamming => hamming::distance(query, word),
        Metric::LcsSeq => lcs_seq::distance(query, word),
        Metric::Prefix => prefix::distance(query, word),
        Metric::Postfix => postfix::distance(query, word),
        Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice => return None,
    })
}

/// The score of a distance between words of these lengths.
pub(super) fn percent(metric: Metric, distance: usize, query: usize, word: usize) -> f64 {
    let most = if matches!(metric, Metric::Indel | Metric::Typo) { query + word } else { query.max(word) };
    if most == 0 { 100.0 } else { (1.0 - distance as f64 / most as f64) * 100.0 }
}

/// Whether `Dictionary::within` takes the metric.
pub(super) fn counts_edits(metric: Metric) -> bool {
    !matches!(metric, Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice | Metric::Typo)
}

fn solid(word: &[char]) -> Vec<char> {
    word.iter().copied().filter(|c| !c.is_whitespace()).collect()
}
