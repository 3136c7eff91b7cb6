//! The number of cases so far, where whoever started the run can read it.

use std::cell::RefCell;
use std::time::{Duration, Instant};
use std::{env, fs};

/// How often the number is written: often enough that what a run's last moments add does not matter.
const INTERVAL: Duration = Duration::from_millis(500);

struct Tally {
    /// The file that `LIKEWISE_FUZZ_CASES` names.
    path: Option<String>,
    cases: u64,
    written: Instant,
}

thread_local! {
    static TALLY: RefCell<Tally> =
        RefCell::new(Tally { path: env::var("LIKEWISE_FUZZ_CASES").ok(), cases: 0, written: Instant::now() });
}

/// Add to the number of cases verified.
pub fn tally(cases: u64) {
    TALLY.with_borrow_mut(|tally| {
        tally.cases += cases;
        if let Some(path) = &tally.path
            && tally.written.elapsed() >= INTERVAL
        {
            tally.written = Instant::now();
            // A number that cannot be written is no finding about the engine.
            let _: Result<(), std::io::Error> = fs::write(path, tally.cases.to_string());
        }
    });
}
