//! The facts of a page: what it says of itself, its links and its visible text.

use url::Url;

use super::parser::{self, Sink, Tag};
use super::text::{Collapsed, Gap, Layout, is_blank, layout};

/// Bytes of visible text kept. The longest novels have about 6 MB.
pub const TEXT_LIMIT: usize = 16 * 1024 * 1024;

/// Bytes of links kept, URLs, texts and `rel` together: about 100,000 links of the usual length. The limit is on the
/// absolute URLs too, because a long base multiplied by many short references would be unlimited.
pub const LINKS_LIMIT: usize = 16 * 1024 * 1024;

/// Bytes of meta data kept, names and contents together. Pages have a few KB.
pub const META_LIMIT: usize = 1024 * 1024;

/// Bytes of JSON-LD kept. Large catalogues have some hundred KB.
pub const JSON_LD_LIMIT: usize = 8 * 1024 * 1024;

/// Bytes that each link, each entry of the meta data, each block of JSON-LD and each attribute selected counts beyond its own: it takes
/// memory even when it is empty, and a page may have millions of them.
pub const ENTRY_COST: usize = 48;

/// Bytes kept of a title, a language and a canonical URL, each. Anything longer is not meant for readers.
pub const FIELD_LIMIT: usize = 64 * 1024;

/// A link of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Absolute URL: resolved against the page's base, fragment kept. Schemes other than HTTP (`mailto:`,
    /// `javascript:`) stay what they are; a reference that cannot be resolved stays as written.
    pub url: String,
    /// Text between the tags, white space collapsed; empty for an `area`.
    pub text: String,
    /// The link's `rel` attribute, as written.
    pub rel: String,
}

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The first `title` of the HTML document (those within SVG are tooltips), white space collapsed.
    pub title: Option<String>,
    /// The first `description` that is not empty, else the first `og:description`.
    pub description: Option<String>,
    /// Absolute URL of the first `link rel=canonical`.
    pub canonical: Option<String>,
    /// The `lang` of the `html` element.
    pub lang: Option<String>,
    /// `a` and `area` elements with an `href`, in order.
    pub links: Vec<Link>,
    /// Name and content of each `meta` element, in order. The name is that of `name`, `property` or `http-equiv`, one
    /// entry for each that is there.
    pub meta: Vec<(String, String)>,
    /// The source of each `script type="application/ld+json"`, in order, not parsed.
    pub json_ld: Vec<String>,
    /// Visible text; see [`extract`].
    pub text: String,
    /// What was cut to stay within the limits, empty when nothing was: "title", "canonical", "lang", "links", "meta",
    /// "json-ld", "text"; "document" when the parser could not go on (more elements open at once than it has memory for).
    pub truncated: Vec<&'static str>,
}

/// Extract the facts of an HTML document that came from `base`, in one pass, linear in its length.
///
/// Links are resolved against the first `base` element, itself resolved against `base`. What is within a `template` is
/// no part of the page; what is within `noscript` is not either, as in a browser that runs scripts.
///
/// Visible text is what a browser shows before any style sheet or script: no scripts, styles and fallbacks, and nothing in
/// elements with a `hidden` attribute. Blocks and `br` begin new lines, of which none is empty; table cells are separated by
/// a tab; within a line white space collapses, except in `pre` and `textarea`, which keep theirs. No-break spaces stay. Images'
/// alternative texts and the values of inputs are attributes, not text.
///
/// ```
/// let html = "<title>A &amp; B</title><p>One<p>Two, <a href='/c?d=1' rel=next>the  next</a>";
/// let page = likewise_page::extract(html, "https://example.com/a/");
/// assert_eq!(page.title.as_deref(), Some("A & B"));
/// assert_eq!(page.text, "One\nTwo, the next");
/// assert_eq!((page.links[0].url.as_str(), page.links[0].text.as_str()), ("https://example.com/c?d=1", "the next"));
/// assert!(page.truncated.is_empty());
/// ```
pub fn extract(html: &str, base: &str) -> Page {
    let (collector, parsed) = parser::run(html, None, Collector::new());
    let mut page = collector.finish(Url::parse(base.trim()).ok());
    if parsed.is_err() {
        page.truncated.push("document");
    }
    page
}

/// A budget of bytes. What does not fit is left out.
#[derive(Debug)]
struct Budget {
    left: usize,
    cut: bool,
}

impl Budget {
    fn new(limit: usize) -> Self {
        Self { left: limit, cut: false }
    }

    /// Whether `len` bytes more fit; if so, they are taken.
    fn take(&mut self, len: usize) -> bool {
        let fits = len <= self.left;
        if fits {
            self.left -= len;
        } else {
            self.cut = true;
        }
        fits
    }
}

/// A link whose end has not been seen.
#[derive(Debug)]
struct OpenLink {
    serial: u32,
    /// Position among the links.
    index: usize,
    text: Collapsed,
}

/// Where the parser is and what it has found.
#[derive(Debug)]
struct Collector {
    title: Option<Collapsed>,
    in_title: bool,
    lang: Option<String>,
    base: Option<String>,
    canonical: Option<String>,
    /// With references as written.
    links: Vec<Link>,
    links_budget: Budget,
    open_link: Option<OpenLink>,
    meta: Vec<(String, String)>,
    meta_budget: Budget,
    json_ld: Vec<String>,
    json_ld_budget: Budget,
    in_json_ld: bool,
    text: Collapsed,
    /// Serial number of the outermost open `template`.
    template: Option<u32>,
    /// Of the outermost open `svg`.
    svg: Option<u32>,
    /// Of the outermost open element that is never displayed.
    undisplayed: Option<u32>,
    /// Of the outermost open element with a `hidden` attribute.
    hidden: Option<u32>,
    /// Of the outermost open element whose white space counts.
    preformatted: Option<u32>,
    /// Whether a line end that comes now is part of the markup: after `<pre>` and `<textarea>`.
    skip_line_end: bool,
    /// Fields too long to keep.
    cut_fields: Vec<&'static str>,
}

impl Collector {
    fn new() -> Self {
        Self {
            title: None,
            in_title: false,
            lang: None,
            base: None,
            canonical: None,
            links: Vec::new(),
            links_budget: Budget::new(LINKS_LIMIT),
            open_link: None,
            meta: Vec::new(),
            meta_budget: Budget::new(META_LIMIT),
            json_ld: Vec::new(),
            json_ld_budget: Budget::new(JSON_LD_LIMIT),
            in_json_ld: false,
            text: Collapsed::new(TEXT_LIMIT),
            template: None,
            svg: None,
            undisplayed: None,
            hidden: None,
            preformatted: None,
            skip_line_end: false,
            cut_fields: Vec::new(),
        }
    }

    fn separate(&mut self, gap: Gap) {
        if gap == Gap::None {
            return;
        }
        if let Some(link) = &mut self.open_link {
            link.text.separate(Gap::Space);
        }
        if self.undisplayed.is_none() && self.hidden.is_none() {
            self.text.separate(gap);
        }
    }

    /// The facts that an element states by its attributes.
    fn note(&mut self, tag: &Tag<'_, '_, '_>) {
        match tag.name {
            "a" | "area" => self.start_link(tag),
            "title" if self.title.is_none() && self.svg.is_none() => {
                self.title = Some(Collapsed::new(FIELD_LIMIT));
                self.in_title = true;
            }
            "meta" => self.note_meta(tag),
            "script" if tag.has_content() => {
                let kind = tag.attribute("type").unwrap_or_default();
                let essence = kind.split(';').next().unwrap_or_default();
                self.in_json_ld = essence.trim_ascii().eq_ignore_ascii_case("application/ld+json");
            }
            "link" if self.canonical.is_none() && has_token(&tag.attribute("rel").unwrap_or_default(), "canonical") => {
                self.canonical = self.field("canonical", tag.attribute("href"));
            }
            "base" if self.base.is_none() => self.base = self.field("base", tag.attribute("href")),
            "html" if self.lang.is_none() => {
                self.lang = self.field("lang", tag.attribute("lang").filter(|lang| !lang.is_empty()));
            }
            _ => {}
        }
    }

    /// The value, unless it is too long.
    fn field(&mut self, name: &'static str, value: Option<String>) -> Option<String> {
        let value = value?;
        if value.len() > FIELD_LIMIT {
            self.cut_fields.push(name);
            return None;
        }
        Some(value)
    }

    fn note_meta(&mut self, tag: &Tag<'_, '_, '_>) {
        let names = ["name", "property", "http-equiv"].map(|attribute| tag.attribute(attribute));
        for name in names.into_iter().flatten() {
            let content = tag.attribute("content").unwrap_or_default();
            if self.meta_budget.take(ENTRY_COST + name.len() + content.len()) {
                self.meta.push((name, content));
            }
        }
    }

    /// Links do not nest: the parser has ended the one before, unless that is around a table or the like.
    fn start_link(&mut self, tag: &Tag<'_, '_, '_>) {
        let Some(href) = tag.attribute("href") else {
            return;
        };
        let rel = tag.attribute("rel").unwrap_or_default();
        // One absurd link must not use up what the others need.
        if href.len().max(rel.len()) > FIELD_LIMIT {
            self.links_budget.cut = true;
            return;
        }
        if !self.links_budget.take(ENTRY_COST + href.len() + rel.len()) {
            return;
        }
        if tag.name == "a" {
            self.end_link();
            self.open_link =
                Some(OpenLink { serial: tag.serial, index: self.links.len(), text: Collapsed::new(self.links_budget.left) });
        }
        self.links.push(Link { url: href, text: String::new(), rel });
    }

    fn end_link(&mut self) {
        let Some(link) = self.open_link.take() else {
            return;
        };
        self.links_budget.cut |= link.text.is_cut();
        let text = link.text.finish();
        if self.links_budget.take(text.len()) {
            self.links[link.index].text = text;
        }
    }

    fn finish(mut self, document: Option<Url>) -> Page {
        self.end_link();
        let base = match self.base.as_deref().map(str::trim_ascii) {
            // Only what links can be relative to replaces the document's own URL (HTML Standard, "frozen base URL").
            Some(href) => Url::options()
                .base_url(document.as_ref())
                .parse(href)
                .ok()
                .filter(|base| !matches!(base.scheme(), "data" | "javascript"))
                .or(document),
            None => document,
        };
        let links = resolve_links(self.links, base.as_ref(), &mut self.links_budget.cut);
        let mut truncated = self.cut_fields;
        let title_cut = self.title.as_ref().is_some_and(Collapsed::is_cut);
        for (name, cut) in [
            ("title", title_cut),
            ("links", self.links_budget.cut),
            ("meta", self.meta_budget.cut),
            ("json-ld", self.json_ld_budget.cut),
            ("text", self.text.is_cut()),
        ] {
            if cut {
                truncated.push(name);
            }
        }
        truncated.dedup();
        Page {
            title: self.title.map(Collapsed::finish),
            description: description(&self.meta),
            canonical: self.canonical.map(|href| resolve(base.as_ref(), &href)),
            lang: self.lang,
            links,
            meta: self.meta,
            json_ld: self.json_ld,
            text: self.text.finish(),
            truncated,
        }
    }
}

impl Sink for Collector {
    type Mark = Gap;

    fn start(&mut self, tag: &Tag<'_, '_, '_>) -> Option<Gap> {
        self.skip_line_end = false;
        let layout = layout(tag.name);
        let hidden = tag.has("hidden");
        let gap = match layout {
            _ if hidden => Gap::None,
            Layout::Block | Layout::Preformatted | Layout::Break => Gap::Line,
            Layout::Cell => Gap::Tab,
            Layout::Inline | Layout::Undisplayed => Gap::None,
        };
        self.separate(gap);
        if self.template.is_none() {
            self.note(tag);
        }
        if layout == Layout::Preformatted && self.preformatted.is_none() {
            self.skip_line_end = tag.name != "plaintext" && tag.name != "xmp";
        }
        let mut matters = gap != Gap::None || tag.name == "a";
        for (outermost, begins) in [
            (&mut self.template, tag.name == "template"),
            (&mut self.svg, tag.name == "svg"),
            (&mut self.undisplayed, layout == Layout::Undisplayed),
            (&mut self.hidden, hidden),
            (&mut self.preformatted, layout == Layout::Preformatted),
        ] {
            if begins && outermost.is_none() && tag.has_content() {
                *outermost = Some(tag.serial);
            }
            matters |= begins;
        }
        matters.then_some(gap)
    }

    fn end(&mut self, serial: u32, gap: Gap) {
        self.in_title = false;
        self.in_json_ld = false;
        self.skip_line_end = false;
        for outermost in [&mut self.template, &mut self.svg, &mut self.undisplayed, &mut self.hidden, &mut self.preformatted] {
            if *outermost == Some(serial) {
                *outermost = None;
            }
        }
        if self.open_link.as_ref().is_some_and(|open| open.serial == serial) {
            self.end_link();
        }
        self.separate(gap);
    }

    fn text(&mut self, text: &str) {
        if self.in_json_ld {
            if self.json_ld_budget.take(ENTRY_COST + text.len()) {
                self.json_ld.push(text.to_owned());
            }
            return;
        }
        if self.in_title
            && let Some(title) = &mut self.title
        {
            title.push(text);
        }
        let text = match text.strip_prefix('\n') {
            Some(rest) if self.skip_line_end => rest,
            _ => text,
        };
        self.skip_line_end = false;
        if let Some(link) = &mut self.open_link
            && self.undisplayed.is_none_or(|serial| serial < link.serial)
        {
            link.text.push(text);
        }
        if self.undisplayed.is_none() && self.hidden.is_none() {
            if self.preformatted.is_some() {
                self.text.push_preformatted(text);
            } else {
                self.text.push(text);
            }
        }
    }
}

/// Make references absolute, as long as they stay within the limit.
fn resolve_links(links: Vec<Link>, base: Option<&Url>, cut: &mut bool) -> Vec<Link> {
    let mut budget = Budget::new(LINKS_LIMIT);
    let mut resolved = Vec::with_capacity(links.len());
    for mut link in links {
        link.url = resolve(base, &link.url);
        // Work ends with the budget: the rest would be as long, and resolving costs its length.
        if !budget.take(ENTRY_COST + link.url.len() + link.text.len() + link.rel.len()) {
            *cut = true;
            break;
        }
        resolved.push(link);
    }
    resolved
}

fn resolve(base: Option<&Url>, reference: &str) -> String {
    match Url::options().base_url(base).parse(reference) {
        Ok(url) => url.into(),
        Err(_) => reference.trim_ascii().to_owned(),
    }
}

fn has_token(tokens: &str, wanted: &str) -> bool {
    tokens.split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case(wanted))
}

fn description(meta: &[(String, String)]) -> Option<String> {
    let named = |wanted: &str| {
        meta.iter()
            .find(|(name, content)| name.trim_ascii().eq_ignore_ascii_case(wanted) && content.bytes().any(|byte| !is_blank(byte)))
            .map(|(_, content)| {
                let mut text = Collapsed::new(META_LIMIT);
                text.push(content);
                text.finish()
            })
    };
    named("description").or_else(|| named("og:description"))
}
