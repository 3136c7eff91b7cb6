//! Edit distances of one text to many at once: each lane of a register holds the state of another choice.
//!
//! The choices are the patterns: a table says, for each symbol, where it stands in every choice of a block, so a step of the
//! text is one row of the table and the same few instructions for all of them (Hyyrö, Fredriksson and Navarro, 2005). A
//! block is made once and meets every query.

use super::lanes::{Counts, Lanes, REGISTERS, Words};
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

/// The row of symbols that stand in no choice.
const NOWHERE: u32 = 0;

/// The row of symbols that occur in no query, which is never read.
const UNASKED: u32 = 1;

/// Up to this many symbols have rows of their own from the start: as many as stay in the nearest cache.
const SMALL_ALPHABET: u32 = 100;

/// Some choices, each in a lane.
pub(super) struct Block<L> {
    /// For each symbol of the alphabet: its row in `rows`.
    row_of: Vec<u32>,
    rows: Vec<Row>,
    /// Of a large alphabet: the symbols that have a row of their own for now.
    listed: Vec<u32>,
    /// The bits of each lane that stand for a symbol.
    used: Row,
    lanes: PhantomData<L>,
}

impl<L: Lanes> Block<L> {
    /// Choices that a block holds.
    pub(super) const CHOICES: usize = REGISTERS * L::COUNT;

    pub(super) fn new(alphabet: &Alphabet) -> Self {
        let first_row = UNASKED + 1;
        let (row_of, rows) = if alphabet.len <= SMALL_ALPHABET {
            ((UNASKED..first_row + alphabet.len).collect(), first_row + alphabet.len)
        } else {
            let mut row_of = vec![NOWHERE; alphabet.len as usize + 1];
            row_of[0] = UNASKED;
            (row_of, first_row)
        };
        let rows = vec![Row::default(); rows as usize];
        Block { row_of, rows, listed: Vec::new(), used: Row::default(), lanes: PhantomData }
    }

    /// Takes in other choices, at most `CHOICES` of them, each as far as it fits its lane.
    pub(super) fn fill<'a>(&mut self, alphabet: &Alphabet, choices: impl Iterator<Item = &'a str>) {
        self.rows.truncate(self.rows.len() - self.listed.len());
        for symbol in self.listed.drain(..) {
            self.row_of[symbol as usize] = NOWHERE;
        }
        self.rows.fill(Row::default());
        self.used = Row::default();
        for (lane, choice) in choices.take(Self::CHOICES).enumerate() {
            let register = lane / L::COUNT;
            let (word, first_bit) = (lane % L::COUNT * L::BITS / 64, lane % L::COUNT * L::BITS % 64);
            let mut bit = 1_u64 << first_bit;
            let mut used = 0;
            for symbol in choice.chars().take(L::BITS) {
                let row = self.row_to_mark(alphabet.get(symbol));
                row[register][word] |= bit;
                used |= bit;
                bit <<= 1;
            }
            self.used[register][word] |= used;
        }
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

    #[inline(always)]
    fn row(&self, symbol: u32) -> [L; REGISTERS] {
        self.rows[self.row_of[symbol as usize] as usize].map(L::load)
    }

    /// The rows of the table that `text` names.
    #[inline(always)]
    fn steps(&self, text: &[u32]) -> impl Iterator<Item = [L; REGISTERS]> {
        text.iter().map(|&symbol| self.row(symbol))
    }

    /// What `text` and each choice have to do with each other.
    #[inline(always)]
    pub(super) fn run(&self, metric: LaneMetric, text: &[u32]) -> Tally {
        tally(metric, self.steps(text), self.used)
    }
}

/// What the lanes found out about a text: a byte for each choice.
#[derive(Default)]
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
            *rows = rows.and(L::load(used));
        }
        L::count_ones(rows)
    };
    match metric {
        LaneMetric::Indel | LaneMetric::LcsSeq => Tally { ups: counted(lcs_complements(text)), downs: Counts::default() },
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
