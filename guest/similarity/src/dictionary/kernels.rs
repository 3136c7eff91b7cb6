//! Sixteen words of one length against one query, in the lanes of vectors.
//!
//! A block is transposed: its column `j` holds the codes of letter `j` of all sixteen words. Two look-ups of sixteen
//! entries turn a column into the bit masks of the positions at which the query holds those letters; from there on each
//! lane runs a bit-parallel algorithm, in bytes for queries of up to 8 symbols, then in 16, 32 and 64 bits.
//! Codes from 32 (the filling of unused lanes) match nothing.

use super::alphabet::CODES;
use super::lanes::{Bytes, LANES, Wide, add, count_ones, gather, splat, sub};

/// Queries of up to this many symbols fit the kernels.
pub(super) const WIDEST: usize = 64;

/// The code of an unused lane.
pub(super) const FILLING: u8 = CODES as u8;

/// One column of a block.
pub(super) type Column = [u8; LANES];

/// Where in the query each code stands, as tables for the kernels. For queries of up to `WIDEST` symbols.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    length: usize,
    codes: Vec<u8>,
    /// Byte `k` of the position masks of codes 0 to 15, and of 16 to 31.
    low: [Column; 8],
    high: [Column; 8],
    /// `length` ones, in lanes of the pattern's width.
    inside: Bytes,
}

/// The kernels, by what they count. Every count is at most the length of the shorter word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// The longest common subsequence.
    Lcs,
    /// The longer length less the Levenshtein distance.
    Levenshtein,
    /// The longer length less the optimal string alignment distance.
    Osa,
    /// Equal symbols at equal positions.
    Hamming,
    /// The common prefix.
    Prefix,
    /// The common suffix.
    Postfix,
    /// Jaro's matches.
    Jaro,
}

impl Kernel {
    /// Whether it takes longer than bounding its count by the letters of each word.
    pub(super) fn is_dear(self) -> bool {
        matches!(self, Kernel::Lcs | Kernel::Levenshtein | Kernel::Osa | Kernel::Jaro)
    }

    /// Whether the longest common subsequence is worth counting first.
    pub(super) fn costs_more_than_lcs(self) -> bool {
        matches!(self, Kernel::Levenshtein | Kernel::Osa)
    }

    /// Whether its count is at most the length of the longest common subsequence.
    pub(super) fn is_at_most_lcs(self) -> bool {
        self == Kernel::Lcs || self.costs_more_than_lcs()
    }
}

impl Pattern {
    /// From the query's codes; those from 32 match nothing.
    pub(super) fn new(codes: Vec<u8>) -> Pattern {
        let length = codes.len();
        let mut tables = [[[0; LANES]; 8]; CODES / LANES];
        if length <= WIDEST {
            for (i, &code) in codes.iter().enumerate() {
                if let Some(table) = tables.get_mut(usize::from(code) / LANES) {
                    table[i / 8][usize::from(code) % LANES] |= 1 << (i % 8);
                }
            }
        }
        let [low, high] = tables;
        let inside = ones(length);
        let inside = match length {
            0..=8 => splat::<1>(inside),
            9..=16 => splat::<2>(inside),
            17..=32 => splat::<4>(inside),
            _ => splat::<8>(inside),
        };
        Pattern { length, codes, low, high, inside }
    }

    /// Whether the kernel takes this query.
    pub(super) fn takes(&self, kernel: Kernel) -> bool {
        self.length <= WIDEST || matches!(kernel, Kernel::Hamming | Kernel::Prefix | Kernel::Postfix)
    }

    /// The kernel's count for each word of a block. The query must be one that the kernel takes.
    #[inline]
    pub(super) fn count(&self, kernel: Kernel, block: &[Column]) -> Bytes {
        match kernel {
            Kernel::Lcs => self.sized(block, Pattern::lcs::<1>, Pattern::lcs::<2>, Pattern::lcs::<4>, Pattern::lcs::<8>),
            Kernel::Levenshtein => self.sized(
                block,
                Pattern::edits::<1, false>,
                Pattern::edits::<2, false>,
                Pattern::edits::<4, false>,
                Pattern::edits::<8, false>,
            ),
            Kernel::Osa => self.sized(
                block,
                Pattern::edits::<1, true>,
                Pattern::edits::<2, true>,
                Pattern::edits::<4, true>,
                Pattern::edits::<8, true>,
            ),
            Kernel::Jaro => self.sized(block, Pattern::jaro::<1>, Pattern::jaro::<2>, Pattern::jaro::<4>, Pattern::jaro::<8>),
            Kernel::Hamming => {
                let pairs = self.codes.iter().zip(block);
                pairs.fold(splat::<1>(0), |count, (&code, column)| count.sub8(equal(code, column)))
            }
            Kernel::Prefix => run(self.codes.iter().zip(block)),
            Kernel::Postfix => run(self.codes.iter().rev().zip(block.iter().rev())),
        }
    }

    /// How many of the query's first symbols are worth comparing before all of them, for a block whose words must share all of the
    /// query's symbols but `loss`: so few that lanes are narrower, so many that others seldom share enough of them.
    pub(super) fn head(&self, loss: usize) -> Option<usize> {
        [8, 16, 32].into_iter().find(|&head| loss <= head / 4).filter(|&head| head < self.length && self.length <= WIDEST)
    }

    /// The longest common subsequence of so many first symbols of the query and each word of a block. `head` must be one that `head` gave.
    #[inline]
    pub(super) fn count_head(&self, head: usize, block: &[Column]) -> Bytes {
        match head {
            8 => self.lcs::<1>(block),
            16 => self.lcs::<2>(block),
            _ => self.lcs::<4>(block),
        }
    }

    #[inline(always)]
    fn sized(
        &self,
        block: &[Column],
        bytes: fn(&Pattern, &[Column]) -> Bytes,
        shorts: fn(&Pattern, &[Column]) -> Bytes,
        words: fn(&Pattern, &[Column]) -> Bytes,
        longs: fn(&Pattern, &[Column]) -> Bytes,
    ) -> Bytes {
        match self.length {
            0..=8 => bytes(self, block),
            9..=16 => shorts(self, block),
            17..=32 => words(self, block),
            _ => longs(self, block),
        }
    }

    /// The positions of each lane's letter in the query.
    #[inline(always)]
    fn positions<const B: usize>(&self, column: &Column) -> Wide<B> {
        let low = Bytes::load(column);
        let high = low.sub8(splat::<1>(16));
        let table = |k: usize| Bytes::load(&self.low[k]).swizzle(low).or(Bytes::load(&self.high[k]).swizzle(high));
        gather(std::array::from_fn(table))
    }

    /// Hyyrö (2004): the zero bits of the state count the subsequence. Lanes narrower than the query compare as many of its first symbols.
    fn lcs<const B: usize>(&self, block: &[Column]) -> Bytes {
        let mut state = [splat::<1>(0xff); B];
        for column in block {
            let positions = self.positions::<B>(column);
            for i in 0..B {
                let kept = state[i].and(positions[i]);
                state[i] = add::<B>(state[i], kept).or(state[i].and_not(positions[i]));
            }
        }
        count_ones(state.map(Bytes::not))
    }

    /// Myers (1999) in Hyyrö's form (2003), `SWAPS` adding transpositions of neighbours. The vertical differences that are left
    /// after the last column add up to the distance less the word's length.
    fn edits<const B: usize, const SWAPS: bool>(&self, block: &[Column]) -> Bytes {
        let one = splat::<B>(1);
        let mut plus = [splat::<1>(0xff); B];
        let mut minus = [splat::<1>(0); B];
        let mut last_diagonal = [splat::<1>(0); B];
        let mut last_positions = [splat::<1>(0); B];
        for column in block {
            let positions = self.positions::<B>(column);
            for i in 0..B {
                let carried = add::<B>(positions[i].and(plus[i]), plus[i]);
                let mut diagonal = carried.xor(plus[i]).or(positions[i]).or(minus[i]);
                if SWAPS {
                    let apart = positions[i].and_not(last_diagonal[i]);
                    diagonal = diagonal.or(add::<B>(apart, apart).and(last_positions[i]));
                    last_diagonal[i] = diagonal;
                    last_positions[i] = positions[i];
                }
                let up = minus[i].or(diagonal.or(plus[i]).not());
                let down = diagonal.and(plus[i]);
                let up = add::<B>(up, up).or(one);
                plus[i] = add::<B>(down, down).or(diagonal.or(up).not());
                minus[i] = up.and(diagonal);
            }
        }
        let more = count_ones(plus.map(|lane| lane.and(self.inside)));
        let fewer = count_ones(minus.map(|lane| lane.and(self.inside)));
        let longer = self.length.max(block.len()) - block.len();
        splat::<1>(longer as u64).add8(fewer).sub8(more)
    }

    /// Each letter of the word takes the first free equal letter of the query within Jaro's window.
    fn jaro<const B: usize>(&self, block: &[Column]) -> Bytes {
        let reach = (self.length.max(block.len()) / 2).saturating_sub(1);
        let zero = splat::<1>(0);
        let mut taken = [zero; B];
        for (j, column) in block.iter().enumerate() {
            let window = splat::<B>(ones(j + reach + 1) & !ones(j.saturating_sub(reach)));
            let positions = self.positions::<B>(column);
            for i in 0..B {
                let free = positions[i].and(window).and_not(taken[i]);
                taken[i] = taken[i].or(free.and(sub::<B>(zero, free)));
            }
        }
        count_ones(taken)
    }
}

/// The lowest `count` bits set.
fn ones(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

#[inline(always)]
fn equal(code: u8, column: &Column) -> Bytes {
    Bytes::load(column).equal(splat::<1>(u64::from(code)))
}

/// Length of the run of equal symbols that the pairs begin with.
#[inline(always)]
fn run<'a>(pairs: impl Iterator<Item = (&'a u8, &'a Column)>) -> Bytes {
    let mut count = splat::<1>(0);
    let mut unbroken = splat::<1>(0xff);
    for (&code, column) in pairs {
        unbroken = unbroken.and(equal(code, column));
        count = count.sub8(unbroken);
    }
    count
}
