//! A small exact index: words by length, and for each the set of its letters.
//!
//! What is missing from either set bounds what two words share, and that bounds every metric. Words that pass are compared
//! by their longest common subsequence, 64 symbols at once, and only then by the metric. It keeps 13 bytes a word beside the text.

use crate::metric::{INDEL, at_most, counts_edits, similarity};

/// Words in the order given, indexed.
pub(crate) struct Words {
    text: String,
    /// By length, then in the order given.
    entries: Vec<Entry>,
    /// Where the entry of each word is.
    entry_of: Vec<u32>,
    /// Code points of a word, and the first entry of that length.
    shelves: Vec<(usize, usize)>,
    priorities: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    start: u32,
    end: u32,
    index: u32,
    letters: u32,
}

/// More than the bound and the score of the same numbers can differ by: they are rounded on different ways.
const ROUNDING: f64 = 1e-9;

/// Which of 32 classes of letters occur. The letters a to z have one each.
fn letters(symbols: impl Iterator<Item = u32>) -> u32 {
    symbols.fold(0, |set, symbol| set | 1 << (symbol & 31))
}

impl Words {
    /// Words joined by line ends, and a priority for each or none.
    pub(crate) fn new(text: String, priorities: &[u8]) -> Self {
        // Sorted by counting, which keeps the order within a length, and takes little code.
        let mut firsts = vec![0];
        let mut lengths = Vec::new();
        for word in text.split_terminator('\n') {
            let length = word.chars().count();
            if firsts.len() < length + 2 {
                firsts.resize(length + 2, 0);
            }
            firsts[length + 1] += 1;
            lengths.push(length);
        }
        let mut shelves = Vec::new();
        for length in 1..firsts.len() {
            if firsts[length] > 0 {
                shelves.push((length - 1, firsts[length - 1]));
            }
            firsts[length] += firsts[length - 1];
        }
        let mut entries = vec![Entry::default(); lengths.len()];
        let mut entry_of = Vec::new();
        let mut start = 0;
        for (index, word) in text.split_terminator('\n').enumerate() {
            let place = &mut firsts[lengths[index]];
            let end = start + word.len() as u32;
            entries[*place] = Entry { start, end, index: index as u32, letters: letters(word.chars().map(u32::from)) };
            entry_of.push(*place as u32);
            *place += 1;
            start = end + 1;
        }
        Words { text, entries, entry_of, shelves, priorities: priorities.to_vec() }
    }

    pub(crate) fn count(&self) -> u32 {
        self.entries.len() as u32
    }

    pub(crate) fn get(&self, index: u32) -> &str {
        self.word(&self.entries[self.entry_of[index as usize] as usize])
    }

    fn word(&self, entry: &Entry) -> &str {
        &self.text[entry.start as usize..entry.end as usize]
    }

    /// The best `limit` matches, best first, as index and score in turn: the highest score, then the lowest priority, then the
    /// lowest index. Nothing scores below `cutoff`; where that is NaN, nothing scores 0.
    pub(crate) fn search(&self, query: &[u32], limit: usize, metric: u8, cutoff: f64) -> Vec<f64> {
        let pattern = Pattern::new(query);
        let query_letters = letters(query.iter().copied());
        let mut best = Best { found: Vec::new(), limit, least: if cutoff.is_nan() { f64::MIN_POSITIVE } else { cutoff } };
        let mut symbols = Vec::new();
        // From the query's own length outwards: near lengths hold the best words.
        let mut above = self.shelves.partition_point(|&(length, _)| length < query.len());
        let mut below = above;
        while below > 0 || above < self.shelves.len() {
            let distance = |shelf: usize| self.shelves.get(shelf).map_or(usize::MAX, |&(length, _)| length.abs_diff(query.len()));
            let shelf = if distance(above) <= distance(below.wrapping_sub(1)) { above } else { below - 1 };
            if shelf == above {
                above += 1
            } else {
                below -= 1
            }
            let (length, first) = self.shelves[shelf];
            let end = self.shelves.get(shelf + 1).map_or(self.entries.len(), |&(_, first)| first);
            let highest = query.len().min(length);
            let lowest = |best: &Best| {
                (0..=highest).find(|&shared| 100.0 * at_most(metric, shared, query.len(), length) + ROUNDING >= best.least)
            };
            let Some(mut needed) = lowest(&best) else { continue };
            for entry in &self.entries[first..end] {
                let missing_here = (query_letters & !entry.letters).count_ones() as usize;
                let missing_there = (entry.letters & !query_letters).count_ones() as usize;
                let shared = query.len().saturating_sub(missing_here).min(length.saturating_sub(missing_there));
                if shared < needed {
                    continue;
                }
                symbols.clear();
                symbols.extend(self.word(entry).chars().map(u32::from));
                let mut score = f64::NAN;
                if counts_edits(metric) && query.len() <= 64 {
                    let common = pattern.common(&symbols);
                    if common < needed {
                        continue;
                    }
                    if metric == INDEL && query.len() + length > 0 {
                        let total = query.len() + length;
                        score = 100.0 * (1.0 - (total - 2 * common) as f64 / total as f64);
                    }
                }
                if score.is_nan() {
                    score = 100.0 * similarity(metric, query, &symbols);
                }
                let priority = self.priorities.get(entry.index as usize).copied().unwrap_or(0);
                if best.offer(score, priority, entry.index) {
                    match lowest(&best) {
                        Some(shared) => needed = shared,
                        None => break,
                    }
                }
            }
        }
        best.found.iter().flat_map(|&(score, _, index)| [f64::from(index), score]).collect()
    }
}

/// The best matches so far, best first.
struct Best {
    found: Vec<(f64, u8, u32)>,
    limit: usize,
    /// The lowest score of interest.
    least: f64,
}

impl Best {
    /// Take a match in if it is good enough; says whether the lowest score of interest has changed.
    fn offer(&mut self, score: f64, priority: u8, index: u32) -> bool {
        if score < self.least || self.limit == 0 {
            return false;
        }
        let better = |other: &(f64, u8, u32)| other.0 > score || other.0 == score && (other.1, other.2) < (priority, index);
        let place = self.found.partition_point(better);
        if place >= self.limit {
            return false;
        }
        self.found.truncate(self.limit - 1);
        self.found.insert(place, (score, priority, index));
        let full = self.found.len() == self.limit;
        if full {
            self.least = self.found[self.limit - 1].0;
        }
        full
    }
}

/// Where each symbol stands in a query of up to 64.
struct Pattern {
    ascii: [u64; 128],
    others: Vec<(u32, u64)>,
}

impl Pattern {
    fn new(query: &[u32]) -> Self {
        let mut pattern = Pattern { ascii: [0; 128], others: Vec::new() };
        for (position, &symbol) in query.iter().enumerate().take(64) {
            let bit = 1 << position;
            match pattern.ascii.get_mut(symbol as usize) {
                Some(mask) => *mask |= bit,
                None => pattern.others.push((symbol, bit)),
            }
        }
        pattern
    }

    /// Length of the longest common subsequence (Hyyrö 2004).
    fn common(&self, word: &[u32]) -> usize {
        let mut row = u64::MAX;
        for &symbol in word {
            let mask = match self.ascii.get(symbol as usize) {
                Some(&mask) => mask,
                None => self.others.iter().filter(|other| other.0 == symbol).fold(0, |mask, other| mask | other.1),
            };
            let shared = row & mask;
            row = row.wrapping_add(shared) | (row - shared);
        }
        (!row).count_ones() as usize
    }
}
