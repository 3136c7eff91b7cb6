//! The tour: a component whose functions show, and test, what crosses the boundary between Python and WebAssembly.
//!
//! Nothing here is hard; what matters is the contract in `wit/tour.wit`.

#[allow(missing_docs, unreachable_pub)]
mod bindings {
    wit_bindgen::generate!({
        path: "wit",
        world: "tour",
        generate_all,
    });
}

mod articles;
mod bench;
mod objects;
mod types;

struct Tour;

impl bindings::Guest for Tour {
    fn version() -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }
}

bindings::export!(Tour with_types_in bindings);
