//! What an index costs to make and what its answers cost: `cargo bench -p likewise-similarity --bench dictionary`.
//!
//! 100,000 made-up words with the lengths of an English word list, so that the numbers need no data. Real words share more letters with
//! each other and are somewhat slower to search.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use likewise_similarity::{Dictionary, Metric};
use std::hint::black_box;

/// A small generator (Marsaglia's xorshift), the same words at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

const WORDS: usize = 100_000;
const QUERIES: usize = 100;
const LATIN: &str = "eeeeeetttaaaooiinnsshhrrddllcumwfgypbvk";
const HAN: std::ops::Range<u32> = 0x4e00..0x5e00;

fn latin() -> Vec<String> {
    let letters: Vec<char> = LATIN.chars().collect();
    let mut random = Random(42);
    let mut word = || {
        let length = 3 + (0..4).map(|_| random.below(5)).sum::<usize>();
        (0..length).map(|_| letters[random.below(letters.len())]).collect()
    };
    (0..WORDS).map(|_| word()).collect()
}

fn han() -> Vec<String> {
    let mut random = Random(42);
    let mut word = || {
        let length = 2 + random.below(3);
        // The product of two even spreads is uneven, as characters are.
        let mut point = || HAN.start + (random.below(64) * random.below(64)) as u32;
        (0..length).filter_map(|_| char::from_u32(point())).collect()
    };
    (0..WORDS).map(|_| word()).collect()
}

fn text(words: &[String]) -> String {
    words.iter().flat_map(|word| [word, "\n"]).collect()
}

/// Words with one symbol replaced by another word's.
fn misspelt(words: &[String]) -> Vec<String> {
    let mut random = Random(7);
    let mut one = || {
        let mut word: Vec<char> = words[random.below(words.len())].chars().collect();
        let at = random.below(word.len());
        word[at] = words[random.below(words.len())].chars().next_back().unwrap_or('e');
        word.into_iter().collect()
    };
    (0..QUERIES).map(|_| one()).collect()
}

fn search(c: &mut Criterion) {
    for (name, words) in [("latin", latin()), ("han", han())] {
        let mut group = c.benchmark_group(format!("dictionary/{name}"));
        let dictionary = Dictionary::from_text(text(&words), '\n', None).expect("words without priorities make a dictionary");
        let queries = misspelt(&words);
        for metric in Metric::ALL {
            for limit in [1, 5] {
                group.bench_with_input(BenchmarkId::new(metric.name(), limit), &limit, |bencher, &limit| {
                    let mut queries = queries.iter().cycle();
                    bencher.iter(|| queries.next().map(|query| dictionary.search(black_box(query), limit, metric, None)));
                });
            }
        }
        group.finish();
    }
}

/// With priorities, as of an English word list: more shelves, and the metric that goes by them.
fn tiers(c: &mut Criterion) {
    let mut group = c.benchmark_group("dictionary/tiers");
    let words = latin();
    let mut random = Random(3);
    let priorities: String = words.iter().map(|_| char::from(random.below(100) as u8)).collect();
    let dictionary = Dictionary::from_text(text(&words), '\n', Some(&priorities)).expect("each word has a priority");
    let queries = misspelt(&words);
    for metric in [Metric::Indel, Metric::Typo] {
        for limit in [1, 5] {
            group.bench_with_input(BenchmarkId::new(metric.name(), limit), &limit, |bencher, &limit| {
                let mut queries = queries.iter().cycle();
                bencher.iter(|| queries.next().map(|query| dictionary.search(black_box(query), limit, metric, None)));
            });
        }
    }
    group.finish();
}

fn make(c: &mut Criterion) {
    let mut group = c.benchmark_group("dictionary/make");
    let text = text(&latin());
    group.bench_function("from_text", |bencher| bencher.iter(|| Dictionary::from_text(black_box(&text), '\n', None)));
    let saved = Dictionary::from_text(&text, '\n', None).expect("words without priorities make a dictionary").save();
    group.bench_function("load", |bencher| bencher.iter(|| Dictionary::load(black_box(saved.as_str()))));
    group.finish();
}

criterion_group!(benches, search, tiers, make);
criterion_main!(benches);
