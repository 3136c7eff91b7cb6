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
    if payload.mapped { from_mapped(payload.data) } else { Some(payload.data.into_bytes()) }
}

/// Each byte as the code point of its value.
pub(crate) fn to_mapped(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Each code point as the byte of its value. In place: a large content has no second one beside it.
pub(crate) fn from_mapped(data: String) -> Option<Vec<u8>> {
    let mut bytes = data.into_bytes();
    let mut from = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len());
    let mut to = from;
    while let Some(&byte) = bytes.get(from) {
        // U+0080 to U+00FF are two bytes in UTF-8, of which the first has the upper two bits.
        let (value, length) = match byte {
            0..0x80 => (byte, 1),
            0xC2 | 0xC3 => (byte << 6 | bytes[from + 1] & 0x3F, 2),
            _ => return None,
        };
        bytes[to] = value;
        from += length;
        to += 1;
    }
    bytes.truncate(to);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{from_mapped, to_mapped};

    #[test]
    fn mapped_bytes_come_back() {
        let all: Vec<u8> = (0..=255).collect();
        for bytes in [&all[..], &all[..128], &all[128..], b"", b"a", b"\xFF"] {
            assert_eq!(from_mapped(to_mapped(bytes)).as_deref(), Some(bytes));
        }
        for text in ["\u{100}", "a\u{20AC}", "\u{FF}\u{10FFFF}"] {
            assert_eq!(from_mapped(text.to_owned()), None);
        }
    }
}
