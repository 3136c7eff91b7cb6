//! What the fuzzers check. A target is a function from any bytes to the number of cases that it made of them and verified; it
//! panics where an answer is wrong. `fuzz/` runs the targets under libFuzzer, `tests/replay.rs` over the kept inputs.
//!
//! A *case* is one question put to the engine (a scorer and two texts, with or without a cutoff; a search; a file; a page) whose
//! answer was compared with that of a plain implementation, or held against what must be true of any answer.

pub mod adapter;
pub mod batches;
pub mod charset;
pub mod dictionary;
pub mod metrics;
mod oracle;
pub mod page;
pub mod ratios;
pub mod saved_index;
mod tally;
mod texts;
pub mod url;

pub use tally::tally;

use peak_alloc::PeakAlloc;

/// Counts the bytes in use, so that a target can say what is too much.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A function from bytes to the number of cases verified.
pub type Target = fn(&[u8]) -> u64;

/// Every target, by the name of its corpus.
pub const TARGETS: [(&str, Target); 11] = [
    ("adapter", adapter::run),
    ("batches", batches::run),
    ("charset", charset::run),
    ("charset-long", charset::run_long),
    ("dictionary", dictionary::run),
    ("metrics", metrics::run),
    ("page", page::run),
    ("page-long", page::run_long),
    ("ratios", ratios::run),
    ("saved-index", saved_index::run),
    ("url", url::run),
];

/// The largest number of bytes that `action` had in use at once, beyond what was in use before.
fn peak_of<T>(action: impl FnOnce() -> T) -> (T, usize) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let result = action();
    (result, MEMORY.peak_usage().saturating_sub(before))
}
