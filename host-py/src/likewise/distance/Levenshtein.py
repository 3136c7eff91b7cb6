"""Insertions, deletions and substitutions (Levenshtein, 1966).

The largest distance is ``max(len(s1), len(s2))``; with ``weights`` it is what the cheaper of two ways costs: to replace
all and insert or delete the rest, or to delete all and insert all.

>>> from likewise.distance import Levenshtein
>>> Levenshtein.distance("lewenstein", "levenshtein")
2
>>> Levenshtein.distance("lewenstein", "levenshtein", weights=(1, 1, 2))
3
"""

from __future__ import annotations

from likewise._scorers import count_scorer, fraction_scorer
from likewise.distance._edits import edit_functions

__all__ = ["distance", "editops", "normalized_distance", "normalized_similarity", "opcodes", "similarity"]

distance = count_scorer("levenshtein", "distance", __name__)
similarity = count_scorer("levenshtein", "similarity", __name__)
normalized_distance = fraction_scorer("levenshtein", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("levenshtein", "normalized-similarity", __name__)
editops, opcodes = edit_functions("levenshtein", __name__)
