//! WASI-HTTP 0.2 for one client, over the engine's one host import.
//!
//! A client written to the bindings of the `wasip2` crate finds its modules, types and functions here under the same names, as far as
//! the fetch session uses them, and all they need of the world is `likewise:engine/transport`. Requests are collected as they
//! are handed in and go out together at the next poll, so that many cost one crossing to the host; responses arrive whole.
//!
//! It is linked into the client's own module. As a component of its own, composed with the client's, it was correct and slow: each of
//! the dozen handles and strings that make up a request crossed from one memory to the other, and content byte by byte.
//!
//! Two things reach past WASI: a failure is `error-code::internal-error` with the text "kind: message" (the kinds of `transport.error-kind`),
//! because WASI's own codes have no room for the message; and [`told`] gives what the host says of a response beyond HTTP.

#![allow(clippy::result_unit_err, reason = "the signatures are WASI's")]

#[allow(missing_docs, unreachable_pub, clippy::all, clippy::undocumented_unsafe_blocks, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "adapter" });
}

mod exchange;
mod headers;
#[cfg(not(target_family = "wasm"))]
pub mod host;
pub mod http;
pub mod io;

/// What a host says of a response beyond HTTP.
#[derive(Clone, Default)]
pub struct Told {
    /// The request whose response the host keeps.
    pub kept: Option<u32>,
    /// Time from the request to the last byte, in microseconds.
    pub elapsed_us: Option<u64>,
    /// The header fields as the host sent them: lines "name: value", each byte as the code point of its value. Most fields are never asked
    /// for, and taking all apart took a tenth of the guest's time.
    pub lines: Option<String>,
}

/// What the transport's host says of a response.
pub fn told(response: &http::types::IncomingResponse) -> Told {
    response.told.clone()
}
