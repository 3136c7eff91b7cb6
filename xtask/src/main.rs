//! Makes the components.
fn main() {}
