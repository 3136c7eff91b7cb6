"""Words for the tests of this folder."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

import likewise

SHARED = Path(os.environ.get("LIKEWISE_SHARED", Path(__file__).parents[3] / "shared"))


@pytest.fixture(scope="session")
def english() -> likewise.Dictionary:
    return likewise.Dictionary.english()


@pytest.fixture(scope="session")
def alpha() -> likewise.Dictionary:
    """The 370,099 words of the articles. They may not be shipped; where they are not at hand, SCOWL's huge list stands in."""
    path = SHARED / "data" / "words_alpha.txt.gz"
    if path.exists():
        return likewise.Dictionary.from_text(gzip.decompress(path.read_bytes()))
    return likewise.Dictionary.english("huge")
