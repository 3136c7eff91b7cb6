//! `wasi:io`: a poll that turns the exchange, and streams over content that is whole.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::Adapter;
use crate::bindings::exports::wasi::io::{error, poll, streams};
use crate::exchange::{self, Awaited, Content};
use poll::PollableBorrow;
use streams::{InputStreamBorrow, StreamError};

/// What the client waits for.
pub(crate) enum Pollable {
    /// Something already here.
    Ready,
    /// A response.
    Response(Rc<Awaited>),
}

impl Pollable {
    fn is_ready(&self) -> bool {
        match self {
            Pollable::Ready => true,
            Pollable::Response(awaited) => awaited.is_settled(),
        }
    }
}

impl poll::Guest for Adapter {
    type Pollable = Pollable;

    fn poll(pollables: Vec<PollableBorrow<'_>>) -> Vec<u32> {
        assert!(!pollables.is_empty(), "wasi:io/poll: an empty list never becomes ready");
        loop {
            let ready: Vec<u32> =
                (0..).zip(&pollables).filter(|(_, p)| p.get::<Pollable>().is_ready()).map(|(index, _)| index).collect();
            // Even when something is ready: what has been handed in meanwhile goes on its way.
            exchange::turn(ready.is_empty());
            if !ready.is_empty() {
                return ready;
            }
        }
    }
}

impl poll::GuestPollable for Pollable {
    fn ready(&self) -> bool {
        if !self.is_ready() {
            exchange::turn(false);
        }
        self.is_ready()
    }

    fn block(&self) {
        while !self.is_ready() {
            exchange::turn(true);
        }
    }
}

/// An error of a stream. None is ever made: content is whole before a stream exists.
pub(crate) struct Error;

impl error::Guest for Adapter {
    type Error = Error;
}

impl error::GuestError for Error {
    fn to_debug_string(&self) -> String {
        "stream error".to_owned()
    }
}

/// A response's content, read from the front.
pub(crate) struct InputStream {
    bytes: RefCell<Vec<u8>>,
    position: Cell<usize>,
}

impl InputStream {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: RefCell::new(bytes), position: Cell::new(0) }
    }

    fn left(&self) -> usize {
        self.bytes.borrow().len() - self.position.get()
    }

    fn advance(&self, len: u64) -> Result<std::ops::Range<usize>, StreamError> {
        let left = self.left();
        if left == 0 {
            return Err(StreamError::Closed);
        }
        let start = self.position.get();
        let end = start + usize::try_from(len).unwrap_or(left).min(left);
        self.position.set(end);
        Ok(start..end)
    }
}

impl streams::Guest for Adapter {
    type InputStream = InputStream;
    type OutputStream = OutputStream;
}

impl streams::GuestInputStream for InputStream {
    fn read(&self, len: u64) -> Result<Vec<u8>, StreamError> {
        let range = self.advance(len)?;
        if range.len() == self.bytes.borrow().len() {
            self.position.set(0);
            return Ok(self.bytes.take());
        }
        Ok(self.bytes.borrow()[range].to_vec())
    }

    fn blocking_read(&self, len: u64) -> Result<Vec<u8>, StreamError> {
        self.read(len)
    }

    fn skip(&self, len: u64) -> Result<u64, StreamError> {
        Ok(self.advance(len)?.len() as u64)
    }

    fn blocking_skip(&self, len: u64) -> Result<u64, StreamError> {
        self.skip(len)
    }

    fn subscribe(&self) -> poll::Pollable {
        poll::Pollable::new(Pollable::Ready)
    }
}

/// A request's content, collected until it is whole.
pub(crate) struct OutputStream(pub(crate) Rc<Content>);

impl OutputStream {
    fn append(&self, contents: &[u8]) -> Result<(), StreamError> {
        if !self.0.open.get() {
            return Err(StreamError::Closed);
        }
        self.0.bytes.borrow_mut().get_or_insert_default().extend_from_slice(contents);
        Ok(())
    }

    fn append_zeroes(&self, len: u64) -> Result<(), StreamError> {
        // WASI allows as many as `check-write` said.
        let len = usize::try_from(len).map_or(WRITE_AT_ONCE, |len| len.min(WRITE_AT_ONCE));
        self.append(&vec![0; len])
    }

    fn take_from(&self, source: &InputStreamBorrow<'_>, len: u64) -> Result<u64, StreamError> {
        let contents = streams::GuestInputStream::read(source.get::<InputStream>(), len.min(WRITE_AT_ONCE as u64))?;
        self.append(&contents)?;
        Ok(contents.len() as u64)
    }
}

/// What `check-write` allows: nothing waits for a peer here, so this only bounds one copy.
const WRITE_AT_ONCE: usize = 1 << 20;

impl streams::GuestOutputStream for OutputStream {
    fn check_write(&self) -> Result<u64, StreamError> {
        if self.0.open.get() { Ok(WRITE_AT_ONCE as u64) } else { Err(StreamError::Closed) }
    }

    fn write(&self, contents: Vec<u8>) -> Result<(), StreamError> {
        self.append(&contents)
    }

    fn blocking_write_and_flush(&self, contents: Vec<u8>) -> Result<(), StreamError> {
        self.append(&contents)
    }

    fn flush(&self) -> Result<(), StreamError> {
        Ok(())
    }

    fn blocking_flush(&self) -> Result<(), StreamError> {
        Ok(())
    }

    fn subscribe(&self) -> poll::Pollable {
        poll::Pollable::new(Pollable::Ready)
    }

    fn write_zeroes(&self, len: u64) -> Result<(), StreamError> {
        self.append_zeroes(len)
    }

    fn blocking_write_zeroes_and_flush(&self, len: u64) -> Result<(), StreamError> {
        self.append_zeroes(len)
    }

    fn splice(&self, source: InputStreamBorrow<'_>, len: u64) -> Result<u64, StreamError> {
        self.take_from(&source, len)
    }

    fn blocking_splice(&self, source: InputStreamBorrow<'_>, len: u64) -> Result<u64, StreamError> {
        self.take_from(&source, len)
    }
}
