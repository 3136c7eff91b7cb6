//! Which letters a word has, as bits: what bounds its similarity to a query without looking at it.

use super::alphabet::CODES;
use super::image::LONGEST;
use super::kernels::Column;
use super::lanes::{Bytes, LANES, gather, splat, transpose};

/// Bits of a mask: seven in each plane, so that the planes are ASCII.
pub(super) const FEATURES: usize = 7 * PLANES;

/// Bytes of a mask.
pub(super) const PLANES: usize = 9;

/// Which letters a word has, and which of them twice or more: bit `level * letters + code` says that the code occurs more than `level` times.
/// A word lacking a bit of the query's lacks one of its symbols, and the other way round.
#[inline]
pub(super) fn letter_mask(codes: impl Iterator<Item = u8>, letters: usize) -> u64 {
    let codes = codes.filter(|&code| usize::from(code) < CODES);
    if letters * 3 >= FEATURES {
        // Three levels fill the mask, and fit registers.
        let [mut once, mut twice, mut thrice] = [0u64; 3];
        for code in codes {
            let letter = 1 << code;
            let again = once & letter;
            thrice |= twice & again;
            twice |= again;
            once |= letter;
        }
        return leveled(once, twice, thrice, letters);
    }
    let mut mask = 0;
    for code in codes {
        let mut at = usize::from(code);
        while at < FEATURES && mask >> at & 1 == 1 {
            at += letters.max(1);
        }
        mask |= 1u64.checked_shl(at as u32).unwrap_or(0);
    }
    mask & ((1 << FEATURES) - 1)
}

/// The masks of words that stand `stride` bytes apart, each of `length` codes. Behind the last one there must be room to read a vector.
pub(super) fn letter_masks(rows: &[u8], stride: usize, length: usize, words: usize, letters: usize) -> Vec<u64> {
    let mut masks = Vec::with_capacity(words + LANES);
    while letters * 3 >= FEATURES && masks.len() < words {
        let first = masks.len();
        let [once, twice, thrice] = letters_of_16(rows, stride, length, first, words);
        masks.extend((0..LANES).map(|i| leveled(once[i].into(), twice[i].into(), thrice[i].into(), letters)));
    }
    masks.truncate(words);
    masks.extend((masks.len()..words).map(|word| letter_mask(rows[word * stride..][..length].iter().copied(), letters)));
    masks
}

/// Three levels of letters, which fill a mask.
#[inline(always)]
fn leveled(once: u64, twice: u64, thrice: u64, letters: usize) -> u64 {
    let mask = once | twice << letters | thrice.checked_shl(2 * letters as u32).unwrap_or(0);
    mask & ((1 << FEATURES) - 1)
}

/// Of sixteen words side by side, as bits by code: the letters that each has, and those that it has twice and thrice.
#[inline]
fn letters_of_16(rows: &[u8], stride: usize, length: usize, first: usize, words: usize) -> [[u32; LANES]; 3] {
    let none = splat::<1>(0);
    // A bit for each of eight codes, nothing for others.
    let bit = Bytes::load(&[1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0]);
    let [mut once, mut twice, mut thrice] = [[none; 4]; 3];
    for from in (0..length).step_by(LANES) {
        let vectors = std::array::from_fn(|i| {
            let at = (first + i).min(words - 1) * stride + from;
            rows[at..].first_chunk().map_or(none, Bytes::load)
        });
        for &column in transpose(vectors).iter().take(length - from) {
            for (k, first_code) in [0, 8, 16, 24].into_iter().enumerate() {
                let letter = bit.swizzle(column.sub8(splat::<1>(first_code)));
                let again = once[k].and(letter);
                thrice[k] = thrice[k].or(twice[k].and(again));
                twice[k] = twice[k].or(again);
                once[k] = once[k].or(letter);
            }
        }
    }
    [once, twice, thrice].map(|planes| {
        let mut bits = [0; LANES];
        for (four, lanes) in bits.as_chunks_mut::<4>().0.iter_mut().zip(gather::<4>(planes)) {
            *four = std::array::from_fn(|i| u32::from_le_bytes(std::array::from_fn(|k| lanes.to_array()[4 * i + k])));
        }
        bits
    })
}

/// A query's mask, each byte of it in all lanes of a vector.
#[derive(Clone, Debug)]
pub(super) struct LetterMask {
    planes: [Bytes; PLANES],
    length: Bytes,
}

impl LetterMask {
    pub(super) fn new(mask: u64, length: usize) -> LetterMask {
        LetterMask {
            planes: std::array::from_fn(|k| splat::<1>(mask >> (7 * k) & 0x7f)),
            // No word on a shelf is longer than `LONGEST`, and no more than `FEATURES` is ever taken off.
            length: splat::<1>(length.min(LONGEST + FEATURES) as u64),
        }
    }

    /// At most how many symbols the query shares with a word of this length, for each of sixteen sets of words. `planes` holds the
    /// bits that some of the words of a set have, then those that all of them have.
    #[inline(always)]
    pub(super) fn bounds(&self, planes: &[Column], length: usize) -> Bytes {
        let (some, all) = planes.split_at(PLANES);
        self.bound(some, all, length)
    }

    /// The same for sixteen single words, whose bits `planes` holds.
    #[inline(always)]
    pub(super) fn bounds_of_words(&self, planes: &[Column; PLANES], length: usize) -> Bytes {
        self.bound(planes, planes, length)
    }

    #[inline(always)]
    fn bound(&self, some: &[Column], all: &[Column], length: usize) -> Bytes {
        let mut absent = splat::<1>(0);
        let mut unwanted = splat::<1>(0);
        for ((&query, some), all) in self.planes.iter().zip(some).zip(all) {
            absent = absent.add8(query.and_not(Bytes::load(some)).count_ones());
            unwanted = unwanted.add8(Bytes::load(all).and_not(query).count_ones());
        }
        let theirs = splat::<1>(length as u64).sub8_saturating(unwanted);
        self.length.sub8_saturating(absent).min(theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sixteen_at_once_are_each_of_them(
            length in 0usize..40,
            extra in 0usize..3,
            words in 0usize..40,
            letters in 1usize..33,
            codes in prop::collection::vec(0u8..33, 40 * 43),
        ) {
            let stride = length + extra;
            let mut rows = codes[..words * stride].to_vec();
            rows.extend([0; LANES]);
            let alone: Vec<u64> =
                (0..words).map(|word| letter_mask(rows[word * stride..][..length].iter().copied(), letters)).collect();
            prop_assert_eq!(letter_masks(&rows, stride, length, words, letters), alone);
        }

        #[test]
        fn a_lacking_bit_is_a_lacking_symbol(a in "[a-f]{0,20}", b in "[a-f]{0,20}", letters in 6usize..33) {
            let codes = |word: &str| word.bytes().map(|byte| byte - b'a').collect::<Vec<u8>>();
            let mask = |word: &str| letter_mask(codes(word).into_iter(), letters);
            let mut left = codes(&b);
            let shared = codes(&a).iter().filter(|c| left.iter().position(|d| d == *c).map(|at| left.swap_remove(at)).is_some()).count();
            let lacking = (mask(&a) & !mask(&b)).count_ones() as usize;
            prop_assert!(a.len() - lacking >= shared);
            prop_assert_eq!(mask(&a) >> FEATURES, 0);
        }
    }
}
