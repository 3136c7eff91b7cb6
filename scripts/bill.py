"""What the packages contain that others made: bills of materials (CycloneDX 1.6) and licence texts, for the wheel and the npm package.

scripts/bill.py    writes host-py/bill/ and host-js/bill/; `./just build` calls it when the component is built.

The component's bill is read from cargo's own resolution for the component's target, without build tools and procedural macros, of which nothing is
in the file. Same sources, same bytes: no time, and a serial number made of the content.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
COMPONENT = ROOT / "dist" / "likewise.component.wasm"
TARGET = "wasm32-unknown-unknown"
COMPONENT_CRATE = "likewise-component"

#: Files of a crate in which its licence and its notices are.
TERMS = re.compile(r"(licen[cs]e|copying|notice|unlicense)[^/]*", re.IGNORECASE)


def crates() -> list[dict[str, Any]]:
    """The packages of cargo that are compiled into the component, ours first, each with the names of those that it needs."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}

    # cargo metadata counts the features that any package of the workspace wants; cargo tree, those of the component's build.
    tree = ["cargo", "tree", "--locked", "--package", COMPONENT_CRATE, "--target", TARGET]
    tree += ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
    lines = subprocess.run(tree, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    built = {tuple(line.split()[:2]) for line in lines}

    found: dict[str, dict[str, Any]] = {}
    waiting = [next(id for id, package in packages.items() if package["name"] == COMPONENT_CRATE)]
    while waiting:
        id = waiting.pop(0)
        if id in found:
            continue
        needed = [
            dep["pkg"]
            for dep in nodes[id]["deps"]
            if any(kind["kind"] is None for kind in dep["dep_kinds"]) and named(packages[dep["pkg"]]) in built
        ]
        found[id] = {**packages[id], "needs": needed}
        waiting += sorted(needed)
    return list(found.values())


def named(package: dict[str, Any]) -> tuple[str, str]:
    """A package as cargo tree prints it."""
    return package["name"], "v" + package["version"]


def checksums() -> dict[tuple[str, str], str]:
    """SHA-256 of each crate's archive, from the lock file."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(p["name"], p["version"]): p["checksum"] for p in lock["package"] if "checksum" in p}


def bill(package: str, version: str, compiled: list[dict[str, Any]], requirements: list[str]) -> dict[str, Any]:
    """A bill of materials for a package that carries the component. `requirements` are what its installer adds."""
    sums = checksums()

    def reference(crate: dict[str, Any]) -> str:
        return f"pkg:cargo/{crate['name']}@{crate['version']}"

    by_id = {crate["id"]: crate for crate in compiled}
    components: list[dict[str, Any]] = [
        {
            "type": "library",
            "bom-ref": "likewise.component.wasm",
            "name": "likewise.component.wasm",
            "version": version,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(COMPONENT.read_bytes()).hexdigest()}],
            "licenses": [{"expression": "MIT OR Apache-2.0"}],
        },
        {
            "type": "data",
            "bom-ref": "scowl",
            "name": "scowl",
            "version": "2020.12.07",
            "description": "English words by commonness (Spell Checker Oriented Word Lists)",
            "licenses": [{"license": {"name": "SCOWL's own, permissive; its text is beside the words"}}],
        },
    ]
    for crate in compiled:
        ours = crate["source"] is None
        entry: dict[str, Any] = {
            "type": "library",
            "bom-ref": reference(crate),
            "name": crate["name"],
            "version": crate["version"],
            "licenses": [{"expression": crate["license"].replace("/", " OR ")}],
            "purl": reference(crate),
        }
        if not ours:
            entry["hashes"] = [{"alg": "SHA-256", "content": sums[crate["name"], crate["version"]]}]
        components.append(entry)
    needs = {"likewise.component.wasm": [reference(compiled[0])]}
    needs |= {reference(crate): sorted(reference(by_id[id]) for id in crate["needs"]) for crate in compiled}
    for name in requirements:
        components.append({"type": "library", "bom-ref": f"pkg:pypi/{name}", "name": name, "purl": f"pkg:pypi/{name}"})
    root = f"{package}@{version}"
    needs[root] = ["likewise.component.wasm", "scowl", *(f"pkg:pypi/{name}" for name in requirements)]
    whole: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": root,
                "name": "likewise",
                "version": version,
                "purl": root,
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
            }
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": refs} for ref, refs in sorted(needs.items())],
    }
    whole["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(whole, sort_keys=True)).urn
    return whole


def licences(compiled: list[dict[str, Any]]) -> str:
    """The licence texts of what is compiled in, each once, headed by the crates that it is of."""
    texts: dict[str, list[str]] = {}
    without: list[str] = []
    for crate in compiled:
        if crate["source"] is None:
            continue
        name = f"{crate['name']} {crate['version']} ({crate['license']})"
        folder = Path(crate["manifest_path"]).parent
        files = sorted(path for path in folder.iterdir() if path.is_file() and TERMS.fullmatch(path.name))
        for path in files:
            text = "\n".join(line.rstrip() for line in path.read_text(errors="replace").strip().splitlines())
            owners = texts.setdefault(text, [])
            if name not in owners:
                owners.append(name)
        if not files:
            without.append(f"{name}, {crate['repository']}")
    parts = ["What others made of the file likewise.component.wasm, and on what terms. The words' terms are beside the words."]
    if without:
        parts.append("Their packages come without a text; the terms are those named:\n" + "\n".join(without))
    parts += [
        "\n".join(sorted(owners)) + "\n\n" + text for text, owners in sorted(texts.items(), key=lambda item: sorted(item[1]))
    ]
    return f"\n\n{'-' * 80}\n\n".join(parts) + "\n"


def main() -> None:
    """Write both packages' bills."""
    compiled = crates()
    project = tomllib.loads((ROOT / "host-py" / "pyproject.toml").read_text())["project"]
    required = [re.split(r"[^A-Za-z0-9_.-]", requirement)[0] for requirement in project["dependencies"]]
    texts = licences(compiled)
    for package, folder, requirements in (
        ("pkg:pypi/likewise", ROOT / "host-py" / "bill", required),
        ("pkg:npm/likewise", ROOT / "host-js" / "bill", []),
    ):
        folder.mkdir(exist_ok=True)
        made = bill(package, project["version"], compiled, requirements)
        (folder / "likewise.cdx.json").write_text(json.dumps(made, indent=2) + "\n")
        (folder / "LICENSES-THIRD-PARTY.txt").write_text(texts)
        for name in ("LICENSE-APACHE", "LICENSE-MIT"):
            shutil.copyfile(ROOT / name, folder / name)


if __name__ == "__main__":
    main()
