//! `similarity`: forwards to the similarity crate.

use likewise_similarity::{self as engine, batch::joined};

use crate::Component;
use crate::bindings::exports::likewise::engine::similarity::{
    Alignment, Edit, EditOp, Extracted, Guest, Measure, Metric, Packed, Ratio, Scorer, Weights,
};

impl Guest for Component {
    fn distance(metric: Metric, a: String, b: String) -> f64 {
        engine::distance(metric.into(), &a, &b)
    }

    fn similarity(metric: Metric, a: String, b: String) -> f64 {
        engine::similarity(metric.into(), &a, &b)
    }

    fn score(scorer: Scorer, a: String, b: String, score_cutoff: Option<f64>) -> f64 {
        engine::Scorer::from(scorer).score(&a, &b, score_cutoff)
    }

    fn metric_score(metric: Metric, measure: Measure, a: String, b: String, score_cutoff: Option<f64>) -> f64 {
        engine::Scorer::Metric(metric.into(), measure.into()).score(&a, &b, score_cutoff)
    }

    fn ratio_score(ratio: Ratio, a: String, b: String, score_cutoff: f64) -> f64 {
        engine::fuzz::ratio(ratio.into(), &a, &b, score_cutoff)
    }

    fn partial_ratio_alignment(a: String, b: String, score_cutoff: f64) -> Option<Alignment> {
        engine::fuzz::partial_ratio_alignment(&a, &b, score_cutoff).map(|found| Alignment {
            score: found.score,
            src_start: found.src_start as u32,
            src_end: found.src_end as u32,
            dest_start: found.dest_start as u32,
            dest_end: found.dest_end as u32,
        })
    }

    fn edit_ops(metric: Metric, a: String, b: String) -> Result<Vec<EditOp>, String> {
        let edits = engine::editops(metric.into(), &a, &b).map_err(|error| error.to_string())?;
        Ok(edits.into_iter().map(EditOp::from).collect())
    }

    fn default_process(text: String) -> String {
        engine::fuzz::default_process(&text)
    }

    fn matrix(
        scorer: Scorer,
        queries: String,
        choices: String,
        separator: char,
        processed: bool,
        score_cutoff: Option<f64>,
    ) -> Packed {
        joined::matrix(scorer.into(), &queries, &choices, separator, processed, score_cutoff).into()
    }

    fn pairwise(
        scorer: Scorer,
        queries: String,
        choices: String,
        separator: char,
        processed: bool,
        score_cutoff: Option<f64>,
    ) -> Result<Packed, String> {
        let packed = joined::pairwise(scorer.into(), &queries, &choices, separator, processed, score_cutoff);
        packed.map(Packed::from).map_err(|error| error.to_string())
    }

    fn extract(
        scorer: Scorer,
        query: String,
        choices: String,
        separator: char,
        processed: bool,
        score_cutoff: Option<f64>,
        limit: u32,
    ) -> Vec<Extracted> {
        let limit = limit as usize;
        joined::extract(scorer.into(), &query, &choices, separator, processed, score_cutoff, limit)
            .into_iter()
            .map(|(index, score)| Extracted { index: index as u32, score })
            .collect()
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

impl From<Measure> for engine::Measure {
    fn from(measure: Measure) -> Self {
        match measure {
            Measure::Distance => engine::Measure::Distance,
            Measure::Similarity => engine::Measure::Similarity,
            Measure::NormalizedDistance => engine::Measure::NormalizedDistance,
            Measure::NormalizedSimilarity => engine::Measure::NormalizedSimilarity,
        }
    }
}

impl From<Ratio> for engine::Ratio {
    fn from(ratio: Ratio) -> Self {
        match ratio {
            Ratio::Ratio => engine::Ratio::Ratio,
            Ratio::PartialRatio => engine::Ratio::PartialRatio,
            Ratio::TokenSortRatio => engine::Ratio::TokenSortRatio,
            Ratio::TokenSetRatio => engine::Ratio::TokenSetRatio,
            Ratio::TokenRatio => engine::Ratio::TokenRatio,
            Ratio::PartialTokenSortRatio => engine::Ratio::PartialTokenSortRatio,
            Ratio::PartialTokenSetRatio => engine::Ratio::PartialTokenSetRatio,
            Ratio::PartialTokenRatio => engine::Ratio::PartialTokenRatio,
            Ratio::WRatio => engine::Ratio::WRatio,
            Ratio::QRatio => engine::Ratio::QRatio,
        }
    }
}

impl From<Weights> for engine::levenshtein::Weights {
    fn from(weights: Weights) -> Self {
        let Weights { insert, delete, substitute } = weights;
        engine::levenshtein::Weights { insert, delete, substitute }
    }
}

impl From<Scorer> for engine::Scorer {
    fn from(scorer: Scorer) -> Self {
        match scorer {
            Scorer::Metric(of) => engine::Scorer::Metric(of.metric.into(), of.measure.into()),
            Scorer::WeightedLevenshtein(of) => engine::Scorer::WeightedLevenshtein(of.weights.into(), of.measure.into()),
            Scorer::WeightedJaroWinkler(of) => engine::Scorer::WeightedJaroWinkler(of.prefix_weight, of.measure.into()),
            Scorer::Ratio(ratio) => engine::Scorer::Ratio(ratio.into()),
        }
    }
}

impl From<engine::EditOp> for EditOp {
    fn from(op: engine::EditOp) -> Self {
        let edit = match op.edit {
            engine::Edit::Replace => Edit::Replace,
            engine::Edit::Insert => Edit::Insert,
            engine::Edit::Delete => Edit::Delete,
        };
        EditOp { edit, src_pos: op.src_pos as u32, dest_pos: op.dest_pos as u32 }
    }
}

impl From<engine::batch::Packed> for Packed {
    fn from(packed: engine::batch::Packed) -> Self {
        Packed { width: packed.width as u32, digits: packed.digits }
    }
}
