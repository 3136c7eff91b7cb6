//! Many comparisons in one call give what each alone gives.

use crate::metrics::MEASURES;
use crate::texts::{longest, strings, texts};
use arbitrary::{Result, Unstructured};
use likewise_similarity::batch::{self, Packed, Packing};
use likewise_similarity::levenshtein::Weights;
use likewise_similarity::{Measure, Metric, Ratio, Scorer};

/// Compare some texts with some others, all at once and one by one.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
}

fn verify(u: &mut Unstructured<'_>) -> Result<u64> {
    let scorer = scorer(u)?;
    let cutoff: Option<u16> = u.arbitrary()?;
    let cutoff = cutoff.map(|cutoff| match scorer {
        Scorer::Ratio(_) => f64::from(cutoff % 1100) / 10.0,
        _ if scorer.is_whole() => f64::from(cutoff % 150),
        _ => f64::from(cutoff % 1100) / 1000.0,
    });
    let limit = u.int_in_range(0..=40)?;
    let longest = longest(u)?;
    let queries = strings(&texts(u, 0, 5, longest)?);
    let mut choices = strings(&texts(u, 0, 12, longest)?);
    // More than a block of choices, in an order that mixes their lengths.
    for round in 0..u.int_in_range(0..=8)? {
        let more: Vec<String> = choices.iter().skip(round % 2).step_by(1 + round % 3).take(12).cloned().collect();
        choices.extend(more);
    }
    // Queries among the choices, so that there is something to be found.
    choices.extend(queries.iter().cloned());
    let (queries, choices): (Vec<&str>, Vec<&str>) =
        (queries.iter().map(String::as_str).collect(), choices.iter().map(String::as_str).collect());

    // Whole numbers are packed without what a broken cutoff adds to them.
    let packed_score = |a: &str, b: &str| {
        let score = scorer.score(a, b, cutoff);
        if scorer.is_whole() { score.floor() } else { score }
    };
    let expected: Vec<f64> = queries.iter().flat_map(|a| choices.iter().map(move |b| packed_score(a, b))).collect();
    let matrix = batch::matrix(scorer, &queries, &choices, cutoff);
    assert!(matrix.digits.is_ascii(), "{scorer:?} {queries:?} {choices:?}");
    assert_eq!(numbers(scorer, &matrix), expected, "{scorer:?} {queries:?} {choices:?} {cutoff:?}");
    let mut cases = expected.len() as u64;

    let turned: Vec<&str> = choices.iter().rev().copied().collect();
    let expected: Vec<f64> = choices.iter().zip(&turned).map(|(a, b)| packed_score(a, b)).collect();
    let pairs = batch::pairwise(scorer, &choices, &turned, cutoff).expect("as many of each");
    assert_eq!(numbers(scorer, &pairs), expected, "{scorer:?} {choices:?} {cutoff:?}");
    cases += expected.len() as u64;

    for query in &queries {
        let expected: Vec<f64> = choices.iter().map(|choice| scorer.score(query, choice, cutoff)).collect();
        let found = batch::one_to_many(scorer, query, &choices, cutoff);
        assert_eq!(found, expected, "{scorer:?} {query:?} {choices:?} {cutoff:?}");
        let survives =
            |score: f64| cutoff.is_none_or(|cutoff| if scorer.is_similarity() { score >= cutoff } else { score <= cutoff });
        let mut best: Vec<(usize, f64)> = expected.into_iter().enumerate().filter(|found| survives(found.1)).collect();
        best.sort_by(|a, b| if scorer.is_similarity() { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
        best.truncate(limit);
        let found = batch::extract(scorer, query, &choices, cutoff, limit);
        assert_eq!(found, best, "{scorer:?} {query:?} {choices:?} {cutoff:?} {limit}");
        cases += choices.len() as u64 + 1;
    }
    Ok(cases)
}

fn scorer(u: &mut Unstructured<'_>) -> Result<Scorer> {
    let measure: Measure = *u.choose(&MEASURES)?;
    Ok(match u.int_in_range(0..=9)? {
        // Those that compare many at once.
        0..=3 => Scorer::Metric(*u.choose(&[Metric::Indel, Metric::LcsSeq, Metric::Levenshtein, Metric::Osa])?, measure),
        4 | 5 => Scorer::Metric(*u.choose(&Metric::ALL)?, measure),
        6 => Scorer::Ratio(Ratio::Ratio),
        7 => Scorer::Ratio(*u.choose(&Ratio::ALL)?),
        8 => {
            let [insert, delete, substitute] = u.arbitrary::<[u8; 3]>()?.map(|weight| u32::from(weight % 6));
            Scorer::WeightedLevenshtein(Weights { insert, delete, substitute }, measure)
        }
        _ => Scorer::WeightedJaroWinkler(f64::from(u.arbitrary::<u8>()?) / 255.0, measure),
    })
}

/// The scores that were packed.
fn numbers(scorer: Scorer, packed: &Packed) -> Vec<f64> {
    match packed.packing {
        Packing::Whole => packed.to_whole().into_iter().map(|number| number as f64).collect(),
        Packing::Double => packed.to_doubles(),
        Packing::Fraction => {
            let scale = if let Scorer::Ratio(_) = scorer { 100.0 } else { 1.0 };
            let score = |[distance, largest]: [u64; 2]| {
                let normalized = if largest == 0 { 0.0 } else { distance as f64 / largest as f64 };
                scale * if scorer.is_similarity() { 1.0 - normalized } else { normalized }
            };
            packed.to_fractions().into_iter().map(score).collect()
        }
    }
}
