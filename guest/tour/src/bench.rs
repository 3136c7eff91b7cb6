//! What measures the boundary, and what strains it.

use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Tour;
use crate::bindings::exports::likewise::tour::bench::{Guest, Tally};
use crate::bindings::likewise::tour::host;

static CALLS: AtomicU32 = AtomicU32::new(0);
static HOARD: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

#[allow(unconditional_recursion, reason = "that is what it is for")]
fn descend(depth: u32) -> u32 {
    let frame = black_box([depth; 64]);
    descend(frame[depth as usize % 64] + 1) + frame[0]
}

impl Guest for Tour {
    fn likeness(a: String, b: String) -> f64 {
        let longest = a.len().max(b.len());
        let equal = a.bytes().zip(b.bytes()).filter(|(a, b)| a == b).count();
        if longest == 0 { 1.0 } else { equal as f64 / longest as f64 }
    }

    fn ramp(n: u32) -> Vec<f64> {
        (0..n).map(f64::from).collect()
    }

    fn total(values: Vec<f64>) -> f64 {
        values.iter().sum()
    }

    fn measure(text: String) -> u64 {
        text.len() as u64
    }

    fn letters(n: u32) -> String {
        "x".repeat(n as usize)
    }

    fn checksum(data: Vec<u8>) -> u64 {
        data.iter().map(|&byte| u64::from(byte)).sum()
    }

    fn ask(n: u32) -> u32 {
        host::apply(n)
    }

    fn ask_often(n: u32, times: u32) -> u32 {
        (0..times).fold(n, |last, _| host::apply(last))
    }

    fn look_up(key: String) -> Result<String, String> {
        host::lookup(&key).map_err(|error| format!("{error:?}"))
    }

    fn use_tally(start: i64) -> i64 {
        let tally = Tally::new(start);
        tally.add(1);
        let sum = Tally::sum(&tally, &tally);
        sum.value() + host::larger(&tally, &sum)
    }

    fn bump(tally: &Tally, n: i64) -> i64 {
        tally.add(n)
    }

    fn exchange(tally: Tally) -> Tally {
        Tally::new(tally.value() + 1)
    }

    fn spin() {
        let mut n = 0u64;
        loop {
            n = black_box(n.wrapping_add(1));
        }
    }

    fn recurse() -> u32 {
        descend(0)
    }

    fn hoard(n: u64) -> u64 {
        let mut hoard = HOARD.lock().expect("no thread panics while it holds the lock");
        hoard.push(vec![1; n as usize]);
        hoard.iter().map(|part| part.len() as u64).sum()
    }

    fn trap_midway(numbers: Vec<u32>) {
        let answers: Vec<u32> = numbers.iter().map(|&n| host::apply(n)).collect();
        panic!("halfway, with {} answers", answers.len());
    }

    fn calls() -> u32 {
        CALLS.fetch_add(1, Ordering::Relaxed) + 1
    }
}
