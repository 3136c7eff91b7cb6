//! One query against many choices: the query is the pattern, whose masks are made once for all of them.

use super::metric::LaneMetric;
use crate::metrics::{lcs_seq, levenshtein, osa};
use crate::pattern::Masks;
use crate::score::Comparison;
use crate::symbol::{Symbol, is_ascii};

/// The longest query whose masks are a word each.
const LONGEST: usize = 64;

/// A query made ready.
pub(super) struct Asked {
    metric: LaneMetric,
    length: usize,
    masks: Masks,
    /// The code points of a choice that is not ASCII.
    points: Vec<char>,
}

impl Asked {
    /// `None` where the query is too long.
    pub(super) fn new(metric: LaneMetric, query: &str) -> Option<Self> {
        let points: Vec<char> = query.chars().take(LONGEST + 1).collect();
        let length = points.len();
        (length <= LONGEST).then(|| Asked { metric, length, masks: Masks::new(&points), points })
    }

    /// What a choice has to do with the query.
    #[inline(always)]
    pub(super) fn compare(&mut self, choice: &str) -> Comparison {
        if is_ascii(choice) {
            return self.compare_symbols(choice.as_bytes());
        }
        let mut points = std::mem::take(&mut self.points);
        points.clear();
        points.extend(choice.chars());
        let comparison = self.compare_symbols(&points);
        self.points = points;
        comparison
    }

    #[inline(always)]
    fn compare_symbols<T: Symbol>(&self, choice: &[T]) -> Comparison {
        let maximum = self.metric.maximum(self.length, choice.len());
        let distance = match self.metric {
            _ if self.length == 0 => choice.len(),
            LaneMetric::Indel => maximum - 2 * lcs_seq::one_word(choice, &self.masks),
            LaneMetric::LcsSeq => maximum - lcs_seq::one_word(choice, &self.masks),
            LaneMetric::Levenshtein => levenshtein::one_word(self.length, choice, &self.masks),
            LaneMetric::Osa => osa::one_word(self.length, choice, &self.masks),
        };
        Comparison::Edits { distance: Some(distance as u64), maximum: maximum as u64 }
    }
}
