"""fixtures/errors.txt lists every message that the package can raise, so that each is read by a person when it is written."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import errors


def test_the_list_is_what_the_source_says() -> None:
    assert errors.LIST.read_text() == errors.listed(), "run scripts/errors.py and read what has changed"


def test_messages_say_something() -> None:
    """Each names more than its own class, but for those that are replaced before anyone sees them."""
    bare = [line for line in errors.listed().splitlines() if line.startswith("    ") and ": " not in line]
    assert bare == []
