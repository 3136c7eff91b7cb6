//! `similarity`: forwards to the similarity crate.

use likewise_similarity as engine;

use crate::Component;
use crate::bindings::exports::likewise::engine::similarity::{Guest, Metric};

impl Guest for Component {
    fn distance(metric: Metric, a: String, b: String) -> f64 {
        engine::distance(metric.into(), &a, &b)
    }

    fn similarity(metric: Metric, a: String, b: String) -> f64 {
        engine::similarity(metric.into(), &a, &b)
    }
}

impl From<Metric> for engine::Metric {
    fn from(metric: Metric) -> Self {
        match metric {
            Metric::Indel => engine::Metric::Indel,
            Metric::Levenshtein => engine::Metric::Levenshtein,
            Metric::Osa => engine::Metric::Osa,
            Metric::DamerauLevenshtein => engine::Metric::DamerauLevenshtein,
            Metric::Hamming => engine::Metric::Hamming,
            Metric::LcsSeq => engine::Metric::LcsSeq,
            Metric::Prefix => engine::Metric::Prefix,
            Metric::Postfix => engine::Metric::Postfix,
            Metric::Jaro => engine::Metric::Jaro,
            Metric::JaroWinkler => engine::Metric::JaroWinkler,
            Metric::SorensenDice => engine::Metric::SorensenDice,
            Metric::Typo => engine::Metric::Typo,
        }
    }
}
