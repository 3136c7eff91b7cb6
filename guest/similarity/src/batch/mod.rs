//! One text against many, pairs, and all against all: the scores of one call, in one piece.
//!
//! Every scorer is taken. Where a score is made of insertions, deletions, substitutions and transpositions of neighbours
//! (`indel` and the plain and quick ratios on it, `lcs-seq`, `levenshtein`, `osa`), many choices are compared at once.
//!
//! ```
//! use likewise_similarity::{Measure, Metric, Scorer, batch};
//!
//! let scorer = Scorer::Metric(Metric::Levenshtein, Measure::Distance);
//! let distances = batch::matrix(scorer, &["move", "mole"], &["mole", "hole", "move"], None);
//! assert_eq!((distances.width, distances.digits.as_bytes()), (1, &[1, 2, 0, 0, 1, 1][..]));
//! ```

mod distances;
mod kernel;
mod lanes;
mod metric;
mod one;
mod packed;
mod pairs;
mod parts;

pub use packed::{DOUBLE_WIDTH, Packed, Packing};
pub use parts::parts;

use crate::score::Comparison;
use crate::scorer::{Measure, Scorer, measured};
use crate::{Metric, Ratio};
use distances::Distances;
use metric::LaneMetric;
use one::Asked;
use packed::{Writer, width_of};
use std::cmp::Ordering;
use std::fmt;

/// The scores of all queries and all choices: those of the first query first.
///
/// Whole numbers are packed as such, see [`Scorer::is_whole`], all others as doubles. `cutoff` as in [`Scorer::score`].
#[must_use]
pub fn matrix(scorer: Scorer, queries: &[&str], choices: &[&str], cutoff: Option<f64>) -> Packed {
    let count = queries.len() * choices.len();
    let Some(lanes) = LaneScorer::of(scorer) else {
        let pairs = queries.iter().flat_map(|query| choices.iter().map(move |choice| (*query, *choice)));
        return scored(scorer, pairs, count, cutoff);
    };
    let distances = Distances::new(lanes.metric, queries, choices);
    if scorer.is_whole() {
        let largest = largest_score(distances.largest() as f64, lanes.measure, cutoff);
        let mut writer = Writer::new(Packing::Whole, width_of(largest), count);
        if distances.fit_a_digit() && (lanes.measure == Measure::Distance || cutoff.is_none()) {
            if let Some(digits) = writer.single_digits() {
                distances.to_digits(lanes.measure, digits, cutoff.map(|_| largest as u8));
            }
        } else {
            distances.for_each(|place, distance, maximum| {
                writer.put(place, lanes.score(edits(distance, maximum), cutoff) as u64);
            });
        }
        return writer.finish();
    }
    let mut writer = Writer::new(Packing::Double, DOUBLE_WIDTH, count);
    distances.for_each(|place, distance, maximum| {
        writer.put(place, lanes.score(edits(distance, maximum), cutoff).to_bits());
    });
    writer.finish()
}

/// There are not as many queries as choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnequalCounts {
    /// Number of queries.
    pub queries: usize,
    /// Number of choices.
    pub choices: usize,
}

impl fmt::Display for UnequalCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} queries and {} choices do not make pairs; give as many of each", self.queries, self.choices)
    }
}

impl std::error::Error for UnequalCounts {}

/// The score of each query and the choice at its place, packed as [`matrix`] packs them, except that quotients of whole numbers are
/// packed as [fractions](Packing::Fraction).
///
/// # Errors
///
/// Where there are not as many queries as choices.
pub fn pairwise(scorer: Scorer, queries: &[&str], choices: &[&str], cutoff: Option<f64>) -> Result<Packed, UnequalCounts> {
    if queries.len() != choices.len() {
        return Err(UnequalCounts { queries: queries.len(), choices: choices.len() });
    }
    if let Some(lanes) = LaneScorer::of(scorer) {
        let compared = pairs::compare(lanes.metric, queries, choices);
        if scorer.is_whole() {
            let scores = compared.into_iter().map(|[distance, maximum]| lanes.score(edits(distance, maximum), cutoff));
            return Ok(packed(scorer, scores, queries.len()));
        }
        return Ok(fractions(lanes, compared, cutoff));
    }
    let pairs = queries.iter().copied().zip(choices.iter().copied());
    Ok(scored(scorer, pairs, queries.len(), cutoff))
}

/// The scores of one query and all choices. `cutoff` as in [`Scorer::score`].
#[must_use]
pub fn one_to_many(scorer: Scorer, query: &str, choices: &[&str], cutoff: Option<f64>) -> Vec<f64> {
    let Some(lanes) = LaneScorer::of(scorer) else {
        return choices.iter().map(|choice| scorer.score(query, choice, cutoff)).collect();
    };
    if let Some(mut asked) = Asked::new(lanes.metric, query) {
        return choices.iter().map(|choice| lanes.score(asked.compare(choice), cutoff)).collect();
    }
    let mut scores = vec![0.0; choices.len()];
    Distances::new(lanes.metric, &[query], choices).for_each(|place, distance, maximum| {
        scores[place] = lanes.score(edits(distance, maximum), cutoff);
    });
    scores
}

/// The `limit` choices that are most like the query, best first, then by their index; with scores. A choice whose score is
/// worse than `cutoff` is left out.
///
/// ```
/// use likewise_similarity::{Ratio, Scorer, batch};
///
/// let best = batch::extract(Scorer::Ratio(Ratio::Ratio), "almni", &["move", "alumni", "amni"], None, 2);
/// assert_eq!(best.iter().map(|found| found.0).collect::<Vec<_>>(), [1, 2]);
/// ```
#[must_use]
pub fn extract(scorer: Scorer, query: &str, choices: &[&str], cutoff: Option<f64>, limit: usize) -> Vec<(usize, f64)> {
    let alike = scorer.is_similarity();
    let survives =
        |score: f64, cutoff: Option<f64>| cutoff.is_none_or(|cutoff| if alike { score >= cutoff } else { score <= cutoff });
    let best_first = |a: &(usize, f64), b: &(usize, f64)| {
        let by_score = a.1.partial_cmp(&b.1).unwrap_or(Ordering::Equal);
        (if alike { by_score.reverse() } else { by_score }).then(a.0.cmp(&b.0))
    };
    if limit == 0 {
        return Vec::new();
    }
    let mut found: Vec<(usize, f64)> = Vec::new();
    let lanes = LaneScorer::of(scorer);
    let mut asked = lanes.and_then(|lanes| Asked::new(lanes.metric, query).map(|asked| (lanes, asked)));
    if limit <= FEW_FOUND && (asked.is_some() || lanes.is_none()) {
        // Whoever is not better than the last of those found so far need not be compared to the end.
        let mut cutoff = cutoff;
        for (index, choice) in choices.iter().enumerate() {
            let score = match &mut asked {
                Some((lanes, asked)) => lanes.score(asked.compare(choice), cutoff),
                None => scorer.score(query, choice, cutoff),
            };
            let candidate = (index, score);
            if !survives(candidate.1, cutoff) {
                continue;
            }
            let place = found.partition_point(|kept| best_first(kept, &candidate) == Ordering::Less);
            if place < limit {
                found.truncate(limit - 1);
                found.insert(place, candidate);
            }
            if found.len() == limit {
                cutoff = found.last().map(|last| last.1);
            }
        }
        return found;
    }
    let scores = one_to_many(scorer, query, choices, cutoff);
    found.extend(scores.into_iter().enumerate().filter(|found| survives(found.1, cutoff)));
    if limit < found.len() {
        found.select_nth_unstable_by(limit, best_first);
        found.truncate(limit);
    }
    found.sort_unstable_by(best_first);
    found
}

/// Up to this many of the best are kept in order while the search goes on.
const FEW_FOUND: usize = 32;

/// How a score is made of a distance that the lanes compute.
#[derive(Clone, Copy)]
struct LaneScorer {
    metric: LaneMetric,
    measure: Measure,
    /// What a ratio multiplies its similarity by.
    scale: Option<f64>,
}

impl LaneScorer {
    fn of(scorer: Scorer) -> Option<Self> {
        let (metric, measure, scale) = match scorer {
            Scorer::Metric(metric, measure) => (metric, measure, None),
            Scorer::Ratio(Ratio::Ratio) => (Metric::Indel, Measure::NormalizedSimilarity, Some(100.0)),
            _ => return None,
        };
        Some(LaneScorer { metric: LaneMetric::of(metric)?, measure, scale })
    }

    fn score(self, comparison: Comparison, cutoff: Option<f64>) -> f64 {
        let Some(scale) = self.scale else { return measured(comparison, self.measure, cutoff) };
        let score = measured(comparison, self.measure, None) * scale;
        if cutoff.is_some_and(|cutoff| score < cutoff) { 0.0 } else { score }
    }
}

fn edits(distance: u64, maximum: u64) -> Comparison {
    Comparison::Edits { distance: Some(distance), maximum }
}

/// The largest whole score there can be.
fn largest_score(largest: f64, measure: Measure, cutoff: Option<f64>) -> u64 {
    match (measure, cutoff) {
        (Measure::Distance, Some(cutoff)) => largest.min(cutoff + 1.0) as u64,
        _ => largest as u64,
    }
}

/// Distances and the largest ones, for the scores that meet the cutoff.
fn fractions(lanes: LaneScorer, mut compared: Vec<[u64; 2]>, cutoff: Option<f64>) -> Packed {
    let alike = lanes.measure.is_similarity();
    if let Some(cutoff) = cutoff {
        for pair in &mut compared {
            let score = lanes.score(edits(pair[0], pair[1]), None);
            if if alike { score < cutoff } else { score > cutoff } {
                *pair = [1, 1];
            }
        }
    }
    // No distance is above the largest one.
    let largest = compared.iter().map(|pair| pair[1]).max().unwrap_or(0);
    Packed::fractions(&compared, largest)
}

/// One pair after the other.
fn scored<'a>(scorer: Scorer, pairs: impl Iterator<Item = (&'a str, &'a str)>, count: usize, cutoff: Option<f64>) -> Packed {
    packed(scorer, pairs.map(|(query, choice)| scorer.score(query, choice, cutoff)), count)
}

fn packed(scorer: Scorer, scores: impl Iterator<Item = f64>, count: usize) -> Packed {
    if scorer.is_whole() {
        let scores: Vec<u64> = scores.map(|score| score as u64).collect();
        let largest = scores.iter().copied().max().unwrap_or(0);
        return Packed::whole(&scores, largest);
    }
    let mut writer = Writer::new(Packing::Double, DOUBLE_WIDTH, count);
    for (place, score) in scores.enumerate() {
        writer.put(place, score.to_bits());
    }
    writer.finish()
}
