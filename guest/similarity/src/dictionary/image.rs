//! The index as one run of ASCII bytes, which is also its saved form: to save is to copy, to load is to check.
//!
//! ```text
//! head      magic 24 · version 5 · checksum 10 (of everything after it)
//! counts    words 5 · symbols 5 · shelves 5 · rows 5 · row symbols 5 · largest priority 5
//! shelves   for each: word length 5 · paged 5 · least priority 5 · blocks 5
//! alphabet  for each symbol: code point 3
//! indices   for each slot: index of its word 3 to 5
//! priority  for each slot: 0 to 2 (as few as the largest priority needs)
//! bounds    for each shelf: groups of 16 blocks, then groups of 16 such groups; a group is 288 bytes
//! codes     for each shelf, for each block: columns of 16; then the columns of its pages, lowest plane first
//! rows      for each row: length 5 · first symbol 5
//! symbols   for each symbol of a row: number 3
//! ```
//!
//! Numbers are written in base 128, lowest digit first, so that no byte passes 127 and the image is a string that
//! crosses any boundary. A *shelf* holds the words of one length (up to `LONGEST`) and range of priorities in *blocks* of sixteen; it is paged
//! if its words have symbols past page 0. A *row* is a longer word. A *slot* is a word's place: sixteen a block, then
//! the rows. A slot whose index is not below the number of words is empty.
//!
//! `Image::check` proves every length and offset before anything is read, so a forged image with a true checksum can at worst hold
//! wrong words: contents are bounded wherever they are used.

use super::LoadError;
use super::alphabet::{self, Alphabet, CODES};
use super::kernels::{Column, FILLING};
use super::lanes::{Bytes, LANES, splat, transpose};
use super::mask::{LetterMask, PLANES};

/// Words of up to this many symbols stand in blocks. Longer ones are rare, and a block of sixteen would be mostly filling.
pub(super) const LONGEST: usize = 64;

/// Shelves for words of one length and page, from the most common words to the rarest.
pub(super) const TIERS: usize = 4;

/// The number of shelves there can be.
pub(super) const SHELVES: usize = (LONGEST + 1) * 2 * TIERS;

const MAGIC: &[u8; 24] = b"likewise dictionary\r\n\t\n\n";
const VERSION: u32 = 1;
const NUMBER: usize = 5;
const CHECKSUM: usize = 10;
const BODY: usize = MAGIC.len() + NUMBER + CHECKSUM;
const COUNTS: usize = 6;
const SHELF: usize = 4 * NUMBER;
const POINT: usize = 3;
const ROW: usize = 2 * NUMBER;
const GROUP: usize = 2 * PLANES * LANES;

/// Words of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shelf {
    /// Symbols of each word.
    pub(super) length: usize,
    /// Whether the words have symbols past page 0.
    pub(super) paged: bool,
    /// The lowest priority of its words.
    pub(super) least_priority: u8,
    /// Number of blocks.
    pub(super) blocks: usize,
    /// The first block's number, counted through all shelves.
    pub(super) first_block: usize,
    /// The number of its first group of blocks, counted likewise and in whole clusters.
    pub(super) first_group: usize,
    pub(super) groups_at: usize,
    pub(super) clusters_at: usize,
    pub(super) codes_at: usize,
    pub(super) stride: usize,
}

impl Shelf {
    /// Number of groups of 16 blocks.
    pub(super) fn groups(&self) -> usize {
        self.blocks.div_ceil(LANES)
    }

    /// Number of clusters of 16 groups.
    pub(super) fn clusters(&self) -> usize {
        self.groups().div_ceil(LANES)
    }
}

/// What an image holds, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) words: usize,
    pub(super) symbols: usize,
    pub(super) rows: usize,
    pub(super) row_symbols: usize,
    pub(super) largest_priority: u8,
    pub(super) shelves: Vec<Shelf>,
    /// Number of groups of 16 blocks in all shelves, in whole clusters.
    pub(super) groups: usize,
    pages: usize,
    index_size: usize,
    priority_size: usize,
    alphabet_at: usize,
    indices_at: usize,
    priorities_at: usize,
    rows_at: usize,
    row_symbols_at: usize,
    size: usize,
}

impl Layout {
    pub(super) fn new(words: usize, symbols: usize, largest_priority: u8) -> Layout {
        Layout { words, symbols, largest_priority, ..Layout::default() }
    }

    /// Place everything. `shelves` come with their lengths, `paged` and `blocks`. None if it is too large for this machine.
    pub(super) fn arrange(mut self) -> Option<Layout> {
        let pages = self.symbols.div_ceil(CODES).saturating_sub(1);
        self.pages = match pages {
            0 => 0,
            1..0x80 => 1,
            0x80..0x4000 => 2,
            _ => 3,
        };
        self.index_size = match self.words {
            0..0x1f_ffff => 3,
            0x1f_ffff..0xfff_ffff => 4,
            _ => 5,
        };
        self.priority_size = match self.largest_priority {
            0 => 0,
            1..0x80 => 1,
            _ => 2,
        };
        let mut at = BODY + COUNTS * NUMBER;
        let mut place = |count: usize, size: usize| {
            let here = at;
            at = at.checked_add(count.checked_mul(size)?)?;
            Some(here)
        };
        place(self.shelves.len(), SHELF)?;
        let mut blocks = 0usize;
        self.groups = 0;
        for shelf in &mut self.shelves {
            shelf.first_block = blocks;
            shelf.first_group = self.groups;
            blocks = blocks.checked_add(shelf.blocks)?;
            self.groups += shelf.clusters() * LANES;
        }
        let slots = blocks.checked_mul(LANES)?.checked_add(self.rows)?;
        self.alphabet_at = place(self.symbols, POINT)?;
        self.indices_at = place(slots, self.index_size)?;
        self.priorities_at = place(slots, self.priority_size)?;
        for shelf in &mut self.shelves {
            shelf.groups_at = place(shelf.groups(), GROUP)?;
            shelf.clusters_at = place(shelf.clusters(), GROUP)?;
        }
        for shelf in &mut self.shelves {
            let planes = if shelf.paged { 1 + self.pages } else { 1 };
            shelf.stride = LANES * shelf.length * planes;
            shelf.codes_at = place(shelf.blocks, shelf.stride)?;
        }
        self.rows_at = place(self.rows, ROW)?;
        self.row_symbols_at = place(self.row_symbols, POINT)?;
        self.size = at;
        Some(self)
    }

    pub(super) fn blocks(&self) -> usize {
        self.shelves.last().map_or(0, |shelf| shelf.first_block + shelf.blocks)
    }

    pub(super) fn slots(&self) -> usize {
        self.blocks() * LANES + self.rows
    }
}

/// An index: its bytes, and what they say of themselves.
#[derive(Clone, Debug)]
pub(super) struct Image {
    bytes: Vec<u8>,
    pub(super) layout: Layout,
    pub(super) alphabet: Alphabet,
}

impl Image {
    /// An image with empty slots, to be filled in and then sealed.
    pub(super) fn new(layout: Layout, alphabet: Alphabet) -> Image {
        let mut image = Image { bytes: vec![0; layout.size], layout, alphabet };
        let layout = &image.layout;
        let bytes = &mut image.bytes;
        bytes[..MAGIC.len()].copy_from_slice(MAGIC);
        write(&mut bytes[MAGIC.len()..][..NUMBER], u64::from(VERSION));
        let counts = [
            layout.words,
            layout.symbols,
            layout.shelves.len(),
            layout.rows,
            layout.row_symbols,
            usize::from(layout.largest_priority),
        ];
        let shelves =
            layout.shelves.iter().flat_map(|s| [s.length, usize::from(s.paged), usize::from(s.least_priority), s.blocks]);
        for (i, number) in counts.into_iter().chain(shelves).enumerate() {
            write(&mut bytes[BODY + i * NUMBER..][..NUMBER], number as u64);
        }
        for (i, &point) in image.alphabet.points().iter().enumerate() {
            write(&mut bytes[layout.alphabet_at + i * POINT..][..POINT], u64::from(point));
        }
        bytes[layout.indices_at..layout.priorities_at].fill(0x7f);
        image
    }

    /// Note the checksum of what has been filled in.
    pub(super) fn seal(&mut self) {
        let (sum, _) = checksum(&self.bytes[BODY..]);
        write(&mut self.bytes[BODY - CHECKSUM..BODY], sum);
    }

    /// Read what `as_str` gave.
    pub(super) fn check(data: String) -> Result<Image, LoadError> {
        let bytes = data.into_bytes();
        if !bytes.starts_with(MAGIC) {
            return Err(LoadError::NotADictionary);
        }
        let Some(head) = bytes.get(MAGIC.len()..BODY) else {
            return Err(LoadError::Damaged("it ends within its head"));
        };
        if !head.is_ascii() {
            return Err(LoadError::Damaged("its head is not ASCII"));
        }
        let version = read(&head[..NUMBER]);
        if version != u64::from(VERSION) {
            return Err(LoadError::Version(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        let Some(counts) = bytes.get(BODY..BODY + COUNTS * NUMBER) else {
            return Err(LoadError::Damaged("it ends within its head"));
        };
        let (checksum, ascii) = checksum(&bytes[BODY..]);
        if !ascii {
            return Err(LoadError::Damaged("it is not ASCII throughout"));
        }
        let mut sum = [0; CHECKSUM];
        write(&mut sum, checksum);
        if head[NUMBER..] != sum {
            return Err(LoadError::Damaged("its checksum does not fit its contents"));
        }
        let layout = Image::read_layout(&bytes, counts)?;
        let points = bytes[layout.alphabet_at..layout.indices_at].chunks_exact(POINT);
        let alphabet = Alphabet::new(points.map(|point| read(point) as u32).collect());
        Ok(Image { bytes, layout, alphabet })
    }

    fn read_layout(bytes: &[u8], counts: &[u8]) -> Result<Layout, LoadError> {
        let too_large = LoadError::Damaged("it names sizes past its end");
        let number = |i: usize| usize::try_from(read(&counts[i * NUMBER..][..NUMBER]));
        let number = |i: usize| number(i).map_err(|_| too_large.clone());
        let (words, symbols, shelves) = (number(0)?, number(1)?, number(2)?);
        let (rows, row_symbols, largest_priority) = (number(3)?, number(4)?, number(5)?);
        let Ok(largest_priority) = u8::try_from(largest_priority) else {
            return Err(LoadError::Damaged("a priority passes 255"));
        };
        if shelves > SHELVES || symbols > 0x11_0000 {
            return Err(LoadError::Damaged("it counts more shelves or symbols than there can be"));
        }
        let Some(table) = bytes.get(BODY + COUNTS * NUMBER..).and_then(|rest| rest.get(..shelves * SHELF)) else {
            return Err(too_large);
        };
        let shelves: Vec<Shelf> = table
            .chunks_exact(SHELF)
            .map(|entry| {
                let number = |i: usize| read(&entry[i * NUMBER..][..NUMBER]) as usize;
                Shelf {
                    length: number(0),
                    paged: number(1) != 0,
                    least_priority: number(2).min(usize::from(u8::MAX)) as u8,
                    blocks: number(3),
                    ..Shelf::default()
                }
            })
            .collect();
        let ascending = shelves.is_sorted_by(|a, b| (a.length, a.paged) <= (b.length, b.paged));
        if !ascending || shelves.iter().any(|shelf| shelf.length > LONGEST || shelf.blocks == 0) {
            return Err(LoadError::Damaged("its shelves are out of order"));
        }
        let layout = Layout { words, symbols, rows, row_symbols, largest_priority, shelves, ..Layout::default() };
        let layout = layout.arrange().ok_or(too_large)?;
        if layout.size != bytes.len() {
            return Err(LoadError::Damaged("its sizes do not add up to its length"));
        }
        if layout.words > layout.slots() || u32::try_from(layout.slots()).is_err() {
            return Err(LoadError::Damaged("it counts more words than it has places"));
        }
        // Each begins where the one before it ends, so that all words together are no longer than the file.
        let mut end = 0;
        let in_turn = (0..layout.rows).all(|row| {
            let (at, length) = row_at(bytes, &layout, row);
            at == std::mem::replace(&mut end, at + length)
        });
        if in_turn && end == layout.row_symbols as u64 {
            Ok(layout)
        } else {
            Err(LoadError::Damaged("its long words overlap or leave gaps"))
        }
    }

    /// The saved form.
    pub(super) fn to_text(&self) -> String {
        // All bytes are ASCII.
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Bytes of memory in use.
    pub(super) fn memory(&self) -> usize {
        self.bytes.len() + self.alphabet.memory() + self.layout.shelves.len() * size_of::<Shelf>()
    }

    /// The place in the order of equal scores of the word in a slot: priority, then index. None if the slot is empty.
    #[inline]
    pub(super) fn rank(&self, slot: usize) -> Option<u64> {
        let layout = &self.layout;
        let index = read(&self.bytes[layout.indices_at + slot * layout.index_size..][..layout.index_size]);
        let priority = read(&self.bytes[layout.priorities_at + slot * layout.priority_size..][..layout.priority_size]);
        (index < layout.words as u64).then_some(priority << 32 | index)
    }

    /// The index of the word in a slot, before priorities are known.
    pub(super) fn index(&self, slot: usize) -> u32 {
        let layout = &self.layout;
        read(&self.bytes[layout.indices_at + slot * layout.index_size..][..layout.index_size]) as u32
    }

    pub(super) fn set_rank(&mut self, slot: usize, priority: u8, index: usize) {
        let (at, size) = (self.layout.indices_at, self.layout.index_size);
        write(&mut self.bytes[at + slot * size..][..size], index as u64);
        let (at, size) = (self.layout.priorities_at, self.layout.priority_size);
        write(&mut self.bytes[at + slot * size..][..size], u64::from(priority));
    }

    /// Whether there are words in blocks that have symbols past page 0.
    pub(super) fn is_paged(&self) -> bool {
        self.layout.shelves.iter().any(|shelf| shelf.paged)
    }

    /// How many letters have bits of their own in a mask.
    pub(super) fn letters(&self) -> usize {
        self.alphabet.len().min(CODES)
    }

    /// The columns of codes of a block (numbered within its shelf).
    #[inline]
    pub(super) fn block(&self, shelf: &Shelf, block: usize) -> &[Column] {
        let bytes = &self.bytes[shelf.codes_at + block * shelf.stride..][..LANES * shelf.length];
        bytes.as_chunks().0
    }

    /// Write down a word for the time being: its codes and then its pages, at a place of its shelf that blocks will take up.
    pub(super) fn note(&mut self, shelf: &Shelf, place: usize, symbols: impl Iterator<Item = u32>) {
        let size = shelf.stride / LANES;
        let row = &mut self.bytes[shelf.codes_at + place * size..][..size];
        let (codes, pages) = row.split_at_mut(shelf.length);
        if !shelf.paged {
            // On page 0 a symbol is its code.
            for (code, symbol) in codes.iter_mut().zip(symbols) {
                *code = symbol as u8;
            }
            return;
        }
        for (j, (code, symbol)) in codes.iter_mut().zip(symbols).enumerate() {
            *code = alphabet::code_of(symbol);
            let mut page = alphabet::page_of(symbol);
            for digit in pages[j..].iter_mut().step_by(shelf.length) {
                *digit = (page & 0x7f) as u8;
                page >>= 7;
            }
        }
    }

    /// `note` for an ASCII word of at most 16 symbols, given with what follows it in the text; false where that does not do. Also writes what
    /// follows, where words to come and blocks will stand, so that no loop ends where no machine can foresee it.
    #[inline]
    pub(super) fn note_near(&mut self, shelf: &Shelf, place: usize, text: &[u8; LANES]) -> bool {
        let shelf_bytes = &mut self.bytes[shelf.codes_at..][..shelf.blocks * shelf.stride];
        let row = shelf_bytes.get_mut(place * shelf.length..).and_then(<[u8]>::first_chunk_mut::<LANES>);
        match row {
            Some(row) if !shelf.paged && shelf.length <= LANES => {
                for (code, &byte) in row.iter_mut().zip(text) {
                    *code = self.alphabet.ascii_id(byte) as u8;
                }
                true
            }
            _ => false,
        }
    }

    /// The words noted on a shelf, one after the other, with room to read a vector at the start of each symbol.
    pub(super) fn noted(&self, shelf: &Shelf, words: usize) -> Vec<u8> {
        let size = words * (shelf.stride / LANES);
        let mut rows = Vec::with_capacity(size + LANES);
        rows.extend_from_slice(&self.bytes[shelf.codes_at..][..size]);
        rows.resize(size + LANES, 0);
        rows
    }

    /// Put words among those that `noted` gave into a block, transposed.
    pub(super) fn set_block(&mut self, shelf: &Shelf, block: usize, rows: &[u8], words: impl Iterator<Item = usize> + Clone) {
        let size = shelf.stride / LANES;
        let bytes = &mut self.bytes[shelf.codes_at + block * shelf.stride..][..shelf.stride];
        let columns: &mut [Column] = bytes.as_chunks_mut().0;
        for (from, columns) in (0..size).step_by(LANES).zip(columns.chunks_mut(LANES)) {
            let mut vectors = [splat::<1>(u64::from(FILLING)); LANES];
            for (vector, word) in vectors.iter_mut().zip(words.clone()) {
                if let Some(row) = rows[word * size + from..].first_chunk() {
                    *vector = Bytes::load(row);
                }
            }
            for (column, vector) in columns.iter_mut().zip(transpose(vectors)) {
                *column = vector.to_array();
            }
        }
    }

    /// Take the symbols of the word in a slot by number, in turn.
    #[inline]
    pub(super) fn for_each_symbol(&self, slot: usize, mut take: impl FnMut(u32)) {
        let blocks = self.layout.blocks();
        if slot / LANES >= blocks {
            let (at, length) = row_at(&self.bytes, &self.layout, slot - blocks * LANES);
            let from = self.layout.row_symbols_at + at as usize * POINT;
            let symbols = self.bytes[from..][..length as usize * POINT].as_chunks::<POINT>().0;
            symbols.iter().for_each(|symbol| take(read(symbol) as u32));
            return;
        }
        let shelf = self.layout.shelves.partition_point(|shelf| shelf.first_block + shelf.blocks <= slot / LANES);
        let shelf = &self.layout.shelves[shelf];
        let block = slot / LANES - shelf.first_block;
        let bytes = &self.bytes[shelf.codes_at + block * shelf.stride..][..shelf.stride];
        let cell = |plane: usize, j: usize| bytes[(plane * shelf.length + j) * LANES + slot % LANES];
        let planes = shelf.stride.checked_div(LANES * shelf.length).unwrap_or(1);
        for j in 0..shelf.length {
            let page = (1..planes).rev().fold(0, |page, plane| page << 7 | u32::from(cell(plane, j)));
            take(alphabet::id_of(page, cell(0, j)));
        }
    }

    /// The symbols of the word in a slot.
    pub(super) fn symbols(&self, slot: usize, into: &mut Vec<u32>) {
        into.clear();
        self.for_each_symbol(slot, |id| into.push(id));
    }

    /// The letters of the word in a slot.
    pub(super) fn word(&self, slot: usize, into: &mut Vec<char>) {
        into.clear();
        self.for_each_symbol(slot, |id| into.push(self.alphabet.point(id)));
    }

    /// Length of a row's word.
    pub(super) fn row_length(&self, row: usize) -> usize {
        row_at(&self.bytes, &self.layout, row).1 as usize
    }

    pub(super) fn set_row(&mut self, row: usize, at: usize, ids: impl Iterator<Item = u32>) {
        let mut length = 0;
        for id in ids {
            let symbol = self.layout.row_symbols_at + (at + length) * POINT;
            write(&mut self.bytes[symbol..][..POINT], u64::from(id));
            length += 1;
        }
        let entry = self.layout.rows_at + row * ROW;
        write(&mut self.bytes[entry..][..NUMBER], length as u64);
        write(&mut self.bytes[entry + NUMBER..][..NUMBER], at as u64);
    }

    /// At most how many symbols a query shares with any word of each of 16 blocks.
    #[inline]
    pub(super) fn group_bounds(&self, shelf: &Shelf, group: usize, query: &LetterMask) -> Bytes {
        query.bounds(self.planes(shelf.groups_at + group * GROUP), shelf.length)
    }

    /// The same for each of 16 groups.
    #[inline]
    pub(super) fn cluster_bounds(&self, shelf: &Shelf, cluster: usize, query: &LetterMask) -> Bytes {
        query.bounds(self.planes(shelf.clusters_at + cluster * GROUP), shelf.length)
    }

    #[inline]
    fn planes(&self, at: usize) -> &[Column] {
        self.bytes[at..][..GROUP].as_chunks().0
    }

    /// Note the letters of a block, and of the group and cluster it lies in.
    pub(super) fn set_masks(&mut self, shelf: &Shelf, block: usize, some: u64, all: u64) {
        let places = [
            (shelf.groups_at + block / LANES * GROUP, block % LANES, block.is_multiple_of(LANES)),
            (shelf.clusters_at + block / LANES / LANES * GROUP, block / LANES % LANES, block.is_multiple_of(LANES * LANES)),
        ];
        for (level, (at, lane, fresh)) in places.into_iter().enumerate() {
            let planes = &mut self.bytes[at..][..GROUP];
            if fresh {
                // No word has every letter and none: unused lanes bound to 0.
                planes[PLANES * LANES..].fill(0x7f);
            }
            for k in 0..PLANES {
                let digit = |mask: u64| (mask >> (7 * k) & 0x7f) as u8;
                planes[k * LANES + lane] |= digit(some);
                if level == 0 {
                    planes[(PLANES + k) * LANES + lane] = digit(all);
                } else {
                    planes[(PLANES + k) * LANES + lane] &= digit(all);
                }
            }
        }
    }
}

fn row_at(bytes: &[u8], layout: &Layout, row: usize) -> (u64, u64) {
    let entry = &bytes[layout.rows_at + row * ROW..][..ROW];
    (read(&entry[NUMBER..]), read(&entry[..NUMBER]))
}

/// A number from base-128 digits, lowest first.
#[inline]
fn read(digits: &[u8]) -> u64 {
    digits.iter().rev().fold(0, |number, &digit| number << 7 | u64::from(digit))
}

#[inline]
fn write(digits: &mut [u8], mut number: u64) {
    for digit in digits {
        *digit = (number & 0x7f) as u8;
        number >>= 7;
    }
}

/// 64 bits from all bytes and their order, and whether all are ASCII. Guards against accidents, not against forgers.
fn checksum(bytes: &[u8]) -> (u64, bool) {
    // An odd constant with well-mixed bits: the fractional part of the golden ratio.
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    // Four independent chains keep the multiplier busy.
    let mut chains = [MIX, MIX.rotate_left(16), MIX.rotate_left(32), MIX.rotate_left(48)];
    let mut any = 0;
    let mut step = |chain: u64, word: [u8; 8]| {
        let word = u64::from_le_bytes(word);
        any |= word;
        (chain ^ word).wrapping_mul(MIX).rotate_left(29)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let (strips, words) = words.as_chunks::<4>();
    for strip in strips {
        for (chain, word) in chains.iter_mut().zip(strip) {
            *chain = step(*chain, *word);
        }
    }
    for word in words {
        chains[0] = step(chains[0], *word);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    chains[1] = step(chains[1], last);
    let ascii = any & 0x8080_8080_8080_8080 == 0;
    let mut sum = bytes.len() as u64;
    for chain in chains {
        sum = (sum ^ chain).wrapping_mul(MIX).rotate_left(29);
    }
    (sum ^ sum >> 32, ascii)
}

/// A file with whatever contents and the checksum that fits them.
#[cfg(test)]
pub(super) fn forge(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some((head, body)) = bytes.split_at_mut_checked(BODY) {
        write(&mut head[BODY - CHECKSUM..], checksum(body).0);
    }
    bytes
}
