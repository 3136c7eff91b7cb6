//! The edit distances of all queries and all choices.

use super::kernel::{Alphabet, Block, Few, LONGEST, Many, Row, Table, Tally};
use super::lanes::{Lanes, Lanes8, Lanes16, Lanes32, Lanes64, REGISTERS, bytes};
use super::metric::LaneMetric;
use crate::Measure;
use crate::score::{Comparison, compare};
use crate::symbol::code_points;

/// Texts that are to be compared.
pub(super) struct Distances<'a> {
    metric: LaneMetric,
    queries: &'a [&'a str],
    choices: &'a [&'a str],
    alphabet: Alphabet,
    /// The queries' symbols by the numbers of `alphabet`, one query after the other.
    symbols: Vec<u32>,
    query_ends: Vec<usize>,
    choice_lengths: Vec<usize>,
    longest_query: usize,
    longest_choice: usize,
}

impl<'a> Distances<'a> {
    pub(super) fn new(metric: LaneMetric, queries: &'a [&'a str], choices: &'a [&'a str]) -> Self {
        let mut alphabet = Alphabet::new();
        let mut symbols = Vec::new();
        let mut query_ends = Vec::with_capacity(queries.len());
        let mut longest_query = 0;
        for query in queries {
            let start = symbols.len();
            symbols.extend(query.chars().map(|symbol| alphabet.number(symbol)));
            longest_query = longest_query.max(symbols.len() - start);
            query_ends.push(symbols.len());
        }
        let choice_lengths: Vec<usize> = choices.iter().map(|choice| code_points(choice)).collect();
        let longest_choice = choice_lengths.iter().copied().max().unwrap_or(0);
        Distances { metric, queries, choices, alphabet, symbols, query_ends, choice_lengths, longest_query, longest_choice }
    }

    /// No distance is above this one.
    pub(super) fn largest(&self) -> usize {
        self.metric.maximum(self.longest_query, self.longest_choice)
    }

    /// Whether every distance, and every length, is a digit.
    pub(super) fn fit_a_digit(&self) -> bool {
        self.largest().max(self.longest_choice) < 128
    }

    fn queries(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.query_ends.iter().copied());
        starts.zip(&self.query_ends).map(|(start, &end)| &self.symbols[start..end])
    }

    /// Writes each distance as one digit, or `over` where that is less; or each similarity, what a distance leaves of the largest one.
    pub(super) fn to_digits(&self, measure: Measure, digits: &mut [u8], over: Option<u8>) {
        let columns = self.choices.len();
        self.run(&mut Digits { metric: self.metric, similarity: measure.is_similarity(), digits, columns, over });
    }

    /// Gives `emit` the place of each pair, row by row, its distance, and the largest one for its lengths. A place may come
    /// more than once, and then the last time counts.
    pub(super) fn for_each(&self, emit: impl FnMut(usize, u64, u64)) {
        self.run(&mut Each { distances: self, emit });
    }

    fn run(&self, sink: &mut impl Sink) {
        if Few::are_enough(&self.alphabet) {
            self.run_with::<Few>(sink);
        } else {
            self.run_with::<Many>(sink);
        }
    }

    fn run_with<T: Table>(&self, sink: &mut impl Sink) {
        // Most choices of a list fit one lane width: they are taken in their order, so that their distances lie side by
        // side. The others follow in wider lanes, and each distance is put in its place.
        let fitting = |bits: usize| self.choice_lengths.iter().filter(|&&length| length <= bits).count();
        let enough = self.choices.len().div_ceil(4) * 3;
        let width = [8, 16, 32].into_iter().find(|&bits| fitting(bits) >= enough).unwrap_or(LONGEST);
        match width {
            8 => self.run_all::<Lanes8, T>(sink),
            16 => self.run_all::<Lanes16, T>(sink),
            32 => self.run_all::<Lanes32, T>(sink),
            _ => self.run_all::<Lanes64, T>(sink),
        }
        let between = |from: usize, to: usize| -> Vec<usize> {
            let lengths = self.choice_lengths.iter().enumerate();
            lengths.filter(|&(_, &length)| length > from && length <= to).map(|(choice, _)| choice).collect()
        };
        self.run_some::<Lanes16, T>(&between(width, 16), sink);
        self.run_some::<Lanes32, T>(&between(width.max(16), 32), sink);
        self.run_some::<Lanes64, T>(&between(width.max(32), LONGEST), sink);
        for place in between(LONGEST, usize::MAX) {
            for (number, query) in self.queries.iter().enumerate() {
                let comparison = compare(self.metric.metric(), query, self.choices[place], |maximum| maximum);
                if let Comparison::Edits { distance: Some(distance), maximum } = comparison {
                    sink.one(number, place, distance as usize, maximum as usize);
                }
            }
        }
    }

    /// All choices in their order. Those too long for their lane are given the distance of what fits.
    fn run_all<L: Lanes, T: Table>(&self, sink: &mut impl Sink) {
        // One query meets several blocks in turn, so that what it writes lies side by side; more than this many blocks
        // would not stay in the nearest cache.
        const BLOCKS: usize = 8;
        let mut blocks: Vec<Filled<L, T>> = (0..BLOCKS).map(|_| Filled::new(&self.alphabet)).collect();
        let size = Block::<L, T>::CHOICES;
        for first in (0..self.choices.len()).step_by(BLOCKS * size) {
            let left = self.choices.len() - first;
            let used = &mut blocks[..left.div_ceil(size).min(BLOCKS)];
            for (number, block) in used.iter_mut().enumerate() {
                let start = first + number * size;
                block.fill(self, start..self.choices.len().min(start + size));
            }
            for (query, text) in self.queries().enumerate() {
                for (number, block) in used.iter().enumerate() {
                    sink.many(query, text.len(), Places::From(first + number * size), &block.run(self.metric, text));
                }
            }
        }
    }

    /// The choices at `places`, none longer than a lane.
    fn run_some<L: Lanes, T: Table>(&self, places: &[usize], sink: &mut impl Sink) {
        if places.is_empty() {
            return;
        }
        let mut block = Filled::<L, T>::new(&self.alphabet);
        for places in places.chunks(Block::<L, T>::CHOICES) {
            block.fill(self, places.iter().copied());
            for (query, text) in self.queries().enumerate() {
                sink.many(query, text.len(), Places::At(places), &block.run(self.metric, text));
            }
        }
    }
}

/// A block with the lengths of its choices.
struct Filled<L, T> {
    block: Block<L, T>,
    lengths: Row,
    choices: usize,
}

impl<L: Lanes, T: Table> Filled<L, T> {
    fn new(alphabet: &Alphabet) -> Self {
        Filled { block: Block::new(alphabet), lengths: Row::default(), choices: 0 }
    }

    fn fill(&mut self, distances: &Distances<'_>, places: impl ExactSizeIterator<Item = usize> + Clone) {
        self.choices = places.len();
        self.lengths = Row::default();
        for (lane, place) in places.clone().enumerate() {
            let length = distances.choice_lengths[place].min(L::BITS) as u64;
            self.lengths[lane / 16][lane / 8 % 2] |= length << (lane % 8 * 8);
        }
        self.block.fill(&distances.alphabet, places.map(|place| distances.choices[place]));
    }

    #[inline(always)]
    fn run(&self, metric: LaneMetric, text: &[u32]) -> Outcome {
        Outcome { choices: self.choices, lengths: self.lengths, tally: self.block.run(metric, text) }
    }
}

/// What a block found out about one query.
struct Outcome {
    choices: usize,
    lengths: Row,
    tally: Tally,
}

/// The bytes of a register.
fn array(register: Lanes8) -> [u8; 16] {
    let mut bytes = [0; 16];
    register.store(&mut bytes);
    bytes
}

/// Which choices some distances belong to.
#[derive(Clone, Copy)]
enum Places<'a> {
    /// This one and those after it.
    From(usize),
    /// These.
    At(&'a [usize]),
}

/// Where distances go.
trait Sink {
    /// Those of a query of `length` symbols and a block.
    fn many(&mut self, query: usize, length: usize, places: Places<'_>, outcome: &Outcome);
    /// That of a query and a choice, and the largest one for their lengths.
    fn one(&mut self, query: usize, place: usize, distance: usize, maximum: usize);
}

/// Distances below 128, sixteen of them in a register. Sums on the way may wrap: what comes out is less than 128.
struct Digits<'a> {
    metric: LaneMetric,
    similarity: bool,
    digits: &'a mut [u8],
    columns: usize,
    over: Option<u8>,
}

impl Digits<'_> {
    #[inline(always)]
    fn scores(&self, length: Lanes8, lengths: Lanes8, ups: Lanes8, downs: Lanes8) -> Lanes8 {
        let longer = length.max(lengths);
        let scores = match (self.metric, self.similarity) {
            (LaneMetric::Indel, false) => length.add(ups.doubled()).sub(lengths),
            (LaneMetric::Indel, true) => lengths.sub(ups).doubled(),
            (LaneMetric::LcsSeq, false) => longer.sub(lengths).add(ups),
            (LaneMetric::LcsSeq, true) => lengths.sub(ups),
            (LaneMetric::Levenshtein | LaneMetric::Osa, false) => length.add(ups).sub(downs),
            (LaneMetric::Levenshtein | LaneMetric::Osa, true) => longer.sub(length.add(ups).sub(downs)),
        };
        self.over.map_or(scores, |over| scores.min(Lanes8::splat(over)))
    }
}

impl Sink for Digits<'_> {
    #[inline(always)]
    fn many(&mut self, query: usize, length: usize, places: Places<'_>, outcome: &Outcome) {
        let length = Lanes8::splat(length as u8);
        let Outcome { choices, lengths, tally } = outcome;
        // A number of rounds that the compiler knows leaves the counts where they are, in registers.
        for k in 0..REGISTERS {
            let lanes = 16 * k..*choices;
            if lanes.is_empty() {
                break;
            }
            let scores = self.scores(length, Lanes8::load(&lengths[k]), tally.ups[k], tally.downs[k]);
            let row = &mut self.digits[query * self.columns..(query + 1) * self.columns];
            match places {
                Places::From(first) => match row[first + 16 * k..first + choices].first_chunk_mut() {
                    Some(all) => scores.store(all),
                    None => lanes.zip(array(scores)).for_each(|(lane, score)| row[first + lane] = score),
                },
                Places::At(places) => lanes.zip(array(scores)).for_each(|(lane, score)| row[places[lane]] = score),
            }
        }
    }

    fn one(&mut self, query: usize, place: usize, distance: usize, maximum: usize) {
        let score = if self.similarity { maximum - distance } else { distance };
        let score = self.over.map_or(score, |over| score.min(over.into()));
        self.digits[query * self.columns + place] = score as u8;
    }
}

/// Distances of any size, one after the other.
struct Each<'a, F> {
    distances: &'a Distances<'a>,
    emit: F,
}

impl<F: FnMut(usize, u64, u64)> Sink for Each<'_, F> {
    #[inline(always)]
    fn many(&mut self, query: usize, length: usize, places: Places<'_>, outcome: &Outcome) {
        let [ups, downs] = [outcome.tally.ups, outcome.tally.downs].map(bytes);
        let lengths = bytes(outcome.lengths.each_ref().map(Lanes8::load));
        for lane in 0..outcome.choices {
            let place = match places {
                Places::From(first) => first + lane,
                Places::At(places) => places[lane],
            };
            let [choice, up, down] = [lengths[lane], ups[lane], downs[lane]].map(usize::from);
            let distance = self.distances.metric.distance(length, choice, up, down);
            // Too long a choice has its distance later; this one stands in for it.
            let maximum = self.distances.metric.maximum(length, self.distances.choice_lengths[place]);
            (self.emit)(query * self.distances.choices.len() + place, distance as u64, maximum as u64);
        }
    }

    fn one(&mut self, query: usize, place: usize, distance: usize, maximum: usize) {
        (self.emit)(query * self.distances.choices.len() + place, distance as u64, maximum as u64);
    }
}
