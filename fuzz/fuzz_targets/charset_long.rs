#![no_main]

use likewise_fuzz::{charset, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(charset::run_long(data)));
