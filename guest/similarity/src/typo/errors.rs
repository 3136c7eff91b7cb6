//! What each typing error costs, by the letters it happens to and those around them.

use super::costs;
use super::letter::{BASES, EDGE, Letter, is_consonant, is_vowel};

/// A number for each pair of bases.
pub(super) type Pairs = [[i8; BASES]; BASES];

/// A letter in another case or with another accent.
const SAME_BASE: u32 = 10;

/// Every error costs something.
fn positive(cost: i32) -> u32 {
    cost.max(1).unsigned_abs()
}

/// What a letter costs that stands in one word alone.
pub(super) struct Alone {
    /// By the letter before it and itself.
    pub(super) after: Pairs,
    /// On top of that, by itself and the letter after it.
    pub(super) before: Pairs,
    /// Instead of both: the second of a double, and what it costs more at the end of the word.
    pub(super) double: [i8; BASES],
    pub(super) double_last: i32,
    /// On top: a vowel beside a vowel, a consonant between vowels, a consonant among consonants.
    pub(super) vowels: i32,
    pub(super) between_vowels: i32,
    pub(super) consonants: i32,
}

impl Alone {
    fn cost(&self, letters: &[Letter], at: usize) -> u32 {
        let letter = letters[at];
        let own = usize::from(letter.base);
        let is_last = at + 1 == letters.len();
        let before = at.checked_sub(1).map(|before| letters[before]);
        if before.is_some_and(|before| before.is_like(letter)) {
            return positive(i32::from(self.double[own]) + if is_last { self.double_last } else { 0 });
        }
        let before = before.map_or(EDGE, |before| before.base);
        let after = letters.get(at + 1).map_or(EDGE, |after| after.base);
        let mut cost = i32::from(self.after[usize::from(before)][own]) + i32::from(self.before[own][usize::from(after)]);
        cost += match (is_vowel(letter.base), is_vowel(before), is_vowel(after)) {
            (true, false, false) => 0,
            (true, _, _) => self.vowels,
            (false, true, true) => self.between_vowels,
            (false, _, _) if is_consonant(before) && is_consonant(after) => self.consonants,
            _ => 0,
        };
        positive(cost)
    }
}

/// The word's letter `at` is not in the query.
pub(super) fn missing(word: &[Letter], at: usize) -> u32 {
    costs::MISSING.cost(word, at)
}

/// The query's letter `at` is not in the word.
pub(super) fn extra(query: &[Letter], at: usize) -> u32 {
    costs::EXTRA.cost(query, at)
}

/// The query has `x` where the word has `y`; what the places they stand at add to the cost.
pub(super) fn substituted(x: Letter, y: Letter, places: i32) -> u32 {
    if x.is_like(y) {
        return SAME_BASE;
    }
    positive(i32::from(costs::SUBSTITUTED[usize::from(y.base)][usize::from(x.base)]) + places)
}

/// Whether a letter stands beside its like.
pub(super) fn is_beside_like(word: &[Letter], at: usize) -> bool {
    let is_like = |other: Option<&Letter>| other.is_some_and(|other| other.is_like(word[at]));
    is_like(at.checked_sub(1).map(|before| &word[before])) || is_like(word.get(at + 1))
}

/// The word's letters `at - 1` and `at`, in this order, came out the other way round.
pub(super) fn swapped(word: &[Letter], at: usize) -> u32 {
    let pair = costs::SWAPPED[usize::from(word[at - 1].base)][usize::from(word[at].base)];
    let first = if at == 1 { costs::FIRST_SWAPPED } else { 0 };
    positive(i32::from(pair) + first + if at + 1 == word.len() { costs::LAST_SWAPPED } else { 0 })
}
