#!/bin/sh
# Makes sure of wasm-bindgen in the version that Cargo.lock has, and of the standard library's sources; both for likewise/lite.
# A debug build of the tool takes a quarter of the time to compile and is quick enough for a module of 30 KB.
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
tool=.venv/cargo/bin/wasm-bindgen
if [ "$("$tool" --version 2>/dev/null || true)" != "wasm-bindgen $version" ]; then
    echo "likewise: installing wasm-bindgen $version" >&2
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/wasm-bindgen-cli \
        cargo install --quiet --force --debug --root .venv/cargo "wasm-bindgen-cli@$version"
fi
rustup component list --installed 2>/dev/null | grep -q '^rust-src' || rustup component add rust-src >&2
