#![no_main]

use likewise_fuzz::{dictionary, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(dictionary::run(data)));
