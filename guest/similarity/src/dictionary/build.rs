//! From words to an index.
//!
//! Words of one length and page go to one shelf, ordered so that neighbours have the same letters: what all or none of the words of a
//! block contain bounds their similarity to a query before any of them is looked at. The order is that of a
//! balanced kd-tree over the bits of the letter masks, all nodes of a level splitting on the same bit, which is a sort by a key
//! made of the most evenly split bits.

use super::BuildError;
use super::alphabet::{self, Alphabet, CODES, Counts};
use super::image::{FEATURES, Image, LONGEST, Layout, Shelf, letter_mask};
use super::lanes::LANES;

/// Bits of the sort key: enough to tell 65,536 blocks apart.
const KEY_BITS: usize = 16;

/// A word of the text on its way into the index.
#[derive(Clone, Copy)]
struct Source {
    start: usize,
    index: u32,
}

pub(super) fn build(text: &str, separator: char, priorities: Option<&str>) -> Result<Image, BuildError> {
    let mut counts = Counts::new();
    counts.add(text);
    counts.forget(separator);
    let alphabet = Alphabet::from_counts(&counts);
    let priorities =
        priorities.map(|given| -> Vec<u8> { given.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(u8::MAX)).collect() });

    // How many words each shelf takes: two for each length, the second one paged.
    let mut tally = [0usize; 2 * (LONGEST + 1)];
    let mut layout = Layout::default();
    layout.symbols = alphabet.len();
    let bytes_are_symbols = alphabet.len() <= CODES && text.is_ascii();
    let mut bins: Vec<u8> = Vec::new();
    for word in text.split_terminator(separator) {
        let (length, paged) = if bytes_are_symbols { (word.len(), false) } else { measure(word, &alphabet) };
        layout.words += 1;
        if length <= LONGEST {
            let bin = 2 * length + usize::from(paged);
            tally[bin] += 1;
            bins.push(bin as u8);
        } else {
            layout.rows += 1;
            layout.row_symbols += length;
            bins.push(u8::MAX);
        }
    }
    if u32::try_from(layout.words).is_err() {
        return Err(BuildError::TooManyWords(layout.words));
    }
    if let Some(priorities) = &priorities {
        if priorities.len() != layout.words {
            return Err(BuildError::PriorityCount { words: layout.words, priorities: priorities.len() });
        }
        layout.largest_priority = priorities.iter().copied().max().unwrap_or(0);
    }
    let taken = tally.iter().enumerate().filter(|&(_, &words)| words > 0);
    layout.shelves = taken.map(|(bin, words)| Shelf::new(bin / 2, bin % 2 == 1, words.div_ceil(LANES))).collect();
    let words = layout.words;
    let layout = layout.arrange().ok_or(BuildError::TooManyWords(words))?;
    let mut image = Image::new(layout, alphabet);

    // Sort the words into their shelves, in the order of the text.
    let mut next = [0usize; 2 * (LONGEST + 1)];
    let mut total = 0;
    for (bin, next) in next.iter_mut().enumerate() {
        *next = total;
        total += tally[bin];
    }
    let mut sources = vec![Source { start: 0, index: 0 }; total];
    let mut rows = Vec::new();
    let origin = text.as_ptr() as usize;
    for (index, word) in text.split_terminator(separator).enumerate() {
        let source = Source { start: word.as_ptr() as usize - origin, index: index as u32 };
        match next.get_mut(usize::from(bins[index])) {
            Some(next) => {
                sources[*next] = source;
                *next += 1;
            }
            None => rows.push((word, index)),
        }
    }

    let priority = |index: usize| priorities.as_ref().map_or(0, |given| given[index]);
    let shelves = image.layout.shelves.clone();
    let mut rest = &mut sources[..];
    for shelf in &shelves {
        let (mine, others) = rest.split_at_mut(tally[2 * shelf.length + usize::from(shelf.paged)]);
        rest = others;
        fill(&mut image, shelf, text, mine, &priority);
    }
    fill_rows(&mut image, rows, &priority);
    image.seal();
    Ok(image)
}

/// Symbols of a word, and whether one lies past page 0.
fn measure(word: &str, alphabet: &Alphabet) -> (usize, bool) {
    let ids = word.chars().map(|point| alphabet.id(point));
    ids.fold((0, false), |(length, paged), id| (length + 1, paged || alphabet::page_of(id) > 0))
}

fn fill(image: &mut Image, shelf: &Shelf, text: &str, words: &mut [Source], priority: &impl Fn(usize) -> u8) {
    let letters = image.alphabet.len().min(CODES);
    let alphabet = image.alphabet.clone();
    let symbols = |source: &Source| text[source.start..].chars().take(shelf.length).map(|point| alphabet.id(point));
    let masks: Vec<u64> = words.iter().map(|word| letter_mask(symbols(word).map(alphabet::code_of), letters)).collect();
    let order = cluster(&masks);
    let mut ranked = Vec::with_capacity(LANES);
    for (block, members) in order.chunks(LANES).enumerate() {
        let (mut some, mut all) = (0, u64::MAX);
        ranked.clear();
        for &member in members {
            some |= masks[member as usize];
            all &= masks[member as usize];
            let word = words[member as usize];
            ranked.push((priority(word.index as usize), word.index, word.start));
        }
        // The best of equals comes first, so that the search can pass over a block that cannot win a tie.
        ranked.sort_unstable();
        image.set_masks(shelf, block, some, all);
        for (lane, &(priority, index, start)) in ranked.iter().enumerate() {
            image.set_rank((shelf.first_block + block) * LANES + lane, priority, index as usize);
            image.set_lane(shelf, block, lane, symbols(&Source { start, index }));
        }
        for lane in members.len()..LANES {
            image.set_filling(shelf, block, lane);
        }
    }
}

/// The order of a shelf's words: by the most evenly split bits of their masks, then as they came.
fn cluster(masks: &[u64]) -> Vec<u32> {
    let mut ones = [0usize; FEATURES];
    // A sample tells evenness well enough.
    let step = masks.len().div_ceil(4096).max(1);
    for mask in masks.iter().step_by(step) {
        for (bit, ones) in ones.iter_mut().enumerate() {
            *ones += (mask >> bit & 1) as usize;
        }
    }
    let sampled = masks.len().div_ceil(step);
    let mut bits: [usize; FEATURES] = std::array::from_fn(|bit| bit);
    bits.sort_by_key(|&bit| (2 * ones[bit]).abs_diff(sampled));
    let key = |mask: u64| bits[..KEY_BITS].iter().fold(0, |key, bit| key << 1 | (mask >> bit & 1) as u32);
    let keys: Vec<u32> = masks.iter().map(|&mask| key(mask)).collect();
    let mut order: Vec<u32> = (0..masks.len() as u32).collect();
    order.sort_by_key(|&word| keys[word as usize]);
    order
}

fn fill_rows(image: &mut Image, mut rows: Vec<(&str, usize)>, priority: &impl Fn(usize) -> u8) {
    let first = image.layout.blocks() * LANES;
    // By length, so that the search can begin with the lengths nearest to the query's.
    rows.sort_by_key(|(word, _)| word.chars().count());
    let mut at = 0;
    let alphabet = image.alphabet.clone();
    for (row, (word, index)) in rows.into_iter().enumerate() {
        image.set_rank(first + row, priority(index), index);
        image.set_row(row, at, word.chars().map(|point| alphabet.id(point)));
        at += image.row_length(row);
    }
}
