//! Page extraction: it takes anything, in time and memory that the page's length bounds, and what it says is consistent.

use crate::peak_of;
use arbitrary::{Result, Unstructured};
use likewise_page::{Page, extract, parse_url, select};
use url::Url;

/// Bytes of memory for each byte of a page, and for any page. The parser holds the open elements, the longest tag and its own
/// tables; what is found is a part of the page, except that links are made absolute.
const BYTES_EACH: usize = 1000;
const BYTES: usize = 4 << 20;

/// The pieces that pages are broken by.
const PIECES: [&str; 64] = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<a href=",
    "<a href='/x?a&amp;b'>",
    "</a>",
    "<a href=\"//h:1/..\">",
    "<area href=y>",
    "<title>",
    "</title>",
    "<base href=",
    "<base href='http://b/c/'>",
    "<base href='data:,'>",
    "<meta name=description content=",
    "<meta property='og:description' content=x>",
    "<link rel=canonical href=",
    "<script>",
    "</script>",
    "<script type='application/ld+json'>",
    "<style>",
    "</style>",
    "<!--",
    "-->",
    "<!>",
    "<![CDATA[",
    "]]>",
    "<?php",
    "?>",
    "<template>",
    "</template>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mi>",
    "<foreignObject>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<pre>\n",
    "</pre>",
    "<textarea>",
    "</textarea>",
    "<select>",
    "<option>",
    "<plaintext>",
    "<noscript>",
    "</noscript>",
    "<br/>",
    "<li hidden>",
    "<html lang=en>",
    "<frameset>",
    "&amp",
    "&#x10FFFF;",
    "&#0;",
    "&notit;",
    "\r\n",
    "\0",
    "\u{a0}",
    "é🦀",
    " ",
    "\t",
    ">",
];

const SELECTORS: [&str; 8] =
    ["*", "a[href]", "p:nth-child(2n+1)", "div > a, td", ":not(p)", "li:first-of-type", "#x.y[z^='w' i]", "a + b"];

/// Bytes of a page in [`run_long`]: what grows with their square cannot go unnoticed.
const LONG: usize = 1 << 17;

/// Extract the facts of a page.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
}

/// The same pieces over and over. A target of its own: a corpus that holds both is soon one of long pages, each of which takes a
/// hundred times as long.
pub fn run_long(data: &[u8]) -> u64 {
    let mut u = Unstructured::new(data);
    let Ok(html) = page(&mut u, str::to_owned) else { return 0 };
    if html.is_empty() {
        return 0;
    }
    let html = html.repeat((LONG / html.len()).max(1));
    bounded(&html, "https://example.com/");
    1
}

/// A page of pieces, each as `spell` writes it.
fn page(u: &mut Unstructured<'_>, spell: impl Fn(&str) -> String) -> Result<String> {
    let mut html = String::new();
    while !u.is_empty() && html.len() < 8192 {
        let piece: u8 = u.arbitrary()?;
        match PIECES.get(usize::from(piece)) {
            Some(piece) => html.push_str(&spell(piece)),
            None if piece < 192 => html.push(char::from(piece - 64)),
            None => html.push_str(u.arbitrary()?),
        }
    }
    Ok(html)
}

/// A tag whose name, and its first attribute's, is in upper case.
fn shouted(piece: &str) -> String {
    if !piece.starts_with('<') {
        return piece.to_owned();
    }
    let (names, rest) = piece.split_at(piece.find('=').unwrap_or(piece.len()));
    names.to_ascii_uppercase() + rest
}

/// The facts of a page, within memory that its length bounds.
fn bounded(html: &str, base: &str) -> Page {
    let (page, peak) = peak_of(|| extract(html, base));
    let room = html.len() + base.len();
    assert!(peak <= room * BYTES_EACH + BYTES, "a page of {room} bytes takes {peak} bytes of memory");
    check(&page, html, base);
    page
}

fn verify(u: &mut Unstructured<'_>) -> Result<u64> {
    let base = match u.int_in_range(0..=3)? {
        0 => u.arbitrary::<&str>()?.to_owned(),
        _ => "https://example.com/a/b?c#d".to_owned(),
    };
    let selector = match u.int_in_range(0..=9)? {
        9 => u.arbitrary::<&str>()?,
        at => SELECTORS[at % SELECTORS.len()],
    };
    let shift: u8 = u.arbitrary()?;
    let pieces = u.peek_bytes(u.len()).unwrap_or_default();
    let html = page(&mut Unstructured::new(pieces), str::to_owned)?;
    let facts = bounded(&html, &base);

    // A comment says nothing, and moves what follows across every boundary that there is within the parser.
    let moved = format!("<!--{}-->{html}", "-x".repeat(shift.into()));
    assert_eq!(extract(&moved, &base), facts, "after a comment of {shift}: {html:?}");

    // Names of elements and attributes are the same in upper case. What stands in text keeps its own.
    let loud = page(&mut Unstructured::new(pieces), shouted)?;
    let same = |page: &Page| format!("{page:?}").to_ascii_lowercase();
    assert_eq!(same(&extract(&loud, &base)), same(&facts), "{html:?} in upper case");

    // Without markup the text is the words.
    let words: String = html.chars().filter(|point| !['<', '&', '\0'].contains(point)).collect();
    let expected = words.split([' ', '\t', '\n', '\r', '\u{c}']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    assert_eq!(extract(&words, &base).text, expected, "{words:?}");

    if let Ok(all) = select(&html, selector, usize::MAX) {
        let some = select(&html, selector, 2).expect("fewer fit too");
        assert_eq!(some, all[..all.len().min(2)], "{selector:?} in {html:?}");
    }
    Ok(5)
}

fn check(page: &Page, html: &str, base: &str) {
    assert_eq!(page.text.trim_end_matches([' ', '\t', '\n']), page.text, "{html:?}");
    // A character reference grows to at most six bytes from five; a tag of two bytes becomes a separator at most.
    assert!(page.text.len() <= html.len() * 3, "{} bytes of text from {}: {html:?}", page.text.len(), html.len());
    for title in [&page.title, &page.description].into_iter().flatten() {
        assert!(!title.contains(['\t', '\n', '\r', '\u{c}']) && !title.contains("  "), "{title:?} in {html:?}");
    }
    for link in &page.links {
        let Ok(url) = Url::parse(&link.url) else {
            // A reference that nothing could be made of stays as it is, so it is no longer than the page.
            assert!(link.url.len() <= html.len() * 2, "{:?} in {html:?}", link.url);
            continue;
        };
        assert_eq!(url.as_str(), link.url, "an absolute URL is normal: {html:?}");
        // What can be fetched, can be asked for; what cannot is refused with a reason.
        if let Ok(address) = parse_url(&link.url) {
            assert!(link.url.starts_with(address.scheme.as_str()), "{:?}", link.url);
        }
    }
    if Url::parse(base).is_ok_and(|base| !base.cannot_be_a_base()) && !html.contains("<base") {
        let unresolved = page.links.iter().find(|link| Url::parse(&link.url).is_err());
        let base = Url::parse(base).expect("just parsed");
        assert!(unresolved.is_none_or(|link| base.join(&link.url).is_err()), "{unresolved:?} in {html:?}");
    }
}
