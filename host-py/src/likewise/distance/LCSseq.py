"""The longest common subsequence: its length is the similarity, ``max(len(s1), len(s2))`` less it the distance.

>>> from likewise.distance import LCSseq
>>> LCSseq.similarity("lewenstein", "levenshtein")
9
"""

from __future__ import annotations

from likewise._scorers import count_scorer, fraction_scorer
from likewise.distance._edits import edit_functions

__all__ = ["distance", "editops", "normalized_distance", "normalized_similarity", "opcodes", "similarity"]

distance = count_scorer("lcs-seq", "distance", __name__)
similarity = count_scorer("lcs-seq", "similarity", __name__)
normalized_distance = fraction_scorer("lcs-seq", "normalized-distance", __name__)
normalized_similarity = fraction_scorer("lcs-seq", "normalized-similarity", __name__)
editops, opcodes = edit_functions("lcs-seq", __name__)
