"""Which parts of a text are words to be checked.

Left out are code (between backticks, in fences, `snake_case`, `camelCase`, `name.name`, `call()`, `--option`, `$NAME`), URLs, e-mail
addresses, @names, #tags, paths, everything with a digit, and single letters. What remains is a `Token`: a word as it is
written, which may hold apostrophes and hyphens.

The decisions are in two places: what needs its surroundings in one regular expression, each alternative of which is bounded, so that
no text takes more than linear time; what a word tells by itself in `kind`.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

#: Characters that stand for an apostrophe: U+0027, the typographic one, the letter, and the full-width one.
APOSTROPHES = "'’ʼ＇"
#: Hyphens that join: U+002D, the hyphen, and the one that does not break.
HYPHENS = "-\u2010\u2011"
SOFT_HYPHEN = "\u00ad"

# No-width joiners of Persian and Indic scripts, inside words.
_JOINERS = "\u200c\u200d"

# A span of code is short. Without a bound a line of a million lone backticks takes the square of that; and so would a run of a million, were
# each of them tried for its beginning.
_CODE_SPAN = 500

# Combining marks below this are in scripts of today; the variation selectors of ideographs follow far behind.
_LAST_MARK = 0x1F000


# What is longer is no word, and is not kept.
_KEPT = 64


class Token(NamedTuple):
    """A word to be checked, as written, and its offset in code points."""

    word: str
    offset: int


class Shape(Enum):
    """How a word uses capitals."""

    LOWER = "lower"
    TITLE = "Title"
    UPPER = "UPPER"
    MIXED = "mixedCase"


@functools.cache
def _marks() -> str:
    """All combining marks, as a part of a character class. `re` counts them as the end of a word."""
    marks = [c for c in map(chr, range(0x300, _LAST_MARK)) if unicodedata.category(c)[0] == "M"]
    ranges: list[list[str]] = []
    for mark in marks:
        if ranges and ord(mark) == ord(ranges[-1][1]) + 1:
            ranges[-1][1] = mark
        else:
            ranges.append([mark, mark])
    return "".join(f"{first}-{last}" for first, last in ranges)


@functools.cache
def _pattern(marks: str) -> re.Pattern[str]:
    letters = rf"[\w{SOFT_HYPHEN}{_JOINERS}{marks}]"
    run = rf"{letters}+"
    word = rf"{run}(?:[{HYPHENS}{APOSTROPHES}]{run})*"
    return re.compile(
        rf"""
        (?P<plain>{word})(?=[\s,;!?"”…—–)\]*]|[.:](?:\s|\Z)|\Z)     # most words: the rest need not be tried
        | (?<!`)(?P<ticks>`+)(?!`)[^\r\n]{{1,{_CODE_SPAN}}}?(?<!`)(?P=ticks)(?!`)
        | [A-Za-z][A-Za-z0-9+.-]{{1,30}}://[^\s<>"`]*                  # URLs
        | (?:www\.|mailto:|data:)[^\s<>"`]+
        | [\w.+%-]{{1,64}}@[\w-]+(?:\.[\w-]+)*                         # addresses
        | (?<!\w)[@\#$%&\\]\w[\w-]*                                    # @name, #tag, $NAME, %d, &nbsp;, \LaTeX
        | (?<![\w-])--[\w-]+                                           # --option
        | (?:(?<![\w])[A-Za-z]:\\|\\\\)[^\s<>"`]+                      # C:\path, \\server\path
        | (?<![\w/])(?:~\w*|\.{{1,2}})?/[\w.@~+%-]+(?:/[\w.@~+%-]*)*   # /path, ./path, ~/path
        | (?P<slashes>[\w.@~+-]{{1,255}}(?:/[\w.@~+-]{{1,255}})+/?)    # a/path, and/or
        | (?P<dots>\w+(?:\.\w+)+)(?:\(\))?                             # name.name, example.com, e.g
        | \w+\(\)                                                      # call()
        | (?P<word>{word})
        """,
        re.VERBOSE,
    )


_FENCE = re.compile(r"(?:\A|(?<=[\r\n])) {0,3}(`{3,}|~{3,})([^\r\n]*)")

_TWO_WORDS = {
    # "the end.Next" is two sentences without a space between them; "example.com" is a name.
    "dots": re.compile(r"[^\W\d_A-Z]{2,}\.[A-Z][^\W\d_A-Z]+"),
    # "and/or" is two words; what has more slashes, or more than letters, is a path.
    "slashes": re.compile(r"[^\W\d_]+/[^\W\d_]+"),
}
_LETTERS = re.compile(r"[^\W\d_]+")
_PART = re.compile(rf"[^{HYPHENS}]+")
# URLs, OSes: an acronym in the plural.
ACRONYMS = re.compile(r"([A-Z]{2,})(?:s|es)")
# HTTPServer, IOError: an acronym and a word are an identifier. Two capitals are one too many (WOrd).
_ACRONYM_AND_WORD = re.compile(r"[A-Z]{3,}[a-z]+")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


class Scanner:
    """The words of a text that comes in parts, each of which ends where a line does: a fence may be open between them."""

    def __init__(self) -> None:
        # The marks that opened the fence that is open, "" where none is.
        self._fence = ""
        # A very long line may be cut between two words.
        self._is_within_line = False

    def tokens(self, text: str) -> Iterator[Token]:
        """The words of the next part that are to be checked, in order."""
        # Marks are in no ASCII text, and listing them takes as long as checking a page.
        pattern = _pattern("" if text.isascii() else _marks())
        start = 0
        for line in _FENCE.finditer(text):
            marks, rest = line.groups()
            if self._is_within_line and line.start() == 0:
                continue
            if not self._fence:
                if marks[0] == "`" and "`" in rest:  # a span of code that begins with three
                    continue
                yield from _words(pattern, text, start, line.start())
                self._fence = marks
            elif marks.startswith(self._fence) and not rest.strip():
                self._fence = ""
                start = line.end()
        if not self._fence:
            yield from _words(pattern, text, start, len(text))
        self._is_within_line = not text.endswith(("\r", "\n"))


def _words(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Token]:
    for found in pattern.finditer(text, start, end):
        group = found.lastgroup
        if group == "plain" or group == "word":
            yield Token(found.group(), found.start())
        elif group in _TWO_WORDS and _TWO_WORDS[group].fullmatch(found.group()):
            for word in _LETTERS.finditer(text, found.start(), found.end()):
                yield Token(word.group(), word.start())


def parts(token: Token) -> Iterator[Token]:
    """A word's parts between hyphens, without the underscore that may stand at either end for emphasis."""
    for part in _PART.finditer(token.word):
        word = part.group()
        bare = word.strip("_")
        if len(word) - len(bare) <= 2 and not word.startswith("__") and not word.endswith("__"):
            yield Token(bare, token.offset + part.start() + word.index(bare))


def is_checked(word: str) -> bool:
    """Whether a word by itself, without hyphens, is to be checked: it is not an identifier, a number or a single letter."""
    if word.isascii() and word.isalpha():
        if word.islower():
            return len(word) > 1
    elif "_" in word or any(map(str.isdigit, word)) or sum(map(str.isalpha, word)) < 2:
        return False
    if len(word) < 2 or _ROMAN.fullmatch(word) or (_ACRONYM_AND_WORD.fullmatch(word) and not ACRONYMS.fullmatch(word)):
        return False
    # camelCase
    return not any(before.islower() and after.isupper() for before, after in itertools.pairwise(word))


def shape(word: str) -> Shape:
    """How a word uses capitals. Of one letter and an apostrophe's part (I'm) only the capital counts."""
    if word.islower() or word.lower() == word:
        return Shape.LOWER
    if word.isupper():
        return Shape.UPPER
    if word[0].isupper() and word[1:].lower() == word[1:]:
        return Shape.TITLE
    return Shape.MIXED


def plain(word: str) -> str:
    """A word as a dictionary has it: composed (NFC), with straight apostrophes and hyphens, and no soft hyphens."""
    if word.isascii():
        return word
    return _plain(word) if len(word) <= _KEPT else _plain.__wrapped__(word)


@functools.lru_cache(maxsize=1 << 12)
def _plain(word: str) -> str:
    for character in APOSTROPHES[1:]:
        word = word.replace(character, "'")
    for character in HYPHENS[1:]:
        word = word.replace(character, "-")
    return unicodedata.normalize("NFC", word.replace(SOFT_HYPHEN, ""))
