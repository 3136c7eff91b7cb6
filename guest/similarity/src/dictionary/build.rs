//! From words to an index.
//!
//! Words of one length, page and tier of priorities go to one shelf, ordered so that neighbours have the same letters: what all
//! or none of the words of a block contain bounds their similarity to a query before any of them is looked at. The order is that of
//! a balanced kd-tree over the bits of the letter masks, all nodes of a level splitting on the same bit, which is a sort by a key
//! made of the most evenly split bits. The key is read as a Gray code, so that successive keys differ in one bit: blocks do not end where
//! keys do, and one that spans two keys then has one bit undecided instead of several. A query visits half as many blocks for it.

use std::borrow::Cow;

use super::BuildError;
use super::alphabet::{self, Alphabet, CODES, Counts};
use super::image::{Image, LONGEST, Layout, SHELVES, Shelf, TIERS};
use super::lanes::{Bytes, LANES, splat};
use super::mask::{FEATURES, letter_masks};

/// Bits of the sort key, as wide as its type: enough to tell 65,536 blocks apart.
const KEY_BITS: usize = u16::BITS as usize;

/// With fewer words than this, more shelves cost more than they save.
const TIERED: usize = 4096;

pub(super) fn build(text: Cow<'_, str>, separator: char, priorities: Option<&str>) -> Result<Image, BuildError> {
    let mut counts = Counts::new();
    counts.add(&text);
    counts.forget(separator);
    let alphabet = Alphabet::from_counts(&counts);
    let priorities = priorities.map(|given| given.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(u8::MAX)).collect());
    let priorities = Priorities(priorities);
    let source = Source { text: &text, separator, alphabet: &alphabet, priorities: &priorities };
    let (mut image, noted) = if text.is_ascii() { source.note::<true>() } else { source.note::<false>() }?;
    // What follows takes memory of its own, and never as much as the text did.
    drop(text);
    for (shelf, words) in image.layout.shelves.clone().iter().zip(noted) {
        fill(&mut image, shelf, words, &priorities);
    }
    image.seal();
    Ok(image)
}

/// The priority of each word, where they were given.
struct Priorities(Option<Vec<u8>>);

impl Priorities {
    fn of(&self, index: usize) -> u8 {
        self.0.as_ref().map_or(0, |given| given[index])
    }

    fn all(&self) -> impl Iterator<Item = u8> {
        self.0.iter().flatten().copied()
    }
}

/// The words as they were given.
struct Source<'a> {
    text: &'a str,
    separator: char,
    alphabet: &'a Alphabet,
    priorities: &'a Priorities,
}

/// Where a word goes: the number of its shelf among all there can be, or this.
const ROW: u16 = u16::MAX;

const _: () = assert!(SHELVES < ROW as usize);

/// The shelf of words of this length, page and tier.
fn shelf_number(length: usize, paged: bool, tier: usize) -> u16 {
    ((2 * length + usize::from(paged)) * TIERS + tier) as u16
}

/// The length of the words of a shelf, and whether they are paged.
fn words_of(number: usize) -> (usize, bool) {
    (number / TIERS / 2, number / TIERS % 2 == 1)
}

impl<'a> Source<'a> {
    /// An image with each word somewhere on its shelf, in the order of the text, and how many there are on each; long words are in their places.
    fn note<const ASCII: bool>(&self) -> Result<(Image, Vec<usize>), BuildError> {
        let ended = self.text.is_empty() || self.text.ends_with(self.separator);
        let separators = match u8::try_from(self.separator) {
            Ok(byte) if byte.is_ascii() => self.text.bytes().filter(|&b| b == byte).count(),
            _ => self.text.matches(self.separator).count(),
        };
        let words = separators + usize::from(!ended);
        if u32::try_from(words).is_err() || u32::try_from(self.text.len()).is_err() {
            return Err(BuildError::TooLarge);
        }
        if let Some(given) = self.priorities.0.as_ref().filter(|given| given.len() != words) {
            return Err(BuildError::PriorityCount { words, priorities: given.len() });
        }
        let tiers = self.tiers(words);
        let mut layout = Layout::new(words, self.alphabet.len(), self.priorities.all().max().unwrap_or(0));
        // How many words each shelf takes, and which one takes each word.
        let mut tally = vec![0usize; SHELVES];
        let mut least_priority = vec![u8::MAX; SHELVES];
        let mut places = Vec::with_capacity(words);
        for (index, word) in self.words().enumerate() {
            let (length, paged) = self.measure::<ASCII>(word);
            if length > LONGEST {
                layout.rows += 1;
                layout.row_symbols += length;
                places.push(ROW);
                continue;
            }
            let priority = self.priorities.of(index);
            let place = shelf_number(length, paged, tiers[usize::from(priority)].into());
            let number = usize::from(place);
            tally[number] += 1;
            least_priority[number] = least_priority[number].min(priority);
            places.push(place);
        }
        let numbers: Vec<usize> = (0..SHELVES).filter(|&number| tally[number] > 0).collect();
        let shelf = |&number: &usize| {
            let (length, paged) = words_of(number);
            let blocks = tally[number].div_ceil(LANES);
            Shelf { length, paged, least_priority: least_priority[number], blocks, ..Shelf::default() }
        };
        layout.shelves = numbers.iter().map(shelf).collect();
        let layout = layout.arrange().ok_or(BuildError::TooLarge)?;
        let mut image = Image::new(layout, self.alphabet.clone());

        let shelves = image.layout.shelves.clone();
        let mut shelf_of = vec![0usize; SHELVES];
        for (shelf, &number) in numbers.iter().enumerate() {
            shelf_of[number] = shelf;
        }
        let mut noted = vec![0usize; shelves.len()];
        let mut rows = Vec::new();
        let mut next = 0;
        for (index, &place) in places.iter().enumerate() {
            // Of ASCII the length is in bytes, and tells where the word ends.
            let length = (ASCII && place != ROW).then(|| words_of(place.into()).0);
            let Some(word) = self.word_at(next, length) else { break };
            let start = next;
            next += word.len() + self.separator.len_utf8();
            if place == ROW {
                rows.push((word, index));
                continue;
            }
            let shelf = shelf_of[usize::from(place)];
            image.set_rank(shelves[shelf].first_block * LANES + noted[shelf], 0, index);
            let near = if ASCII { self.text.as_bytes()[start..].first_chunk() } else { None };
            if !near.is_some_and(|near| image.note_near(&shelves[shelf], noted[shelf], near)) {
                image.note(&shelves[shelf], noted[shelf], self.symbols::<ASCII>(word));
            }
            noted[shelf] += 1;
        }
        self.fill_rows(&mut image, rows);
        Ok((image, noted))
    }

    fn words(&self) -> impl Iterator<Item = &'a str> + use<'_, 'a> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let word = self.word_at(next, None)?;
            next += word.len() + self.separator.len_utf8();
            Some(word)
        })
    }

    /// The word that begins at a byte, whose length is looked for where it is not known. None at the end.
    #[inline(always)]
    fn word_at(&self, start: usize, length: Option<usize>) -> Option<&'a str> {
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = length.or_else(|| match u8::try_from(self.separator) {
            Ok(separator) if separator.is_ascii() => end_of_word(rest.as_bytes(), separator),
            _ => rest.find(self.separator),
        });
        rest.get(..length.unwrap_or(rest.len()))
    }

    /// The tier of each priority. The most common sixteenth of the words, the next up to a quarter, those up to a half and the rest stay apart,
    /// so that a search which counts commonness can leave out the rare.
    fn tiers(&self, words: usize) -> [u8; 256] {
        let mut tiers = [0; 256];
        if words < TIERED {
            return tiers;
        }
        let mut counts = [0usize; 256];
        for priority in self.priorities.all() {
            counts[usize::from(priority)] += 1;
        }
        let (mut tier, mut total, mut filled) = (0, 0, false);
        for (priority, &count) in counts.iter().enumerate() {
            total += count;
            let ends = [words / 16, words / 4, words / 2];
            let fits = ends.iter().filter(|&&end| total > end).count();
            if filled && fits > tier {
                tier = fits;
                filled = false;
            }
            filled |= count > 0;
            tiers[priority] = tier as u8;
        }
        tiers
    }

    /// The length of a word, and whether it has symbols past page 0.
    #[inline(always)]
    fn measure<const ASCII: bool>(&self, word: &str) -> (usize, bool) {
        if ASCII && self.alphabet.len() <= CODES {
            return (word.len(), false);
        }
        let ids = word.chars().map(|point| self.alphabet.id(point));
        ids.fold((0, false), |(length, paged), id| (length + 1, paged || alphabet::page_of(id) > 0))
    }

    #[inline]
    fn symbols<'w, const ASCII: bool>(&'w self, word: &'w str) -> Symbols<'w, ASCII> {
        Symbols { alphabet: self.alphabet, bytes: word.as_bytes().iter(), points: word.chars() }
    }

    fn fill_rows(&self, image: &mut Image, mut rows: Vec<(&str, usize)>) {
        let first = image.layout.blocks() * LANES;
        // By length, so that the search can begin with the lengths nearest to the query's.
        rows.sort_by_cached_key(|(word, _)| word.chars().count());
        let mut at = 0;
        for (row, (word, index)) in rows.into_iter().enumerate() {
            image.set_rank(first + row, self.priorities.of(index), index);
            image.set_row(row, at, word.chars().map(|point| self.alphabet.id(point)));
            at += image.row_length(row);
        }
    }
}

/// Give the words of a shelf, noted there in the order of the text, their places.
fn fill(image: &mut Image, shelf: &Shelf, words: usize, priorities: &Priorities) {
    let letters = image.letters();
    let first = shelf.first_block * LANES;
    let indices: Vec<u32> = (first..first + words).map(|slot| image.index(slot)).collect();
    let rows = image.noted(shelf, words);
    let size = shelf.stride / LANES;
    let masks = letter_masks(&rows, size, shelf.length, words, letters);
    for (block, members) in cluster(&masks).chunks(LANES).enumerate() {
        let (mut some, mut all) = (0, u64::MAX);
        for &member in members {
            some |= masks[member as usize];
            all &= masks[member as usize];
        }
        image.set_masks(shelf, block, some, all);
        let members = members.iter().map(|&member| member as usize);
        for (lane, member) in members.clone().enumerate() {
            let index = indices[member] as usize;
            image.set_rank(first + block * LANES + lane, priorities.of(index), index);
        }
        image.set_block(shelf, block, &rows, members);
    }
}

/// Where a byte first stands. Most words end within a vector, and finding that without a loop spares a misprediction a word.
fn end_of_word(bytes: &[u8], separator: u8) -> Option<usize> {
    if let Some(chunk) = bytes.first_chunk::<LANES>() {
        let ends = Bytes::load(chunk).equal(splat::<1>(u64::from(separator))).bits();
        if ends != 0 {
            return Some(ends.trailing_zeros() as usize);
        }
    }
    bytes.iter().position(|&byte| byte == separator)
}

/// The symbols of one word.
struct Symbols<'a, const ASCII: bool> {
    alphabet: &'a Alphabet,
    bytes: std::slice::Iter<'a, u8>,
    points: std::str::Chars<'a>,
}

impl<const ASCII: bool> Iterator for Symbols<'_, ASCII> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        if ASCII {
            self.bytes.next().map(|&byte| self.alphabet.ascii_id(byte))
        } else {
            self.points.next().map(|point| self.alphabet.id(point))
        }
    }
}

/// The order of a shelf's words: by the most evenly split bits of their masks, then as they came.
fn cluster(masks: &[u64]) -> Vec<u32> {
    let mut ones = [0usize; FEATURES];
    // A sample tells evenness well enough.
    let step = masks.len().div_ceil(1024).max(1);
    for mask in masks.iter().step_by(step) {
        for (bit, ones) in ones.iter_mut().enumerate() {
            *ones += (mask >> bit & 1) as usize;
        }
    }
    let sampled = masks.len().div_ceil(step);
    let mut bits: [usize; FEATURES] = std::array::from_fn(|bit| bit);
    bits.sort_by_key(|&bit| (2 * ones[bit]).abs_diff(sampled));
    // What each byte of a mask adds to the key. A bit turns its own place of the number and all below it around, which is what a Gray
    // code means.
    let mut tables = [[0u16; 256]; 8];
    for (place, &bit) in bits[..KEY_BITS].iter().enumerate() {
        for (byte, part) in tables[bit / 8].iter_mut().enumerate() {
            *part ^= (byte >> (bit % 8) & 1) as u16 * (u16::MAX >> place);
        }
    }
    let key = |mask: &u64| tables.iter().zip(mask.to_le_bytes()).fold(0, |key, (table, byte)| key ^ table[usize::from(byte)]);
    let keys: Vec<u16> = masks.iter().map(key).collect();
    let mut order: Vec<u32> = (0..masks.len() as u32).collect();
    let mut sorted = vec![0; masks.len()];
    // Sorting by one byte after the other keeps the order of equals, and beats comparing by far.
    for shift in [0, 8] {
        let digit = |word: u32| usize::from(keys[word as usize] >> shift & 0xff);
        let mut next = [0usize; 256];
        for &word in &order {
            next[digit(word)] += 1;
        }
        let mut total = 0;
        for count in &mut next {
            total += std::mem::replace(count, total);
        }
        for &word in &order {
            let place = &mut next[digit(word)];
            sorted[*place] = word;
            *place += 1;
        }
        std::mem::swap(&mut order, &mut sorted);
    }
    order
}
