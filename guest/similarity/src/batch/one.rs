//! One query against many choices: the query is the pattern, whose masks are made once for all of them.

use super::metric::LaneMetric;
use crate::metrics::{lcs_seq, levenshtein, osa};
use crate::pattern::{Masks, Positions};
use crate::score::Comparison;
use crate::symbol::{Symbol, are_ascii, first_16, is_ascii};

/// The longest query whose masks are a word each.
const LONGEST: usize = 64;

/// Eight bytes that are no ASCII symbols.
const FILLING: u64 = u64::MAX / 0xff * 0x80;

/// A query made ready.
pub(super) struct Asked {
    metric: LaneMetric,
    length: usize,
    masks: Masks,
    /// The masks of ASCII symbols, and nothing behind them.
    ascii: [u64; 256],
    /// The code points of a choice that is not ASCII.
    points: Vec<char>,
}

impl Asked {
    /// `None` where the query is too long.
    pub(super) fn new(metric: LaneMetric, query: &str) -> Option<Self> {
        let points: Vec<char> = query.chars().take(LONGEST + 1).collect();
        let length = points.len();
        (length <= LONGEST).then(|| {
            let masks = Masks::new(&points);
            let ascii = std::array::from_fn(|code| if code < 128 { masks.of(code as u8) } else { 0 });
            Asked { metric, length, masks, ascii, points }
        })
    }

    /// What a choice has to do with the query.
    #[inline(always)]
    pub(super) fn compare(&mut self, choice: &str) -> Comparison {
        if let (LaneMetric::Indel | LaneMetric::LcsSeq, Some(bytes)) = (self.metric, first_16(choice.as_bytes()))
            && are_ascii(bytes)
        {
            let maximum = self.metric.maximum(self.length, choice.len());
            let lcs = self.common(bytes, choice.len());
            let distance = maximum - if self.metric == LaneMetric::Indel { 2 * lcs } else { lcs };
            return Comparison::Edits { distance: Some(distance as u64), maximum: maximum as u64 };
        }
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

    /// Length of the longest common subsequence of the query and a word of up to 16 ASCII symbols, without a loop whose end
    /// differs from word to word.
    #[inline(always)]
    fn common(&self, [low, high]: [u64; 2], length: usize) -> usize {
        // What stands behind the word matches nothing, which changes nothing.
        let behind = |word: u64, used: usize| word | FILLING.checked_shl(8 * used as u32).unwrap_or(0);
        let step = |rows: u64, word: u64, i: u32| {
            let matched = rows & self.ascii[(word >> (8 * i)) as usize & 0xff];
            rows.wrapping_add(matched) | (rows & !matched)
        };
        let low = behind(low, length);
        let mut rows = (0..8).fold(!0, |rows, i| step(rows, low, i));
        if length > 8 {
            let high = behind(high, length - 8);
            rows = (0..8).fold(rows, |rows, i| step(rows, high, i));
        }
        rows.count_zeros() as usize
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
