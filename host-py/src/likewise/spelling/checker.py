"""The unknown words of a text, or of a file of any size, in order."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from typing import IO, NamedTuple

from likewise.dictionary import Dictionary, MetricName
from likewise.spelling import reader
from likewise.spelling.lexicon import Lexicon
from likewise.spelling.progress import reporting
from likewise.spelling.tokens import HYPHENS, Scanner, Token, is_checked, parts
from likewise.suggestion import Suggestion

_LINE_END = re.compile("\r\n|\r|\n")

# Distinct words remembered while a file is read, and their characters. A language has fewer in use; a file of noise may not take all memory.
_REMEMBERED = 200_000
_REMEMBERED_CHARACTERS = 10 * _REMEMBERED


class UnknownWord(NamedTuple):
    r"""A word of a text that is in no dictionary.

    ``word`` is as written: ``text[offset : offset + len(word)] == word``. ``offset`` counts code points from 0, ``line`` and ``column``
    (code points) from 1; a line ends at ``\n``, ``\r\n`` or ``\r``. ``suggestions`` are best first and may be none.
    """

    word: str
    offset: int
    line: int
    column: int
    suggestions: tuple[Suggestion, ...]


class TextChecker:
    r"""Words that a text may have, made once and used for many texts.

    >>> checker = TextChecker(words=["wasmtime"], limit=1)
    >>> [(found.word, found.line, found.column) for found in checker.check("Hello wasmtime,\nI recieve you.")]
    [('recieve', 2, 3)]
    """

    def __init__(
        self,
        *,
        dictionary: Dictionary | None = None,
        words: Iterable[str] = (),
        limit: int = 5,
        metric: MetricName = "typo",
    ) -> None:
        """See `check_text`."""
        if limit < 0:
            raise ValueError(f"limit must not be negative: {limit}")
        self._lexicon = Lexicon(dictionary, words)
        self._limit = limit
        self._metric = metric

    def check(self, text: str | bytes) -> list[UnknownWord]:
        """The unknown words of a text, in order. See `check_text`."""
        return list(_Pass(self).part(text.decode() if isinstance(text, bytes) else text))

    def check_file(
        self,
        file: str | PathLike[str] | IO[str] | IO[bytes],
        *,
        encoding: str = "utf-8",
        progress: bool | Callable[[int, int | None], object] = False,
    ) -> Iterator[UnknownWord]:
        """The unknown words of a file, in order, as they are found. See `check_file`."""
        total = reader.size(file)
        with reporting(progress, total) as report:
            run = _Pass(self)
            for part in reader.parts(file, encoding, report):
                yield from run.part(part)


class _Pass:
    """One pass through a text that comes in parts."""

    def __init__(self, checker: TextChecker) -> None:
        self._checker = checker
        self._scanner = Scanner()
        # For each word met, hyphens included, its unknown parts with their offsets in it; and what they may have been meant to be.
        self._faults: dict[str, list[Token]] = {}
        self._suggestions: dict[str, tuple[Suggestion, ...]] = {}
        self._characters = 0
        self._offset = 0
        self._line = 1
        # Code points of the current line in the parts before this one.
        self._column = 0

    def part(self, text: str) -> Iterator[UnknownWord]:
        """The unknown words of the next part, which ends where a line ends or between two words."""
        if not isinstance(text, str):
            raise TypeError(f"text: expected str or bytes, not {type(text).__name__}")
        words = list(self._scanner.tokens(text))
        self._look_up({token.word for token in words})
        starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        for written, at in words:
            for word, within in self._faults[written]:
                offset = at + within
                line = bisect.bisect_right(starts, offset) - 1
                column = offset - starts[line] + 1 + (0 if line else self._column)
                yield UnknownWord(word, self._offset + offset, self._line + line, column, self._suggestions[word])
        self._offset += len(text)
        self._line += len(starts) - 1
        self._column = len(text) - starts[-1] + (0 if len(starts) > 1 else self._column)

    def _look_up(self, words: set[str]) -> None:
        """Judge the words that have not been met before."""
        if len(self._faults) > _REMEMBERED or self._characters > _REMEMBERED_CHARACTERS:
            self._faults.clear()
            self._suggestions.clear()
            self._characters = 0
        new = {word: [part for part in parts(Token(word, 0)) if is_checked(part.word)] for word in words - self._faults.keys()}
        compounds = {word for word in new if any(hyphen in word for hyphen in HYPHENS)}
        checker = self._checker
        unknown = checker._lexicon.unknown(list(compounds.union(part.word for found in new.values() for part in found)))
        self._characters += sum(map(len, new))
        for word, found in new.items():
            is_known = word in compounds and word not in unknown
            self._faults[word] = [] if is_known else [part for part in found if part.word in unknown]
        wrong = {part.word for word in new for part in self._faults[word]} - self._suggestions.keys()
        self._suggestions.update(checker._lexicon.suggest(sorted(wrong), checker._limit, checker._metric))


def check_text(
    text: str | bytes,
    *,
    dictionary: Dictionary | None = None,
    words: Iterable[str] = (),
    limit: int = 5,
    metric: MetricName = "typo",
) -> list[UnknownWord]:
    """The words of ``text`` that are in no dictionary, in order, with where they stand and what they may have been meant to be.

    ``dictionary`` is English unless you give yours; to English belong names, contractions and abbreviations. ``words`` are known
    besides: any iterable of words, such as `PersonalWords`. ``limit`` and ``metric`` are those of
    `likewise.spell_candidates`; with ``limit=0`` nothing is suggested. ``text`` may be UTF-8 bytes.

    A word with capitals is known if it is in the dictionary without them (Word, WORD), but not the other way round (london). Of a
    compound with hyphens each part is checked, unless the whole is known. Endings behind an apostrophe, straight or
    typographic, are left off. Suggestions have the word's capitals and apostrophes. Code, URLs, e-mail addresses, paths, identifiers, words with digits
    and single letters are not checked; with the English dictionary, words without a Latin letter neither.

    >>> [found.word for found in check_text("It's a `recieve` call, definately.")]
    ['definately']

    Raises:
        TypeError: ``text`` is neither str nor bytes, or ``words`` is one string.
        UnicodeDecodeError: the bytes are not UTF-8.
    """
    return TextChecker(dictionary=dictionary, words=words, limit=limit, metric=metric).check(text)


def check_file(
    file: str | PathLike[str] | IO[str] | IO[bytes],
    *,
    dictionary: Dictionary | None = None,
    words: Iterable[str] = (),
    limit: int = 5,
    metric: MetricName = "typo",
    encoding: str = "utf-8",
    progress: bool | Callable[[int, int | None], object] = False,
) -> Iterator[UnknownWord]:
    """`check_text` for a file, given by its path or open, as text or as bytes: unknown words as they are found.

    The file is read in parts of a megabyte, and a word that comes again is not looked up again: memory does not grow with the file. Offsets
    count from the first character that is read, a byte order mark not being one.

    ``progress``: True shows a bar on standard error, where that is a terminal; a function is called with the bytes read (of a text
    stream, the characters) and the size of the file, or None where it is not known.

    Raises:
        TextEncodingError: the file is not in ``encoding``, or not text.
        LookupError: there is no such encoding.
        OSError: the file cannot be read.
    """
    checker = TextChecker(dictionary=dictionary, words=words, limit=limit, metric=metric)
    return checker.check_file(file, encoding=encoding, progress=progress)
