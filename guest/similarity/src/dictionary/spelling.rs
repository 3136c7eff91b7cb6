//! What was meant: the words nearest by a rough cost, compared by the cost of their typing errors.

use super::best::Candidate;
use super::exact;
use super::image::Image;
use super::merit::Goal;
use super::search::Question;
use crate::Metric;
use crate::metrics::indel;
use crate::typo::Typist;
use std::collections::HashSet;

/// Candidates to compare, beside as many for each answer wanted. On the data the costs were fitted to, the eight for the best answer and
/// the 24 for the best five find the word meant 0.3 and 0.2 times less often in a hundred than 124 do.
const CANDIDATES: usize = 4;
const CANDIDATES_EACH: usize = 4;

/// How many words are compared for so many answers.
pub(super) fn candidates(limit: usize) -> usize {
    CANDIDATES.saturating_add(limit.saturating_mul(CANDIDATES_EACH))
}

/// The `limit` words that were most probably meant.
pub(super) fn meant(image: &Image, query: &str, limit: usize, cutoff: Option<f64>) -> Vec<Candidate> {
    let same = Question::new(image, query, Metric::Hamming, Goal::Nearest(0), None).answer(usize::MAX);
    let mut found = Question::new(image, query, Metric::Osa, Goal::Rough, cutoff).answer(candidates(limit));
    // A rare word, or one of many equal ones, need not be among the candidates to come first.
    let same_slots: HashSet<usize> = same.iter().map(|same| same.slot).collect();
    found.retain(|candidate| !same_slots.contains(&candidate.slot));

    let letters: Vec<char> = query.chars().collect();
    let mut typist = Typist::new(&letters);
    let mut word = Vec::new();
    for candidate in &mut found {
        image.word(candidate.slot, &mut word);
        let cost = typist.cost(&word).saturating_add((candidate.rank >> 32) as u32);
        candidate.merit = -f64::from(cost);
    }
    if cutoff.is_none_or(|cutoff| cutoff <= 100.0) {
        found.extend(same.into_iter().map(|same| Candidate { merit: f64::INFINITY, ..same }));
    }
    found.sort_unstable();
    found.truncate(limit);
    for answer in &mut found {
        image.word(answer.slot, &mut word);
        let distance = indel::distance(&letters, &word);
        answer.score = exact::percent(Metric::Indel, distance, letters.len(), word.len());
    }
    found
}
