"""The English words of the package: SCOWL's, with their commonness. `scripts/words.py` in the project's sources makes the files and says what is in them."""

from __future__ import annotations

import bisect
import functools
import itertools
import lzma
from pathlib import Path
from typing import Literal, get_args

from likewise._engine import DATA
from likewise.errors import LikewiseError

WORDS = DATA / "english.words.xz"
FORMS = DATA / "english.forms.xz"

#: The default words, indexed. Made with the package by the very engine that loads it.
INDEX = DATA / "english.index"

Size = Literal["default", "huge"]

# What a word of each level costs beside its typing errors, in the units of the metric "typo" (an ordinary error costs about 40). Fitted
# together with the costs of the errors, see guest/similarity/src/typo/rules.rs.
_PRIORITY = {"10": 0, "20": 12, "35": 31, "40": 38, "50": 49, "55": 49, "60": 60, "70": 63, "80": 74, "95": 90}

# More than the head of a file, compressed or not.
_HEAD = 4096

# SCOWL's levels up to this one are in a good dictionary; the rest are in a very large one.
_DEFAULT_LEVEL = 80


def english_text(size: Size = "default") -> tuple[str, str]:
    """English words, one a line, and for each a code point that is its priority, from 0 for the most common.

    Raises:
        ValueError: there is no such size.
        LikewiseError: the package's file is missing or damaged.
    """
    check_size(size)
    words, levels = _read(WORDS)
    taken = [(level, count) for level, count in levels if size == "huge" or int(level) <= _DEFAULT_LEVEL]
    if size == "default":
        words = "\n".join(words.split("\n", sum(count for _, count in taken))[:-1]) + "\n"
    return words, _priorities(taken)


def english_forms() -> tuple[str, str]:
    """What English texts have besides those words: names, contractions, abbreviations and words with accents, as they are written;
    and their priorities, as in `english_text`.
    """
    words, levels = _read(FORMS)
    return words, _priorities(levels)


def english_priority(index: int) -> int:
    """The priority of the word at ``index`` of `english_text`."""
    ends, priorities = _levels()
    return priorities[bisect.bisect_right(ends, index)]


@functools.cache
def _levels() -> tuple[list[int], list[int]]:
    """Behind which index each level ends, and its priority. Read from the head of the file alone."""
    try:
        head = lzma.LZMADecompressor().decompress(WORDS.read_bytes()[:_HEAD], max_length=_HEAD).decode().partition("\n\n")[0]
        levels = [(level, int(count)) for level, count in (line.split() for line in head.split("\n")[1:])]
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise LikewiseError(f"{WORDS}: the package's words are missing or damaged ({error}); install likewise again") from error
    return list(itertools.accumulate(count for _, count in levels)), [_PRIORITY[level] for level, _ in levels]


def _read(path: Path) -> tuple[str, list[tuple[str, int]]]:
    """The words of a file, most common first, and how many there are of each level."""
    try:
        head, _, words = lzma.decompress(path.read_bytes()).decode().partition("\n\n")
        levels = [(level, int(count)) for level, count in (line.split() for line in head.split("\n")[1:])]
        if (
            not words
            or words.count("\n") != sum(count for _, count in levels)
            or any(level not in _PRIORITY for level, _ in levels)
        ):
            raise ValueError(f"{words.count(chr(10))} words do not match their levels")
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise LikewiseError(f"{path}: the package's words are missing or damaged ({error}); install likewise again") from error
    return words, levels


def _priorities(levels: list[tuple[str, int]]) -> str:
    return "".join(chr(_PRIORITY[level]) * count for level, count in levels)


def check_size(size: str) -> None:
    """Raise a ValueError unless there is a word list of this size."""
    if size not in get_args(Size):
        raise ValueError(f"size: expected 'default' or 'huge', not {size!r}")
