#![no_main]

use likewise_fuzz::{ratios, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(ratios::run(data)));
