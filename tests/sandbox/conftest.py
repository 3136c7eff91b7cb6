"""Hostile components, loaded on each lane."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# pytest's importlib mode leaves a test's own folder out; the helpers are modules there.
sys.path.insert(0, str(Path(__file__).parent))

import misdeeds

from likewise import component


@pytest.fixture
def load(lane: str) -> Callable[..., component.Component]:
    """Load a component from its text, or the hostile one."""

    def load(text: str = misdeeds.TEXT, **options: Any) -> component.Component:
        return component.load(misdeeds.binary(text), **options)

    return load
