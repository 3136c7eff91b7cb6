#![no_main]

use likewise_fuzz::{tally, url};

libfuzzer_sys::fuzz_target!(|data: &[u8]| tally(url::run(data)));
