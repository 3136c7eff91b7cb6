//! Texts as sorted tokens.

use super::Letter;

/// The tokens of a text: what white space separates, sorted by code points.
pub(super) struct Tokens<'a, T>(Vec<&'a [T]>);

impl<'a, T: Letter> Tokens<'a, T> {
    pub(super) fn sorted(text: &'a [T]) -> Self {
        // RapidFuzz sees a text of code points below 256 as bytes, and among these next line and no-break space do not
        // separate tokens.
        let bytes = text.iter().all(|letter| letter.code() < 0x100);
        let separates = |letter: &T| is_whitespace(letter.code()) && !(bytes && letter.code() >= 0x80);
        let mut tokens: Vec<&[T]> = text.split(separates).filter(|token| !token.is_empty()).collect();
        tokens.sort_unstable();
        Tokens(tokens)
    }

    /// Number of tokens.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens with a space between them.
    pub(super) fn join(&self) -> Vec<T> {
        self.0.join(&T::SPACE)
    }

    /// Length of `join`.
    pub(super) fn joined_len(&self) -> usize {
        self.0.iter().map(|token| token.len() + 1).sum::<usize>().saturating_sub(1)
    }
}

/// White space as Python's `str.isspace` has it: Unicode's, and the four separators of ASCII.
fn is_whitespace(code: u32) -> bool {
    matches!(code, 0x1c..=0x1f) || char::from_u32(code).is_some_and(char::is_whitespace)
}

/// The distinct tokens of two texts, by where they occur.
pub(super) struct Decomposition<'a, T> {
    pub(super) common: Tokens<'a, T>,
    pub(super) only_a: Tokens<'a, T>,
    pub(super) only_b: Tokens<'a, T>,
}

impl<'a, T: Letter> Decomposition<'a, T> {
    pub(super) fn new(a: &Tokens<'a, T>, b: &Tokens<'a, T>) -> Self {
        let (mut only_a, mut only_b) = (a.0.clone(), b.0.clone());
        only_a.dedup();
        only_b.dedup();
        let mut common = only_a.clone();
        common.retain(|token| only_b.binary_search(token).is_ok());
        only_a.retain(|token| common.binary_search(token).is_err());
        only_b.retain(|token| common.binary_search(token).is_err());
        Decomposition { common: Tokens(common), only_a: Tokens(only_a), only_b: Tokens(only_b) }
    }

    /// Whether one of the texts has no token at all.
    pub(super) fn is_empty_on_one_side(&self) -> bool {
        self.common.is_empty() && (self.only_a.is_empty() || self.only_b.is_empty())
    }
}
