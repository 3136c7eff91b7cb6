//! Text as a reader sees it: which elements are not displayed, which stand on lines of their own, and how white space
//! collapses (HTML Standard, "Rendering"; CSS Text).

/// What an element does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Part of a line.
    Inline,
    /// On lines of its own.
    Block,
    /// A block whose white space counts.
    Preformatted,
    /// A table cell, set off from the one before by a tab.
    Cell,
    /// A line break.
    Break,
    /// Never displayed.
    Undisplayed,
}

/// The layout that browsers give an element by default.
pub(crate) fn layout(name: &str) -> Layout {
    match name {
        "audio" | "canvas" | "datalist" | "iframe" | "noembed" | "noframes" | "noscript" | "object" | "rp" | "script"
        | "style" | "template" | "title" | "video" | "annotation" | "annotation-xml" | "desc" | "metadata" => Layout::Undisplayed,
        "listing" | "plaintext" | "pre" | "textarea" | "xmp" => Layout::Preformatted,
        "td" | "th" => Layout::Cell,
        "br" => Layout::Break,
        "address" | "article" | "aside" | "blockquote" | "caption" | "center" | "dd" | "details" | "dialog" | "dir" | "div"
        | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "frameset" | "h1" | "h2" | "h3" | "h4"
        | "h5" | "h6" | "header" | "hgroup" | "hr" | "legend" | "li" | "main" | "menu" | "nav" | "ol" | "optgroup" | "option"
        | "p" | "search" | "section" | "summary" | "table" | "tbody" | "tfoot" | "thead" | "tr" | "ul" => Layout::Block,
        _ => Layout::Inline,
    }
}

/// White space that collapses. The no-break space does not.
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// What separates the next word from the last one; the strongest asked for wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    #[default]
    None,
    Space,
    Tab,
    Line,
}

/// Text under construction, white space collapsed, within a limit of bytes.
#[derive(Debug)]
pub(crate) struct Collapsed {
    text: String,
    gap: Gap,
    limit: usize,
    cut: bool,
}

impl Collapsed {
    pub(crate) fn new(limit: usize) -> Self {
        Self { text: String::new(), gap: Gap::None, limit, cut: false }
    }

    /// Separate what follows from what is there.
    pub(crate) fn separate(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Add text, its white space collapsed.
    pub(crate) fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if is_blank(bytes[at]) {
                self.separate(Gap::Space);
                at += 1;
                continue;
            }
            // A run of words with single spaces between them is copied at once.
            let start = at;
            while at < bytes.len()
                && (!is_blank(bytes[at]) || (bytes[at] == b' ' && bytes.get(at + 1).is_some_and(|&b| !is_blank(b))))
            {
                at += 1;
            }
            self.append(&text[start..at]);
        }
    }

    /// Add text as it is.
    pub(crate) fn push_preformatted(&mut self, text: &str) {
        if !text.is_empty() {
            self.append(text);
        }
    }

    fn append(&mut self, piece: &str) {
        let gap = match std::mem::take(&mut self.gap) {
            _ if self.text.is_empty() || self.text.ends_with('\n') => "",
            Gap::None => "",
            Gap::Space => " ",
            Gap::Tab => "\t",
            Gap::Line => "\n",
        };
        let room = self.limit.saturating_sub(self.text.len() + gap.len());
        if piece.len() > room {
            self.cut = true;
            // Nothing after the cut may be added, or the text would have a hole.
            self.limit = 0;
            if room == 0 {
                return;
            }
        }
        self.text.push_str(gap);
        self.text.push_str(&piece[..piece.floor_char_boundary(room)]);
    }

    /// Whether something did not fit.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The text so far; what separates it from the next word is not yet part of it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn finish(self) -> String {
        let mut text = self.text;
        text.truncate(text.trim_end_matches(['\n', '\t', ' ']).len());
        text
    }
}
