//! Sixteen bytes at a time: the few vector operations that the kernels are written in.
//!
//! One file per machine, the same results on all: WebAssembly's SIMD128 where the target has it, plain arrays elsewhere.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Bytes;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use portable::Bytes;

/// How many words a kernel compares at once.
pub(super) const LANES: usize = 16;

/// Sixteen lanes of `B` bytes each (1, 2, 4 or 8), lane 0 first.
pub(super) type Wide<const B: usize> = [Bytes; B];

/// `value`'s lowest `B` bytes in every lane.
#[inline(always)]
pub(super) fn splat<const B: usize>(value: u64) -> Bytes {
    match B {
        1 => Bytes::splat8(value as u8),
        2 => Bytes::splat16(value as u16),
        4 => Bytes::splat32(value as u32),
        _ => Bytes::splat64(value),
    }
}

/// Lane-wise sum, wrapping.
#[inline(always)]
pub(super) fn add<const B: usize>(a: Bytes, b: Bytes) -> Bytes {
    match B {
        1 => a.add8(b),
        2 => a.add16(b),
        4 => a.add32(b),
        _ => a.add64(b),
    }
}

/// Lane-wise difference, wrapping.
#[inline(always)]
pub(super) fn sub<const B: usize>(a: Bytes, b: Bytes) -> Bytes {
    match B {
        1 => a.sub8(b),
        2 => a.sub16(b),
        4 => a.sub32(b),
        _ => a.sub64(b),
    }
}

/// Lanes put together from their bytes: `planes[k]` holds byte `k` of each of the sixteen.
#[inline(always)]
pub(super) fn gather<const B: usize>(planes: [Bytes; B]) -> Wide<B> {
    let mut lanes = planes;
    match B {
        1 => {}
        2 => {
            lanes[0] = planes[0].low8(planes[1]);
            lanes[1] = planes[0].high8(planes[1]);
        }
        4 => {
            let low = [planes[0].low8(planes[1]), planes[2].low8(planes[3])];
            let high = [planes[0].high8(planes[1]), planes[2].high8(planes[3])];
            lanes[0] = low[0].low16(low[1]);
            lanes[1] = low[0].high16(low[1]);
            lanes[2] = high[0].low16(high[1]);
            lanes[3] = high[0].high16(high[1]);
        }
        _ => {
            for half in 0..2 {
                let pair = |i: usize| {
                    if half == 0 { planes[i].low8(planes[i + 1]) } else { planes[i].high8(planes[i + 1]) }
                };
                let (a, b, c, d) = (pair(0), pair(2), pair(4), pair(6));
                let fours = [(a.low16(b), c.low16(d)), (a.high16(b), c.high16(d))];
                for (i, (low, high)) in fours.into_iter().enumerate() {
                    lanes[4 * half + 2 * i] = low.low32(high);
                    lanes[4 * half + 2 * i + 1] = low.high32(high);
                }
            }
        }
    }
    lanes
}

/// Byte `i` of vector `j` becomes byte `j` of vector `i`.
pub(super) fn transpose(mut rows: [Bytes; LANES]) -> [Bytes; LANES] {
    // Each round interleaves the two halves; after four, every byte's position has turned around.
    for _ in 0..4 {
        let before = rows;
        for i in 0..LANES / 2 {
            rows[2 * i] = before[i].low8(before[i + LANES / 2]);
            rows[2 * i + 1] = before[i].high8(before[i + LANES / 2]);
        }
    }
    rows
}

/// Set bits of each lane, as sixteen bytes.
#[inline(always)]
pub(super) fn count_ones<const B: usize>(lanes: Wide<B>) -> Bytes {
    let mut counts = lanes.map(Bytes::count_ones);
    let mut left = B;
    while left > 1 {
        left /= 2;
        for i in 0..left {
            counts[i] = counts[2 * i].pair_sums(counts[2 * i + 1]);
        }
    }
    counts[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes<const B: usize>(lanes: &[u64; LANES]) -> Wide<B> {
        gather(std::array::from_fn(|k| Bytes::load(&std::array::from_fn(|i| lanes[i].to_le_bytes()[k]))))
    }

    fn values<const B: usize>(lanes: Wide<B>) -> Vec<u64> {
        let flat: Vec<u8> = lanes.into_iter().flat_map(Bytes::to_array).collect();
        flat.chunks(B).map(|lane| lane.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))).collect()
    }

    fn check<const B: usize>(a: &[u64; LANES], b: &[u64; LANES]) {
        let mask = u64::MAX >> (64 - 8 * B);
        let (x, y) = (bytes::<B>(a), bytes::<B>(b));
        let each = |f: fn(u64, u64) -> u64| -> Vec<u64> { a.iter().zip(b).map(|(a, b)| f(a & mask, b & mask) & mask).collect() };
        assert_eq!(values(x), each(|a, _| a));
        let two = |f: fn(Bytes, Bytes) -> Bytes| values::<B>(std::array::from_fn(|i| f(x[i], y[i])));
        assert_eq!(two(add::<B>), each(u64::wrapping_add));
        assert_eq!(two(sub::<B>), each(u64::wrapping_sub));
        let ones: Vec<u64> = count_ones(x).to_array().into_iter().map(u64::from).collect();
        assert_eq!(ones, each(|a, _| u64::from(a.count_ones())));
        assert_eq!(values::<B>([splat::<B>(a[0]); B]), [a[0] & mask; LANES]);
    }

    proptest! {
        #[test]
        fn lanes_of_every_width(a: [u64; LANES], b: [u64; LANES]) {
            check::<1>(&a, &b);
            check::<2>(&a, &b);
            check::<4>(&a, &b);
            check::<8>(&a, &b);
        }

        #[test]
        fn rows_become_columns(rows: [[u8; LANES]; LANES]) {
            let columns = transpose(rows.map(|row| Bytes::load(&row))).map(Bytes::to_array);
            assert_eq!(columns, std::array::from_fn(|i| std::array::from_fn(|j| rows[j][i])));
        }

        #[test]
        fn bytes_one_by_one(a: [u8; LANES], b: [u8; LANES]) {
            let (x, y) = (Bytes::load(&a), Bytes::load(&b));
            let each = |f: fn(u8, u8) -> u8| -> [u8; LANES] { std::array::from_fn(|i| f(a[i], b[i])) };
            assert_eq!(x.and(y).to_array(), each(|a, b| a & b));
            assert_eq!(x.or(y).to_array(), each(|a, b| a | b));
            assert_eq!(x.xor(y).to_array(), each(|a, b| a ^ b));
            assert_eq!(x.and_not(y).to_array(), each(|a, b| a & !b));
            assert_eq!(x.not().to_array(), each(|a, _| !a));
            assert_eq!(x.max(y).to_array(), each(u8::max));
            assert_eq!(x.min(y).to_array(), each(u8::min));
            assert_eq!(x.sub8_saturating(y).to_array(), each(u8::saturating_sub));
            assert_eq!(x.equal(y).to_array(), each(|a, b| if a == b { 255 } else { 0 }));
            let picked: [u8; LANES] =
                std::array::from_fn(|i| a.get(usize::from(b[i])).copied().unwrap_or(0));
            assert_eq!(x.swizzle(y).to_array(), picked);
            assert_eq!(x.at_most(y).to_array(), each(|a, b| if a <= b { 255 } else { 0 }));
            assert_eq!(x.bits(), (0..LANES).fold(0, |bits, i| bits | u16::from(a[i] >> 7) << i));
            assert_eq!(x.largest(), *a.iter().max().unwrap());
        }
    }
}
