//! Elements whose end matters, and the end tags that authors may leave out (HTML Standard, "optional tags").

/// An open element, and how many lists, tables and menus are open within it.
#[derive(Debug)]
pub(crate) struct Scope {
    name: String,
    serial: u32,
    nesting: u32,
}

impl Scope {
    pub(crate) fn new(name: &str, serial: u32) -> Self {
        Self {
            name: name.to_owned(),
            serial,
            nesting: 0,
        }
    }

    pub(crate) fn serial(&self) -> u32 {
        self.serial
    }

    /// Another element begins: whether that ends this one.
    pub(crate) fn is_ended_by(&self, start: &str) -> bool {
        match self.name.as_str() {
            "p" => ends_paragraph(start),
            // No nesting of these at all.
            "a" => start == "a",
            _ if self.nesting > 0 => false,
            "li" => start == "li",
            "dt" | "dd" => matches!(start, "dt" | "dd"),
            "option" => matches!(start, "option" | "optgroup"),
            "optgroup" => start == "optgroup",
            "rp" | "rt" => matches!(start, "rp" | "rt"),
            "td" | "th" => matches!(start, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot"),
            "tr" => matches!(start, "tr" | "tbody" | "thead" | "tfoot"),
            "tbody" | "thead" | "tfoot" => matches!(start, "tbody" | "thead" | "tfoot"),
            "head" => start == "body",
            _ => false,
        }
    }

    /// A list, table or menu begins within it.
    pub(crate) fn enter(&mut self) {
        self.nesting += 1;
    }

    /// A list, table or menu within it ends.
    pub(crate) fn leave(&mut self) {
        self.nesting = self.nesting.saturating_sub(1);
    }
}

/// Elements that shield what is within them from end tags left out.
pub(crate) fn is_container(name: &str) -> bool {
    matches!(name, "ul" | "ol" | "menu" | "dl" | "table" | "select")
}

/// Whether a start tag of this name ends a paragraph.
fn ends_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
            | "xmp"
    )
}
