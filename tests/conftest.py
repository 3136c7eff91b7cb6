"""What the tests of several folders share: both lanes, and the tour (guest/tour)."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# pytest's importlib mode leaves a test's own folder out.
sys.path.insert(0, str(Path(__file__).parent))

import tour_build  # the path above is for it

from likewise.component import _abi

# A machine that is busy is no finding.
settings.register_profile("likewise", deadline=None)
settings.load_profile("likewise")


def pytest_configure() -> None:
    # Entries of other runs must not decide what is tested: each run compiles what it uses.
    if "LIKEWISE_CACHE" not in os.environ:
        os.environ["LIKEWISE_CACHE"] = ""
    # A shell's background job ignores Ctrl-C, and so would Python in it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def tour_file() -> Path:
    """The built tour."""
    return tour_build.tour_file()


@pytest.fixture(params=["direct", "public"])
def lane(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test runs on both lanes. With a wasmtime-py that the direct lane does not know, only the public one exists."""
    if request.param == "direct" and _abi.available() is not None:
        pytest.skip(f"no direct lane here: {_abi.available()}")
    monkeypatch.setenv("LIKEWISE_LANE", request.param)
    return str(request.param)
