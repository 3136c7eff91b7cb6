"""Ratios for text as people write it: 0 to 100, exactly RapidFuzz's.

Nothing is normalised first: case, accents and punctuation count. Pass ``processor=likewise.utils.default_process`` for
that. Every ratio takes a ``score_cutoff`` (what is less is given as 0, nothing else changes) and gives 0 for a missing
value (None, NaN, ``pandas.NA``); ``score_hint`` is accepted for RapidFuzz's sake and changes nothing. Sequences of
other things than characters are compared by their elements. Raises TypeError for what is no sequence of hashable
elements.
"""

from __future__ import annotations

from typing import Any

from likewise._scorers import Processor, engine, ratio_scorer
from likewise._sequences import is_missing, text_pair
from likewise.distance._rows import ScoreAlignment

__all__ = [
    "QRatio",
    "WRatio",
    "partial_ratio",
    "partial_ratio_alignment",
    "partial_token_ratio",
    "partial_token_set_ratio",
    "partial_token_sort_ratio",
    "ratio",
    "token_ratio",
    "token_set_ratio",
    "token_sort_ratio",
]

ratio = ratio_scorer(
    "ratio",
    __name__,
    "ratio",
    """The normalized indel similarity in percent.

    >>> ratio("this is a test", "this is a test!")
    96.55172413793103
    """,
)

partial_ratio = ratio_scorer(
    "partial-ratio",
    __name__,
    "partial_ratio",
    """The best ``ratio`` of the shorter text and any part of the longer one that is no longer.

    >>> partial_ratio("this is a test", "this is a test!")
    100.0
    """,
)

token_sort_ratio = ratio_scorer(
    "token-sort-ratio",
    __name__,
    "token_sort_ratio",
    """``ratio`` of the words in sorted order.

    >>> token_sort_ratio("fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear")
    100.0
    """,
)

token_set_ratio = ratio_scorer(
    "token-set-ratio",
    __name__,
    "token_set_ratio",
    """The best ``ratio`` among the common words alone and with the other words of either text; 0 without a word on both
    sides.

    So it is 100 where all words of one text are in the other.

    >>> token_set_ratio("fuzzy was a bear but not a dog", "fuzzy was a bear")
    100.0
    """,
)

token_ratio = ratio_scorer("token-ratio", __name__, "token_ratio", "The greater of ``token_sort_ratio`` and ``token_set_ratio``.")

partial_token_sort_ratio = ratio_scorer(
    "partial-token-sort-ratio",
    __name__,
    "partial_token_sort_ratio",
    "``partial_ratio`` of the words in sorted order.",
)

partial_token_set_ratio = ratio_scorer(
    "partial-token-set-ratio",
    __name__,
    "partial_token_set_ratio",
    "100 where a word is common, otherwise ``partial_ratio`` of the sorted words; 0 without a word on both sides.",
)

partial_token_ratio = ratio_scorer(
    "partial-token-ratio",
    __name__,
    "partial_token_ratio",
    "The greater of ``partial_token_sort_ratio`` and ``partial_token_set_ratio``.",
)

WRatio = ratio_scorer(
    "w-ratio",
    __name__,
    "WRatio",
    """The greatest of the ratios that suit the lengths, those on words and parts counted for less; 0 where a text is
    empty.

    Texts whose lengths differ by less than half: ``ratio`` and 0.95 times ``token_ratio``. Otherwise ``ratio``,
    ``partial_ratio`` and 0.95 times ``partial_token_ratio``, the last two times 0.9, or 0.6 where one text is more than
    eight times as long.

    >>> WRatio("new york mets", "the wonderful new york mets")
    90.0
    """,
)

QRatio = ratio_scorer("q-ratio", __name__, "QRatio", "``ratio``, but 0 where a text is empty.")


def partial_ratio_alignment(
    s1: Any, s2: Any, *, processor: Processor | None = None, score_cutoff: float | None = None
) -> ScoreAlignment | None:
    """Where the shorter text fits the longer one best, and how well; None below ``score_cutoff`` or for a missing
    value.

    >>> partial_ratio_alignment("a certain string", "cetain")
    ScoreAlignment(score=83.33333333333334, src_start=2, src_end=8, dest_start=0, dest_end=6)
    """
    if is_missing(s1) or is_missing(s2):
        return None
    if processor:
        s1, s2 = processor(s1), processor(s2)
    found = engine().partial_ratio_alignment(*text_pair(s1, s2), 0.0 if score_cutoff is None else float(score_cutoff))
    if found is None:
        return None
    return ScoreAlignment(found.score, found.src_start, found.src_end, found.dest_start, found.dest_end)
