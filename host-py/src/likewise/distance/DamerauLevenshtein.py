"""Insertions, deletions, substitutions and transpositions, unrestricted (Damerau, 1964; Lowrance and Wagner, 1975).

The largest distance is ``max(len(s1), len(s2))``.

>>> from likewise.distance import DamerauLevenshtein
>>> DamerauLevenshtein.distance("CA", "AC"), DamerauLevenshtein.distance("CA", "ABC")
(1, 2)
"""

from __future__ import annotations

from likewise._scorers import count_scorer, fraction_scorer

__all__ = ["distance", "normalized_distance", "normalized_similarity", "similarity"]

distance = count_scorer("damerau-levenshtein", "distance", __name__)
similarity = count_scorer("damerau-levenshtein", "similarity", __name__)
normalized_distance = fraction_scorer("damerau-levenshtein", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("damerau-levenshtein", "normalized-similarity", __name__)
