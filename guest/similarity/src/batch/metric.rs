//! The metrics that many strings at once are compared by.

use crate::Metric;

/// A metric that the lanes compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LaneMetric {
    Indel,
    LcsSeq,
    Levenshtein,
    Osa,
}

impl LaneMetric {
    pub(super) fn of(metric: Metric) -> Option<Self> {
        match metric {
            Metric::Indel => Some(LaneMetric::Indel),
            Metric::LcsSeq => Some(LaneMetric::LcsSeq),
            Metric::Levenshtein => Some(LaneMetric::Levenshtein),
            Metric::Osa => Some(LaneMetric::Osa),
            _ => None,
        }
    }

    pub(super) fn metric(self) -> Metric {
        match self {
            LaneMetric::Indel => Metric::Indel,
            LaneMetric::LcsSeq => Metric::LcsSeq,
            LaneMetric::Levenshtein => Metric::Levenshtein,
            LaneMetric::Osa => Metric::Osa,
        }
    }

    /// The largest distance of texts of these lengths.
    pub(super) fn maximum(self, query: usize, choice: usize) -> usize {
        match self {
            LaneMetric::Indel => query + choice,
            _ => query.max(choice),
        }
    }

    /// The distance of a query of `query` symbols from a choice of `choice` symbols for which the lanes counted this.
    #[inline(always)]
    pub(super) fn distance(self, query: usize, choice: usize, up: usize, down: usize) -> usize {
        match self {
            LaneMetric::Indel => query + 2 * up - choice,
            LaneMetric::LcsSeq => query.max(choice) - choice + up,
            LaneMetric::Levenshtein | LaneMetric::Osa => query + up - down,
        }
    }
}
