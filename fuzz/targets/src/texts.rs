//! Texts worth comparing: of few symbols or many, stored in one byte or four, around the lengths at which the kernels change, and
//! a few edits away from each other.

use arbitrary::{Result, Unstructured};

/// Few symbols make for many matches, and so for the hard cases; the rest is for the ways that symbols are stored and split.
const ALPHABETS: [&str; 12] = [
    "a",
    "ab",
    "abc ",
    "etaoin shrdlu",
    "abcdefghijklmnopqrstuvwxyz",
    "aéÿ \u{80}\u{85}\u{a0}ß",
    "абвГД єї",
    "αβγδε ήΣς",
    "日本語漢字かなカナ東京都 a",
    "👍👎😀e\u{301}\u{200d}\u{10ffff}\0",
    " \t\n\u{b}\u{1c}\u{1f}\u{a0}\u{2003}\u{3000}ab",
    "aA'-éèEß.İıſK",
];

/// The lengths at which one way to compare gives way to another, in symbols.
const EDGES: [usize; 12] = [0, 4, 8, 15, 16, 24, 32, 63, 64, 65, 128, 256];

/// The symbols that the texts of one input are made of.
pub(crate) fn alphabet(u: &mut Unstructured<'_>) -> Result<Vec<char>> {
    let choice = u.int_in_range(0..=ALPHABETS.len() + 1)?;
    if let Some(symbols) = ALPHABETS.get(choice) {
        return Ok(symbols.chars().collect());
    }
    // Neighbouring code points from anywhere.
    let first = u.int_in_range(0..=0x11_0000_u32)?;
    let count = if choice == ALPHABETS.len() { u.int_in_range(1..=8)? } else { u.int_in_range(30..=400)? };
    let mut symbols: Vec<char> = (first..).take(count).filter_map(char::from_u32).collect();
    symbols.push('a');
    Ok(symbols)
}

/// A length of at most `longest`: a short one, or one beside an edge.
fn length(u: &mut Unstructured<'_>, longest: usize) -> Result<usize> {
    let choice: u8 = u.arbitrary()?;
    let length = match choice {
        0..160 => usize::from(choice % 20),
        160..192 => u.int_in_range(0..=longest)?,
        _ => (EDGES[usize::from(choice) % EDGES.len()] + usize::from(choice >> 3 & 3)).saturating_sub(1),
    };
    Ok(length.min(longest))
}

/// A text of one alphabet, of at most `longest` symbols.
pub(crate) fn text(u: &mut Unstructured<'_>, alphabet: &[char], longest: usize) -> Result<Vec<char>> {
    let length = length(u, longest)?;
    let symbol = |number: usize| alphabet[number % alphabet.len()];
    Ok(match u.int_in_range(0..=5)? {
        // Spelled out by the input.
        0..=2 => (0..length).map(|_| Ok(symbol(usize::from(u.arbitrary::<u8>()?)))).collect::<Result<_>>()?,
        3 => {
            let (from, period) = (usize::from(u.arbitrary::<u8>()?), u.int_in_range(1..=9)?);
            (0..length).map(|i| symbol(from + i % period)).collect()
        }
        // Without a repeated symbol, as far as the alphabet goes.
        4 => {
            let from = usize::from(u.arbitrary::<u8>()?);
            (0..length).map(|i| symbol(from + i)).collect()
        }
        _ => {
            let mut noise = Noise(u.arbitrary()?);
            (0..length).map(|_| symbol(noise.next() as usize)).collect()
        }
    })
}

/// A text that was made of another one by a few edits.
fn edited(u: &mut Unstructured<'_>, text: &[char], alphabet: &[char], longest: usize) -> Result<Vec<char>> {
    let mut text = text.to_vec();
    for _ in 0..u.int_in_range(0..=6)? {
        let at = u.int_in_range(0..=text.len())?;
        let symbol = alphabet[usize::from(u.arbitrary::<u8>()?) % alphabet.len()];
        match u.int_in_range(0..=6)? {
            0 => text.insert(at, symbol),
            1 if at < text.len() => text[at] = symbol,
            2 if at < text.len() => drop(text.remove(at)),
            3 if at + 1 < text.len() => text.swap(at, at + 1),
            4 => text.rotate_left(at),
            5 => text.truncate(at),
            6 => {
                let piece = text[at / 2..at].to_vec();
                text.splice(at..at, piece);
            }
            _ => {}
        }
    }
    text.truncate(longest);
    Ok(text)
}

/// From `least` to `most` texts of one alphabet, unrelated or made of each other.
pub(crate) fn texts(u: &mut Unstructured<'_>, least: usize, most: usize, longest: usize) -> Result<Vec<Vec<char>>> {
    let alphabet = alphabet(u)?;
    let count = u.int_in_range(least..=most)?;
    let mut texts: Vec<Vec<char>> = Vec::with_capacity(count);
    for i in 0..count {
        let relation: u8 = u.arbitrary()?;
        texts.push(match (relation % 4, i) {
            (0, _) | (_, 0) => text(u, &alphabet, longest)?,
            (1, _) => {
                let mut joined = [text(u, &alphabet, longest)?, texts[usize::from(relation / 4) % i].clone()].concat();
                joined.truncate(longest);
                joined
            }
            _ => edited(u, &texts[usize::from(relation / 4) % i], &alphabet, longest)?,
        });
    }
    Ok(texts)
}

/// As strings.
pub(crate) fn strings(texts: &[Vec<char>]) -> Vec<String> {
    texts.iter().map(|text| text.iter().collect()).collect()
}

/// The longest texts of an input: mostly words, sometimes what takes several machine words.
pub(crate) fn longest(u: &mut Unstructured<'_>) -> Result<usize> {
    Ok(match u.int_in_range(0..=15)? {
        0..=9 => 20,
        10..=12 => 70,
        13 | 14 => 140,
        _ => 300,
    })
}

/// Numbers without a pattern, from a seed (SplitMix64: Steele, Lea and Flood, 2014).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}
