//! What is on its way: requests handed in and not yet sent, responses awaited, and the one call that moves both.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};

use crate::bindings::likewise::engine::transport::{self, ErrorKind, Failure, Payload, Request, Response};

/// What a request came to.
pub(crate) type Outcome = Result<Response, Failure>;

/// A request's content, written by the client until it says that it is whole.
#[derive(Default)]
pub(crate) struct Content {
    /// The bytes so far; none when the client never asked for the body.
    pub(crate) bytes: RefCell<Option<Vec<u8>>>,
    /// The client still writes.
    pub(crate) open: Cell<bool>,
}

/// A response awaited. When the client drops its side, the completion finds nobody and is dropped as well.
#[derive(Default)]
pub(crate) struct Awaited {
    outcome: RefCell<Option<Outcome>>,
    settled: Cell<bool>,
}

impl Awaited {
    /// Whether the outcome is here, or was and has been taken.
    pub(crate) fn is_settled(&self) -> bool {
        self.settled.get()
    }

    /// The outcome, once.
    pub(crate) fn take(&self) -> Option<Outcome> {
        self.outcome.borrow_mut().take()
    }

    fn settle(&self, outcome: Outcome) {
        self.outcome.replace(Some(outcome));
        self.settled.set(true);
    }
}

#[derive(Default)]
struct Exchange {
    last_id: u32,
    drafts: VecDeque<(Request, Rc<Content>)>,
    awaited: HashMap<u32, Weak<Awaited>>,
}

thread_local! {
    static EXCHANGE: RefCell<Exchange> = RefCell::default();
}

/// Take on a request; it goes out at the next turn after its content is whole.
pub(crate) fn submit(mut request: Request, content: Rc<Content>) -> Rc<Awaited> {
    let awaited = Rc::new(Awaited::default());
    EXCHANGE.with_borrow_mut(|exchange| {
        exchange.last_id = exchange.last_id.wrapping_add(1);
        request.id = exchange.last_id;
        exchange.awaited.insert(request.id, Rc::downgrade(&awaited));
        exchange.drafts.push_back((request, content));
    });
    awaited
}

/// Send what is ready and collect what has arrived; with `wait`, at least one outcome or none is left to wait for.
pub(crate) fn turn(wait: bool) {
    let requests = EXCHANGE.with_borrow_mut(|exchange| {
        let (open, whole): (VecDeque<_>, VecDeque<_>) = exchange.drafts.drain(..).partition(|(_, content)| content.open.get());
        exchange.drafts = open;
        let mut requests = Vec::with_capacity(whole.len());
        for (mut request, content) in whole {
            request.body = content.bytes.take().map(to_payload);
            requests.push(request);
        }
        requests
    });
    if requests.is_empty() && !wait {
        return;
    }
    // No borrow is held across the call: the host may trap out of it.
    let completions = transport::exchange(&requests, wait);
    let idle = completions.is_empty();
    EXCHANGE.with_borrow_mut(|exchange| {
        for completion in completions {
            if let Some(awaited) = exchange.awaited.remove(&completion.id).and_then(|awaited| awaited.upgrade()) {
                awaited.settle(completion.outcome);
            }
        }
        if wait && idle {
            // The host has nothing under way: whoever waits would wait for ever.
            for (_, awaited) in exchange.awaited.drain() {
                if let Some(awaited) = awaited.upgrade() {
                    let message = "the host ended the request without an outcome".to_owned();
                    awaited.settle(Err(Failure { kind: ErrorKind::Canceled, message }));
                }
            }
        }
    });
}

/// Bytes as the contract carries them.
fn to_payload(bytes: Vec<u8>) -> Payload {
    match String::from_utf8(bytes) {
        Ok(data) => Payload { data, mapped: false },
        Err(error) => Payload { data: to_mapped(error.as_bytes()), mapped: true },
    }
}

/// The bytes that a payload carries; none where a mapped one holds something that is not a byte.
pub(crate) fn to_bytes(payload: Payload) -> Option<Vec<u8>> {
    if payload.mapped { from_mapped(&payload.data) } else { Some(payload.data.into_bytes()) }
}

/// Each byte as the code point of its value.
pub(crate) fn to_mapped(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Each code point as the byte of its value.
pub(crate) fn from_mapped(data: &str) -> Option<Vec<u8>> {
    data.chars().map(|c| u8::try_from(c).ok()).collect()
}
