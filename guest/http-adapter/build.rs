//! Generates the bindings of the adapter's world: imports `likewise:engine/transport`, exports what a client of WASI-HTTP 0.2
//! imports. WASI's WIT texts are read from the sources of the `wasip2` crate that cargo has fetched, so none is kept here.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use wit_bindgen_core::wit_parser::{InterfaceId, Resolve, UnresolvedPackageGroup, WorldItem, WorldKey};
use wit_bindgen_core::{Files, WorldGenerator};
use wit_bindgen_rust::Opts;

/// What a client of WASI-HTTP needs, in the order in which they refer to each other.
const EXPORTS: [(&str, &str); 6] = [
    ("io", "error"),
    ("io", "poll"),
    ("io", "streams"),
    ("clocks", "monotonic-clock"),
    ("http", "types"),
    ("http", "outgoing-handler"),
];

/// Functions left out: those that only a server calls, and the clock's (`http/types` needs its `duration` type alone).
const LEFT_OUT: [&str; 4] = ["incoming-request", "outgoing-response", "response-outparam", "monotonic-clock"];

fn main() {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let ours = manifest.join("../../wit");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", ours.display());

    let mut resolve = Resolve::default();
    let mut wasi = Vec::new();
    let texts = wasi_texts(&manifest);
    for file in ["io", "clocks", "random", "filesystem", "sockets", "cli", "http"] {
        let path = texts.join(file).with_extension("wit");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let group = UnresolvedPackageGroup::parse(&path, &text).expect("WASI's texts parse");
        let package = resolve.push_group(group).expect("WASI's texts resolve");
        wasi.push((file, package));
    }
    let (engine, _) = resolve.push_dir(&ours).expect("the contract resolves");
    let world = resolve.select_world(&[engine], Some("adapter")).expect("the contract has the world `adapter`");

    for (package, name) in EXPORTS {
        let (_, package) = wasi.iter().find(|(file, _)| *file == package).expect("listed above");
        let interface: InterfaceId = resolve.packages[*package].interfaces[name];
        let left_out = |function: &str| {
            LEFT_OUT.contains(&name) || LEFT_OUT.iter().any(|resource| function.contains(&format!("]{resource}")))
        };
        resolve.interfaces[interface].functions.retain(|function, _| !left_out(function));
        let item = WorldItem::Interface {
            id: interface,
            stability: Default::default(),
            external_id: None,
            docs: Default::default(),
            span: Default::default(),
        };
        resolve.worlds[world].exports.insert(WorldKey::Interface(interface), item);
    }

    let mut files = Files::default();
    let opts = Opts { generate_all: true, ..Opts::default() };
    opts.build().generate(&mut resolve, world, &mut files).expect("bindings");
    let (_, code) = files.iter().next().expect("one file");
    fs::write(out.join("bindings.rs"), code).expect("cargo's output folder can be written");
}

/// The folder of WASI's texts in the `wasip2` crate's sources.
fn wasi_texts(manifest: &Path) -> PathBuf {
    let cargo = env::var("CARGO").expect("cargo sets it");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(manifest)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let wasip2 = packages.iter().find(|package| package["name"] == "wasip2").expect("the workspace depends on wasip2");
    let path = wasip2["manifest_path"].as_str().expect("a path");
    Path::new(path).with_file_name("wit").join("deps")
}
