//! The vector operations on plain arrays, for machines without an implementation of their own and as the definition of each.

/// Sixteen bytes.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
pub(in crate::dictionary) struct Bytes([u8; 16]);

macro_rules! lanewise {
    ($($name:ident, $lane:ty, $op:ident;)*) => {$(
        /// Lane-wise, wrapping.
        #[inline(always)]
        pub(in crate::dictionary) fn $name(self, other: Bytes) -> Bytes {
            const SIZE: usize = size_of::<$lane>();
            let mut bytes = [0; 16];
            for i in (0..16).step_by(SIZE) {
                let lane = |from: &[u8; 16]| <$lane>::from_le_bytes(std::array::from_fn(|k| from[i + k]));
                bytes[i..i + SIZE].copy_from_slice(&lane(&self.0).$op(lane(&other.0)).to_le_bytes());
            }
            Bytes(bytes)
        }
    )*};
}

macro_rules! splat {
    ($($name:ident, $lane:ty;)*) => {$(
        /// The same in every lane.
        #[inline(always)]
        pub(in crate::dictionary) fn $name(value: $lane) -> Bytes {
            let bytes = value.to_le_bytes();
            Bytes(std::array::from_fn(|i| bytes[i % bytes.len()]))
        }
    )*};
}

macro_rules! interleave {
    ($($name:ident, $size:literal, $from:literal;)*) => {$(
        /// Lanes of half of both, taken in turn.
        #[allow(clippy::modulo_one, reason = "lanes of one byte are one of the sizes")]
        #[inline(always)]
        pub(in crate::dictionary) fn $name(self, other: Bytes) -> Bytes {
            Bytes(std::array::from_fn(|i| {
                let from = if i / $size % 2 == 0 { &self.0 } else { &other.0 };
                from[$from + i / (2 * $size) * $size + i % $size]
            }))
        }
    )*};
}

impl Bytes {
    #[inline(always)]
    pub(in crate::dictionary) fn load(bytes: &[u8; 16]) -> Bytes {
        Bytes(*bytes)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn to_array(self) -> [u8; 16] {
        self.0
    }

    #[inline(always)]
    fn each(self, other: Bytes, f: impl Fn(u8, u8) -> u8) -> Bytes {
        Bytes(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn and(self, other: Bytes) -> Bytes {
        self.each(other, |a, b| a & b)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn or(self, other: Bytes) -> Bytes {
        self.each(other, |a, b| a | b)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn xor(self, other: Bytes) -> Bytes {
        self.each(other, |a, b| a ^ b)
    }

    /// The bits of `self` that `other` lacks.
    #[inline(always)]
    pub(in crate::dictionary) fn and_not(self, other: Bytes) -> Bytes {
        self.each(other, |a, b| a & !b)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn not(self) -> Bytes {
        self.each(self, |a, _| !a)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn min(self, other: Bytes) -> Bytes {
        self.each(other, u8::min)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn max(self, other: Bytes) -> Bytes {
        self.each(other, u8::max)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn sub8_saturating(self, other: Bytes) -> Bytes {
        self.each(other, u8::saturating_sub)
    }

    /// All ones where the bytes are equal.
    #[inline(always)]
    pub(in crate::dictionary) fn equal(self, other: Bytes) -> Bytes {
        self.each(other, |a, b| if a == b { 0xff } else { 0 })
    }

    /// The bytes of `self` at the positions that `at` names, 0 for a position past the end.
    #[inline(always)]
    pub(in crate::dictionary) fn swizzle(self, at: Bytes) -> Bytes {
        self.each(at, |_, at| if at < 16 { self.0[usize::from(at)] } else { 0 })
    }

    /// Set bits of each byte.
    #[inline(always)]
    pub(in crate::dictionary) fn count_ones(self) -> Bytes {
        self.each(self, |a, _| a.count_ones() as u8)
    }

    /// The sums of neighbouring bytes, of `self` and then of `other`. No sum may pass 255.
    #[inline(always)]
    pub(in crate::dictionary) fn pair_sums(self, other: Bytes) -> Bytes {
        Bytes(std::array::from_fn(|i| {
            let from = if i < 8 { &self.0 } else { &other.0 };
            from[2 * i % 16] + from[2 * i % 16 + 1]
        }))
    }

    /// All ones where the byte is at most that of `other`.
    #[inline(always)]
    pub(in crate::dictionary) fn at_most(self, other: Bytes) -> Bytes {
        self.each(other, |a, b| if a <= b { 0xff } else { 0 })
    }

    /// The top bit of each byte, lane 0 lowest.
    #[inline(always)]
    pub(in crate::dictionary) fn bits(self) -> u16 {
        let mut bits = 0;
        for i in 0..16 {
            bits |= u16::from(self.0[i] >> 7) << i;
        }
        bits
    }

    /// The largest byte.
    #[inline(always)]
    pub(in crate::dictionary) fn largest(self) -> u8 {
        self.0.into_iter().fold(0, u8::max)
    }

    splat! {
        splat8, u8;
        splat16, u16;
        splat32, u32;
        splat64, u64;
    }

    lanewise! {
        add8, u8, wrapping_add;
        add16, u16, wrapping_add;
        add32, u32, wrapping_add;
        add64, u64, wrapping_add;
        sub8, u8, wrapping_sub;
        sub16, u16, wrapping_sub;
        sub32, u32, wrapping_sub;
        sub64, u64, wrapping_sub;
    }

    interleave! {
        low8, 1, 0;
        high8, 1, 8;
        low16, 2, 0;
        high16, 2, 8;
        low32, 4, 0;
        high32, 4, 8;
    }
}
