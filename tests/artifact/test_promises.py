"""Every promise of SECURITY.md names a test, and the test is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def promises() -> list[list[str]]:
    """The rows of the table: promise, place, tests."""
    lines = (ROOT / "SECURITY.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert rows[0] == ["promise", "where it is enforced", "test"]
    return rows[2:]


def test_each_names_tests_that_exist() -> None:
    recipes = set(re.findall(r"^([a-z][a-z-]*)", (ROOT / "justfile").read_text(), re.MULTILINE))
    rows = promises()
    assert len(rows) > 15
    for promise, _, tests in rows:
        named = re.findall(r"`([^`]+)`", tests)
        assert named, promise
        for name in named:
            if name.startswith("./just "):
                assert name.split()[1] in recipes, f"{promise}: there is no recipe {name}"
            else:
                assert (ROOT / name).exists(), f"{promise}: there is no {name}"
