//! Two strings, one metric, one number.

use crate::metrics::{
    damerau_levenshtein, hamming, indel, jaro, jaro_winkler, lcs_seq, levenshtein, osa, postfix, prefix, sorensen_dice,
};
use crate::symbol::{Symbol, with_code_points};
use crate::{Measure, Metric, Scorer};

/// Distance of `a` and `b` by code points: 0 for equal strings.
///
/// A whole number of edits, except that `Jaro`, `JaroWinkler` and `SorensenDice` give `1 - similarity`. `Typo` gives the cost of
/// the typing errors that turn the word `b` into the query `a`.
///
/// ```
/// use likewise_similarity::{Metric, distance};
///
/// assert_eq!(distance(Metric::Levenshtein, "naïve", "naive"), 1.0);
/// assert_eq!(distance(Metric::Indel, "naïve", "naive"), 2.0);
/// assert_eq!(distance(Metric::Osa, "form", "from"), 1.0);
/// ```
#[must_use]
pub fn distance(metric: Metric, a: &str, b: &str) -> f64 {
    Scorer::Metric(metric, Measure::Distance).score(a, b, None)
}

/// Normalised similarity of `a` and `b` by code points: 0.0 to 1.0, and 1.0 for equal strings, two empty ones included.
///
/// For metrics that count edits it is `1 - distance / maximum`, where the maximum is `len(a) + len(b)` for `Indel` and
/// `max(len(a), len(b))` for the others. `Typo` gives that of `Indel`.
///
/// ```
/// use likewise_similarity::{Metric, similarity};
///
/// let score = similarity(Metric::Indel, "almni", "alumni");
/// assert!((score - 10.0 / 11.0).abs() < 1e-12);
/// ```
///
/// Code points are not what a reader sees: an accent may be a code point of its own.
///
/// ```
/// use likewise_similarity::{Metric, similarity};
///
/// assert_eq!(similarity(Metric::Levenshtein, "e\u{301}", "\u{e9}"), 0.0);
/// ```
#[must_use]
pub fn similarity(metric: Metric, a: &str, b: &str) -> f64 {
    Scorer::Metric(metric, Measure::NormalizedSimilarity).score(a, b, None)
}

/// What a metric finds out about two texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Comparison {
    /// A number of edits, `None` where it is more than was asked for, and the largest that texts of these lengths can have.
    Edits { distance: Option<u64>, maximum: u64 },
    /// A similarity that is normalised by its nature.
    Similarity(f64),
}

impl Comparison {
    pub(crate) fn distance(self) -> Option<f64> {
        match self {
            Comparison::Edits { distance, .. } => distance.map(|distance| distance as f64),
            Comparison::Similarity(similarity) => Some(1.0 - similarity),
        }
    }

    pub(crate) fn similarity(self) -> Option<f64> {
        match self {
            Comparison::Edits { distance, maximum } => distance.map(|distance| (maximum - distance) as f64),
            Comparison::Similarity(similarity) => Some(similarity),
        }
    }

    pub(crate) fn normalized_distance(self) -> Option<f64> {
        match self {
            Comparison::Edits { maximum: 0, .. } => Some(0.0),
            Comparison::Edits { distance, maximum } => distance.map(|distance| distance as f64 / maximum as f64),
            Comparison::Similarity(similarity) => Some(1.0 - similarity),
        }
    }

    pub(crate) fn normalized_similarity(self) -> Option<f64> {
        match self {
            Comparison::Edits { .. } => self.normalized_distance().map(|distance| 1.0 - distance),
            Comparison::Similarity(similarity) => Some(similarity),
        }
    }
}

/// Compares by code points. Of the largest distance possible, `limit` makes the largest one that matters.
#[inline]
pub(crate) fn compare(metric: Metric, a: &str, b: &str, limit: impl FnOnce(u64) -> u64) -> Comparison {
    if metric == Metric::SorensenDice {
        let (a, b) = (sorensen_dice::without_whitespace(a), sorensen_dice::without_whitespace(b));
        return with_code_points!(&a, &b, |a, b| Comparison::Similarity(sorensen_dice::similarity(a, b)));
    }
    with_code_points!(a, b, |a, b| compare_symbols(metric, a, b, limit))
}

fn compare_symbols<T: Symbol>(metric: Metric, a: &[T], b: &[T], limit: impl FnOnce(u64) -> u64) -> Comparison {
    let maximum = match metric {
        // The cost of a typing error has no maximum to normalise it by.
        Metric::Indel | Metric::Typo => a.len() + b.len(),
        _ => a.len().max(b.len()),
    };
    let limit = limit(maximum as u64) as usize;
    let distance = match metric {
        Metric::Indel | Metric::Typo => indel::distance_within(a, b, limit),
        Metric::Levenshtein => levenshtein::distance_within(a, b, limit),
        Metric::Osa => osa::distance_within(a, b, limit),
        Metric::DamerauLevenshtein => damerau_levenshtein::distance_within(a, b, limit),
        Metric::LcsSeq => lcs_seq::distance_within(a, b, limit),
        Metric::Hamming => Some(hamming::distance(a, b)),
        Metric::Prefix => Some(prefix::distance(a, b)),
        Metric::Postfix => Some(postfix::distance(a, b)),
        Metric::Jaro => return Comparison::Similarity(jaro::similarity(a, b)),
        Metric::JaroWinkler => return Comparison::Similarity(jaro_winkler::similarity(a, b)),
        Metric::SorensenDice => return Comparison::Similarity(sorensen_dice::similarity(a, b)),
    };
    Comparison::Edits { distance: distance.map(|distance| distance as u64), maximum: maximum as u64 }
}
