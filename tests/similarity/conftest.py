"""Likewise's names beside RapidFuzz's, for the tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

# pytest's importlib mode leaves a test's own folder out; the generator of pairs is a module there.
sys.path.insert(0, str(Path(__file__).parent))
