//! The engine's table of prices as a value, and what a typing error costs by it: the engine's `typo::errors`, for any table.

use crate::errors::{Alone, Pairs};
use crate::letter::{EDGE, Letter, is_consonant, is_vowel};
use crate::whole;

/// A letter in another case or with another accent.
const SAME_BASE: u32 = 10;

/// What each error costs.
pub(crate) struct Prices {
    pub(crate) missing: Alone,
    pub(crate) extra: Alone,
    /// By the word's letter, then the query's; by two letters in the word's order.
    pub(crate) substituted: Pairs,
    pub(crate) swapped: Pairs,
    pub(crate) swapped_around: u32,
    pub(crate) first_substituted: i32,
    pub(crate) word_beside_like: i32,
    pub(crate) query_beside_like: i32,
    pub(crate) first_swapped: i32,
    pub(crate) last_swapped: i32,
    pub(crate) whole: [u32; whole::PRICES],
}

/// The neighbours of a letter, as far as prices depend on them.
pub(crate) struct Place {
    pub(crate) before: u8,
    pub(crate) after: u8,
    /// The second of a double, the last of the word.
    pub(crate) is_double: bool,
    pub(crate) is_last: bool,
    pub(crate) kind: Option<Kind>,
}

/// What surrounds a letter that stands in one word alone.
pub(crate) enum Kind {
    Vowels,
    BetweenVowels,
    Consonants,
}

impl Place {
    pub(crate) fn of(letters: &[Letter], at: usize) -> Place {
        let own = letters[at];
        let before = at.checked_sub(1).map(|before| letters[before]);
        let is_double = before.is_some_and(|before| before.is_like(own));
        let before = before.map_or(EDGE, |before| before.base);
        let after = letters.get(at + 1).map_or(EDGE, |after| after.base);
        let kind = match (is_vowel(own.base), is_vowel(before), is_vowel(after)) {
            (true, false, false) => None,
            (true, _, _) => Some(Kind::Vowels),
            (false, true, true) => Some(Kind::BetweenVowels),
            (false, _, _) if is_consonant(before) && is_consonant(after) => Some(Kind::Consonants),
            _ => None,
        };
        Place { before, after, is_double, is_last: at + 1 == letters.len(), kind }
    }
}

/// Every error costs something.
fn positive(cost: i32) -> u32 {
    cost.max(1).unsigned_abs()
}

/// What the letter `at` costs that the other word lacks.
pub(crate) fn alone(prices: &Alone, letters: &[Letter], at: usize) -> u32 {
    let place = Place::of(letters, at);
    let own = usize::from(letters[at].base);
    if place.is_double {
        return positive(i32::from(prices.double[own]) + if place.is_last { prices.double_last } else { 0 });
    }
    let neighbours =
        i32::from(prices.after[usize::from(place.before)][own]) + i32::from(prices.before[own][usize::from(place.after)]);
    positive(
        neighbours
            + match place.kind {
                None => 0,
                Some(Kind::Vowels) => prices.vowels,
                Some(Kind::BetweenVowels) => prices.between_vowels,
                Some(Kind::Consonants) => prices.consonants,
            },
    )
}

/// Whether a letter stands beside its like.
pub(crate) fn is_beside_like(letters: &[Letter], at: usize) -> bool {
    (at > 0 && letters[at - 1].is_like(letters[at])) || letters.get(at + 1).is_some_and(|after| after.is_like(letters[at]))
}

impl Prices {
    /// The query has its letter `i` for the word's letter `j`.
    pub(crate) fn substituted(&self, query: &[Letter], i: usize, word: &[Letter], j: usize) -> u32 {
        let (x, y) = (query[i], word[j]);
        if x.is_like(y) {
            return SAME_BASE;
        }
        let mut cost = i32::from(self.substituted[usize::from(y.base)][usize::from(x.base)]);
        cost += if i == 0 || j == 0 { self.first_substituted } else { 0 };
        cost += if is_beside_like(word, j) { self.word_beside_like } else { 0 };
        cost += if is_beside_like(query, i) { self.query_beside_like } else { 0 };
        positive(cost)
    }

    /// The word's letters `at - 1` and `at` came out the other way round.
    pub(crate) fn swapped(&self, word: &[Letter], at: usize) -> u32 {
        let pair = self.swapped[usize::from(word[at - 1].base)][usize::from(word[at].base)];
        let first = if at == 1 { self.first_swapped } else { 0 };
        let last = if at + 1 == word.len() { self.last_swapped } else { 0 };
        positive(i32::from(pair) + first + last)
    }
}

#[cfg(test)]
impl Prices {
    /// The table that the engine has.
    pub(crate) fn of_engine() -> Prices {
        use crate::costs::{self, whole as engine};
        let mut prices = vec![
            engine::SAME_CONSONANTS,
            engine::OTHER_VOWELS,
            engine::NO_ANAGRAM,
            engine::OTHER_LETTERS,
            engine::OTHER_SOUND,
            engine::OTHER_CONSONANT_SOUND,
        ];
        prices.extend(engine::OTHER_START.iter().chain(&engine::OTHER_END));
        prices.extend([
            engine::WORD_GOES_ON,
            engine::QUERY_GOES_ON,
            engine::WORD_STARTS_BEFORE,
            engine::QUERY_STARTS_BEFORE,
            engine::SHORT_MISSING,
            engine::SHORT_EXTRA,
        ]);
        prices.extend(engine::NEW_ENDING.iter().map(|(_, price)| price));
        Prices {
            missing: costs::MISSING,
            extra: costs::EXTRA,
            substituted: costs::SUBSTITUTED,
            swapped: costs::SWAPPED,
            swapped_around: costs::SWAPPED_AROUND,
            first_substituted: costs::FIRST_SUBSTITUTED,
            word_beside_like: costs::WORD_BESIDE_LIKE,
            query_beside_like: costs::QUERY_BESIDE_LIKE,
            first_swapped: costs::FIRST_SWAPPED,
            last_swapped: costs::LAST_SWAPPED,
            whole: prices.try_into().expect("as many as there are names"),
        }
    }
}
