//! `similarity`: forwards to the similarity crate.

use likewise_similarity::{self as engine, batch, fuzz, levenshtein};

use crate::Component;
use crate::bindings::exports::likewise::engine::similarity::{
    Alignment, Edits, Found, Guest, Measure, Metric, Packed, Packing, Ratio, Scorer, Weights,
};

impl Guest for Component {
    fn distance(metric: Metric, a: String, b: String) -> f64 {
        engine::distance(metric.into(), &a, &b)
    }

    fn similarity(metric: Metric, a: String, b: String) -> f64 {
        engine::similarity(metric.into(), &a, &b)
    }

    fn plain_ratio(a: String, b: String) -> f64 {
        fuzz::ratio(engine::Ratio::Ratio, &a, &b, 0.0)
    }

    fn fuzz(ratio: Ratio, a: String, b: String) -> f64 {
        fuzz::ratio(ratio.into(), &a, &b, 0.0)
    }

    fn score(scorer: Scorer, a: String, b: String, score_cutoff: Option<f64>) -> f64 {
        engine::Scorer::from(scorer).score(&a, &b, score_cutoff)
    }

    fn partial_ratio_alignment(a: String, b: String, score_cutoff: f64) -> Option<Alignment> {
        fuzz::partial_ratio_alignment(&a, &b, score_cutoff).map(|best| Alignment {
            score: best.score,
            src_start: position(best.src_start),
            src_end: position(best.src_end),
            dest_start: position(best.dest_start),
            dest_end: position(best.dest_end),
        })
    }

    fn editops(metric: Metric, a: String, b: String) -> Result<Edits, String> {
        let edits = engine::editops(metric.into(), &a, &b).map_err(|error| error.to_string())?;
        let letter = |edit: &engine::EditOp| match edit.edit {
            engine::Edit::Replace => 'r',
            engine::Edit::Insert => 'i',
            engine::Edit::Delete => 'd',
        };
        Ok(Edits {
            letters: edits.iter().map(letter).collect(),
            src_pos: edits.iter().map(|edit| position(edit.src_pos)).collect(),
            dest_pos: edits.iter().map(|edit| position(edit.dest_pos)).collect(),
        })
    }

    fn default_process(text: String, separator: Option<char>) -> String {
        let Some(separator) = separator else { return fuzz::default_process(&text) };
        let mut processed = String::with_capacity(text.len());
        for part in text.split_terminator(separator) {
            processed.push_str(&fuzz::default_process(part));
            processed.push(separator);
        }
        processed
    }

    fn extract(scorer: Scorer, query: String, choices: String, separator: char, score_cutoff: Option<f64>, limit: u32) -> Found {
        let choices = batch::parts(&choices, separator);
        let best = batch::extract(scorer.into(), &query, &choices, score_cutoff, limit as usize);
        Found {
            compared: position(choices.len()),
            index: best.iter().map(|&(index, _)| position(index)).collect(),
            score: best.iter().map(|&(_, score)| score).collect(),
        }
    }

    fn matrix(scorer: Scorer, queries: String, choices: String, separator: char, score_cutoff: Option<f64>) -> Packed {
        let (queries, choices) = (batch::parts(&queries, separator), batch::parts(&choices, separator));
        let scorer = scorer.into();
        batch::matrix(scorer, &queries, &choices, score_cutoff).into()
    }

    fn pairwise(
        scorer: Scorer,
        queries: String,
        choices: String,
        separator: char,
        score_cutoff: Option<f64>,
    ) -> Result<Packed, String> {
        let (queries, choices) = (batch::parts(&queries, separator), batch::parts(&choices, separator));
        let scorer = scorer.into();
        let scores = batch::pairwise(scorer, &queries, &choices, score_cutoff);
        scores.map(Packed::from).map_err(|error| error.to_string())
    }
}

impl From<batch::Packed> for Packed {
    fn from(scores: batch::Packed) -> Self {
        let packing = match scores.packing {
            batch::Packing::Whole => Packing::Whole,
            batch::Packing::Double => Packing::Double,
            batch::Packing::Fraction => Packing::Fraction,
        };
        Packed { width: position(scores.width), packing, digits: scores.digits }
    }
}

/// A position in linear memory, whose addresses have 32 bits.
pub(crate) fn position(position: usize) -> u32 {
    u32::try_from(position).expect("nothing in linear memory is longer than its addresses reach")
}

impl From<Scorer> for engine::Scorer {
    fn from(scorer: Scorer) -> Self {
        match scorer {
            Scorer::Metric((metric, measure)) => engine::Scorer::Metric(metric.into(), measure.into()),
            Scorer::Ratio(ratio) => engine::Scorer::Ratio(ratio.into()),
            Scorer::WeightedLevenshtein((weights, measure)) => {
                engine::Scorer::WeightedLevenshtein(weights.into(), measure.into())
            }
            Scorer::WeightedJaroWinkler((weight, measure)) => engine::Scorer::WeightedJaroWinkler(weight, measure.into()),
        }
    }
}

impl From<Weights> for levenshtein::Weights {
    fn from(Weights { insert, delete, substitute }: Weights) -> Self {
        levenshtein::Weights { insert, delete, substitute }
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
