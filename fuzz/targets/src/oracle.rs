//! The metrics and ratios as they are defined: whole tables, no machine words, nothing left out.

use likewise_similarity::levenshtein::Weights;
use likewise_similarity::{Metric, Ratio};

/// The distance of a metric by plain dynamic programming, or by its definition.
pub(crate) fn distance(metric: Metric, a: &[char], b: &[char]) -> f64 {
    let longest = a.len().max(b.len());
    let edits = match metric {
        Metric::Indel => a.len() + b.len() - 2 * lcs(a, b),
        Metric::LcsSeq => longest - lcs(a, b),
        Metric::Levenshtein => edits(a, b, Transpositions::None),
        Metric::Osa => edits(a, b, Transpositions::OfNeighbours),
        Metric::DamerauLevenshtein => edits(a, b, Transpositions::Any),
        Metric::Hamming => (0..longest).filter(|&i| a.get(i) != b.get(i)).count(),
        Metric::Prefix => longest - a.iter().zip(b).take_while(|(x, y)| x == y).count(),
        Metric::Postfix => longest - a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count(),
        Metric::Jaro => return 1.0 - jaro(a, b),
        Metric::JaroWinkler => return 1.0 - jaro_winkler(a, b, 0.1),
        Metric::SorensenDice => return 1.0 - sorensen_dice(a, b),
        Metric::Typo => unreachable!("what a typing error costs is a table, not a definition"),
    };
    edits as f64
}

/// The largest distance of texts of these lengths.
pub(crate) fn maximum(metric: Metric, a: usize, b: usize) -> usize {
    match metric {
        Metric::Indel | Metric::Typo => a + b,
        Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice => 1,
        _ => a.max(b),
    }
}

/// The distance according to strsim, where it has the metric.
pub(crate) fn strsim(metric: Metric, a: &str, b: &str) -> Option<f64> {
    Some(match metric {
        Metric::Levenshtein => strsim::levenshtein(a, b) as f64,
        Metric::Osa => strsim::osa_distance(a, b) as f64,
        Metric::DamerauLevenshtein => strsim::damerau_levenshtein(a, b) as f64,
        Metric::Jaro => 1.0 - strsim::jaro(a, b),
        Metric::JaroWinkler => 1.0 - strsim::jaro_winkler(a, b),
        // Past ASCII strsim divides by a number of bytes.
        Metric::SorensenDice if a.is_ascii() && b.is_ascii() => 1.0 - strsim::sorensen_dice(a, b),
        _ => return None,
    })
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
    let mut above: Vec<u64> = (0..=b.len() as u64).map(|j| j * insert).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![(i as u64 + 1) * delete];
        for (j, y) in b.iter().enumerate() {
            let substituted = above[j] + if x == y { 0 } else { substitute };
            row.push(substituted.min(above[j + 1] + delete).min(row[j] + insert));
        }
        above = row;
    }
    above[b.len()]
}

#[derive(Clone, Copy, PartialEq)]
enum Transpositions {
    None,
    OfNeighbours,
    Any,
}

/// The least number of edits, in a table of all prefixes (with transpositions of anything: Lowrance and Wagner, 1975).
fn edits(a: &[char], b: &[char], transpositions: Transpositions) -> usize {
    let width = b.len() + 1;
    let mut table: Vec<usize> = vec![0; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                table[i * width + j] = i + j;
                continue;
            }
            let (x, y) = (a[i - 1], b[j - 1]);
            let at = |i: usize, j: usize| table[i * width + j];
            let mut least = (at(i - 1, j) + 1).min(at(i, j - 1) + 1).min(at(i - 1, j - 1) + usize::from(x != y));
            match transpositions {
                Transpositions::OfNeighbours if i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y => {
                    least = least.min(at(i - 2, j - 2) + 1);
                }
                Transpositions::Any => {
                    // The last place before this one in `a` that holds `y`, and in `b` that holds `x`.
                    let last_y = a[..i - 1].iter().rposition(|&other| other == y);
                    let last_x = b[..j - 1].iter().rposition(|&other| other == x);
                    if let (Some(p), Some(q)) = (last_y, last_x) {
                        least = least.min(at(p, q) + (i - p - 2) + 1 + (j - q - 2));
                    }
                }
                _ => {}
            }
            table[i * width + j] = least;
        }
    }
    table[a.len() * width + b.len()]
}

/// Jaro similarity: each symbol of `b`, from left to right, takes the first free match in `a` within the window.
fn jaro(a: &[char], b: &[char]) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; a.len()];
    let mut from_b = Vec::new();
    for (j, y) in b.iter().enumerate() {
        let free = (j.saturating_sub(window)..a.len().min(j + window + 1)).find(|&i| !taken[i] && a[i] == *y);
        if let Some(i) = free {
            taken[i] = true;
            from_b.push(*y);
        }
    }
    if from_b.is_empty() {
        return 0.0;
    }
    let from_a = a.iter().zip(taken).filter(|(_, taken)| *taken).map(|(x, _)| x);
    let out_of_order = from_a.zip(&from_b).filter(|(x, y)| x != y).count();
    let matches = from_b.len() as f64;
    (matches / a.len() as f64 + matches / b.len() as f64 + (from_b.len() - out_of_order / 2) as f64 / matches) / 3.0
}

/// Jaro with Winkler's bonus.
pub(crate) fn jaro_winkler(a: &[char], b: &[char], weight: f64) -> f64 {
    let jaro = jaro(a, b);
    if jaro <= 0.7 {
        return jaro;
    }
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    (jaro + prefix as f64 * weight * (1.0 - jaro)).min(1.0)
}

fn sorensen_dice(a: &[char], b: &[char]) -> f64 {
    let solid = |text: &[char]| -> Vec<char> { text.iter().copied().filter(|c| !c.is_whitespace()).collect() };
    let (a, b) = (solid(a), solid(b));
    if a == b {
        return 1.0;
    }
    let mut pairs: Vec<&[char]> = b.windows(2).collect();
    let all = a.windows(2).count() + pairs.len();
    let mut shared = 0;
    for pair in a.windows(2) {
        if let Some(at) = pairs.iter().position(|other| *other == pair) {
            pairs.swap_remove(at);
            shared += 1;
        }
    }
    if shared == 0 { 0.0 } else { (2 * shared) as f64 / all as f64 }
}

/// The normalised indel similarity in percent.
pub(crate) fn plain_ratio(a: &[char], b: &[char]) -> f64 {
    let total = a.len() + b.len();
    if total == 0 { 100.0 } else { 200.0 * lcs(a, b) as f64 / total as f64 }
}

/// The best ratio of the shorter text and any part of the longer one of its length, or any shorter one at either end.
pub(crate) fn partial_ratio(a: &[char], b: &[char]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 100.0 } else { 0.0 };
    }
    let best = |needle: &[char], text: &[char]| {
        let length = needle.len();
        let windows = text.windows(length).map(|part| plain_ratio(needle, part));
        let ends = (1..length).flat_map(|part| [&text[..part], &text[text.len() - part..]]);
        windows.chain(ends.map(|part| plain_ratio(needle, part))).fold(0.0, f64::max)
    };
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => best(a, b),
        std::cmp::Ordering::Greater => best(b, a),
        std::cmp::Ordering::Equal => best(a, b).max(best(b, a)),
    }
}

/// The tokens of a text as RapidFuzz splits it, sorted.
fn tokens(text: &[char]) -> Vec<Vec<char>> {
    let bytes = text.iter().all(|&c| c < '\u{100}');
    let separates = |c: &char| (c.is_whitespace() && !(bytes && *c >= '\u{80}')) || ('\u{1c}'..='\u{1f}').contains(c);
    let mut tokens: Vec<Vec<char>> = text.split(separates).filter(|token| !token.is_empty()).map(<[char]>::to_vec).collect();
    tokens.sort();
    tokens
}

fn join(tokens: &[Vec<char>]) -> Vec<char> {
    tokens.join(&' ')
}

/// A ratio by RapidFuzz's definition.
pub(crate) fn ratio(ratio: Ratio, a: &[char], b: &[char]) -> f64 {
    let (x, y) = (tokens(a), tokens(b));
    let only = |these: &[Vec<char>], those: &[Vec<char>]| -> Vec<Vec<char>> {
        let mut only: Vec<Vec<char>> = these.iter().filter(|token| !those.contains(token)).cloned().collect();
        only.dedup();
        only
    };
    let (only_x, only_y) = (only(&x, &y), only(&y, &x));
    let mut common: Vec<Vec<char>> = x.iter().filter(|token| y.contains(token)).cloned().collect();
    common.dedup();
    match ratio {
        Ratio::Ratio => plain_ratio(a, b),
        Ratio::PartialRatio => partial_ratio(a, b),
        Ratio::TokenSortRatio => plain_ratio(&join(&x), &join(&y)),
        Ratio::TokenSetRatio if x.is_empty() || y.is_empty() => 0.0,
        Ratio::TokenSetRatio if !common.is_empty() && (only_x.is_empty() || only_y.is_empty()) => 100.0,
        Ratio::TokenSetRatio => {
            let with = |only: &[Vec<char>]| join(&[&common[..], only].concat());
            let (with_x, with_y, alone) = (with(&only_x), with(&only_y), join(&common));
            let best = plain_ratio(&with_x, &with_y);
            if common.is_empty() { best } else { best.max(plain_ratio(&alone, &with_x)).max(plain_ratio(&alone, &with_y)) }
        }
        Ratio::TokenRatio => self::ratio(Ratio::TokenSortRatio, a, b).max(self::ratio(Ratio::TokenSetRatio, a, b)),
        Ratio::PartialTokenSortRatio => partial_ratio(&join(&x), &join(&y)),
        Ratio::PartialTokenSetRatio if x.is_empty() || y.is_empty() => 0.0,
        Ratio::PartialTokenSetRatio if !common.is_empty() => 100.0,
        Ratio::PartialTokenSetRatio => partial_ratio(&join(&only_x), &join(&only_y)),
        Ratio::PartialTokenRatio => {
            self::ratio(Ratio::PartialTokenSortRatio, a, b).max(self::ratio(Ratio::PartialTokenSetRatio, a, b))
        }
        Ratio::WRatio if a.is_empty() || b.is_empty() => 0.0,
        Ratio::WRatio => {
            let lengths = a.len().max(b.len()) as f64 / a.len().min(b.len()) as f64;
            let whole = plain_ratio(a, b);
            if lengths < 1.5 {
                return whole.max(0.95 * self::ratio(Ratio::TokenRatio, a, b));
            }
            let scale = if lengths <= 8.0 { 0.9 } else { 0.6 };
            let parts = 0.95 * scale * self::ratio(Ratio::PartialTokenRatio, a, b);
            whole.max(scale * partial_ratio(a, b)).max(parts)
        }
        Ratio::QRatio if a.is_empty() || b.is_empty() => 0.0,
        Ratio::QRatio => plain_ratio(a, b),
    }
}
