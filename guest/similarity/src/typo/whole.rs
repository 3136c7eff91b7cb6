//! What two words have in common as wholes, which an alignment letter by letter does not see: how they sound, begin and end.

use super::costs::whole as cost;
use super::letter::{BASES, Letter, is_vowel};
use super::sound;

/// What is compared of a word.
#[derive(Default)]
pub(super) struct Whole {
    bases: Vec<u8>,
    /// How often each base occurs.
    counts: [u32; BASES],
    /// The consonants, and the vowels, runs of the same taken for one.
    consonants: Vec<u8>,
    vowels: Vec<u8>,
    /// How the word sounds, and its consonants do.
    sound: Vec<u8>,
    sound_consonants: Vec<u8>,
}

impl Whole {
    pub(super) fn fill(&mut self, letters: &[Letter]) {
        self.bases.clear();
        self.bases.extend(letters.iter().map(|letter| letter.base));
        self.counts = [0; BASES];
        self.consonants.clear();
        self.vowels.clear();
        for &base in &self.bases {
            self.counts[usize::from(base)] += 1;
            let kind = if is_vowel(base) { &mut self.vowels } else { &mut self.consonants };
            if kind.last() != Some(&base) {
                kind.push(base);
            }
        }
        sound::of(&self.bases, &mut self.sound);
        self.sound_consonants.clear();
        self.sound_consonants.extend(self.sound.iter().filter(|&&sound| sound != sound::VOWEL));
    }

    /// The cost of a query's unlikeness to a word.
    pub(super) fn cost(&self, word: &Whole) -> u32 {
        let (x, y) = (&self.bases, &word.bases);
        let mut total = 0;
        let mut add = |holds: bool, cost: u32| total += if holds { cost } else { 0 };
        add(self.consonants == word.consonants, cost::SAME_CONSONANTS);
        add(self.vowels != word.vowels, cost::OTHER_VOWELS);
        add(self.counts != word.counts, cost::NO_ANAGRAM);
        let same_letters = self.counts.iter().zip(&word.counts).all(|(&x, &y)| (x > 0) == (y > 0));
        add(!same_letters, cost::OTHER_LETTERS);
        add(self.sound != word.sound, cost::OTHER_SOUND);
        if self.sound != word.sound {
            add(self.sound_consonants != word.sound_consonants, cost::OTHER_CONSONANT_SOUND);
        }
        for (k, &cost) in cost::OTHER_START.iter().enumerate() {
            add(!matches!((x.get(..=k), y.get(..=k)), (Some(x), Some(y)) if x == y), cost);
        }
        for (k, &cost) in cost::OTHER_END.iter().enumerate() {
            add(!matches!((end(x, k + 1), end(y, k + 1)), (Some(x), Some(y)) if x == y), cost);
        }
        let (longer, shorter) = (y.len() > x.len(), y.len() < x.len());
        add(longer && y.starts_with(x), cost::WORD_GOES_ON);
        add(shorter && x.starts_with(y), cost::QUERY_GOES_ON);
        add(longer && y.ends_with(x), cost::WORD_STARTS_BEFORE);
        add(shorter && x.ends_with(y), cost::QUERY_STARTS_BEFORE);
        let short = x.len() <= cost::SHORT;
        add(short && longer, cost::SHORT_MISSING);
        add(short && shorter, cost::SHORT_EXTRA);
        for (ending, cost) in cost::NEW_ENDING {
            let has = |word: &[u8]| {
                word.len() >= ending.len() && word.iter().rev().zip(ending.iter().rev()).all(|(x, y)| x + b'a' == *y)
            };
            add(has(y) && !has(x), cost);
        }
        total
    }
}

/// The last so many letters.
fn end(bases: &[u8], letters: usize) -> Option<&[u8]> {
    bases.len().checked_sub(letters).and_then(|from| bases.get(from..))
}
