//! Which letters a word has, as bits: what bounds its similarity to a query without looking at it.

use super::alphabet::CODES;
use super::image::LONGEST;
use super::kernels::Column;
use super::lanes::{Bytes, splat};

/// Bits of a mask: seven in each plane, so that the planes are ASCII.
pub(super) const FEATURES: usize = 7 * PLANES;

/// Bytes of a mask.
pub(super) const PLANES: usize = 9;

/// Which letters a word has, and which of them twice or more: bit `level * letters + code` says that the code occurs more than `level` times.
/// A word lacking a bit of the query's lacks one of its symbols, and the other way round.
#[inline]
pub(super) fn letter_mask(codes: impl Iterator<Item = u8>, letters: usize) -> u64 {
    let codes = codes.filter(|&code| usize::from(code) < CODES);
    let mask = if letters * 3 >= FEATURES {
        // Three levels fill the mask, and fit registers.
        let [mut once, mut twice, mut thrice] = [0u64; 3];
        for code in codes {
            let letter = 1 << code;
            let again = once & letter;
            thrice |= twice & again;
            twice |= again;
            once |= letter;
        }
        once | twice << letters | thrice.checked_shl(2 * letters as u32).unwrap_or(0)
    } else {
        let mut mask = 0;
        for code in codes {
            let mut at = usize::from(code);
            while at < FEATURES && mask >> at & 1 == 1 {
                at += letters.max(1);
            }
            mask |= 1u64.checked_shl(at as u32).unwrap_or(0);
        }
        mask
    };
    mask & ((1 << FEATURES) - 1)
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
