# Every task of the project. `./just` runs it from a bare machine; `./just --list` says what there is.

set shell := ["sh", "-eu", "-c"]

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")
export PIP_DISABLE_PIP_VERSION_CHECK := "1"

toolchain := "1.95.0"
cargo_deny := "0.20.2"
cargo_fuzz := "0.13.2"
pip_audit := "2.10.1"
pyright := "1.1.414"
python := justfile_directory() / ".venv/bin/python"

# List the tasks.
default:
    @just --list --unsorted

# The main job on real input: suggestions, your own options, 99 pages of a local server.
demo: build
    @{{ python }} demo/demo.py

# The component in its two variants, and the wheel, in dist/.
build: _python _component
    @{{ python }} scripts/build_index.py
    @{{ python }} scripts/bill.py
    @{{ python }} scripts/build_wheel.py

# Everything that must hold of the engine, the component and the Python host. JavaScript's tests are `test-js`: they need browsers.
test: test-rust test-py test-reproducible docs

# The engine's own tests.
test-rust: _rust
    cargo test --quiet --locked

# The Python host's tests, against the built component; arguments go to pytest.
test-py *args: build
    {{ python }} -m pytest {{ args }}

# The Python tests against the built wheel on Python 3.10 to 3.13, earlier wasmtime-py and its interpreter; `scripts/compat.py` says how to choose.
test-compat *args: build
    {{ python }} scripts/compat.py {{ args }}

# Everything at once, an hour or SECONDS long, with memory, descriptors and threads drawn in dist/soak.svg.
soak seconds="3600": build
    {{ python }} scripts/soak.py {{ seconds }}

# The component built a second time, in another folder: the same bytes.
test-reproducible: build
    {{ python }} scripts/reproduce.py

# What is locked, looked up in the databases of known vulnerabilities; says which cannot be reached. `check` does what needs no network.
audit: _python _rust
    @{{ python }} -m pip install --quiet pip-audit=={{ pip_audit }}
    @test -x .venv/cargo/bin/cargo-deny || cargo install --quiet --locked --root .venv/cargo cargo-deny@{{ cargo_deny }}
    @. host-js/scripts/node.sh && {{ python }} scripts/audit.py

# The JavaScript host's tests, in Node, Chromium and Firefox.
test-js: build
    sh host-js/test.sh

# The clusters: Ray, Dask and Spark, each on this machine with two workers, in a venv of their own; arguments go to pytest.
test-scale *args: build
    {{ python }} scripts/scale_venv.py
    .venv/scale/bin/python -m pytest tests/scale --import-mode=importlib -q {{ args }}

# Ray on one worker and on two, in turn.
bench-scale *args: build
    {{ python }} scripts/scale_venv.py
    .venv/scale/bin/python bench/scale/run.py {{ args }}

# The page to touch: suggestions on every key press, a race, a fetch.
playground: build
    . host-js/scripts/node.sh && npm run --silent build -w likewise && npm start -w likewise-playground

# RapidFuzz's own test suite against likewise, under RapidFuzz's names.
rapidfuzz-suite *args: build
    {{ python }} scripts/rapidfuzz_suite.py {{ args }}

# Fuzz each target for so many seconds, or those named: `./just fuzz 60`, `./just fuzz 3600 metrics dictionary`. Needs a C++ compiler.
fuzz seconds *targets: build
    @test -x .venv/cargo/bin/cargo-fuzz || cargo install --quiet --locked --root .venv/cargo cargo-fuzz@{{ cargo_fuzz }}
    @{{ python }} -m pip install --quiet -r fuzz/python/requirements.txt
    {{ python }} fuzz/run.py {{ seconds }} {{ targets }}

# Side by side with the peers, in turn, and the plots of it: `./just bench`, or some of startup, boundary, interpreted, similarity, spelling, fetch, tables, longest (ten minutes, only by name).
bench *which: build
    @for bench in {{ if which == "" { "startup boundary interpreted similarity spelling fetch tables" } else { which } }}; do \
        if [ -f "bench/$bench/requirements.txt" ]; then {{ python }} -m pip install --quiet -r "bench/$bench/requirements.txt"; fi; \
        echo "== $bench"; {{ python }} "bench/$bench/run.py"; \
    done
    @{{ python }} scripts/drawings/performance.py

# Learn what typing errors cost from sets of human errors and write the engine's table: `./just learn SETS...`, or `--check SETS...`.
learn *args: _python _rust
    {{ python }} bench/spelling/learn/learn.py {{ args }}

# The documentation's site, in dist/site. A warning, a dead link or an undocumented public name is a failure.
docs: build _docs
    @NO_MKDOCS_2_WARNING=1 {{ python }} -m mkdocs build --strict
    @{{ python }} scripts/site/check.py dist/site

# The documentation's site at http://127.0.0.1:8000, drawn again as its pages change.
docs-serve: build _docs
    @NO_MKDOCS_2_WARNING=1 {{ python }} -m mkdocs serve --dev-addr 127.0.0.1:8000

# Draw the documentation's pictures again: the architecture from the code, the plots from bench/results, the demo from a run of it.
drawings: build
    @{{ python }} scripts/drawings/architecture.py
    @{{ python }} scripts/drawings/performance.py
    @{{ python }} scripts/drawings/terminal.py

# Format, lint, types, licences.
check: _python _rust build _docs
    cargo fmt --all --check
    cargo clippy --quiet --locked --all-targets -- -D warnings
    cargo clippy --quiet --locked --target wasm32-unknown-unknown -p likewise-component -p likewise-http-adapter -- -D warnings
    cargo clippy --quiet --locked --target wasm32-unknown-unknown -p likewise-component --features wasi -- -D warnings
    {{ python }} -m ruff check .
    {{ python }} -m ruff format --check .
    {{ python }} -m mypy
    @{{ python }} -m pip install --quiet "pyright[nodejs]=={{ pyright }}"
    {{ python }} -m pyright --pythonpath {{ python }} tests/typing
    . host-js/scripts/node.sh && npm run --silent build -w likewise && npm run --silent check -w likewise
    @test -x .venv/cargo/bin/cargo-deny || cargo install --quiet --locked --root .venv/cargo cargo-deny@{{ cargo_deny }}
    .venv/cargo/bin/cargo-deny --log-level error check bans licenses sources

# Put the formatters to work.
format: _python _rust
    cargo fmt --all
    {{ python }} -m ruff format .
    {{ python }} -m ruff check --fix .

# Remove everything that was built.
clean:
    rm -rf target dist host-py/bill host-js/bill .venv node_modules host-js/dist host-js/src/generated host-js/playground/dist tests/js/output .pytest_cache .mypy_cache .ruff_cache host-py/src/likewise/data/likewise.component.wasm host-py/src/likewise/data/english.index*

# What is installed, what is missing, and the command that mends it.
doctor:
    @sh scripts/doctor.sh {{ toolchain }}

_python:
    @{{ python }} scripts/sync_venv.py

_docs: _python
    @cmp -s docs/requirements.txt .venv/docs-requirements.txt || {{ python }} -m pip install --quiet -r docs/requirements.txt
    @cp docs/requirements.txt .venv/docs-requirements.txt

_rust:
    @sh scripts/rust.sh {{ toolchain }}

_component: _rust
    @cargo xtask build
    @cmp -s dist/likewise.component.wasm host-py/src/likewise/data/likewise.component.wasm \
        || cp dist/likewise.component.wasm host-py/src/likewise/data/likewise.component.wasm
