//! The best few of many candidates.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A word that may be among the answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// What answers are ordered by, the highest first.
    pub(super) merit: f64,
    /// What settles equal merits, the lowest first: priority, then index.
    pub(super) rank: u64,
    /// Normalised similarity in percent.
    pub(super) score: f64,
    /// Where the word is kept.
    pub(super) slot: usize,
}

/// Ordered from best to worst.
impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.merit.total_cmp(&self.merit).then(self.rank.cmp(&other.rank))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

/// Keeps the best `limit` of the candidates that reach the floor.
pub(super) struct Best {
    limit: usize,
    floor: f64,
    /// The worst on top.
    kept: BinaryHeap<Candidate>,
}

impl Best {
    pub(super) fn new(limit: usize, floor: f64) -> Best {
        Best { limit, floor, kept: BinaryHeap::new() }
    }

    /// The merit that a candidate needs, if only to tie.
    #[inline]
    pub(super) fn needed(&self) -> f64 {
        match self.kept.peek() {
            Some(worst) if self.kept.len() >= self.limit => worst.merit,
            _ => self.floor,
        }
    }

    /// Whether a candidate of this merit and rank would be kept.
    #[inline]
    pub(super) fn wants(&self, merit: f64, rank: u64) -> bool {
        match self.kept.peek() {
            Some(worst) if self.kept.len() >= self.limit => merit > worst.merit || merit == worst.merit && rank < worst.rank,
            _ => merit >= self.floor && self.limit > 0,
        }
    }

    #[inline]
    pub(super) fn offer(&mut self, candidate: Candidate) {
        if self.wants(candidate.merit, candidate.rank) {
            if self.kept.len() >= self.limit {
                self.kept.pop();
            }
            self.kept.push(candidate);
        }
    }

    pub(super) fn into_sorted(self) -> Vec<Candidate> {
        self.kept.into_sorted_vec()
    }
}
