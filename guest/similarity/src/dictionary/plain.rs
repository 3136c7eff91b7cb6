//! Every metric by its definition, two words at a time: the truth that the index must agree with, and the
//! fallback for words that the kernels do not take.
//!
//! Words are slices of symbols (code points, or numbers that stand for them); equality is all that counts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::Metric;

/// Normalised similarity of `query` and `word` in percent.
pub(super) fn score(metric: Metric, query: &[u32], word: &[u32]) -> f64 {
    match metric {
        Metric::Jaro => 100.0 * jaro(query, word),
        Metric::JaroWinkler => 100.0 * jaro_winkler(query, word),
        Metric::SorensenDice => 100.0 * sorensen_dice(query, word),
        Metric::Typo => score(Metric::Indel, query, word),
        _ => {
            let distance = distance(metric, query, word).unwrap_or(0);
            percent(distance, largest_distance(metric, query.len(), word.len()))
        }
    }
}

/// The number of edits between two words, for the metrics that count edits.
pub(super) fn distance(metric: Metric, a: &[u32], b: &[u32]) -> Option<usize> {
    let longer = a.len().max(b.len());
    let pairs = || a.iter().zip(b);
    Some(match metric {
        Metric::Indel => a.len() + b.len() - 2 * lcs(a, b),
        Metric::LcsSeq => longer - lcs(a, b),
        Metric::Levenshtein => levenshtein(a, b),
        Metric::Osa => osa(a, b),
        Metric::DamerauLevenshtein => damerau_levenshtein(a, b),
        Metric::Hamming => longer - pairs().filter(|(x, y)| x == y).count(),
        Metric::Prefix => longer - pairs().take_while(|(x, y)| x == y).count(),
        Metric::Postfix => {
            let pairs = a.iter().rev().zip(b.iter().rev());
            longer - pairs.take_while(|(x, y)| x == y).count()
        }
        Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice | Metric::Typo => return None,
    })
}

/// The distance between words of these lengths that share nothing.
pub(super) fn largest_distance(metric: Metric, a: usize, b: usize) -> usize {
    if metric == Metric::Indel {
        a + b
    } else {
        a.max(b)
    }
}

/// `distance` as a similarity in percent; two empty words are equal.
pub(super) fn percent(distance: usize, largest: usize) -> f64 {
    if largest == 0 {
        100.0
    } else {
        (1.0 - distance as f64 / largest as f64) * 100.0
    }
}

/// Length of the longest common subsequence.
pub(super) fn lcs(a: &[u32], b: &[u32]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y {
                diagonal + 1
            } else {
                above.max(row[j])
            };
            diagonal = above;
        }
    }
    row[b.len()]
}

fn levenshtein(a: &[u32], b: &[u32]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

fn osa(a: &[u32], b: &[u32]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut row = vec![0; b.len() + 1];
    for i in 0..a.len() {
        row[0] = i + 1;
        for j in 0..b.len() {
            let mut cost = (above[j] + usize::from(a[i] != b[j]))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    above[b.len()]
}

/// Lowrance and Wagner (1975) in linear memory, after Zhao and Sahni (2020): a transposition that pays spans either two
/// neighbouring columns or two neighbouring rows, so two remembered values stand for all earlier rows.
fn damerau_levenshtein(a: &[u32], b: &[u32]) -> usize {
    let far = a.len() + b.len() + 1;
    // Rows hold column `j` at `j + 1`; column -1 is out of reach.
    let mut above = vec![far; b.len() + 2];
    let mut row: Vec<usize> = std::iter::once(far).chain(0..=b.len()).collect();
    let mut two_back_at_match = vec![far; b.len() + 2];
    let mut last_row: HashMap<u32, usize> = HashMap::new();
    for i in 1..=a.len() {
        // From here `row` still holds the row before `above`, and is overwritten from the left.
        std::mem::swap(&mut row, &mut above);
        let mut last_column = 0;
        let mut diagonal_two_up = row[1];
        let mut two_up_at_match = far;
        row[1] = i;
        for j in 1..=b.len() {
            let same = a[i - 1] == b[j - 1];
            let mut cost = (above[j] + usize::from(!same))
                .min(row[j] + 1)
                .min(above[j + 1] + 1);
            if same {
                last_column = j;
                two_back_at_match[j + 1] = above[j - 1];
                two_up_at_match = diagonal_two_up;
            } else if let Some(k) = last_row.get(&b[j - 1]).copied() {
                if last_column > 0 && j - last_column == 1 {
                    cost = cost.min(two_back_at_match[j + 1] + (i - k));
                } else if last_column > 0 && i - k == 1 {
                    cost = cost.min(two_up_at_match + (j - last_column));
                }
            }
            diagonal_two_up = row[j + 1];
            row[j + 1] = cost;
        }
        last_row.insert(a[i - 1], i);
    }
    row[b.len() + 1]
}

/// Jaro (1989). The window is `max(len) / 2 - 1`; each symbol of `a`, from the left, takes the first free equal one of `b` in reach.
fn jaro(a: &[u32], b: &[u32]) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut matched = Vec::new();
    for (i, x) in a.iter().enumerate() {
        let from = i.saturating_sub(reach);
        let to = b.len().min(i + reach + 1);
        if let Some(j) = (from..to).find(|&j| !taken[j] && b[j] == *x) {
            taken[j] = true;
            matched.push(*x);
        }
    }
    let theirs = b
        .iter()
        .zip(&taken)
        .filter_map(|(y, taken)| taken.then_some(y));
    let out_of_order = matched.iter().zip(theirs).filter(|(x, y)| x != y).count();
    jaro_of(matched.len(), out_of_order / 2, a.len(), b.len())
}

/// Jaro's similarity from the number of matches and of transpositions.
pub(super) fn jaro_of(matches: usize, transpositions: usize, a: usize, b: usize) -> f64 {
    if matches == 0 {
        return 0.0;
    }
    let m = matches as f64;
    (m / a as f64 + m / b as f64 + (matches - transpositions) as f64 / m) / 3.0
}

fn jaro_winkler(a: &[u32], b: &[u32]) -> f64 {
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    winkler(jaro(a, b), prefix)
}

/// Winkler's bonus for a common prefix of up to four symbols, given from 0.7 upwards.
pub(super) fn winkler(jaro: f64, prefix: usize) -> f64 {
    if jaro > 0.7 {
        jaro + 0.1 * prefix as f64 * (1.0 - jaro)
    } else {
        jaro
    }
}

/// Shared adjacent pairs, white space left out; words without a pair are similar only if equal.
fn sorensen_dice(a: &[u32], b: &[u32]) -> f64 {
    let solid =
        |word: &[u32]| -> Vec<u32> { word.iter().copied().filter(|&c| !is_white(c)).collect() };
    let (a, b) = (solid(a), solid(b));
    if a == b {
        return 1.0;
    }
    if a.len() < 2 || b.len() < 2 {
        return 0.0;
    }
    let mut pairs: HashMap<[u32; 2], usize> = HashMap::new();
    for pair in a.windows(2) {
        *pairs.entry([pair[0], pair[1]]).or_default() += 1;
    }
    let mut common = 0;
    for pair in b.windows(2) {
        if let Entry::Occupied(mut left) = pairs.entry([pair[0], pair[1]]) {
            common += 1;
            *left.get_mut() -= 1;
            if *left.get() == 0 {
                left.remove();
            }
        }
    }
    (2 * common) as f64 / (a.len() + b.len() - 2) as f64
}

pub(super) fn is_white(symbol: u32) -> bool {
    char::from_u32(symbol).is_some_and(char::is_whitespace)
}
