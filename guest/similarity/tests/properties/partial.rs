//! The partial ratio against trying every part.

use crate::oracle::lcs;
use crate::texts::pair;
use likewise_similarity::Ratio;
use likewise_similarity::fuzz::{self, partial_ratio_alignment};
use proptest::prelude::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn ratio(a: &[char], b: &[char]) -> f64 {
    let total = a.len() + b.len();
    (1.0 - (total - 2 * lcs(a, b)) as f64 / total as f64) * 100.0
}

/// The best ratio of `needle` and any part of `text` of its length, or any shorter one at either end.
fn best(needle: &[char], text: &[char]) -> f64 {
    let length = needle.len();
    let windows = text.windows(length).map(|part| ratio(needle, part));
    let ends = (1..length).flat_map(|part| [&text[..part], &text[text.len() - part..]]);
    windows.chain(ends.map(|part| ratio(needle, part))).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_part_is_better((a, b) in pair(24)) {
        let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let (needle, text) = if x.len() <= y.len() { (&x, &y) } else { (&y, &x) };
        let found = fuzz::ratio(Ratio::PartialRatio, &a, &b, 0.0);
        if needle.is_empty() {
            prop_assert_eq!(found, if text.is_empty() { 100.0 } else { 0.0 });
            return Ok(());
        }
        let mut expected = best(needle, text);
        if x.len() == y.len() {
            expected = expected.max(best(text, needle));
        }
        prop_assert!((found - expected).abs() < 1e-9, "{:?} {:?}: {} instead of {}", a, b, found, expected);

        let place = partial_ratio_alignment(&a, &b, 0.0).expect("no cutoff");
        if place.score > 0.0 {
            let parts = (&x[place.src_start..place.src_end], &y[place.dest_start..place.dest_end]);
            prop_assert!((ratio(parts.0, parts.1) - place.score).abs() < 1e-9);
        }
    }
}
