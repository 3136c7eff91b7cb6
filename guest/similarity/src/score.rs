//! Two strings, one metric, one number.

use crate::Metric;
use crate::metrics::{
    damerau_levenshtein, hamming, indel, jaro, jaro_winkler, lcs_seq, levenshtein, osa, postfix, prefix, sorensen_dice,
};
use crate::symbol::{Symbol, with_code_points};
use crate::typo::typo_cost;

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
    if metric == Metric::Typo {
        let (query, word): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        return f64::from(typo_cost(&query, &word));
    }
    compare(metric, a, b).distance()
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
    compare(metric, a, b).normalized_similarity()
}

/// What a metric finds out about two strings.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    /// A number of edits, and the largest that strings of these lengths can have.
    Edits { distance: usize, maximum: usize },
    /// A similarity that is normalised by its nature.
    Similarity(f64),
}

impl Comparison {
    fn distance(self) -> f64 {
        match self {
            Comparison::Edits { distance, .. } => distance as f64,
            Comparison::Similarity(similarity) => 1.0 - similarity,
        }
    }

    fn normalized_similarity(self) -> f64 {
        match self {
            Comparison::Edits { maximum: 0, .. } => 1.0,
            Comparison::Edits { distance, maximum } => 1.0 - distance as f64 / maximum as f64,
            Comparison::Similarity(similarity) => similarity,
        }
    }
}

fn compare(metric: Metric, a: &str, b: &str) -> Comparison {
    if metric == Metric::SorensenDice {
        let (a, b) = (sorensen_dice::without_whitespace(a), sorensen_dice::without_whitespace(b));
        return with_code_points!(&a, &b, |a, b| compare_symbols(metric, a, b));
    }
    with_code_points!(a, b, |a, b| compare_symbols(metric, a, b))
}

fn compare_symbols<T: Symbol>(metric: Metric, a: &[T], b: &[T]) -> Comparison {
    let distance = match metric {
        // The cost of a typing error has no maximum to normalise it by.
        Metric::Indel | Metric::Typo => {
            return Comparison::Edits { distance: indel::distance(a, b), maximum: a.len() + b.len() };
        }
        Metric::Jaro => return Comparison::Similarity(jaro::similarity(a, b)),
        Metric::JaroWinkler => return Comparison::Similarity(jaro_winkler::similarity(a, b)),
        Metric::SorensenDice => return Comparison::Similarity(sorensen_dice::similarity(a, b)),
        Metric::Levenshtein => levenshtein::distance(a, b),
        Metric::Osa => osa::distance(a, b),
        Metric::DamerauLevenshtein => damerau_levenshtein::distance(a, b),
        Metric::Hamming => hamming::distance(a, b),
        Metric::LcsSeq => lcs_seq::distance(a, b),
        Metric::Prefix => prefix::distance(a, b),
        Metric::Postfix => postfix::distance(a, b),
    };
    Comparison::Edits { distance, maximum: a.len().max(b.len()) }
}
