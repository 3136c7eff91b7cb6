//! What is learned: weights that add up to prices.
//!
//! A price in the table is a sum of weights that many errors share (any missing letter, a missing vowel, a missing i, an i missing
//! after e), so that what was never seen is priced by what is like it. Every weight is held towards where it starts, the special
//! ones firmly.

use crate::align::Step;
use crate::errors::{Alone, Pairs};
use crate::examples::Word;
use crate::letter::{BASES, EDGE, Letter, is_vowel};
use crate::prices::{Kind, Place, Prices, is_beside_like};
use crate::whole;

/// Costs in the table for a factor e in how likely an error is.
pub(crate) const UNIT: f64 = 10.0;

/// How firmly weights are held where they start: those of any error, of classes of errors, of letters, of pairs of letters, of words
/// as wholes. Chosen by the judgement of other quarters.
const ANY: f64 = 0.02;
const CLASS: f64 = 0.5;
const LETTER: f64 = 1.5;
const PAIR: f64 = 3.0;
const WHOLE: f64 = 0.3;

/// Where weights begin that follow one another.
pub(crate) struct Layout {
    missing: AloneAt,
    extra: AloneAt,
    substituted: usize,
    substituted_by_kind: usize,
    substituted_either_way: usize,
    substituted_pair: usize,
    first_substituted: usize,
    word_beside_like: usize,
    query_beside_like: usize,
    swapped: usize,
    swapped_by_kind: usize,
    swapped_pair: usize,
    first_swapped: usize,
    last_swapped: usize,
    swapped_around: usize,
    near: usize,
    whole: usize,
    /// Where each weight starts and how firmly it is held there.
    pub(crate) start: Vec<f64>,
    pub(crate) hold: Vec<f64>,
}

/// Those of a letter that stands in one word alone.
struct AloneAt {
    any: usize,
    vowel: usize,
    first: usize,
    last: usize,
    /// Beside a neighbour on the keyboard.
    near: usize,
    by_kind: usize,
    letter: usize,
    after: usize,
    before: usize,
    double: usize,
    double_letter: usize,
    double_last: usize,
}

impl Layout {
    pub(crate) fn new() -> Layout {
        let (mut start, mut hold) = (Vec::new(), Vec::new());
        let mut add = |count: usize, from: f64, firmly: f64| {
            let at = start.len();
            start.resize(at + count, from);
            hold.resize(at + count, firmly);
            at
        };
        let mut alone = |any: f64| AloneAt {
            any: add(1, any, ANY),
            vowel: add(1, 0.0, CLASS),
            first: add(1, 2.0, CLASS),
            last: add(1, 0.0, CLASS),
            near: add(1, 0.0, CLASS),
            by_kind: add(3, 0.0, CLASS),
            letter: add(BASES, 0.0, LETTER),
            after: add(BASES * BASES, 0.0, PAIR),
            before: add(BASES * BASES, 0.0, PAIR),
            double: add(1, any - 2.0, CLASS),
            double_letter: add(BASES, 0.0, LETTER),
            double_last: add(1, 0.0, CLASS),
        };
        let (missing, extra) = (alone(4.0), alone(5.0));
        Layout {
            missing,
            extra,
            substituted: add(1, 6.0, ANY),
            substituted_by_kind: add(3, 0.0, CLASS),
            substituted_either_way: add(BASES * BASES, 0.0, LETTER),
            substituted_pair: add(BASES * BASES, 0.0, PAIR),
            first_substituted: add(1, 2.0, CLASS),
            word_beside_like: add(1, 0.0, CLASS),
            query_beside_like: add(1, 0.0, CLASS),
            swapped: add(1, 4.0, ANY),
            swapped_by_kind: add(3, 0.0, CLASS),
            swapped_pair: add(BASES * BASES, 0.0, PAIR),
            first_swapped: add(1, 0.0, CLASS),
            last_swapped: add(1, 0.0, CLASS),
            swapped_around: add(1, 6.0, CLASS),
            near: add(1, 0.0, CLASS),
            whole: add(whole::PRICES, 0.0, WHOLE),
            start,
            hold,
        }
    }

    /// The weights that may not fall below 0, as wholes have prices and no rewards.
    pub(crate) fn at_least_0(&self) -> std::ops::Range<usize> {
        self.whole..self.whole + whole::PRICES
    }

    /// The weights that the errors between two words add up.
    pub(crate) fn of_errors(&self, query: &Word, word: &Word, steps: &[Step]) -> Vec<usize> {
        let mut found = Vec::new();
        for &step in steps {
            match step {
                Step::Missing { j } => self.missing.of(&word.letters, j, &mut found),
                Step::Extra { i } => self.extra.of(&query.letters, i, &mut found),
                Step::Substituted { i, j } => {
                    let (x, y) = (query.letters[i], word.letters[j]);
                    // What is no more than another case or accent has a price of its own.
                    if x.is_like(y) {
                        continue;
                    }
                    found.extend(self.of_substituted(y.base.into(), x.base.into()));
                    found.extend((i == 0 || j == 0).then_some(self.first_substituted));
                    found.extend(is_beside_like(&word.letters, j).then_some(self.word_beside_like));
                    found.extend(is_beside_like(&query.letters, i).then_some(self.query_beside_like));
                }
                Step::Swapped { j } => {
                    let (x, y) = (word.letters[j - 1].base.into(), word.letters[j].base.into());
                    found.extend(self.of_swapped(x, y));
                    found.extend((j == 1).then_some(self.first_swapped));
                    found.extend((j + 1 == word.letters.len()).then_some(self.last_swapped));
                }
                Step::SwappedAround => found.push(self.swapped_around),
            }
        }
        query.whole.paid(&word.whole, |price| found.push(self.whole + price));
        found
    }

    /// The weights of a cell of the table of substitutions.
    fn of_substituted(&self, y: usize, x: usize) -> impl Iterator<Item = usize> {
        let either_way = self.substituted_either_way + x.min(y) * BASES + x.max(y);
        let always = [self.substituted, self.substituted_by_kind + kind(x, y), either_way, self.substituted_pair + y * BASES + x];
        always.into_iter().chain(is_near(x, y).then_some(self.near))
    }

    /// The weights of a cell of the table of swaps.
    fn of_swapped(&self, x: usize, y: usize) -> [usize; 3] {
        [self.swapped, self.swapped_by_kind + kind(x, y), self.swapped_pair + x * BASES + y]
    }

    /// The table that weights add up to.
    pub(crate) fn prices(&self, weights: &[f64]) -> Prices {
        let price = |weight: usize| price(weights, [weight]);
        Prices {
            missing: self.missing.prices(weights),
            extra: self.extra.prices(weights),
            substituted: table(weights, |y, x| self.of_substituted(y, x)),
            swapped: table(weights, |x, y| self.of_swapped(x, y)),
            swapped_around: price(self.swapped_around).max(1).unsigned_abs(),
            first_substituted: price(self.first_substituted),
            word_beside_like: price(self.word_beside_like),
            query_beside_like: price(self.query_beside_like),
            first_swapped: price(self.first_swapped),
            last_swapped: price(self.last_swapped),
            whole: std::array::from_fn(|k| price(self.whole + k).max(0).unsigned_abs()),
        }
    }
}

impl AloneAt {
    fn of(&self, letters: &[Letter], at: usize, found: &mut Vec<usize>) {
        let place = Place::of(letters, at);
        let own = usize::from(letters[at].base);
        if place.is_double {
            found.extend([self.double, self.double_letter + own]);
            found.extend(place.is_last.then_some(self.double_last));
            return;
        }
        found.extend(self.of_after(place.before.into(), own));
        found.extend(self.of_before(own, place.after.into()));
        found.extend(place.kind.map(|kind| self.by_kind + kind as usize));
    }

    /// The weights of a cell of the table by the letter before.
    fn of_after(&self, before: usize, own: usize) -> impl Iterator<Item = usize> {
        let always = [self.any, self.letter + own, self.after + before * BASES + own];
        let vowel = is_vowel(own as u8).then_some(self.vowel);
        let first = (before == usize::from(EDGE)).then_some(self.first);
        always.into_iter().chain(vowel).chain(first).chain(is_near(before, own).then_some(self.near))
    }

    /// The weights of a cell of the table by the letter after.
    fn of_before(&self, own: usize, after: usize) -> impl Iterator<Item = usize> {
        let last = (after == usize::from(EDGE)).then_some(self.last);
        [self.before + own * BASES + after].into_iter().chain(last).chain(is_near(own, after).then_some(self.near))
    }

    fn prices(&self, weights: &[f64]) -> Alone {
        let price = |weight: usize| price(weights, [weight]);
        Alone {
            after: table(weights, |before, own| self.of_after(before, own)),
            before: table(weights, |own, after| self.of_before(own, after)),
            double: std::array::from_fn(|own| byte(self::price(weights, [self.double, self.double_letter + own]))),
            double_last: price(self.double_last),
            vowels: price(self.by_kind + Kind::Vowels as usize),
            between_vowels: price(self.by_kind + Kind::BetweenVowels as usize),
            consonants: price(self.by_kind + Kind::Consonants as usize),
        }
    }
}

/// What some weights add up to, rounded.
fn price(weights: &[f64], added: impl IntoIterator<Item = usize>) -> i32 {
    libm::round(UNIT * added.into_iter().map(|weight| weights[weight]).sum::<f64>()) as i32
}

/// A table of prices by two bases.
fn table<I: IntoIterator<Item = usize>>(weights: &[f64], added: impl Fn(usize, usize) -> I) -> Pairs {
    std::array::from_fn(|x| std::array::from_fn(|y| byte(price(weights, added(x, y)))))
}

fn byte(price: i32) -> i8 {
    price.clamp(i8::MIN.into(), i8::MAX.into()) as i8
}

/// Two vowels, two consonants, one of each.
fn kind(x: usize, y: usize) -> usize {
    match (is_vowel(x as u8), is_vowel(y as u8)) {
        (true, true) => 0,
        (false, false) => 1,
        _ => 2,
    }
}

/// Whether two letters are neighbours on an English keyboard.
fn is_near(x: usize, y: usize) -> bool {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let place = |base: usize| {
        ROWS.iter().enumerate().find_map(|(row, letters)| {
            let column = letters.iter().position(|&letter| usize::from(letter - b'a') == base)?;
            Some((row as i32, column as i32))
        })
    };
    let (Some((row, column)), Some((other_row, other_column))) = (place(x), place(y)) else { return false };
    // Each row stands half a key further to the right than the one above.
    match other_row - row {
        0 => (column - other_column).abs() == 1,
        1 => matches!(column - other_column, 0 | 1),
        -1 => matches!(other_column - column, 0 | 1),
        _ => false,
    }
}
