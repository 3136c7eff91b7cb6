"""What the tests of the documentation share: a folder for each page, with what its text says is there."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# pytest's importlib mode leaves a test's own folder out; the helpers are modules there.
sys.path.insert(0, str(Path(__file__).parent))

from blocks import ROOT  # the path above is for these
from running import Page, environment


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled code is kept, as it is for a reader: each command of a page would compile the component again without it."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page about to run, in its folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIKEWISE_CACHE", str(compiled))
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    given = environment(tmp_path)
    # Projects that a page makes and builds share what they compile with each other, and with the tests in tests/component.
    target = Path(given.get("CARGO_TARGET_DIR", ROOT / "target"))
    given["CARGO_TARGET_DIR"] = str(target / "scaffold")
    if "tour.component.wasm" in (ROOT / request.node.callspec.params["name"]).read_text("utf-8"):
        shutil.copy(request.getfixturevalue("tour_file"), tmp_path)
    page = Page(tmp_path, given)
    yield page
    page.close()
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]
