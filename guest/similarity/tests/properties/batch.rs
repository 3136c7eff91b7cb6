//! A batch gives what each pair alone gives.

use crate::cutoffs::{MEASURES, scorer};
use crate::texts::{adversarial, text};
use likewise_similarity::batch::{self, Packed, Packing};
use likewise_similarity::{Measure, Metric, Ratio, Scorer};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The scores that were packed.
fn numbers(scorer: Scorer, packed: &Packed) -> Vec<f64> {
    match packed.packing {
        Packing::Whole => packed.to_whole().into_iter().map(|number| number as f64).collect(),
        Packing::Double => packed.to_doubles(),
        Packing::Fraction => {
            let scores = packed.to_fractions().into_iter().map(|[distance, largest]| {
                let normalized = if largest == 0 { 0.0 } else { distance as f64 / largest as f64 };
                if scorer.is_similarity() { 1.0 - normalized } else { normalized }
            });
            let scale = if let Scorer::Ratio(_) = scorer { 100.0 } else { 1.0 };
            scores.map(|score| score * scale).collect()
        }
    }
}

fn slices(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn check(scorer: Scorer, queries: &[&str], choices: &[&str], cutoff: Option<f64>) -> Result<(), TestCaseError> {
    // Whole numbers are packed without what a broken cutoff adds to them.
    let score = |a: &str, b: &str| {
        let score = scorer.score(a, b, cutoff);
        if scorer.is_whole() { score.floor() } else { score }
    };
    let expected: Vec<f64> = queries.iter().flat_map(|a| choices.iter().map(|b| score(a, b))).collect();
    let matrix = batch::matrix(scorer, queries, choices, cutoff);
    prop_assert!(matrix.digits.is_ascii());
    prop_assert_eq!(numbers(scorer, &matrix), expected.clone(), "{:?} {:?} {:?}", scorer, queries, choices);

    let pairs = queries.len().min(choices.len());
    let (queries, choices) = (&queries[..pairs], &choices[..pairs]);
    let expected: Vec<f64> = queries.iter().zip(choices).map(|(a, b)| score(a, b)).collect();
    let pairwise = batch::pairwise(scorer, queries, choices, cutoff).expect("as many of each");
    prop_assert_eq!(numbers(scorer, &pairwise), expected, "{:?} {:?} {:?}", scorer, queries, choices);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_scorer(
        scorer in scorer(),
        queries in vec(text(20), 0..4),
        choices in vec(text(20), 0..12),
        cutoff in option::of(0.0..12.0),
    ) {
        check(scorer, &slices(&queries), &slices(&choices), cutoff)?;
    }

    #[test]
    fn the_best_are_the_first_of_all(
        scorer in scorer(),
        query in prop_oneof![9 => text(12), 1 => text(80)],
        choices in vec(text(12), 0..60),
        cutoff in option::of(0.0..3.0),
        limit in 0..45_usize,
    ) {
        let choices = slices(&choices);
        let survives = |score: f64| {
            cutoff.is_none_or(|cutoff| if scorer.is_similarity() { score >= cutoff } else { score <= cutoff })
        };
        let scores = choices.iter().map(|choice| scorer.score(&query, choice, cutoff)).enumerate();
        let mut expected: Vec<(usize, f64)> = scores.filter(|found| survives(found.1)).collect();
        expected.sort_by(|a, b| if scorer.is_similarity() { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
        expected.truncate(limit);
        prop_assert_eq!(batch::extract(scorer, &query, &choices, cutoff, limit), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    // More than a block of choices, in every width of lane, with some too long for any.
    #[test]
    fn many_choices(
        queries in vec(text(40), 1..5),
        short in vec(text(9), 0..150),
        long in vec(text(90), 0..40),
        mixed in any::<bool>(),
    ) {
        let mut choices = [slices(&short), slices(&long)].concat();
        if mixed {
            choices.sort_by_key(|choice| choice.len() * 7 % 5);
        }
        for metric in [Metric::Indel, Metric::LcsSeq, Metric::Levenshtein, Metric::Osa] {
            check(Scorer::Metric(metric, Measure::Distance), &slices(&queries), &choices, None)?;
            check(Scorer::Metric(metric, Measure::Distance), &slices(&queries), &choices, Some(5.0))?;
            check(Scorer::Metric(metric, Measure::Similarity), &slices(&queries), &choices, None)?;
        }
        check(Scorer::Ratio(Ratio::Ratio), &slices(&queries), &choices, Some(40.0))?;
    }

    #[test]
    fn many_pairs(texts in vec((text(17), text(17)), 0..300), measure in select(&MEASURES[..])) {
        let queries: Vec<&str> = texts.iter().map(|pair| pair.0.as_str()).collect();
        let choices: Vec<&str> = texts.iter().map(|pair| pair.1.as_str()).collect();
        for metric in [Metric::Indel, Metric::LcsSeq, Metric::Levenshtein, Metric::Osa] {
            let scorer = Scorer::Metric(metric, measure);
            let expected: Vec<f64> = texts.iter().map(|(a, b)| scorer.score(a, b, None)).collect();
            let packed = batch::pairwise(scorer, &queries, &choices, None).expect("as many of each");
            prop_assert_eq!(numbers(scorer, &packed), expected);
        }
    }
}

#[test]
fn a_large_alphabet_has_its_rows_in_turn() {
    let texts = adversarial();
    let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| text.chars().count() < 140).collect();
    for metric in [Metric::Indel, Metric::Levenshtein, Metric::Osa] {
        check(Scorer::Metric(metric, Measure::Distance), &texts, &texts, None).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn pairs_need_as_many_of_each() {
    let scorer = Scorer::Metric(Metric::Jaro, Measure::Distance);
    let error = batch::pairwise(scorer, &["a", "b"], &["a"], None).expect_err("two and one");
    assert_eq!(error.to_string(), "2 queries and 1 choices do not make pairs; give as many of each");
}

#[test]
fn nothing_makes_nothing() {
    let scorer = Scorer::Metric(Metric::Indel, Measure::Distance);
    assert_eq!(batch::matrix(scorer, &[], &["a"], None).digits, "");
    assert_eq!(batch::matrix(scorer, &["a"], &[], None).digits, "");
    assert_eq!(batch::matrix(scorer, &[""], &["a", ""], None).to_whole(), [1, 0]);
}
