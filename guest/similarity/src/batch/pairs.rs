//! Pairs of short words, a pair in each lane.

use super::kernel::{Row, tally};
use super::lanes::{Lanes, Lanes16, REGISTERS, bytes};
use super::metric::LaneMetric;
use crate::pattern::{Positions, Short};
use crate::score::{self, Comparison};
use crate::symbol::{are_ascii, first_16};

/// Pairs that are compared at once.
const PAIRS: usize = REGISTERS * Lanes16::COUNT;

/// The longest word that fits a lane.
const LONGEST: usize = Lanes16::BITS;

/// Pairs whose masks share a word.
const PAIRS_OF_A_WORD: usize = 64 / Lanes16::BITS;

/// Compares each query with the choice at its place: their distance, and the largest one for their lengths.
pub(super) fn compare(metric: LaneMetric, queries: &[&str], choices: &[&str]) -> Vec<[u64; 2]> {
    let mut compared = vec![[0; 2]; queries.len()];
    // By the length of the choice: pairs that take the same number of steps are compared at once.
    let mut waiting: [_; LONGEST + 1] = std::array::from_fn(|_| Vec::with_capacity(PAIRS.min(queries.len())));
    for (place, (query, choice)) in queries.iter().zip(choices).enumerate() {
        let pattern = short_ascii(query).and_then(|bytes| Short::from_bytes(bytes, query.len()));
        let (Some(pattern), Some(_)) = (pattern, short_ascii(choice)) else {
            if let Comparison::Edits { distance: Some(distance), maximum } =
                score::compare(metric.metric(), query, choice, |maximum| maximum)
            {
                compared[place] = [distance, maximum];
            }
            continue;
        };
        let alike = &mut waiting[choice.len()];
        alike.push(Pair { place, length: query.len(), pattern, text: choice.as_bytes() });
        if alike.len() == PAIRS {
            run(metric, alike, &mut compared);
            alike.clear();
        }
    }
    for alike in &waiting {
        run(metric, alike, &mut compared);
    }
    compared
}

/// The bytes of an ASCII word that fits a lane.
#[inline(always)]
fn short_ascii(text: &str) -> Option<[u64; 2]> {
    first_16(text.as_bytes()).filter(|&bytes| are_ascii(bytes))
}

/// Two words, the query to be found and the choice to be read.
struct Pair<'a> {
    place: usize,
    length: usize,
    pattern: Short,
    text: &'a [u8],
}

/// Compares at most `PAIRS` pairs whose texts have the same length.
fn run(metric: LaneMetric, pairs: &[Pair<'_>], compared: &mut [[u64; 2]]) {
    let Some(length) = pairs.first().map(|pair| pair.text.len()) else { return };
    let mut steps = [Row::default(); LONGEST];
    let mut used = Row::default();
    for (word, pairs) in pairs.chunks(PAIRS_OF_A_WORD).enumerate() {
        let (register, half) = (word / 2, word % 2);
        for (i, pair) in pairs.iter().enumerate() {
            let first_bit = i * Lanes16::BITS;
            used[register][half] |= ((1 << pair.length) - 1) << first_bit;
            for (step, &symbol) in steps.iter_mut().zip(pair.text) {
                step[register][half] |= pair.pattern.of(symbol) << first_bit;
            }
        }
    }
    let rows = steps[..length].iter().map(|step| step.each_ref().map(Lanes16::load));
    let tally = tally(metric, rows, used);
    for ((pair, up), down) in pairs.iter().zip(bytes(tally.ups)).zip(bytes(tally.downs)) {
        let distance = metric.distance(length, pair.length, up.into(), down.into());
        let maximum = metric.maximum(length, pair.length);
        compared[pair.place] = [distance as u64, maximum as u64];
    }
}
