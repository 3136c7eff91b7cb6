"""Shared pairs of neighbours, white space left out: twice their number by that of all pairs (Sørensen 1948, Dice 1945).
All measures are 0.0 to 1.0; the distance is the normalized distance, the similarity the normalized similarity.
RapidFuzz has no such metric.

>>> from likewise.distance import SorensenDice
>>> SorensenDice.similarity("night", "nacht")
0.25
"""

from __future__ import annotations

from likewise._scorers import fraction_scorer

__all__ = ["distance", "normalized_distance", "normalized_similarity", "similarity"]

distance = fraction_scorer("sorensen-dice", "distance", __name__)
similarity = fraction_scorer("sorensen-dice", "similarity", __name__)
normalized_distance = fraction_scorer("sorensen-dice", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("sorensen-dice", "normalized-similarity", __name__)
