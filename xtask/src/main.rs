//! Makes components from compiled guests, with the component tools as libraries so that a bare machine needs only cargo.
//!
//! `cargo xtask build` makes dist/likewise.component.wasm (one import) and dist/likewise-wasi.component.wasm (plain WASI-HTTP);
//! `cargo xtask componentize CORE -o OUT [--wit DIR]` turns any core module with wit-bindgen's metadata into a component.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::ComponentSection as _;
use wit_component::ComponentEncoder;
use wit_parser::{PackageMetadata, Resolve};

const USAGE: &str = "usage: cargo xtask build | cargo xtask componentize CORE.wasm -o OUT.wasm [--wit DIR]";

/// The crate that is the component.
const GUEST: &str = "likewise-component";

/// The one import of the shipped component.
const TRANSPORT: &str = "likewise:engine/transport@0.1.0";

/// Carries the documentation of the WIT, which a component's types do not. Not `package-docs`, where WIT packages have theirs: tools that
/// decode a component apply that to the component's own world and refuse the file when its names are not there.
const DOCS_SECTION: &str = "wit-docs";

fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    let args: Vec<&str> = args.iter().map(|arg| arg.to_str().unwrap_or("\u{fffd}")).collect();
    let done = match args.as_slice() {
        ["build"] => build(),
        ["componentize", core, "-o", out] => componentize_file(core, out, None),
        ["componentize", core, "-o", out, "--wit", wit] => componentize_file(core, out, Some(Path::new(wit))),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<()> {
    let root = root();
    let wit = root.join("wit");
    let shipped = with_docs(componentize(&core(&root, None)?)?, &wit)?;
    let imports = imports(&shipped)?;
    ensure!(imports == [TRANSPORT], "the component imports {imports:?}, and not {TRANSPORT} alone");
    let plain = with_docs(componentize(&core(&root, Some("wasi"))?)?, &wit)?;

    let dist = root.join("dist");
    fs::create_dir_all(&dist)?;
    write(&dist.join("likewise.component.wasm"), &shipped)?;
    write(&dist.join("likewise-wasi.component.wasm"), &plain)
}

/// The guest as a core module. Each feature has a folder of its own: in one, either would have to be built anew after the other.
fn core(root: &Path, feature: Option<&str>) -> Result<Vec<u8>> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let target = feature.map_or_else(|| target.clone(), |feature| target.join(feature));
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--locked", "--release", "--target", "wasm32-unknown-unknown", "-p", GUEST]);
    // Added to the flags in .cargo/config.toml.
    cargo.args(["--config", &format!("target.wasm32-unknown-unknown.rustflags={:?}", remapped(root, &target)?)]);
    cargo.env("CARGO_TARGET_DIR", &target).args(feature.iter().flat_map(|feature| ["--features", feature]));
    ensure!(cargo.status().context("cargo cannot be started")?.success(), "the guest does not build");
    let path = target.join("wasm32-unknown-unknown/release").join(GUEST.replace('-', "_")).with_extension("wasm");
    fs::read(&path).with_context(|| path.display().to_string())
}

/// Flags that give sources the same names on every machine: panics carry them, and the component's bytes must not depend on where it
/// was built.
fn remapped(root: &Path, target: &Path) -> Result<Vec<String>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).context("there is no home folder, and no CARGO_HOME")?;
    // A registry's folder is named after its address, and a mirror has another one.
    let registries =
        fs::read_dir(home.join("registry/src")).into_iter().flatten().filter_map(|entry| Some((entry.ok()?.path(), "crates")));
    let registries = registries.map(|(path, name)| (path, name.to_owned()));
    let mut places = vec![(root.to_owned(), "likewise".to_owned()), (target.to_owned(), "target".to_owned())];
    places.extend(registries);
    // The standard library's sources have a name of their own, unless they happen to be installed.
    let library = PathBuf::from(rustc(root, &["--print", "sysroot"])?.trim()).join("lib/rustlib/src/rust");
    let version = rustc(root, &["-vV"])?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).context("rustc does not name its commit")?;
    places.extend(
        [fs::canonicalize(&library).ok(), Some(library)].into_iter().flatten().map(|path| (path, format!("rustc/{commit}"))),
    );
    // The last one that fits is taken: the folder that is within another comes after it.
    places.sort_by_key(|(path, _)| path.components().count());
    Ok(places.iter().map(|(path, name)| format!("--remap-path-prefix={}=/{name}", path.display())).collect())
}

/// What the compiler says of itself.
fn rustc(root: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).current_dir(root).args(args).output();
    Ok(String::from_utf8(output.context("rustc cannot be started")?.stdout)?)
}

fn root() -> PathBuf {
    // Where cargo runs it from, rather than where it was compiled: the folder may have been moved since, and its build folder with it.
    let place = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    place.parent().expect("xtask is a folder of the workspace").to_owned()
}

fn componentize_file(core: &str, out: &str, wit: Option<&Path>) -> Result<()> {
    let mut component = componentize(&fs::read(core).with_context(|| core.to_owned())?)?;
    if let Some(wit) = wit {
        component = with_docs(component, wit)?;
    }
    write(Path::new(out), &component)
}

fn componentize(core: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default().module(core)?.validate(true).encode()
}

/// Append the documentation of a WIT folder, so that whoever has the file has it too.
fn with_docs(mut component: Vec<u8>, wit: &Path) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(wit).with_context(|| wit.display().to_string())?;
    let docs = PackageMetadata::extract(&resolve, package).encode()?;
    let section = wasm_encoder::CustomSection { name: DOCS_SECTION.into(), data: docs.into() };
    section.append_to_component(&mut component);
    Ok(component)
}

/// Names of what a component imports.
fn imports(component: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(component) {
        match payload? {
            wasmparser::Payload::ComponentImportSection(section) => {
                for import in section {
                    names.push(import?.name.name.to_owned());
                }
            }
            // What follows belongs to the components and modules within.
            wasmparser::Payload::ComponentSection { .. } | wasmparser::Payload::ModuleSection { .. } if names.is_empty() => {
                bail!("a part comes before the imports")
            }
            wasmparser::Payload::ComponentSection { .. } | wasmparser::Payload::ModuleSection { .. } => break,
            _ => {}
        }
    }
    Ok(names)
}

/// Write a file if it differs, so that what depends on it is not made again for nothing.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::write(path, bytes).with_context(|| path.display().to_string())
}
