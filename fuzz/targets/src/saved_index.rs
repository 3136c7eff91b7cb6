//! Saved dictionaries that someone tampered with: an error, or a dictionary that behaves, in memory and time that its size bounds.

use crate::dictionary::Given;
use crate::peak_of;
use arbitrary::{Result, Unstructured};
use likewise_similarity::{Dictionary, Metric};

/// Bytes of memory for each byte of a file that loading and searching may take, and what they may take for any file. The
/// alphabet and the table of words are a few times their saved size; what answers hold is bounded by their number.
const BYTES_EACH: usize = 16;
const BYTES: usize = 1 << 20;

/// Answers asked for.
const ANSWERS: usize = 5;

/// Load what is no dictionary, what a dictionary was before it was damaged, and what pretends to be one.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
}

fn verify(u: &mut Unstructured<'_>) -> Result<u64> {
    if u.ratio(1, 8)? {
        // Bytes cross the boundary as text.
        let anything: String = u.bytes(u.len())?.iter().copied().map(char::from).collect();
        return Ok(load(anything, "a", false));
    }
    let given = Given::new(u)?;
    let saved = given.build().save().into_bytes();
    assert_eq!(forged(saved.clone()), saved, "the checksum is computed here as it is there");
    let query = given.queries(u)?.pop().unwrap_or_default();
    let mut damaged = saved.clone();
    for _ in 0..u.int_in_range(1..=6)? {
        damage(u, &mut damaged)?;
    }
    let as_text = |bytes: Vec<u8>| -> String { bytes.into_iter().map(char::from).collect() };
    let mut cases = 1;
    if damaged != saved {
        assert!(Dictionary::load(as_text(damaged.clone())).is_err(), "damage goes unnoticed");
        cases += 1;
    }
    damaged.iter_mut().for_each(|byte| *byte &= 0x7f);
    Ok(cases + load(as_text(forged(damaged)), &query, true))
}

/// What is loaded answers, in bounds.
fn load(data: String, query: &str, forged: bool) -> u64 {
    let size = data.len() + query.len() + 64;
    let (cases, peak) = peak_of(|| {
        let Ok(loaded) = Dictionary::load(data) else { return 1 };
        assert!(forged || loaded.save().len() < size, "a dictionary out of nothing");
        let mut cases = 1;
        for metric in Metric::ALL {
            for found in loaded.search(query, ANSWERS, metric, Some(0.0)).unwrap_or_default() {
                assert!((found.index as usize) < loaded.len(), "{metric}: {found:?}");
                assert!(!found.score.is_nan() && loaded.choice(&found).len() <= size * 4, "{metric}: {found:?}");
            }
            let near = loaded.within(query, 2, ANSWERS, metric);
            assert!(near.is_err() || near.is_ok_and(|near| near.len() <= ANSWERS));
            cases += 2;
        }
        assert!(loaded.words(0, u32::MAX, '\n').len() <= size * 4, "more words than the file has room for");
        assert!(loaded.len() <= size && loaded.index_of(query).is_none_or(|index| (index as usize) < loaded.len()));
        assert_eq!(loaded.word(loaded.len() as u32), None);
        cases + 3
    });
    assert!(peak <= size * BYTES_EACH + BYTES, "a file of {size} bytes takes {peak} bytes of memory");
    cases
}

/// Numbers that break sums and products.
const NUMBERS: [u64; 9] = [0, 1, 2, 63, 64, 65, 0x7f_ffff, 0xffff_ffff, u64::MAX];

fn damage(u: &mut Unstructured<'_>, bytes: &mut Vec<u8>) -> Result<()> {
    let at = u.int_in_range(0..=bytes.len())?;
    match u.int_in_range(0..=6)? {
        0 if at < bytes.len() => bytes[at] ^= u.int_in_range(1..=255)?,
        1 => bytes.truncate(at),
        2 => {
            let new: Vec<u8> = u.arbitrary::<[u8; 6]>()?.into();
            bytes.splice(at..at, new);
        }
        3 => {
            let end = (at + u.int_in_range(1..=300)?).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = u.int_in_range(0..=bytes.len())?;
            // Over what is there, or between.
            let over = if u.arbitrary()? { (to + piece.len()).min(bytes.len()) } else { to };
            bytes.splice(to..over, piece);
        }
        // A count or a field of a shelf, which are numbers of five digits that follow the head; or one of any other place.
        kind => {
            let field = if kind == 6 { at } else { BODY + NUMBER * u.int_in_range(0..=20)? };
            let number = if u.arbitrary()? { *u.choose(&NUMBERS)? } else { u.int_in_range(0..=300)? };
            if let Some(digits) = bytes.get_mut(field..field + NUMBER) {
                write(digits, number);
            }
        }
    }
    Ok(())
}

/// Where the checksum stands, and what it is the sum of.
const CHECKSUM: usize = 29;
const BODY: usize = 39;
const NUMBER: usize = 5;

/// The file with the checksum that fits its contents.
fn forged(mut file: Vec<u8>) -> Vec<u8> {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    if file.len() < BODY {
        return file;
    }
    let body = &file[BODY..];
    let mut chains = [0, 16, 32, 48].map(|bits| MIX.rotate_left(bits));
    let mixed = |chain: u64, word: u64| (chain ^ word).wrapping_mul(MIX).rotate_left(29);
    let words = body.len() / 8;
    for (i, word) in body.chunks(8).enumerate() {
        let value = word.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
        // Four words at a time, then the words left over, then the bytes.
        let chain = if i < words / 4 * 4 { i % 4 } else { usize::from(i == words) };
        chains[chain] = mixed(chains[chain], value);
    }
    if body.len().is_multiple_of(8) {
        chains[1] = mixed(chains[1], 0);
    }
    let sum = chains.into_iter().fold(body.len() as u64, mixed);
    write(&mut file[CHECKSUM..BODY], sum ^ sum >> 32);
    file
}

fn write(digits: &mut [u8], mut number: u64) {
    for digit in digits {
        *digit = (number & 0x7f) as u8;
        number >>= 7;
    }
}
