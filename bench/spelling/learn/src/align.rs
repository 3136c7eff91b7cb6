//! Which errors turn a word into a query, by the least cost: the engine's alignment, kept whole so that its steps can be read.

use crate::examples::Word;
use crate::prices::{Prices, alone};

/// An error, at letters of the query (`i`) and the word (`j`) counted from 0.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    Missing {
        j: usize,
    },
    Extra {
        i: usize,
    },
    Substituted {
        i: usize,
        j: usize,
    },
    /// The word's letters `j - 1` and `j`.
    Swapped {
        j: usize,
    },
    SwappedAround,
}

/// A way to a cell of the alignment: what it costs, how many letters of each word its last step took, and the error it was.
#[derive(Clone, Copy)]
struct Way {
    cost: u32,
    taken: (usize, usize),
    step: Option<Step>,
}

/// The cost of typing the query for the word, and its errors. Equal words cost nothing.
pub(crate) fn align(query: &Word, word: &Word, prices: &Prices) -> (u32, Vec<Step>) {
    let (x, y) = (&query.letters[..], &word.letters[..]);
    let missing: Vec<u32> = (0..y.len()).map(|j| alone(&prices.missing, y, j)).collect();
    let extra: Vec<u32> = (0..x.len()).map(|i| alone(&prices.extra, x, i)).collect();
    let columns = y.len() + 1;
    let mut cells = vec![Way { cost: 0, taken: (0, 0), step: None }; (x.len() + 1) * columns];
    for i in 0..=x.len() {
        for j in 0..=y.len() {
            let mut best: Option<Way> = None;
            let mut offer = |taken: (usize, usize), cost: u32, step: Option<Step>| {
                let cost = cost + cells[(i - taken.0) * columns + j - taken.1].cost;
                if best.is_none_or(|best| cost < best.cost) {
                    best = Some(Way { cost, taken, step });
                }
            };
            let same = |back_i: usize, back_j: usize| x[i - back_i].point == y[j - back_j].point;
            if i > 0 && j > 0 {
                if same(1, 1) {
                    offer((1, 1), 0, None);
                } else {
                    offer((1, 1), prices.substituted(x, i - 1, y, j - 1), Some(Step::Substituted { i: i - 1, j: j - 1 }));
                }
            }
            if i > 0 {
                offer((1, 0), extra[i - 1], Some(Step::Extra { i: i - 1 }));
            }
            if j > 0 {
                offer((0, 1), missing[j - 1], Some(Step::Missing { j: j - 1 }));
            }
            if i > 1 && j > 1 && same(1, 2) && same(2, 1) {
                offer((2, 2), prices.swapped(y, j - 1), Some(Step::Swapped { j: j - 1 }));
            }
            if i > 2 && j > 2 && same(1, 3) && same(2, 2) && same(3, 1) {
                offer((3, 3), prices.swapped_around, Some(Step::SwappedAround));
            }
            if let Some(best) = best {
                cells[i * columns + j] = best;
            }
        }
    }
    let (mut i, mut j) = (x.len(), y.len());
    let mut steps = Vec::new();
    while i + j > 0 {
        let way = cells[i * columns + j];
        steps.extend(way.step);
        (i, j) = (i - way.taken.0, j - way.taken.1);
    }
    let mut cost = cells[x.len() * columns + y.len()].cost;
    if cost > 0 {
        query.whole.paid(&word.whole, |price| cost += prices.whole[price]);
    }
    (cost, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_the_engines() {
        let words = [
            "receive",
            "recieve",
            "accommodate",
            "acommodate",
            "aa",
            "a",
            "",
            "bcb",
            "letter",
            "lettre",
            "leter",
            "English",
            "naïve",
            "naive",
            "knife",
            "nife",
            "phone",
            "fone",
            "psychology",
            "sycology",
            "necessary",
            "nessecary",
            "nba",
            "abn",
            "teh",
            "the",
            "occurred",
            "ocured",
            "definitely",
            "definately",
            "oooo",
            "ooooo",
            "日本",
            "日木",
            "sad",
            "sadly",
            "cat",
            "act",
            "at",
        ];
        let prices = Prices::of_engine();
        for query in words {
            for word in words {
                let points = |word: &str| word.chars().collect::<Vec<char>>();
                let engine = likewise_similarity::typo_cost(&points(query), &points(word));
                assert_eq!(align(&Word::new(query, 0), &Word::new(word, 0), &prices).0, engine, "{query} {word}");
            }
        }
    }
}
