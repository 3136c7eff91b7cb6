//! The symbols of a dictionary, renumbered so that a kernel sees no more than 32 of them.
//!
//! Code points are numbered by falling frequency. A number's page is `id / 32`, its code `id % 32`, counted backwards on
//! odd pages so that the rarest symbol of a page shares its code with the most frequent of the next and the other way
//! round. Words whose symbols all lie on page 0 (every English word in lower case) are compared by code alone,
//! exactly. In other words symbols of one code look alike, which can only make words seem more similar than they are:
//! the search takes what the kernels say as a bound and asks the true numbers.

use std::collections::BTreeMap;

/// Symbols that a kernel tells apart.
pub(super) const CODES: usize = 32;

/// The number of a code point that no word contains.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Code points by number, and numbers by code point.
#[derive(Clone, Debug)]
pub(super) struct Alphabet {
    points: Vec<u32>,
    ascii: [u32; 128],
    /// The other code points with their numbers, ascending.
    others: Vec<(u32, u32)>,
}

impl Alphabet {
    /// From code points in the order of their numbers.
    pub(super) fn new(points: Vec<u32>) -> Alphabet {
        let mut ascii = [UNKNOWN; 128];
        let mut others = Vec::new();
        for (id, &point) in points.iter().enumerate() {
            match ascii.get_mut(point as usize) {
                Some(known) => *known = id as u32,
                None => others.push((point, id as u32)),
            }
        }
        others.sort_unstable();
        Alphabet { points, ascii, others }
    }

    /// From how often each code point occurs.
    pub(super) fn from_counts(counts: &Counts) -> Alphabet {
        let mut points = counts.to_vec();
        points.sort_unstable_by_key(|&(point, count)| (std::cmp::Reverse(count), point));
        Alphabet::new(points.into_iter().map(|(point, _)| point).collect())
    }

    pub(super) fn points(&self) -> &[u32] {
        &self.points
    }

    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// The number of a code point, or `UNKNOWN`.
    #[inline]
    pub(super) fn id(&self, point: char) -> u32 {
        let point = u32::from(point);
        match self.ascii.get(point as usize) {
            Some(&id) => id,
            None => match self.others.binary_search_by_key(&point, |&(point, _)| point) {
                Ok(at) => self.others[at].1,
                Err(_) => UNKNOWN,
            },
        }
    }

    /// The number of an ASCII character.
    #[inline]
    pub(super) fn ascii_id(&self, byte: u8) -> u32 {
        self.ascii[usize::from(byte % 128)]
    }

    /// The code point of a number. A forged file may hold numbers without one.
    #[inline]
    pub(super) fn point(&self, id: u32) -> char {
        let point = self.points.get(id as usize).copied().and_then(char::from_u32);
        point.unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// Bytes of memory beyond the saved form.
    pub(super) fn memory(&self) -> usize {
        self.points.len() * size_of::<u32>() + self.others.len() * size_of::<(u32, u32)>()
    }
}

/// The page of a symbol.
#[inline]
pub(super) fn page_of(id: u32) -> u32 {
    id / CODES as u32
}

/// The code of a symbol, below `CODES`.
#[inline]
pub(super) fn code_of(id: u32) -> u8 {
    let backwards = if page_of(id) % 2 == 1 { CODES as u32 - 1 } else { 0 };
    ((id % CODES as u32) ^ backwards) as u8
}

/// The symbol with this page and code.
#[inline]
pub(super) fn id_of(page: u32, code: u8) -> u32 {
    let backwards = if page % 2 == 1 { CODES as u32 - 1 } else { 0 };
    page.wrapping_mul(CODES as u32).wrapping_add(u32::from(code) ^ backwards)
}

/// How often each code point occurs.
pub(super) struct Counts {
    ascii: [u32; 128],
    others: BTreeMap<u32, Box<[u32; 256]>>,
}

impl Counts {
    pub(super) fn new() -> Counts {
        Counts { ascii: [0; 128], others: BTreeMap::new() }
    }

    /// Count the code points of a piece of text.
    pub(super) fn add(&mut self, text: &str) {
        if text.is_ascii() {
            // Four tables, since equal neighbours would wait for each other's count.
            let mut tables = [[0u32; 128]; 4];
            let (words, rest) = text.as_bytes().as_chunks::<8>();
            for word in words {
                let word = u64::from_le_bytes(*word);
                for place in 0..8 {
                    tables[place % 4][(word >> (8 * place)) as usize % 128] += 1;
                }
            }
            for byte in rest {
                tables[0][usize::from(byte % 128)] += 1;
            }
            for (i, count) in self.ascii.iter_mut().enumerate() {
                *count = tables.iter().fold(*count, |sum, table| sum.saturating_add(table[i]));
            }
            return;
        }
        for point in text.chars() {
            let point = u32::from(point);
            match self.ascii.get_mut(point as usize) {
                Some(count) => *count = count.saturating_add(1),
                None => {
                    let page = self.others.entry(point / 256).or_insert_with(|| Box::new([0; 256]));
                    let count = &mut page[point as usize % 256];
                    *count = count.saturating_add(1);
                }
            }
        }
    }

    /// Leave a code point out.
    pub(super) fn forget(&mut self, point: char) {
        let point = u32::from(point);
        match self.ascii.get_mut(point as usize) {
            Some(count) => *count = 0,
            None => {
                if let Some(page) = self.others.get_mut(&(point / 256)) {
                    page[point as usize % 256] = 0;
                }
            }
        }
    }

    fn to_vec(&self) -> Vec<(u32, u32)> {
        let others = self
            .others
            .iter()
            .flat_map(|(page, counts)| counts.iter().enumerate().map(move |(i, &count)| (page * 256 + i as u32, count)));
        let ascii = self.ascii.iter().enumerate().map(|(i, &count)| (i as u32, count));
        ascii.chain(others).filter(|&(_, count)| count > 0).collect()
    }
}
