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

/// Extract the facts of a page.
pub fn run(data: &[u8]) -> u64 {
    verify(&mut Unstructured::new(data)).unwrap_or(0)
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
    // Repeated until work that grows with the square of the page cannot go unnoticed.
    let repeats = if u.ratio(1, 256)? { 1 << 17 } else { 1 };
    let mut html = String::new();
    while !u.is_empty() && html.len() < 8192 {
        let piece: u8 = u.arbitrary()?;
        match PIECES.get(usize::from(piece)) {
            Some(piece) => html.push_str(piece),
            None if piece < 192 => html.push(char::from(piece - 64)),
            None => html.push_str(u.arbitrary()?),
        }
    }
    if repeats > 1 && !html.is_empty() {
        html = html.repeat((repeats / html.len()).max(1));
    }
    let (page, peak) = peak_of(|| extract(&html, &base));
    let room = html.len() + base.len();
    assert!(peak <= room * BYTES_EACH + BYTES, "a page of {room} bytes takes {peak} bytes of memory");
    check(&page, &html, &base);

    // A comment says nothing, and moves what follows across every boundary that there is within the parser.
    let moved = format!("<!--{}-->{html}", "-x".repeat(shift.into()));
    assert_eq!(extract(&moved, &base), page, "after a comment of {shift}: {html:?}");

    if let Ok(all) = select(&html, selector, usize::MAX) {
        let some = select(&html, selector, 2).expect("fewer fit too");
        assert_eq!(some, all[..all.len().min(2)], "{selector:?} in {html:?}");
    }
    Ok(3)
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
