//! The best words for a query, exactly.
//!
//! For each shelf the letter masks of groups and then of blocks bound how many symbols a word can share with the query, and
//! so the merit it can have. Shelves are taken up by falling merit, groups and blocks within them by falling bound; a kernel then compares the sixteen words
//! of a block at once. The search ends when no bound reaches the worst of the answers it has. Ties are searched to their
//! end, since the priority and the index decide them.

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

/// How far the search of a shelf has come.
struct Progress<'a> {
    shelf: &'a Shelf,
    /// The bound whose groups are next.
    level: usize,
    /// The highest merit at that bound.
    merit: f64,
    open: bool,
    /// The merit that was needed last, and the counts that reach it: those of the kernel, and of symbols in common.
    needed: f64,
    enough: Bytes,
    enough_common: Bytes,
}

impl Progress<'_> {
    /// Work out which counts are enough, if that has changed.
    #[inline]
    fn tighten(&mut self, merit: &Merit, needed: f64) {
        if self.needed == needed {
            return;
        }
        self.needed = needed;
        let least = |merit_of: &dyn Fn(usize) -> f64| {
            let mut enough = merit.most_common(self.shelf);
            while enough > 0 && merit_of(enough - 1) >= needed {
                enough -= 1;
            }
            splat::<1>(enough as u64)
        };
        self.enough = least(&|count| merit.at_count(self.shelf, count));
        self.enough_common = least(&|count| merit.at_bound(self.shelf, count));
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
        let mut shelves: Vec<Progress> = image
            .layout
            .shelves
            .iter()
            .map(|shelf| {
                let level = self.merit.most_common(shelf);
                let merit = self.merit.at_bound(shelf, level);
                let none = splat::<1>(0);
                Progress { shelf, level, merit, open: false, needed: f64::NAN, enough: none, enough_common: none }
            })
            .collect();
        while let Some(at) = most_promising(&shelves) {
            let now = &mut shelves[at];
            if now.merit < best.needed() {
                break;
            }
            let clusters = now.shelf.first_group / LANES..;
            let levels = &mut levels[clusters][..now.shelf.clusters()];
            let side = self.folded.as_ref().filter(|_| now.shelf.paged).unwrap_or(&self.page0);
            if !now.open {
                now.open = true;
                for (cluster, levels) in levels.iter_mut().enumerate() {
                    let bounds = image.cluster_bounds(now.shelf, cluster, &side.mask);
                    *levels = bounds.add8(splat::<1>(1)).to_array();
                    let present = now.shelf.groups() - cluster * LANES;
                    levels[present.min(LANES)..].fill(0);
                }
            }
            let mut left = splat::<1>(0);
            for (cluster, levels) in levels.iter_mut().enumerate() {
                let current = splat::<1>(now.level as u64 + 1);
                let mut due = Bytes::load(levels).equal(current).bits();
                while due != 0 {
                    let lane = due.trailing_zeros() as usize;
                    due &= due - 1;
                    levels[lane] = self.search_group(best, now, cluster * LANES + lane, side);
                }
                left = left.max(Bytes::load(levels));
            }
            match usize::from(left.largest()).checked_sub(1) {
                Some(level) => {
                    now.level = level;
                    now.merit = self.merit.at_bound(now.shelf, level);
                }
                None => {
                    shelves.swap_remove(at);
                }
            }
        }
    }

    /// Search those blocks of a group whose bound is due. Gives one more than the highest bound left, 0 if none is.
    fn search_group(&self, best: &mut Best, now: &mut Progress, group: usize, side: &Side) -> u8 {
        let (image, shelf) = (self.image, now.shelf);
        let bounds = image.group_bounds(shelf, group, &side.mask);
        let level = splat::<1>(now.level as u64);
        // Higher bounds have had their turn.
        let later = bounds.add8(splat::<1>(1)).and(level.at_most(bounds).not());
        let mut due = bounds.equal(level).bits();
        while due != 0 {
            let lane = due.trailing_zeros() as usize;
            due &= due - 1;
            let block = group * LANES + lane;
            if block < shelf.blocks {
                self.search_block(best, now, block, side);
            }
        }
        later.largest()
    }

    #[inline]
    fn search_block(&self, best: &mut Best, now: &mut Progress, block: usize, side: &Side) {
        let (image, shelf) = (self.image, now.shelf);
        let first = (shelf.first_block + block) * LANES;
        let needed = best.needed();
        if now.merit <= needed {
            // The first word is the one that wins ties.
            let wanted = image.rank(first).is_some_and(|rank| best.wants(now.merit, rank));
            if !wanted {
                return;
            }
        }
        let Some(kernel) = self.merit.kernel().filter(|&kernel| side.pattern.takes(kernel)) else {
            for slot in first..first + LANES {
                self.compare(best, slot, now.merit);
            }
            return;
        };
        let columns = image.block(shelf, block);
        now.tighten(&self.merit, needed);
        if let Some(letters) = self.letters {
            let shared = letters.bounds(shelf, block, &side.mask);
            if now.enough_common.at_most(shared).bits() == 0 {
                return;
            }
        }
        if kernel.costs_more_than_lcs() {
            // Every one of their counts is at most this, which rules out most blocks.
            let common = side.pattern.count(Kernel::Lcs, columns);
            if now.enough_common.at_most(common).bits() == 0 {
                return;
            }
        }
        let counts = side.pattern.count(kernel, columns);
        let mut hits = now.enough.at_most(counts).bits();
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
            now.tighten(&self.merit, best.needed());
            hits &= now.enough.at_most(counts).bits();
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

fn most_promising(shelves: &[Progress]) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (i, shelf) in shelves.iter().enumerate() {
        if best.is_none_or(|best| shelf.merit > shelves[best].merit) {
            best = Some(i);
        }
    }
    best
}
