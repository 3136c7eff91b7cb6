//! String metrics, batch kernels and an exact nearest-word dictionary. Knows no wasm, no WIT and no I/O.

mod metric;

pub use metric::{Metric, UnknownMetric};
