#![no_main]

use likewise_fuzz::{page, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(page::run_long(data)));
