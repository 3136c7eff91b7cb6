#![no_main]

use likewise_fuzz::{saved_index, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(saved_index::run(data)));
