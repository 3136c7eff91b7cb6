//! The part of a text that is most like a shorter one.

use crate::pattern::{Masks, Positions, Short};
use crate::symbol::{Symbol, with_code_points};
use crate::{indel, lcs_seq};

/// How well the shorter of two texts fits a part of the longer one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alignment {
    /// The ratio of the two parts, 0 to 100.
    pub score: f64,
    /// Where the part of `a` starts, in code points.
    pub src_start: usize,
    /// Where the part of `a` ends.
    pub src_end: usize,
    /// Where the part of `b` starts.
    pub dest_start: usize,
    /// Where the part of `b` ends.
    pub dest_end: usize,
}

/// The best ratio of the shorter text and any part of the longer one that is no longer, and where that part stands; `None`
/// where the ratio is below `cutoff`. Of parts equally good, the one that RapidFuzz finds.
///
/// ```
/// use likewise_similarity::fuzz::partial_ratio_alignment;
///
/// let best = partial_ratio_alignment("a certain string", "cetain", 0.0).unwrap();
/// assert_eq!((best.src_start, best.src_end), (2, 8));
/// assert_eq!((best.dest_start, best.dest_end), (0, 6));
/// ```
#[must_use]
pub fn partial_ratio_alignment(a: &str, b: &str, cutoff: f64) -> Option<Alignment> {
    with_code_points!(a, b, |a, b| alignment(a, b, cutoff))
}

pub(super) fn ratio<T: Symbol>(a: &[T], b: &[T], cutoff: f64) -> f64 {
    alignment(a, b, cutoff).map_or(0.0, |alignment| alignment.score)
}

impl Alignment {
    fn swapped(self) -> Self {
        Alignment {
            score: self.score,
            src_start: self.dest_start,
            src_end: self.dest_end,
            dest_start: self.src_start,
            dest_end: self.src_end,
        }
    }
}

fn alignment<T: Symbol>(a: &[T], b: &[T], cutoff: f64) -> Option<Alignment> {
    if a.len() > b.len() {
        return alignment(b, a, cutoff).map(Alignment::swapped);
    }
    if a.is_empty() {
        let score = if b.is_empty() { 100.0 } else { 0.0 };
        let found = Alignment { score, src_start: 0, src_end: 0, dest_start: 0, dest_end: 0 };
        return (score >= cutoff).then_some(found);
    }
    let mut best = best_part(a, b, cutoff);
    if best.score != 100.0 && a.len() == b.len() {
        let other = best_part(b, a, cutoff.max(best.score));
        if other.score > best.score {
            best = other.swapped();
        }
    }
    (best.score >= cutoff).then_some(best)
}

/// The best part of `text`, which is no shorter than `needle`: the whole-length parts by halving intervals between them, then
/// shorter ones at the front, then at the back. A later part must be better, not only equal.
fn best_part<T: Symbol>(needle: &[T], text: &[T], cutoff: f64) -> Alignment {
    let mut best = Alignment { score: 0.0, src_start: 0, src_end: needle.len(), dest_start: 0, dest_end: needle.len() };
    let length = needle.len();
    let finder = Needle::new(needle);

    if text.len() > length
        && let Some((start, distance)) = best_window(&finder, text, cutoff)
    {
        let score = (1.0 - distance as f64 / (2 * length) as f64) * 100.0;
        if score >= cutoff {
            best.score = score;
            (best.dest_start, best.dest_end) = (start, start + length);
            if distance == 0 {
                return best;
            }
        }
    }

    let mut consider = |part: &[T], start: usize, lcs: usize| {
        let total = length + part.len();
        let similarity = 1.0 - (total - 2 * lcs) as f64 / total as f64;
        if similarity * 100.0 >= cutoff && similarity * 100.0 > best.score {
            best.score = similarity * 100.0;
            (best.dest_start, best.dest_end) = (start, start + part.len());
        }
    };
    let lengths = finder.lcs_of_prefixes(&text[..length - 1]);
    for (end, lcs) in lengths.enumerate_from_1() {
        if finder.contains(text[end - 1]) {
            consider(&text[..end], 0, lcs);
        }
    }
    let lengths = finder.lcs_of_suffixes(&text[text.len() - length..]);
    for (back, lcs) in lengths.enumerate_from_1().rev() {
        let start = text.len() - back;
        if finder.contains(text[start]) {
            consider(&text[start..], start, lcs);
        }
    }
    best
}

/// The start of a part as long as the needle with the least indel distance, and that distance; `None` where no distance is
/// below what `cutoff` asks for.
///
/// Moving a part by one place changes its distance by 2 at most. So between two known parts nothing better can lie once
/// their distances are too large for their gap; gaps that could hold something are halved, the widest first.
fn best_window<T: Symbol>(needle: &Needle<'_, T>, text: &[T], cutoff: f64) -> Option<(usize, usize)> {
    const UNKNOWN: usize = usize::MAX;
    let length = needle.symbols.len();
    let maximum = 2 * length;
    let last = text.len() - length - 1;
    let mut limit = indel::largest_distance(maximum, cutoff / 100.0) + 1;
    let mut best = None;
    let mut distances = vec![UNKNOWN; last + 1];
    let mut gaps = vec![(0, last)];
    let mut next_gaps = Vec::new();
    while !gaps.is_empty() {
        for &(from, to) in &gaps {
            for start in [from, to] {
                if distances[start] == UNKNOWN {
                    distances[start] = maximum - 2 * needle.lcs(&text[start..start + length]);
                    if distances[start] < limit {
                        limit = distances[start];
                        best = Some((start, limit));
                        if limit == 0 {
                            return best;
                        }
                    }
                }
            }
            let gap = to - from;
            if gap <= 1 {
                continue;
            }
            let known_edits = distances[from].abs_diff(distances[to]);
            let improvement = (gap - known_edits / 2) / 2 * 2;
            if distances[from].min(distances[to]).saturating_sub(improvement) < limit {
                next_gaps.push((from, from + gap / 2));
                next_gaps.push((from + gap / 2, to));
            }
        }
        std::mem::swap(&mut gaps, &mut next_gaps);
        next_gaps.clear();
    }
    best
}

/// A text that is searched for in many others.
struct Needle<'a, T> {
    symbols: &'a [T],
    /// Of the whole needle where it has at most 64 symbols.
    positions: Option<AnyPositions>,
    /// Of a longer needle: the symbols' codes, sorted.
    codes: Vec<u32>,
}

impl<'a, T: Symbol> Needle<'a, T> {
    fn new(symbols: &'a [T]) -> Self {
        let positions = (symbols.len() <= 64).then(|| AnyPositions::new(symbols));
        let mut codes = Vec::new();
        if positions.is_none() {
            codes = symbols.iter().map(|symbol| symbol.code()).collect();
            codes.sort_unstable();
            codes.dedup();
        }
        Needle { symbols, positions, codes }
    }

    fn contains(&self, symbol: T) -> bool {
        match &self.positions {
            Some(positions) => positions.of(symbol) != 0,
            None => self.codes.binary_search(&symbol.code()).is_ok(),
        }
    }

    /// Length of the longest common subsequence with `part`.
    fn lcs(&self, part: &[T]) -> usize {
        match &self.positions {
            Some(positions) => lcs_seq::one_word(part, positions),
            None => lcs_seq::similarity(self.symbols, part),
        }
    }

    /// The lengths of the longest common subsequences with every prefix of `text`, which is no longer than the needle.
    fn lcs_of_prefixes(&self, text: &[T]) -> Lengths {
        match &self.positions {
            Some(positions) => Lengths::growing(text.iter().map(|&symbol| positions.of(symbol))),
            None => Lengths::Long(lcs_seq::with_prefixes(self.symbols, text)),
        }
    }

    /// The same with every suffix, the shortest first.
    fn lcs_of_suffixes(&self, text: &[T]) -> Lengths {
        match &self.positions {
            Some(positions) => {
                // Read backwards, the needle has its symbols at the mirrored positions.
                let unused = 64 - self.symbols.len();
                Lengths::growing(text.iter().rev().map(|&symbol| positions.of(symbol).reverse_bits() >> unused))
            }
            None => {
                let reversed = |symbols: &[T]| -> Vec<T> { symbols.iter().rev().copied().collect() };
                Lengths::Long(lcs_seq::with_prefixes(&reversed(self.symbols), &reversed(text)))
            }
        }
    }
}

/// Lengths of longest common subsequences, by the length of a part.
enum Lengths {
    /// Of parts of 1, 2 and so on symbols, and their number.
    Short([u8; 64], usize),
    /// Of parts of 0, 1 and so on symbols.
    Long(Vec<usize>),
}

impl Lengths {
    /// From where each symbol of the text stands in a needle of at most 64.
    fn growing(text: impl Iterator<Item = u64>) -> Self {
        let mut lengths = [0; 64];
        let mut count = 0;
        let mut rows = !0_u64;
        for (length, positions) in lengths.iter_mut().zip(text) {
            let matched = rows & positions;
            rows = rows.wrapping_add(matched) | (rows & !matched);
            *length = rows.count_zeros() as u8;
            count += 1;
        }
        Lengths::Short(lengths, count)
    }

    /// Each length of a part, from 1, with its longest common subsequence.
    fn enumerate_from_1(&self) -> impl DoubleEndedIterator<Item = (usize, usize)> {
        let count = match self {
            Lengths::Short(_, count) => *count,
            Lengths::Long(lengths) => lengths.len() - 1,
        };
        (1..=count).map(move |part| match self {
            Lengths::Short(lengths, _) => (part, lengths[part - 1].into()),
            Lengths::Long(lengths) => (part, lengths[part]),
        })
    }
}

/// Either form of positions, for a needle that outlives one comparison.
enum AnyPositions {
    Short(Short),
    Masks(Box<Masks>),
}

impl AnyPositions {
    fn new<T: Symbol>(symbols: &[T]) -> Self {
        match Short::new(symbols) {
            Some(short) => AnyPositions::Short(short),
            None => AnyPositions::Masks(Box::new(Masks::new(symbols))),
        }
    }
}

impl Positions for AnyPositions {
    #[inline(always)]
    fn of<T: Symbol>(&self, symbol: T) -> u64 {
        match self {
            AnyPositions::Short(short) => short.of(symbol),
            AnyPositions::Masks(masks) => masks.of(symbol),
        }
    }
}
