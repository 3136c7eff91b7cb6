//! The dictionary, against comparing every word.

use crate::texts::{strings, text, texts};
use arbitrary::{Result, Unstructured};
use likewise_similarity::{Dictionary, Match, Metric, distance, similarity, typo_cost};

/// Build a dictionary and ask it by every metric, in every way.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
}

fn verify(u: &mut Unstructured<'_>) -> Result<u64> {
    let given = Given::new(u)?;
    let dictionary = given.build();
    check_words(&given, &dictionary, u.arbitrary()?);
    let mut cases = given.words.len() as u64 + 1;
    // What was loaded is searched, so that one run checks both.
    let saved = dictionary.save();
    assert!(saved.is_ascii());
    let dictionary = Dictionary::load(saved.as_str()).expect("what was saved can be loaded");
    assert_eq!(dictionary.save(), saved);

    let limit = match u.int_in_range(0..=7)? {
        0..=2 => 1,
        3..=5 => u.int_in_range(2..=6)?,
        6 => u.int_in_range(0..=300)?,
        _ => usize::MAX,
    };
    let cutoff = match u.int_in_range(0..=5)? {
        0..=2 => None,
        3 => Some(0.0),
        _ => Some(f64::from(u.int_in_range(0..=1010_u16)?) / 10.0),
    };
    let edits = u.int_in_range(0..=80_u32)?;
    for query in given.queries(u)? {
        for metric in Metric::ALL {
            let found = match dictionary.search(&query, limit, metric, cutoff) {
                Ok(found) => found,
                Err(refused) => {
                    assert!(refused.length > metric.longest_query() && refused.length == query.chars().count(), "{refused}");
                    continue;
                }
            };
            given.check(&dictionary, &query, limit, metric, cutoff, &found);
            let best = dictionary.search(&query, 1, metric, cutoff).map(|mut found| found.pop());
            assert_eq!(dictionary.suggest(&query, metric, cutoff), best);
            cases += 2;
            if let Ok(near) = dictionary.within(&query, edits, limit, metric) {
                given.check_within(&query, edits, limit, metric, &near);
                cases += 1;
            }
        }
        assert_eq!(dictionary.index_of(&query), given.words.iter().position(|word| *word == query).map(|at| at as u32));
        cases += 1;
    }
    Ok(cases)
}

/// Words and priorities.
pub(crate) struct Given {
    pub(crate) words: Vec<String>,
    pub(crate) priorities: Option<Vec<u8>>,
}

impl Given {
    pub(crate) fn new(u: &mut Unstructured<'_>) -> Result<Given> {
        let longest = if u.ratio(1, 8)? { 200 } else { 20 };
        let mut words = Vec::new();
        // Of several alphabets, so that words differ in what kernels see of them.
        for _ in 0..u.int_in_range(1..=3)? {
            words.extend(strings(&texts(u, 0, 24, longest)?));
        }
        // More than a block of words of one length.
        let again = u.int_in_range(0..=3)?;
        for round in 0..again {
            let more: Vec<String> = words.iter().take(60).map(|word| word.chars().rev().skip(round).collect()).collect();
            words.extend(more);
        }
        for word in &mut words {
            word.retain(|c| c != SEPARATOR);
        }
        let priorities: Option<u64> = u.arbitrary()?;
        let priorities = priorities.map(|seed| (0..words.len()).map(|i| (seed.rotate_left(7 * i as u32) % 5) as u8).collect());
        Ok(Given { words, priorities })
    }

    pub(crate) fn build(&self) -> Dictionary {
        let text: String = self.words.iter().flat_map(|word| [word, "\n"]).collect();
        let priorities: Option<String> = self.priorities.as_ref().map(|all| all.iter().map(|&p| char::from(p)).collect());
        Dictionary::from_text(&text, SEPARATOR, priorities.as_deref()).expect("as many priorities as words")
    }

    /// A word of the dictionary, one that is like it, and one that may be anything.
    pub(crate) fn queries(&self, u: &mut Unstructured<'_>) -> Result<Vec<String>> {
        let mut queries = Vec::new();
        if !self.words.is_empty() {
            let word = u.choose(&self.words)?.clone();
            let mut like: Vec<char> = word.chars().collect();
            let at = u.int_in_range(0..=like.len())?;
            match u.int_in_range(0..=3)? {
                0 => like.insert(at, 'e'),
                1 if at < like.len() => drop(like.remove(at)),
                2 if at + 1 < like.len() => like.swap(at, at + 1),
                _ => like.rotate_left(at),
            }
            queries.push(like.into_iter().collect());
            queries.push(word);
        }
        let alphabet = crate::texts::alphabet(u)?;
        queries.push(text(u, &alphabet, 90)?.into_iter().collect());
        Ok(queries)
    }

    fn priority(&self, index: usize) -> u8 {
        self.priorities.as_ref().map_or(0, |given| given[index])
    }

    /// Every answer in order: what it is ordered by, its priority, its index and its score.
    fn all(&self, query: &str, metric: Metric, cutoff: Option<f64>) -> Vec<(f64, u8, u32, f64)> {
        let letters: Vec<char> = query.chars().collect();
        let mut all = Vec::new();
        for (index, word) in self.words.iter().enumerate() {
            let (score, priority) = (similarity(metric, query, word) * 100.0, self.priority(index));
            let order = match metric {
                // A word of the dictionary itself comes first.
                Metric::Typo if word == query => -1.0,
                Metric::Typo => {
                    let word: Vec<char> = word.chars().collect();
                    f64::from(typo_cost(&letters, &word)) + f64::from(priority)
                }
                _ => -score,
            };
            if cutoff.map_or(score > 0.0, |cutoff| score >= cutoff) {
                all.push((order, priority, index as u32, score));
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        all
    }

    fn check(&self, dictionary: &Dictionary, query: &str, limit: usize, metric: Metric, cutoff: Option<f64>, found: &[Match]) {
        let all = self.all(query, metric, cutoff);
        let wanted = limit.min(all.len());
        let found: Vec<(u32, f64)> = found
            .iter()
            .map(|found| {
                assert_eq!(dictionary.choice(found), self.words[found.index as usize]);
                (found.index, found.score)
            })
            .collect();
        let context = || format!("{metric} {query:?} in {:?} {:?}: {limit} {cutoff:?}", self.words, self.priorities);
        // By typing cost, four and four more for each answer wanted are compared: the words nearest by a rough cost.
        if metric == Metric::Typo && all.len() > limit.saturating_mul(4).saturating_add(4) {
            let place = |answer: &(u32, f64)| all.iter().position(|entry| (entry.2, entry.3) == *answer);
            let places: Vec<usize> =
                found.iter().map(|answer| place(answer).unwrap_or_else(|| panic!("{}", context()))).collect();
            assert!(places.is_sorted_by(|a, b| a < b), "{}: {places:?}", context());
            let same = all.iter().take_while(|entry| entry.0 < 0.0).count().min(limit);
            assert!(places.len() >= same && places[..same].iter().copied().eq(0..same), "{}: {places:?}", context());
            assert!(found.len() <= limit, "{}", context());
            return;
        }
        let expected: Vec<(u32, f64)> = all[..wanted].iter().map(|entry| (entry.2, entry.3)).collect();
        assert_eq!(found, expected, "{}", context());
    }

    fn check_within(&self, query: &str, edits: u32, limit: usize, metric: Metric, found: &[Match]) {
        let mut near: Vec<(u32, u8, u32)> = Vec::new();
        for (index, word) in self.words.iter().enumerate() {
            near.push((distance(metric, query, word) as u32, self.priority(index), index as u32));
        }
        near.retain(|word| word.0 <= edits);
        near.sort_unstable();
        near.truncate(limit);
        let expected: Vec<(u32, f64)> =
            near.iter().map(|word| (word.2, similarity(metric, query, &self.words[word.2 as usize]) * 100.0)).collect();
        let found: Vec<(u32, f64)> = found.iter().map(|found| (found.index, found.score)).collect();
        assert_eq!(found, expected, "{metric} within {edits} of {query:?} in {:?} {:?}", self.words, self.priorities);
    }
}

const SEPARATOR: char = '\n';

/// Words come back as they were given.
fn check_words(given: &Given, dictionary: &Dictionary, [start, limit]: [u8; 2]) {
    assert_eq!(dictionary.len(), given.words.len());
    for (index, word) in given.words.iter().enumerate() {
        assert_eq!(dictionary.word(index as u32).as_ref(), Some(word), "{:?}", given.words);
    }
    assert_eq!(dictionary.word(given.words.len() as u32), None);
    let some: Vec<&str> = given.words.iter().map(String::as_str).skip(start.into()).take(limit.into()).collect();
    assert_eq!(dictionary.words(start.into(), limit.into(), SEPARATOR), some.join("\n"));
}
