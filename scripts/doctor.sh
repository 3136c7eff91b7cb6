#!/bin/sh
# Says what is installed, what is missing, and the exact command that mends it. Exit 1 when something needed is missing.
set -u
toolchain=$1
missing=0

row() { printf '%-10s %-28s %s\n' "$1" "$2" "$3"; }
need() { row missing "$1" "$2"; missing=1; }

if [ -x .venv/bin/python ]; then
    row ok "python" "$(.venv/bin/python --version 2>&1) in .venv"
else
    need "python >= 3.10" "./just build"
fi
if command -v rustup >/dev/null 2>&1; then
    row ok "rustup" "$(rustup --version 2>/dev/null)"
    if rustup target list --installed --toolchain "$toolchain" 2>/dev/null | grep -qx wasm32-unknown-unknown; then
        row ok "rust $toolchain" "with wasm32-unknown-unknown"
    else
        need "rust $toolchain" "rustup toolchain install $toolchain --profile minimal --component rustfmt --component clippy --target wasm32-unknown-unknown"
    fi
else
    need "rustup" "curl --proto '=https' -sSf https://sh.rustup.rs | sh"
fi
for built in dist/likewise.component.wasm dist/likewise-wasi.component.wasm; do
    if [ -f "$built" ]; then
        row ok "$built" "$(wc -c < "$built" | tr -d ' ') bytes"
    else
        row "to build" "$built" "./just build"
    fi
done
if command -v node >/dev/null 2>&1; then
    row ok "node" "$(node --version)"
else
    row optional "node >= 20" "only for the JavaScript host: https://nodejs.org"
fi
if [ -x .venv/bin/likewise ]; then
    .venv/bin/likewise doctor || missing=1
else
    row "to build" "the likewise package" "./just build"
fi
exit $missing
