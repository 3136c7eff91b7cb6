"""`cdist` and `cpdist`: scores into numpy arrays, from the packed text in which they cross the boundary."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from likewise import _scorers
from likewise._packed import unpacked, whole_numbers
from likewise._scorers import Processor, Scorer
from likewise._sequences import across, is_missing
from likewise.errors import ComponentError

Array = NDArray[Any]

# Scores that cross the boundary at once. The memory of an instance grows with them and never shrinks, and what is larger
# than a processor's cache takes longer for each; with fewer, the choices are made ready too often (bench/similarity).
_CROSSING = 1 << 21

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
    elif scores.size:
        batch = _Batch(known, cutoff, options)

        def compute(start: int, stop: int) -> None:
            for row, computed in zip(scores[start:stop], batch.matrix(rows[start:stop], columns), strict=True):
                _store(row, computed, multiplier)

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
    elif scores.size:
        batch = _Batch(known, cutoff, options)

        def compute(start: int, stop: int) -> None:
            _store(scores[start:stop], batch.pairwise(first[start:stop], second[start:stop]), multiplier)

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
        return values if isinstance(values, list) else list(values)
    return [value if is_missing(value) else processor(value) for value in values]


def _store(into: Array, scores: Array | list[Any], multiplier: float) -> None:
    """Multiply the scores, round them where they become integers, and put them where they belong."""
    scores = np.asarray(scores)
    if multiplier != 1:
        scores = scores * multiplier
    if into.dtype.kind in "iu" and scores.dtype.kind == "f":
        # Halves are rounded up, as RapidFuzz does.
        scores = np.floor(scores + 0.5).astype(np.int64)
    np.copyto(into, scores, casting="unsafe")


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
        #: The fraction that is made of distances here: its largest distance, None where the engine makes it.
        self.largest: Callable[[Array, Array], Array] | None = None
        if scorer.name == "ratio":
            self.largest = np.add
        elif scorer.measure in ("normalized-distance", "normalized-similarity") and self.wire is scorer.wire():
            self.largest = _LARGEST.get(scorer.name)

    def matrix(self, queries: list[Any], choices: list[Any]) -> Iterable[Array]:
        """The scores of all queries and all choices, a row at a time."""
        try:
            return self._matrix(queries, choices)
        except TypeError:
            missing = self._missing(queries, choices)
            if missing is None:
                raise
            rows = self._matrix(*map(_filled, (queries, choices)))
            return [self._without(row, missing[0][i] | missing[1]) for i, row in enumerate(rows)]

    def pairwise(self, queries: list[Any], choices: list[Any]) -> Array:
        """The scores of each query and the choice at its place."""

        def call(separator: str, first: str, second: str) -> Array | None:
            try:
                scores = self._unpacked(self.engine.pairwise(self.wire, first, second, separator, self.cutoff))
            except ComponentError:  # more on one side than on the other
                return None
            return scores if len(scores) == len(queries) else None

        try:
            return across(call, queries, choices)
        except TypeError:
            missing = self._missing(queries, choices)
            if missing is None:
                raise
            return self._without(across(call, *map(_filled, (queries, choices))), missing[0] | missing[1])

    def _unpacked(self, packed: Any) -> Array:
        """The scores of the contract's `packed`."""
        if packed.packing.value == "fraction":
            numbers = whole_numbers(packed)
            # Nothing of nothing is 0 of 1.
            scores = numbers[::2] / np.maximum(numbers[1::2], 1).astype(np.float64)
            return self._measured(scores)
        return unpacked(packed)

    def _measured(self, scores: Array) -> Array:
        """What the scorer makes of normalized distances, in their place."""
        if self.scorer.is_similarity:
            np.subtract(1.0, scores, out=scores)
        if self.scorer.measure is None:
            np.multiply(scores, 100.0, out=scores)
        return scores

    def _missing(self, *groups: list[Any]) -> list[NDArray[np.bool_]] | None:
        """Which values are missing; None where none is, or may be."""
        missing = [np.array([is_missing(value) for value in group], bool) for group in groups]
        return missing if self.scorer.missing is not None and any(map(np.any, missing)) else None

    def _without(self, scores: Array, missing: NDArray[np.bool_]) -> Array:
        return np.where(missing, np.float64(self.scorer.missing or 0.0), scores)

    def _matrix(self, queries: list[Any], choices: list[Any]) -> Iterable[Array]:
        distance = Scorer("indel" if self.scorer.name == "ratio" else self.scorer.name, "distance")
        wire, cutoff = (self.wire, self.cutoff) if self.largest is None else (distance.wire(), None)

        def call(separator: str, first: str, second: str) -> Array | None:
            scores = self._unpacked(self.engine.matrix(wire, first, second, separator, cutoff))
            return scores if len(scores) == len(queries) * len(choices) else None

        rows = across(call, queries, choices).reshape(len(queries), len(choices))
        return rows if self.largest is None else self._fractions(rows, _lengths(queries), _lengths(choices))

    def _fractions(self, rows: Array, lengths: Array, other_lengths: Array) -> Iterator[Array]:
        """Distances as fractions of the largest ones: a row at a time, so that it stays in the processor's cache."""
        assert self.largest is not None
        largest = {length: np.maximum(self.largest(length, other_lengths), 1.0) for length in set(lengths.tolist())}
        scores = np.empty(len(other_lengths))
        for distances, length in zip(rows, lengths.tolist(), strict=True):
            self._measured(np.divide(distances, largest[length], out=scores))
            if self.cutoff is not None:
                scores[scores < self.cutoff if self.scorer.is_similarity else scores > self.cutoff] = self.scorer.worst
            yield scores


def _filled(values: list[Any]) -> list[Any]:
    return ["" if is_missing(value) else value for value in values]


def _lengths(values: list[Any]) -> NDArray[np.int64]:
    return np.fromiter(map(len, values), np.int64, len(values))
