"""Every scorer, and the RapidFuzz function that it answers like."""

from __future__ import annotations

from typing import Any

import rapidfuzz

from likewise import distance, fuzz

SCORERS: dict[Any, Any] = {
    getattr(fuzz, name): getattr(rapidfuzz.fuzz, name) for name in fuzz.__all__ if name != "partial_ratio_alignment"
}
for _metric in [
    "Indel",
    "Levenshtein",
    "OSA",
    "DamerauLevenshtein",
    "Hamming",
    "LCSseq",
    "Prefix",
    "Postfix",
    "Jaro",
    "JaroWinkler",
]:
    for _measure in ["distance", "similarity", "normalized_distance", "normalized_similarity"]:
        SCORERS[getattr(getattr(distance, _metric), _measure)] = getattr(getattr(rapidfuzz.distance, _metric), _measure)


def name_of(scorer: Any) -> str:
    return f"{scorer.__module__.rpartition('.')[2]}.{scorer.__name__}"
