//! The table as the engine's source.

use crate::costs::whole as engine;
use crate::errors::{Alone, Pairs};
use crate::prices::Prices;
use crate::whole;

/// The text of `guest/similarity/src/typo/costs.rs`.
pub(crate) fn costs(prices: &Prices) -> String {
    let Prices { swapped_around, first_substituted, word_beside_like, query_beside_like, first_swapped, last_swapped, .. } =
        prices;
    let (missing, extra) = (alone(&prices.missing), alone(&prices.extra));
    let (substituted, swapped) = (pairs(&prices.substituted, 0), pairs(&prices.swapped, 0));
    let whole = whole_words(&prices.whole);
    format!(
        "//! The prices of typing errors, learned from human errors (misspellings of web editors, of programmers and of learners of English)
//! by maximising the odds of the word that was meant against its rivals, every number held towards those of like errors, then
//! rounded. Rows and columns of tables go by base: a to z, the edge of the word, anything else. `bench/spelling/learn` makes this file.

use super::errors::{{Alone, Pairs}};

/// A letter that the word has and the query has not.
pub(super) const MISSING: Alone = {missing};

/// A letter that the query has and the word has not.
pub(super) const EXTRA: Alone = {extra};

/// By the word's letter, then the query's.
pub(super) const SUBSTITUTED: Pairs = {substituted};

/// By the two letters in the word's order.
pub(super) const SWAPPED: Pairs = {swapped};

/// Two letters swapped around a third.
pub(super) const SWAPPED_AROUND: u32 = {swapped_around};

/// On top of a substitution: at the first letter of the query or the word, beside the same letter in either.
pub(super) const FIRST_SUBSTITUTED: i32 = {first_substituted};
pub(super) const WORD_BESIDE_LIKE: i32 = {word_beside_like};
pub(super) const QUERY_BESIDE_LIKE: i32 = {query_beside_like};

/// On top of a swap: at the start of the word, at its end.
pub(super) const FIRST_SWAPPED: i32 = {first_swapped};
pub(super) const LAST_SWAPPED: i32 = {last_swapped};

/// What words cost as wholes.
pub(super) mod whole {{{whole}}}
"
    )
}

fn alone(prices: &Alone) -> String {
    let Alone { after, before, double, double_last, vowels, between_vowels, consonants } = prices;
    let (after, before, double) = (pairs(after, 1), pairs(before, 1), row(double));
    format!(
        "Alone {{
    after: {after},
    before: {before},
    double: {double},
    double_last: {double_last},
    vowels: {vowels},
    between_vowels: {between_vowels},
    consonants: {consonants},
}}"
    )
}

/// A table whose first line is so many levels deep.
fn pairs(prices: &Pairs, depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let rows: String = prices.iter().map(|prices| format!("{indent}    {},\n", row(prices))).collect();
    format!("[\n{rows}{indent}]")
}

fn row(prices: &[i8]) -> String {
    format!("{prices:?}")
}

/// The constants of `costs::whole`, each group with its comment.
fn whole_words(prices: &[u32]) -> String {
    let one = |name: &str, price: usize| constant(name, "u32", prices[price].to_string());
    let some = |name: &str, first: usize, count: usize| {
        constant(name, &format!("[u32; {count}]"), format!("{:?}", &prices[first..first + count]))
    };
    let endings = engine::NEW_ENDING.iter().zip(&prices[whole::NEW_ENDING..]);
    let endings: Vec<String> = endings.map(|((ending, _), price)| format!("(b\"{}\", {price})", ending.escape_ascii())).collect();
    let groups = [
        (
            "The consonants are the same, so that the errors are all in the vowels; the vowels are not.",
            vec![one("SAME_CONSONANTS", whole::SAME_CONSONANTS), one("OTHER_VOWELS", whole::OTHER_VOWELS)],
        ),
        (
            "The letters are not the same in another order; are not the same, however often each.",
            vec![one("NO_ANAGRAM", whole::NO_ANAGRAM), one("OTHER_LETTERS", whole::OTHER_LETTERS)],
        ),
        (
            "The words do not sound the same; nor do their consonants.",
            vec![one("OTHER_SOUND", whole::OTHER_SOUND), one("OTHER_CONSONANT_SOUND", whole::OTHER_CONSONANT_SOUND)],
        ),
        (
            "The first letter, the first two, the first three are not the same; then the last.",
            vec![
                some("OTHER_START", whole::OTHER_START, engine::OTHER_START.len()),
                some("OTHER_END", whole::OTHER_END, engine::OTHER_END.len()),
            ],
        ),
        (
            "One of the two starts or ends with the other.",
            vec![
                one("WORD_GOES_ON", whole::WORD_GOES_ON),
                one("QUERY_GOES_ON", whole::QUERY_GOES_ON),
                one("WORD_STARTS_BEFORE", whole::WORD_STARTS_BEFORE),
                one("QUERY_STARTS_BEFORE", whole::QUERY_STARTS_BEFORE),
            ],
        ),
        (
            "A short query, and a longer word or a shorter one.",
            vec![
                constant("SHORT", "usize", engine::SHORT.to_string()),
                one("SHORT_MISSING", whole::SHORT_MISSING),
                one("SHORT_EXTRA", whole::SHORT_EXTRA),
            ],
        ),
        (
            "The word has an ending that the query lacks.",
            vec![constant("NEW_ENDING", &format!("[(&[u8], u32); {}]", endings.len()), format!("[{}]", endings.join(", ")))],
        ),
    ];
    let groups = groups.map(|(comment, constants)| format!("\n    /// {comment}\n{}", constants.concat()));
    groups.join("")
}

fn constant(name: &str, kind: &str, value: String) -> String {
    format!("    pub(in super::super) const {name}: {kind} = {value};\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_table_was_printed_here() {
        assert_eq!(costs(&Prices::of_engine()), include_str!("../../../../guest/similarity/src/typo/costs.rs"));
    }
}
