#![no_main]

use likewise_fuzz::{metrics, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(metrics::run(data)));
