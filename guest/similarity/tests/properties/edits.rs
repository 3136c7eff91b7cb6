//! Edit operations lead from one text to the other, in as many steps as the distance.

use crate::texts::pair;
use likewise_similarity::{Edit, EditOp, Metric, distance, editops};
use proptest::prelude::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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

fn check(a: &str, b: &str) -> Result<(), TestCaseError> {
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    for metric in [Metric::Levenshtein, Metric::Indel, Metric::LcsSeq, Metric::Hamming] {
        let edits = editops(metric, a, b).expect("these have edits");
        prop_assert_eq!(applied(&edits, &x, &y), y.clone(), "{} {:?} {:?}", metric, a, b);
        let counted = if metric == Metric::LcsSeq { Metric::Indel } else { metric };
        prop_assert_eq!(edits.len() as f64, distance(counted, a, b), "{} {:?} {:?}", metric, a, b);
        prop_assert!(
            metric == Metric::Levenshtein || metric == Metric::Hamming || edits.iter().all(|op| op.edit != Edit::Replace)
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_lead_from_a_to_b((a, b) in pair(20)) {
        check(&a, &b)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    // Past the size up to which the whole table is recorded.
    #[test]
    fn edits_of_long_texts((a, b) in pair(40)) {
        let (a, b) = (format!("{}x", a.repeat(80)), format!("y{}", b.repeat(90)));
        check(&a, &b)?;
    }
}

#[test]
fn metrics_without_edits_say_so() {
    let error = editops(Metric::Jaro, "a", "b").expect_err("jaro has none");
    assert_eq!(error.to_string(), "jaro has no edit operations; levenshtein, indel, lcs-seq and hamming have");
}
