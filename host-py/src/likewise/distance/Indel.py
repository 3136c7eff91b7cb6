"""Insertions and deletions: ``len(s1) + len(s2) - 2 * lcs(s1, s2)``, which is also the largest distance where nothing
is common.

The similarity is the largest distance, ``len(s1) + len(s2)``, less the distance. `likewise.fuzz.ratio` is the
normalized similarity in percent.

>>> from likewise.distance import Indel
>>> Indel.distance("lewenstein", "levenshtein")
3
"""

from __future__ import annotations

from likewise._scorers import count_scorer, fraction_scorer
from likewise.distance._edits import edit_functions

__all__ = ["distance", "editops", "normalized_distance", "normalized_similarity", "opcodes", "similarity"]

distance = count_scorer("indel", "distance", __name__)
similarity = count_scorer("indel", "similarity", __name__)
normalized_distance = fraction_scorer("indel", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("indel", "normalized-similarity", __name__)
editops, opcodes = edit_functions("indel", __name__)
