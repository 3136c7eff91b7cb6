"""What the packages are made of is said, and said right."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]


def manifest(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text())


def crates_of(path: str) -> set[str]:
    tables = [manifest(path)]
    tables += tables[0].get("target", {}).values()
    names = {name for table in tables for key in ("dependencies", "dev-dependencies") for name in table.get(key, {})}
    return {name for name in names if not name.startswith("likewise")}


def javascript_of(path: str) -> set[str]:
    package = json.loads((ROOT / path).read_text())
    assert not package.get("dependencies"), "the npm packages need nothing at run time"
    return set(package.get("devDependencies", {})) - {"likewise"}


def python_of(path: str) -> set[str]:
    project = manifest(path)
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    return {re.split(r"[^A-Za-z0-9_.-]", requirement)[0] for requirement in needed}


def test_every_direct_dependency_is_justified() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    named = {name for row in re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)}
    manifests = [
        *ROOT.glob("guest/*/Cargo.toml"),
        ROOT / "xtask/Cargo.toml",
        ROOT / "fuzz/Cargo.toml",
        ROOT / "fuzz/targets/Cargo.toml",
    ]
    direct = {name for path in manifests for name in crates_of(str(path.relative_to(ROOT)))}
    direct |= javascript_of("host-js/package.json") | javascript_of("host-js/playground/package.json")
    direct |= python_of("host-py/pyproject.toml")
    assert named == direct


@pytest.mark.parametrize("host", ["host-py", "host-js"])
def test_the_bill_of_materials_is_valid_and_of_this_component(host: str) -> None:
    text = (ROOT / host / "bill" / "likewise.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    listed = {component["name"]: component for component in bill["components"]}
    digest = hashlib.sha256((ROOT / "dist" / "likewise.component.wasm").read_bytes()).hexdigest()
    assert listed["likewise.component.wasm"]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    tree = ["cargo", "tree", "--locked", "-p", "likewise-component", "--target", "wasm32-unknown-unknown"]
    tree += ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
    printed = subprocess.run(tree, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    crates = {tuple(line.split()[:2]) for line in printed.splitlines()}
    billed = {(c["name"], "v" + c["version"]) for c in bill["components"] if c.get("purl", "").startswith("pkg:cargo/")}
    assert billed == crates


def test_the_wheel_carries_its_bill_and_all_licences() -> None:
    (wheel,) = (ROOT / "dist").glob("likewise-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name.partition(".dist-info/")[2]: name for name in archive.namelist() if ".dist-info/" in name}
        bill = json.loads(archive.read(names["sboms/likewise.cdx.json"]))
        licences = archive.read(names["licenses/bill/LICENSES-THIRD-PARTY.txt"]).decode()
    foreign = [c for c in bill["components"] if c.get("purl", "").startswith("pkg:cargo/") and "hashes" in c]
    assert len(foreign) > 40
    missing = [c["name"] for c in foreign if f"{c['name']} {c['version']} (" not in licences]
    assert not missing
    assert {"licenses/bill/LICENSE-MIT", "licenses/bill/LICENSE-APACHE"} <= set(names)


def test_every_lock_has_digests() -> None:
    for path in ("Cargo.lock", "fuzz/Cargo.lock"):
        unsure = [p["name"] for p in manifest(path)["package"] if "source" in p and "checksum" not in p]
        assert not unsure, path
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    unsure = [name for name, p in packages.items() if "resolved" in p and not p.get("link") and "integrity" not in p]
    assert not unsure
    loose = [
        line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#" and "==" not in line
    ]
    assert not loose
