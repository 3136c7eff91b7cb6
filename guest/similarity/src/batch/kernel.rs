//! Edit distances of one text to many at once: each lane of a register holds the state of another choice.
//!
//! The choices are the patterns: a table says, for each symbol, where it stands in every choice of a block, so a step of the
//! text is one row of the table and the same few instructions for all of them (Hyyrö, Fredriksson and Navarro, 2005). A
//! block is made once and meets every query.

use super::lanes::{Counts, Lanes, Lanes8, REGISTERS, Words};
use super::metric::LaneMetric;
use std::collections::HashMap;
use std::marker::PhantomData;

/// The longest choice that fits a lane.
pub(super) const LONGEST: usize = 64;

/// Numbers for the symbols that occur in the queries, from 1. Other symbols match nothing and are 0.
pub(super) struct Alphabet {
    low: [u32; 128],
    wide: HashMap<char, u32>,
    len: u32,
}

impl Alphabet {
    pub(super) fn new() -> Self {
        Alphabet { low: [0; 128], wide: HashMap::new(), len: 0 }
    }

    fn get(&self, symbol: char) -> u32 {
        match self.low.get(symbol as usize) {
            Some(&number) => number,
            None => self.wide.get(&symbol).copied().unwrap_or(0),
        }
    }

    /// The number of a query's symbol.
    pub(super) fn number(&mut self, symbol: char) -> u32 {
        let number = match self.low.get_mut(symbol as usize) {
            Some(number) => number,
            None => self.wide.entry(symbol).or_insert(0),
        };
        if *number == 0 {
            self.len += 1;
            *number = self.len;
        }
        *number
    }
}

pub(super) type Row = [Words; REGISTERS];

/// Where each symbol stands in every choice of a block.
pub(super) trait Table {
    fn new(alphabet: &Alphabet) -> Self;
    /// Forgets all choices.
    fn clear(&mut self);
    /// The row of a query's symbol.
    fn row(&self, symbol: u32) -> &Row;
    /// The row of a choice's symbol.
    fn row_to_mark(&mut self, symbol: u32) -> &mut Row;
}

/// Rows of a table that stays in the nearest cache.
const FEW: usize = 128;

/// A row for each symbol of a small alphabet. Row 0 is of symbols that occur in no query, and is never read.
pub(super) struct Few(Box<[Row; FEW]>);

impl Few {
    /// Whether the alphabet is small enough.
    pub(super) fn are_enough(alphabet: &Alphabet) -> bool {
        (alphabet.len as usize) < FEW
    }
}

impl Table for Few {
    fn new(_alphabet: &Alphabet) -> Self {
        Few(Box::new([Row::default(); FEW]))
    }

    fn clear(&mut self) {
        self.0.fill(Row::default());
    }

    #[inline(always)]
    fn row(&self, symbol: u32) -> &Row {
        // The remainder says to the compiler what is so anyway.
        &self.0[symbol as usize % FEW]
    }

    #[inline(always)]
    fn row_to_mark(&mut self, symbol: u32) -> &mut Row {
        &mut self.0[symbol as usize % FEW]
    }
}

/// Rows for those symbols of a large alphabet that occur in a block.
pub(super) struct Many {
    /// For each symbol of the alphabet: its row in `rows`.
    row_of: Vec<u32>,
    rows: Vec<Row>,
    /// The symbols that have a row of their own for now.
    listed: Vec<u32>,
}

/// The row of symbols that stand in no choice.
const NOWHERE: u32 = 0;

/// The row of symbols that occur in no query, which is never read.
const UNASKED: u32 = 1;

impl Table for Many {
    fn new(alphabet: &Alphabet) -> Self {
        let mut row_of = vec![NOWHERE; alphabet.len as usize + 1];
        row_of[0] = UNASKED;
        Many { row_of, rows: vec![Row::default(); 2], listed: Vec::new() }
    }

    fn clear(&mut self) {
        for symbol in self.listed.drain(..) {
            self.row_of[symbol as usize] = NOWHERE;
        }
        self.rows.truncate(2);
    }

    #[inline(always)]
    fn row(&self, symbol: u32) -> &Row {
        &self.rows[self.row_of[symbol as usize] as usize]
    }

    #[inline(always)]
    fn row_to_mark(&mut self, symbol: u32) -> &mut Row {
        let mut row = self.row_of[symbol as usize];
        if row == NOWHERE {
            row = self.rows.len() as u32;
            self.row_of[symbol as usize] = row;
            self.listed.push(symbol);
            self.rows.push(Row::default());
        }
        &mut self.rows[row as usize]
    }
}

/// Some choices, each in a lane.
pub(super) struct Block<L, T> {
    table: T,
    /// The bits of each lane that stand for a symbol.
    used: Row,
    lanes: PhantomData<L>,
}

impl<L: Lanes, T: Table> Block<L, T> {
    /// Choices that a block holds.
    pub(super) const CHOICES: usize = REGISTERS * L::COUNT;

    pub(super) fn new(alphabet: &Alphabet) -> Self {
        Block { table: T::new(alphabet), used: Row::default(), lanes: PhantomData }
    }

    /// Takes in other choices, at most `CHOICES` of them, each as far as it fits its lane.
    pub(super) fn fill<'a>(&mut self, alphabet: &Alphabet, choices: impl Iterator<Item = &'a str>) {
        self.table.clear();
        self.used = Row::default();
        for (lane, choice) in choices.take(Self::CHOICES).enumerate() {
            let register = lane / L::COUNT;
            let (word, first_bit) = (lane % L::COUNT * L::BITS / 64, lane % L::COUNT * L::BITS % 64);
            let mut bit = 1_u64 << first_bit;
            let mut used = 0;
            for symbol in choice.chars().take(L::BITS) {
                self.table.row_to_mark(alphabet.get(symbol))[register][word] |= bit;
                used |= bit;
                bit <<= 1;
            }
            self.used[register][word] |= used;
        }
    }

    /// What `text` and each choice have to do with each other.
    #[inline(always)]
    pub(super) fn run(&self, metric: LaneMetric, text: &[u32]) -> Tally {
        let rows = text.iter().map(|&symbol| self.table.row(symbol).each_ref().map(L::load));
        tally(metric, rows, self.used)
    }
}

/// What the lanes found out about a text: a byte for each choice.
pub(super) struct Tally {
    /// Rows that count up: those that are not part of the longest common subsequence, or that are one more than the row above.
    pub(super) ups: Counts,
    /// Rows that count down: those that are one less than the row above.
    pub(super) downs: Counts,
}

/// The tally of a text, given as where each of its symbols stands in every choice. `used` are the bits that stand for a symbol.
#[inline(always)]
pub(super) fn tally<L: Lanes>(metric: LaneMetric, text: impl Iterator<Item = [L; REGISTERS]>, used: Row) -> Tally {
    let counted = |mut rows: [L; REGISTERS]| {
        for (rows, used) in rows.iter_mut().zip(used) {
            *rows = rows.and(L::load(&used));
        }
        L::count_ones(rows)
    };
    match metric {
        LaneMetric::Indel | LaneMetric::LcsSeq => {
            Tally { ups: counted(lcs_complements(text)), downs: [Lanes8::zero(); REGISTERS] }
        }
        LaneMetric::Levenshtein => {
            let [up, down] = levenshtein(text);
            Tally { ups: counted(up), downs: counted(down) }
        }
        LaneMetric::Osa => {
            let [up, down] = osa(text);
            Tally { ups: counted(up), downs: counted(down) }
        }
    }
}

/// For each choice, the symbols that are not part of the longest common subsequence.
#[inline(always)]
fn lcs_complements<L: Lanes>(text: impl Iterator<Item = [L; REGISTERS]>) -> [L; REGISTERS] {
    let mut rows = [L::ones(); REGISTERS];
    for equal in text {
        for k in 0..REGISTERS {
            let matched = rows[k].and(equal[k]);
            rows[k] = rows[k].add(matched).or(rows[k].and_not(equal[k]));
        }
    }
    rows
}

/// For each choice, where the Levenshtein distance rises, and where it falls, down the last column of its table.
#[inline(always)]
fn levenshtein<L: Lanes>(text: impl Iterator<Item = [L; REGISTERS]>) -> [[L; REGISTERS]; 2] {
    let mut up = [L::ones(); REGISTERS];
    let mut down = [L::zero(); REGISTERS];
    for equal in text {
        for k in 0..REGISTERS {
            let free = equal[k].or(down[k]);
            let diagonal = equal[k].and(up[k]).add(up[k]).xor(up[k]).or(free);
            (up[k], down[k]) = next_column(diagonal, up[k], down[k]);
        }
    }
    [up, down]
}

/// The same with transpositions of neighbours.
#[inline(always)]
fn osa<L: Lanes>(text: impl Iterator<Item = [L; REGISTERS]>) -> [[L; REGISTERS]; 2] {
    let mut up = [L::ones(); REGISTERS];
    let mut down = [L::zero(); REGISTERS];
    let mut diagonal = [L::zero(); REGISTERS];
    let mut equal_before = [L::zero(); REGISTERS];
    for equal in text {
        for k in 0..REGISTERS {
            let transposed = equal[k].and_not(diagonal[k]).doubled().and(equal_before[k]);
            let free = equal[k].or(down[k]).or(transposed);
            diagonal[k] = equal[k].and(up[k]).add(up[k]).xor(up[k]).or(free);
            (up[k], down[k]) = next_column(diagonal[k], up[k], down[k]);
        }
        equal_before = equal;
    }
    [up, down]
}

/// Which rows are more, and which less, than the row above them in the next column.
#[inline(always)]
fn next_column<L: Lanes>(diagonal: L, up: L, down: L) -> (L, L) {
    let step = diagonal.not();
    let right = down.or(step.and_not(up));
    // The first row is one more in each column: subtracting -1 brings a 1 in.
    let right = right.doubled().sub(L::ones());
    let left = diagonal.and(up).doubled();
    (left.or(step.and_not(right)), right.and(diagonal))
}
