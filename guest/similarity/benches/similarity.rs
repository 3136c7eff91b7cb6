//! What one comparison costs, and what a batch makes of it: `cargo bench -p likewise-similarity`.
//!
//! Words are made up, with the lengths of an English word list, so that the numbers need no data.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use likewise_similarity::{Measure, Metric, Ratio, Scorer, batch, distance, fuzz};
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

fn words(count: usize, alphabet: &str) -> Vec<String> {
    let symbols: Vec<char> = alphabet.chars().collect();
    let mut random = Random(42);
    // The mean is nine and a half, three in a hundred are longer than 16.
    let mut length = || 2 + (0..4).map(|_| random.below(5)).sum::<usize>() + random.below(30) / 29 * 6;
    let lengths: Vec<usize> = (0..count).map(|_| length()).collect();
    lengths.into_iter().map(|length| (0..length).map(|_| symbols[random.below(symbols.len())]).collect()).collect()
}

const LATIN: &str = "eeeeeetttaaaooiinnsshhrrddllcumwfgypbvk";
const CYRILLIC: &str = "оооееааиинтсрвлкмдпуяыьгзбчй";

fn slices(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn pairs(c: &mut Criterion) {
    let mut group = c.benchmark_group("pair");
    let words = words(1_000, LATIN);
    group.throughput(Throughput::Elements(words.len() as u64));
    for metric in Metric::ALL {
        group.bench_with_input(BenchmarkId::from_parameter(metric), &metric, |bencher, &metric| {
            bencher.iter(|| {
                let next = words.iter().cycle().skip(1);
                words.iter().zip(next).map(|(a, b)| distance(metric, black_box(a), b)).sum::<f64>()
            });
        });
    }
    for ratio in [Ratio::PartialRatio, Ratio::TokenSetRatio, Ratio::WRatio] {
        group.bench_with_input(BenchmarkId::from_parameter(ratio), &ratio, |bencher, &ratio| {
            bencher.iter(|| {
                let next = words.iter().cycle().skip(1);
                words.iter().zip(next).map(|(a, b)| fuzz::ratio(ratio, black_box(a), b, 0.0)).sum::<f64>()
            });
        });
    }
    group.finish();
}

fn long(c: &mut Criterion) {
    let mut group = c.benchmark_group("long");
    let text = words(1_000, LATIN).concat();
    let other = words(2_000, LATIN)[1_000..].concat();
    let edited = text.replace("tha", "th");
    for metric in [Metric::Indel, Metric::Levenshtein, Metric::Osa, Metric::Jaro] {
        group.bench_function(format!("{metric}/alike"), |bencher| {
            bencher.iter(|| distance(metric, black_box(&text), &edited));
        });
        group.bench_function(format!("{metric}/different"), |bencher| {
            bencher.iter(|| distance(metric, black_box(&text), &other));
        });
    }
    group.finish();
}

fn batches(c: &mut Criterion) {
    let mut group = c.benchmark_group("batch");
    group.sample_size(20);
    for (name, alphabet) in [("latin", LATIN), ("cyrillic", CYRILLIC)] {
        let (queries, choices) = (words(100, alphabet), words(10_000, alphabet));
        let (queries, choices) = (slices(&queries), slices(&choices));
        for metric in [Metric::Indel, Metric::Levenshtein, Metric::Osa] {
            let scorer = Scorer::Metric(metric, Measure::Distance);
            group.throughput(Throughput::Elements((queries.len() * choices.len()) as u64));
            group.bench_function(format!("matrix/{metric}/{name}"), |bencher| {
                bencher.iter(|| batch::matrix(scorer, black_box(&queries), &choices, None));
            });
            group.throughput(Throughput::Elements(choices.len() as u64));
            group.bench_function(format!("one-to-many/{metric}/{name}"), |bencher| {
                bencher.iter(|| batch::one_to_many(scorer, black_box(queries[0]), &choices, None));
            });
            group.throughput(Throughput::Elements(1_000));
            group.bench_function(format!("pairwise/{metric}/{name}"), |bencher| {
                bencher.iter(|| batch::pairwise(scorer, black_box(&choices[..1_000]), &choices[1_000..2_000], None));
            });
        }
        group.throughput(Throughput::Elements(choices.len() as u64));
        for scorer in [Scorer::Ratio(Ratio::Ratio), Scorer::Metric(Metric::Levenshtein, Measure::Distance)] {
            let what = if let Scorer::Ratio(_) = scorer { "ratio" } else { "levenshtein" };
            group.bench_function(format!("extract/{what}/{name}"), |bencher| {
                bencher.iter(|| batch::extract(scorer, black_box(queries[0]), &choices, None, 5));
            });
        }
        let joined = choices.join("\n");
        group.bench_function(format!("parts/{name}"), |bencher| bencher.iter(|| batch::parts(black_box(&joined), '\n').len()));
    }
    group.finish();
}

criterion_group!(benches, pairs, long, batches);
criterion_main!(benches);
