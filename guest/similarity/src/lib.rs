//! String metrics, batch kernels and an exact nearest-word dictionary. Knows no wasm, no WIT and no I/O.

mod dictionary;
mod metric;
mod typo;

pub use dictionary::{BuildError, Dictionary, LoadError, Match, Matches, NotADistance};
pub use metric::{Metric, UnknownMetric};
pub use typo::typo_cost;
