#![no_main]

use likewise_fuzz::{adapter, tally};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(adapter::run(data)));
