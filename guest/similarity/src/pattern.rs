//! Where each symbol stands in a pattern, as bit masks: what every bit-parallel kernel starts from.

use crate::symbol::{Symbol, first_16};

/// Answers where a symbol stands in a pattern of at most 64.
pub(crate) trait Positions {
    /// A word whose bit `i` says that `symbol` stands at position `i`.
    fn of<T: Symbol>(&self, symbol: T) -> u64;
}

/// Evaluates `$body` with `$positions` bound to the [`Positions`] of a pattern of at most 64 symbols, in the form that is
/// quickest for it.
macro_rules! with_positions {
    ($pattern:expr, |$positions:ident| $body:expr) => {
        match $crate::pattern::Short::new($pattern) {
            Some($positions) => $body,
            None => {
                let $positions = $crate::pattern::Masks::new($pattern);
                $body
            }
        }
    };
}

pub(crate) use with_positions;

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
}

impl Positions for Masks {
    #[inline(always)]
    fn of<T: Symbol>(&self, symbol: T) -> u64 {
        let code = symbol.code();
        match self.low.get(code as usize) {
            Some(&mask) => mask,
            None => self.wide.as_ref().map_or(0, |wide| wide.masks[wide.slot(code)]),
        }
    }
}

/// Length of a pattern that fits a vector register.
const REGISTER: usize = 16;

/// Where `byte` stands among sixteen: bit `i` for the one at `i`.
#[inline(always)]
pub(crate) fn equal_bytes(bytes: &[u8; REGISTER], byte: u8) -> u16 {
    register::Bytes::load(bytes).equal_to(byte)
}

/// A pattern of at most 16 symbols with codes below 256, searched by comparing all of its positions at once. Setting up the
/// table of [`Masks`] takes longer than comparing two words this way.
pub(crate) struct Short {
    bytes: register::Bytes,
    used: u64,
}

impl Short {
    /// `None` where the pattern does not fit, or the machine has no register for it.
    #[inline(always)]
    pub(crate) fn new<T: Symbol>(pattern: &[T]) -> Option<Self> {
        if pattern.len() > REGISTER {
            return None;
        }
        let bytes = match T::as_bytes(pattern) {
            Some(bytes) => first_16(bytes)?,
            None => {
                let mut bytes = [0; REGISTER];
                for (byte, symbol) in bytes.iter_mut().zip(pattern) {
                    *byte = u8::try_from(symbol.code()).ok()?;
                }
                first_16(&bytes)?
            }
        };
        Self::from_bytes(bytes, pattern.len())
    }

    /// The first `len` of 16 bytes.
    #[inline(always)]
    pub(crate) fn from_bytes(bytes: [u64; 2], len: usize) -> Option<Self> {
        // Unused positions hold 0, which is a symbol as well.
        register::AVAILABLE.then(|| Short { bytes: register::Bytes::new(bytes), used: (1 << len) - 1 })
    }
}

impl Positions for Short {
    #[inline(always)]
    fn of<T: Symbol>(&self, symbol: T) -> u64 {
        u8::try_from(symbol.code()).map_or(0, |code| u64::from(self.bytes.equal_to(code)) & self.used)
    }
}

/// Sixteen bytes compared with one.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod register {
    use std::arch::wasm32::{i8x16_bitmask, i8x16_eq, u8x16_splat, u64x2, v128, v128_load};

    pub(super) const AVAILABLE: bool = true;

    pub(super) struct Bytes(v128);

    impl Bytes {
        #[inline(always)]
        pub(super) fn new([low, high]: [u64; 2]) -> Self {
            Bytes(u64x2(low, high))
        }

        #[inline(always)]
        pub(super) fn load(bytes: &[u8; 16]) -> Self {
            // SAFETY: the reference is to sixteen readable bytes, and v128.load has no alignment requirement.
            Bytes(unsafe { v128_load(bytes.as_ptr().cast()) })
        }

        #[inline(always)]
        pub(super) fn equal_to(&self, byte: u8) -> u16 {
            i8x16_bitmask(i8x16_eq(self.0, u8x16_splat(byte)))
        }
    }
}

/// Sixteen bytes compared with one.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod register {
    use std::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};

    pub(super) const AVAILABLE: bool = true;

    pub(super) struct Bytes(__m128i);

    impl Bytes {
        #[inline(always)]
        pub(super) fn new([low, high]: [u64; 2]) -> Self {
            // SAFETY: needs SSE2, which the `cfg` of this module asks for.
            Bytes(unsafe { _mm_set_epi64x(high as i64, low as i64) })
        }

        #[inline(always)]
        pub(super) fn load(bytes: &[u8; 16]) -> Self {
            // SAFETY: the reference is to sixteen readable bytes, which the load does not need aligned.
            Bytes(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
        }

        #[inline(always)]
        pub(super) fn equal_to(&self, byte: u8) -> u16 {
            // SAFETY: needs SSE2, which the `cfg` of this module asks for.
            unsafe { _mm_movemask_epi8(_mm_cmpeq_epi8(self.0, _mm_set1_epi8(byte as i8))) as u16 }
        }
    }
}

/// Elsewhere the table is as quick.
#[cfg(not(any(all(target_arch = "wasm32", target_feature = "simd128"), all(target_arch = "x86_64", target_feature = "sse2"))))]
mod register {
    pub(super) const AVAILABLE: bool = false;

    pub(super) struct Bytes([u64; 2]);

    impl Bytes {
        pub(super) fn new([low, high]: [u64; 2]) -> Self {
            Bytes([low, high])
        }

        pub(super) fn load(bytes: &[u8; 16]) -> Self {
            let (halves, _) = bytes.as_chunks::<8>();
            Bytes([u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])])
        }

        pub(super) fn equal_to(&self, byte: u8) -> u16 {
            (0..16).fold(0, |mask, i| mask | u16::from((self.0[i / 8] >> (i % 8 * 8)) as u8 == byte) << i)
        }
    }
}
