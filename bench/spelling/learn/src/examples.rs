//! Human errors, and for each the words that the engine would compare.

use crate::letter::Letter;
use crate::whole::Whole;
use likewise_similarity::osa;
use std::collections::HashMap;
use std::path::Path;

/// As many words are compared as the engine compares for its best five answers.
const CANDIDATES: usize = 24;

/// What the engine searches candidates by (`typo::rough_cost`): letters that are missing or extra, and other errors.
const MISSING: usize = 30;
const EXTRA: usize = 45;
const OTHER: usize = 40;

/// The dictionary.
pub(crate) struct Words {
    pub(crate) words: Vec<Word>,
    index: HashMap<String, usize>,
    /// Numbers of words, those of the smallest priority first.
    commonest_first: Vec<usize>,
}

/// A word or a query, as the costs see it.
pub(crate) struct Word {
    pub(crate) letters: Vec<Letter>,
    pub(crate) whole: Whole,
    points: Vec<char>,
    /// The letters it has, a bit each.
    bases: u32,
    /// What the word costs beside its errors.
    pub(crate) priority: u32,
}

impl Word {
    pub(crate) fn new(text: &str, priority: u32) -> Word {
        let letters: Vec<Letter> = text.chars().map(Letter::new).collect();
        Word {
            whole: Whole::new(&letters),
            points: text.chars().collect(),
            bases: letters.iter().fold(0, |bases, letter| bases | 1 << letter.base),
            letters,
            priority,
        }
    }
}

impl Words {
    pub(crate) fn read(path: &Path) -> Result<Words, String> {
        let text = read(path)?;
        let (mut words, mut index) = (Vec::new(), HashMap::new());
        for (line, (priority, word)) in rows(&text) {
            let priority: u8 = priority.parse().map_err(|error| format!("{}:{line}: {error}", path.display()))?;
            index.entry(word.to_owned()).or_insert(words.len());
            words.push(Word::new(word, priority.into()));
        }
        let mut commonest_first: Vec<usize> = (0..words.len()).collect();
        commonest_first.sort_by_key(|&number| words[number].priority);
        Ok(Words { words, index, commonest_first })
    }

    /// The words of least rough cost, as the engine finds them: without the query itself.
    fn candidates(&self, query: &Word) -> Vec<usize> {
        // Cost, priority and number of each.
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for &number in &self.commonest_first {
            let word = &self.words[number];
            let priority = word.priority as usize;
            let worst = if found.len() < CANDIDATES { usize::MAX } else { found[CANDIDATES - 1].0 };
            if priority >= worst {
                break;
            }
            let (m, n) = (query.letters.len(), word.letters.len());
            let alone = m.abs_diff(n);
            let least = priority + alone * if n > m { MISSING } else { EXTRA };
            if least >= worst {
                continue;
            }
            let most_other = if worst == usize::MAX { m.max(n) } else { (worst - least) / OTHER };
            // A letter that stands alone is one that the other word may not have; any other error concerns two.
            if (query.bases ^ word.bases).count_ones() as usize > alone + 2 * most_other {
                continue;
            }
            let Some(errors) = osa::distance_within(&query.points, &word.points, alone + most_other) else { continue };
            if errors > 0 {
                let entry = (least + (errors - alone) * OTHER, priority, number);
                found.insert(found.partition_point(|other| *other < entry), entry);
                found.truncate(CANDIDATES);
            }
        }
        found.into_iter().map(|(_, _, number)| number).collect()
    }
}

/// Errors of all sets.
pub(crate) struct Examples<'a> {
    pub(crate) sets: Vec<String>,
    pub(crate) list: Vec<Example>,
    pub(crate) words: &'a Words,
}

/// One error.
pub(crate) struct Example {
    pub(crate) set: usize,
    pub(crate) typed: Word,
    meant: String,
    /// Numbers of words, by rough cost.
    pub(crate) candidates: Vec<usize>,
    /// The number of the word meant, if it is one of the dictionary's.
    pub(crate) meant_index: Option<usize>,
    /// Whether what was typed is a word too, which is then the first answer.
    pub(crate) is_word: bool,
}

impl Example {
    /// The part of the errors that this one belongs to. All errors in a word are in the same.
    pub(crate) fn fold(&self, folds: u64) -> u64 {
        // FNV-1a, its bits mixed so that the low ones depend on all.
        let hash =
            self.meant.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        ((hash ^ hash >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) % folds
    }
}

impl<'a> Examples<'a> {
    pub(crate) fn read(paths: &[String], words: &'a Words) -> Result<Examples<'a>, String> {
        let (mut sets, mut list) = (Vec::new(), Vec::new());
        for path in paths.iter().map(Path::new) {
            let text = read(path)?;
            for (_, (typed, meant)) in rows(&text) {
                let query = Word::new(typed, 0);
                list.push(Example {
                    set: sets.len(),
                    candidates: words.candidates(&query),
                    typed: query,
                    meant: meant.to_owned(),
                    meant_index: words.index.get(meant).copied(),
                    is_word: words.index.contains_key(typed),
                });
            }
            sets.push(path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        }
        Ok(Examples { sets, list, words })
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The two columns of each line that has two, by line number.
fn rows(text: &str) -> impl Iterator<Item = (usize, (&str, &str))> {
    text.lines().enumerate().filter_map(|(at, line)| Some((at + 1, line.split_once('\t')?)))
}
