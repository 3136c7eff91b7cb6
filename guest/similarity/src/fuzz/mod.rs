//! Ratios for text as people write it: 0 to 100, exactly RapidFuzz's.
//!
//! ```
//! use likewise_similarity::fuzz::{self, Ratio};
//!
//! assert_eq!(fuzz::ratio(Ratio::Ratio, "this is a test", "this is a test!", 0.0).round(), 97.0);
//! assert_eq!(fuzz::ratio(Ratio::PartialRatio, "this is a test", "this is a test!", 0.0), 100.0);
//! assert_eq!(fuzz::ratio(Ratio::TokenSortRatio, "fuzzy was a bear", "a bear fuzzy was", 0.0), 100.0);
//! ```
//!
//! Nothing is normalised first: case, accents and punctuation count. [`default_process`] does so on request.

mod letters;
mod partial;
mod process;
mod tokens;

pub use partial::{Alignment, partial_ratio_alignment};
pub use process::default_process;

use crate::indel;
use crate::symbol::{Symbol, with_code_points};
use std::fmt;
use std::str::FromStr;
use tokens::{Decomposition, Tokens};

/// A way to compare two texts, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ratio {
    /// The normalised indel similarity.
    Ratio,
    /// The best `Ratio` of the shorter text and any part of the longer one that is no longer.
    PartialRatio,
    /// `Ratio` of the tokens in sorted order.
    TokenSortRatio,
    /// The best `Ratio` among the common tokens alone and with the rest of either text; 0 without a token on both sides.
    TokenSetRatio,
    /// The greater of `TokenSortRatio` and `TokenSetRatio`.
    TokenRatio,
    /// `PartialRatio` of the tokens in sorted order.
    PartialTokenSortRatio,
    /// 100 where a token is common, otherwise `PartialRatio` of the sorted tokens; 0 without a token on both sides.
    PartialTokenSetRatio,
    /// The greater of `PartialTokenSortRatio` and `PartialTokenSetRatio`.
    PartialTokenRatio,
    /// The greatest of the ratios that suit the lengths, those on tokens and parts counted for less.
    WRatio,
    /// `Ratio`, but 0 where a text is empty.
    QRatio,
}

impl Ratio {
    /// Every ratio, in the order of the contract.
    pub const ALL: [Ratio; 10] = [
        Ratio::Ratio,
        Ratio::PartialRatio,
        Ratio::TokenSortRatio,
        Ratio::TokenSetRatio,
        Ratio::TokenRatio,
        Ratio::PartialTokenSortRatio,
        Ratio::PartialTokenSetRatio,
        Ratio::PartialTokenRatio,
        Ratio::WRatio,
        Ratio::QRatio,
    ];

    /// The ratio's name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Ratio::Ratio => "ratio",
            Ratio::PartialRatio => "partial-ratio",
            Ratio::TokenSortRatio => "token-sort-ratio",
            Ratio::TokenSetRatio => "token-set-ratio",
            Ratio::TokenRatio => "token-ratio",
            Ratio::PartialTokenSortRatio => "partial-token-sort-ratio",
            Ratio::PartialTokenSetRatio => "partial-token-set-ratio",
            Ratio::PartialTokenRatio => "partial-token-ratio",
            Ratio::WRatio => "w-ratio",
            Ratio::QRatio => "q-ratio",
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No ratio has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRatio(pub String);

impl fmt::Display for UnknownRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown ratio {:?}; known are ", self.0)?;
        f.write_str(&Ratio::ALL.map(Ratio::name).join(", "))
    }
}

impl std::error::Error for UnknownRatio {}

impl FromStr for Ratio {
    type Err = UnknownRatio;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ratio::ALL.into_iter().find(|ratio| ratio.name() == name).ok_or_else(|| UnknownRatio(name.to_owned()))
    }
}

/// The ratio of two texts by code points, 0 to 100; 0 where it is below `cutoff`.
#[must_use]
pub fn ratio(ratio: Ratio, a: &str, b: &str, cutoff: f64) -> f64 {
    with_code_points!(a, b, |a, b| ratio_of_letters(ratio, a, b, cutoff))
}

/// A symbol that words are made of: ordered, and apart from white space.
pub(crate) trait Letter: Symbol + Ord {
    /// What joins tokens.
    const SPACE: Self;
}

impl Letter for u8 {
    const SPACE: u8 = b' ';
}

impl Letter for char {
    const SPACE: char = ' ';
}

pub(crate) fn ratio_of_letters<T: Letter>(ratio: Ratio, a: &[T], b: &[T], cutoff: f64) -> f64 {
    if cutoff > 100.0 {
        return 0.0;
    }
    match ratio {
        Ratio::Ratio => plain(a, b, cutoff),
        Ratio::PartialRatio => partial::ratio(a, b, cutoff),
        Ratio::TokenSortRatio => plain(&Tokens::sorted(a).join(), &Tokens::sorted(b).join(), cutoff),
        Ratio::TokenSetRatio => token_set(&Decomposition::new(&Tokens::sorted(a), &Tokens::sorted(b)), cutoff),
        Ratio::TokenRatio => token(a, b, cutoff),
        Ratio::PartialTokenSortRatio => partial::ratio(&Tokens::sorted(a).join(), &Tokens::sorted(b).join(), cutoff),
        Ratio::PartialTokenSetRatio => partial_token_set(a, b, cutoff),
        Ratio::PartialTokenRatio => partial_token(a, b, cutoff),
        // The parts are asked for what leaves them in the running, which is less than the cutoff.
        Ratio::WRatio => kept(weighted(a, b, cutoff), cutoff),
        Ratio::QRatio if a.is_empty() || b.is_empty() => 0.0,
        Ratio::QRatio => plain(a, b, cutoff),
    }
}

/// `score` where it is not below `cutoff`, otherwise 0.
fn kept(score: f64, cutoff: f64) -> f64 {
    if score >= cutoff { score } else { 0.0 }
}

/// How much lower an inner cutoff is put, so that what scaling it rounds away costs no score that meets the outer one.
const ROUNDING: f64 = 1e-6;

fn plain<T: Symbol>(a: &[T], b: &[T], cutoff: f64) -> f64 {
    kept(indel::normalized_similarity(a, b, (cutoff - ROUNDING) / 100.0) * 100.0, cutoff)
}

/// The ratio of texts of `total` symbols that are `distance` insertions and deletions apart.
fn of_distance(distance: usize, total: usize, cutoff: f64) -> f64 {
    kept(100.0 - 100.0 * distance as f64 / total as f64, cutoff)
}

fn token_set<T: Letter>(sets: &Decomposition<'_, T>, cutoff: f64) -> f64 {
    if sets.is_empty_on_one_side() {
        return 0.0;
    }
    let common = sets.common.joined_len();
    if common > 0 && (sets.only_a.is_empty() || sets.only_b.is_empty()) {
        return 100.0;
    }
    let (only_a, only_b) = (sets.only_a.join(), sets.only_b.join());
    // The common tokens stand in front of the others, a space between them.
    let common_and_space = if common > 0 { common + 1 } else { 0 };
    let (with_a, with_b) = (common_and_space + only_a.len(), common_and_space + only_b.len());
    let best = of_distance(indel::distance(&only_a, &only_b), with_a + with_b, cutoff);
    if common == 0 {
        return best;
    }
    let rest_a = of_distance(1 + only_a.len(), common + with_a, cutoff);
    let rest_b = of_distance(1 + only_b.len(), common + with_b, cutoff);
    best.max(rest_a).max(rest_b)
}

fn token<T: Letter>(a: &[T], b: &[T], cutoff: f64) -> f64 {
    let (a, b) = (Tokens::sorted(a), Tokens::sorted(b));
    let set = token_set(&Decomposition::new(&a, &b), cutoff);
    if set == 100.0 { set } else { set.max(plain(&a.join(), &b.join(), cutoff)) }
}

fn partial_token_set<T: Letter>(a: &[T], b: &[T], cutoff: f64) -> f64 {
    let sets = Decomposition::new(&Tokens::sorted(a), &Tokens::sorted(b));
    if sets.is_empty_on_one_side() {
        0.0
    } else if !sets.common.is_empty() {
        100.0
    } else {
        partial::ratio(&sets.only_a.join(), &sets.only_b.join(), cutoff)
    }
}

fn partial_token<T: Letter>(a: &[T], b: &[T], cutoff: f64) -> f64 {
    let (a, b) = (Tokens::sorted(a), Tokens::sorted(b));
    let sets = Decomposition::new(&a, &b);
    if !sets.common.is_empty() {
        return 100.0;
    }
    let all = partial::ratio(&a.join(), &b.join(), cutoff);
    if a.len() == sets.only_a.len() && b.len() == sets.only_b.len() {
        return all;
    }
    all.max(partial::ratio(&sets.only_a.join(), &sets.only_b.join(), cutoff.max(all)))
}

/// What a ratio on tokens counts for, beside one on the texts as they are.
const TOKEN_SCALE: f64 = 0.95;

/// Texts whose lengths differ by this factor or more are compared by their parts.
const PARTIAL_FROM: f64 = 1.5;

/// A part of a text that is longer by more than this factor counts for less: almost anything is found in a long text.
const FAR_LONGER: f64 = 8.0;

fn weighted<T: Letter>(a: &[T], b: &[T], cutoff: f64) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (a_len, b_len) = (a.len() as f64, b.len() as f64);
    let length_ratio = a_len.max(b_len) / a_len.min(b_len);
    let whole = plain(a, b, cutoff);
    if length_ratio < PARTIAL_FROM {
        let cutoff = (cutoff.max(whole) - ROUNDING) / TOKEN_SCALE;
        return whole.max(ratio_of_letters(Ratio::TokenRatio, a, b, cutoff) * TOKEN_SCALE);
    }
    let partial_scale = if length_ratio <= FAR_LONGER { 0.9 } else { 0.6 };
    let part = partial::ratio(a, b, (cutoff.max(whole) - ROUNDING) / partial_scale) * partial_scale;
    let best = whole.max(part);
    let token_cutoff = (cutoff.max(best) - ROUNDING) / TOKEN_SCALE;
    best.max(ratio_of_letters(Ratio::PartialTokenRatio, a, b, token_cutoff) * TOKEN_SCALE * partial_scale)
}
