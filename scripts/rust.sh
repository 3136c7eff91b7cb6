#!/bin/sh
# Makes sure that the pinned Rust toolchain with the wasm target is here.
set -eu
toolchain=$1
target=wasm32-unknown-unknown

if ! command -v rustup >/dev/null 2>&1; then
    echo "likewise: building the component needs Rust $toolchain with the target $target; install rustup (https://rustup.rs) and run this again" >&2
    exit 1
fi
if ! rustup target list --installed --toolchain "$toolchain" 2>/dev/null | grep -qx "$target"; then
    echo "likewise: installing Rust $toolchain with $target" >&2
    rustup toolchain install "$toolchain" --profile minimal --component rustfmt --component clippy --target "$target"
fi
