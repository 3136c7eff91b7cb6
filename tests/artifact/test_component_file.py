"""The built files: what they import, and that the wheel holds the very component that was built."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from wasmtime import Engine
from wasmtime.component import Component

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
SHIPPED = DIST / "likewise.component.wasm"
EXPORTS = {f"likewise:engine/{name}@0.1.0" for name in ("similarity", "dictionary", "page", "scraper")}


def component_type(path: Path) -> tuple[set[str], set[str]]:
    """Names of a component's imports and exports, as the runtime sees them."""
    engine = Engine()
    kind = Component(engine, path.read_bytes()).type
    return set(kind.imports(engine)), set(kind.exports(engine))


def test_the_shipped_component_imports_one_interface() -> None:
    assert component_type(SHIPPED) == ({"likewise:engine/transport@0.1.0"}, EXPORTS)


def test_the_plain_variant_imports_only_wasi_http_and_what_a_program_needs() -> None:
    imports, exports = component_type(DIST / "likewise-wasi.component.wasm")
    interfaces = {name.partition("@")[0] for name in imports}
    assert interfaces == {
        "wasi:cli/environment",
        "wasi:cli/stdout",
        "wasi:clocks/monotonic-clock",
        "wasi:http/outgoing-handler",
        "wasi:http/types",
        "wasi:io/error",
        "wasi:io/poll",
        "wasi:io/streams",
    }
    assert {name for name in exports if not name.startswith("wasi:cli/run@0.2.")} == EXPORTS
    assert len(exports) == len(EXPORTS) + 1, "it runs as a program as well"


@pytest.fixture(scope="module")
def wheel() -> Path:
    (found,) = DIST.glob("likewise-*.whl")
    return found


def test_the_wheel_is_for_every_platform_and_holds_the_component_and_the_notices(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        component = archive.read("likewise/data/likewise.component.wasm")
    assert hashlib.sha256(component).digest() == hashlib.sha256(SHIPPED.read_bytes()).digest()
    assert "likewise/py.typed" in names
    assert any("NOTICE" in name for name in names), "the words' notices ship with the words"


def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """Installed from the file alone, away from the sources, without a Rust toolchain on the path."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    program = "import likewise; print(likewise.spellcheck('almni')); print(likewise.suggest_word('mve', ['init', 'move']))"
    done = subprocess.run(
        [python, "-I", "-c", program], cwd=tmp_path, env={"PATH": ""}, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "Suggestion(word='alumni', score=90.9090909090909)",
        "Suggestion(word='move', score=85.71428571428572)",
    ]
    assert sys.version_info >= (3, 10)
