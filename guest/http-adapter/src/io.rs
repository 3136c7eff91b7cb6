//! `wasi:io`: a poll that turns the exchange, and streams over content that is whole.

/// `wasi:io/poll`.
pub mod poll {
    use std::rc::Rc;

    use crate::exchange::{self, Awaited};

    /// What the client waits for: a response, or something already here.
    pub struct Pollable(pub(crate) Option<Rc<Awaited>>);

    impl Pollable {
        fn is_ready(&self) -> bool {
            self.0.as_ref().is_none_or(|awaited| awaited.is_settled())
        }
    }

    /// Positions of those that are ready, at least one. Traps on an empty list, which never becomes ready.
    pub fn poll(pollables: &[&Pollable]) -> Vec<u32> {
        assert!(!pollables.is_empty(), "wasi:io/poll: an empty list never becomes ready");
        loop {
            let ready: Vec<u32> = (0..).zip(pollables).filter(|(_, pollable)| pollable.is_ready()).map(|(at, _)| at).collect();
            if !ready.is_empty() {
                return ready;
            }
            // Not before: the host keeps what it gave only until it is asked again.
            exchange::turn();
        }
    }
}

/// `wasi:io/error`.
pub mod error {
    /// An error of a stream. There is none: content is whole before a stream exists.
    pub enum Error {}

    impl Error {
        /// Text for people.
        pub fn to_debug_string(&self) -> String {
            match *self {}
        }
    }
}

/// `wasi:io/streams`.
pub mod streams {
    use std::cell::RefCell;

    use super::error::Error;
    use super::poll::Pollable;

    /// Why a read gave nothing.
    pub enum StreamError {
        /// Never.
        LastOperationFailed(Error),
        /// All has been read.
        Closed,
    }

    /// A response's content.
    pub struct InputStream(pub(crate) RefCell<Vec<u8>>);

    impl InputStream {
        /// The next bytes, at most `len`.
        pub fn read(&self, len: u64) -> Result<Vec<u8>, StreamError> {
            let mut bytes = self.0.borrow_mut();
            if bytes.is_empty() {
                return Err(StreamError::Closed);
            }
            match usize::try_from(len) {
                Ok(len) if len < bytes.len() => {
                    let rest = bytes.split_off(len);
                    Ok(std::mem::replace(&mut bytes, rest))
                }
                _ => Ok(std::mem::take(&mut bytes)),
            }
        }

        /// Ready at once.
        pub fn subscribe(&self) -> Pollable {
            Pollable(None)
        }
    }
}
