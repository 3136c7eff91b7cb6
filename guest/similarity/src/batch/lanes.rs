//! One 128-bit register, seen as lanes of 8, 16, 32 or 64 bits: the state of many strings at once.

/// A register's bits as they lie in memory: lane 0 in the lowest bits of the first word.
pub(super) type Words = [u64; 2];

/// Registers of a block: enough independent work to keep the machine's ports busy, few enough to stay in registers.
pub(super) const REGISTERS: usize = 4;

/// A byte for each lane of a block, lane 0 first. As many of the registers are in use as the block's lanes fill.
pub(super) type Counts = [Lanes8; REGISTERS];

/// The counts in an array.
#[inline(always)]
pub(super) fn bytes(counts: Counts) -> [u8; 16 * REGISTERS] {
    let mut bytes = [0; 16 * REGISTERS];
    for (chunk, register) in bytes.as_chunks_mut().0.iter_mut().zip(counts) {
        register.store(chunk);
    }
    bytes
}

/// A register of lanes.
pub(super) trait Lanes: Copy {
    /// Bits of a lane.
    const BITS: usize;
    /// Lanes of a register.
    const COUNT: usize = 128 / Self::BITS;

    fn load(words: &Words) -> Self;
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
        Self::load(&[0; 2])
    }

    #[inline(always)]
    fn ones() -> Self {
        Self::load(&[!0; 2])
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
        i8x16_popcnt, i8x16_shuffle, u8x16_add, u8x16_max, u8x16_min, u8x16_narrow_i16x8, u8x16_splat, u8x16_sub, u16x8_add,
        u16x8_extadd_pairwise_u8x16, u16x8_narrow_i32x4, u16x8_sub, u32x4_add, u32x4_extadd_pairwise_u16x8, u32x4_sub, u64x2,
        u64x2_add, u64x2_shr, u64x2_splat, u64x2_sub, v128, v128_and, v128_andnot, v128_load, v128_or, v128_store, v128_xor,
    };

    macro_rules! lanes {
        ($name:ident, $bits:literal, $add:ident, $sub:ident, $count:expr) => {
            #[derive(Clone, Copy)]
            pub(in crate::batch) struct $name(v128);

            impl Lanes for $name {
                const BITS: usize = $bits;

                #[inline(always)]
                fn load(words: &Words) -> Self {
                    // Two numbers put together would take several instructions, in the innermost loop of all.
                    // SAFETY: the reference is to sixteen readable bytes, and v128.load has no alignment requirement.
                    $name(unsafe { v128_load(words.as_ptr().cast()) })
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
                    let none = u64x2(0, 0);
                    let count: fn([v128; REGISTERS], v128) -> [v128; REGISTERS] = $count;
                    count(registers.map(|register| i8x16_popcnt(register.0)), none).map(Lanes8)
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
    fn sums_of_8(bytes: v128) -> v128 {
        let sums = sums_of_4(bytes);
        v128_and(u32x4_add(sums, u64x2_shr(sums, 32)), u64x2_splat(0xff))
    }

    lanes!(Lanes8, 8, u8x16_add, u8x16_sub, |counts, _| counts);
    lanes!(Lanes16, 16, u16x8_add, u16x8_sub, |counts, none| {
        let [a, b, c, d] = counts.map(sums_of_2);
        [u8x16_narrow_i16x8(a, b), u8x16_narrow_i16x8(c, d), none, none]
    });
    lanes!(Lanes32, 32, u32x4_add, u32x4_sub, |counts, none| {
        let [a, b, c, d] = counts.map(sums_of_4);
        [u8x16_narrow_i16x8(u16x8_narrow_i32x4(a, b), u16x8_narrow_i32x4(c, d)), none, none, none]
    });
    lanes!(Lanes64, 64, u64x2_add, u64x2_sub, |counts, none| {
        let [a, b, c, d] = counts.map(sums_of_8);
        let spread = u8x16_narrow_i16x8(u16x8_narrow_i32x4(a, b), u16x8_narrow_i32x4(c, d));
        [i8x16_shuffle::<0, 2, 4, 6, 8, 10, 12, 14, 16, 17, 18, 19, 20, 21, 22, 23>(spread, none), none, none, none]
    });

    impl Lanes8 {
        #[inline(always)]
        pub(in crate::batch) fn splat(byte: u8) -> Self {
            Lanes8(u8x16_splat(byte))
        }

        #[inline(always)]
        pub(in crate::batch) fn min(self, other: Self) -> Self {
            Lanes8(u8x16_min(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::batch) fn max(self, other: Self) -> Self {
            Lanes8(u8x16_max(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::batch) fn store(self, to: &mut [u8; 16]) {
            // SAFETY: the reference is to sixteen writable bytes, and v128.store has no alignment requirement.
            unsafe { v128_store(to.as_mut_ptr().cast(), self.0) };
        }
    }
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
                fn load(words: &Words) -> Self {
                    $name(*words)
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
                    let mut words = [Words::default(); REGISTERS];
                    for lane in 0..REGISTERS * Self::COUNT {
                        let (register, bit) = (lane / Self::COUNT, lane % Self::COUNT * $bits);
                        let bits = (registers[register].0[bit / 64] >> (bit % 64)) as $lane;
                        words[lane / 16][lane / 8 % 2] |= u64::from(bits.count_ones()) << (lane % 8 * 8);
                    }
                    words.map(Lanes8)
                }
            }
        };
    }

    lanes!(Lanes8, 8, u8);
    lanes!(Lanes16, 16, u16);
    lanes!(Lanes32, 32, u32);
    lanes!(Lanes64, 64, u64);

    impl Lanes8 {
        #[inline(always)]
        pub(in crate::batch) fn splat(byte: u8) -> Self {
            Lanes8([u64::from(byte) * (u64::MAX / 0xff); 2])
        }

        #[inline(always)]
        fn each(self, other: Self, f: fn(u8, u8) -> u8) -> Self {
            let word = |a: u64, b: u64| {
                let (a, b) = (a.to_le_bytes(), b.to_le_bytes());
                u64::from_le_bytes(std::array::from_fn(|i| f(a[i], b[i])))
            };
            Lanes8([word(self.0[0], other.0[0]), word(self.0[1], other.0[1])])
        }

        #[inline(always)]
        pub(in crate::batch) fn min(self, other: Self) -> Self {
            self.each(other, u8::min)
        }

        #[inline(always)]
        pub(in crate::batch) fn max(self, other: Self) -> Self {
            self.each(other, u8::max)
        }

        #[inline(always)]
        pub(in crate::batch) fn store(self, to: &mut [u8; 16]) {
            let (low, high) = to.split_at_mut(8);
            low.copy_from_slice(&self.0[0].to_le_bytes());
            high.copy_from_slice(&self.0[1].to_le_bytes());
        }
    }
}
