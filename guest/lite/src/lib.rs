//! The engine without fetching, for JavaScript: small and synchronous.
//!
//! Metrics are the similarity crate's, over one symbol type, and go by their number in the contract; all but `damerau-levenshtein` and
//! `typo` are here, which would cost more bytes than the rest of their kind. The crate's index would cost three times as
//! much as everything here together, so [`words`] has one of its own, that gives the same answers from less. The package
//! checks names and arguments before it calls.

mod jaro;
mod metric;
mod words;

use likewise_similarity::Metric;
use wasm_bindgen::prelude::*;

pub use metric::{distance, similarity};
use words::Words;

fn symbols(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

/// Two strings by code point: their distance, 0 for equal ones, or their normalised similarity, 0.0 to 1.0.
#[wasm_bindgen]
#[must_use]
pub fn compare(metric: u8, far: bool, a: &str, b: &str) -> f64 {
    (if far { distance } else { similarity })(metric, &symbols(a), &symbols(b))
}

/// Code points of the longest query that a search by this metric takes.
#[wasm_bindgen(js_name = longestQuery)]
#[must_use]
pub fn longest_query(metric: u8) -> u32 {
    Metric::ALL.get(usize::from(metric)).map_or(0, |metric| metric.longest_query() as u32)
}

/// Words, indexed.
#[wasm_bindgen]
pub struct Index(Words);

#[wasm_bindgen]
impl Index {
    /// Words joined by line ends, and for each its priority: no bytes where all are equal.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(text: String, priorities: &[u8]) -> Index {
        Index(Words::new(text, priorities))
    }

    /// Number of words.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.0.count()
    }

    /// The word at an index below `count`.
    #[must_use]
    pub fn get(&self, index: u32) -> String {
        self.0.get(index).into()
    }

    /// The best `limit` matches, best first: index and score in turn. A cutoff of NaN is none.
    #[must_use]
    pub fn search(&self, query: &str, limit: u32, metric: u8, cutoff: f64) -> Vec<f64> {
        self.0.search(&symbols(query), limit as usize, metric, cutoff)
    }
}
