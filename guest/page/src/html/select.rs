//! Elements by CSS selector, in one pass.

use std::collections::BTreeSet;
use std::fmt;

use lol_html::Selector;

use super::facts::ENTRY_COST;
use super::parser::{self, Sink, Tag};
use super::text::{Collapsed, Gap, Layout, layout};

/// Longest selector accepted, in bytes. Selectors that people write have tens; the parser's recursion grows with it.
pub const SELECTOR_LIMIT: usize = 1024;

/// Bytes of text and attributes returned at most, with [`ENTRY_COST`] for each string and element. Nested elements repeat their text, so
/// that without a limit the answer could be as long as the square of the page.
pub const SELECTION_LIMIT: usize = 64 * 1024 * 1024;

/// Different tag names in a page whose elements are counted by type: that costs a step for each name at each end tag.
/// HTML has some 140 names, pages of many custom elements a few hundred.
const NAMES_LIMIT: usize = 1000;

/// An element found by [`select`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Name of the tag, lower case.
    pub tag: String,
    /// Attributes in the order written, names in lower case, of duplicates the first.
    pub attributes: Vec<(String, String)>,
    /// Text within, white space collapsed; see [`select`].
    pub text: String,
}

/// Why nothing could be selected. Its `Display` names the input, the rule and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectError {
    /// The selector is longer than [`SELECTOR_LIMIT`]; its length in bytes.
    SelectorTooLong(usize),
    /// The selector cannot be used.
    Selector {
        /// The selector.
        selector: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The elements found are larger than [`SELECTION_LIMIT`] together; how many were found.
    TooLarge(usize),
    /// More elements are open at once than the parser has memory for.
    TooDeep,
    /// The page has more different tag names than `:nth-of-type()` and `:first-of-type` can count.
    TooManyNames,
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SelectError::SelectorTooLong(len) => {
                write!(f, "the selector has {len} bytes, {SELECTOR_LIMIT} are allowed; select in several steps")
            }
            SelectError::Selector { selector, reason } => write!(
                f,
                "the selector {selector:?} cannot be used: {reason} Tags, classes, ids, attributes, :not(), \
                 :nth-child(), :nth-of-type(), descendants and children (\"a b\", \"a > b\") can"
            ),
            SelectError::TooLarge(found) => write!(
                f,
                "the {found} elements found have more than {SELECTION_LIMIT} bytes together; \
                 use a narrower selector or a smaller limit"
            ),
            SelectError::TooManyNames => write!(
                f,
                "the page has more than {NAMES_LIMIT} different tag names, too many to count by type; \
                 use :nth-child() or no position"
            ),
            SelectError::TooDeep => f.write_str("the page has more elements open at once than memory is granted for"),
        }
    }
}

impl std::error::Error for SelectError {}

/// Elements that match a CSS selector, in document order, at most `limit`.
///
/// Selectors: tags, `*`, `.class`, `#id`, `[attribute]` with all operators, `:not()`, `:first-child`, `:nth-child()`,
/// `:first-of-type`, `:nth-of-type()`, lists, descendants (`a b`) and children (`a > b`). What would need siblings or
/// look-ahead (`a + b`, `a ~ b`, `:has()`, `:last-child`) is an error.
///
/// An element's text is what stands between its tags with white space collapsed, without scripts, styles and the like, unless
/// such an element is itself selected. A `hidden` attribute is not heeded: who selects, sees.
///
/// ```
/// let html = "<ul><li class=x>One<li>Two</ul><script type=a/b>{}</script>";
/// let found = likewise_page::select(html, "li", 10)?;
/// assert_eq!((found[0].text.as_str(), found[1].text.as_str()), ("One", "Two"));
/// assert_eq!(found[0].attributes, [("class".to_string(), "x".to_string())]);
/// assert_eq!(likewise_page::select(html, "script[type='a/b']", 1)?[0].text, "{}");
/// # Ok::<(), likewise_page::SelectError>(())
/// ```
///
/// # Caveats
///
/// Matching sees the page as written. Where end tags are left out, an element counts as nested in the one before:
///
/// ```
/// # use likewise_page::select;
/// let html = "<ul><li>One<li>Two</ul>";
/// assert_eq!(select(html, "ul li", 10).unwrap().len(), 2);
/// assert_eq!(select(html, "ul > li", 10).unwrap().len(), 1);
/// ```
///
/// Attribute selectors compare with the source, character references unresolved:
///
/// ```
/// # use likewise_page::select;
/// let html = "<a href='?a&amp;b'>x</a>";
/// assert_eq!(select(html, "a[href='?a&b']", 10).unwrap().len(), 0);
/// assert_eq!(select(html, "a[href='?a&amp;b']", 10).unwrap()[0].attributes[0].1, "?a&b");
/// ```
pub fn select(html: &str, selector: &str, limit: usize) -> Result<Vec<Element>, SelectError> {
    if selector.len() > SELECTOR_LIMIT {
        return Err(SelectError::SelectorTooLong(selector.len()));
    }
    let parsed: Selector = selector.parse().map_err(|error: lol_html::errors::SelectorError| SelectError::Selector {
        selector: selector.to_owned(),
        reason: error.to_string(),
    })?;
    if limit == 0 {
        return Ok(Vec::new());
    }
    // Selectors are case-insensitive, their pseudo-classes too.
    let counts_types = selector.to_ascii_lowercase().contains("of-type");
    let (selection, result) = parser::run(html, Some(parsed), Selection::new(limit, counts_types));
    if result.is_err() {
        return Err(SelectError::TooDeep);
    }
    selection.finish()
}

/// An element found, and where its text is in the text of the page.
#[derive(Debug)]
struct Found {
    element: Element,
    start: usize,
    /// None as long as it is open.
    end: Option<usize>,
}

#[derive(Debug)]
struct Selection {
    limit: usize,
    found: Vec<Found>,
    /// Serial numbers and positions of the elements found that are open, innermost last.
    open: Vec<(u32, usize)>,
    /// The text of the page, on one line. An element's text is a part of it, so that nesting costs nothing.
    text: Collapsed,
    /// Serial number of the outermost open element that is never displayed, and its position where it was found.
    undisplayed: Option<(u32, Option<usize>)>,
    /// The tag names so far, where elements are counted by type.
    names: Option<BTreeSet<String>>,
}

impl Selection {
    fn new(limit: usize, counts_types: bool) -> Self {
        Self {
            limit,
            found: Vec::new(),
            open: Vec::new(),
            // Nothing but the input's own text is ever added.
            text: Collapsed::new(usize::MAX),
            undisplayed: None,
            names: counts_types.then(BTreeSet::new),
        }
    }

    fn has_too_many_names(&self) -> bool {
        self.names.as_ref().is_some_and(|names| names.len() > NAMES_LIMIT)
    }

    fn finish(self) -> Result<Vec<Element>, SelectError> {
        if self.has_too_many_names() {
            return Err(SelectError::TooManyNames);
        }
        let text = self.text.as_str();
        let count = self.found.len();
        let mut size = 0;
        let mut elements = Vec::with_capacity(count);
        for Found { mut element, start, end } in self.found {
            let own = text.get(start..end.unwrap_or(text.len())).unwrap_or_default().trim_matches(' ');
            size += 3 * ENTRY_COST + own.len();
            size += element.attributes.iter().map(|(name, value)| 2 * ENTRY_COST + name.len() + value.len()).sum::<usize>();
            if size > SELECTION_LIMIT {
                return Err(SelectError::TooLarge(count));
            }
            if !own.is_empty() {
                element.text = own.to_owned();
            }
            elements.push(element);
        }
        Ok(elements)
    }
}

impl Sink for Selection {
    /// Whether the element is a word's end.
    type Mark = bool;

    fn start(&mut self, tag: &Tag<'_, '_, '_>) -> Option<bool> {
        if let Some(names) = &mut self.names
            && !names.contains(tag.name)
        {
            names.insert(tag.name.to_owned());
        }
        let layout = layout(tag.name);
        let undisplayed = layout == Layout::Undisplayed;
        let separates = !undisplayed && layout != Layout::Inline;
        if separates {
            self.text.separate(Gap::Space);
        }
        let matched = tag.matched && self.found.len() < self.limit;
        if undisplayed && self.undisplayed.is_none() {
            self.undisplayed = Some((tag.serial, matched.then_some(self.found.len())));
        }
        if matched {
            let mut names = BTreeSet::new();
            let attributes = tag.attributes().filter(|(name, _)| names.insert(name.clone())).collect();
            let start = self.text.as_str().len();
            let is_void = !tag.has_content();
            if !is_void {
                self.open.push((tag.serial, self.found.len()));
            }
            self.found.push(Found {
                element: Element { tag: tag.name.to_owned(), attributes, text: String::new() },
                start,
                end: is_void.then_some(start),
            });
        }
        (matched || separates || undisplayed).then_some(separates)
    }

    fn end(&mut self, serial: u32, separates: bool) {
        if let Some((_, position)) = self.open.pop_if(|(open, _)| *open == serial) {
            self.found[position].end = Some(self.text.as_str().len());
        }
        if self.undisplayed.is_some_and(|(open, _)| open == serial) {
            self.undisplayed = None;
        }
        if separates {
            self.text.separate(Gap::Space);
        }
    }

    fn text(&mut self, text: &str) {
        match &self.undisplayed {
            None => self.text.push(text),
            Some((_, Some(position))) => {
                let mut own = Collapsed::new(usize::MAX);
                own.push(text);
                self.found[*position].element.text = own.finish();
            }
            Some((_, None)) => {}
        }
    }

    fn is_done(&self) -> bool {
        (self.found.len() == self.limit && self.open.is_empty()) || self.has_too_many_names()
    }
}
