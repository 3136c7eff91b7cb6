"""The common suffix: its length is the similarity, ``max(len(s1), len(s2))`` less it the distance.

>>> from likewise.distance import Postfix
>>> Postfix.similarity("postfix", "prefix")
3
"""

from __future__ import annotations

from likewise._scorers import count_scorer, fraction_scorer

__all__ = ["distance", "normalized_distance", "normalized_similarity", "similarity"]

distance = count_scorer("postfix", "distance", __name__)
similarity = count_scorer("postfix", "similarity", __name__)
normalized_distance = fraction_scorer("postfix", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("postfix", "normalized-similarity", __name__)
