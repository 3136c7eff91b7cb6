//! What a person probably meant: the cost of the typing errors that turn a word into a query.
//!
//! An alignment of the two words over letters that are missing, extra, substituted or swapped, each priced by how readily people
//! make the error where it stands (`errors`), and then what the words have in common as wholes (`whole`). Costs are whole numbers, ten
//! of which make an error about e times less likely; equal words cost 0 and no others do. The prices (`costs`) were learned.

mod costs;
mod errors;
mod letter;
mod sound;
mod whole;

use letter::Letter;
use whole::Whole;

/// The cost of typing `query` when `word` was meant.
///
/// ```
/// use likewise_similarity::typo_cost;
///
/// let cost = |query: &str, word: &str| {
///     let (query, word): (Vec<char>, Vec<char>) = (query.chars().collect(), word.chars().collect());
///     typo_cost(&query, &word)
/// };
/// assert_eq!(cost("letter", "letter"), 0);
/// assert!(cost("accomodate", "accommodate") < cost("accomodate", "accommodated"));
/// assert!(cost("recieve", "receive") < cost("recieve", "relieve"));
/// ```
#[must_use]
pub fn typo_cost(query: &[char], word: &[char]) -> u32 {
    Typist::new(query).cost(word)
}

/// Dearer than any word. Costs are added below it without overflow.
const NEVER: u32 = u32::MAX / 4;

/// The rows that the longest step of the alignment reaches back.
const REACH: usize = 3;

/// A query made ready to be compared with many words.
pub(crate) struct Typist {
    query: Word,
    word: Word,
    /// The current row of the alignment and the three before it.
    rows: [Vec<u32>; REACH + 1],
}

/// The letters of a word, with what does not depend on the other one.
#[derive(Default)]
struct Word {
    letters: Vec<Letter>,
    /// The cost of each letter if the other word lacks it.
    alone: Vec<u32>,
    /// Whether each letter stands beside its like.
    is_beside_like: Vec<bool>,
    whole: Whole,
}

impl Word {
    fn fill(&mut self, word: &[char], alone: impl Fn(&[Letter], usize) -> u32) {
        self.letters.clear();
        self.letters.extend(word.iter().copied().map(Letter::new));
        self.alone.clear();
        self.alone.extend((0..word.len()).map(|i| alone(&self.letters, i)));
        self.is_beside_like.clear();
        self.is_beside_like.extend((0..word.len()).map(|i| errors::is_beside_like(&self.letters, i)));
        self.whole.fill(&self.letters);
    }
}

impl Typist {
    pub(crate) fn new(query: &[char]) -> Typist {
        let mut prepared = Word::default();
        prepared.fill(query, errors::extra);
        Typist { query: prepared, word: Word::default(), rows: Default::default() }
    }

    /// What `typo_cost` says of the query and this word.
    pub(crate) fn cost(&mut self, word: &[char]) -> u32 {
        self.word.fill(word, errors::missing);
        let columns = word.len() + 1;
        for row in &mut self.rows {
            row.clear();
            row.resize(columns, NEVER);
        }
        for i in 0..=self.query.letters.len() {
            self.rows.rotate_right(1);
            self.next_row(i);
        }
        match self.rows[0][columns - 1] {
            0 => 0,
            cost => cost.saturating_add(self.query.whole.cost(&self.word.whole)),
        }
    }

    /// Fill `rows[0]`: the costs of the query's first `i` letters against the word's first `j`, for every `j`.
    fn next_row(&mut self, i: usize) {
        let [row, above, second, third] = &mut self.rows;
        let (query, word) = (&self.query.letters[..i], &self.word.letters);
        let Some((&x, before_x)) = query.split_last() else {
            row[0] = 0;
            for j in 1..row.len() {
                row[j] = (row[j - 1] + self.word.alone[j - 1]).min(NEVER);
            }
            return;
        };
        let alone = self.query.alone[i - 1];
        let beside = if self.query.is_beside_like[i - 1] { costs::QUERY_BESIDE_LIKE } else { 0 };
        let (last_x, second_x) = (before_x.last().copied(), before_x.len().checked_sub(2).map(|at| before_x[at]));
        row[0] = (above[0] + alone).min(NEVER);
        for j in 1..row.len() {
            let y = word[j - 1];
            let mut cost = above[j - 1];
            if x.point != y.point {
                let place = if i == 1 || j == 1 { costs::FIRST_SUBSTITUTED } else { 0 };
                let beside = beside + if self.word.is_beside_like[j - 1] { costs::WORD_BESIDE_LIKE } else { 0 };
                cost += errors::substituted(x, y, place + beside);
            }
            cost = cost.min(above[j] + alone).min(row[j - 1] + self.word.alone[j - 1]);
            if j > 1 {
                let last_y = word[j - 2];
                if x.point == last_y.point && last_x.is_some_and(|last_x| last_x.point == y.point) {
                    cost = cost.min(second[j - 2] + errors::swapped(word, j - 1));
                }
                if j > 2
                    && x.point == word[j - 3].point
                    && second_x.is_some_and(|second_x| second_x.point == y.point)
                    && last_x.is_some_and(|last_x| last_x.point == last_y.point)
                {
                    cost = cost.min(third[j - 3] + costs::SWAPPED_AROUND);
                }
            }
            row[j] = cost.min(NEVER);
        }
    }
}

/// A rough cost from the number of errors alone, by optimal string alignment, between words of these lengths: what a search for
/// candidates goes by.
pub(crate) fn rough_cost(query: usize, word: usize, errors: usize) -> u32 {
    const MISSING: u32 = 30;
    const EXTRA: u32 = 45;
    const OTHER: u32 = 40;
    let alone = query.abs_diff(word);
    let length = (alone as u32).saturating_mul(if word > query { MISSING } else { EXTRA });
    length.saturating_add(((errors - alone) as u32).saturating_mul(OTHER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn letters(word: &str) -> Vec<char> {
        word.chars().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn only_equal_words_cost_nothing(query in "[a-cA-Cé]{0,6}", word in "[a-cA-Cé]{0,6}") {
            let (query, word) = (letters(&query), letters(&word));
            prop_assert_eq!(typo_cost(&query, &word) == 0, query == word);
        }
    }

    #[test]
    fn case_and_accents_cost_little() {
        let cost = |query: &str, word: &str| typo_cost(&letters(query), &letters(word));
        assert!(cost("naive", "naïve") < cost("naive", "native"));
        assert!(cost("english", "English") < cost("english", "englisn"));
        assert_eq!(cost("日本", "日本"), 0);
        assert!(cost("日本", "日木") > 0);
    }

    #[test]
    fn words_alike_as_wholes_cost_less() {
        let cost = |query: &str, word: &str| typo_cost(&letters(query), &letters(word));
        assert!(cost("almni", "alumni") < cost("almni", "amni"));
        assert!(cost("siad", "said") < cost("siad", "sid"));
        assert!(cost("nessecary", "necessary") < cost("nessecary", "necessarily"));
        assert!(cost("wierd", "weird") < cost("wierd", "wired"));
    }
}
