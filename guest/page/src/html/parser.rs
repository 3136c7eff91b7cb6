//! lol_html behind a narrow interface: elements that begin and end, and text with its character references resolved.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use htmlize::{unescape, unescape_attribute};
use lol_html::errors::RewritingError;
use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{HtmlRewriter, MemorySettings, Selector, Settings, doc_text, element, end_tag};
use memchr::{memchr, memchr2};

use super::open::OpenElements;

/// Bytes the parser may keep for itself: its stack of open elements, and a tag that does not end. 64 MiB hold
/// some 300,000 elements open at once, several times the nesting of the most hostile pages, and leave room in the
/// 4 GiB of a wasm32 memory.
const PARSER_MEMORY_LIMIT: usize = 64 * 1024 * 1024;

/// Receives what the parser finds.
pub(crate) trait Sink {
    /// What the sink wants to be told at the end of an element.
    type Mark: Copy + 'static;
    /// An element begins. A mark asks for its end.
    fn start(&mut self, tag: &Tag<'_, '_, '_>) -> Option<Self::Mark>;
    /// The element of this serial number ends: by its end tag, by that of an element around it, or by a start tag that
    /// lets its end tag be left out. Those open at the end of the document are not reported.
    fn end(&mut self, serial: u32, mark: Self::Mark);
    /// A piece of text, complete between two tags.
    fn text(&mut self, text: &str);
    /// Whether the rest of the document is of no interest.
    fn is_done(&self) -> bool {
        false
    }
}

/// The beginning of an element.
pub(crate) struct Tag<'a, 'r, 't> {
    /// Lower case.
    pub(crate) name: &'a str,
    /// Tells elements apart.
    pub(crate) serial: u32,
    /// Whether the selector given to [`run`] matches it.
    pub(crate) matched: bool,
    element: &'a Element<'r, 't>,
}

impl Tag<'_, '_, '_> {
    /// Whether it can contain anything.
    pub(crate) fn has_content(&self) -> bool {
        self.element.can_have_content()
    }

    /// Whether the attribute of this name, in lower case, is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.element.has_attribute(name)
    }

    /// The value of the first attribute of this name, in lower case.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.element.get_attribute(name).map(attribute_value)
    }

    /// Names, in lower case, and values of all attributes, duplicates included.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        let pairs = self.element.attributes().iter();
        pairs.map(|attribute| (clean(attribute.name().into()).into_owned(), attribute_value(attribute.value())))
    }
}

/// Why the parser did not reach the end of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfMemory;

struct Driver<S: Sink> {
    sink: S,
    next_serial: u32,
    open: OpenElements<S::Mark>,
    matched: bool,
    /// The text since the last tag.
    node: String,
}

/// Parse a document. `selector` marks elements for the sink.
pub(crate) fn run<S: Sink + 'static>(html: &str, selector: Option<Selector>, sink: S) -> (S, Result<(), OutOfMemory>) {
    let driver =
        Rc::new(RefCell::new(Driver { sink, next_serial: 0, open: OpenElements::new(), matched: false, node: String::new() }));
    let mut settings = Settings::new()
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(PARSER_MEMORY_LIMIT));
    if let Some(selector) = selector {
        let driver = Rc::clone(&driver);
        let content = lol_html::ElementContentHandlers::default().element(move |_: &mut Element<'_, '_>| {
            driver.borrow_mut().matched = true;
            Ok(())
        });
        settings = settings.append_element_content_handler((Cow::Owned(selector), content));
    }
    let (starts, texts) = (Rc::clone(&driver), Rc::clone(&driver));
    // Handlers run in the order they were added: the selector's first.
    let settings = settings
        .append_element_content_handler(element!("*", move |element| start(&starts, element)))
        .append_document_content_handler(doc_text!(move |chunk| {
            texts.borrow_mut().text(chunk);
            Ok(())
        }));
    let result = parse(html, settings);
    // The handlers, which shared the driver, are gone with the rewriter.
    let driver = Rc::into_inner(driver).expect("the handlers are dropped").into_inner();
    (driver.sink, result)
}

fn parse(html: &str, settings: Settings<'_, '_>) -> Result<(), OutOfMemory> {
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    let result = rewriter.write(html.as_bytes()).and_then(|()| rewriter.end());
    match result {
        Err(RewritingError::MemoryLimitExceeded(_)) => Err(OutOfMemory),
        // Our handlers fail only to stop; ambiguity is an error of strict mode.
        _ => Ok(()),
    }
}

type Handled = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn start<S: Sink + 'static>(shared: &Rc<RefCell<Driver<S>>>, element: &mut Element<'_, '_>) -> Handled {
    let mut driver = shared.borrow_mut();
    let name = clean(element.tag_name().into());
    let serial = driver.next_serial;
    driver.next_serial = driver.next_serial.wrapping_add(1);
    let tag = Tag { name: &name, serial, matched: std::mem::take(&mut driver.matched), element };
    let ended = driver.open.ended_by(&name);
    driver.end_from(ended);
    let mark = driver.sink.start(&tag);
    if element.can_have_content() && driver.open.push(&name, serial, mark) {
        let shared = Rc::clone(shared);
        element.on_end_tag(end_tag!(move |_| {
            let mut driver = shared.borrow_mut();
            let from = driver.open.position(serial);
            driver.end_from(from);
            driver.stop_when_done()
        }))?;
    }
    driver.stop_when_done()
}

impl<S: Sink> Driver<S> {
    /// End the elements from a position on, innermost first.
    fn end_from(&mut self, position: usize) {
        while self.open.len() > position
            && let Some((serial, mark)) = self.open.pop()
        {
            if let Some(mark) = mark {
                self.sink.end(serial, mark);
            }
        }
    }

    fn stop_when_done(&self) -> Handled {
        if self.sink.is_done() { Err("done".into()) } else { Ok(()) }
    }

    fn text(&mut self, chunk: &TextChunk<'_>) {
        let last = chunk.last_in_text_node();
        if !last || !self.node.is_empty() {
            self.node.push_str(chunk.as_str());
        }
        if !last {
            return;
        }
        let text = if self.node.is_empty() { chunk.as_str() } else { &self.node };
        if !text.is_empty() {
            self.sink.text(&resolved(text, chunk.text_type()));
        }
        self.node.clear();
    }
}

/// Text with character references resolved, line ends normalised and NULs dealt with as the HTML Standard's parser does.
fn resolved(text: &str, kind: TextType) -> Cow<'_, str> {
    let text = if kind == TextType::Data && memchr(0, text.as_bytes()).is_some() {
        clean(text.replace('\0', "").into())
    } else {
        clean(text.into())
    };
    if kind.allows_html_entities() { unescape(text) } else { text }
}

fn attribute_value(value: String) -> String {
    unescape_attribute(clean(value.into())).into_owned()
}

/// Line ends normalised, NULs replaced.
fn clean(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr2(0, b'\r', text.as_bytes()).is_none() {
        return text;
    }
    Cow::Owned(text.replace('\0', "\u{fffd}").replace("\r\n", "\n").replace('\r', "\n"))
}
