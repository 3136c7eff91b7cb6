"""`cdist` and `cpdist`: scores into numpy arrays, from the packed text in which they cross the boundary."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from likewise import _scorers
from likewise._numbers import whole_number
from likewise._packed import unpacked, whole_numbers
from likewise._scorers import Measure, Processor, Scorer
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

# Up to this length a count times the scale, divided by the largest one, is in single precision what the quotient is: tried for all of
# them (tests/similarity/test_matrix.py). It takes half the time.
_SINGLE = 4096

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
        _Batch(known, cutoff, options, scores, multiplier, workers).matrix(rows, columns)
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
        _Batch(known, cutoff, options, scores, multiplier, workers).pairwise(first, second)
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
        # The engine's counts are bytes or two, which a product need not fit.
        scores = np.multiply(scores, multiplier, dtype=np.float64)
    if into.dtype.kind in "iu" and scores.dtype.kind == "f":
        # Halves are rounded up, as RapidFuzz does.
        scores = np.floor(scores + 0.5).astype(np.int64)
    np.copyto(into, scores, casting="unsafe")


def _threads(workers: int) -> int:
    count = whole_number(workers, "workers")
    return max(1, (os.cpu_count() or 1) if count < 0 else count)


def _in_shares(values: list[Any], share: int) -> list[list[Any]]:
    """The values, at most ``share`` at a time."""
    return [values] if share >= len(values) else [values[start : start + share] for start in range(0, len(values), share)]


class _Batch:
    """Scores to be computed for many sequences: where they go, by which scorer, with which options."""

    def __init__(
        self, scorer: Scorer, cutoff: float | None, options: Mapping[str, Any], into: Array, multiplier: float, workers: int
    ) -> None:
        self.scorer = scorer
        self.cutoff = scorer.cutoff(cutoff)
        self.wire = scorer.wire(options)
        self.into = into
        self.multiplier = multiplier
        self.threads = _threads(workers)
        self.engine = _scorers.engine()
        self.scale = 100.0 if scorer.measure is None else 1.0
        #: The fraction that is made of distances here: its largest distance, None where the engine makes it.
        self.largest: Callable[[Array, Array], Array] | None = None
        if scorer.name == "ratio":
            self.largest = np.add
        elif scorer.measure in ("normalized-distance", "normalized-similarity") and self.wire is scorer.wire():
            self.largest = _LARGEST.get(scorer.name)

    def matrix(self, queries: list[Any], choices: list[Any]) -> None:
        """The scores of all queries and all choices."""
        try:
            self._matrix(queries, choices, None)
        except TypeError:
            missing = self._missing(queries, choices)
            if missing is None:
                raise
            self._matrix(_filled(queries), _filled(choices), missing)

    def pairwise(self, queries: list[Any], choices: list[Any]) -> None:
        """The scores of each query and the choice at its place."""
        try:
            self._pairwise(queries, choices, None)
        except TypeError:
            missing = self._missing(queries, choices)
            if missing is None:
                raise
            self._pairwise(_filled(queries), _filled(choices), missing[0] | missing[1])

    def _missing(self, *groups: list[Any]) -> list[NDArray[np.bool_]] | None:
        """Which values are missing; None where none is, or may be."""
        missing = [np.array([is_missing(value) for value in group], bool) for group in groups]
        return missing if self.scorer.missing is not None and any(map(np.any, missing)) else None

    def _without(self, scores: Array, missing: NDArray[np.bool_]) -> Array:
        return np.where(missing, np.float64(self.scorer.missing or 0.0), scores)

    def _pairwise(self, queries: list[Any], choices: list[Any], missing: NDArray[np.bool_] | None) -> None:
        share = min(_CROSSING, -(-len(queries) // self.threads))
        first, second = _in_shares(queries, share), _in_shares(choices, share)

        def call(separator: str, *texts: str) -> bool | None:
            def compute(number: int) -> bool:
                try:
                    packed = self.engine.pairwise(self.wire, texts[number], texts[len(first) + number], separator, self.cutoff)
                except ComponentError:  # more on one side than on the other
                    return False
                scores = self._unpacked(packed)
                if len(scores) != len(first[number]):
                    return False
                part = slice(number * share, number * share + len(scores))
                _store(self.into[part], scores if missing is None else self._without(scores, missing[part]), self.multiplier)
                return True

            return self._each(compute, len(first))

        across(call, *first, *second)

    def _matrix(self, queries: list[Any], choices: list[Any], missing: list[NDArray[np.bool_]] | None) -> None:
        share = min(max(_CROSSING // len(choices), 1), -(-len(queries) // self.threads))
        parts = _in_shares(queries, share)

        def call(separator: str, *texts: str) -> bool | None:
            lengths = _Lengths(self, queries, choices) if self.largest is not None else None
            wire, cutoff = (self.wire, self.cutoff) if lengths is None else (lengths.wire, None)

            def compute(number: int) -> bool:
                scores = self._unpacked(self.engine.matrix(wire, texts[number], texts[-1], separator, cutoff))
                if len(scores) != len(parts[number]) * len(choices):
                    return False
                rows: Iterable[Array] = scores.reshape(-1, len(choices))
                start = number * share
                if lengths is not None:
                    rows = lengths.fractions(rows, start)
                for i, row in enumerate(rows, start):
                    into = self.into[i]
                    if missing is not None:
                        _store(into, self._without(row, missing[0][i] | missing[1]), self.multiplier)
                    elif row.base is not self.into:
                        _store(into, row, self.multiplier)
                return True

            return self._each(compute, len(parts))

        across(call, *parts, choices)

    def _each(self, compute: Callable[[int], bool], count: int) -> bool | None:
        """Whether all shares were computed; None where one was not."""
        if count == 1 or self.threads == 1:
            return all(map(compute, range(count))) or None
        # Each thread has an instance of the component, and calls leave the other threads free to run.
        with ThreadPoolExecutor(min(self.threads, count)) as threads:
            return all(list(threads.map(compute, range(count)))) or None

    def _unpacked(self, packed: Any) -> Array:
        """The scores of the contract's `packed`."""
        if packed.packing.value == "fraction":
            numbers = whole_numbers(packed)
            # Nothing of nothing is 0 of 1.
            return self.measured(numbers[::2] / np.maximum(numbers[1::2], 1).astype(np.float64))
        return unpacked(packed)

    def measured(self, scores: Array) -> Array:
        """What the scorer makes of normalized distances, in their place."""
        if self.scorer.is_similarity:
            np.subtract(1.0, scores, out=scores)
        if self.scale != 1:
            np.multiply(scores, self.scale, out=scores)
        return scores


class _Lengths:
    """What makes fractions of counted edits: the lengths of all sequences."""

    def __init__(self, batch: _Batch, queries: list[Any], choices: list[Any]) -> None:
        assert batch.largest is not None
        self.batch = batch
        scorer = batch.scorer
        self.lengths, self.other_lengths = _lengths(queries), _lengths(choices)
        # Nothing of nothing is 0 of 1.
        self.largest = {length: np.maximum(batch.largest(length, self.other_lengths), 1) for length in set(self.lengths.tolist())}
        greatest = max(int(row.max()) for row in self.largest.values())
        plain = batch.cutoff is None and batch.multiplier == 1 and batch.into.dtype == np.float32
        #: The largest distances in single precision, where that is enough.
        self.single: dict[int, Array] | None = None
        if plain and greatest <= _SINGLE:
            self.single = {length: row.astype(np.float32) for length, row in self.largest.items()}
        measure: Measure = "similarity" if self.single is not None and scorer.is_similarity else "distance"
        #: What the engine is asked for.
        self.wire = Scorer("indel" if scorer.name == "ratio" else scorer.name, measure).wire()

    def fractions(self, rows: Iterable[Array], start: int) -> Iterator[Array]:
        """A row at a time, so that it stays in the processor's cache; those that are made where they belong are from there."""
        if self.single is None:
            yield from self._quotients(rows, start)
            return
        for counts, row, length in zip(rows, self.batch.into[start:], self.lengths[start:].tolist(), strict=False):
            single_quotients(counts, self.single[length], self.batch.scale, row)
            if length == 0 and self.batch.scorer.is_similarity:
                row[self.other_lengths == 0] = self.batch.scale
            yield row

    def _quotients(self, rows: Iterable[Array], start: int) -> Iterator[Array]:
        batch = self.batch
        scores = np.empty(len(self.other_lengths))
        for distances, length in zip(rows, self.lengths[start:].tolist(), strict=False):
            batch.measured(np.divide(distances, self.largest[length], out=scores))
            if batch.cutoff is not None:
                scores[scores < batch.cutoff if batch.scorer.is_similarity else scores > batch.cutoff] = batch.scorer.worst
            yield scores


def single_quotients(counts: Array, largest: Array, scale: float, into: Array) -> None:
    """`counts` times `scale` divided by `largest`. The product is a whole number that single precision holds, so that only the quotient
    is rounded.
    """
    if scale == 1:
        np.divide(counts, largest, out=into, dtype=np.float32)
    else:
        np.multiply(counts, np.float32(scale), out=into, dtype=np.float32)
        np.divide(into, largest, out=into)


def _filled(values: list[Any]) -> list[Any]:
    return ["" if is_missing(value) else value for value in values]


def _lengths(values: list[Any]) -> NDArray[np.int64]:
    return np.fromiter(map(len, values), np.int64, len(values))
