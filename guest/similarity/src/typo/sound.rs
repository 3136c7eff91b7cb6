//! Roughly how an English word sounds: one code for each consonant that is heard, one for any vowels.

use super::letter::is_vowel;

/// The code of vowels. Consonants have letters for codes.
pub(super) const VOWEL: u8 = b'A';

/// The th of "thing" and the sh of "shop".
const TH: u8 = b'0';
const SH: u8 = b'X';

/// Nothing, as the neighbour of the last letter.
const END: u8 = b'$';

/// The sound of a word whose letters are given by base. Runs of the same sound are one.
pub(super) fn of(bases: &[u8], sound: &mut Vec<u8>) {
    sound.clear();
    let letter = |at: usize| bases.get(at).map_or(END, |base| base + b'a');
    let mut at = 0;
    while at < bases.len() {
        let (codes, letters) = heard(at, letter(at), letter(at + 1), letter(at + 2), bases.len());
        for &code in codes {
            if sound.last() != Some(&code) {
                sound.push(code);
            }
        }
        at += letters;
    }
}

/// What is heard of the letter `at` and the two after it, and how many letters that accounts for.
fn heard(at: usize, letter: u8, next: u8, third: u8, length: usize) -> (&'static [u8], usize) {
    let first = at == 0;
    let soft = matches!(next, b'e' | b'i' | b'y');
    let hissed = next == b'i' && matches!(third, b'o' | b'a');
    match (letter, next) {
        (b'e', END) if length > 2 => (b"", 1),
        (b'p', b'h') => (b"F", 2),
        (b'p', b's' | b'n') | (b'k', b'n') | (b'w', b'r') if first => (b"", 1),
        (b'w', b'h') => (b"W", 2),
        (b'g', b'h') if first => (b"G", 2),
        (b'g', b'h') if third == b't' => (b"", 2),
        (b'g', b'h') => (b"F", 2),
        (b'g', b'n') | (b'd', b'g') | (b'c', b'k') => (b"", 1),
        (b'g', _) if soft => (b"J", 1),
        (b's', b'c') if matches!(third, b'e' | b'i' | b'y') => (b"S", 2),
        (b's' | b'c', b'h') => (&[SH], 2),
        (b't', b'c') if third == b'h' => (b"", 1),
        (b't', b'h') => (&[TH], 2),
        (b's' | b't' | b'c', _) if hissed => (&[SH], 1),
        (b'c', _) if soft => (b"S", 1),
        (b'm', b'b') if at + 2 == length => (b"M", 2),
        (b'h', _) => (if first { b"H" } else { b"" }, 1),
        _ if is_vowel(letter - b'a') => (&[VOWEL], 1),
        _ => (plain(letter), 1),
    }
}

/// The sound of a consonant that its neighbours do not change.
fn plain(letter: u8) -> &'static [u8] {
    const OWN: &[u8; 28] = b"ABKTEFGHIJKLMNOPKRSTUFWXYS[*";
    match letter {
        b'x' => b"KS",
        _ => OWN.get(usize::from(letter - b'a')).map_or(b"*", std::slice::from_ref),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(word: &str) -> String {
        let bases: Vec<u8> = word.bytes().map(|letter| letter - b'a').collect();
        let mut codes = Vec::new();
        of(&bases, &mut codes);
        codes.into_iter().map(char::from).collect()
    }

    #[test]
    fn spellings_of_the_same_sound_are_the_same() {
        for (x, y) in [
            ("fone", "phone"),
            ("nife", "knife"),
            ("recieve", "receive"),
            ("akses", "access"),
            ("nashon", "nation"),
            ("rite", "write"),
        ] {
            assert_eq!(sound(x), sound(y), "{x} {y}");
        }
        for (x, y) in [("cat", "chat"), ("ship", "sip"), ("thin", "tin"), ("judge", "jug")] {
            assert_ne!(sound(x), sound(y), "{x} {y}");
        }
        assert_eq!(sound(""), "");
    }
}
