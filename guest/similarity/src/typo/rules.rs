//! What each typing error costs, by the letters it happens to and those around them.
//!
//! The numbers were fitted to some 3,000 human errors (misspellings of web editors, of programmers and of learners of English) by
//! maximising the odds of the word that was meant against its nearest rivals, four-fifths fitted and one fifth judged in turn, then
//! rounded. What gave most: that a missing letter is likelier than any other error, and which letters are doubled. Of no use:
//! which keys are neighbours.

/// A letter as the rules see it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Letter {
    /// What must be equal for two letters to be.
    pub(super) point: char,
    /// Its place in the alphabet without case and accent, `OTHER` if it has none.
    pub(super) base: u8,
}

/// The base of everything that is not a Latin letter.
const OTHER: u8 = 26;

/// The bases of U+00C0 to U+00FF.
const LATIN_1: &[u8; 64] = b"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty";

impl Letter {
    pub(super) fn new(point: char) -> Letter {
        let base = match point {
            'a'..='z' | 'A'..='Z' => point.to_ascii_lowercase() as u8,
            '\u{c0}'..='\u{ff}' => LATIN_1[point as usize - 0xc0],
            _ => b'*',
        };
        Letter { point, base: if base == b'*' { OTHER } else { base - b'a' } }
    }

    /// The letter in lower case and without accent, `*` for what is not a Latin letter.
    fn plain(self) -> u8 {
        if self.base == OTHER { b'*' } else { self.base + b'a' }
    }

    fn is_vowel(self) -> bool {
        const VOWELS: u32 = bit(b'a') | bit(b'e') | bit(b'i') | bit(b'o') | bit(b'u') | bit(b'y');
        VOWELS >> self.base & 1 == 1
    }
}

/// A set with one letter.
const fn bit(letter: u8) -> u32 {
    1 << (letter - b'a')
}

/// Whether two letters are the same but for case and accent.
fn alike(x: Letter, y: Letter) -> bool {
    x.base == y.base && (x.base != OTHER || x.point == y.point)
}

/// A letter in another case or with another accent.
const SAME_BASE: u32 = 10;

/// Two vowels swapped.
const VOWELS_SWAPPED: u32 = 17;

/// Two letters swapped around a third.
pub(super) const SWAPPED_AROUND: u32 = 52;

/// Another spelling of the same sound: one letter for two of the word's, two for one.
pub(super) const ONE_FOR_TWO: u32 = 54;
pub(super) const TWO_FOR_ONE: u32 = 67;

/// On top of the error: it hits the first letter of the query or the word, or the last.
const FIRST_MISSING: u32 = 26;
const FIRST_EXTRA: u32 = 36;
const FIRST_SUBSTITUTED: u32 = 18;
const LAST_SUBSTITUTED: u32 = 7;
const FIRST_SWAPPED: u32 = 13;
const LAST_SWAPPED: u32 = 6;

/// On top of a missing e: a mute e before the last letter is mostly heard.
const LATE_E_MISSING: u32 = 15;

/// On top of a substitution: next to the same letter in the word, or in the query.
const BESIDE_DOUBLE: u32 = 10;

/// The word's letter `j` is not in the query.
pub(super) fn missing(word: &[Letter], j: usize) -> u32 {
    let letter = word[j];
    let before = j.checked_sub(1).map(|i| word[i]);
    let after = word.get(j + 1).copied();
    let vowel = |neighbour: Option<Letter>| neighbour.is_some_and(Letter::is_vowel);
    let cost = if before.is_some_and(|before| alike(before, letter)) {
        return 14;
    } else if after.is_none() {
        match letter.plain() {
            b'e' => 23,
            b's' => 57,
            _ => 45,
        }
    } else if letter.plain() == b'h' {
        25
    } else if is_silent(before.map(Letter::plain), letter.plain(), after.map(Letter::plain)) {
        21
    } else if letter.is_vowel() {
        if vowel(before) || vowel(after) { 29 } else { 26 }
    } else if vowel(before) && vowel(after) {
        41
    } else {
        39
    };
    let late = letter.plain() == b'e' && j + 2 == word.len();
    cost + if j == 0 { FIRST_MISSING } else { 0 } + if late { LATE_E_MISSING } else { 0 }
}

/// Consonants that are written and not said.
fn is_silent(before: Option<u8>, letter: u8, after: Option<u8>) -> bool {
    let before = before.unwrap_or(b'^');
    let after = after.unwrap_or(b'$');
    matches!(
        (before, letter, after),
        (b'^', b'k', b'n')
            | (b'^', b'p', b's')
            | (b'^', b'w', b'r')
            | (_, b'g', b'n')
            | (b's', b'c', _)
            | (_, b'c', b'k' | b'q')
            | (_, b'd', b'g' | b'j')
            | (_, b't', b'c')
            | (b's', b't', b'l')
            | (b'm', b'n' | b'b', _)
            | (b'g' | b'q', b'u', _)
            | (_, b'l', b'k' | b'm')
    )
}

/// The query's letter `i` is not in the word.
pub(super) fn extra(query: &[Letter], i: usize) -> u32 {
    let letter = query[i];
    let before = i.checked_sub(1).map(|i| query[i]);
    let after = query.get(i + 1).copied();
    let vowel = |neighbour: Option<Letter>| neighbour.is_some_and(Letter::is_vowel);
    let cost = if before.is_some_and(|before| alike(before, letter)) {
        32
    } else if after.is_none() {
        match letter.plain() {
            b'e' => 39,
            b's' => 73,
            _ => 69,
        }
    } else if letter.plain() == b'h' {
        54
    } else if letter.is_vowel() {
        48
    } else if vowel(before) && vowel(after) {
        59
    } else {
        61
    };
    cost + if i == 0 { FIRST_EXTRA } else { 0 }
}

/// One letter in place of another, wherever they stand.
pub(super) fn substituted(x: Letter, y: Letter) -> u32 {
    if alike(x, y) {
        return SAME_BASE;
    }
    match (x.plain().min(y.plain()), x.plain().max(y.plain())) {
        (b'v', b'w') => 23,
        (b'a', b'e') | (b'f', b'v') => 30,
        (b'c', b'k') => 31,
        (b'e', b'i') => 33,
        (b'c' | b'k', b'q') => 34,
        (b'g', b'j') => 35,
        (b'd', b't') => 38,
        (b'a', b'o') | (b'b', b'p') => 42,
        (b'c', b's') | (b's', b'z') | (b'm', b'n') | (b'i' | b'o', b'u') => 44,
        (b'e', b'u') => 45,
        (b'a', b'i') => 46,
        (b'e', b'o') | (_, b'x') => 47,
        (b'l', b'r') | (b'c', b't') => 48,
        (b'i', b'o') => 52,
        (b'r', b't') | (b'n', b'r') => 54,
        (b'a', b'u') | (b'd' | b'n', b's') | (b's', b't') => 60,
        _ if x.is_vowel() && y.is_vowel() => 45,
        _ if x.is_vowel() != y.is_vowel() => 70,
        _ => 72,
    }
}

/// What a substitution costs more at the words' first letters, or their last.
pub(super) fn place(first: bool, last: bool) -> u32 {
    (if first { FIRST_SUBSTITUTED } else { 0 }) + if last { LAST_SUBSTITUTED } else { 0 }
}

/// What a letter's substitution costs more for the letters beside it.
pub(super) fn beside(word: &[Letter], at: usize) -> u32 {
    let same = |other: Option<&Letter>| other.is_some_and(|other| other.point == word[at].point);
    let doubled = same(at.checked_sub(1).map(|before| &word[before])) || same(word.get(at + 1));
    if doubled { BESIDE_DOUBLE } else { 0 }
}

/// The word's letters `j - 1` and `j`, in this order, came out the other way round.
pub(super) fn swapped(word: &[Letter], j: usize) -> u32 {
    let cost = match (word[j - 1].is_vowel(), word[j].is_vowel()) {
        (true, true) => VOWELS_SWAPPED,
        (false, false) => 32,
        _ => 36,
    };
    cost + if j == 1 { FIRST_SWAPPED } else { 0 } + if j + 1 == word.len() { LAST_SWAPPED } else { 0 }
}

/// The letters that may stand for two of them, as a set.
pub(super) fn spellings(first: Letter, second: Letter) -> u32 {
    const A: u32 = bit(b'a');
    const E: u32 = bit(b'e');
    const O: u32 = bit(b'o');
    const U: u32 = bit(b'u');
    const S: u32 = bit(b's');
    match &[first.plain(), second.plain()] {
        b"ph" | b"gh" => bit(b'f'),
        b"ks" | b"cs" | b"ct" | b"cc" => bit(b'x'),
        b"ch" => bit(b'k'),
        b"qu" => bit(b'k') | bit(b'c') | bit(b'w'),
        b"sc" | b"ss" | b"ts" | b"ps" => bit(b'c') | bit(b'z'),
        b"dg" | b"dj" => bit(b'j'),
        b"oo" | b"ew" | b"ue" => U | O,
        b"ou" | b"au" | b"aw" => A | O | U,
        b"ai" | b"ay" | b"ey" | b"ei" => A | E,
        b"ee" | b"ea" | b"ie" => bit(b'i') | bit(b'y'),
        b"oa" | b"ow" => O,
        b"wh" => bit(b'h'),
        b"ti" | b"ci" | b"si" => S,
        _ => 0,
    }
}
