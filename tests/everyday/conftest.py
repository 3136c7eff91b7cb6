"""What the tests of everyday use share."""

from __future__ import annotations

import sys
from pathlib import Path

# pytest's importlib mode leaves a test's own folder out; the helpers are modules there.
sys.path.insert(0, str(Path(__file__).parent))
