//! Edit distances of one text to many at once: each lane of a register holds the state of another choice.
//!
//! The choices are the patterns: a table says, for each symbol, where it stands in every choice of a block, so a step of the
//! text is one row of the table and the same few instructions for all of them (Hyyrö, Fredriksson and Navarro, 2005). A
//! block is made once and meets every query.

use super::lanes::{Counts, Lanes, REGISTERS, Words};
use std::collections::HashMap;

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

type Row = [Words; REGISTERS];

/// Some choices, each in a lane.
pub(super) struct Block<L> {
    /// For each symbol of the alphabet: its row in `rows`. Row 0 is of what stands nowhere.
    row_of: Vec<u32>,
    rows: Vec<Row>,
    /// The symbols that have a row of their own, to take it from them again.
    listed: Vec<u32>,
    /// The bits of each lane that stand for a symbol.
    used: Row,
    lanes: std::marker::PhantomData<L>,
}

impl<L: Lanes> Block<L> {
    /// Choices that a block holds.
    pub(super) const CHOICES: usize = REGISTERS * L::COUNT;

    pub(super) fn new(alphabet: &Alphabet) -> Self {
        Block {
            row_of: vec![0; alphabet.len as usize + 1],
            rows: Vec::new(),
            listed: Vec::new(),
            used: Row::default(),
            lanes: std::marker::PhantomData,
        }
    }

    /// Takes in other choices, at most `CHOICES` of them. One that is longer than a lane must not be asked about.
    pub(super) fn fill<'a>(&mut self, alphabet: &Alphabet, choices: impl Iterator<Item = &'a str>) {
        for symbol in self.listed.drain(..) {
            self.row_of[symbol as usize] = 0;
        }
        self.rows.clear();
        self.rows.push(Row::default());
        self.used = Row::default();
        for (lane, choice) in choices.take(Self::CHOICES).enumerate() {
            let register = lane / L::COUNT;
            let first_bit = lane % L::COUNT * L::BITS;
            let mut length = 0;
            for (i, symbol) in choice.chars().take(L::BITS).enumerate() {
                length = i + 1;
                let symbol = alphabet.get(symbol);
                if symbol == 0 {
                    continue;
                }
                let mut row = self.row_of[symbol as usize];
                if row == 0 {
                    row = self.rows.len() as u32;
                    self.row_of[symbol as usize] = row;
                    self.listed.push(symbol);
                    self.rows.push(Row::default());
                }
                let bit = first_bit + i;
                self.rows[row as usize][register][bit / 64] |= 1 << (bit % 64);
            }
            if length > 0 {
                self.used[register][first_bit / 64] |= (!0 >> (64 - length)) << (first_bit % 64);
            }
        }
    }

    #[inline(always)]
    fn row(&self, symbol: u32) -> [L; REGISTERS] {
        self.rows[self.row_of[symbol as usize] as usize].map(L::load)
    }

    /// For each choice, the symbols that are not part of the longest common subsequence.
    #[inline]
    pub(super) fn lcs_complements(&self, text: &[u32]) -> Counts {
        let mut rows = [L::ones(); REGISTERS];
        for &symbol in text {
            let equal = self.row(symbol);
            for k in 0..REGISTERS {
                let matched = rows[k].and(equal[k]);
                rows[k] = rows[k].add(matched).or(rows[k].and_not(equal[k]));
            }
        }
        self.count(rows)
    }

    /// For each choice, how much the Levenshtein distance rises, and falls, down the last column of its table.
    #[inline]
    pub(super) fn levenshtein(&self, text: &[u32]) -> [Counts; 2] {
        let mut up = [L::ones(); REGISTERS];
        let mut down = [L::zero(); REGISTERS];
        for &symbol in text {
            let equal = self.row(symbol);
            for k in 0..REGISTERS {
                let free = equal[k].or(down[k]);
                let diagonal = equal[k].and(up[k]).add(up[k]).xor(up[k]).or(free);
                (up[k], down[k]) = next_column(diagonal, up[k], down[k]);
            }
        }
        [self.count(up), self.count(down)]
    }

    /// The same with transpositions of neighbours.
    #[inline]
    pub(super) fn osa(&self, text: &[u32]) -> [Counts; 2] {
        let mut up = [L::ones(); REGISTERS];
        let mut down = [L::zero(); REGISTERS];
        let mut diagonal = [L::zero(); REGISTERS];
        let mut equal_before = [L::zero(); REGISTERS];
        for &symbol in text {
            let equal = self.row(symbol);
            for k in 0..REGISTERS {
                let transposed = equal[k].and_not(diagonal[k]).doubled().and(equal_before[k]);
                let free = equal[k].or(down[k]).or(transposed);
                diagonal[k] = equal[k].and(up[k]).add(up[k]).xor(up[k]).or(free);
                (up[k], down[k]) = next_column(diagonal[k], up[k], down[k]);
            }
            equal_before = equal;
        }
        [self.count(up), self.count(down)]
    }

    #[inline(always)]
    fn count(&self, mut rows: [L; REGISTERS]) -> Counts {
        for (rows, used) in rows.iter_mut().zip(self.used) {
            *rows = rows.and(L::load(used));
        }
        L::count_ones(rows)
    }
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
