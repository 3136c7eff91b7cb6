"""A new component in Rust, with the Python package that uses it: `likewise new NAME`.

What is written builds and passes its test as it is. It needs cargo and its wasm32-unknown-unknown target, and nothing else: the
component is made of the compiled module by a small program of the project's own, on the library that wasm-tools is made of.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Template

__all__ = ["scaffold"]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")

#: Rust's words, which cannot name a crate, and WIT's, which cannot name a package or world without an escape.
_RESERVED = frozenset(
    """
    abstract as async await become box break const continue core crate do dyn else enum export extern final fn for func guest if
    impl import in include interface let list loop macro match mod move mut option override package priv proc ref resource
    result return self static std string struct super test trait try tuple type typeof unsafe unsized use variant virtual where
    while with world xtask yield
    """.split()  # a text is easier to read than a list of seventy strings
)

_FILES = {
    ".gitignore": """\
/target/
/$module/
__pycache__/
.pytest_cache/
""",
    "README.md": """\
# $name

A WebAssembly component in Rust, and its typed Python package.

    python build.py         # compile the guest, make the component, write the package $module/
    python -m pytest        # test it from Python
    python example.py

`wit/world.wit` is the contract: change it first, then `guest/src/lib.rs` until it compiles. `build.py` needs cargo
(https://rustup.rs) and its target: `rustup target add wasm32-unknown-unknown`.
""",
    "Cargo.toml": """\
[workspace]
resolver = "3"
members = ["guest", "xtask"]

[profile.release]
opt-level = "s"
lto = true
codegen-units = 1
panic = "abort"
strip = "debuginfo"
""",
    "rust-toolchain.toml": """\
[toolchain]
channel = "stable"
targets = ["wasm32-unknown-unknown"]
""",
    ".cargo/config.toml": """\
[alias]
xtask = "run --quiet --package xtask --"
""",
    "wit/world.wit": """\
package example:$name@0.1.0;

/// What $name does.
interface words {
    /// A word and how often it stands in a text.
    record count {
        /// The word, in lower case.
        word: string,
        /// How often.
        times: u32,
    }

    /// The words of a text, the most frequent first, at most `limit` of them. Fails when `limit` is 0.
    count-words: func(text: string, limit: option<u32>) -> result<list<count>, string>;
}

/// The component.
world $name {
    export words;
}
""",
    "guest/Cargo.toml": """\
[package]
name = "$name"
version = "0.1.0"
edition = "2024"
publish = false

[lib]
crate-type = ["cdylib"]

[dependencies]
wit-bindgen = { version = "0.62.0", default-features = false, features = ["macros", "realloc"] }
""",
    "guest/src/lib.rs": """\
//! The component: `wit/world.wit`, implemented.

mod bindings {
    wit_bindgen::generate!({ path: "../wit", world: "$name" });
}

use std::collections::HashMap;

use bindings::exports::example::$rust::words::{Count, Guest};

struct Component;

impl Guest for Component {
    fn count_words(text: String, limit: Option<u32>) -> Result<Vec<Count>, String> {
        if limit == Some(0) {
            return Err("limit: 0 asks for nothing; give 1 or more, or leave it out".to_owned());
        }
        let mut times: HashMap<String, u32> = HashMap::new();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *times.entry(word.to_lowercase()).or_default() += 1;
        }
        let mut counts: Vec<Count> = times.into_iter().map(|(word, times)| Count { word, times }).collect();
        counts.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.word.cmp(&b.word)));
        counts.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
        Ok(counts)
    }
}

bindings::export!(Component with_types_in bindings);
""",
    "xtask/Cargo.toml": """\
[package]
name = "xtask"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
anyhow = "1"
wasm-encoder = { version = "0.258", features = ["component-model"] }
wit-component = "0.258"
wit-parser = { version = "0.258", features = ["serde"] }
""",
    "xtask/src/main.rs": """\
//! Makes the component: `cargo xtask`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use wasm_encoder::ComponentSection as _;
use wit_component::ComponentEncoder;
use wit_parser::{PackageMetadata, Resolve};

const TARGET: &str = "wasm32-unknown-unknown";

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--release", "--package", "$name", "--target", TARGET]);
    ensure!(cargo.status()?.success(), "the guest does not build; is the target there? rustup target add {TARGET}");

    let core = target.join(TARGET).join("release/$rust.wasm");
    let module = fs::read(&core).with_context(|| core.display().to_string())?;
    let mut component = ComponentEncoder::default().module(&module)?.validate(true).encode()?;

    // The documentation of the WIT goes along, for whoever binds or inspects the component.
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root.join("wit"))?;
    let docs = PackageMetadata::extract(&resolve, package).encode()?;
    let section = wasm_encoder::CustomSection { name: PackageMetadata::SECTION_NAME.into(), data: docs.into() };
    section.append_to_component(&mut component);

    // Beside the workspace's own build, wherever CARGO_TARGET_DIR points.
    let out = root.join("target");
    fs::create_dir_all(&out)?;
    fs::write(out.join("$name.component.wasm"), component)?;
    Ok(())
}
""",
    "build.py": '''\
"""Build the component and the Python package that uses it."""

import subprocess
from pathlib import Path

from likewise.component.bind import bind

ROOT = Path(__file__).parent

if __name__ == "__main__":
    subprocess.run(["cargo", "xtask"], cwd=ROOT, check=True)
    print("wrote", bind(ROOT / "target" / "$name.component.wasm", ROOT / "$module"))
''',
    "example.py": '''\
"""Typed use of the component."""

import $module

TEXT = "the cat and the dog and the bird"

with $module.load() as component:
    for count in component.words.count_words(TEXT, limit=2):
        print(count.word, count.times)
''',
    "test_$module.py": '''\
"""The component, tested from Python."""

import pytest
from likewise.component import ComponentError

import $module
from $module.words import Count


def test_the_most_frequent_words_come_first() -> None:
    with $module.load() as component:
        counts = component.words.count_words("the cat and the dog and the bird", limit=2)
        assert counts == [Count("the", 3), Count("and", 2)]
        assert component.words.count_words("") == []


def test_a_limit_of_nothing_is_an_error() -> None:
    with $module.load() as component, pytest.raises(ComponentError, match="limit"):
        component.words.count_words("a", limit=0)
''',
}


def scaffold(name: str, directory: str | Path = ".") -> Path:
    """Write a new project into a new folder called `name` in `directory`.

    Args:
        name: the component's name in kebab-case: lower-case letters and digits, words joined by hyphens.
        directory: where to make the folder.

    Returns:
        The new folder.

    Raises:
        ValueError: the name is not one.
        FileExistsError: there is something of that name already.
    """
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise ValueError(f"{name!r} cannot be a component's name: use lower-case words joined by hyphens, such as price-list")
    folder = Path(directory) / name
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise FileExistsError(f"{folder} exists: choose another name, or another folder to make it in") from None
    # The package needs a name of its own beside the crate's: "words" would shadow nothing, but "json" would.
    values = {"name": name, "rust": name.replace("-", "_"), "module": name.replace("-", "_") + "_component"}
    try:
        for path, text in _FILES.items():
            file = folder / Template(path).substitute(values)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(Template(text).substitute(values), encoding="utf-8")
    except BaseException:
        # Half a project would be in the way of the next try.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder
