//! Every metric against its definition.

use crate::oracle;
use crate::texts::{adversarial, pair};
use likewise_similarity::levenshtein::{self, Weights};
use likewise_similarity::{Metric, distance, similarity};
use proptest::prelude::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(metric: Metric, a: &str, b: &str) -> Result<(), TestCaseError> {
    let expected = oracle::distance(metric, a, b);
    let found = distance(metric, a, b);
    prop_assert!((found - expected).abs() < 1e-9, "{metric} {a:?} {b:?}: {found} instead of {expected}");

    let lengths = [a, b].map(|text| text.chars().count());
    let maximum = match metric {
        Metric::Indel => lengths[0] + lengths[1],
        Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice => 1,
        _ => lengths[0].max(lengths[1]),
    };
    let expected = if maximum == 0 { 1.0 } else { 1.0 - expected / maximum as f64 };
    let found = similarity(metric, a, b);
    prop_assert!((found - expected).abs() < 1e-9, "{metric} {a:?} {b:?}: {found} instead of {expected}");
    Ok(())
}

macro_rules! against_the_definition {
    ($($name:ident: $metric:ident),*) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]
            $(
                #[test]
                fn $name((a, b) in pair(20)) {
                    check(Metric::$metric, &a, &b)?;
                }
            )*
        }
    };
}

against_the_definition! {
    indel: Indel,
    levenshtein: Levenshtein,
    osa: Osa,
    damerau_levenshtein: DamerauLevenshtein,
    hamming: Hamming,
    lcs_seq: LcsSeq,
    prefix: Prefix,
    postfix: Postfix,
    jaro: Jaro,
    jaro_winkler: JaroWinkler,
    sorensen_dice: SorensenDice
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn long_texts((a, b) in pair(300)) {
        for metric in Metric::ALL.into_iter().filter(|&metric| metric != Metric::Typo) {
            check(metric, &a, &b)?;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn weighted_levenshtein((a, b) in pair(12), insert in 0..4_u32, delete in 0..4_u32, substitute in 0..6_u32) {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let weights = Weights { insert, delete, substitute };
        let found = levenshtein::weighted_distance(&a, &b, weights);
        prop_assert_eq!(found, oracle::weighted(&a, &b, weights));
        prop_assert!(found <= weights.maximum(a.len(), b.len()));
    }
}

#[test]
fn adversarial_texts() {
    let texts = adversarial();
    // strsim takes seconds for its unrestricted distance of the longest ones, and for the last metric the names of code points
    // run out.
    let quick = |metric: Metric, a: &str, b: &str| match metric {
        Metric::DamerauLevenshtein => a.len() * b.len() < 40_000,
        Metric::SorensenDice | Metric::Typo => false,
        _ => true,
    };
    for (i, a) in texts.iter().enumerate() {
        for b in &texts[i.saturating_sub(14)..=i] {
            for metric in Metric::ALL.into_iter().filter(|&metric| quick(metric, a, b)) {
                check(metric, a, b).unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
}
