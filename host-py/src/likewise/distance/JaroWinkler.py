"""Jaro with a bonus for up to four equal elements at the start, where Jaro exceeds 0.7 (Winkler, 1990). All measures
are 0.0 to 1.0; the distance is the normalized distance, the similarity the normalized similarity.

>>> from likewise.distance import JaroWinkler
>>> round(JaroWinkler.similarity("martha", "marhta"), 3)
0.961
"""

from __future__ import annotations

from likewise._scorers import fraction_scorer

__all__ = ["distance", "normalized_distance", "normalized_similarity", "similarity"]

distance = fraction_scorer("jaro-winkler", "distance", __name__)
similarity = fraction_scorer("jaro-winkler", "similarity", __name__)
normalized_distance = fraction_scorer("jaro-winkler", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("jaro-winkler", "normalized-similarity", __name__)
