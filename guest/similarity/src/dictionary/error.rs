//! What can go wrong with a dictionary.

use std::fmt;

use crate::Metric;

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

/// The metric has no whole-number distance to search within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADistance(pub Metric);

impl fmt::Display for NotADistance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} does not count edits: search it with a score cutoff, or choose a metric that counts, such as levenshtein",
            self.0
        )
    }
}

impl std::error::Error for NotADistance {}
