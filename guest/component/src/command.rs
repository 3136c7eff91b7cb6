//! The plain variant as a program: `wasmtime run -S http likewise-wasi.component.wasm URL...` fetches what it is given and prints a line of
//! JSON for each URL, in the order of completion. The fields are those of Python's `Site.to_dict`, but for `elapsed`.

use std::fmt::Write as _;

use wasip2::cli::{environment, stdout};
use wasip2::exports::cli::run::Guest;

use crate::Component;
use crate::bindings::exports::likewise::engine::scraper::{
    Address, ErrorKind, Failed, GuestSession as _, Hop, Options, Outcome, Site,
};
use crate::scraper::Session;

// The defaults of the other hosts' policies.
const TIMEOUT_MS: u32 = 30_000;
const MAX_REDIRECTS: u32 = 10;
const MAX_BYTES: u64 = 64 << 20;

/// Requests in flight at once.
const CONCURRENCY: u32 = 64;

/// Bytes that `wasi:io/streams` takes in one blocking write.
const WRITE: usize = 4096;

impl Guest for Component {
    fn run() -> Result<(), ()> {
        let urls: Vec<String> = environment::get_arguments().into_iter().skip(1).collect();
        let options = Options {
            concurrency: CONCURRENCY,
            timeout_ms: Some(TIMEOUT_MS),
            max_redirects: Some(MAX_REDIRECTS),
            max_bytes: Some(MAX_BYTES),
            headers: Vec::new(),
            extract: false,
        };
        let out = stdout::get_stdout();
        let session = Session::new(urls.clone(), options);
        let mut all = Ok(());
        while let Some(outcome) = session.next() {
            if outcome.site.is_err() {
                all = Err(());
            }
            for part in line(&urls[outcome.index as usize], &outcome).as_bytes().chunks(WRITE) {
                out.blocking_write_and_flush(part).map_err(drop)?;
            }
        }
        all
    }
}

/// An outcome as a line of JSON.
fn line(url: &str, outcome: &Outcome) -> String {
    let mut json = String::from("{");
    text(&mut json, "url", url);
    match &outcome.site {
        Ok(site) => page(&mut json, site),
        Err(failed) => failure(&mut json, url, failed),
    }
    json.truncate(json.len() - 1); // the last comma
    json.push_str("}\n");
    json
}

fn page(json: &mut String, site: &Site) {
    raw(json, "ok", "true");
    raw(json, "error", "null");
    raw(json, "status_code", site.status);
    text(json, "final_url", &site.final_url);
    address(json, Some(&site.address));
    text(json, "server", &site.server);
    text(json, "content_type", &site.content_type);
    text(json, "encoding", &site.encoding);
    json.push_str("\"headers\":[");
    let fields: Vec<_> = site.headers.lines().filter_map(|line| line.split_once(": ")).collect();
    for (at, (name, value)) in fields.iter().enumerate() {
        json.push_str(if at == 0 { "[" } else { ",[" });
        string(json, name);
        json.push(',');
        string(json, value);
        json.push(']');
    }
    json.push_str("],");
    history(json, &site.history);
    text(json, "text", site.text.as_deref().unwrap_or(""));
}

fn failure(json: &mut String, url: &str, failed: &Failed) {
    raw(json, "ok", "false");
    json.push_str("\"error\":{");
    text(json, "kind", name_of(failed.kind));
    text(json, "message", &failed.message);
    json.truncate(json.len() - 1);
    json.push_str("},");
    raw(json, "status_code", 0);
    text(json, "final_url", url);
    address(json, failed.address.as_ref());
    for name in ["server", "content_type", "encoding"] {
        text(json, name, "");
    }
    raw(json, "headers", "[]");
    history(json, &failed.history);
    text(json, "text", "");
}

fn address(json: &mut String, address: Option<&Address>) {
    text(json, "domain", address.map_or("", |address| &address.domain));
    text(json, "protocol", address.map_or("", |address| &address.protocol));
    raw(json, "port", address.map_or(0, |address| address.port));
}

fn history(json: &mut String, hops: &[Hop]) {
    json.push_str("\"history\":[");
    for (at, hop) in hops.iter().enumerate() {
        json.push_str(if at == 0 { "{" } else { ",{" });
        text(json, "url", &hop.url);
        raw(json, "status_code", hop.status);
        json.truncate(json.len() - 1);
        json.push('}');
    }
    json.push_str("],");
}

/// A member that is a string, and a comma.
fn text(json: &mut String, name: &str, value: &str) {
    string(json, name);
    json.push(':');
    string(json, value);
    json.push(',');
}

/// A member whose value is JSON already, and a comma.
fn raw(json: &mut String, name: &str, value: impl std::fmt::Display) {
    string(json, name);
    let _ = write!(json, ":{value},");
}

/// A string as RFC 8259 wants it.
fn string(json: &mut String, value: &str) {
    json.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => _ = write!(json, "\\u{:04x}", u32::from(c)),
            _ => json.push(c),
        }
    }
    json.push('"');
}

/// The kind's name in the contract.
fn name_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidUrl => "invalid-url",
        ErrorKind::Denied => "denied",
        ErrorKind::Dns => "dns",
        ErrorKind::Connect => "connect",
        ErrorKind::Tls => "tls",
        ErrorKind::Timeout => "timeout",
        ErrorKind::TooLarge => "too-large",
        ErrorKind::TooManyRedirects => "too-many-redirects",
        ErrorKind::Protocol => "protocol",
        ErrorKind::Decode => "decode",
        ErrorKind::Robots => "robots",
        ErrorKind::Canceled => "canceled",
    }
}
