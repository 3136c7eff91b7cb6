//! One 128-bit register, seen as lanes of 8, 16, 32 or 64 bits: the state of many strings at once.

/// A register's bits as they lie in memory: lane 0 in the lowest bits of the first word.
pub(super) type Words = [u64; 2];

/// Registers of a block: enough independent work to keep the machine's ports busy, few enough to stay in registers.
pub(super) const REGISTERS: usize = 4;

/// A byte for each lane of a block, lane 0 in the lowest bits of the first word.
pub(super) type Counts = [u64; 2 * REGISTERS];

/// The count of one lane.
#[inline(always)]
pub(super) fn byte(counts: &Counts, lane: usize) -> u8 {
    (counts[lane / 8] >> (lane % 8 * 8)) as u8
}

/// A register of lanes.
pub(super) trait Lanes: Copy {
    /// Bits of a lane.
    const BITS: usize;
    /// Lanes of a register.
    const COUNT: usize = 128 / Self::BITS;

    fn load(words: Words) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    /// `self & !other`.
    fn and_not(self, other: Self) -> Self;
    /// Lane by lane, without carries between lanes.
    fn add(self, other: Self) -> Self;
    /// The number of 1 bits of each lane, a byte each, from the first lane of the first register on.
    fn count_ones(registers: [Self; REGISTERS]) -> Counts;

    #[inline(always)]
    fn zero() -> Self {
        Self::load([0; 2])
    }

    #[inline(always)]
    fn ones() -> Self {
        Self::load([!0; 2])
    }

    #[inline(always)]
    fn not(self) -> Self {
        self.xor(Self::ones())
    }

    /// Lane by lane.
    fn sub(self, other: Self) -> Self;

    /// Each lane shifted up by one bit, a 0 coming in.
    #[inline(always)]
    fn doubled(self) -> Self {
        self.add(self)
    }
}

pub(super) use register::{Lanes8, Lanes16, Lanes32, Lanes64};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod register {
    use super::{Counts, Lanes, REGISTERS, Words};
    use std::arch::wasm32::{
        i8x16_popcnt, u8x16_add, u8x16_narrow_i16x8, u8x16_sub, u16x8_add, u16x8_extadd_pairwise_u8x16, u16x8_narrow_i32x4,
        u16x8_sub, u32x4_add, u32x4_extadd_pairwise_u16x8, u32x4_sub, u64x2, u64x2_add, u64x2_extract_lane, u64x2_sub, v128,
        v128_and, v128_andnot, v128_or, v128_xor,
    };

    macro_rules! lanes {
        ($name:ident, $bits:literal, $add:ident, $sub:ident, |$counts:ident| $bytes:expr) => {
            #[derive(Clone, Copy)]
            pub(in crate::batch) struct $name(v128);

            impl Lanes for $name {
                const BITS: usize = $bits;

                #[inline(always)]
                fn load(words: Words) -> Self {
                    $name(u64x2(words[0], words[1]))
                }

                #[inline(always)]
                fn and(self, other: Self) -> Self {
                    $name(v128_and(self.0, other.0))
                }

                #[inline(always)]
                fn or(self, other: Self) -> Self {
                    $name(v128_or(self.0, other.0))
                }

                #[inline(always)]
                fn xor(self, other: Self) -> Self {
                    $name(v128_xor(self.0, other.0))
                }

                #[inline(always)]
                fn and_not(self, other: Self) -> Self {
                    $name(v128_andnot(self.0, other.0))
                }

                #[inline(always)]
                fn add(self, other: Self) -> Self {
                    $name($add(self.0, other.0))
                }

                #[inline(always)]
                fn sub(self, other: Self) -> Self {
                    $name($sub(self.0, other.0))
                }

                #[inline(always)]
                fn count_ones(registers: [Self; REGISTERS]) -> Counts {
                    let mut words = Counts::default();
                    for (k, register) in registers.into_iter().enumerate() {
                        let $counts = i8x16_popcnt(register.0);
                        let bytes: v128 = $bytes;
                        let first_bit = k * Self::COUNT * 8;
                        words[first_bit / 64] |= u64x2_extract_lane::<0>(bytes) << (first_bit % 64);
                        if Self::COUNT == 16 {
                            words[first_bit / 64 + 1] = u64x2_extract_lane::<1>(bytes);
                        }
                    }
                    words
                }
            }
        };
    }

    #[inline(always)]
    fn sums_of_2(bytes: v128) -> v128 {
        u16x8_extadd_pairwise_u8x16(bytes)
    }

    #[inline(always)]
    fn sums_of_4(bytes: v128) -> v128 {
        u32x4_extadd_pairwise_u16x8(sums_of_2(bytes))
    }

    #[inline(always)]
    fn narrowed(halves: v128) -> v128 {
        u8x16_narrow_i16x8(halves, u64x2(0, 0))
    }

    lanes!(Lanes8, 8, u8x16_add, u8x16_sub, |counts| counts);
    lanes!(Lanes16, 16, u16x8_add, u16x8_sub, |counts| narrowed(sums_of_2(counts)));
    lanes!(Lanes32, 32, u32x4_add, u32x4_sub, |counts| {
        let sums = sums_of_4(counts);
        narrowed(u16x8_narrow_i32x4(sums, u64x2(0, 0)))
    });
    lanes!(Lanes64, 64, u64x2_add, u64x2_sub, |counts| {
        let sums = sums_of_4(counts);
        let (low, high) = (u64x2_extract_lane::<0>(sums), u64x2_extract_lane::<1>(sums));
        u64x2((low + (low >> 32)) & 0xff | ((high + (high >> 32)) & 0xff) << 8, 0)
    });
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod register {
    use super::{Counts, Lanes, REGISTERS, Words};

    macro_rules! lanes {
        ($name:ident, $bits:literal, $lane:ty) => {
            #[derive(Clone, Copy)]
            pub(in crate::batch) struct $name(Words);

            impl Lanes for $name {
                const BITS: usize = $bits;

                #[inline(always)]
                fn load(words: Words) -> Self {
                    $name(words)
                }

                #[inline(always)]
                fn and(self, other: Self) -> Self {
                    $name([self.0[0] & other.0[0], self.0[1] & other.0[1]])
                }

                #[inline(always)]
                fn or(self, other: Self) -> Self {
                    $name([self.0[0] | other.0[0], self.0[1] | other.0[1]])
                }

                #[inline(always)]
                fn xor(self, other: Self) -> Self {
                    $name([self.0[0] ^ other.0[0], self.0[1] ^ other.0[1]])
                }

                #[inline(always)]
                fn and_not(self, other: Self) -> Self {
                    $name([self.0[0] & !other.0[0], self.0[1] & !other.0[1]])
                }

                #[inline(always)]
                fn add(self, other: Self) -> Self {
                    // The highest bit of each lane is added apart, so that no carry leaves a lane.
                    let highest = (u64::MAX / <$lane>::MAX as u64) << ($bits - 1);
                    let sum = |a: u64, b: u64| (a & !highest).wrapping_add(b & !highest) ^ ((a ^ b) & highest);
                    $name([sum(self.0[0], other.0[0]), sum(self.0[1], other.0[1])])
                }

                #[inline(always)]
                fn sub(self, other: Self) -> Self {
                    // -x is !x + 1.
                    let lowest = u64::MAX / <$lane>::MAX as u64;
                    self.add(other.not().add($name([lowest; 2])))
                }

                #[inline(always)]
                fn count_ones(registers: [Self; REGISTERS]) -> Counts {
                    let mut words = Counts::default();
                    for lane in 0..REGISTERS * Self::COUNT {
                        let (register, bit) = (lane / Self::COUNT, lane % Self::COUNT * $bits);
                        let bits = (registers[register].0[bit / 64] >> (bit % 64)) as $lane;
                        words[lane / 8] |= u64::from(bits.count_ones()) << (lane % 8 * 8);
                    }
                    words
                }
            }
        };
    }

    lanes!(Lanes8, 8, u8);
    lanes!(Lanes16, 16, u16);
    lanes!(Lanes32, 32, u32);
    lanes!(Lanes64, 64, u64);
}
