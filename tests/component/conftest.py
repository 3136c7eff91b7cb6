"""What the tests of the binding layer share: the tour (guest/tour), a host for it, and both lanes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# pytest's importlib mode leaves a test's own folder out; the helpers are modules there.
sys.path.insert(0, str(Path(__file__).parent))

import tour_build
from tour_host import Host

from likewise import component  # the path above is for the next but one
from likewise.component import _abi


def pytest_configure() -> None:
    # Entries of other runs must not decide what is tested: each run compiles what it uses.
    if "LIKEWISE_CACHE" not in os.environ:
        os.environ["LIKEWISE_CACHE"] = ""


@pytest.fixture(scope="session")
def tour_file() -> Path:
    return tour_build.tour_file()


@pytest.fixture(params=["direct", "public"])
def lane(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test runs on both lanes. With a wasmtime-py that the direct lane does not know, only the public one exists."""
    if request.param == "direct" and _abi.available() is not None:
        pytest.skip(f"no direct lane here: {_abi.available()}")
    monkeypatch.setenv("LIKEWISE_LANE", request.param)
    return str(request.param)


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def tour(lane: str, tour_file: Path, host: Host) -> Iterator[component.Component]:
    """The tour with its host, on each lane."""
    with component.load(tour_file, imports={"likewise:tour/host": host}) as loaded:
        yield loaded
