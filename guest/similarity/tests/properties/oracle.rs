//! The metrics as they are defined, slowly.

use likewise_similarity::Metric;
use likewise_similarity::levenshtein::Weights;
use std::collections::HashMap;

/// What a metric's distance should be.
pub(crate) fn distance(metric: Metric, a: &str, b: &str) -> f64 {
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = x.len().max(y.len());
    let edits = match metric {
        Metric::Indel | Metric::Typo => x.len() + y.len() - 2 * lcs(&x, &y),
        Metric::LcsSeq => longest - lcs(&x, &y),
        Metric::Levenshtein => strsim::levenshtein(a, b),
        Metric::Osa => strsim::osa_distance(a, b),
        Metric::DamerauLevenshtein => strsim::damerau_levenshtein(a, b),
        Metric::Hamming => (0..longest).filter(|&i| x.get(i) != y.get(i)).count(),
        Metric::Prefix => longest - (0..longest).take_while(|&i| i < x.len() && x.get(i) == y.get(i)).count(),
        Metric::Postfix => {
            let (x, y): (String, String) = (x.iter().rev().collect(), y.iter().rev().collect());
            return distance(Metric::Prefix, &x, &y);
        }
        Metric::Jaro => return 1.0 - strsim::jaro(a, b),
        Metric::JaroWinkler => return 1.0 - strsim::jaro_winkler(a, b),
        Metric::SorensenDice => {
            // strsim divides by a number of bytes, which is that of code points where all are ASCII. The metric knows no more
            // of symbols than which are equal, so they may be renamed.
            let mut names = HashMap::new();
            let mut renamed = |text: &str| -> String {
                let symbols = text.chars().filter(|c| !c.is_whitespace());
                let name = |c| {
                    let next = names.len() as u8;
                    char::from(b'!' + *names.entry(c).or_insert(next))
                };
                symbols.map(name).collect()
            };
            return 1.0 - strsim::sorensen_dice(&renamed(a), &renamed(b));
        }
    };
    edits as f64
}

/// Length of the longest common subsequence.
pub(crate) fn lcs(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// The least cost of edits (Wagner and Fischer, 1974).
pub(crate) fn weighted(a: &[char], b: &[char], weights: Weights) -> u64 {
    let [insert, delete, substitute] = [weights.insert, weights.delete, weights.substitute].map(u64::from);
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let mut least = u64::MAX;
            if i > 0 {
                least = least.min(table[i - 1][j] + delete);
            }
            if j > 0 {
                least = least.min(table[i][j - 1] + insert);
            }
            if i > 0 && j > 0 {
                least = least.min(table[i - 1][j - 1] + if a[i - 1] == b[j - 1] { 0 } else { substitute });
            }
            table[i][j] = if i + j == 0 { 0 } else { least };
        }
    }
    table[a.len()][b.len()]
}
