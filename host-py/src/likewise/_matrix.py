"""`cdist` and `cpdist`: scores into numpy arrays, from the packed text in which they cross the boundary."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from likewise import _scorers
from likewise._scorers import Measure, Processor, Scorer
from likewise._sequences import across, is_missing

Array = NDArray[Any]

# Scores that cross the boundary at once: the memory of an instance grows with them and never shrinks.
_CROSSING = 1 << 22

# Metrics whose distances the engine computes many at a time, and whether their largest distance is the sum of the
# lengths or the greater one. A distance is a byte or two where a fraction is nine, so that fractions of these are made
# of distances here.
_LARGEST: dict[str, Callable[[Array, Array], Array]] = {
    "indel": np.add,
    "lcs-seq": np.maximum,
    "levenshtein": np.maximum,
    "osa": np.maximum,
}

_DTYPES = frozenset("bhilqBHILQfd")


def matrix(
    queries: Sequence[Any],
    choices: Sequence[Any],
    scorer: Callable[..., Any],
    processor: Processor | None,
    cutoff: float | None,
    multiplier: float,
    dtype: DTypeLike | None,
    workers: int,
    options: Mapping[str, Any],
) -> Array:
    """See `likewise.process.cdist`."""
    known = _scorers.find(scorer)
    scores = np.zeros((len(queries), len(choices)), _dtype(dtype, known))
    rows, columns = _processed(queries, processor), _processed(choices, processor)
    if known is None or not options.get("pad", True):
        for row, query in zip(scores, rows, strict=True):
            _store(row, [scorer(query, choice, score_cutoff=cutoff, **options) for choice in columns], multiplier)
        return scores
    if not scores.size:
        return scores
    batch = _Batch(known, cutoff, options)
    missing = batch.missing(rows), batch.missing(columns)

    def compute(start: int, stop: int) -> None:
        part = batch.matrix(rows[start:stop], columns)
        if known.missing is not None:
            part[missing[0][start:stop]] = part[:, missing[1]] = known.missing
        _store(scores[start:stop], part, multiplier)

    share = min(max(_CROSSING // len(columns), 1), -(-len(rows) // _threads(workers)))
    _in_threads(compute, len(rows), share, workers)
    return scores


def pairwise(
    queries: Sequence[Any],
    choices: Sequence[Any],
    scorer: Callable[..., Any],
    processor: Processor | None,
    cutoff: float | None,
    multiplier: float,
    dtype: DTypeLike | None,
    workers: int,
    options: Mapping[str, Any],
) -> Array:
    """See `likewise.process.cpdist`."""
    if len(queries) != len(choices):
        raise ValueError(f"Length of queries and choices must be the same! They are {len(queries)} and {len(choices)}.")
    known = _scorers.find(scorer)
    scores = np.zeros(len(queries), _dtype(dtype, known))
    first, second = _processed(queries, processor), _processed(choices, processor)
    if known is None or not options.get("pad", True):
        pairs = zip(first, second, strict=True)
        _store(scores, [scorer(query, choice, score_cutoff=cutoff, **options) for query, choice in pairs], multiplier)
        return scores
    if not scores.size:
        return scores
    batch = _Batch(known, cutoff, options)
    missing = batch.missing(first) | batch.missing(second)

    def compute(start: int, stop: int) -> None:
        part = batch.pairwise(first[start:stop], second[start:stop])
        if known.missing is not None:
            part[missing[start:stop]] = known.missing
        _store(scores[start:stop], part, multiplier)

    share = min(_CROSSING, -(-len(first) // _threads(workers)))
    _in_threads(compute, len(first), share, workers)
    return scores


def _dtype(dtype: DTypeLike | None, scorer: Scorer | None) -> np.dtype[Any]:
    if dtype is None:
        return np.dtype(np.uint32 if scorer is not None and scorer.whole else np.float32)
    chosen = np.dtype(dtype)
    if chosen.char not in _DTYPES:
        raise TypeError(f"unsupported dtype: {chosen}; choose an integer's, float32 or float64")
    return chosen


def _processed(values: Sequence[Any], processor: Processor | None) -> list[Any]:
    if not processor:
        return list(values)
    return [value if is_missing(value) else processor(value) for value in values]


def _store(into: Array, scores: Array | list[Any], multiplier: float) -> None:
    """Multiply the scores, round them where they become integers, and put them where they belong."""
    if multiplier != 1:
        scores = np.asarray(scores) * multiplier
    if into.dtype.kind in "iu":
        scores = np.asarray(scores)
        if scores.dtype.kind == "f":
            # Halves are rounded up, as RapidFuzz does.
            scores = np.floor(scores + 0.5).astype(np.int64)
        scores = scores.astype(into.dtype, casting="unsafe")
    into[...] = scores


def _threads(workers: int) -> int:
    return max(1, (os.cpu_count() or 1) if workers < 0 else workers)


def _in_threads(compute: Callable[[int, int], None], count: int, share: int, workers: int) -> None:
    starts = range(0, count, share)
    if len(starts) == 1 or _threads(workers) == 1:
        for start in starts:
            compute(start, start + share)
        return
    # Each thread has an instance of the component, and calls leave the other threads free to run.
    with ThreadPoolExecutor(min(_threads(workers), len(starts))) as threads:
        for done in [threads.submit(compute, start, start + share) for start in starts]:
            done.result()


class _Batch:
    """A scorer with its options, for many sequences."""

    def __init__(self, scorer: Scorer, cutoff: float | None, options: Mapping[str, Any]) -> None:
        self.scorer = scorer
        self.cutoff = scorer.cutoff(cutoff)
        self.wire = scorer.wire(options)
        self.engine = _scorers.engine()
        metric: str = "indel" if scorer.measure is None else scorer.name
        plain = all(options[name] == default for name, default in scorer.options.items() if name in options)
        fraction: Measure | None = "normalized-similarity" if scorer.name == "ratio" else scorer.measure
        self.largest = _LARGEST.get(metric) if plain and (scorer.measure or scorer.name == "ratio") else None
        self.fraction = fraction if fraction in ("normalized-distance", "normalized-similarity") else None
        self.distance = Scorer(metric, "distance")

    def missing(self, values: Iterable[Any]) -> NDArray[np.bool_]:
        """Which values are missing; none where that is an error, which the engine's side raises."""
        if self.scorer.missing is None:
            return np.zeros(len(list(values)), bool)
        return np.array([is_missing(value) for value in values], bool)

    def matrix(self, queries: list[Any], choices: list[Any]) -> Array:
        """The scores of all queries and all choices."""
        queries, choices = self._present(queries), self._present(choices)
        if self.largest is None or self.fraction is None:
            scores = across(self._matrix(self.wire, self.cutoff), queries, choices)
            return scores.reshape(len(queries), len(choices))
        distances = across(self._matrix(self.distance.wire(), None), queries, choices)
        return self._fractions(distances.reshape(len(queries), len(choices)), _lengths(queries)[:, None], _lengths(choices))

    def pairwise(self, queries: list[Any], choices: list[Any]) -> Array:
        """The scores of each query and the choice at its place."""
        queries, choices = self._present(queries), self._present(choices)
        if self.largest is None or self.fraction is None:
            return across(self._pairwise(self.wire, self.cutoff), queries, choices)
        distances = across(self._pairwise(self.distance.wire(), None), queries, choices)
        return self._fractions(distances, _lengths(queries), _lengths(choices))

    def _present(self, values: list[Any]) -> list[Any]:
        if self.scorer.missing is None:
            return values
        return ["" if is_missing(value) else value for value in values]

    def _matrix(self, wire: Any, cutoff: float | None) -> Callable[[str, str, str], Array]:
        return lambda separator, queries, choices: _unpacked(self.engine.matrix(wire, queries, choices, separator, cutoff))

    def _pairwise(self, wire: Any, cutoff: float | None) -> Callable[[str, str, str], Array]:
        return lambda separator, queries, choices: _unpacked(self.engine.pairwise(wire, queries, choices, separator, cutoff))

    def _fractions(self, distances: Array, lengths: Array, other_lengths: Array) -> Array:
        """Distances as fractions of the largest ones, row by row so that a row stays in the processor's cache."""
        assert self.largest is not None
        scores = np.empty(distances.shape, np.float64)
        rows = zip(scores, distances, lengths, strict=True) if distances.ndim == 2 else [(scores, distances, lengths)]
        for score, distance, length in rows:
            np.divide(distance, np.maximum(self.largest(length, other_lengths), 1), out=score)
            if self.fraction == "normalized-similarity":
                np.subtract(1.0, score, out=score)
                if self.scorer.measure is None:
                    np.multiply(score, 100.0, out=score)
            if self.cutoff is not None:
                replaced = score < self.cutoff if self.scorer.is_similarity else score > self.cutoff
                score[replaced] = self.scorer.worst
        return scores


def _lengths(values: list[Any]) -> NDArray[np.int64]:
    return np.fromiter(map(len, values), np.int64, len(values))


def _unpacked(packed: Any) -> Array:
    """The numbers of the contract's `packed`."""
    digits = np.frombuffer(packed.digits.encode("ascii"), np.uint8).reshape(-1, packed.width)
    if packed.width == 1:
        return digits[:, 0]
    numbers = np.zeros(len(digits), np.uint16 if packed.width == 2 else np.uint64)
    for column in digits.T:
        numbers <<= 7
        numbers |= column
    return numbers if packed.whole else numbers.view(np.float64)
