//! What answers are ordered by, and how good an answer can be of which only a count is known.

use super::alphabet::Alphabet;
use super::exact;
use super::image::Shelf;
use super::kernels::Kernel;
use crate::Metric;
use crate::metrics::jaro_winkler;
use crate::typo;

/// What the best words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// Those with the highest score.
    Score,
    /// Those with the fewest edits, if no more than this.
    Nearest(u32),
    /// Those with the least rough cost of typing errors and priority together.
    Rough,
}

/// The merits of words for one query: the higher the better.
#[derive(Clone, Debug)]
pub(super) struct Merit {
    pub(super) metric: Metric,
    pub(super) goal: Goal,
    /// Length of the query, and of the query without white space.
    pub(super) query: usize,
    solid: usize,
    /// Whether a word may hold white space.
    white_words: bool,
}

/// Where a bound is computed by another formula than the score, rounding must not bring it below.
const ROUNDING: f64 = 1.0 + 1e-12;

impl Merit {
    /// For a query of so many symbols, `solid` of which are not white space.
    pub(super) fn new(metric: Metric, goal: Goal, query: usize, solid: usize, alphabet: &Alphabet) -> Merit {
        let mut points = alphabet.points().iter().filter_map(|&point| char::from_u32(point));
        let white_words = metric == Metric::SorensenDice && points.any(char::is_whitespace);
        Merit { metric, goal, query, solid, white_words }
    }

    /// The kernel whose count bounds or decides the merit.
    pub(super) fn kernel(&self) -> Option<Kernel> {
        Some(match self.metric {
            Metric::Indel | Metric::LcsSeq => Kernel::Lcs,
            Metric::Levenshtein => Kernel::Levenshtein,
            Metric::Osa | Metric::DamerauLevenshtein => Kernel::Osa,
            Metric::Hamming => Kernel::Hamming,
            Metric::Prefix => Kernel::Prefix,
            Metric::Postfix => Kernel::Postfix,
            Metric::Jaro | Metric::JaroWinkler => Kernel::Jaro,
            // Searched by way of another metric, or without a kernel.
            Metric::SorensenDice | Metric::Typo => return None,
        })
    }

    /// Whether the kernel's count decides the merit.
    pub(super) fn is_exact(&self) -> bool {
        !matches!(
            self.metric,
            Metric::DamerauLevenshtein | Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice | Metric::Typo
        )
    }

    /// The most symbols that a word of this shelf can have in common with the query.
    pub(super) fn most_common(&self, shelf: &Shelf) -> usize {
        self.query.min(shelf.length)
    }

    /// The highest merit of a word of this shelf that shares at most `bound` symbols with the query.
    pub(super) fn at_bound(&self, shelf: &Shelf, bound: usize) -> f64 {
        match self.metric {
            Metric::SorensenDice => self.dice_at_bound(shelf.length, bound),
            Metric::DamerauLevenshtein => self.at_distance(shelf, self.query.max(shelf.length) - bound),
            _ => self.at_count(shelf, bound),
        }
    }

    /// The highest merit of a word of this shelf for which the kernel counted `count`.
    pub(super) fn at_count(&self, shelf: &Shelf, count: usize) -> f64 {
        match self.metric {
            Metric::Jaro | Metric::JaroWinkler => self.jaro_at_count(shelf.length, count),
            // A transposition around further edits is one edit here and at most half as many again in OSA.
            Metric::DamerauLevenshtein => self.at_distance(shelf, (2 * self.distance(shelf, count)).div_ceil(3)),
            Metric::SorensenDice => 100.0,
            _ => self.at_distance(shelf, self.distance(shelf, count)),
        }
    }

    /// The score that goes with a count, where the metric counts edits.
    pub(super) fn score_at_count(&self, shelf: &Shelf, count: usize) -> f64 {
        exact::percent(self.metric, self.distance(shelf, count), self.query, shelf.length)
    }

    fn distance(&self, shelf: &Shelf, count: usize) -> usize {
        match self.metric {
            Metric::Indel => self.query + shelf.length - 2 * count,
            _ => self.query.max(shelf.length) - count,
        }
    }

    fn at_distance(&self, shelf: &Shelf, distance: usize) -> f64 {
        match self.goal {
            Goal::Score => exact::percent(self.metric, distance, self.query, shelf.length),
            Goal::Nearest(_) => -(distance as f64),
            Goal::Rough => self.rough(shelf.length, distance, shelf.least_priority),
        }
    }

    /// At least the distance at which a word of this length and rank still has the merit needed.
    pub(super) fn affordable(&self, length: usize, needed: f64, rank: u64) -> usize {
        let most = exact::largest(self.metric, self.query, length);
        match self.goal {
            Goal::Score if needed > 0.0 => ((1.0 - needed / 100.0) * most as f64 * ROUNDING).ceil() as usize,
            Goal::Nearest(_) if needed > f64::NEG_INFINITY => -needed as usize,
            Goal::Rough => (0..=most)
                .rev()
                .find(|&distance| {
                    distance <= self.query.abs_diff(length) || self.rough(length, distance, (rank >> 32) as u8) >= needed
                })
                .unwrap_or(most),
            _ => most,
        }
    }

    /// The merit of a word by its rough cost.
    pub(super) fn rough(&self, length: usize, distance: usize, priority: u8) -> f64 {
        let distance = distance.max(self.query.abs_diff(length));
        -f64::from(typo::rough_cost(self.query, length, distance).saturating_add(u32::from(priority)))
    }

    /// With `count` matches, none of them transposed, and the longest prefix.
    fn jaro_at_count(&self, length: usize, count: usize) -> f64 {
        if self.query == 0 && length == 0 {
            return 100.0;
        }
        if count == 0 {
            return 0.0;
        }
        let (n, m, matches) = (self.query as f64, length as f64, count as f64);
        let jaro = (matches / n + matches / m + 1.0) / 3.0;
        if self.metric == Metric::Jaro || jaro <= jaro_winkler::BOOST_THRESHOLD {
            return jaro * 100.0;
        }
        let longest = 4.0 * jaro_winkler::PREFIX_WEIGHT;
        (jaro + longest * (1.0 - jaro)) * 100.0 * ROUNDING
    }

    /// A shared pair begins with a shared symbol. Where words hold white space, which does not count, one
    /// that has just the shared pairs is the most similar.
    fn dice_at_bound(&self, length: usize, bound: usize) -> f64 {
        let solid = self.solid;
        if bound >= solid && (length == solid || self.white_words) {
            return 100.0;
        }
        let pairs = bound.min(solid.saturating_sub(1)).min(length.saturating_sub(1));
        if pairs == 0 {
            return 0.0;
        }
        let length = if self.white_words { pairs + 1 } else { length };
        (2 * pairs) as f64 / (solid + length - 2) as f64 * 100.0 * ROUNDING
    }
}
