//! Every metric, against plain dynamic programming and strsim: the numbers of two strings, of slices of every symbol type, the
//! edits, and what a cutoff may change.

use crate::oracle;
use crate::texts::{longest, strings, texts};
use arbitrary::{Result, Unstructured};
use likewise_similarity::levenshtein::{self, Weights};
use likewise_similarity::{
    Edit, EditOp, Measure, Metric, Scorer, Symbol, damerau_levenshtein, distance, editops, hamming, indel, jaro, jaro_winkler,
    lcs_seq, osa, postfix, prefix, similarity, sorensen_dice, typo_cost,
};

pub(crate) const MEASURES: [Measure; 4] =
    [Measure::Distance, Measure::Similarity, Measure::NormalizedDistance, Measure::NormalizedSimilarity];

/// strsim's unrestricted distance takes microseconds for each step. Past this many it is left to the plain table.
const STRSIM_STEPS: usize = 1000;

/// Compare every two of some texts.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
}

fn verify(u: &mut Unstructured<'_>) -> Result<u64> {
    let cutoffs: [u8; 4] = u.arbitrary()?;
    let weights: [u8; 3] = u.arbitrary()?;
    let weights = weights.map(|weight| u32::from(weight % 8));
    let weights = Weights { insert: weights[0], delete: weights[1], substitute: weights[2] };
    let longest = longest(u)?;
    let texts = texts(u, 2, 4, longest)?;
    let strings = strings(&texts);
    let mut cases = 0;
    for (a, x) in strings.iter().zip(&texts) {
        for (b, y) in strings.iter().zip(&texts) {
            let pair = Pair { a, b, x, y };
            for metric in Metric::ALL {
                cases += pair.check(metric, cutoffs);
            }
            cases += pair.check_weighted(weights, cutoffs) + pair.check_edits();
        }
    }
    Ok(cases)
}

pub(crate) fn close(x: f64, y: f64) -> bool {
    (x - y).abs() < 1e-9
}

/// Two texts, as strings and as code points.
struct Pair<'a> {
    a: &'a str,
    b: &'a str,
    x: &'a [char],
    y: &'a [char],
}

impl Pair<'_> {
    /// One metric, in every way to ask for it.
    fn check(&self, metric: Metric, cutoffs: [u8; 4]) -> u64 {
        let Pair { a, b, x, y } = *self;
        let edits = if metric == Metric::Typo { Metric::Indel } else { metric };
        let expected = oracle::distance(edits, x, y);
        let maximum = oracle::maximum(metric, x.len(), y.len());
        let alike = if maximum == 0 { 1.0 } else { 1.0 - expected / maximum as f64 };
        let found = similarity(metric, a, b);
        assert!(close(found, alike), "{metric} similarity of {a:?} and {b:?}: {found} instead of {alike}");
        let found = distance(metric, a, b);
        if metric == Metric::Typo {
            assert_eq!(found == 0.0, a == b, "typo {a:?} {b:?}: {found}");
            assert_eq!(found, f64::from(typo_cost(x, y)));
        } else {
            assert!(close(found, expected), "{metric} of {a:?} and {b:?}: {found} instead of {expected}");
            if metric != Metric::DamerauLevenshtein || x.len() * y.len() <= STRSIM_STEPS {
                let theirs = oracle::strsim(metric, a, b);
                assert!(theirs.is_none_or(|theirs| close(theirs, expected)), "{metric} {a:?} {b:?}: strsim says {theirs:?}");
            }
            self.check_slices(metric, expected, usize::from(cutoffs[0]));
        }
        let mut cases = 1;
        for (measure, cutoff) in MEASURES.into_iter().zip(cutoffs) {
            cases += check_cutoffs(Scorer::Metric(metric, measure), a, b, cutoff);
        }
        cases
    }

    /// The functions on slices, in every symbol type that holds the texts.
    fn check_slices(&self, metric: Metric, expected: f64, other: usize) {
        let codes = |text: &[char]| -> Vec<u32> { text.iter().map(|&c| u32::from(c)).collect() };
        let (x, y) = (codes(self.x), codes(self.y));
        let largest = x.iter().chain(&y).copied().max().unwrap_or(0);
        check_slices(metric, &x, &y, expected, other);
        if let Ok(largest) = u16::try_from(largest) {
            let narrow = |text: &[u32]| -> Vec<u16> { text.iter().map(|&code| code as u16).collect() };
            check_slices(metric, &narrow(&x), &narrow(&y), expected, other);
            if u8::try_from(largest).is_ok() {
                let bytes = |text: &[u32]| -> Vec<u8> { text.iter().map(|&code| code as u8).collect() };
                check_slices(metric, &bytes(&x), &bytes(&y), expected, other);
            }
        }
    }

    /// The metrics that take a parameter.
    fn check_weighted(&self, weights: Weights, cutoffs: [u8; 4]) -> u64 {
        let Pair { a, b, x, y } = *self;
        let expected = oracle::weighted(x, y, weights);
        let found = levenshtein::weighted_distance(x, y, weights);
        assert_eq!(found, expected, "{weights:?} {a:?} {b:?}");
        assert!(found <= weights.maximum(x.len(), y.len()), "{weights:?} {a:?} {b:?}");
        let weight = f64::from(cutoffs[0]) / 255.0;
        let expected = oracle::jaro_winkler(x, y, weight);
        let found = jaro_winkler::weighted_similarity(x, y, weight);
        assert!(close(found, expected), "jaro-winkler by {weight}: {a:?} {b:?}: {found} instead of {expected}");
        let mut cases = 2;
        for (measure, cutoff) in MEASURES.into_iter().zip(cutoffs) {
            cases += check_cutoffs(Scorer::WeightedLevenshtein(weights, measure), a, b, cutoff);
            cases += check_cutoffs(Scorer::WeightedJaroWinkler(weight, measure), a, b, cutoff);
        }
        cases
    }

    /// The edits lead from one text to the other, in as many steps as the distance.
    fn check_edits(&self) -> u64 {
        let Pair { a, b, x, y } = *self;
        let metrics = [Metric::Levenshtein, Metric::Indel, Metric::LcsSeq, Metric::Hamming];
        for metric in metrics {
            let edits = editops(metric, a, b).expect("these have edits");
            assert_eq!(applied(&edits, x, y), y, "{metric} {a:?} {b:?}");
            let counted = if metric == Metric::LcsSeq { Metric::Indel } else { metric };
            assert_eq!(edits.len() as f64, oracle::distance(counted, x, y), "{metric} {a:?} {b:?}");
            let replaces = edits.iter().any(|op| op.edit == Edit::Replace);
            assert!(!replaces || matches!(metric, Metric::Levenshtein | Metric::Hamming), "{metric} {a:?} {b:?}");
        }
        metrics.len() as u64
    }
}

/// A cutoff replaces the scores that are worse, and changes no other: the score itself, ones beside it, and any other.
pub(crate) fn check_cutoffs(scorer: Scorer, a: &str, b: &str, other: u8) -> u64 {
    let full = scorer.score(a, b, None);
    let step = if scorer.is_whole() { 1.0 } else { 1e-7 };
    let scale = match scorer {
        Scorer::Ratio(_) => 100.0,
        _ if scorer.is_whole() => 40.0,
        _ => 1.0,
    };
    let other = if scorer.is_whole() { f64::from(other % 64) } else { f64::from(other) / 250.0 * scale };
    let cutoffs = [full, full - step, full + step, other];
    for cutoff in cutoffs.map(|cutoff| cutoff.max(0.0)) {
        let survives = if scorer.is_similarity() { full >= cutoff } else { full <= cutoff };
        let expected = match scorer {
            _ if survives => full,
            _ if scorer.is_similarity() => 0.0,
            _ if scorer.is_whole() => cutoff + 1.0,
            _ => 1.0,
        };
        let found = scorer.score(a, b, Some(cutoff));
        assert_eq!(found, expected, "{scorer:?} of {a:?} and {b:?}, which is {full}, with the cutoff {cutoff}");
    }
    cutoffs.len() as u64
}

fn check_slices<T: Symbol>(metric: Metric, a: &[T], b: &[T], expected: f64, other: usize) {
    type Within<T> = fn(&[T], &[T], usize) -> Option<usize>;
    let (distance, within): (usize, Option<Within<T>>) = match metric {
        Metric::Indel => (indel::distance(a, b), Some(indel::distance_within)),
        Metric::LcsSeq => (lcs_seq::distance(a, b), Some(lcs_seq::distance_within)),
        Metric::Levenshtein => (levenshtein::distance(a, b), Some(levenshtein::distance_within)),
        Metric::Osa => (osa::distance(a, b), Some(osa::distance_within)),
        Metric::DamerauLevenshtein => (damerau_levenshtein::distance(a, b), Some(damerau_levenshtein::distance_within)),
        Metric::Hamming => (hamming::distance(a, b), None),
        Metric::Prefix => (prefix::distance(a, b), None),
        Metric::Postfix => (postfix::distance(a, b), None),
        Metric::Jaro => return assert!(close(jaro::distance(a, b), expected), "jaro of slices: {expected}"),
        Metric::JaroWinkler => return assert!(close(jaro_winkler::distance(a, b), expected), "jaro-winkler: {expected}"),
        Metric::SorensenDice => {
            // Of slices, white space counts.
            let (forth, back) = (sorensen_dice::distance(a, b), sorensen_dice::distance(b, a));
            assert_eq!(forth, back, "sorensen-dice is symmetric");
            return assert!((0.0..=1.0).contains(&forth), "{forth}");
        }
        Metric::Typo => return,
    };
    assert_eq!(distance as f64, expected, "{metric} of slices");
    let Some(within) = within else { return };
    for limit in [distance, distance + 1, distance.saturating_sub(1), other] {
        assert_eq!(within(a, b, limit), (distance <= limit).then_some(distance), "{metric} of slices, within {limit}");
    }
}

/// `a` after the edits, whose symbols come from `b`.
fn applied(edits: &[EditOp], a: &[char], b: &[char]) -> Vec<char> {
    let mut result = Vec::new();
    let mut next = 0;
    for op in edits {
        result.extend_from_slice(&a[next..op.src_pos]);
        next = op.src_pos;
        if op.edit != Edit::Delete {
            result.push(b[op.dest_pos]);
        }
        if op.edit != Edit::Insert {
            next += 1;
        }
    }
    result.extend_from_slice(&a[next..]);
    result
}
