//! Where each symbol stands in a pattern, as bit masks: what every bit-parallel kernel starts from.

use crate::symbol::Symbol;

/// Codes below this index a table; all others are hashed.
const LOW: usize = 256;

/// A power of two of at least twice the 64 positions, so that probing is short and always ends.
const SLOTS: usize = 128;

/// For each symbol of a pattern of at most 64: a word whose bit `i` says that the symbol stands at position `i`.
pub(crate) struct Masks {
    low: [u64; LOW],
    wide: Option<Wide>,
}

/// Open addressing over the symbols whose code is not in the table. An empty slot has the mask 0.
struct Wide {
    codes: [u32; SLOTS],
    masks: [u64; SLOTS],
}

impl Wide {
    const EMPTY: Wide = Wide { codes: [0; SLOTS], masks: [0; SLOTS] };

    #[inline]
    fn slot(&self, code: u32) -> usize {
        // Fibonacci hashing: neighbouring code points, the common case, land far apart.
        let mut slot = (code.wrapping_mul(0x9E37_79B9) >> 25) as usize % SLOTS;
        while self.masks[slot] != 0 && self.codes[slot] != code {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }
}

impl Masks {
    /// The masks of `pattern`, of which at most the first 64 symbols count.
    #[inline]
    pub(crate) fn new<T: Symbol>(pattern: &[T]) -> Self {
        let mut masks = Masks { low: [0; LOW], wide: None };
        masks.fill(pattern);
        masks
    }

    /// Forgets the pattern and takes on another one.
    #[inline]
    pub(crate) fn replace<T: Symbol>(&mut self, pattern: &[T]) {
        self.low.fill(0);
        self.wide = None;
        self.fill(pattern);
    }

    #[inline]
    fn fill<T: Symbol>(&mut self, pattern: &[T]) {
        for (i, symbol) in pattern.iter().take(64).enumerate() {
            let code = symbol.code();
            if (code as usize) < LOW {
                self.low[code as usize] |= 1 << i;
            } else {
                let wide = self.wide.get_or_insert(Wide::EMPTY);
                let slot = wide.slot(code);
                wide.codes[slot] = code;
                wide.masks[slot] |= 1 << i;
            }
        }
    }

    /// Where `symbol` stands in the pattern.
    #[inline(always)]
    pub(crate) fn get<T: Symbol>(&self, symbol: T) -> u64 {
        let code = symbol.code();
        match self.low.get(code as usize) {
            Some(&mask) => mask,
            None => self.wide.as_ref().map_or(0, |wide| wide.masks[wide.slot(code)]),
        }
    }
}
