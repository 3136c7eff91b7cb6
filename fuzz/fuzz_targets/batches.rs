#![no_main]

use likewise_fuzz::{batches, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(batches::run(data)));
