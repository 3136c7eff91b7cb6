"""A short soak: everything at once, and the lines are flat. `./just soak` takes an hour."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# pytest's importlib mode leaves a test's own folder out.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_flat() -> None:
    import mixture

    outcome = mixture.soak(20)
    assert not outcome.errors, outcome.errors
    assert len(outcome.done) == 7
    # Threads that wait for a page and connections that are open come and go; a leak of one for each piece of work would be hundreds.
    assert mixture.growth(outcome.samples, "resident") < 48 * 2**20, outcome.samples
    assert mixture.growth(outcome.samples, "descriptors") < 30, outcome.samples
    assert mixture.growth(outcome.samples, "threads") < 10, outcome.samples
