//! The edit distances of all queries and all choices.

use super::kernel::{Alphabet, Block, LONGEST, MOST_LANES};
use super::lanes::{Lanes, Lanes8, Lanes16, Lanes32, Lanes64};
use crate::Metric;
use crate::score::compare;

/// A metric that the lanes compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LaneMetric {
    Indel,
    LcsSeq,
    Levenshtein,
    Osa,
}

impl LaneMetric {
    pub(super) fn of(metric: Metric) -> Option<Self> {
        match metric {
            Metric::Indel => Some(LaneMetric::Indel),
            Metric::LcsSeq => Some(LaneMetric::LcsSeq),
            Metric::Levenshtein => Some(LaneMetric::Levenshtein),
            Metric::Osa => Some(LaneMetric::Osa),
            _ => None,
        }
    }

    fn metric(self) -> Metric {
        match self {
            LaneMetric::Indel => Metric::Indel,
            LaneMetric::LcsSeq => Metric::LcsSeq,
            LaneMetric::Levenshtein => Metric::Levenshtein,
            LaneMetric::Osa => Metric::Osa,
        }
    }

    fn maximum(self, query: usize, choice: usize) -> usize {
        match self {
            LaneMetric::Indel => query + choice,
            _ => query.max(choice),
        }
    }
}

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
        let choice_lengths: Vec<usize> = choices.iter().map(|choice| choice.chars().count()).collect();
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

    /// Writes each distance as one digit, or `over` where that is less.
    pub(super) fn to_digits(&self, digits: &mut [u8], over: Option<u8>) {
        let columns = self.choices.len();
        self.run(&mut |query: usize, places: Places<'_>, distances: &[u8]| {
            let row = &mut digits[query * columns..(query + 1) * columns];
            let kept = |distance: u8| over.map_or(distance, |over| distance.min(over));
            match places {
                Places::From(first) => {
                    for (digit, distance) in row[first..].iter_mut().zip(distances) {
                        // A choice too long for its lane has no distance yet, and any digit will do.
                        *digit = kept(*distance) & 0x7f;
                    }
                }
                Places::At(places) => {
                    for (&place, &distance) in places.iter().zip(distances) {
                        row[place] = kept(distance);
                    }
                }
            }
        });
    }

    /// Gives `emit` the place of each pair, row by row, its distance, and the largest one for its lengths. A place may come
    /// more than once, and then the last time counts.
    pub(super) fn for_each(&self, mut emit: impl FnMut(usize, u64, u64)) {
        let columns = self.choices.len();
        let lengths: Vec<usize> = self.queries().map(<[u32]>::len).collect();
        self.run(&mut |query: usize, places: Places<'_>, distances: &[u32]| {
            for (i, &distance) in distances.iter().enumerate() {
                let choice = match places {
                    Places::From(first) => first + i,
                    Places::At(places) => places[i],
                };
                let maximum = self.metric.maximum(lengths[query], self.choice_lengths[choice]) as u64;
                emit(query * columns + choice, u64::from(distance).min(maximum), maximum);
            }
        });
    }

    fn run<N: Number>(&self, sink: &mut impl FnMut(usize, Places<'_>, &[N])) {
        // Most choices of a list fit one lane width: they are taken in their order, so that their distances lie side by
        // side. The others follow in wider lanes, and each distance is put in its place.
        let fitting = |bits: usize| self.choice_lengths.iter().filter(|&&length| length <= bits).count();
        let enough = self.choices.len().div_ceil(4) * 3;
        let width = [8, 16, 32].into_iter().find(|&bits| fitting(bits) >= enough).unwrap_or(LONGEST);
        match width {
            8 => self.run_all::<Lanes8, N>(sink),
            16 => self.run_all::<Lanes16, N>(sink),
            32 => self.run_all::<Lanes32, N>(sink),
            _ => self.run_all::<Lanes64, N>(sink),
        }
        let between = |from: usize, to: usize| -> Vec<usize> {
            let lengths = self.choice_lengths.iter().enumerate();
            lengths.filter(|&(_, &length)| length > from && length <= to).map(|(choice, _)| choice).collect()
        };
        self.run_some::<Lanes16, N>(&between(width, 16), sink);
        self.run_some::<Lanes32, N>(&between(width.max(16), 32), sink);
        self.run_some::<Lanes64, N>(&between(width.max(32), LONGEST), sink);
        self.run_long(&between(LONGEST, usize::MAX), sink);
    }

    /// All choices in their order.
    fn run_all<L: Lanes, N: Number>(&self, sink: &mut impl FnMut(usize, Places<'_>, &[N])) {
        let mut block = Block::<L>::new(&self.alphabet);
        for (number, choices) in self.choices.chunks(Block::<L>::CHOICES).enumerate() {
            let first = number * Block::<L>::CHOICES;
            block.fill(&self.alphabet, choices.iter().copied());
            let mut lengths = [0; MOST_LANES];
            for (length, choice) in lengths.iter_mut().zip(&self.choice_lengths[first..first + choices.len()]) {
                *length = (*choice).min(L::BITS) as u8;
            }
            self.run_block(&block, &lengths, |query, distances: &[N; MOST_LANES]| {
                sink(query, Places::From(first), &distances[..choices.len()]);
            });
        }
    }

    /// The choices at `places`, none longer than a lane.
    fn run_some<L: Lanes, N: Number>(&self, places: &[usize], sink: &mut impl FnMut(usize, Places<'_>, &[N])) {
        if places.is_empty() {
            return;
        }
        let mut block = Block::<L>::new(&self.alphabet);
        for places in places.chunks(Block::<L>::CHOICES) {
            block.fill(&self.alphabet, places.iter().map(|&place| self.choices[place]));
            let mut lengths = [0; MOST_LANES];
            for (length, &place) in lengths.iter_mut().zip(places) {
                *length = self.choice_lengths[place] as u8;
            }
            self.run_block(&block, &lengths, |query, distances: &[N; MOST_LANES]| {
                sink(query, Places::At(places), &distances[..places.len()]);
            });
        }
    }

    #[inline]
    fn run_block<L: Lanes, N: Number>(
        &self,
        block: &Block<L>,
        lengths: &[u8; MOST_LANES],
        mut sink: impl FnMut(usize, &[N; MOST_LANES]),
    ) {
        let (mut ups, mut downs) = ([0; MOST_LANES], [0; MOST_LANES]);
        let mut distances = [N::from_usize(0); MOST_LANES];
        for (query, text) in self.queries().enumerate() {
            let length = N::from_usize(text.len());
            match self.metric {
                LaneMetric::Indel => {
                    block.lcs_complements(text, &mut ups);
                    for i in 0..Block::<L>::CHOICES {
                        let rest = N::from_byte(ups[i]);
                        distances[i] = length.minus(N::from_byte(lengths[i])).plus(rest).plus(rest);
                    }
                }
                LaneMetric::LcsSeq => {
                    block.lcs_complements(text, &mut ups);
                    for i in 0..Block::<L>::CHOICES {
                        let choice = N::from_byte(lengths[i]);
                        distances[i] = length.larger(choice).minus(choice).plus(N::from_byte(ups[i]));
                    }
                }
                LaneMetric::Levenshtein | LaneMetric::Osa => {
                    if self.metric == LaneMetric::Levenshtein {
                        block.levenshtein(text, &mut ups, &mut downs);
                    } else {
                        block.osa(text, &mut ups, &mut downs);
                    }
                    for i in 0..Block::<L>::CHOICES {
                        distances[i] = length.plus(N::from_byte(ups[i])).minus(N::from_byte(downs[i]));
                    }
                }
            }
            sink(query, &distances);
        }
    }

    /// The choices at `places`, too long for any lane.
    fn run_long<N: Number>(&self, places: &[usize], sink: &mut impl FnMut(usize, Places<'_>, &[N])) {
        for &place in places {
            for (number, query) in self.queries.iter().enumerate() {
                let comparison = compare(self.metric.metric(), query, self.choices[place], |maximum| maximum);
                let distance = comparison.distance().unwrap_or_default() as usize;
                sink(number, Places::At(&[place]), &[N::from_usize(distance)]);
            }
        }
    }
}

/// Which choices some distances belong to.
#[derive(Clone, Copy)]
enum Places<'a> {
    /// This one and those after it.
    From(usize),
    /// These.
    At(&'a [usize]),
}

/// What distances are counted in: bytes where all of them fit, since sixteen of those are added at once. Sums may leave
/// the range on their way to a result that is in it.
trait Number: Copy {
    fn from_usize(number: usize) -> Self;
    fn from_byte(number: u8) -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn larger(self, other: Self) -> Self;
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Number for $type {
            #[inline(always)]
            fn from_usize(number: usize) -> Self {
                number as $type
            }

            #[inline(always)]
            fn from_byte(number: u8) -> Self {
                <$type>::from(number)
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            #[inline(always)]
            fn larger(self, other: Self) -> Self {
                self.max(other)
            }
        }
    )*};
}

number!(u8, u32);
