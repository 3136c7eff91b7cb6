"""The English words of the package: SCOWL's, with their commonness. `scripts/words.py` in the project's sources makes the files and says what is in them."""

from __future__ import annotations

import functools
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

# What a word of each level costs beside its typing errors, where the file does not say it of each word: the median of the words of
# that level. In the units of the metric "typo", where ten make an error e times less likely.
_LEVEL_PRIORITY = {"10": 5, "20": 16, "35": 36, "40": 41, "50": 52, "55": 54, "60": 58, "70": 65, "80": 76, "95": 87}

# The code point that stands for priority 0 in the file.
_FIRST_PRIORITY = 0x100

# The levels and the priorities, two bytes for each of fewer than half a million words, are within this.
_HEAD = 1_000_000

# SCOWL's levels up to this one are in a good dictionary; the rest are in a very large one.
_DEFAULT_LEVEL = 80


def english_text(size: Size = "default") -> tuple[str, str]:
    """English words, one a line, and for each a code point that is its priority, from 0 for the most common.

    Raises:
        ValueError: there is no such size.
        LikewiseError: the package's file is missing or damaged.
    """
    check_size(size)
    words, levels, priorities = _read(WORDS)
    if size == "default":
        taken = sum(count for level, count in levels if int(level) <= _DEFAULT_LEVEL)
        words, priorities = "\n".join(words.split("\n", taken)[:-1]) + "\n", priorities[:taken]
    return words, priorities


def english_forms() -> tuple[str, str]:
    """What English texts have besides those words: names, contractions, abbreviations and words with accents, as they are written;
    and their priorities, as in `english_text`.
    """
    words, _, priorities = _read(FORMS)
    return words, priorities


def english_priority(index: int) -> int:
    """The priority of the word at ``index`` of `english_text`."""
    return ord(_english_priorities()[index])


@functools.cache
def _english_priorities() -> str:
    try:
        head = lzma.LZMADecompressor().decompress(WORDS.read_bytes(), max_length=_HEAD)
        return "".join(chr(ord(letter) - _FIRST_PRIORITY) for letter in head.decode(errors="ignore").split("\n\n", 2)[1])
    except (OSError, EOFError, IndexError, lzma.LZMAError, ValueError) as error:
        raise LikewiseError(f"{WORDS}: the package's words are missing or damaged ({error}); install likewise again") from error


def _read(path: Path) -> tuple[str, list[tuple[str, int]], str]:
    """The words of a file, most common first, how many there are of each level, and their priorities."""
    try:
        head, _, words = lzma.decompress(path.read_bytes()).decode().partition("\n\n")
        version, *lines = head.split("\n")
        levels = [(level, int(count)) for level, count in (line.split() for line in lines)]
        if version == "likewise words 2":
            written, _, words = words.partition("\n\n")
            priorities = "".join(map(chr, [ord(letter) - _FIRST_PRIORITY for letter in written]))
        else:
            priorities = "".join(chr(_LEVEL_PRIORITY[level]) * count for level, count in levels)
        if not words or words.count("\n") != len(priorities) or len(priorities) != sum(count for _, count in levels):
            raise ValueError(f"{words.count(chr(10))} words do not match their levels")
    except (OSError, EOFError, KeyError, lzma.LZMAError, ValueError) as error:
        raise LikewiseError(f"{path}: the package's words are missing or damaged ({error}); install likewise again") from error
    return words, levels, priorities


def check_size(size: str) -> None:
    """Raise a ValueError unless there is a word list of this size."""
    if size not in get_args(Size):
        raise ValueError(f"size: expected 'default' or 'huge', not {size!r}")
