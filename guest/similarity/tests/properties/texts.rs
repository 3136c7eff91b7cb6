//! Pairs of texts worth comparing.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Few symbols make for many matches, and so for the hard cases; the rest is for the ways that symbols are stored.
const ALPHABETS: [&str; 8] = [
    "a",
    "ab",
    "abc ",
    "abcdefghijklmnopqrstuvwxyz",
    "aéÿ \u{80}\u{a0}ß",
    "абвГД єї",
    "日本語漢字かなカナ東京都 a",
    "👍👎😀e\u{301}\u{200d}\u{10ffff}\0",
];

/// A text of at most `longest` code points of one alphabet.
pub(crate) fn text(longest: usize) -> impl Strategy<Value = String> {
    select(&ALPHABETS[..]).prop_flat_map(move |alphabet| text_of(alphabet, longest))
}

fn text_of(alphabet: &str, longest: usize) -> impl Strategy<Value = String> + use<> {
    let symbols: Vec<char> = alphabet.chars().collect();
    vec(select(symbols), 0..=longest).prop_map(String::from_iter)
}

/// Two texts of one alphabet: unrelated, a few edits apart, or the one inside the other.
pub(crate) fn pair(longest: usize) -> impl Strategy<Value = (String, String)> {
    select(&ALPHABETS[..]).prop_flat_map(move |alphabet| {
        let edits = vec((any::<Index>(), 0..4_usize, any::<Index>()), 0..6);
        let texts = (text_of(alphabet, longest), text_of(alphabet, longest), edits);
        (texts, 0..4).prop_map(move |((a, b, edits), relation)| match relation {
            0 => (a, b),
            1 => (format!("{b}{a}"), a),
            _ => {
                let mut edited: Vec<char> = a.chars().collect();
                for (place, edit, symbol) in edits {
                    let place = place.index(edited.len() + 1);
                    let symbol = symbol.get(&alphabet.chars().collect::<Vec<_>>()).to_owned();
                    match edit {
                        0 => edited.insert(place, symbol),
                        1 if place < edited.len() => edited[place] = symbol,
                        2 if place < edited.len() => drop(edited.remove(place)),
                        _ if place + 1 < edited.len() => edited.swap(place, place + 1),
                        _ => {}
                    }
                }
                (a, edited.into_iter().collect())
            }
        })
    })
}

/// Texts that wear out the special cases: runs, alternations and texts without a repeated symbol, around the lengths at which the
/// kernels change.
pub(crate) fn adversarial() -> Vec<String> {
    let mut texts = Vec::new();
    for length in [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 300, 1030] {
        texts.push("a".repeat(length));
        texts.push("ab".repeat(length).chars().take(length).collect());
        texts.push("ba".repeat(length).chars().take(length).collect());
        texts.push("aab".repeat(length).chars().take(length).collect());
        texts.push((0..length).filter_map(|i| char::from_u32(0x4e00 + i as u32)).collect());
        texts.push((0..length).rev().filter_map(|i| char::from_u32(0x4e00 + i as u32)).collect());
    }
    texts
}
