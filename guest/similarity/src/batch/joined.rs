//! Batches of texts that come as one string, as they do across a component's boundary.
//!
//! Each text is followed by the separator, so "a\nb\n" holds two, "\n" one that is empty, and "" none; the separator after
//! the last one may be missing where that one is not empty.
//!
//! ```
//! use likewise_similarity::{Measure, Metric, Scorer, batch::joined};
//!
//! let scorer = Scorer::Metric(Metric::Indel, Measure::Distance);
//! let distances = joined::matrix(scorer, "almni\n", "move\nalumni\namni\n", '\n', false, None);
//! assert_eq!(distances.to_whole(), [7, 1, 1]);
//! ```

use super::{Packed, UnequalCounts};
use crate::Scorer;
use crate::fuzz::default_process;
use std::borrow::Cow;

/// [`matrix`](super::matrix) of joined texts, each given to [`default_process`] first where `processed` says so.
#[must_use]
pub fn matrix(scorer: Scorer, queries: &str, choices: &str, separator: char, processed: bool, cutoff: Option<f64>) -> Packed {
    let (queries, choices) = (texts(queries, separator, processed), texts(choices, separator, processed));
    super::matrix(scorer, &slices(&queries), &slices(&choices), cutoff)
}

/// [`pairwise`](super::pairwise) of joined texts, each given to [`default_process`] first where `processed` says so.
///
/// # Errors
///
/// Where there are not as many queries as choices.
pub fn pairwise(
    scorer: Scorer,
    queries: &str,
    choices: &str,
    separator: char,
    processed: bool,
    cutoff: Option<f64>,
) -> Result<Packed, UnequalCounts> {
    let (queries, choices) = (texts(queries, separator, processed), texts(choices, separator, processed));
    super::pairwise(scorer, &slices(&queries), &slices(&choices), cutoff)
}

/// [`extract`](super::extract) from joined texts, each and the query given to [`default_process`] first where `processed` says so.
#[must_use]
pub fn extract(
    scorer: Scorer,
    query: &str,
    choices: &str,
    separator: char,
    processed: bool,
    cutoff: Option<f64>,
    limit: usize,
) -> Vec<(usize, f64)> {
    let query = prepared(query, processed);
    let choices = texts(choices, separator, processed);
    super::extract(scorer, &query, &slices(&choices), cutoff, limit)
}

fn texts(joined: &str, separator: char, processed: bool) -> Vec<Cow<'_, str>> {
    joined.split_terminator(separator).map(|text| prepared(text, processed)).collect()
}

fn prepared(text: &str, processed: bool) -> Cow<'_, str> {
    if processed { Cow::Owned(default_process(text)) } else { Cow::Borrowed(text) }
}

fn slices<'a>(texts: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    texts.iter().map(AsRef::as_ref).collect()
}
