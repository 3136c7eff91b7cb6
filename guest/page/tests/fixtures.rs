//! The documents of `fixtures/pages`, whose facts are known.

use std::fs;
use std::path::Path;

use likewise_page::extract;
use serde_json::{Value, json};

const DOCUMENT_URL: &str = "https://example.com/dir/page.html";

#[test]
fn pages_have_the_facts_known() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pages/pages.jsonl");
    let lines = fs::read_to_string(path).expect("the fixtures are part of the repository");
    let documents: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    assert!(documents.len() >= 200);
    for document in &documents {
        let base = document["base"].as_str().unwrap_or(DOCUMENT_URL);
        let page = extract(document["html"].as_str().expect("html is text"), base);
        let links: Vec<Value> = page.links.iter().map(|link| json!([link.url, link.text, link.rel])).collect();
        let found = json!({
            "title": page.title,
            "description": page.description,
            "canonical": page.canonical,
            "lang": page.lang,
            "links": links,
            "meta": page.meta,
            "json_ld": page.json_ld,
            "text": page.text,
        });
        for (fact, known) in document["facts"].as_object().expect("facts is an object") {
            assert_eq!(&found[fact], known, "{}: {fact}", document["name"]);
        }
        assert!(page.truncated.is_empty(), "{}", document["name"]);
    }
}
