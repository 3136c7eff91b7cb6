"""Words, indexed for exact nearest-neighbour search."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from likewise import _engine
from likewise._numbers import whole_number
from likewise.errors import ComponentError, LikewiseError
from likewise.text import as_text
from likewise.words import Size

if TYPE_CHECKING:
    from likewise.component import Component

MetricName = Literal[
    "indel",
    "levenshtein",
    "osa",
    "damerau-levenshtein",
    "hamming",
    "lcs-seq",
    "prefix",
    "postfix",
    "jaro",
    "jaro-winkler",
    "sorensen-dice",
    "typo",
]

# Tried in turn until one is in no word.
_SEPARATORS = "\n\0\x1f\x1e\ufffe"

# What is tried when they all are: code points without a meaning first, and last all others but the surrogates.
_SELDOM = (range(0xE000, 0xF900), range(0xF0000, 0x110000), range(0xD800), range(0xF900, 0xF0000))

# Words fetched from the engine at once when a dictionary is iterated over: a call then costs little beside its words.
_CHUNK = 4096

# Queries searched for at once: a tenth of a second, after which an interrupt is noticed. A crossing costs next to nothing beside them.
_CROSSING = 1000

# Characters from which on a dictionary has an instance of its own: making one takes longer than indexing less than this.
_OWN_INSTANCE = 1 << 16

# Characters of a saved dictionary that cross at once: few enough for every copy on the way to be made within the processor's cache, in memory
# that has been touched before.
_PART = 1 << 16

_MOST_U32 = 2**32 - 1

_BLANK_LINES = re.compile("\n{2,}")


class Match(NamedTuple):
    """A word of a dictionary, compared with a query.

    ``score`` is the similarity in percent, 0.0 to 100.0; ``index`` the word's position in the order in which it was given.
    """

    choice: str
    score: float
    index: int  # type: ignore[assignment]  # the name is the contract's; tuple.index gives way


class DictionaryError(LikewiseError, ValueError):
    """Words, or a saved dictionary, that the engine cannot take."""


class Dictionary:
    """Words in a fixed order, each with a priority, indexed for exact nearest-neighbour search. Immutable.

    Searches are exact for every metric but ``"typo"``, which re-ranks the words nearest by a rough cost. They are ordered by score,
    then priority (smaller is more common), then index; with the metric ``"typo"`` by typing cost plus priority, a word of the dictionary
    itself first.

    It may be used from several threads, which take turns; `search_many` with ``workers`` uses several at once. It can be pickled,
    is a context manager, and frees its memory when it is closed or forgotten.

    >>> words = Dictionary(["init", "move", "delete", "ingest"])
    >>> words.suggest("mve")
    Match(choice='move', score=85.71428571428572, index=1)
    """

    __slots__ = ("__weakref__", "_engine", "_len", "_words")

    def __init__(self, words: Iterable[str], *, priority: Sequence[int] | None = None) -> None:
        """Index ``words``; ``priority`` gives each its rank among equals, 0 to 255, smaller being more common.

        Raises:
            TypeError: ``words`` is one string, or holds something that is not a string.
            DictionaryError: a word holds a lone surrogate, or there are not as many priorities as words.
        """
        if isinstance(words, (str, bytes)):
            raise TypeError("words: expected an iterable of words, not one string; Dictionary.from_text takes text")
        if not isinstance(words, Iterable):
            raise TypeError(f"words: expected an iterable of words, not {type(words).__name__}")
        listed = words if isinstance(words, list) else list(words)
        text, separator = _joined(listed)
        self._build(text, separator, priority)

    @classmethod
    def from_text(cls, text: str | bytes) -> Dictionary:
        """One word a line; blank lines, a byte order mark and carriage returns before line ends do not count.

        Raises:
            UnicodeDecodeError: the bytes are not UTF-8.
            DictionaryError: the text holds a lone surrogate.
        """
        if isinstance(text, bytes):
            text = text.decode()
        if not isinstance(text, str):
            raise TypeError(f"text: expected str or bytes, not {type(text).__name__}")
        text = text.removeprefix("\ufeff")
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        self = cls._joined(text, "\n")
        # A blank line is an empty word: asking the index costs a thousandth of what searching the text does.
        if "" in self:
            self.close()
            self = cls._joined(_BLANK_LINES.sub("\n", text).removeprefix("\n"), "\n")
        return self

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Dictionary:
        """The words of a UTF-8 text file, see `from_text`."""
        return cls.from_text(Path(path).read_bytes())

    @classmethod
    def english(cls, size: Size = "default") -> Dictionary:
        """English words with their commonness as priority (SCOWL): 240,745 of them, or 435,874 when ``size`` is ``"huge"``.

        Raises:
            ValueError: there is no such size.
            LikewiseError: the package's words are missing or damaged.
        """
        from likewise.words import INDEX, check_size, english_text

        check_size(size)
        if size == "default":
            # The index only saves time: without a sound one, the words are indexed anew.
            with contextlib.suppress(OSError, DictionaryError):
                return cls.load(INDEX)
        text, priorities = english_text(size)
        self = cls.__new__(cls)
        self._build(text, "\n", priorities)
        return self

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Dictionary:
        """A dictionary that `save` wrote.

        Raises:
            DictionaryError: the file is not a saved dictionary, is damaged, or was written in another version of the format.
        """
        with open(path, "rb", buffering=0) as file:
            # Latin-1 keeps every byte of a damaged file; a sound one is ASCII.
            parts = (part.decode("latin-1") for part in iter(partial(file.read, _PART), b""))
            status = os.fstat(file.fileno())
            # What a pipe or a device holds is not known before.
            size = status.st_size if stat.S_ISREG(status.st_mode) else _OWN_INSTANCE
            return cls._loaded_in_parts(parts, size, os.fspath(path))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the words and their index to a file, whole or not at all."""
        path = Path(path)
        data = self._words.save()
        # Beside the target, so that the last step is a rename; nobody can foresee the name, and what is there by it is not written to.
        if path.exists() and not path.is_file():
            # A device or a pipe is written to, and must not be put aside for a file.
            path.write_bytes(data.encode("ascii"))
            return
        part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with open(part, "xb") as file:
            try:
                file.write(data.encode("ascii"))
                file.close()
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def suggest(self, query: str | bytes, *, metric: MetricName = "indel", score_cutoff: float | None = None) -> Match | None:
        """The best match for ``query``, or None where nothing is similar.

        ``score_cutoff``: a match scores at least this (percent).

        Raises:
            TypeError: ``query`` is neither str nor bytes.
            ValueError: bytes that are not UTF-8, an unknown metric, or more than 8,192 code points (1,024 for the metrics
                ``"damerau-levenshtein"``, ``"sorensen-dice"`` and ``"typo"``).
        """
        try:
            found = self._words.suggest(_query(query), metric, score_cutoff)
        except ComponentError as error:
            raise _refused(error, metric) from None
        return None if found is None else _match(found)

    def search(
        self, query: str | bytes, limit: int = 5, *, metric: MetricName = "indel", score_cutoff: float | None = None
    ) -> list[Match]:
        """The best ``limit`` matches for ``query``, best first. Errors as for `suggest`."""
        limit = _limit(limit)
        try:
            if limit == 1:
                # One match crosses faster than a list of one.
                best = self._words.suggest(_query(query), metric, score_cutoff)
                return [] if best is None else [_match(best)]
            found = self._words.search(_query(query), limit, metric, score_cutoff)
        except ComponentError as error:
            raise _refused(error, metric) from None
        return [_match(match) for match in found]

    def within(self, query: str | bytes, distance: int, limit: int = 100, *, metric: MetricName = "osa") -> list[Match]:
        """The words at most ``distance`` edits away, nearest first, at most ``limit`` of them.

        Raises:
            DictionaryError: the metric's distance is not a count of edits, or the query is longer than a search takes.
        """
        try:
            found = self._words.within(as_text(query, "query"), distance, _limit(limit), metric)
        except ComponentError as error:
            raise _refused(error, metric) from None
        return [_match(match) for match in found]

    def search_many(
        self,
        queries: Iterable[str | bytes],
        limit: int = 1,
        *,
        metric: MetricName = "indel",
        score_cutoff: float | None = None,
        workers: int = 1,
    ) -> list[list[Match]]:
        """`search` for each query, in order, in one crossing to the engine.

        ``workers``: threads to use, each with its own copy of the dictionary in memory for the time of the call.
        """
        if isinstance(queries, (str, bytes)) or not isinstance(queries, Iterable):
            raise TypeError(f"queries: expected an iterable of queries, not {type(queries).__name__}; search takes one")
        texts = [as_text(query, f"queries[{position}]") for position, query in enumerate(queries)]
        if not texts:
            return []
        limit = _limit(limit)
        workers = whole_number(workers, "workers")
        if workers < 1:
            raise ValueError(f"workers must be at least 1: {workers!r}")
        if workers == 1 or len(texts) < workers:
            return self._search_many(texts, range(len(texts)), limit, metric, score_cutoff)
        saved = self._words.save()
        share = -(-len(texts) // workers)
        shares = [range(start, min(start + share, len(texts))) for start in range(0, len(texts), share)]

        def search(share: range) -> list[list[Match]]:
            with Dictionary._loaded(saved, "a copy") as copy:
                return copy._search_many(texts, share, limit, metric, score_cutoff)

        with ThreadPoolExecutor(len(shares)) as threads:
            return [found for part in threads.map(search, shares) for found in part]

    def _search_many(
        self, texts: list[str], share: range, limit: int, metric: MetricName, score_cutoff: float | None
    ) -> list[list[Match]]:
        """`search` for those of the texts that stand at some positions."""
        results: list[list[Match]] = [[] for _ in share]
        get = self._words.get
        for start in range(0, len(share), _CROSSING):
            crossing = share[start : start + _CROSSING]
            joined, separator = _joined(texts[crossing.start : crossing.stop])
            try:
                found = self._words.search_many(joined, separator, limit, metric, score_cutoff)
            except ComponentError as error:
                raise _refused(error, metric, crossing.start) from None
            for query, index, score in zip(found.query, found.index, found.score, strict=True):
                results[start + query].append(Match(get(index), score, index))
        return results

    def search_packed(
        self, joined: str, separator: str, limit: int, metric: MetricName, score_cutoff: float | None, most: int
    ) -> Any:
        """`search-packed` of the contract: queries joined, each ended by the separator, and matches as packed columns."""
        try:
            return self._words.search_packed(joined, separator, limit, metric, score_cutoff, most)
        except ComponentError as error:
            raise _refused(error, metric) from None

    def contains_many(self, words: Iterable[str | bytes]) -> list[bool]:
        """``word in self`` for each word, in order, in one crossing to the engine."""
        if isinstance(words, (str, bytes)) or not isinstance(words, Iterable):
            raise TypeError(f"words: expected an iterable of words, not {type(words).__name__}; `in` takes one")
        given = list(words)
        texts = [as_text(word, f"words[{position}]") for position, word in enumerate(given)]
        # A word is in the dictionary if one there is similar to it by 100 %. The search takes neither nothing nor what is too long.
        longest = longest_query("indel")
        searched = [
            position
            for position, (word, text) in enumerate(zip(given, texts, strict=True))
            if 0 < len(text) <= longest and (isinstance(word, bytes) or text == word)
        ]
        found = [not 0 < len(text) <= longest and word in self for word, text in zip(given, texts, strict=True)]
        if searched:
            joined, separator = _joined([texts[position] for position in searched])
            for query in self._words.search_many(joined, separator, 1, "indel", 100.0).query:
                found[searched[query]] = True
        return found

    def indel_score(self, query: str, found: Match, metric: MetricName) -> float:
        """The indel similarity in percent of ``query`` and a match that a search by ``metric`` found."""
        if metric in ("indel", "typo"):
            return found.score
        score: float = self._engine.similarity.similarity("indel", query, found.choice)
        return 100.0 * score

    @property
    def memory(self) -> int:
        """Bytes of the engine's memory that the words and their index take."""
        return int(self._words.memory())

    @property
    def closed(self) -> bool:
        """Whether it was closed, or lost with the instance of the engine that it lived in."""
        return bool(self._words.closed)

    def close(self) -> None:
        """Free the memory. The dictionary cannot be used any more."""
        self._words.close()
        if self._engine is not _engine.component():
            self._engine.close()

    def __enter__(self) -> Dictionary:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        return self._len

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, (str, bytes)):
            return False
        text = as_text(word, "word")
        # A lone surrogate is in no word, and what stands for it may be.
        return (isinstance(word, bytes) or text == word) and self._words.index_of(text) is not None

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(self._len))]
        position = whole_number(index, "index")
        if position < 0:
            position += self._len
        if not 0 <= position < self._len:
            raise IndexError(f"index {index} is out of range: the dictionary has {self._len} words")
        word: str = self._words.get(position)
        return word

    def __iter__(self) -> Iterator[str]:
        for start in range(0, self._len, _CHUNK):
            # The separator only has to be in none of these words.
            for separator in _SEPARATORS:
                words: list[str] = self._words.words(start, _CHUNK, separator).split(separator)
                if len(words) == min(_CHUNK, self._len - start):
                    break
            else:
                words = [self[position] for position in range(start, min(start + _CHUNK, self._len))]
            yield from words

    def __repr__(self) -> str:
        return f"<Dictionary of {self._len:,} words>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (self._words.save(),)

    def _build(self, text: str, separator: str, priority: Sequence[int] | str | None) -> None:
        if priority is not None and not isinstance(priority, str):
            priority = _priorities(priority)
        engine = _engine_for(len(text))
        try:
            words = engine.dictionary.Dictionary.from_text(text, separator, priority)
        except ComponentError as error:
            raise DictionaryError(str(error.payload)) from None
        except ValueError:
            broken = next((i for i, word in enumerate(text.split(separator)) if _has_surrogate(word)), None)
            if broken is None:
                raise
            raise DictionaryError(
                f"words[{broken}] holds a lone surrogate, which is not text; decode it with errors='replace'"
            ) from None
        self._adopt(engine, words)

    def _adopt(self, engine: Any, words: Any) -> None:
        self._engine = engine
        self._words = words
        self._len: int = words.len()

    @classmethod
    def _joined(cls, text: str, separator: str) -> Dictionary:
        """Words already joined, each ended by the separator."""
        self = cls.__new__(cls)
        self._build(text, separator, None)
        return self

    @classmethod
    def _loaded(cls, data: str, name: str) -> Dictionary:
        """What `save` wrote, at hand."""
        return cls._loaded_in_parts((data[start : start + _PART] for start in range(0, len(data), _PART)), len(data), name)

    @classmethod
    def _loaded_in_parts(cls, parts: Iterable[str], size: int, name: str) -> Dictionary:
        parts = iter(parts)
        first = next(parts, "")
        engine = _engine_for(size)
        try:
            if len(first) == _PART:
                _check_beginning(engine, first)
            loader = engine.dictionary.Loader(min(size, _MOST_U32))
            loader.push(first)
            for part in parts:
                loader.push(part)
            words = engine.dictionary.Loader.load(loader)
        except ComponentError as error:
            raise DictionaryError(f"{name}: {_load_error(error.payload)}") from None
        self = cls.__new__(cls)
        self._adopt(engine, words)
        return self


def _engine_for(size: int) -> Component:
    """Where so many characters are to live: many in an instance of their own, whose memory ends with it, few in the thread's."""
    component = _engine.component()
    return component if size < _OWN_INSTANCE else component.instantiate()


def _check_beginning(engine: Component, first: str) -> None:
    """Raise what says that this is no beginning of a saved dictionary: the rest need not be read, which may be large or have no end."""
    try:
        engine.dictionary.Dictionary.load(first).close()
    except ComponentError as error:
        if not isinstance(error.payload, engine.dictionary.LoadError.Damaged):
            raise


def _unpickle(data: str) -> Dictionary:
    return Dictionary._loaded(data, "a pickled dictionary")


def _load_error(payload: Any) -> str:
    """What `load-error` says, with the way out."""
    name = type(payload).__name__
    if name == "Version":
        return f"saved in version {payload.value} of the format, which this release does not read; save it anew"
    if name == "Damaged":
        return f"damaged: {payload.value}; save it anew"
    return "not a saved dictionary; Dictionary.from_file reads a list of words"


def _joined(words: list[str]) -> tuple[str, str]:
    """The words in one text, each ended by a separator that is in none of them."""
    for separator in _SEPARATORS:
        try:
            text = separator.join(words)
        except TypeError:
            position, word = next((i, word) for i, word in enumerate(words) if not isinstance(word, str))
            raise TypeError(f"words[{position}]: expected str, not {type(word).__name__}") from None
        if text.count(separator) == max(len(words) - 1, 0):
            return (text + separator if words else ""), separator
    separator = unused(set().union(*words))
    return separator.join(words) + separator, separator


def unused(used: set[str]) -> str:
    """A character that is not among these.

    Raises:
        DictionaryError: they are all that there are.
    """
    found = next((c for c in map(chr, chain.from_iterable(_SELDOM)) if c not in used), None)
    if found is None:
        raise DictionaryError("words: they hold every character that there is, so that none is left to part them; leave some out")
    return found


def _priorities(priority: Sequence[int]) -> str:
    try:
        # A number would be so many zeros.
        return bytes(iter(priority)).decode("latin-1")
    except (TypeError, ValueError):
        raise DictionaryError("priority: expected integers from 0 to 255, smaller being more common") from None


def _match(found: Any) -> Match:
    """The engine's match as the user's. Calling the class takes three times as long: its ``__new__`` is Python's."""
    return tuple.__new__(Match, (found.choice, found.score, found.index))


@functools.cache
def longest_query(metric: MetricName) -> int:
    """Code points of the longest query that a search by this metric takes."""
    longest: int = _engine.component().dictionary.longest_query(metric)
    return longest


def _refused(error: ComponentError, metric: MetricName, first: int = 0) -> DictionaryError:
    """The engine's refusal of a search. ``first`` is the position of the first of several queries."""
    reason = error.payload.value
    if isinstance(reason, str):
        return DictionaryError(reason)
    name = "query" if reason.position is None else f"queries[{first + reason.position}]"
    return DictionaryError(f"{name}: {reason.length:,} code points; a search by {metric!r} takes at most {reason.longest:,}")


def _query(query: str | bytes) -> str:
    """A query as text; most are, and need no look at each letter."""
    return query if query.__class__ is str and query.isascii() else as_text(query, "query")


def _limit(limit: int) -> int:
    if limit.__class__ is not int:
        limit = whole_number(limit, "limit")
    if limit < 0:
        raise ValueError(f"limit must not be negative: {limit}")
    return min(limit, _MOST_U32)


def _has_surrogate(word: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in word)
