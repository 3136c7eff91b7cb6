//! The vector files of `fixtures/vectors`, which every language binding reads too.

use likewise_similarity::{Metric, distance, similarity};
use std::path::Path;

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

#[test]
fn every_metric_gives_its_vectors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/vectors");
    for metric in Metric::ALL.into_iter().filter(|&metric| metric != Metric::Typo) {
        let text = std::fs::read_to_string(folder.join(format!("{metric}.csv"))).expect("a file for every metric");
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("a,b,distance,similarity"));
        let mut cases = 0;
        for line in lines {
            let fields: Vec<&str> = line.split(',').collect();
            let [a, b, expected_distance, expected_similarity] = fields[..] else { panic!("four fields: {line}") };
            let (a, b) = (unescaped(a), unescaped(b));
            let number = |field: &str| field.parse::<f64>().expect("a number");
            let close = |x: f64, y: f64| (x - y).abs() < 1e-9;
            assert!(close(distance(metric, &a, &b), number(expected_distance)), "{metric} distance: {line}");
            assert!(close(similarity(metric, &a, &b), number(expected_similarity)), "{metric} similarity: {line}");
            cases += 1;
        }
        assert!(cases > 200, "{metric}: {cases} cases");
    }
}
