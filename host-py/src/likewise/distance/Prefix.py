"""The common prefix: its length is the similarity, ``max(len(s1), len(s2))`` less it the distance.

>>> from likewise.distance import Prefix
>>> Prefix.similarity("prefix", "preface")
4
"""

from __future__ import annotations

from likewise._scorers import count_scorer, fraction_scorer

__all__ = ["distance", "normalized_distance", "normalized_similarity", "similarity"]

distance = count_scorer("prefix", "distance", __name__)
similarity = count_scorer("prefix", "similarity", __name__)
normalized_distance = fraction_scorer("prefix", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("prefix", "normalized-similarity", __name__)
