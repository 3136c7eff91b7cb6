//! A metric or ratio together with what is asked of it.

use crate::fuzz::{self, Ratio};
use crate::levenshtein::{self, Weights};
use crate::score::{Comparison, compare};
use crate::symbol::with_code_points;
use crate::typo::typo_cost;
use crate::{Metric, jaro_winkler};

/// Which of its numbers a metric gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Edits, 0 for equal texts; `1 - similarity` for metrics that count none.
    Distance,
    /// The largest distance that texts of these lengths can have, less the distance.
    Similarity,
    /// The distance divided by the largest one, 0 to 1.
    NormalizedDistance,
    /// `1 - NormalizedDistance`.
    NormalizedSimilarity,
}

impl Measure {
    /// Whether more is more alike.
    #[must_use]
    pub const fn is_similarity(self) -> bool {
        matches!(self, Measure::Similarity | Measure::NormalizedSimilarity)
    }
}

/// Everything that gives two texts one number.
///
/// ```
/// use likewise_similarity::{Measure, Metric, Scorer};
///
/// let scorer = Scorer::Metric(Metric::Levenshtein, Measure::Distance);
/// assert_eq!(scorer.score("kitten", "sitting", None), 3.0);
/// // Over the cutoff, a distance is one more than the cutoff: further away than was asked.
/// assert_eq!(scorer.score("kitten", "sitting", Some(1.0)), 2.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scorer {
    /// A metric as it is.
    Metric(Metric, Measure),
    /// Levenshtein with a cost for each kind of edit.
    WeightedLevenshtein(Weights, Measure),
    /// Jaro-Winkler with a bonus of this much for each symbol of the prefix, 0 to 1.
    WeightedJaroWinkler(f64, Measure),
    /// A fuzz ratio, 0 to 100.
    Ratio(Ratio),
}

impl Scorer {
    /// Whether more is more alike.
    #[must_use]
    pub const fn is_similarity(self) -> bool {
        match self {
            Scorer::Metric(_, measure) | Scorer::WeightedLevenshtein(_, measure) | Scorer::WeightedJaroWinkler(_, measure) => {
                measure.is_similarity()
            }
            Scorer::Ratio(_) => true,
        }
    }

    /// Whether every score is a whole number.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        match self {
            Scorer::Metric(Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice, _)
            | Scorer::WeightedJaroWinkler(..)
            | Scorer::Ratio(_) => false,
            Scorer::Metric(_, measure) | Scorer::WeightedLevenshtein(_, measure) => {
                matches!(measure, Measure::Distance | Measure::Similarity)
            }
        }
    }

    /// The score of two texts.
    ///
    /// A score that is worse than `cutoff` is replaced: a similarity below it by 0, a normalised distance above it by 1, and a
    /// distance above it by `cutoff + 1` (by 1 where the metric counts no edits). No other score depends on the cutoff.
    #[must_use]
    pub fn score(self, a: &str, b: &str, cutoff: Option<f64>) -> f64 {
        match self {
            Scorer::Metric(Metric::Typo, Measure::Distance) => {
                let (query, word): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
                let distance = Some(typo_cost(&query, &word).into());
                measured(Comparison::Edits { distance, maximum: u64::MAX }, Measure::Distance, cutoff)
            }
            Scorer::Metric(metric, measure) => {
                let limit = |maximum| largest_distance(measure, cutoff, maximum);
                measured(compare(metric, a, b, limit), measure, cutoff)
            }
            Scorer::WeightedLevenshtein(weights, measure) => {
                let comparison = with_code_points!(a, b, |a, b| Comparison::Edits {
                    distance: Some(levenshtein::weighted_distance(a, b, weights)),
                    maximum: weights.maximum(a.len(), b.len()),
                });
                measured(comparison, measure, cutoff)
            }
            Scorer::WeightedJaroWinkler(weight, measure) => {
                let similarity = with_code_points!(a, b, |a, b| jaro_winkler::weighted_similarity(a, b, weight));
                measured(Comparison::Similarity(similarity), measure, cutoff)
            }
            Scorer::Ratio(ratio) => fuzz::ratio(ratio, a, b, cutoff.unwrap_or(0.0)),
        }
    }
}

/// No distance above this one can survive the cutoff. May be a little more than needed, so that rounding costs no answer.
fn largest_distance(measure: Measure, cutoff: Option<f64>, maximum: u64) -> u64 {
    let Some(cutoff) = cutoff else { return maximum };
    let whole = maximum as f64;
    let largest = match measure {
        Measure::Distance => cutoff,
        Measure::Similarity => whole - cutoff,
        Measure::NormalizedDistance => whole * cutoff + 1.0,
        Measure::NormalizedSimilarity => whole * (1.0 - cutoff) + 1.0,
    };
    // Saturates: nothing is less than 0 edits away.
    (largest as u64).min(maximum)
}

/// The number that is asked for, as the cutoff leaves it.
pub(crate) fn measured(comparison: Comparison, measure: Measure, cutoff: Option<f64>) -> f64 {
    let worst = match (measure, comparison) {
        (Measure::Similarity | Measure::NormalizedSimilarity, _) => 0.0,
        (Measure::Distance, Comparison::Edits { .. }) => cutoff.map_or(0.0, |cutoff| cutoff + 1.0),
        (Measure::Distance | Measure::NormalizedDistance, _) => 1.0,
    };
    let score = match measure {
        Measure::Distance => comparison.distance(),
        Measure::Similarity => comparison.similarity(),
        Measure::NormalizedDistance => comparison.normalized_distance(),
        Measure::NormalizedSimilarity => comparison.normalized_similarity(),
    };
    let survives =
        |score: &f64| cutoff.is_none_or(|cutoff| if measure.is_similarity() { *score >= cutoff } else { *score <= cutoff });
    score.filter(survives).unwrap_or(worst)
}
