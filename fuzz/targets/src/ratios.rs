//! The fuzz ratios, against RapidFuzz's definitions carried out plainly.

use crate::metrics::{check_cutoffs, close};
use crate::oracle;
use crate::texts::{strings, texts};
use arbitrary::{Result, Unstructured};
use likewise_similarity::fuzz::{default_process, partial_ratio_alignment, ratio};
use likewise_similarity::{Ratio, Scorer};

/// Compare every two of some texts.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
}

fn verify(u: &mut Unstructured<'_>) -> Result<u64> {
    let cutoff = u.arbitrary()?;
    // The plain partial ratio takes the cube of the length.
    let longest = match u.int_in_range(0..=15)? {
        0..=13 => 24,
        14 => 80,
        _ => 140,
    };
    let texts = texts(u, 1, 3, longest)?;
    let strings = strings(&texts);
    let mut cases = 0;
    for (a, x) in strings.iter().zip(&texts) {
        check_processed(a);
        cases += 1;
        for (b, y) in strings.iter().zip(&texts) {
            for kind in Ratio::ALL {
                let (found, expected) = (ratio(kind, a, b, 0.0), oracle::ratio(kind, x, y));
                assert!(close(found, expected), "{kind} of {a:?} and {b:?}: {found} instead of {expected}");
                cases += 1 + check_cutoffs(Scorer::Ratio(kind), a, b, cutoff);
            }
            check_alignment(a, b, x, y, f64::from(cutoff) / 2.5);
            cases += 1;
        }
    }
    Ok(cases)
}

/// The parts that the partial ratio names have the ratio that it gives.
fn check_alignment(a: &str, b: &str, x: &[char], y: &[char], cutoff: f64) {
    let whole = partial_ratio_alignment(a, b, 0.0).expect("everything reaches 0");
    assert!(close(whole.score, oracle::partial_ratio(x, y)), "{a:?} {b:?}: {whole:?}");
    let parts = (&x[whole.src_start..whole.src_end], &y[whole.dest_start..whole.dest_end]);
    if whole.score > 0.0 {
        assert!(close(oracle::plain_ratio(parts.0, parts.1), whole.score), "{a:?} {b:?}: {whole:?}");
    }
    let kept = partial_ratio_alignment(a, b, cutoff);
    assert_eq!(kept, (whole.score >= cutoff).then_some(whole), "{a:?} {b:?} with the cutoff {cutoff}");
}

/// Processed text is no longer than what it was made of, has no space at its ends, and stays as it is when processed again.
fn check_processed(text: &str) {
    let processed = default_process(text);
    assert!(processed.chars().count() <= text.chars().count(), "{text:?} became {processed:?}");
    assert_eq!(processed.trim_matches(' '), processed, "{text:?}");
    assert_eq!(default_process(&processed), processed, "{text:?}");
}
