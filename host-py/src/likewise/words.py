"""The English words of the package: SCOWL's, with their commonness. `scripts/words.py` in the project's sources makes the file and says what is in it."""

from __future__ import annotations

import lzma
from typing import Literal, get_args

from likewise._engine import DATA
from likewise.errors import LikewiseError

WORDS = DATA / "english.words.xz"

#: The default words, indexed. Made with the package by the very engine that loads it.
INDEX = DATA / "english.index"

Size = Literal["default", "huge"]

# What a word of each level costs beside its typing errors, in the units of the metric "typo" (an ordinary error costs about 40). Fitted
# together with the costs of the errors, see guest/similarity/src/typo/rules.rs.
_PRIORITY = {"10": 0, "20": 12, "35": 31, "40": 38, "50": 49, "55": 49, "60": 60, "70": 63, "80": 74, "95": 90}

# SCOWL's levels up to this one are in a good dictionary; the rest are in a very large one.
_DEFAULT_LEVEL = 80


def english_text(size: Size = "default") -> tuple[str, str]:
    """English words, one a line, and for each a code point that is its priority, from 0 for the most common.

    Raises:
        ValueError: there is no such size.
        LikewiseError: the package's file is missing or damaged.
    """
    check_size(size)
    try:
        head, _, words = lzma.decompress(WORDS.read_bytes()).decode("ascii").partition("\n\n")
        levels = [line.split() for line in head.split("\n")[1:]]
        taken = [(level, int(count)) for level, count in levels if size == "huge" or int(level) <= _DEFAULT_LEVEL]
        if size == "default":
            words = "\n".join(words.split("\n", sum(count for _, count in taken))[:-1]) + "\n"
        priorities = "".join(chr(_PRIORITY[level]) * count for level, count in taken)
        if not words or words.count("\n") != len(priorities):
            raise ValueError(f"{words.count(chr(10))} words where there should be {len(priorities)}")
    except (OSError, EOFError, lzma.LZMAError, ValueError, LookupError) as error:
        raise LikewiseError(f"{WORDS}: the package's words are missing or damaged ({error}); install likewise again") from error
    return words, priorities


def check_size(size: str) -> None:
    """Raise a ValueError unless there is a word list of this size."""
    if size not in get_args(Size):
        raise ValueError(f"size: expected 'default' or 'huge', not {size!r}")
