//! Text made comparable: letters and numbers only, in lower case.

use super::letters::LETTERS;

/// `text` in lower case, with a space for everything that is neither a letter nor a number, and none at either end: what
/// RapidFuzz's `utils.default_process` gives.
///
/// ```
/// use likewise_similarity::fuzz::default_process;
///
/// assert_eq!(default_process("  Fuzzy, Wuzzy! was 1 BÄR?"), "fuzzy  wuzzy  was 1 bär");
/// ```
///
/// Marks are not letters, so scripts that write vowels as marks lose them:
///
/// ```
/// use likewise_similarity::fuzz::default_process;
///
/// assert_eq!(default_process("हिन्दी"), "ह न द");
/// ```
#[must_use]
pub fn default_process(text: &str) -> String {
    let blanked: String = text.chars().map(processed).collect();
    blanked.trim_matches(' ').to_owned()
}

/// One code point for each, so that positions stay.
fn processed(c: char) -> char {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    }
    let code = u32::from(c);
    let run = LETTERS.partition_point(|&(_, last)| last < code);
    if LETTERS.get(run).is_none_or(|&(first, _)| code < first) {
        return ' ';
    }
    // The one letter whose lower case has two code points is I with a dot above, whose first is the i.
    c.to_lowercase().next().unwrap_or(c)
}
