#!/bin/sh
# Everything that must hold of the JavaScript host. Installs what it needs; the component must have been built (./just build).
#
# LIKEWISE_JS_MATRIX=full runs more: all of the engine's own tests in Chromium as well as in Node. Without it Chromium runs its vectors and
# its SIMD tests only; everything else, the browsers and the bundlers included, is always run.
set -eu
cd "$(dirname "$0")/.."
if [ ! -f dist/likewise.component.wasm ]; then
    echo "likewise: dist/likewise.component.wasm is missing; ./just build makes it" >&2
    exit 1
fi
. host-js/scripts/node.sh
say() { echo "== $*"; }

say "build, types"
npm run --silent build -w likewise
npm run --silent check -w likewise

run_in() {
    # One file at a time: browsers and servers share the machine's cores.
    "$@" --test --test-reporter=dot --test-concurrency=1 \
        tests/js/engine.test.js tests/js/callers.test.js tests/js/lite.test.js tests/js/worker.test.js tests/js/scrape.test.js tests/js/endurance.test.js tests/js/docs.test.js
}
say "Node $(node --version)"
run_in node
current_node
say "Node $NODE_VERSION with JSPI"
run_in .venv/node/bin/node --experimental-wasm-jspi

say "package, browsers, bundlers, playground"
node --test --test-reporter=dot --test-concurrency=1 \
    tests/js/wasi.test.js tests/js/package.test.js tests/js/types.test.js tests/js/browser.test.js tests/js/bundlers.test.js tests/js/playground.test.js

say "the engine's own tests, compiled to wasm"
sh host-js/scripts/test-engine.sh
