#!/bin/sh
# Runs the similarity crate's own tests in JavaScript engines: in Node and in Chromium.
set -eu
cd "$(dirname "$0")/../.."
sh host-js/scripts/tools.sh
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="$PWD/.venv/cargo/bin/wasm-bindgen-test-runner"
export CARGO_PROFILE_DEV_OPT_LEVEL=2 CARGO_PROFILE_DEV_DEBUG=0
# The properties try hundreds of texts each.
export WASM_BINDGEN_TEST_TIMEOUT=300

run() {
    cargo test --locked -p likewise-similarity --target wasm32-unknown-unknown "$@"
}

run --lib --tests

if ! command -v chromedriver >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium-driver >/dev/null
    else
        echo "likewise: running the engine's tests in Chromium needs chromedriver; on Debian: apt-get install chromium-driver" >&2
        exit 1
    fi
fi
export WASM_BINDGEN_USE_BROWSER=1 CHROMEDRIVER="$(command -v chromedriver)"
if [ "${LIKEWISE_JS_MATRIX:-}" = full ]; then
    run --lib --tests
else
    # What depends on the engine that runs it: SIMD, and the answers. The properties have just been tried in Node's V8.
    run --test vectors
    run --lib lanes
fi
