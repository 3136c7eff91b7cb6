"""Did you mean: the words of a language, or your own few options."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from likewise.dictionary import Dictionary, MetricName
from likewise.text import as_text


class Suggestion(NamedTuple):
    """A word somebody may have meant, and how similar it is to what they wrote.

    ``score`` is the indel similarity in percent, 0.0 to 100.0, whatever metric ordered the words. Nothing similar is
    ``Suggestion("", 0.0)``.
    """

    word: str
    score: float


NOTHING = Suggestion("", 0.0)


def spellcheck(word: str | bytes, *, dictionary: Dictionary | None = None, metric: MetricName = "typo") -> Suggestion:
    """The word most likely meant by ``word``.

    A word of the dictionary stands for itself and scores 100.0. ``word`` may be UTF-8 bytes. ``dictionary`` is the English
    one (`Dictionary.english`) unless you give yours; ``metric`` decides which word is best: ``"typo"`` weighs likely
    typing errors and how common a word is, any other name orders by that metric's similarity.

    >>> spellcheck("almni").word
    'alumni'

    Raises:
        TypeError: ``word`` is neither str nor bytes.
        ValueError: the bytes are not UTF-8, or there is no such metric.
    """
    found = spell_candidates(word, 1, dictionary=dictionary, metric=metric)
    return found[0] if found else NOTHING


def spell_candidates(
    word: str | bytes,
    limit: int = 5,
    *,
    dictionary: Dictionary | None = None,
    metric: MetricName = "typo",
) -> list[Suggestion]:
    """The ``limit`` words most likely meant by ``word``, best first. See `spellcheck`."""
    if dictionary is None:
        dictionary = english()
    text = as_text(word, "word")
    return [
        Suggestion(found.choice, dictionary.indel_score(text, found, metric))
        for found in dictionary.search(text, limit, metric=metric)
    ]


def suggest_word(
    word: str | bytes,
    options: Iterable[str],
    *,
    metric: MetricName = "indel",
    score_cutoff: float = 0.0,
) -> Suggestion:
    """The option most like ``word``; of equals the one that comes first.

    ``score_cutoff``: options whose indel similarity is lower (percent) do not count. When none is left, or nothing is similar
    at all, the answer is ``Suggestion("", 0.0)``.

    >>> suggest_word("mve", ["init", "and", "or", "move"])
    Suggestion(word='move', score=85.71428571428572)
    """
    text = as_text(word, "word")
    with Dictionary(options) as words:
        # With another metric the best by that metric may fall below the cutoff, and a later one not.
        by_score = metric in ("indel", "typo")
        cutoff = score_cutoff if by_score and score_cutoff > 0 else None
        limit = 1 if by_score or score_cutoff <= 0 else len(words)
        for found in words.search(text, limit, metric=metric, score_cutoff=cutoff):
            score = words.indel_score(text, found, metric)
            if score >= score_cutoff:
                return Suggestion(found.choice, score)
    return NOTHING


def get_close_matches(word: str, possibilities: Sequence[str], n: int = 3, cutoff: float = 0.6) -> list[str]:
    """The best ``n`` of ``possibilities`` that are at least ``cutoff`` (0.0 to 1.0) similar to ``word``, best first.

    The signature of `difflib.get_close_matches`, with the indel similarity in place of difflib's ratio.

    Raises:
        ValueError: ``n`` is not above 0, or ``cutoff`` not within 0.0 to 1.0.
    """
    if n <= 0:
        raise ValueError(f"n must be > 0: {n!r}")
    if not 0.0 <= cutoff <= 1.0:
        raise ValueError(f"cutoff must be in [0.0, 1.0]: {cutoff!r}")
    with Dictionary(possibilities) as words:
        return [found.choice for found in words.search(word, n, score_cutoff=cutoff * 100)]


_english_lock = threading.Lock()


def _renew_lock() -> None:
    global _english_lock
    _english_lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    # Whoever had it is not in the child.
    os.register_at_fork(after_in_child=_renew_lock)


@functools.cache
def _english() -> Dictionary:
    return Dictionary.english()


def english() -> Dictionary:
    """The English dictionary that is used where none is given, made once, and again if it was lost."""
    with _english_lock:
        if _english().closed:
            _english.cache_clear()
        return _english()
