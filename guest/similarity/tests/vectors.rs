//! The vector files of `fixtures/vectors`, which every language binding reads too.

use likewise_similarity::fuzz::{self, default_process, partial_ratio_alignment};
use likewise_similarity::{Dictionary, Edit, Metric, Ratio, SearchError, distance, editops, similarity};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn unescaped(field: &str) -> String {
    let mut units = Vec::new();
    let mut rest = field;
    while let Some(first) = rest.chars().next() {
        if let Some(hex) = rest.strip_prefix("\\u") {
            units.push(u16::from_str_radix(&hex[..4], 16).expect("four hexadecimal digits"));
            rest = &hex[4..];
        } else {
            units.push(u16::try_from(u32::from(first)).expect("ASCII"));
            rest = &rest[1..];
        }
    }
    String::from_utf16(&units).expect("paired surrogates")
}

/// The files, within the test: a browser that runs it has no others.
macro_rules! files {
    ($($name:literal)*) => {
        const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../fixtures/vectors/", $name)))),*];
    };
}

files! {
    "damerau-levenshtein.csv"
    "hamming.csv"
    "indel.csv"
    "jaro-winkler.csv"
    "jaro.csv"
    "lcs-seq.csv"
    "levenshtein.csv"
    "osa.csv"
    "postfix.csv"
    "prefix.csv"
    "sorensen-dice.csv"
    "dictionary/longest-queries.csv"
    "edits/edit-ops.csv"
    "fuzz/default-process.csv"
    "fuzz/partial-ratio-alignments.csv"
    "fuzz/ratios.csv"
}

/// The rows of a file, after its header.
fn rows(name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let (_, text) = FILES.iter().find(|(file, _)| *file == name).unwrap_or_else(|| panic!("{name} is not among the files"));
    let mut rows = text.lines().map(|line| line.split(',').map(unescaped).collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let rows: Vec<_> = rows.inspect(|row| assert_eq!(row.len(), header.len(), "{name}")).collect();
    let enough = if name.starts_with("dictionary/") { Metric::ALL.len() } else { 100 };
    assert!(rows.len() >= enough, "{name}: {} rows", rows.len());
    (header, rows)
}

fn number(field: &str) -> f64 {
    field.parse().expect("a number")
}

fn close(x: f64, y: f64) -> bool {
    (x - y).abs() < 1e-9
}

#[test]
fn every_metric_gives_its_vectors() {
    for metric in Metric::ALL.into_iter().filter(|&metric| metric != Metric::Typo) {
        let (header, rows) = rows(&format!("{metric}.csv"));
        assert_eq!(header, ["a", "b", "distance", "similarity"]);
        for row in rows {
            let (a, b) = (&row[0], &row[1]);
            assert!(close(distance(metric, a, b), number(&row[2])), "{metric} distance: {row:?}");
            assert!(close(similarity(metric, a, b), number(&row[3])), "{metric} similarity: {row:?}");
        }
    }
}

#[test]
fn every_ratio_gives_its_vectors() {
    let (header, rows) = rows("fuzz/ratios.csv");
    assert_eq!(header[2..], Ratio::ALL.map(Ratio::name));
    for row in rows {
        for (ratio, expected) in Ratio::ALL.into_iter().zip(&row[2..]) {
            let found = fuzz::ratio(ratio, &row[0], &row[1], 0.0);
            assert!(close(found, number(expected)), "{ratio} {found}: {row:?}");
        }
    }
}

#[test]
fn the_partial_ratio_finds_the_same_parts() {
    for row in rows("fuzz/partial-ratio-alignments.csv").1 {
        let found = partial_ratio_alignment(&row[0], &row[1], 0.0).expect("no cutoff");
        assert!(close(found.score, number(&row[2])), "{found:?}: {row:?}");
        let parts = [found.src_start, found.src_end, found.dest_start, found.dest_end];
        assert_eq!(parts.map(|place| place.to_string()), row[3..], "{row:?}");
    }
}

#[test]
fn texts_are_processed_alike() {
    for row in rows("fuzz/default-process.csv").1 {
        assert_eq!(default_process(&row[0]), row[1], "{:?}", row[0]);
    }
}

#[test]
fn edits_come_in_the_same_order() {
    for row in rows("edits/edit-ops.csv").1 {
        let edits = editops(row[2].parse().expect("a metric"), &row[0], &row[1]).expect("a metric with edits");
        let written = edits.iter().map(|op| {
            let tag = match op.edit {
                Edit::Replace => "replace",
                Edit::Insert => "insert",
                Edit::Delete => "delete",
            };
            format!("{tag}:{}:{}", op.src_pos, op.dest_pos)
        });
        assert_eq!(written.collect::<Vec<_>>().join(" "), row[3], "{} {:?} {:?}", row[2], row[0], row[1]);
    }
}

#[test]
fn a_query_that_is_too_long_is_refused() {
    let words = Dictionary::from_text("move\nalumni\n", '\n', None).expect("two words");
    for row in rows("dictionary/longest-queries.csv").1 {
        let metric: Metric = row[0].parse().expect("a metric");
        let longest: usize = row[1].parse().expect("a number");
        assert_eq!(metric.longest_query(), longest, "{metric}");
        // Code points are counted, and not bytes.
        for letter in ["a", "語"] {
            let query = letter.repeat(longest);
            assert_eq!(words.search(&query, 1, metric, None).map(|found| found.len() <= 1), Ok(true), "{metric}");
            let query = letter.repeat(longest + 1);
            let message = row[2].replace("queries[1]", "query");
            assert_eq!(words.suggest(&query, metric, None).map_err(|error| error.to_string()), Err(message.clone()));
            assert_eq!(words.search(&query, 1, metric, None).map_err(|error| error.to_string()), Err(message.clone()));
            match words.within(&query, 1, 1, metric) {
                Err(SearchError::NotADistance(other)) => assert_eq!(other, metric),
                within => assert_eq!(within.map_err(|error| error.to_string()), Err(message)),
            }
            let several = words.search_many(&format!("move\n{query}"), '\n', 1, metric, None, usize::MAX);
            assert_eq!(several.map_err(|error| error.to_string()), Err(row[2].clone()));
        }
    }
}
