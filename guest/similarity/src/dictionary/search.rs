//! The best words for a query, exactly.
//!
//! For each shelf the letter masks of groups and then of blocks bound how many symbols a word can share with the query, and
//! so the merit it can have. Shelves are taken up by falling merit, groups and blocks within them by falling bound; a kernel then compares the sixteen words
//! of a block at once, first by the symbols that the query begins with where that is likely to rule all of them out. The search ends when no
//! bound reaches the worst of the answers it has. Ties are searched to their end, since the priority and the index decide them.

use super::alphabet::{self, UNKNOWN};
use super::best::{Best, Candidate};
use super::exact::{self, JaroQuery};
use super::image::{Image, Shelf};
use super::kernels::{Kernel, Pattern, WIDEST};
use super::lanes::{Bytes, LANES, splat};
use super::letters::{LONG, WordLetters};
use super::mask::{LetterMask, letter_mask};
use super::merit::{Goal, Merit};
use crate::Metric;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// A query made ready for one dictionary.
pub(super) struct Question<'a> {
    image: &'a Image,
    merit: Merit,
    /// No answer scores less. None stands for any score above 0.
    cutoff: Option<f64>,
    /// The symbols that count, by number.
    symbols: Vec<u32>,
    page0: Side,
    /// For words past page 0, where there are any.
    folded: Option<Side>,
    /// The letters of single words, where they are known and looking at them saves time.
    letters: Option<&'a WordLetters>,
    /// For Jaro's metrics, where the query is too long for the kernels.
    places: Option<JaroQuery>,
    /// The symbols of a word taken out of the index.
    scratch: RefCell<Vec<u32>>,
}

/// The query as a shelf's words see it.
struct Side {
    pattern: Pattern,
    mask: LetterMask,
}

/// How far the search of a shelf has come. Few shelves have a turn, so that what each one is first given is kept small.
#[derive(PartialEq)]
struct Turn {
    /// The highest merit at the bound whose groups are next.
    merit: f64,
    /// That bound.
    level: usize,
    shelf: usize,
    /// Whether its groups have been bounded.
    open: bool,
}

impl Eq for Turn {}

/// By merit, then from the first shelf to the last.
impl Ord for Turn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.merit.total_cmp(&other.merit).then(other.shelf.cmp(&self.shelf))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Which counts are enough for a word of one shelf in blocks of one bound.
struct Enough<'a> {
    shelf: &'a Shelf,
    /// That bound.
    level: usize,
    /// Whether none is.
    is_over: bool,
    /// The merit that they reach.
    needed: f64,
    /// The least count of the kernel, and of symbols in common.
    count: Bytes,
    common: Bytes,
    /// How many of the query's first symbols to compare before all of them, if that is worth it, and the least count of those.
    head: Option<usize>,
    common_in_head: Bytes,
}

impl<'a> Enough<'a> {
    fn new(shelf: &'a Shelf, level: usize) -> Enough<'a> {
        let none = splat::<1>(0);
        let needed = f64::NAN;
        Enough { shelf, level, is_over: false, needed, count: none, common: none, head: None, common_in_head: none }
    }

    /// Work out which counts are enough, if what is needed has changed.
    #[inline]
    fn tighten(&mut self, merit: &Merit, pattern: &Pattern, needed: f64) {
        if self.needed == needed {
            return;
        }
        self.needed = needed;
        let least = |merit_of: &dyn Fn(usize) -> f64| {
            let mut enough = self.level + 1;
            while enough > 0 && merit_of(enough - 1) >= needed {
                enough -= 1;
            }
            enough
        };
        let count = least(&|count| merit.at_count(self.shelf, count));
        let common = match merit.metric {
            Metric::DamerauLevenshtein => least(&|count| merit.at_bound(self.shelf, count)),
            _ => count,
        };
        self.is_over = common > self.level;
        // Whoever shares all symbols but so many shares all of the first ones but so many.
        let loss = merit.query.saturating_sub(common);
        self.head = pattern.head(loss).filter(|_| merit.kernel().is_some_and(Kernel::is_at_most_lcs));
        self.common_in_head = splat::<1>(self.head.map_or(0, |head| head - loss) as u64);
        self.count = splat::<1>(count as u64);
        self.common = splat::<1>(common as u64);
    }
}

impl<'a> Question<'a> {
    pub(super) fn new(image: &'a Image, query: &str, metric: Metric, goal: Goal, cutoff: Option<f64>) -> Question<'a> {
        let alphabet = &image.alphabet;
        let ids: Vec<u32> = query.chars().map(|point| alphabet.id(point)).collect();
        let side = |folded: bool| {
            let code_of = |&id: &u32| match id {
                UNKNOWN => u8::MAX,
                id if folded || alphabet::page_of(id) == 0 => alphabet::code_of(id),
                _ => u8::MAX,
            };
            let codes: Vec<u8> = ids.iter().map(code_of).collect();
            let mask = letter_mask(codes.iter().copied(), image.letters());
            Side { mask: LetterMask::new(mask, codes.len()), pattern: Pattern::new(codes) }
        };
        let (page0, folded) = (side(false), image.is_paged().then(|| side(true)));
        let length = ids.len();
        let is_jaro = matches!(metric, Metric::Jaro | Metric::JaroWinkler);
        let places = (is_jaro && length > WIDEST).then(|| JaroQuery::new(&ids));
        let symbols = if metric == Metric::SorensenDice { solid(query, &ids) } else { ids };
        let merit = Merit::new(metric, goal, length, symbols.len(), alphabet);
        Question { image, merit, cutoff, symbols, places, page0, folded, letters: None, scratch: RefCell::default() }
    }

    /// The same question, to be answered with the help of the letters of single words.
    pub(super) fn with_letters(mut self, letters: Option<&'a WordLetters>) -> Question<'a> {
        let dear = self.merit.kernel().is_some_and(Kernel::is_dear) && self.merit.query >= LONG;
        self.letters = letters.filter(|_| dear);
        self
    }

    /// The best `limit` words.
    pub(super) fn answer(&self, limit: usize) -> Vec<Candidate> {
        let floor = match self.merit.goal {
            // The smallest positive number stands for "more than 0".
            Goal::Score => self.cutoff.unwrap_or(f64::MIN_POSITIVE),
            Goal::Nearest(distance) => -f64::from(distance),
            Goal::Rough => f64::NEG_INFINITY,
        };
        let mut best = Best::new(limit, floor);
        self.search_shelves(&mut best);
        self.search_rows(&mut best);
        best.into_sorted()
    }

    fn search_shelves(&self, best: &mut Best) {
        let image = self.image;
        // One more than the bound of each group of blocks, 0 when there is nothing left in it.
        let mut levels = vec![[0u8; LANES]; image.layout.groups / LANES];
        let turn = |(shelf, its): (usize, &Shelf)| {
            let level = self.merit.most_common(its);
            Turn { merit: self.merit.at_bound(its, level), level, shelf, open: false }
        };
        let mut turns: BinaryHeap<Turn> = image.layout.shelves.iter().enumerate().map(turn).collect();
        while let Some(mut turn) = turns.peek_mut() {
            let shelf = &image.layout.shelves[turn.shelf];
            if turn.merit < best.needed() {
                break;
            }
            // It can still tie, but none of its words would win that.
            if !best.wants(turn.merit, u64::from(shelf.least_priority) << 32) {
                PeekMut::pop(turn);
                continue;
            }
            let levels = &mut levels[shelf.first_group / LANES..][..shelf.clusters()];
            let side = self.folded.as_ref().filter(|_| shelf.paged).unwrap_or(&self.page0);
            if !std::mem::replace(&mut turn.open, true) {
                for (cluster, levels) in levels.iter_mut().enumerate() {
                    let bounds = image.cluster_bounds(shelf, cluster, &side.mask);
                    *levels = bounds.add8(splat::<1>(1)).to_array();
                    let present = shelf.groups() - cluster * LANES;
                    levels[present.min(LANES)..].fill(0);
                }
            }
            let mut enough = Enough::new(shelf, turn.level);
            let mut left = splat::<1>(0);
            for (cluster, levels) in levels.iter_mut().enumerate() {
                let current = splat::<1>(turn.level as u64 + 1);
                let mut due = Bytes::load(levels).equal(current).bits();
                while due != 0 {
                    let lane = due.trailing_zeros() as usize;
                    due &= due - 1;
                    levels[lane] = self.search_group(best, &mut enough, cluster * LANES + lane, side);
                }
                left = left.max(Bytes::load(levels));
            }
            match usize::from(left.largest()).checked_sub(1) {
                Some(level) => {
                    turn.level = level;
                    turn.merit = self.merit.at_bound(shelf, level);
                }
                None => {
                    PeekMut::pop(turn);
                }
            }
        }
    }

    /// Search those blocks of a group whose bound is due. Gives one more than the highest bound left, 0 if none is.
    fn search_group(&self, best: &mut Best, enough: &mut Enough, group: usize, side: &Side) -> u8 {
        let (image, shelf) = (self.image, enough.shelf);
        let bounds = image.group_bounds(shelf, group, &side.mask);
        let current = splat::<1>(enough.level as u64);
        // Higher bounds have had their turn.
        let later = bounds.add8(splat::<1>(1)).and(current.at_most(bounds).not());
        let mut due = bounds.equal(current).bits();
        while due != 0 {
            let lane = due.trailing_zeros() as usize;
            due &= due - 1;
            let block = group * LANES + lane;
            if block < shelf.blocks {
                self.search_block(best, enough, block, side);
            }
        }
        later.largest()
    }

    #[inline]
    fn search_block(&self, best: &mut Best, enough: &mut Enough, block: usize, side: &Side) {
        let (image, shelf) = (self.image, enough.shelf);
        let first = (shelf.first_block + block) * LANES;
        let Some(kernel) = self.merit.kernel().filter(|&kernel| side.pattern.takes(kernel)) else {
            let bound = self.merit.at_bound(shelf, enough.level);
            for slot in first..first + LANES {
                self.compare(best, slot, bound);
            }
            return;
        };
        let columns = image.block(shelf, block);
        enough.tighten(&self.merit, &side.pattern, best.needed());
        if enough.is_over {
            return;
        }
        if let Some(letters) = self.letters {
            let shared = letters.bounds(shelf, block, &side.mask);
            if enough.common.at_most(shared).bits() == 0 {
                return;
            }
        }
        if let Some(head) = enough.head {
            let shared = side.pattern.count_head(head, columns);
            if enough.common_in_head.at_most(shared).bits() == 0 {
                return;
            }
        }
        if kernel.costs_more_than_lcs() {
            // Every one of their counts is at most this, which rules out most blocks.
            let common = side.pattern.count(Kernel::Lcs, columns);
            if enough.common.at_most(common).bits() == 0 {
                return;
            }
        }
        let counts = side.pattern.count(kernel, columns);
        let mut hits = enough.count.at_most(counts).bits();
        if hits == 0 {
            return;
        }
        let exact = self.merit.is_exact() && !shelf.paged;
        let mut left = counts;
        while hits != 0 {
            // The highest counts first: they raise what is needed, so that few of the others are looked at.
            let count = left.largest();
            let lanes = left.equal(splat::<1>(count.into()));
            left = left.and_not(lanes);
            let (mut due, count) = (lanes.bits() & hits, usize::from(count));
            hits &= !due;
            let bound = self.merit.at_count(shelf, count);
            let score = self.merit.score_at_count(shelf, count);
            while due != 0 {
                let slot = first + due.trailing_zeros() as usize;
                due &= due - 1;
                if !exact || self.merit.goal == Goal::Rough && (count == 0 || self.cutoff.is_some()) {
                    self.compare(best, slot, bound);
                } else if let Some(rank) = image.rank(slot) {
                    let mut merit = bound;
                    if self.merit.goal == Goal::Rough {
                        merit += f64::from(shelf.least_priority) - (rank >> 32) as f64;
                    }
                    best.offer(Candidate { merit, rank, score, slot });
                }
            }
            enough.tighten(&self.merit, &side.pattern, best.needed());
            hits &= enough.count.at_most(counts).bits();
        }
    }

    /// Rows from the query's length outwards.
    fn search_rows(&self, best: &mut Best) {
        let image = self.image;
        let rows = image.layout.rows;
        let first = image.layout.slots() - rows;
        let n = self.merit.query;
        let mut longer = 0;
        while longer < rows && image.row_length(longer) < n {
            longer += 1;
        }
        let outwards = (longer..rows).chain((0..longer).rev());
        for row in outwards {
            let length = image.row_length(row);
            let shelf = Shelf { length, ..Shelf::default() };
            let bound = self.merit.at_bound(&shelf, length.min(n));
            if bound >= best.needed() {
                self.compare(best, first + row, bound);
            }
        }
    }

    /// Compare one word by definition, unless the bound on its merit rules it out.
    fn compare(&self, best: &mut Best, slot: usize, bound: f64) {
        let Some(rank) = self.image.rank(slot) else {
            return;
        };
        if !best.wants(bound, rank) {
            return;
        }
        let mut word = self.scratch.borrow_mut();
        self.image.symbols(slot, &mut word);
        let (metric, query) = (self.merit.metric, &self.symbols);
        if metric == Metric::SorensenDice {
            word.retain(|&symbol| !self.image.alphabet.point(symbol).is_whitespace());
        }
        let (merit, score) = if exact::counts_edits(metric) {
            let most = self.merit.affordable(word.len(), best.needed(), rank);
            let Some(distance) = exact::distance(metric, query, &word, most) else { return };
            let score = exact::percent(metric, distance, query.len(), word.len());
            match self.merit.goal {
                Goal::Score => (score, score),
                Goal::Nearest(_) => (-(distance as f64), score),
                Goal::Rough => {
                    // What is cut off is the score that the answer will have.
                    let distance_shown = exact::distance(Metric::Indel, query, &word, usize::MAX).unwrap_or(0);
                    let score = exact::percent(Metric::Indel, distance_shown, query.len(), word.len());
                    if !self.cutoff.map_or(score > 0.0, |cutoff| score >= cutoff) {
                        return;
                    }
                    (self.merit.rough(word.len(), distance, (rank >> 32) as u8), score)
                }
            }
        } else {
            let score = match &self.places {
                Some(places) => places.similarity(metric, query, &word),
                None => exact::similarity(metric, query, &word),
            };
            (score, score)
        };
        best.offer(Candidate { merit, rank, score, slot });
    }
}

/// The symbols that are not white space.
fn solid(query: &str, symbols: &[u32]) -> Vec<u32> {
    let solid = query.chars().zip(symbols).filter(|(point, _)| !point.is_whitespace());
    solid.map(|(_, &symbol)| symbol).collect()
}
