//! String metrics, batch kernels and an exact nearest-word dictionary. Knows no wasm, no WIT and no I/O.
//!
//! ```
//! use likewise_similarity::{Measure, Metric, Ratio, Scorer, batch, distance, levenshtein, similarity};
//!
//! // Two texts: a distance in edits, a similarity from 0 to 1.
//! assert_eq!(distance(Metric::Levenshtein, "kitten", "sitting"), 3.0);
//! assert_eq!(similarity(Metric::Hamming, "move", "mole"), 0.75);
//!
//! // Sequences of anything that has a number, by the module of the metric.
//! assert_eq!(levenshtein::distance(&[1_u32, 2, 3], &[1, 3]), 1);
//!
//! // Any number of any metric, and the ratios of RapidFuzz, with a cutoff.
//! let scorer = Scorer::Metric(Metric::Osa, Measure::NormalizedSimilarity);
//! assert_eq!(scorer.score("form", "from", Some(0.8)), 0.0);
//!
//! // Many texts at once.
//! let best = batch::extract(Scorer::Ratio(Ratio::Ratio), "mve", &["mane", "move", "moved"], None, 1);
//! assert_eq!(best[0].0, 1);
//! ```
//!
//! Texts are compared by code points, as they are: nothing is normalised, folded or trimmed first.

pub mod batch;
mod dictionary;
mod editops;
pub mod fuzz;
mod metric;
mod metrics;
mod pattern;
mod score;
mod scorer;
mod symbol;
mod typo;

pub use dictionary::{BuildError, Dictionary, LoadError, Match, Matches, SearchError, TooLong};
pub use editops::{Edit, EditOp, NoEditOps, editops};
pub use fuzz::{Ratio, UnknownRatio};
pub use metric::{Metric, UnknownMetric};
pub use metrics::{
    damerau_levenshtein, hamming, indel, jaro, jaro_winkler, lcs_seq, levenshtein, osa, postfix, prefix, sorensen_dice,
};
pub use score::{distance, similarity};
pub use scorer::{Measure, Scorer};
pub use symbol::Symbol;
pub use typo::typo_cost;

/// The examples of the documentation's site.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/rust.md")]
struct Examples;
