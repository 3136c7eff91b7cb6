"""Distances and similarities of two sequences: a module for each metric, each with the same four functions.

`distance` counts what has to be done to make one sequence of the other, `similarity` what is left of the largest
possible distance; `normalized_distance` and `normalized_similarity` are these divided by the largest distance, 0.0 to
1.0. Sequences are strings, compared by code points, or anything with elements that can be hashed. The names and the
answers are those of RapidFuzz.
"""

from __future__ import annotations

from likewise.distance import (
    OSA,
    DamerauLevenshtein,
    Hamming,
    Indel,
    Jaro,
    JaroWinkler,
    LCSseq,
    Levenshtein,
    Postfix,
    Prefix,
    SorensenDice,
)
from likewise.distance._editops import Editops, Opcodes
from likewise.distance._rows import Editop, MatchingBlock, Opcode, ScoreAlignment

__all__ = [
    "OSA",
    "DamerauLevenshtein",
    "Editop",
    "Editops",
    "Hamming",
    "Indel",
    "Jaro",
    "JaroWinkler",
    "LCSseq",
    "Levenshtein",
    "MatchingBlock",
    "Opcode",
    "Opcodes",
    "Postfix",
    "Prefix",
    "ScoreAlignment",
    "SorensenDice",
]
