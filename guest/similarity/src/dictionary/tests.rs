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
    let best = dictionary.suggest("almni", Metric::Indel, None).unwrap().unwrap();
    assert_eq!((best.index, best.score), (1, 90.9090909090909));
    assert_eq!(dictionary.choice(&best), "alumni");
    assert!(dictionary.suggest("xyz", Metric::Indel, None).unwrap().is_none());
    assert_eq!(dictionary.search("xyz", 9, Metric::Indel, Some(0.0)).unwrap().len(), 3);
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

/// Words that are mostly long enough for queries of their length to be bounded word by word.
fn long_word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c]{14,30}",
        4 => "[a-z ]{14,40}",
        2 => "[\u{430}-\u{44f}a-f]{14,30}",
        1 => "[\u{4e00}-\u{4f00}a]{14,24}",
        1 => "[ab]{50,90}",
        2 => word(),
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
    let dictionary = dictionary(words, priorities);
    let found = dictionary.search(query, limit, metric, cutoff).unwrap();
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

/// A dictionary of these words, each followed by a separator.
fn dictionary(words: &[String], priorities: Option<&[u8]>) -> Dictionary {
    let text: String = words.iter().map(|word| format!("{word}\n")).collect();
    let given: Option<String> = priorities.map(|all| all.iter().map(|&p| char::from(p)).collect());
    Dictionary::from_text(&text, '\n', given.as_deref()).unwrap()
}

proptest! {
    // Brute force over long words takes its time.
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    /// Once many long queries have been asked, the letters of single words take part in the search.
    #[test]
    fn the_letters_of_words_change_no_answer(
        words in prop::collection::vec(long_word(), 0..60),
        query in long_word(),
        limit in 1usize..70,
        cutoff in prop_oneof![Just(None), (0.0..101.0).prop_map(Some)],
    ) {
        let dictionary = dictionary(&words, None);
        let long = format!("{}\n", "x".repeat(letters::LONG)).repeat(MANY);
        prop_assert_eq!(dictionary.search_many(&long, '\n', 1, Metric::Indel, None, usize::MAX).unwrap().answered, MANY);
        prop_assert!(dictionary.letters.get().is_some());
        for query in words.first().into_iter().chain([&query]) {
            for metric in Metric::ALL.into_iter().filter(|&metric| metric != Metric::Typo) {
                let expected = brute_force(&words, None, query, limit, metric, cutoff);
                prop_assert_eq!(pairs(&dictionary.search(query, limit, metric, cutoff).unwrap()), expected);
            }
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 2_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn words_come_back_as_they_were_given(words in prop::collection::vec(word(), 0..60), start in 0u32..70, limit in 0u32..70) {
        let dictionary = dictionary(&words, None);
        prop_assert_eq!(dictionary.len(), words.len());
        for (index, word) in words.iter().enumerate() {
            prop_assert_eq!(dictionary.word(index as u32), Some(word.clone()));
            let first = words.iter().position(|other| other == word).map(|at| at as u32);
            prop_assert_eq!(dictionary.index_of(word), first);
        }
        prop_assert_eq!(dictionary.word(words.len() as u32), None);
        prop_assert_eq!(dictionary.index_of("no such word"), None);
        let some: Vec<&str> = words.iter().map(|word| &**word).skip(start as usize).take(limit as usize).collect();
        prop_assert_eq!(dictionary.words(start, limit, '\n'), some.join("\n"));
    }

    #[test]
    fn all_within_a_distance(words in prop::collection::vec(word(), 0..40), query in word(), distance in 0u32..6, limit in 0usize..50) {
        let dictionary = dictionary(&words, None);
        for metric in Metric::ALL {
            let found = dictionary.within(&query, distance, limit, metric);
            if !exact::counts_edits(metric) {
                prop_assert_eq!(found, Err(SearchError::NotADistance(metric)));
                continue;
            }
            let edits = |index: usize| crate::distance(metric, &query, &words[index]) as u32;
            let mut expected: Vec<usize> = (0..words.len()).filter(|&index| edits(index) <= distance).collect();
            expected.sort_by_key(|&index| (edits(index), index));
            let expected: Vec<(u32, f64)> = expected
                .into_iter()
                .take(limit)
                .map(|index| (index as u32, crate::similarity(metric, &query, &words[index]) * 100.0))
                .collect();
            prop_assert_eq!(pairs(&found.unwrap()), expected);
        }
    }

    #[test]
    fn many_queries_are_answered_as_one_by_one(
        words in prop::collection::vec(word(), 0..40),
        queries in prop::collection::vec(word(), 0..6),
        limit in 0usize..4,
        most in prop_oneof![Just(usize::MAX), 0usize..9],
    ) {
        let dictionary = dictionary(&words, None);
        let text: String = queries.iter().map(|query| format!("{query}\n")).collect();
        let found = dictionary.search_many(&text, '\n', limit, Metric::Indel, None, most).unwrap();
        let mut expected = Matches::default();
        for (position, query) in queries.iter().enumerate() {
            if position > 0 && expected.index.len() >= most {
                break;
            }
            expected.answered = position + 1;
            for found in dictionary.search(query, limit, Metric::Indel, None).unwrap() {
                expected.query.push(position as u32);
                expected.index.push(found.index);
                expected.score.push(found.score);
            }
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_saved_dictionary_answers_the_same(words in prop::collection::vec(word(), 0..60), query in word(), ranked: bool) {
        let priorities: Vec<u8> = (0..words.len()).map(|i| (i * 89 % 256) as u8).collect();
        let dictionary = dictionary(&words, ranked.then_some(&priorities));
        let saved = dictionary.save();
        prop_assert!(saved.is_ascii());
        let loaded = Dictionary::load(saved.as_str()).unwrap();
        prop_assert_eq!(loaded.save(), saved);
        prop_assert_eq!(loaded.words(0, u32::MAX, '\n'), words.join("\n"));
        for metric in Metric::ALL {
            prop_assert_eq!(loaded.search(&query, 3, metric, None), dictionary.search(&query, 3, metric, None));
        }
    }

    /// Flipped, cut, spliced: an error, and nothing worse.
    #[test]
    fn a_damaged_file_is_an_error(words in prop::collection::vec(word(), 0..60), damage in damage()) {
        let saved = dictionary(&words, None).save().into_bytes();
        let damaged = damage.apply(&saved);
        prop_assume!(damaged != saved);
        // Bytes cross the boundary as text.
        let damaged: String = damaged.into_iter().map(char::from).collect();
        prop_assert!(Dictionary::load(damaged).is_err());
    }

    /// The same under a checksum that fits: whatever is accepted answers without a panic, in bounded memory.
    #[test]
    fn a_forged_file_does_no_harm(words in prop::collection::vec(word(), 0..60), damage in damage(), query in word(), ranked: bool) {
        let priorities: Vec<u8> = (0..words.len()).map(|i| (i * 89 % 256) as u8).collect();
        let saved = dictionary(&words, ranked.then_some(&priorities)).save().into_bytes();
        let forged: Vec<u8> = damage.apply(&saved).into_iter().map(|byte| byte & 0x7f).collect();
        let forged = image::forge(forged);
        let Ok(loaded) = Dictionary::load(String::from_utf8(forged).unwrap()) else {
            return Ok(());
        };
        for metric in Metric::ALL {
            for found in loaded.search(&query, 5, metric, Some(0.0)).unwrap() {
                prop_assert!((found.index as usize) < loaded.len());
                let _ = loaded.choice(&found);
            }
            let _ = loaded.within(&query, 2, 5, metric);
        }
        let _ = (loaded.index_of(&query), loaded.word(0), loaded.words(0, 50, '\n'), loaded.memory());
    }
}

/// More words than one group of blocks holds, on shelves of several tiers.
#[test]
fn large_dictionaries() {
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let alphabets = prop_oneof![
        Just("[a-z]{2,9}"),
        Just("[a-h]{3,7}"),
        Just("[acgt]{5,18}"),
        Just("[a-zA-Zàâçéèêëîïôûùüÿœ'-]{2,12}"),
        Just("[\u{3b1}-\u{3c9}\u{4e00}-\u{4e90}]{1,5}"),
    ];
    let case = alphabets.prop_flat_map(|alphabet| {
        let words = prop::collection::vec(alphabet, 4_500..6_000);
        (words, prop::collection::vec(alphabet, 4), any::<u64>(), any::<bool>())
    });
    runner
        .run(&case, |(words, queries, seed, ranked)| {
            let mut random = seed | 1;
            let mut priority = || {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                // Few common words and many rare ones.
                (random % 64).isqrt() as u8 * 9
            };
            let priorities: Vec<u8> = words.iter().map(|_| priority()).collect();
            let dictionary = dictionary(&words, ranked.then_some(&priorities));
            for metric in Metric::ALL {
                for (query, limit) in queries.iter().zip([1, 1, 5, 300]) {
                    let found = dictionary.search(query, limit, metric, None).unwrap();
                    let expected = brute_force(&words, ranked.then_some(&priorities), query, limit, metric, None);
                    prop_assert_eq!(pairs(&found), expected, "{} {:?}", metric, query);
                }
            }
            Ok(())
        })
        .unwrap();
}

/// What can happen to a file.
#[derive(Clone, Debug)]
enum Damage {
    Flip { at: prop::sample::Index, bits: u8 },
    Cut { at: prop::sample::Index },
    Insert { at: prop::sample::Index, bytes: Vec<u8> },
    Overwrite { at: prop::sample::Index, bytes: Vec<u8> },
    Splice { from: prop::sample::Index, to: prop::sample::Index, length: usize },
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    let bytes = || prop::collection::vec(any::<u8>(), 1..12);
    prop_oneof![
        (at(), 1u8..).prop_map(|(at, bits)| Damage::Flip { at, bits }),
        at().prop_map(|at| Damage::Cut { at }),
        (at(), bytes()).prop_map(|(at, bytes)| Damage::Insert { at, bytes }),
        (at(), bytes()).prop_map(|(at, bytes)| Damage::Overwrite { at, bytes }),
        (at(), at(), 1usize..40).prop_map(|(from, to, length)| Damage::Splice { from, to, length }),
    ]
}

impl Damage {
    fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let length = bytes.len();
        match self {
            Damage::Flip { at, bits } => bytes[at.index(length)] ^= bits,
            Damage::Cut { at } => bytes.truncate(at.index(length)),
            Damage::Insert { at, bytes: new } => {
                let at = at.index(length);
                bytes.splice(at..at, new.iter().copied());
            }
            Damage::Overwrite { at, bytes: new } => {
                let at = at.index(length);
                let end = (at + new.len()).min(length);
                bytes.splice(at..end, new.iter().copied());
            }
            Damage::Splice { from, to, length: count } => {
                let from = from.index(length);
                let piece = bytes[from..(from + count).min(length)].to_vec();
                let to = to.index(length);
                bytes.splice(to..to, piece);
            }
        }
        bytes
    }
}

#[test]
fn what_is_no_dictionary_is_told_apart() {
    assert_eq!(Dictionary::load("").unwrap_err(), LoadError::NotADictionary);
    assert_eq!(Dictionary::load("move\nalumni\n").unwrap_err(), LoadError::NotADictionary);
    let saved = Dictionary::from_text("move\n", '\n', None).unwrap().save();
    assert_eq!(Dictionary::load(saved.as_str()).unwrap().len(), 1);
    let mut later = saved.clone().into_bytes();
    later[24] += 1;
    assert_eq!(Dictionary::load(String::from_utf8(later).unwrap()).unwrap_err(), LoadError::Version(2));
    assert!(matches!(Dictionary::load(&saved[..saved.len() - 1]), Err(LoadError::Damaged(_))));
}

/// Rows that share their symbols would multiply what a small file makes of memory and time.
#[test]
fn long_words_that_share_their_symbols_are_damage() {
    let word = "ab".repeat(40);
    let saved = dictionary(&[word.clone(), word], None).save().into_bytes();
    // Length and first symbol of the second row: 80, 80, each in base 128.
    let second = saved.windows(10).rposition(|entry| entry == [80, 0, 0, 0, 0, 80, 0, 0, 0, 0]).unwrap();
    for (length, start) in [(80, 0), (80, 79), (79, 80), (127, 80)] {
        let mut forged = saved.clone();
        (forged[second], forged[second + 5]) = (length, start);
        let forged = String::from_utf8(image::forge(forged)).unwrap();
        let error = Dictionary::load(forged).unwrap_err();
        assert_eq!(error, LoadError::Damaged("its long words overlap or leave gaps"));
    }
}

#[test]
fn priorities_must_be_as_many_as_words() {
    let error = Dictionary::from_text("a\nb\n", '\n', Some("\0")).unwrap_err();
    assert_eq!(error, BuildError::PriorityCount { words: 2, priorities: 1 });
    // Larger values count as 255.
    let dictionary = Dictionary::from_text("ab\nba\naa\n", '\n', Some("\u{10ffff}\u{ff}\0")).unwrap();
    let found = dictionary.search("aaa", 3, Metric::Prefix, Some(0.0)).unwrap();
    assert_eq!(found.iter().map(|found| found.index).collect::<Vec<_>>(), [2, 0, 1]);
}

#[test]
fn separators_end_words() {
    for (text, words) in [("", vec![]), ("\n", vec![""]), ("a", vec!["a"]), ("a\n", vec!["a"]), ("a\n\n", vec!["a", ""])] {
        let dictionary = Dictionary::from_text(text, '\n', None).unwrap();
        let all: Vec<String> = (0..dictionary.len() as u32).filter_map(|index| dictionary.word(index)).collect();
        assert_eq!(all, words);
    }
    // Any code point will do.
    let dictionary = Dictionary::from_text("日本語は日本", 'は', None).unwrap();
    assert_eq!(dictionary.words(0, 9, ' '), "日本語 日本");
}
