//! The HTTP adapter between a client that does what it likes and a host that answers what it likes: every request ends once, with
//! the first answer to it and nothing lost of that, and nothing that is not a message goes out.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use arbitrary::{Result, Unstructured};
use likewise_http_adapter::host::{self, Completion, ErrorKind, Failure, Host, Payload, Request, Response};
use likewise_http_adapter::http::outgoing_handler::handle;
use likewise_http_adapter::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, HeaderError, IncomingResponse, OutgoingRequest, RequestOptions, Scheme,
};
use likewise_http_adapter::io::poll::{Pollable, poll};
use likewise_http_adapter::io::streams::StreamError;
use likewise_http_adapter::told;

const NAMES: [&str; 16] = [
    "accept",
    "Location",
    "content-type",
    "x",
    "",
    " ",
    "a b",
    "host",
    "Host",
    "transfer-encoding",
    "upgrade",
    "x\r\ny",
    "x:",
    "ü",
    "connection",
    "!#$%&'*+-.^_`|~09",
];
/// Those of them that belong to the connection.
const FORBIDDEN: [&str; 5] = ["host", "Host", "transfer-encoding", "upgrade", "connection"];
/// The contract's kinds, by the names that clients read.
const KINDS: [(ErrorKind, &str); 10] = [
    (ErrorKind::Denied, "denied"),
    (ErrorKind::Dns, "dns"),
    (ErrorKind::Connect, "connect"),
    (ErrorKind::Tls, "tls"),
    (ErrorKind::Timeout, "timeout"),
    (ErrorKind::TooLarge, "too-large"),
    (ErrorKind::Protocol, "protocol"),
    (ErrorKind::Decode, "decode"),
    (ErrorKind::Robots, "robots"),
    (ErrorKind::Canceled, "canceled"),
];

/// Header fields in order.
type Entries = Vec<(String, Vec<u8>)>;

/// What a client must find of a response.
struct Message {
    id: u32,
    status: u16,
    elapsed_us: u64,
    lines: String,
    fields: Entries,
    body: Vec<u8>,
}

/// What must come of a request.
enum Expected {
    Message(Message),
    /// What the host sent was no message.
    Broken,
    Failed(String),
}

/// What both sides have done, by the plainest rules.
#[derive(Default)]
struct Model {
    /// Handed in by the client and not yet seen by the host, in order.
    submitted: Vec<Request>,
    /// Numbers of what the host has not answered.
    open: BTreeSet<u32>,
    seen: HashSet<u32>,
    /// Answers by a request's number.
    answers: HashMap<u32, Expected>,
    crossings: usize,
}

struct Player {
    model: Rc<RefCell<Model>>,
    /// What is left of the host's half of the input.
    script: Vec<u8>,
}

impl Host for Player {
    fn exchange(&mut self, submit: &[Request], wait: bool) -> Vec<Completion> {
        let model = &mut *self.model.borrow_mut();
        model.crossings += 1;
        assert!(wait, "nothing else can be done meanwhile");
        let expected = std::mem::take(&mut model.submitted);
        assert_eq!(submit.len(), expected.len(), "what was handed in goes out at once");
        for (sent, given) in submit.iter().zip(&expected) {
            let of =
                |one: &Request| (one.method.clone(), one.url.clone(), one.headers.clone(), one.timeout_ms, one.body.is_none());
            assert_eq!(of(sent), of(given));
            assert!(model.seen.insert(sent.id), "the number {} is given twice", sent.id);
            model.open.insert(sent.id);
        }
        let mut u = Unstructured::new(&self.script);
        // An input that has ended, or says so, answers nothing: then nothing may be waited for any more.
        let completions = completions(&mut u, &model.open).unwrap_or_default();
        self.script = u.take_rest().to_vec();
        if completions.is_empty() {
            for id in std::mem::take(&mut model.open) {
                model.answers.insert(id, Expected::Failed("canceled: the host ended the request without an outcome".to_owned()));
            }
        }
        let mut given = Vec::new();
        for (completion, expected) in completions {
            // Of several answers the first counts, and an answer to nothing counts nothing.
            if model.open.remove(&completion.id) {
                model.answers.insert(completion.id, expected);
            }
            given.push(completion);
        }
        given
    }
}

fn completions(u: &mut Unstructured<'_>, open: &BTreeSet<u32>) -> Result<Vec<(Completion, Expected)>> {
    let open: Vec<u32> = open.iter().copied().collect();
    let mut made = Vec::new();
    for _ in 0..u.int_in_range(0..=4)? {
        if u.is_empty() {
            break;
        }
        // Mostly what is asked for, in any order; at times what was answered before, or never asked for.
        let id = if open.is_empty() || u.ratio(1, 6)? { u.int_in_range(0..=9)? } else { *u.choose(&open)? };
        let (outcome, expected) = answer(u, id)?;
        made.push((Completion { id, outcome }, expected));
    }
    Ok(made)
}

fn answer(u: &mut Unstructured<'_>, id: u32) -> Result<(std::result::Result<Response, Failure>, Expected)> {
    if u.ratio(1, 5)? {
        let (kind, name) = *u.choose(&KINDS)?;
        let message: String = u.arbitrary()?;
        let expected = Expected::Failed(format!("{name}: {message}"));
        return Ok((Err(Failure { kind, message }), expected));
    }
    let (headers, fields) = header_lines(u)?;
    let (body, bytes) = payload(u)?;
    let (status, elapsed_us) = (u.arbitrary()?, u.arbitrary()?);
    let expected = match (fields, bytes) {
        (Some(fields), Some(body)) => Expected::Message(Message { id, status, elapsed_us, lines: headers.clone(), fields, body }),
        _ => Expected::Broken,
    };
    Ok((Ok(Response { status, headers, body, elapsed_us }), expected))
}

/// Each byte as the code point of its value.
fn mapped(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Lines of header fields, and the fields: none where one of them holds what is not a byte.
fn header_lines(u: &mut Unstructured<'_>) -> Result<(String, Option<Entries>)> {
    let (mut text, mut fields) = (String::new(), Some(Vec::new()));
    for _ in 0..u.int_in_range(0..=4)? {
        match u.int_in_range(0..=9)? {
            0 => text.push_str("no field at all"),
            1 => {
                text.push_str("x: \u{100}");
                fields = None;
            }
            _ => {
                let name = u.choose(&["location", "Server", "", "x y", "ü"])?;
                let pad = u.choose(&["", " ", "\t ", "\r"])?;
                let mut value: Vec<u8> = u.arbitrary::<&[u8]>()?.iter().copied().filter(|&byte| byte != b'\n').collect();
                let end = value.iter().rposition(|byte| !b" \t\r".contains(byte)).map_or(0, |at| at + 1);
                value.truncate(end);
                value.drain(..value.iter().position(|byte| !b" \t\r".contains(byte)).unwrap_or(0));
                for part in [pad, name, pad, ":", pad, &mapped(&value), pad] {
                    text.push_str(part);
                }
                if let Some(fields) = &mut fields {
                    fields.push(((*name).to_owned(), value));
                }
            }
        }
        text.push('\n');
    }
    Ok((text, fields))
}

/// Content as it is carried, and its bytes: none where what is mapped is not bytes.
fn payload(u: &mut Unstructured<'_>) -> Result<(Payload, Option<Vec<u8>>)> {
    let data = match u.int_in_range(0..=2)? {
        0 => mapped(u.arbitrary()?),
        1 => "page ".repeat(u.int_in_range(0..=1000)?),
        _ => u.arbitrary()?,
    };
    let mapped = u.arbitrary()?;
    let bytes = match mapped {
        true => data.chars().map(|point| u8::try_from(u32::from(point)).ok()).collect(),
        false => Some(data.clone().into_bytes()),
    };
    Ok((Payload { data, mapped }, bytes))
}

/// A request as the client holds it.
struct Held {
    id: u32,
    future: Option<FutureIncomingResponse>,
    pollable: Option<Pollable>,
    taken: bool,
}

/// Play client and host.
pub fn run(data: &[u8]) -> u64 {
    // Each has a half of the input.
    let (client, script) = data.split_at(data.len() / 2);
    let model = Rc::new(RefCell::new(Model::default()));
    host::install(Player { model: Rc::clone(&model), script: script.to_vec() });
    let mut held = Vec::new();
    let mut u = Unstructured::new(client);
    while !u.is_empty() && act(&mut u, &model, &mut held).is_ok() {}
    // Whatever came before, what is left ends.
    while let Some(open) = held.iter().position(|one| one.future.is_some() && !one.taken) {
        if let Some(pollable) = &held[open].pollable {
            assert_eq!(poll(&[pollable]), [0]);
            take(&mut held[open], &model.borrow(), &mut Unstructured::new(&[]));
        } else {
            held[open].future = None;
        }
    }
    held.len() as u64
}

/// One thing that a client may do.
fn act(u: &mut Unstructured<'_>, model: &Rc<RefCell<Model>>, held: &mut Vec<Held>) -> Result<()> {
    match u.int_in_range(0..=7)? {
        0..=2 => {
            // Numbers are given in turn, from 1.
            let id = held.len() as u32 + 1;
            if let Some(future) = submit(u, id, model)? {
                let pollable = u.ratio(7, 8)?.then(|| future.subscribe());
                held.push(Held { id, future: Some(future), pollable, taken: false });
            }
        }
        3 | 4 => wait(u, model, held)?,
        5 | 6 if !held.is_empty() => {
            let at = u.choose_index(held.len())?;
            take(&mut held[at], &model.borrow(), u);
        }
        7 if !held.is_empty() => {
            let at = u.choose_index(held.len())?;
            if u.arbitrary()? {
                held[at].future = None;
            } else {
                held[at].pollable = None;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Put a request together and hand it in.
fn submit(u: &mut Unstructured<'_>, id: u32, model: &RefCell<Model>) -> Result<Option<FutureIncomingResponse>> {
    let fields = Fields::new();
    let mut entries = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let name = *u.choose(&NAMES)?;
        let value: &[u8] = u.arbitrary()?;
        let outcome = fields.append(name, value);
        if name.is_empty() || name.contains([' ', ':', '\r', 'ü']) || value.iter().any(|byte| b"\0\r\n".contains(byte)) {
            assert!(matches!(outcome, Err(HeaderError::InvalidSyntax)), "{name:?}: {value:?}");
        } else if FORBIDDEN.contains(&name) {
            assert!(matches!(outcome, Err(HeaderError::Forbidden)), "{name:?}");
        } else {
            assert!(outcome.is_ok(), "{name:?}: {value:?}");
            entries.push((name.to_owned(), value.to_vec()));
        }
    }
    assert_eq!(fields.entries(), entries);
    let request = OutgoingRequest::new(fields);
    let scheme = u.choose_index(4)?;
    let taken =
        request.set_scheme([None, Some(&Scheme::Http), Some(&Scheme::Https), Some(&Scheme::Other("ftp".to_owned()))][scheme]);
    assert_eq!(taken.is_ok(), scheme != 3);
    let authority = *u.choose(&[None, Some("a.example"), Some("[::1]:8080"), Some("b.example")])?;
    assert!(request.set_authority(authority).is_ok());
    let path = *u.choose(&[None, Some("/"), Some("/x?y=%20"), Some("")])?;
    assert!(request.set_path_with_query(path).is_ok());
    let times: [Option<u64>; 3] = [time(u)?, time(u)?, time(u)?];
    let options = u.ratio(3, 4)?.then(|| {
        let options = RequestOptions::new();
        assert!(options.set_connect_timeout(times[0]).is_ok());
        assert!(options.set_first_byte_timeout(times[1]).is_ok());
        assert!(options.set_between_bytes_timeout(times[2]).is_ok());
        options
    });
    let least = options.as_ref().and_then(|_| times.into_iter().flatten().min());
    let crossings = model.borrow().crossings;
    let outcome = handle(request, options);
    assert_eq!(model.borrow().crossings, crossings, "requests are collected until the client waits");
    let (Some(authority), Ok(future)) = (authority, outcome) else {
        assert!(authority.is_none(), "a request with an authority is taken on");
        return Ok(None);
    };
    model.borrow_mut().submitted.push(Request {
        id,
        method: "GET".to_owned(),
        url: format!("{}://{authority}{}", if scheme == 1 { "http" } else { "https" }, path.unwrap_or("/")),
        headers: entries.iter().map(|(name, value)| (name.clone(), mapped(value))).collect(),
        body: None,
        timeout_ms: least.map(|least| least.div_ceil(1_000_000).min(u32::MAX.into()) as u32),
    });
    Ok(Some(future))
}

fn time(u: &mut Unstructured<'_>) -> Result<Option<u64>> {
    Ok(*u.choose(&[None, Some(0), Some(1), Some(1_000_000), Some(1_000_001), Some(u64::MAX)])?)
}

/// Wait for some of what is held.
fn wait(u: &mut Unstructured<'_>, model: &RefCell<Model>, held: &[Held]) -> Result<()> {
    let mut chosen = Vec::new();
    for one in held {
        if one.pollable.is_some() && u.arbitrary()? {
            chosen.push(one);
        }
    }
    if chosen.is_empty() {
        return Ok(()); // It never becomes ready: a trap, and rightly.
    }
    let ready = |model: &Model| -> Vec<u32> {
        (0..).zip(&chosen).filter(|(_, one)| model.answers.contains_key(&one.id)).map(|(at, _)| at).collect()
    };
    let (before, crossings) = (ready(&model.borrow()), model.borrow().crossings);
    let pollables: Vec<&Pollable> = chosen.iter().filter_map(|one| one.pollable.as_ref()).collect();
    let given = poll(&pollables);
    assert!(!given.is_empty());
    assert_eq!(given, ready(&model.borrow()));
    // The host keeps what it gave only until it is asked again.
    assert!(before.is_empty() || model.borrow().crossings == crossings, "the host is asked only when nothing is ready");
    Ok(())
}

/// Take what came of a request, if anything has; that is possible once.
fn take(one: &mut Held, model: &Model, u: &mut Unstructured<'_>) {
    let Some(future) = &one.future else { return };
    let outcome = future.get();
    let Some(expected) = model.answers.get(&one.id) else {
        assert!(outcome.is_none(), "request {} is under way", one.id);
        return;
    };
    match outcome.expect("it is ready") {
        Err(()) => assert!(one.taken, "the outcome of request {} was lost", one.id),
        Ok(outcome) => {
            assert!(!one.taken, "the outcome of request {} comes twice", one.id);
            one.taken = true;
            match (outcome, expected) {
                (Ok(response), Expected::Message(message)) => read(&response, message, u),
                (Err(ErrorCode::HttpProtocolError), Expected::Broken) => {}
                (Err(ErrorCode::InternalError(Some(text))), Expected::Failed(why)) => assert_eq!(&text, why),
                (Ok(_), _) => panic!("a response to request {}, which has none", one.id),
                (Err(code), _) => panic!("request {}: {code:?}", one.id),
            }
        }
    }
}

/// A response says what the host did, its content in pieces of any size.
fn read(response: &IncomingResponse, message: &Message, u: &mut Unstructured<'_>) {
    assert_eq!(response.status(), message.status);
    assert_eq!(response.headers().entries(), message.fields);
    let told = told(response);
    assert_eq!((told.kept, told.elapsed_us), (Some(message.id), Some(message.elapsed_us)));
    assert_eq!(told.lines.as_ref(), Some(&message.lines));
    let body = response.consume().expect("the content is there once");
    assert!(response.consume().is_err(), "and not twice");
    let stream = body.stream().expect("a stream of it once");
    assert!(body.stream().is_err(), "and not twice");
    assert_eq!(poll(&[&stream.subscribe()]), [0], "it is here");
    let mut bytes = Vec::new();
    loop {
        let len = u.int_in_range(1..=2048).unwrap_or(u64::MAX);
        match stream.read(len) {
            Ok(piece) => {
                assert!(!piece.is_empty() && piece.len() as u64 <= len);
                bytes.extend(piece);
            }
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => match error {},
        }
    }
    assert_eq!(bytes, message.body);
}
