//! The transport's other side where nothing is imported: off WebAssembly, for the fuzzer that plays the host.

use std::cell::RefCell;

pub use crate::bindings::likewise::engine::transport::{Completion, ErrorKind, Failure, Payload, Request, Response};

/// What carries out requests, or says so: `transport.exchange` of the contract.
pub trait Host {
    /// Take on requests, and give whatever has completed.
    fn exchange(&mut self, submit: &[Request], wait: bool) -> Vec<Completion>;
}

thread_local! {
    static HOST: RefCell<Option<Box<dyn Host>>> = const { RefCell::new(None) };
}

/// From here on this thread's requests go to `host`, as if a new instance had begun: what was under way is forgotten.
pub fn install(host: impl Host + 'static) {
    crate::exchange::forget();
    HOST.set(Some(Box::new(host)));
}

pub(crate) fn exchange(submit: &[Request], wait: bool) -> Vec<Completion> {
    HOST.with_borrow_mut(|host| host.as_mut().expect("a host is installed").exchange(submit, wait))
}
