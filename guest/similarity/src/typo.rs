//! What a person probably meant: the cost of the typing errors that turn a word into a query.
//!
//! An alignment over insertions, deletions, substitutions and adjacent transpositions (the recurrence of optimal
//! string alignment), each priced by how readily people make it.

/// The cost of typing `query` when `word` was meant. Zero only for equal strings.
#[must_use]
pub fn typo_cost(query: &[char], word: &[char]) -> u32 {
    let mut before = vec![0; word.len() + 1];
    let mut above = vec![0; word.len() + 1];
    for j in 0..word.len() {
        above[j + 1] = above[j] + missing(word, j);
    }
    let mut row = vec![0; word.len() + 1];
    for i in 0..query.len() {
        row[0] = above[0] + extra(query, i);
        for j in 0..word.len() {
            let mut cost =
                (above[j] + substituted(query, i, word, j)).min(above[j + 1] + extra(query, i)).min(row[j] + missing(word, j));
            if i > 0 && j > 0 && query[i] == word[j - 1] && query[i - 1] == word[j] {
                cost = cost.min(before[j - 1] + transposed(word, j));
            }
            row[j + 1] = cost;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    above[word.len()]
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The word's letter `j` is not in the query.
fn missing(word: &[char], j: usize) -> u32 {
    let c = word[j];
    let double = j > 0 && word[j - 1] == c || j + 1 < word.len() && word[j + 1] == c;
    let base = if double {
        1
    } else if j + 1 == word.len() && matches!(c, 'e' | 's') {
        3
    } else if is_vowel(c) || c == 'h' {
        2
    } else {
        3
    };
    base + if j == 0 { 2 } else { 0 }
}

/// The query's letter `i` is not in the word.
fn extra(query: &[char], i: usize) -> u32 {
    let c = query[i];
    let double = i > 0 && query[i - 1] == c || i + 1 < query.len() && query[i + 1] == c;
    (if double { 2 } else { 4 }) + if i == 0 { 2 } else { 0 }
}

fn substituted(query: &[char], i: usize, word: &[char], j: usize) -> u32 {
    let (x, y) = (query[i], word[j]);
    if x == y {
        return 0;
    }
    let alike = is_vowel(x) && is_vowel(y)
        || ["cs", "ck", "sz", "gj", "dt", "bp", "mn", "fv", "kq", "cq", "vw", "xs", "xc", "gk", "lr", "cz"]
            .iter()
            .any(|pair| pair.contains(x) && pair.contains(y));
    (if alike { 3 } else { 5 }) + if i == 0 || j == 0 { 2 } else { 0 } + u32::from(i + 1 == query.len() && j + 1 == word.len())
}

fn transposed(word: &[char], j: usize) -> u32 {
    (if is_vowel(word[j]) && is_vowel(word[j - 1]) { 1 } else { 2 }) + if j == 1 { 2 } else { 0 }
}
