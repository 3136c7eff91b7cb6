//! String metrics, batch kernels and an exact nearest-word dictionary. Knows no wasm, no WIT and no I/O.

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

pub use dictionary::{BuildError, Dictionary, LoadError, Match, Matches, NotADistance};
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
