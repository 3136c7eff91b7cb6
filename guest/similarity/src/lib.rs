//! String metrics, batch kernels and an exact nearest-word dictionary. Knows no wasm, no WIT and no I/O.

mod dictionary;
mod editops;
pub mod fuzz;
mod metric;
mod metrics;
mod pattern;
mod score;
mod symbol;
mod typo;

pub use dictionary::{BuildError, Dictionary, LoadError, Match, Matches, NotADistance};
pub use editops::{Edit, EditOp, NoEditOps, editops};
pub use metric::{Metric, UnknownMetric};
pub use metrics::{
    damerau_levenshtein, hamming, indel, jaro, jaro_winkler, lcs_seq, levenshtein, osa, postfix, prefix, sorensen_dice,
};
pub use score::{distance, similarity};
pub use symbol::Symbol;
pub use typo::typo_cost;
