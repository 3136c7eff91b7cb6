"""Matching elements within a window, and their transpositions (Jaro, 1989). All measures are 0.0 to 1.0; the distance
is the normalized distance, the similarity the normalized similarity.

>>> from likewise.distance import Jaro
>>> round(Jaro.similarity("martha", "marhta"), 3)
0.944
"""

from __future__ import annotations

from likewise._scorers import fraction_scorer

__all__ = ["distance", "normalized_distance", "normalized_similarity", "similarity"]

distance = fraction_scorer("jaro", "distance", __name__)
similarity = fraction_scorer("jaro", "similarity", __name__)
normalized_distance = fraction_scorer("jaro", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("jaro", "normalized-similarity", __name__)
