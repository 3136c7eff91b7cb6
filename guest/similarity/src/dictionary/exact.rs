//! One word at a time, by the metrics themselves: the comparison where the kernels' counts do not decide.

use std::collections::HashMap;

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

/// A long query's symbols by place, for Jaro's metrics: what `jaro::similarity` would look for anew in each word.
pub(super) struct JaroQuery {
    length: usize,
    places: HashMap<u32, Vec<u32>>,
}

impl JaroQuery {
    pub(super) fn new(query: &[u32]) -> JaroQuery {
        let mut places: HashMap<u32, Vec<u32>> = HashMap::new();
        for (place, &symbol) in (0..).zip(query) {
            places.entry(symbol).or_default().push(place);
        }
        JaroQuery { length: query.len(), places }
    }

    /// What the function `similarity` gives: each symbol of the word takes the first free equal one in reach.
    pub(super) fn similarity(&self, metric: Metric, query: &[u32], word: &[u32]) -> f64 {
        let reach = (self.length.max(word.len()) / 2).saturating_sub(1);
        let mut taken: Vec<(u32, u32)> = Vec::new();
        let mut free: HashMap<u32, &[u32]> = HashMap::new();
        for (j, &symbol) in word.iter().enumerate() {
            let Some(places) = self.places.get(&symbol) else { continue };
            let places = free.entry(symbol).or_insert(places);
            *places = &places[places.partition_point(|&place| place as usize + reach < j)..];
            if let Some((&place, rest)) = places.split_first().filter(|&(&place, _)| place as usize <= j + reach) {
                taken.push((place, symbol));
                *places = rest;
            }
        }
        let in_word_order: Vec<u32> = taken.iter().map(|&(_, symbol)| symbol).collect();
        taken.sort_unstable();
        let out_of_order = taken.iter().zip(&in_word_order).filter(|((_, symbol), other)| symbol != *other).count();
        let jaro = jaro::of_matches(taken.len(), out_of_order, self.length, word.len());
        100.0
            * match metric {
                Metric::JaroWinkler => jaro_winkler::boosted(jaro, query, word, jaro_winkler::PREFIX_WEIGHT),
                _ => jaro,
            }
    }
}
