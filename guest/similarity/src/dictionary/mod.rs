//! Words, indexed for exact nearest-neighbour search.

mod alphabet;
mod best;
mod build;
mod error;
mod exact;
mod image;
mod kernels;
mod lanes;
mod letters;
mod mask;
mod merit;
mod search;
mod spelling;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::Metric;
use best::Candidate;
pub use error::{BuildError, LoadError, SearchError, TooLong};
use image::Image;
use letters::WordLetters;
use merit::Goal;
use search::Question;

/// Long queries in a batch from which on the letters of single words are worth noting. Noting a word takes some 20 ns, and saves
/// each such query half a nanosecond.
const MANY: usize = 64;

/// Words in a fixed order, each with a priority. Immutable.
///
/// Answers are ordered by score (highest first), then priority (smallest first), then index.
#[derive(Debug)]
pub struct Dictionary {
    image: Image,
    /// The slot of each index, made when first asked for.
    slots: OnceLock<Vec<u32>>,
    /// Made when many long queries are first asked at once.
    letters: OnceLock<WordLetters>,
}

/// A word of a dictionary, compared with a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Position of the word in the order in which it was given, from 0.
    pub index: u32,
    /// Normalised similarity in percent, 0.0 to 100.0.
    pub score: f64,
    /// Where the index keeps the word.
    slot: u32,
}

/// The matches of many queries, as columns of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// How many queries were answered, from the first on.
    pub answered: usize,
    /// Position of the query.
    pub query: Vec<u32>,
    /// Position of the word.
    pub index: Vec<u32>,
    /// Score in percent.
    pub score: Vec<f64>,
}

impl Dictionary {
    /// Words joined by `separator`: `"a\nb"` holds two words, `""` holds none, a trailing separator ends the last word. `priorities`
    /// is one code point a word, its value the priority (above 255 counts as 255); absent, all are equal. An owned text is freed before the
    /// index needs most memory.
    ///
    /// # Errors
    /// When the counts differ, or there are more words than a `u32` can number.
    pub fn from_text<'a>(text: impl Into<Cow<'a, str>>, separator: char, priorities: Option<&str>) -> Result<Self, BuildError> {
        build::build(text.into(), separator, priorities).map(Dictionary::new)
    }

    /// Load what `save` wrote. An owned string is kept, not copied.
    ///
    /// # Errors
    /// When the data is not a saved dictionary, of another version, or damaged.
    pub fn load(data: impl Into<String>) -> Result<Self, LoadError> {
        Image::check(data.into()).map(Dictionary::new)
    }

    fn new(image: Image) -> Self {
        Dictionary { image, slots: OnceLock::new(), letters: OnceLock::new() }
    }

    /// The words with their priorities and index, in a versioned format that carries a checksum. ASCII.
    #[must_use]
    pub fn save(&self) -> String {
        self.image.to_text()
    }

    /// Number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.image.layout.words
    }

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory that the words and the index occupy.
    #[must_use]
    pub fn memory(&self) -> usize {
        let slots = self.slots.get().map_or(0, |slots| slots.len() * size_of::<u32>());
        self.image.memory() + slots + self.letters.get().map_or(0, WordLetters::memory)
    }

    /// The word at `index`, if there is one. The first call makes a table of four bytes a word.
    #[must_use]
    pub fn word(&self, index: u32) -> Option<String> {
        let slot = *self.slots().get(index as usize)?;
        Some(self.text(slot))
    }

    /// The word that a match of this dictionary stands for: `word(found.index)` without the look-up.
    #[must_use]
    pub fn choice(&self, found: &Match) -> String {
        self.text(found.slot)
    }

    /// All words joined by `separator`, in order, from `start`, at most `limit` of them.
    #[must_use]
    pub fn words(&self, start: u32, limit: u32, separator: char) -> String {
        let mut text = String::new();
        let slots = self.slots().iter().skip(start as usize).take(limit as usize);
        for (i, &slot) in slots.enumerate() {
            if i > 0 {
                text.push(separator);
            }
            text.push_str(&self.text(slot));
        }
        text
    }

    fn text(&self, slot: u32) -> String {
        let mut word = String::new();
        if (slot as usize) < self.image.layout.slots() {
            self.image.for_each_symbol(slot as usize, |id| word.push(self.image.alphabet.point(id)));
        }
        word
    }

    fn slots(&self) -> &[u32] {
        self.slots.get_or_init(|| {
            let mut slots = vec![u32::MAX; self.len()];
            for slot in 0..self.image.layout.slots() {
                if let Some(rank) = self.image.rank(slot) {
                    slots[rank as u32 as usize] = slot as u32;
                }
            }
            slots
        })
    }

    /// The lowest index at which exactly this word stands.
    #[must_use]
    pub fn index_of(&self, word: &str) -> Option<u32> {
        let same = Question::new(&self.image, word, Metric::Hamming, Goal::Nearest(0), None);
        same.answer(usize::MAX).iter().map(|found| found.rank as u32).min()
    }

    /// The best match, in the order of `search`.
    ///
    /// # Errors
    /// When the query is longer than a search takes.
    pub fn suggest(&self, query: &str, metric: Metric, score_cutoff: Option<f64>) -> Result<Option<Match>, TooLong> {
        Ok(self.search(query, 1, metric, score_cutoff)?.pop())
    }

    /// The best `limit` matches, best first: by score, then priority, then index. `Metric::Typo` puts a word of the dictionary
    /// itself first and orders by cost plus priority. Nothing scores below `score_cutoff` (percent), and nothing
    /// with a score of 0 is a match unless the cutoff is given as 0.
    ///
    /// # Errors
    /// When the query is longer than a search takes.
    pub fn search(&self, query: &str, limit: usize, metric: Metric, score_cutoff: Option<f64>) -> Result<Vec<Match>, TooLong> {
        TooLong::check(query, None, metric)?;
        Ok(self.best(query, limit, metric, score_cutoff))
    }

    /// `search` for a query whose length has been checked.
    fn best(&self, query: &str, limit: usize, metric: Metric, score_cutoff: Option<f64>) -> Vec<Match> {
        let found = match metric {
            Metric::Typo => spelling::meant(&self.image, query, limit, score_cutoff),
            _ => {
                let question = Question::new(&self.image, query, metric, Goal::Score, score_cutoff);
                question.with_letters(self.letters.get()).answer(limit)
            }
        };
        found.iter().map(Match::from).collect()
    }

    /// `search` for each of `queries` joined by `separator` (as in `from_text`); the answers of all, one after the other. It ends with
    /// the query at which there are `most` matches or more.
    ///
    /// # Errors
    /// When a query is longer than a search takes: the first such one. Then none is searched for.
    pub fn search_many(
        &self,
        queries: &str,
        separator: char,
        limit: usize,
        metric: Metric,
        score_cutoff: Option<f64>,
        most: usize,
    ) -> Result<Matches, TooLong> {
        for (position, query) in queries.split_terminator(separator).enumerate() {
            TooLong::check(query, Some(position), metric)?;
        }
        let long = queries.split_terminator(separator).filter(|query| query.len() >= letters::LONG);
        if long.take(MANY).count() == MANY {
            self.letters.get_or_init(|| WordLetters::of(&self.image));
        }
        let mut matches = Matches::default();
        for (position, query) in queries.split_terminator(separator).enumerate() {
            for found in self.best(query, limit, metric, score_cutoff) {
                matches.query.push(position as u32);
                matches.index.push(found.index);
                matches.score.push(found.score);
            }
            matches.answered = position + 1;
            if matches.index.len() >= most {
                break;
            }
        }
        Ok(matches)
    }

    /// All words at most `distance` edits away, nearest first, then by priority and index. At most `limit` of them.
    ///
    /// # Errors
    /// When the metric does not count edits, or the query is longer than a search takes.
    pub fn within(&self, query: &str, distance: u32, limit: usize, metric: Metric) -> Result<Vec<Match>, SearchError> {
        if !exact::counts_edits(metric) {
            return Err(SearchError::NotADistance(metric));
        }
        TooLong::check(query, None, metric)?;
        let question = Question::new(&self.image, query, metric, Goal::Nearest(distance), None);
        Ok(question.answer(limit).iter().map(Match::from).collect())
    }
}

impl From<&Candidate> for Match {
    fn from(found: &Candidate) -> Match {
        Match { index: found.rank as u32, score: found.score, slot: found.slot as u32 }
    }
}
