"""Python's fuzz targets over the inputs that were kept and over random ones: what `./just fuzz` runs for longer."""

from __future__ import annotations

import importlib
import random
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).resolve().parents[2] / "fuzz"

#: Random inputs of each target: a second or two of each.
INPUTS = {"binding": 300, "component_file": 1000, "session": 3, "transport": 150}


@pytest.fixture(autouse=True)
def _paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FUZZ / "python"))
    # No target leaves its lane to other tests.
    monkeypatch.setenv("LIKEWISE_LANE", "")
    monkeypatch.delenv("LIKEWISE_LANE")
    # Tests are not what guides a fuzzer.
    monkeypatch.setitem(sys.modules, "atheris", None)


@pytest.mark.parametrize("name", INPUTS)
def test_inputs_hold(name: str) -> None:
    target, driver = importlib.import_module(name), importlib.import_module("driver")
    kept = sorted((FUZZ / "corpus" / name.replace("_", "-")).glob("*"))
    source = random.Random(name)
    inputs = [path.read_bytes() for path in kept] + [source.randbytes(400) for _ in range(INPUTS[name])]
    cases = sum(target.check(driver.Draw(data)) for data in inputs)
    assert cases >= len(inputs)
