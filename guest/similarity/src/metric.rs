//! The ways to compare two strings, by name.

use std::fmt;
use std::str::FromStr;

/// A way to compare two strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Insertions and deletions only: `len(a) + len(b) - 2 * lcs(a, b)`.
    Indel,
    /// Insertions, deletions and substitutions (Levenshtein, 1966).
    Levenshtein,
    /// Levenshtein plus transpositions of adjacent code points, no substring edited twice (optimal string alignment).
    Osa,
    /// Levenshtein plus transpositions, unrestricted (Damerau, 1964).
    DamerauLevenshtein,
    /// Positions that differ; the shorter string counts as padded with code points equal to nothing.
    Hamming,
    /// The longest common subsequence: the distance is `max(len(a), len(b)) - lcs(a, b)`.
    LcsSeq,
    /// The common prefix: the distance is `max(len(a), len(b)) - len(common prefix)`.
    Prefix,
    /// The common suffix: the distance is `max(len(a), len(b)) - len(common suffix)`.
    Postfix,
    /// Matching code points within a window, and their transpositions (Jaro, 1989).
    Jaro,
    /// Jaro with a bonus of 0.1 for each of up to four equal leading code points, where Jaro exceeds 0.7 (Winkler, 1990).
    JaroWinkler,
    /// Shared adjacent pairs of code points, white space left out (Sørensen 1948, Dice 1945).
    SorensenDice,
    /// What a person probably meant: a cost for each typing error. In a dictionary, plus the word's priority.
    Typo,
}

impl Metric {
    /// Every metric, in the order of the contract.
    pub const ALL: [Metric; 12] = [
        Metric::Indel,
        Metric::Levenshtein,
        Metric::Osa,
        Metric::DamerauLevenshtein,
        Metric::Hamming,
        Metric::LcsSeq,
        Metric::Prefix,
        Metric::Postfix,
        Metric::Jaro,
        Metric::JaroWinkler,
        Metric::SorensenDice,
        Metric::Typo,
    ];

    /// Code points of the longest query that a dictionary searches for: 8,192, and 1,024 for those that compare slowly
    /// (`DamerauLevenshtein`, `SorensenDice`, `Typo`). A search may have to compare every word with all of the query: at these lengths
    /// one over 250,000 words of English takes seconds at worst, not minutes.
    #[must_use]
    pub const fn longest_query(self) -> usize {
        match self {
            Metric::DamerauLevenshtein | Metric::SorensenDice | Metric::Typo => 1024,
            _ => 8192,
        }
    }

    /// The metric's name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Metric::Indel => "indel",
            Metric::Levenshtein => "levenshtein",
            Metric::Osa => "osa",
            Metric::DamerauLevenshtein => "damerau-levenshtein",
            Metric::Hamming => "hamming",
            Metric::LcsSeq => "lcs-seq",
            Metric::Prefix => "prefix",
            Metric::Postfix => "postfix",
            Metric::Jaro => "jaro",
            Metric::JaroWinkler => "jaro-winkler",
            Metric::SorensenDice => "sorensen-dice",
            Metric::Typo => "typo",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No metric has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMetric(pub String);

impl fmt::Display for UnknownMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown metric {:?}; known are", self.0)?;
        for (i, metric) in Metric::ALL.into_iter().enumerate() {
            write!(f, "{} {metric}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownMetric {}

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Metric::ALL.into_iter().find(|metric| metric.name() == name).ok_or_else(|| UnknownMetric(name.to_owned()))
    }
}
