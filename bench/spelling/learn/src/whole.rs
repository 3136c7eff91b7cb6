//! What two words have in common as wholes: which of the engine's prices (`typo::whole`) they pay.

use crate::costs::whole as engine;
use crate::letter::{BASES, Letter, is_vowel};
use crate::sound;

/// The prices, by name, as the engine's table has them.
pub(crate) const SAME_CONSONANTS: usize = 0;
pub(crate) const OTHER_VOWELS: usize = 1;
pub(crate) const NO_ANAGRAM: usize = 2;
pub(crate) const OTHER_LETTERS: usize = 3;
pub(crate) const OTHER_SOUND: usize = 4;
pub(crate) const OTHER_CONSONANT_SOUND: usize = 5;
pub(crate) const OTHER_START: usize = 6;
pub(crate) const OTHER_END: usize = 9;
pub(crate) const WORD_GOES_ON: usize = 12;
pub(crate) const QUERY_GOES_ON: usize = 13;
pub(crate) const WORD_STARTS_BEFORE: usize = 14;
pub(crate) const QUERY_STARTS_BEFORE: usize = 15;
pub(crate) const SHORT_MISSING: usize = 16;
pub(crate) const SHORT_EXTRA: usize = 17;
pub(crate) const NEW_ENDING: usize = 18;

/// How many there are.
pub(crate) const PRICES: usize = NEW_ENDING + engine::NEW_ENDING.len();

/// What is compared of a word.
pub(crate) struct Whole {
    bases: Vec<u8>,
    counts: [u32; BASES],
    consonants: Vec<u8>,
    vowels: Vec<u8>,
    sound: Vec<u8>,
    sound_consonants: Vec<u8>,
}

impl Whole {
    pub(crate) fn new(letters: &[Letter]) -> Whole {
        let bases: Vec<u8> = letters.iter().map(|letter| letter.base).collect();
        let mut counts = [0; BASES];
        for &base in &bases {
            counts[usize::from(base)] += 1;
        }
        let (mut vowels, mut consonants): (Vec<u8>, Vec<u8>) = bases.iter().partition(|&&base| is_vowel(base));
        vowels.dedup();
        consonants.dedup();
        let mut sound = Vec::new();
        sound::of(&bases, &mut sound);
        let sound_consonants = sound.iter().copied().filter(|&sound| sound != sound::VOWEL).collect();
        Whole { bases, counts, consonants, vowels, sound, sound_consonants }
    }

    /// The prices that a query pays for a word.
    pub(crate) fn paid(&self, word: &Whole, mut pays: impl FnMut(usize)) {
        let (x, y) = (&self.bases, &word.bases);
        let mut add = |holds: bool, price: usize| {
            if holds {
                pays(price);
            }
        };
        add(self.consonants == word.consonants, SAME_CONSONANTS);
        add(self.vowels != word.vowels, OTHER_VOWELS);
        add(self.counts != word.counts, NO_ANAGRAM);
        add(self.counts.iter().zip(&word.counts).any(|(&x, &y)| (x > 0) != (y > 0)), OTHER_LETTERS);
        add(self.sound != word.sound, OTHER_SOUND);
        add(self.sound_consonants != word.sound_consonants, OTHER_CONSONANT_SOUND);
        for k in 0..engine::OTHER_START.len() {
            add(x.get(..=k).is_none_or(|start| !y.starts_with(start)), OTHER_START + k);
        }
        for k in 0..engine::OTHER_END.len() {
            add(x.len() <= k || !y.ends_with(&x[x.len() - k - 1..]), OTHER_END + k);
        }
        let (longer, shorter) = (y.len() > x.len(), y.len() < x.len());
        add(longer && y.starts_with(x), WORD_GOES_ON);
        add(shorter && x.starts_with(y), QUERY_GOES_ON);
        add(longer && y.ends_with(x), WORD_STARTS_BEFORE);
        add(shorter && x.ends_with(y), QUERY_STARTS_BEFORE);
        let short = x.len() <= engine::SHORT;
        add(short && longer, SHORT_MISSING);
        add(short && shorter, SHORT_EXTRA);
        for (k, (ending, _)) in engine::NEW_ENDING.iter().enumerate() {
            let ending: Vec<u8> = ending.iter().map(|letter| letter - b'a').collect();
            add(y.ends_with(&ending) && !x.ends_with(&ending), NEW_ENDING + k);
        }
    }
}
