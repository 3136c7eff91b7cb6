//! What can go wrong with a dictionary.

use std::fmt;

use crate::Metric;
use crate::symbol::code_points;

/// Why words do not make a dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// As many priorities as words are needed.
    PriorityCount {
        /// Words given.
        words: usize,
        /// Priorities given.
        priorities: usize,
    },
    /// More words than a `u32` can number, or more text than this machine can address.
    TooLarge,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::PriorityCount { words, priorities } => {
                write!(f, "{words} words came with {priorities} priorities: give one for each word, or none at all")
            }
            BuildError::TooLarge => {
                f.write_str("these are more words than a dictionary holds (4,294,967,295, in 4 GiB of text): split them")
            }
        }
    }
}

impl std::error::Error for BuildError {}

/// Why a saved dictionary cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// The data does not begin as a saved dictionary does.
    NotADictionary,
    /// Written by another version of the format: the version found.
    Version(u32),
    /// Begins as a saved dictionary and is damaged: what is wrong.
    Damaged(&'static str),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NotADictionary => f.write_str("this is not a saved dictionary: build one from the words, and save that"),
            LoadError::Version(found) => {
                write!(
                    f,
                    "the dictionary was saved in version {found} of the format, which this build does not read: save it anew"
                )
            }
            LoadError::Damaged(what) => {
                write!(f, "the saved dictionary is damaged ({what}): save it anew")
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// Why a search is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// A query is longer than a search takes.
    TooLong(TooLong),
    /// The metric has no whole-number distance to search within.
    NotADistance(Metric),
}

/// A query that has more code points than a search by this metric takes, see [`Metric::longest_query`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Its position, where there are several.
    pub position: Option<usize>,
    /// Its length in code points.
    pub length: usize,
    /// The metric to be searched by.
    pub metric: Metric,
}

impl TooLong {
    /// Refuses a query that is longer than a search by this metric takes.
    pub(super) fn check(query: &str, position: Option<usize>, metric: Metric) -> Result<(), TooLong> {
        let longest = metric.longest_query();
        // No text has more code points than bytes.
        if query.len() <= longest {
            return Ok(());
        }
        let length = code_points(query);
        if length <= longest { Ok(()) } else { Err(TooLong { position, length, metric }) }
    }
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchError::TooLong(query) => query.fmt(f),
            SearchError::NotADistance(metric) => write!(
                f,
                "{metric} does not count edits: search it with a score cutoff, or choose a metric that counts, such as levenshtein"
            ),
        }
    }
}

impl std::error::Error for SearchError {}

impl From<TooLong> for SearchError {
    fn from(query: TooLong) -> Self {
        SearchError::TooLong(query)
    }
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "queries[{position}]")?,
            None => f.write_str("query")?,
        }
        let (length, longest) = (grouped(self.length), grouped(self.metric.longest_query()));
        write!(f, ": {length} code points; a search by '{}' takes at most {longest}", self.metric)
    }
}

impl std::error::Error for TooLong {}

/// A number with a comma between each three of its digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let places = (1..=digits.len()).rev();
    digits.chars().zip(places).fold(String::new(), |mut text, (digit, place)| {
        if !text.is_empty() && place % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
        text
    })
}
