"""What the tests of several folders share: both lanes, and the tour (guest/tour)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from likewise.component import _abi

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    # Entries of other runs must not decide what is tested: each run compiles what it uses.
    if "LIKEWISE_CACHE" not in os.environ:
        os.environ["LIKEWISE_CACHE"] = ""


@pytest.fixture(scope="session")
def tour_file() -> Path:
    """The built tour: LIKEWISE_TOUR, or target/tour.component.wasm, which is built where it is missing or old."""
    chosen = os.environ.get("LIKEWISE_TOUR")
    if chosen:
        return Path(chosen)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    out = target / "tour.component.wasm"
    sources = [file for file in (ROOT / "guest" / "tour").rglob("*") if file.is_file()]
    if not out.exists() or out.stat().st_mtime < max(file.stat().st_mtime for file in sources):
        build = "cargo build --quiet --locked --release --package likewise-tour --target wasm32-unknown-unknown".split()
        subprocess.run(build, cwd=ROOT, check=True)
        core = target / "wasm32-unknown-unknown" / "release" / "likewise_tour.wasm"
        made = ["cargo", "xtask", "componentize", core, "-o", out, "--wit", ROOT / "guest" / "tour" / "wit"]
        subprocess.run(made, cwd=ROOT, check=True)
    return out


@pytest.fixture(params=["direct", "public"])
def lane(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test runs on both lanes. With a wasmtime-py that the direct lane does not know, only the public one exists."""
    if request.param == "direct" and _abi.available() is not None:
        pytest.skip(f"no direct lane here: {_abi.available()}")
    monkeypatch.setenv("LIKEWISE_LANE", request.param)
    return str(request.param)
