//! Letters as the costs of typing errors see them: without case and accent.

/// A letter and its class.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Letter {
    /// What must be equal for two letters to be.
    pub(super) point: char,
    /// Its place in the alphabet without case and accent, `OTHER` if it has none.
    pub(super) base: u8,
}

/// Where a word ends, as the neighbour of its first and last letter.
pub(super) const EDGE: u8 = 26;

/// The base of everything that is not a Latin letter.
const OTHER: u8 = 27;

/// How many bases there are, for tables by base.
pub(super) const BASES: usize = 28;

/// The bases of U+00C0 to U+00FF.
const LATIN_1: &[u8; 64] = b"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty";

impl Letter {
    pub(super) fn new(point: char) -> Letter {
        let plain = match point {
            'a'..='z' | 'A'..='Z' => point.to_ascii_lowercase() as u8,
            '\u{c0}'..='\u{ff}' => LATIN_1[point as usize - 0xc0],
            _ => b'*',
        };
        Letter { point, base: if plain == b'*' { OTHER } else { plain - b'a' } }
    }

    /// Whether two letters are the same but for case and accent.
    pub(super) fn is_like(self, other: Letter) -> bool {
        self.base == other.base && (self.base != OTHER || self.point == other.point)
    }
}

/// Whether a base is a vowel, y among them.
pub(super) fn is_vowel(base: u8) -> bool {
    const VOWELS: u32 = set(b"aeiouy");
    VOWELS >> base & 1 == 1
}

/// Whether a base is a Latin letter and no vowel.
pub(super) fn is_consonant(base: u8) -> bool {
    base < EDGE && !is_vowel(base)
}

/// The bases of some letters, one bit each.
pub(super) const fn set(letters: &[u8]) -> u32 {
    let mut bits = 0;
    let mut i = 0;
    while i < letters.len() {
        bits |= 1 << (letters[i] - b'a');
        i += 1;
    }
    bits
}
