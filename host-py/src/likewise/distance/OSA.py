"""Optimal string alignment: insertions, deletions, substitutions and transpositions of neighbours, nothing edited
twice.

The largest distance is ``max(len(s1), len(s2))``.

>>> from likewise.distance import OSA
>>> OSA.distance("CA", "AC"), OSA.distance("CA", "ABC")
(1, 3)
"""

from __future__ import annotations

from likewise._scorers import count_scorer, fraction_scorer

__all__ = ["distance", "normalized_distance", "normalized_similarity", "similarity"]

distance = count_scorer("osa", "distance", __name__)
similarity = count_scorer("osa", "similarity", __name__)
normalized_distance = fraction_scorer("osa", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("osa", "normalized-similarity", __name__)
