//! WASI-HTTP 0.2 for one client, in wasm, over the engine's one host import.
//!
//! A guest written to WASI-HTTP drops in: `wasi:http/types`, `outgoing-handler`, `io/poll`, `io/streams` and `io/error` are
//! exported here, and all they need of the world is `likewise:engine/transport`. Requests are collected as they are handed in
//! and go out together at the next poll, so that many cost one crossing to the host; responses arrive whole.
//!
//! Two conventions reach past WASI:
//! - a failure is `error-code::internal-error` with the text "kind: message" (the kinds of `transport.error-kind`), because
//!   WASI's own codes have no room for the message;
//! - a response carries the field `likewise-elapsed-us` with the host's measure; one of that name from a server is dropped.

#![allow(clippy::undocumented_unsafe_blocks, reason = "all of it is generated: the bindings and what `export!` makes")]

// The generated code is not held to this crate's rules.
#[allow(missing_docs, unreachable_pub, clippy::all)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

mod exchange;
mod http;
mod io;

struct Adapter;

bindings::export!(Adapter with_types_in bindings);
