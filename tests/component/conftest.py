"""What the tests of the binding layer share: a host for the tour, and the tour loaded with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# pytest's importlib mode leaves a test's own folder out; the helpers are modules there.
sys.path.insert(0, str(Path(__file__).parent))

from tour_host import Host

from likewise import component


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def tour(lane: str, tour_file: Path, host: Host) -> Iterator[component.Component]:
    """The tour with its host, on each lane."""
    with component.load(tour_file, imports={"likewise:tour/host": host}) as loaded:
        yield loaded
