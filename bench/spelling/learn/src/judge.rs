//! How often a table is right.

use crate::align::align;
use crate::examples::{Example, Words};
use crate::prices::Prices;

/// Errors of each set, and of how many the word meant came first, and among five.
pub(crate) struct Judged {
    sets: Vec<[usize; 3]>,
}

impl Judged {
    pub(crate) fn new(sets: usize) -> Judged {
        Judged { sets: vec![[0; 3]; sets] }
    }

    /// Judge one error as a user would see it.
    pub(crate) fn count(&mut self, example: &Example, prices: &Prices, words: &Words) {
        let cost = |number: usize| {
            let word = &words.words[number];
            (align(&example.typed, word, prices).0 + word.priority, word.priority, number)
        };
        let place = example.meant_index.filter(|meant| example.candidates.contains(meant)).map(|meant| {
            let own = cost(meant);
            let before = example.candidates.iter().filter(|&&other| cost(other) < own).count();
            before + usize::from(example.is_word)
        });
        let set = &mut self.sets[example.set];
        set[0] += 1;
        set[1] += usize::from(place == Some(0));
        set[2] += usize::from(place.is_some_and(|place| place < 5));
    }

    pub(crate) fn add(&mut self, other: &Judged) {
        for (mine, theirs) in self.sets.iter_mut().zip(&other.sets) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        }
    }

    /// First and among five, in percent, of each set that was judged.
    fn percents(&self) -> Vec<[f64; 2]> {
        let percent = |part: usize, all: usize| 100.0 * part as f64 / all as f64;
        self.sets.iter().filter(|set| set[0] > 0).map(|&[all, first, five]| [percent(first, all), percent(five, all)]).collect()
    }
}

/// A line for each way of judging, as Markdown.
pub(crate) fn table(sets: &[&str], rows: &[(&str, Judged)]) -> String {
    let mut lines = vec![format!("| costs learned from | {} | mean |", sets.join(" | ")), "|---".repeat(sets.len() + 2) + "|"];
    for (name, judged) in rows {
        let percents = judged.percents();
        if percents.is_empty() {
            continue;
        }
        let cell = |[first, five]: [f64; 2]| format!("{first:.1} / {five:.1}");
        let mean = |k: usize| percents.iter().map(|percents| percents[k]).sum::<f64>() / percents.len() as f64;
        let cells: Vec<String> = percents.iter().copied().chain([[mean(0), mean(1)]]).map(cell).collect();
        lines.push(format!("| {name} | {} |", cells.join(" | ")));
    }
    lines.join("\n") + "\n"
}
