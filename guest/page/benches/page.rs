//! What a page of 100 KB costs: decoding, extraction, selection; and what one URL costs. The floor of extraction is
//! lol_html itself with handlers that do nothing, for title and links and for everything.
//!
//! `cargo bench -p likewise-page`

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use likewise_page::{decode, extract, parse_url, select};
use lol_html::{HtmlRewriter, Settings, doc_text, element, text};

const SIZE: usize = 100_000;
const BASE: &str = "https://example.com/dir/page.html";

/// An article page: a link, a heading, a paragraph and a list every 350 bytes.
fn page() -> String {
    let mut html = String::from("<!DOCTYPE html><html lang=en><head><title>Crabs &amp; Co</title></head><body>");
    for number in 0.. {
        if html.len() >= SIZE {
            break;
        }
        html += &format!(
            "<div class=\"card c{number}\"><h2 id=h{number}>Heading {number}</h2><p>They walk sideways, \
             <a href=\"/page/{number}?x=1&amp;y=2\" rel=nofollow>as number {number}</a> shows, and they have done so for \
             longer than anyone remembers. <b>This is known.</b> Nobody minds.</p><ul><li>One<li>Two &amp; three</ul></div>\n"
        );
    }
    html
}

/// lol_html with handlers for the title and links only, or for all elements and text.
fn floor(html: &str, everything: bool) {
    let settings = if everything {
        Settings::new()
            .append_element_content_handler(element!("*", |element| {
                black_box(element.tag_name());
                Ok(())
            }))
            .append_document_content_handler(doc_text!(|chunk| {
                black_box(chunk.as_str());
                Ok(())
            }))
    } else {
        Settings::new()
            .append_element_content_handler(element!("a[href]", |element| {
                black_box(element.get_attribute("href"));
                Ok(())
            }))
            .append_element_content_handler(text!("a[href], title", |chunk| {
                black_box(chunk.as_str());
                Ok(())
            }))
    };
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(html.as_bytes()).expect("no limit is set");
    rewriter.end().expect("no limit is set");
}

fn bench(criterion: &mut Criterion) {
    let html = page();
    let legacy: Vec<u8> = "Привет, crab "
        .chars()
        .cycle()
        .take(SIZE)
        .map(|c| if c.is_ascii() { c as u8 } else { (c as u32 - 0x350) as u8 })
        .collect();
    let mut group = criterion.benchmark_group("100 KB");
    group.throughput(Throughput::Bytes(html.len() as u64));
    group.bench_function("extract", |b| b.iter(|| extract(black_box(&html), BASE)));
    group.bench_function("floor: lol_html, everything", |b| b.iter(|| floor(black_box(&html), true)));
    group.bench_function("floor: lol_html, title and links", |b| b.iter(|| floor(black_box(&html), false)));
    group.bench_function("select a[href]", |b| b.iter(|| select(black_box(&html), "a[href]", usize::MAX)));
    group.bench_function("select title, first", |b| b.iter(|| select(black_box(&html), "title", 1)));
    group.bench_function("decode UTF-8", |b| b.iter(|| decode(black_box(html.as_bytes()), Some("text/html"))));
    group.bench_function("decode windows-1251 by header", |b| {
        b.iter(|| decode(black_box(&legacy), Some("text/plain; charset=windows-1251")));
    });
    group.bench_function("decode windows-1251 by guess", |b| b.iter(|| decode(black_box(&legacy), Some("text/plain"))));
    group.finish();
    criterion.bench_function("parse_url", |b| b.iter(|| parse_url(black_box("https://example.com/dir/page?q=1"))));
}

criterion_group! {
    name = benches;
    // A second each: enough for ratios, and the whole stays under a minute.
    config = Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = bench
}
criterion_main!(benches);
