//! Learn what typing errors cost: `likewise-learn [--table-only] WORDS COSTS SET...` writes the engine's table of costs and prints how
//! good it is.
//!
//! WORDS has a priority, a tab and a word a line; a SET of human errors has what was typed, a tab and what was meant. The same files
//! give the same table, byte for byte. `learn.py` makes WORDS of the package's words and calls this.

mod align;
#[allow(dead_code, reason = "the tests alone read the engine's own table")]
#[path = "../../../../guest/similarity/src/typo/costs.rs"]
mod costs;
#[allow(dead_code, reason = "the engine's prices by letter; here only the types of its table are used")]
#[path = "../../../../guest/similarity/src/typo/errors.rs"]
mod errors;
mod examples;
mod fit;
mod judge;
#[allow(dead_code, reason = "the engine's letters, so that what is learned is what is priced")]
#[path = "../../../../guest/similarity/src/typo/letter.rs"]
mod letter;
mod prices;
mod print;
#[path = "../../../../guest/similarity/src/typo/sound.rs"]
mod sound;
mod weights;
mod whole;

use examples::{Example, Examples, Words};
use judge::{Judged, table};
use prices::Prices;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Quarters that errors are split into to judge each by what was learned from the others.
const FOLDS: u64 = 4;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_judged = arguments.first().is_none_or(|first| first != "--table-only");
    arguments.drain(..usize::from(!is_judged));
    let [words, costs, sets @ ..] = arguments.as_slice() else {
        eprintln!("usage: likewise-learn [--table-only] WORDS COSTS SET...");
        return ExitCode::from(2);
    };
    match learn(Path::new(words), Path::new(costs), sets, is_judged) {
        Ok(figures) => {
            print!("{figures}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("likewise-learn: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Write the table, and say how often it is right on what it was learned from and on what it was not.
fn learn(words: &Path, costs: &Path, sets: &[String], is_judged: bool) -> Result<String, String> {
    let words = Words::read(words)?;
    let examples = Examples::read(sets, &words)?;
    let all: Vec<usize> = (0..examples.list.len()).collect();
    let names: Vec<&str> = examples.sets.iter().map(String::as_str).collect();

    let mut tasks = vec![Task { row: 0, learned_from: all.clone(), judged: all.clone() }];
    let mut split = |row: usize, part: &dyn Fn(&Example) -> bool| {
        let (judged, learned_from) = all.iter().partition(|&&at| part(&examples.list[at]));
        tasks.push(Task { row, learned_from, judged });
    };
    if is_judged {
        (0..FOLDS).for_each(|fold| split(1, &|example| example.fold(FOLDS) == fold));
    }
    if is_judged && names.len() > 1 {
        (0..names.len()).for_each(|set| split(2, &|example| example.set == set));
    }
    let mut rows = ["the same errors", "the other quarters", "the other sets"].map(|name| (name, Judged::new(names.len())));
    for (task, (judged, prices)) in tasks.iter().zip(in_parallel(&tasks, &examples)) {
        rows[task.row].1.add(&judged);
        if task.row == 0 {
            std::fs::write(costs, print::costs(&prices)).map_err(|error| format!("{}: {error}", costs.display()))?;
        }
    }
    Ok(if is_judged { table(&names, &rows) } else { String::new() })
}

/// What to learn from, what to judge by it, and the row of the figures that it belongs to.
struct Task {
    row: usize,
    learned_from: Vec<usize>,
    judged: Vec<usize>,
}

impl Task {
    fn run(&self, examples: &Examples) -> (Judged, Prices) {
        let learned_from: Vec<_> = self.learned_from.iter().map(|&at| &examples.list[at]).collect();
        let prices = fit::prices(&learned_from, examples.words);
        let mut judged = Judged::new(examples.sets.len());
        for &at in &self.judged {
            judged.count(&examples.list[at], &prices, examples.words);
        }
        (judged, prices)
    }
}

/// Every task by itself, on all processors. Results are in the order of the tasks.
fn in_parallel(tasks: &[Task], examples: &Examples) -> Vec<(Judged, Prices)> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { return done };
            done.push((at, task.run(examples)));
        }
    };
    let mut results: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..std::thread::available_parallelism().map_or(1, usize::from)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no task panics")).collect()
    });
    results.sort_by_key(|&(at, _)| at);
    results.into_iter().map(|(_, result)| result).collect()
}
