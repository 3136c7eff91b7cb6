"""Positions that differ (Hamming, 1950). What the longer sequence has more counts as different, unless ``pad`` is
False.

The largest distance is ``max(len(s1), len(s2))``.

>>> from likewise.distance import Hamming
>>> Hamming.distance("karolin", "kathrin")
3
"""

from __future__ import annotations

from typing import Any

from likewise._scorers import Processor, count_scorer, fraction_scorer
from likewise.distance._editops import Editops, Opcodes
from likewise.distance._edits import edit_functions

__all__ = ["distance", "editops", "normalized_distance", "normalized_similarity", "opcodes", "similarity"]

distance = count_scorer("hamming", "distance", __name__)
similarity = count_scorer("hamming", "similarity", __name__)
normalized_distance = fraction_scorer("hamming", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("hamming", "normalized-similarity", __name__)

_editops, _ = edit_functions("hamming", __name__)


def editops(
    s1: Any, s2: Any, *, pad: bool = True, processor: Processor | None = None, score_hint: float | None = None
) -> Editops:
    """The edits that turn ``s1`` into ``s2`` position by position; the end of the longer one is inserted or deleted.

    Raises:
        TypeError: not a sequence of hashable elements.
        ValueError: ``pad`` is False and the lengths differ.
    """
    edits = _editops(s1, s2, processor=processor, score_hint=score_hint)
    if not pad and edits.src_len != edits.dest_len:
        raise ValueError("Sequences are not the same length; pad=True counts what is missing as different")
    return edits


def opcodes(
    s1: Any, s2: Any, *, pad: bool = True, processor: Processor | None = None, score_hint: float | None = None
) -> Opcodes:
    """`editops`, run by run, with the runs that stay equal: as difflib has them."""
    return editops(s1, s2, pad=pad, processor=processor, score_hint=score_hint).as_opcodes()
