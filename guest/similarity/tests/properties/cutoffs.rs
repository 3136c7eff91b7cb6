//! A cutoff replaces the scores that are worse, and never changes another one.

use crate::texts::pair;
use likewise_similarity::levenshtein::Weights;
use likewise_similarity::{Measure, Metric, Ratio, Scorer};
use proptest::prelude::*;
use proptest::sample::select;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Every measure.
pub(crate) const MEASURES: [Measure; 4] =
    [Measure::Distance, Measure::Similarity, Measure::NormalizedDistance, Measure::NormalizedSimilarity];

/// Any scorer.
pub(crate) fn scorer() -> impl Strategy<Value = Scorer> {
    let measure = || select(&MEASURES[..]);
    let weights = (0..4_u32, 0..4_u32, 0..6_u32);
    prop_oneof![
        4 => (select(&Metric::ALL[..]), measure()).prop_map(|(metric, measure)| Scorer::Metric(metric, measure)),
        2 => select(&Ratio::ALL[..]).prop_map(Scorer::Ratio),
        1 => (weights, measure()).prop_map(|((insert, delete, substitute), measure)| {
            Scorer::WeightedLevenshtein(Weights { insert, delete, substitute }, measure)
        }),
        1 => (0.0..1.0, measure()).prop_map(|(weight, measure)| Scorer::WeightedJaroWinkler(weight, measure)),
    ]
}

fn check(scorer: Scorer, a: &str, b: &str, cutoff: f64) -> Result<(), TestCaseError> {
    let full = scorer.score(a, b, None);
    let survives = if scorer.is_similarity() { full >= cutoff } else { full <= cutoff };
    let expected = match scorer {
        _ if survives => full,
        _ if scorer.is_similarity() => 0.0,
        _ if scorer.is_whole() => cutoff + 1.0,
        _ => 1.0,
    };
    prop_assert_eq!(scorer.score(a, b, Some(cutoff)), expected, "{:?} {:?} {:?} {}", scorer, a, b, cutoff);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cutoff_keeps_what_survives(scorer in scorer(), (a, b) in pair(20), part in 0.0..1.2_f64) {
        let cutoff = match scorer {
            Scorer::Ratio(_) => part * 100.0,
            _ if scorer.is_whole() => (part * 20.0).floor(),
            _ => part,
        };
        check(scorer, &a, &b, cutoff)?;
        // The score itself is the cutoff that is hardest to tell from one that is too high.
        check(scorer, &a, &b, scorer.score(&a, &b, None))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_band_is_wide_enough((a, b) in pair(300), measure in select(&MEASURES[..]), off in -3.0..3.0_f64) {
        for metric in [Metric::Indel, Metric::LcsSeq, Metric::Levenshtein, Metric::Osa] {
            let scorer = Scorer::Metric(metric, measure);
            let full = scorer.score(&a, &b, None);
            check(scorer, &a, &b, full)?;
            check(scorer, &a, &b, if scorer.is_whole() { (full + off).round().max(0.0) } else { full + off / 100.0 })?;
        }
    }
}
