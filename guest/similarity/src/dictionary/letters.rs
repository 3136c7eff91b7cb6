//! The letters of every single word, for many long queries.
//!
//! The masks of the index stand for whole blocks. Sixteen long words have nearly every letter between them, so that their
//! block rules out little, while each alone lacks many of the query's. Bounding the sixteen one by one takes a fraction of the time
//! that comparing them does, and costs nine bytes a word: worth it for a batch of queries, so that it is made when the first comes.

use super::image::{Image, Shelf};
use super::kernels::Column;
use super::lanes::{Bytes, LANES};
use super::mask::{LetterMask, PLANES, letter_mask};

/// Queries from this many symbols on profit: the kernel needs wide lanes for them, and takes longer than bounding does.
pub(super) const LONG: usize = 17;

/// For each block, a plane of bits of its words' masks after the other.
#[derive(Debug)]
pub(super) struct WordLetters(Vec<[Column; PLANES]>);

impl WordLetters {
    pub(super) fn of(image: &Image) -> WordLetters {
        let letters = image.letters();
        let mut blocks = Vec::with_capacity(image.layout.blocks());
        for shelf in &image.layout.shelves {
            for block in 0..shelf.blocks {
                let columns = image.block(shelf, block);
                let mut planes = [[0; LANES]; PLANES];
                for lane in 0..LANES {
                    let mask = letter_mask(columns.iter().map(|column| column[lane]), letters);
                    for (k, plane) in planes.iter_mut().enumerate() {
                        plane[lane] = (mask >> (7 * k) & 0x7f) as u8;
                    }
                }
                blocks.push(planes);
            }
        }
        WordLetters(blocks)
    }

    /// At most how many symbols the query shares with each word of a block.
    #[inline]
    pub(super) fn bounds(&self, shelf: &Shelf, block: usize, query: &LetterMask) -> Bytes {
        query.bounds_of_words(&self.0[shelf.first_block + block], shelf.length)
    }

    pub(super) fn memory(&self) -> usize {
        self.0.len() * size_of::<[Column; PLANES]>()
    }
}
