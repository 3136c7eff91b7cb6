//! Elements that are open, and the end tags that authors may leave out (HTML Standard, "tree construction"): a `li` ends the
//! `li` before it, a `td` the cell before it with all that is in it, a `div` an open `p`.
//!
//! For each kind of element, the positions of those open are kept, so that a start tag finds what it ends in constant time,
//! however deep the nesting.

/// Elements that start tags of others end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Paragraph,
    Item,
    Term,
    Option,
    OptionGroup,
    Ruby,
    Cell,
    Row,
    RowGroup,
    Link,
}

/// Elements that shield those around them from the start tags within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wall {
    /// Shields paragraphs and links: the HTML Standard's "button scope", and its markers.
    Inner,
    /// Shields items and terms: "special" elements other than `address`, `div` and `p`.
    Special,
    /// Shields everything: tables and templates.
    Table,
    /// Shields options.
    Select,
}

const KINDS: usize = 10;
const WALLS: usize = 4;

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "p" => Kind::Paragraph,
        "li" => Kind::Item,
        "dd" | "dt" => Kind::Term,
        "option" => Kind::Option,
        "optgroup" => Kind::OptionGroup,
        "rp" | "rt" => Kind::Ruby,
        "td" | "th" => Kind::Cell,
        "tr" => Kind::Row,
        "tbody" | "tfoot" | "thead" => Kind::RowGroup,
        "a" => Kind::Link,
        _ => return None,
    })
}

fn walls(name: &str) -> &'static [Wall] {
    match name {
        "table" | "template" => &[Wall::Inner, Wall::Special, Wall::Table, Wall::Select],
        "button" | "caption" | "marquee" | "object" | "td" | "th" => &[Wall::Inner, Wall::Special],
        "datalist" | "select" => &[Wall::Select, Wall::Special],
        "article" | "aside" | "blockquote" | "center" | "details" | "dialog" | "dir" | "dl" | "fieldset" | "figcaption"
        | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "iframe" | "listing"
        | "main" | "menu" | "nav" | "ol" | "pre" | "search" | "section" | "summary" | "ul" => &[Wall::Special],
        _ => &[],
    }
}

/// Whether a start tag ends a paragraph.
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

/// An open element. `mark` is the caller's.
#[derive(Debug)]
struct Open<M> {
    serial: u32,
    mark: Option<M>,
    kind: Option<Kind>,
    walls: &'static [Wall],
}

/// The open elements that matter, outermost first.
#[derive(Debug)]
pub(crate) struct OpenElements<M> {
    elements: Vec<Open<M>>,
    /// Positions in `elements`, for each kind.
    kinds: [Vec<usize>; KINDS],
    /// Positions in `elements`, for each wall.
    walls: [Vec<usize>; WALLS],
}

impl<M> OpenElements<M> {
    pub(crate) fn new() -> Self {
        Self { elements: Vec::new(), kinds: Default::default(), walls: Default::default() }
    }

    /// Where the elements begin that a start tag ends; the number of open elements where there are none.
    pub(crate) fn ended_by(&self, name: &str) -> usize {
        // Positions count from one, so that none is less than any.
        let last = |kind: Kind| self.kinds[kind as usize].last().map_or(0, |at| at + 1);
        let wall = |wall: Wall| self.walls[wall as usize].last().map_or(0, |at| at + 1);
        let mut from = self.elements.len();
        let mut end = |position: usize, wall: usize| {
            if position > wall {
                from = from.min(position - 1);
            }
        };
        match name {
            "li" => end(last(Kind::Item), wall(Wall::Special).max(last(Kind::Term))),
            "dd" | "dt" => end(last(Kind::Term), wall(Wall::Special).max(last(Kind::Item))),
            "option" => end(last(Kind::Option), wall(Wall::Select)),
            "optgroup" => {
                end(last(Kind::Option), wall(Wall::Select));
                end(last(Kind::OptionGroup), wall(Wall::Select));
            }
            "rp" | "rt" => end(last(Kind::Ruby), wall(Wall::Special)),
            "td" | "th" => end(last(Kind::Cell), wall(Wall::Table)),
            "tr" => {
                end(last(Kind::Cell), wall(Wall::Table));
                end(last(Kind::Row), wall(Wall::Table));
            }
            "tbody" | "tfoot" | "thead" => {
                for kind in [Kind::Cell, Kind::Row, Kind::RowGroup] {
                    end(last(kind), wall(Wall::Table));
                }
            }
            "a" => end(last(Kind::Link), wall(Wall::Inner)),
            _ => {}
        }
        if ends_paragraph(name) {
            end(last(Kind::Paragraph), wall(Wall::Inner));
        }
        from
    }

    pub(crate) fn len(&self) -> usize {
        self.elements.len()
    }

    /// Where the element of this serial number is, or where it would be.
    pub(crate) fn position(&self, serial: u32) -> usize {
        self.elements.partition_point(|open| open.serial < serial)
    }

    /// Add an element, if it matters. Whether it does.
    pub(crate) fn push(&mut self, name: &str, serial: u32, mark: Option<M>) -> bool {
        let (kind, walls) = (kind(name), walls(name));
        if mark.is_none() && kind.is_none() && walls.is_empty() {
            return false;
        }
        let at = self.elements.len();
        if let Some(kind) = kind {
            self.kinds[kind as usize].push(at);
        }
        for &wall in walls {
            self.walls[wall as usize].push(at);
        }
        self.elements.push(Open { serial, mark, kind, walls });
        true
    }

    /// Remove the innermost element.
    pub(crate) fn pop(&mut self) -> Option<(u32, Option<M>)> {
        let open = self.elements.pop()?;
        if let Some(kind) = open.kind {
            self.kinds[kind as usize].pop();
        }
        for &wall in open.walls {
            self.walls[wall as usize].pop();
        }
        Some((open.serial, open.mark))
    }
}
