//! What is on its way: requests handed in and not yet sent, responses awaited, and the one call that moves both.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use crate::bindings::likewise::engine::transport::{ErrorKind, Failure, Payload, Request, Response};

#[cfg(target_family = "wasm")]
use crate::bindings::likewise::engine::transport as host;
#[cfg(not(target_family = "wasm"))]
use crate::host;

/// What a request came to, a response with the request's number.
pub(crate) type Outcome = Result<(u32, Response), Failure>;

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
    requests: Vec<Request>,
    awaited: HashMap<u32, Weak<Awaited>>,
}

thread_local! {
    static EXCHANGE: RefCell<Exchange> = RefCell::default();
}

/// Take on a request, which gets its number here; it goes out at the next turn.
pub(crate) fn submit(mut request: Request) -> Rc<Awaited> {
    let awaited = Rc::new(Awaited::default());
    EXCHANGE.with_borrow_mut(|exchange| {
        exchange.last_id = exchange.last_id.wrapping_add(1);
        request.id = exchange.last_id;
        exchange.awaited.insert(request.id, Rc::downgrade(&awaited));
        exchange.requests.push(request);
    });
    awaited
}

/// Send what has been handed in and wait for what arrives: at least one outcome, or none is left to wait for.
pub(crate) fn turn() {
    let requests = EXCHANGE.with_borrow_mut(|exchange| std::mem::take(&mut exchange.requests));
    // No borrow is held across the call: the host may trap out of it.
    let completions = host::exchange(&requests, true);
    let idle = completions.is_empty();
    EXCHANGE.with_borrow_mut(|exchange| {
        for completion in completions {
            if let Some(awaited) = exchange.awaited.remove(&completion.id).and_then(|awaited| awaited.upgrade()) {
                awaited.settle(completion.outcome.map(|response| (completion.id, response)));
            }
        }
        if idle {
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

/// Begin anew.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn forget() {
    EXCHANGE.take();
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
