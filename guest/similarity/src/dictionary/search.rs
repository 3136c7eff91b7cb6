//! The best words for a query, exactly.
//!
//! For each shelf the letter masks of groups and then of blocks bound how many symbols a word can share with the query, and
//! so the merit it can have. Shelves are taken up by falling merit, groups and blocks within them by falling bound; a kernel then compares the sixteen words
//! of a block at once. The search ends when no bound reaches the worst of the answers it has. Ties are searched to their
//! end, since the priority and the index decide them.

use super::alphabet::{self, UNKNOWN};
use super::best::{Best, Candidate};
use super::exact;
use super::image::{Image, LetterMask, Shelf, letter_mask};
use super::kernels::{Kernel, Pattern};
use super::lanes::{Bytes, LANES, splat};
use crate::Metric;
use crate::metrics::jaro_winkler;
use crate::typo::typo_cost;

/// What the best words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// Those with the highest score.
    Score,
    /// Those with the fewest edits, if no more than this.
    Nearest(u32),
}

/// A query made ready for one dictionary.
pub(super) struct Question<'a> {
    image: &'a Image,
    metric: Metric,
    goal: Goal,
    /// No answer scores less.
    cutoff: f64,
    letters: Vec<char>,
    /// Symbols that are not white space.
    solid: usize,
    white_words: bool,
    page0: Side,
    folded: Side,
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
}

impl<'a> Question<'a> {
    pub(super) fn new(image: &'a Image, query: &str, metric: Metric, goal: Goal, cutoff: Option<f64>) -> Question<'a> {
        let alphabet = &image.alphabet;
        let letters: Vec<char> = query.chars().collect();
        let ids: Vec<u32> = letters.iter().map(|&point| alphabet.id(point)).collect();
        let side = |folded: bool| {
            let codes: Vec<u8> = ids
                .iter()
                .map(|&id| match id {
                    UNKNOWN => u8::MAX,
                    id if folded || alphabet::page_of(id) == 0 => alphabet::code_of(id),
                    _ => u8::MAX,
                })
                .collect();
            let mask = letter_mask(codes.iter().copied(), alphabet.len().min(alphabet::CODES));
            Side { mask: LetterMask::new(mask, codes.len()), pattern: Pattern::new(codes) }
        };
        Question {
            image,
            metric,
            goal,
            // The smallest positive number stands for "more than 0".
            cutoff: cutoff.unwrap_or(f64::MIN_POSITIVE),
            solid: letters.iter().filter(|point| !point.is_whitespace()).count(),
            white_words: alphabet.points().iter().any(|&p| char::from_u32(p).is_some_and(char::is_whitespace)),
            letters,
            page0: side(false),
            folded: side(true),
        }
    }

    /// The best `limit` words.
    pub(super) fn answer(&self, limit: usize) -> Vec<Candidate> {
        let mut best = Best::new(
            limit,
            match (self.goal, self.metric) {
                (Goal::Nearest(distance), _) => -f64::from(distance),
                (Goal::Score, Metric::Typo) => f64::NEG_INFINITY,
                _ => self.cutoff,
            },
        );
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
                let level = shelf.length.min(self.letters.len());
                Progress { shelf, level, merit: self.merit_at_bound(shelf.length, level), open: false }
            })
            .collect();
        while let Some(at) = most_promising(&shelves) {
            let now = &mut shelves[at];
            if now.merit < best.needed() {
                break;
            }
            let clusters = now.shelf.first_group / LANES..;
            let levels = &mut levels[clusters][..now.shelf.clusters()];
            let side = if now.shelf.paged { &self.folded } else { &self.page0 };
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
                    now.merit = self.merit_at_bound(now.shelf.length, level);
                }
                None => {
                    shelves.swap_remove(at);
                }
            }
        }
    }

    /// Search those blocks of a group whose bound is due. Gives one more than the highest bound left, 0 if none is.
    fn search_group(&self, best: &mut Best, now: &Progress, group: usize, side: &Side) -> u8 {
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
    fn search_block(&self, best: &mut Best, now: &Progress, block: usize, side: &Side) {
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
        let Some(kernel) = self.kernel().filter(|&kernel| side.pattern.takes(kernel)) else {
            for slot in first..first + LANES {
                self.compare(best, slot, now.merit);
            }
            return;
        };
        let counts = side.pattern.count(kernel, image.block(shelf, block));
        let mut enough = now.shelf.length.min(self.letters.len());
        while enough > 0 && self.merit_at_count(shelf.length, enough - 1) >= needed {
            enough -= 1;
        }
        let mut hits = splat::<1>(enough as u64).at_most(counts).bits();
        if hits == 0 {
            return;
        }
        let exact = self.counts_are_exact() && !shelf.paged;
        let counts = counts.to_array();
        while hits != 0 {
            let lane = hits.trailing_zeros() as usize;
            hits &= hits - 1;
            let merit = self.merit_at_count(shelf.length, usize::from(counts[lane]));
            if !exact {
                self.compare(best, first + lane, merit);
            } else if let Some(rank) = image.rank(first + lane) {
                let score = self.score_at_count(shelf.length, usize::from(counts[lane]));
                best.offer(Candidate { merit, rank, score, slot: first + lane });
            }
        }
    }

    /// Rows from the query's length outwards.
    fn search_rows(&self, best: &mut Best) {
        let image = self.image;
        let rows = image.layout.rows;
        let first = image.layout.slots() - rows;
        let n = self.letters.len();
        let mut longer = 0;
        while longer < rows && image.row_length(longer) < n {
            longer += 1;
        }
        let outwards = (longer..rows).chain((0..longer).rev());
        for row in outwards {
            let length = image.row_length(row);
            let bound = self.merit_at_bound(length, length.min(n));
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
        let mut symbols = Vec::new();
        self.image.symbols(slot, &mut symbols);
        let word: Vec<char> = symbols.into_iter().map(|id| self.image.alphabet.point(id)).collect();
        let score = exact::score(self.metric, &self.letters, &word);
        if self.goal == Goal::Score && (score < self.cutoff || self.cutoff.is_nan()) {
            return;
        }
        let merit = match (self.goal, self.metric) {
            (Goal::Nearest(_), metric) => -(exact::distance(metric, &self.letters, &word).unwrap_or(0) as f64),
            (Goal::Score, Metric::Typo) if word == self.letters => EXACT,
            (Goal::Score, Metric::Typo) => -(f64::from(typo_cost(&self.letters, &word)) + (rank >> 32) as f64),
            _ => score,
        };
        best.offer(Candidate { merit, rank, score, slot });
    }

    /// The kernel that bounds or decides the metric.
    fn kernel(&self) -> Option<Kernel> {
        Some(match self.metric {
            Metric::Indel | Metric::LcsSeq => Kernel::Lcs,
            Metric::Levenshtein => Kernel::Levenshtein,
            Metric::Osa | Metric::DamerauLevenshtein | Metric::Typo => Kernel::Osa,
            Metric::Hamming => Kernel::Hamming,
            Metric::Prefix => Kernel::Prefix,
            Metric::Postfix => Kernel::Postfix,
            Metric::Jaro | Metric::JaroWinkler => Kernel::Jaro,
            Metric::SorensenDice => return None,
        })
    }

    fn counts_are_exact(&self) -> bool {
        !matches!(
            self.metric,
            Metric::DamerauLevenshtein | Metric::Jaro | Metric::JaroWinkler | Metric::SorensenDice | Metric::Typo
        )
    }

    /// The highest merit of a word of this length that shares at most `bound` symbols with the query.
    fn merit_at_bound(&self, length: usize, bound: usize) -> f64 {
        match self.metric {
            Metric::SorensenDice => self.dice_at_bound(length, bound),
            Metric::Typo => {
                let (extra, missing) = (self.letters.len() - bound, length - bound);
                -((2 * extra + missing) as f64)
            }
            Metric::DamerauLevenshtein => self.merit_of(self.letters.len().max(length) - bound, length),
            _ => self.merit_at_count(length, bound),
        }
    }

    /// The highest merit of a word of this length for which the kernel counted `count`.
    fn merit_at_count(&self, length: usize, count: usize) -> f64 {
        let longer = self.letters.len().max(length);
        match self.metric {
            Metric::Indel => self.merit_of(self.letters.len() + length - 2 * count, length),
            Metric::Jaro | Metric::JaroWinkler => self.jaro_at_count(length, count),
            // A transposition around further edits is one edit here and at most half as many again in OSA.
            Metric::DamerauLevenshtein => self.merit_of((2 * (longer - count)).div_ceil(3), length),
            Metric::Typo => -((longer - count) as f64),
            Metric::SorensenDice => 100.0,
            _ => self.merit_of(longer - count, length),
        }
    }

    fn merit_of(&self, distance: usize, length: usize) -> f64 {
        match self.goal {
            Goal::Score => exact::percent(self.metric, distance, self.letters.len(), length),
            Goal::Nearest(_) => -(distance as f64),
        }
    }

    /// With `count` matches, none of them transposed, and the longest prefix.
    fn jaro_at_count(&self, length: usize, count: usize) -> f64 {
        let (n, m, matches) = (self.letters.len() as f64, length as f64, count as f64);
        if self.letters.is_empty() && length == 0 {
            return 100.0;
        }
        if count == 0 {
            return 0.0;
        }
        let jaro = (matches / n + matches / m + 1.0) / 3.0;
        if self.metric == Metric::Jaro || jaro <= jaro_winkler::BOOST_THRESHOLD {
            return jaro * 100.0;
        }
        let longest = 4.0 * jaro_winkler::PREFIX_WEIGHT;
        (jaro + longest * (1.0 - jaro)) * 100.0 * ROUNDING
    }

    fn score_at_count(&self, length: usize, count: usize) -> f64 {
        let n = self.letters.len();
        let distance = match self.metric {
            Metric::Indel => n + length - 2 * count,
            _ => n.max(length) - count,
        };
        exact::percent(self.metric, distance, n, length)
    }

    /// A shared pair begins with a shared symbol. Where words hold white space, which does not count, one
    /// that has just the shared pairs is the most similar.
    fn dice_at_bound(&self, length: usize, bound: usize) -> f64 {
        let solid = self.solid;
        if bound >= solid && (length == solid || self.white_words) {
            return 100.0;
        }
        let pairs = bound.min(solid.saturating_sub(1)).min(length.saturating_sub(1));
        if pairs == 0 {
            return 0.0;
        }
        let length = if self.white_words { pairs + 1 } else { length };
        (2 * pairs) as f64 / (solid + length - 2) as f64 * 100.0 * ROUNDING
    }
}

/// Where a bound is computed by another formula than the score, rounding must not bring it below.
const ROUNDING: f64 = 1.0 + 1e-12;

/// The merit of a word that was typed without an error.
const EXACT: f64 = f64::INFINITY;

fn most_promising(shelves: &[Progress]) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (i, shelf) in shelves.iter().enumerate() {
        if best.is_none_or(|best| shelf.merit > shelves[best].merit) {
            best = Some(i);
        }
    }
    best
}
