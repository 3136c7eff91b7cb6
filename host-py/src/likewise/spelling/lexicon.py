"""Which words are known, and what an unknown one was meant to be: a dictionary, what texts have besides, and words of one's own.

Every question is asked for many words at once, so that it crosses to the engine once.
"""

from __future__ import annotations

import functools
import heapq
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from likewise import _engine
from likewise.dictionary import Dictionary, Match, MetricName
from likewise.spelling.tokens import ACRONYMS, APOSTROPHES, Shape, plain, shape
from likewise.suggestion import Suggestion, english
from likewise.words import english_forms, english_priority

# No word of a language is longer; a search for what is longer takes long and finds nothing.
_LONGEST = 64

# Words that one call to the engine suggests for. It takes a second at worst, during which Ctrl-C has to wait.
_BATCH = 1024

# What English hangs on a word behind an apostrophe. Each is left off, and the word before it looked up.
_ENDINGS = ("'s", "'d", "'ll", "'ve", "'re", "s'")


class Lexicon:
    """The words that a text may have."""

    def __init__(self, dictionary: Dictionary | None, words: Iterable[str]) -> None:
        """``dictionary`` None is English with its names, contractions and abbreviations; ``words`` are known besides."""
        if isinstance(words, (str, bytes)):
            raise TypeError("words: expected an iterable of words, not one string")
        self._is_english = dictionary is None
        self._main = english() if dictionary is None else dictionary
        own = [plain(word.strip()) for word in words]
        self._own = _Listed(word for word in own if word)
        self._listed = [self._own, _english_forms()] if self._is_english else [self._own]

    def unknown(self, words: Sequence[str]) -> set[str]:
        """Those of ``words`` that are not known."""
        keys = {word: self._keys(word) for word in words if not self._is_english or _is_latin(word)}
        left = {word: found for word, found in keys.items() if not any(key in listed for key in found for listed in self._listed)}
        asked = list({key for found in left.values() for key in found})
        known = {key for key, is_known in zip(asked, self._main.contains_many(asked), strict=True) if is_known}
        return {word for word, found in left.items() if known.isdisjoint(found)}

    def suggest(self, words: Sequence[str], limit: int, metric: MetricName) -> dict[str, tuple[Suggestion, ...]]:
        """What each of ``words`` may have been meant to be, best first, with the capitals and apostrophes of the word."""
        found: dict[str, tuple[Suggestion, ...]] = dict.fromkeys(words, ())
        asked = [word for word in words if limit > 0 and len(word) <= _LONGEST]
        for start in range(0, len(asked), _BATCH):
            batch = asked[start : start + _BATCH]
            queries = {word: _queries(word) for word in batch}
            distinct = list({query for forms in queries.values() for query in forms})
            lists: list[dict[str, list[_Candidate]]] = []
            for source, priority in self._sources():
                matches = source.search_many(distinct, limit, metric=metric)
                lists.append(
                    {
                        query: [_candidate(query, match, source, priority, metric) for match in answers]
                        for query, answers in zip(distinct, matches, strict=True)
                    }
                )
            for word in batch:
                found[word] = tuple(_merged(word, [answers[query] for answers in lists for query in queries[word]], limit))
        return found

    def _sources(self) -> Iterator[tuple[Dictionary, Callable[[int], int]]]:
        """Where suggestions come from, each with the priority of its words; one's own are as common as any."""
        for listed in self._listed:
            if len(listed):
                yield listed.dictionary, listed.priority
        yield self._main, english_priority if self._is_english else _most_common

    def _keys(self, word: str) -> list[str]:
        """What a word may be in a dictionary: itself, without its ending, and with fewer capitals."""
        word = plain(word)
        bases = [word]
        acronyms = ACRONYMS.fullmatch(word)
        if acronyms:
            bases.append(acronyms.group(1))
        for ending in _ENDINGS:
            if word.lower().endswith(ending):
                bases.append(word[: -len(ending)] + ("s" if ending == "s'" else ""))
        keys = []
        for base in bases:
            form = shape(base)
            keys.append(base)
            if form in (Shape.TITLE, Shape.UPPER):
                keys.append(base.lower())
            if form is Shape.UPPER:
                keys.append(_title(base.lower()))
        if self._is_english:
            # English writes naïve and naive, café and cafe.
            keys += [_without_accents(key) for key in keys if not key.isascii()]
        return keys


class _Listed:
    """Words as they are written, in memory."""

    def __init__(self, words: Iterable[str], priorities: str | None = None) -> None:
        self._words = list(words)
        self._priorities = priorities
        self._set = set(self._words)
        # MCDONALD is McDonald, and cafe is café.
        self._set.update(word.upper() for word in self._words if shape(word) is Shape.MIXED)
        self._set.update(_without_accents(word) for word in self._words if not word.isascii())

    def __contains__(self, word: str) -> bool:
        return word in self._set

    def __len__(self) -> int:
        return len(self._words)

    @functools.cached_property
    def dictionary(self) -> Dictionary:
        """The same, to search in."""
        return Dictionary(self._words, priority=None if self._priorities is None else [ord(level) for level in self._priorities])

    def priority(self, index: int) -> int:
        """The priority of a word of the dictionary."""
        return 0 if self._priorities is None else ord(self._priorities[index])


class _Candidate(NamedTuple):
    """What a word may have been meant to be, and by what it is ordered, less being better."""

    cost: float
    meant: Suggestion


def _candidate(query: str, match: Match, source: Dictionary, priority: Callable[[int], int], metric: MetricName) -> _Candidate:
    if metric == "typo":
        # What a search orders by, which it does not tell.
        cost = _engine.component().similarity.distance("typo", query, match.choice) + priority(match.index)
    else:
        cost = -match.score
    return _Candidate(cost, Suggestion(match.choice, source.indel_score(query, match, metric)))


def _most_common(index: int) -> int:
    return 0


@functools.cache
def _english_forms() -> _Listed:
    text, priorities = english_forms()
    return _Listed(text.split("\n")[:-1], priorities)


def _queries(word: str) -> list[str]:
    """What to search for: a word without capitals that may only be its place's, and as written, where a name may be meant."""
    word = plain(word)
    form = shape(word)
    if form is Shape.LOWER:
        return [word]
    if form is Shape.UPPER:
        return [word.lower(), _title(word.lower())]
    return [word.lower(), word]


def _merged(word: str, lists: Sequence[Sequence[_Candidate]], limit: int) -> Iterator[Suggestion]:
    """The best of several lists, each of which keeps its order; of equals that of the first list."""
    form, written = shape(plain(word)), plain(word).lower()
    seen: set[str] = set()
    heads = [(answers[0].cost, number, 0) for number, answers in enumerate(lists) if answers]
    heapq.heapify(heads)
    while heads and len(seen) < limit:
        _, number, position = heapq.heappop(heads)
        meant, score = lists[number][position].meant
        if position + 1 < len(lists[number]):
            heapq.heappush(heads, (lists[number][position + 1].cost, number, position + 1))
        # A word without capitals was hardly meant to be another name.
        if form is Shape.LOWER and meant != meant.lower() and meant.lower() != written:
            continue
        meant = _as_written(meant, word, form)
        if meant not in seen:
            seen.add(meant)
            yield Suggestion(meant, score)


def _as_written(meant: str, word: str, form: Shape) -> str:
    """A suggestion with the capitals and the apostrophes of the word that it is for."""
    if form is Shape.UPPER:
        meant = meant.upper()
    elif form in (Shape.TITLE, Shape.MIXED) and word[0].isupper():
        meant = _title(meant)
    apostrophe = next((character for character in word if character in APOSTROPHES), "'")
    return meant.replace("'", apostrophe)


def _is_latin(word: str) -> bool:
    """Whether a word has a Latin letter. English has nothing to say of words in other scripts."""
    return word.isascii() or any("LATIN" in unicodedata.name(character, "") for character in word)


def _title(word: str) -> str:
    return word[:1].upper() + word[1:]


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
