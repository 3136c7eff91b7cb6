//! The index against the definition of every metric.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::typo;

/// Answers by comparing every word, sorted by what the contract says.
fn brute_force(
    words: &[String],
    priorities: Option<&[u8]>,
    query: &str,
    limit: usize,
    metric: Metric,
    cutoff: Option<f64>,
) -> Vec<(u32, f64)> {
    let letters = |word: &str| -> Vec<char> { word.chars().collect() };
    // What answers are ordered by, then priority, index and score.
    type Entry = (f64, u8, u32, f64);
    let in_order = |a: &Entry, b: &Entry| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2));
    let mut all: Vec<Entry> = words
        .iter()
        .enumerate()
        .filter_map(|(index, word)| {
            let score = crate::similarity(metric, query, word) * 100.0;
            let priority = priorities.map_or(0, |given| given[index]);
            let order = match metric {
                Metric::Typo => {
                    let errors = crate::distance(Metric::Osa, query, word) as usize;
                    let rough = typo::rough_cost(query.chars().count(), word.chars().count(), errors);
                    f64::from(rough) + f64::from(priority)
                }
                _ => -score,
            };
            let wanted = cutoff.map_or(score > 0.0, |cutoff| score >= cutoff);
            wanted.then_some((order, priority, index as u32, score))
        })
        .collect();
    all.sort_by(in_order);
    if metric == Metric::Typo {
        let (same, mut others): (Vec<Entry>, Vec<Entry>) = all.into_iter().partition(|entry| words[entry.2 as usize] == query);
        others.truncate(spelling::candidates(limit).saturating_sub(same.len()));
        for entry in &mut others {
            let cost = crate::typo_cost(&letters(query), &letters(&words[entry.2 as usize]));
            entry.0 = f64::from(cost) + f64::from(entry.1);
        }
        others.sort_by(in_order);
        all = same.into_iter().chain(others).collect();
    }
    all.into_iter().take(limit).map(|(_, _, index, score)| (index, score)).collect()
}

fn pairs(found: &[Match]) -> Vec<(u32, f64)> {
    found.iter().map(|found| (found.index, found.score)).collect()
}

#[test]
fn the_articles_example() {
    let dictionary = Dictionary::from_text("move\nalumni\namni\n", '\n', None).unwrap();
    let best = dictionary.suggest("almni", Metric::Indel, None).unwrap();
    assert_eq!((best.index, best.score), (1, 90.9090909090909));
    assert_eq!(dictionary.choice(&best), "alumni");
    assert!(dictionary.suggest("xyz", Metric::Indel, None).is_none());
    assert_eq!(dictionary.search("xyz", 9, Metric::Indel, Some(0.0)).len(), 3);
}

/// Words of one of the alphabets that behave differently.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-d]{0,9}",
        8 => "[a-z]{0,12}",
        2 => "[a-zA-Z' éß]{0,12}",
        2 => "[\u{430}-\u{44f}]{1,10}",
        2 => "[\u{4e00}-\u{4f00}]{0,5}",
        1 => "[😀-😏a]{0,6}",
        1 => "[ab]{8,70}",
        1 => "(ab){0,50}",
        1 => "a{0,140}",
    ]
}

fn check(
    metric: Metric,
    words: &[String],
    priorities: Option<&[u8]>,
    query: &str,
    limit: usize,
    cutoff: Option<f64>,
) -> Result<(), TestCaseError> {
    let text: String = words.iter().map(|word| format!("{word}\n")).collect();
    let given: Option<String> = priorities.map(|all| all.iter().map(|&p| char::from(p)).collect());
    let dictionary = Dictionary::from_text(&text, '\n', given.as_deref()).unwrap();
    let found = dictionary.search(query, limit, metric, cutoff);
    let expected = brute_force(words, priorities, query, limit, metric, cutoff);
    prop_assert_eq!(pairs(&found), expected);
    for found in &found {
        prop_assert_eq!(&dictionary.choice(found), &words[found.index as usize]);
    }
    Ok(())
}

fn cases(metric: Metric) {
    let limits = prop_oneof![3 => Just(1usize), 3 => 2usize..6, 1 => 0usize..200];
    let cutoffs = prop_oneof![2 => Just(None), 1 => (0.0..101.0).prop_map(Some), 1 => Just(Some(0.0))];
    let words = prop::collection::vec(word(), 0..40);
    let mut runner = TestRunner::new(Config { cases: 10_000, failure_persistence: None, ..Config::default() });
    let strategy = (words, word(), limits, cutoffs, any::<bool>(), any::<u64>());
    runner
        .run(&strategy, |(words, query, limit, cutoff, ranked, seed)| {
            let priorities: Vec<u8> = (0..words.len()).map(|i| (seed.rotate_left(7 * i as u32) % 4) as u8).collect();
            check(metric, &words, ranked.then_some(&priorities), &query, limit, cutoff)
        })
        .unwrap();
}

macro_rules! metrics {
    ($($name:ident, $metric:ident;)*) => {$(
        #[test]
        fn $name() {
            cases(Metric::$metric);
        }
    )*};
}

metrics! {
    indel, Indel;
    levenshtein, Levenshtein;
    osa, Osa;
    damerau_levenshtein, DamerauLevenshtein;
    hamming, Hamming;
    lcs_seq, LcsSeq;
    prefix, Prefix;
    postfix, Postfix;
    jaro, Jaro;
    jaro_winkler, JaroWinkler;
    sorensen_dice, SorensenDice;
    typo, Typo;
}
