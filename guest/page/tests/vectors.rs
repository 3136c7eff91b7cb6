//! `fixtures/vectors/url.json` and `charset.json`, which the hosts' tests read too.

use std::fs;
use std::path::Path;

use likewise_page::{UrlError, UrlRule, content_type, decode, join_url, parse_url};
use serde_json::{Value, json};

fn vectors(file: &str, list: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/vectors").join(file);
    let text = fs::read_to_string(path).expect("the fixtures are part of the repository");
    let mut vectors: Value = serde_json::from_str(&text).expect("the file is JSON");
    match vectors[list].take() {
        Value::Array(vectors) if !vectors.is_empty() => vectors,
        _ => panic!("{file} has no {list}"),
    }
}

fn text<'v>(vector: &'v Value, key: &str) -> &'v str {
    vector[key].as_str().unwrap_or_else(|| panic!("{vector}: {key} is not text"))
}

fn rule_name(error: &UrlError) -> &'static str {
    match &error.rule {
        UrlRule::Empty => "empty",
        UrlRule::TooLong(_) => "too-long",
        UrlRule::ControlCharacter(_) => "control-character",
        UrlRule::NoScheme(_) => "no-scheme",
        UrlRule::UnsupportedScheme { .. } => "unsupported-scheme",
        UrlRule::Host(_) => "host",
        UrlRule::Port => "port",
        UrlRule::Userinfo(_) => "userinfo",
        UrlRule::Other(_) => "other",
    }
}

#[test]
fn urls_are_taken_apart() {
    for vector in vectors("url.json", "parse") {
        match parse_url(text(&vector, "input")) {
            Ok(address) => {
                let mut found = json!({
                    "about": vector["about"],
                    "input": vector["input"],
                    "url": address.url,
                    "domain": address.domain,
                    "protocol": address.scheme.as_str(),
                    "port": address.port,
                    "authority": address.authority,
                    "path": address.path_with_query,
                });
                if let Some((name, password)) = address.userinfo {
                    found["userinfo"] = json!([name, password]);
                }
                if let Some(fragment) = address.fragment {
                    found["fragment"] = json!(fragment);
                }
                assert_eq!(found, vector);
            }
            Err(error) => {
                assert_eq!(vector["error"], rule_name(&error), "{vector}: {error}");
                let message = error.to_string();
                assert!(message.contains("cannot be fetched"), "{message}");
                if let Some(says) = vector["says"].as_str() {
                    assert!(message.contains(says), "{vector}: {message}");
                }
            }
        }
    }
}

#[test]
fn references_are_resolved() {
    for vector in vectors("url.json", "join") {
        match join_url(text(&vector, "base"), text(&vector, "reference")) {
            Ok(address) => {
                assert_eq!(vector["url"], address.url, "{vector}");
                assert_eq!(vector["fragment"].as_str(), address.fragment.as_deref(), "{vector}");
            }
            Err(error) => assert_eq!(vector["error"], rule_name(&error), "{vector}: {error}"),
        }
    }
}

#[test]
fn bodies_are_decoded() {
    for vector in vectors("charset.json", "decode") {
        let hex = text(&vector, "hex");
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex is hexadecimal")).collect();
        let decoded = decode(&bytes, vector["content_type"].as_str());
        let found = json!({
            "about": vector["about"],
            "hex": hex,
            "content_type": vector["content_type"],
            "encoding": decoded.encoding,
            "text": decoded.text,
            "replaced": decoded.replaced,
            "exact": decoded.exact,
        });
        assert_eq!(found, vector);
    }
}

#[test]
fn content_types_are_read() {
    for vector in vectors("charset.json", "content_type") {
        let found = content_type(text(&vector, "header"));
        assert_eq!(vector["essence"], found.essence, "{vector}");
        assert_eq!(vector["charset"].as_str(), found.charset.as_deref(), "{vector}");
    }
}
