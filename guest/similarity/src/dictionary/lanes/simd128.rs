//! The vector operations in WebAssembly's SIMD128. See `portable` for what each one means.

use core::arch::wasm32::*;

/// Sixteen bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::dictionary) struct Bytes(v128);

macro_rules! binary {
    ($($name:ident, $op:ident;)*) => {$(
        #[inline(always)]
        pub(in crate::dictionary) fn $name(self, other: Bytes) -> Bytes {
            Bytes($op(self.0, other.0))
        }
    )*};
}

macro_rules! splat {
    ($($name:ident, $lane:ty, $op:ident;)*) => {$(
        #[inline(always)]
        pub(in crate::dictionary) fn $name(value: $lane) -> Bytes {
            Bytes($op(value))
        }
    )*};
}

impl Bytes {
    #[inline(always)]
    pub(in crate::dictionary) fn load(bytes: &[u8; 16]) -> Bytes {
        // SAFETY: the reference is to sixteen readable bytes, and v128.load has no alignment requirement.
        Bytes(unsafe { v128_load(bytes.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(in crate::dictionary) fn to_array(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // SAFETY: the array is sixteen writable bytes, and v128.store has no alignment requirement.
        unsafe { v128_store(bytes.as_mut_ptr().cast(), self.0) };
        bytes
    }

    splat! {
        splat8, u8, u8x16_splat;
        splat16, u16, u16x8_splat;
        splat32, u32, u32x4_splat;
        splat64, u64, u64x2_splat;
    }

    binary! {
        and, v128_and;
        or, v128_or;
        xor, v128_xor;
        and_not, v128_andnot;
        min, u8x16_min;
        max, u8x16_max;
        sub8_saturating, u8x16_sub_sat;
        equal, i8x16_eq;
        at_most, u8x16_le;
        swizzle, u8x16_swizzle;
        add8, i8x16_add;
        add16, i16x8_add;
        add32, i32x4_add;
        add64, i64x2_add;
        sub8, i8x16_sub;
        sub16, i16x8_sub;
        sub32, i32x4_sub;
        sub64, i64x2_sub;
    }

    #[inline(always)]
    pub(in crate::dictionary) fn not(self) -> Bytes {
        Bytes(v128_not(self.0))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn count_ones(self) -> Bytes {
        Bytes(u8x16_popcnt(self.0))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn pair_sums(self, other: Bytes) -> Bytes {
        let (a, b) = (u16x8_extadd_pairwise_u8x16(self.0), u16x8_extadd_pairwise_u8x16(other.0));
        Bytes(u8x16_narrow_i16x8(a, b))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn bits(self) -> u16 {
        u8x16_bitmask(self.0)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn largest(self) -> u8 {
        let v = self.0;
        let v = u8x16_max(v, i8x16_shuffle::<8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7>(v, v));
        let v = u8x16_max(v, i8x16_shuffle::<4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3>(v, v));
        let v = u8x16_max(v, i8x16_shuffle::<2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1>(v, v));
        let v = u8x16_max(v, i8x16_shuffle::<1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0>(v, v));
        u8x16_extract_lane::<0>(v)
    }

    #[inline(always)]
    pub(in crate::dictionary) fn low8(self, other: Bytes) -> Bytes {
        Bytes(i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn high8(self, other: Bytes) -> Bytes {
        Bytes(i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn low16(self, other: Bytes) -> Bytes {
        Bytes(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn high16(self, other: Bytes) -> Bytes {
        Bytes(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn low32(self, other: Bytes) -> Bytes {
        Bytes(i32x4_shuffle::<0, 4, 1, 5>(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::dictionary) fn high32(self, other: Bytes) -> Bytes {
        Bytes(i32x4_shuffle::<2, 6, 3, 7>(self.0, other.0))
    }
}
