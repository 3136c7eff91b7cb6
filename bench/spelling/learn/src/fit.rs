//! Weights by which the words meant are likeliest among their rivals.
//!
//! Of a query's candidates, each is as likely as e to the power of minus its costs (errors and priority together), divided by the sum of
//! that over all. The weights maximise the likelihood of what was meant (a conditional logit), each held to where it starts by its
//! squared distance. Errors are read from the cheapest alignment, which depends on the weights: both are made in turn.

use crate::align::align;
use crate::examples::{Example, Words};
use crate::prices::Prices;
use crate::weights::{Layout, UNIT};

/// How often alignments are made anew, and steps between.
const ROUNDS: usize = 3;
const STEPS: usize = 60;

/// The first step's length (each is shorter), and the last's.
const FIRST_STEP: f64 = 0.1;
const LAST_STEP: f64 = 0.005;

/// How much of the earlier mean remains at each step, of slopes and of their squares (Kingma and Ba, Adam, 2015, with a shorter
/// memory for the squares as there are few steps).
const SLOPES: f64 = 0.9;
const SQUARES: f64 = 0.99;

/// A candidate: its priority and the weights that its errors add up.
struct Candidate {
    priority: f64,
    weights: Vec<u32>,
}

/// The candidates of an error, and which of them was meant.
struct Choice {
    candidates: Vec<Candidate>,
    meant: usize,
}

/// The prices learned from some errors.
pub(crate) fn prices(examples: &[&Example], words: &Words) -> Prices {
    let layout = Layout::new();
    let mut weights = layout.start.clone();
    for _ in 0..ROUNDS {
        let prices = layout.prices(&weights);
        let choices: Vec<Choice> = examples.iter().filter_map(|example| choice(example, words, &layout, &prices)).collect();
        climb(&mut weights, &layout, &choices);
    }
    layout.prices(&weights)
}

/// An error that can be learned from: what was meant is in the dictionary.
fn choice(example: &Example, words: &Words, layout: &Layout, prices: &Prices) -> Option<Choice> {
    let meant = example.meant_index?;
    let mut numbers = example.candidates.clone();
    if !numbers.contains(&meant) {
        numbers.push(meant);
    }
    let candidate = |&number: &usize| {
        let word = &words.words[number];
        let (_, steps) = align(&example.typed, word, prices);
        let found = layout.of_errors(&example.typed, word, &steps);
        Candidate { priority: f64::from(word.priority) / UNIT, weights: found.into_iter().map(|weight| weight as u32).collect() }
    };
    Some(Choice {
        candidates: numbers.iter().map(candidate).collect(),
        meant: numbers.iter().position(|&number| number == meant)?,
    })
}

/// Move the weights towards the most likely.
fn climb(weights: &mut [f64], layout: &Layout, choices: &[Choice]) {
    let (mut slopes, mut squares) = (vec![0.0; weights.len()], vec![0.0; weights.len()]);
    let (mut slopes_left, mut squares_left) = (1.0, 1.0);
    for step in 1..=STEPS {
        let mut slope: Vec<f64> = (0..weights.len()).map(|k| 2.0 * layout.hold[k] * (weights[k] - layout.start[k])).collect();
        for choice in choices {
            add_slope(choice, weights, &mut slope);
        }
        slopes_left *= SLOPES;
        squares_left *= SQUARES;
        let length = FIRST_STEP * (1.0 - step as f64 / STEPS as f64) + LAST_STEP;
        for (k, slope) in slope.into_iter().enumerate() {
            slopes[k] = SLOPES * slopes[k] + (1.0 - SLOPES) * slope;
            squares[k] = SQUARES * squares[k] + (1.0 - SQUARES) * slope * slope;
            weights[k] -= length * (slopes[k] / (1.0 - slopes_left)) / (libm::sqrt(squares[k] / (1.0 - squares_left)) + 1e-3);
        }
        for k in layout.at_least_0() {
            weights[k] = weights[k].max(0.0);
        }
    }
}

/// How the odds of what was meant fall as each weight grows.
fn add_slope(choice: &Choice, weights: &[f64], slope: &mut [f64]) {
    let costs: Vec<f64> = choice
        .candidates
        .iter()
        .map(|candidate| candidate.priority + candidate.weights.iter().map(|&k| weights[k as usize]).sum::<f64>())
        .collect();
    let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let odds: Vec<f64> = costs.iter().map(|cost| libm::exp(least - cost)).collect();
    let all: f64 = odds.iter().sum();
    for (at, (candidate, odds)) in choice.candidates.iter().zip(&odds).enumerate() {
        let excess = f64::from(u8::from(at == choice.meant)) - odds / all;
        for &k in &candidate.weights {
            slope[k as usize] += excess;
        }
    }
}
