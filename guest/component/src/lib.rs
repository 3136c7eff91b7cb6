//! The component: the exports of the contract on the engine's crates, and the fetch session on WASI-HTTP 0.2.
//!
//! Everything but [`scraper`] only forwards.

#![allow(clippy::undocumented_unsafe_blocks, reason = "all of it is generated: the bindings and what `export!` makes")]

#[allow(missing_docs, unreachable_pub, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "guest",
        generate_all,
    });
}

// One session, two hosts: WASI-HTTP as the host has it, or as the adapter makes it of `likewise:engine/transport`.
#[cfg(not(feature = "wasi"))]
use likewise_http_adapter as wasi;
#[cfg(feature = "wasi")]
mod wasi {
    pub(crate) use wasip2::{http, io};

    /// What a host says of a response beyond HTTP: nothing.
    #[derive(Default)]
    pub(crate) struct Told {
        pub(crate) kept: Option<u32>,
        pub(crate) elapsed_us: Option<u64>,
        pub(crate) lines: Option<String>,
    }

    pub(crate) fn told(_: &http::types::IncomingResponse) -> Told {
        Told::default()
    }
}

#[cfg(feature = "wasi")]
mod command;
mod dictionary;
mod flight;
mod page;
mod scraper;
mod similarity;

struct Component;

bindings::export!(Component with_types_in bindings);
#[cfg(feature = "wasi")]
wasip2::cli::command::export!(Component);
