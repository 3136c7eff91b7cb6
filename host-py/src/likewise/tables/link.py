"""Rows that are alike: pairs of two columns, joins, and groups of duplicates. All exact: what comparing every pair would give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from likewise.dictionary import DictionaryError, MetricName, longest_query
from likewise.tables.index import Found, Index
from likewise.tables.progress import Progress, reporting
from likewise.tables.suggest import check_workers
from likewise.tables.task import ROWS, Task, added, map_batches, pick
from likewise.tables.text import Texts, column, texts

Rows = NDArray[np.int64]

# Pairs made at once: 24 MB, and as much again while they are sorted.
_PAIRS = 1 << 20

How = Literal["inner", "left"]


class Pairs(NamedTuple):
    """Rows that are alike: their numbers on either side, and the score of each pair in percent."""

    left: Rows
    right: Rows
    score: NDArray[np.float64]

    def where(self, kept: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.left[kept], self.right[kept], self.score[kept])


class Matcher:
    """A column, indexed, whose rows are found by similar text. It can be pickled, see `Task`.

    Equal values are indexed once. Null is like nothing, not even null; the empty string is a value as any other.
    """

    def __init__(
        self,
        values: Any,
        *,
        metric: MetricName,
        score_cutoff: float,
        limit: int | None = None,
        workers: int = 1,
        name: str = "right",
    ) -> None:
        if metric == "typo":
            raise ValueError(
                "metric: 'typo' re-ranks the nearest words and is not exact; choose one that is, such as 'indel' or 'osa'"
            )
        if not 0.0 < score_cutoff <= 100.0:
            raise ValueError(f"score_cutoff must be above 0 and at most 100 percent, not {score_cutoff!r}")
        if limit is not None and limit < 1:
            raise ValueError(f"limit must be at least 1, or None for all matches: {limit!r}")
        self.metric = metric
        self.score_cutoff = score_cutoff
        self.limit = limit
        self.workers = check_workers(workers)
        given = texts(values, name)
        self._index = Index(given.values)
        self._words = len(given.values)
        self._rows = _Rows(given.codes, self._words)

    def find(self, given: Texts, name: str, first: int = 0) -> Iterator[Pairs]:
        """The pairs of rows at or above the cutoff, some at a time: left values in their order, of each value its rows, of each row the pairs by
        falling score and then by right row. Left rows count from ``first``.

        Raises:
            DictionaryError: a value is longer than a search takes.
        """
        if not len(given.values) or not self._words:
            return
        self._check_lengths(given, name, first)
        lefts = _Rows(given.codes, len(given.values))
        # Each of the best `limit` rows has one of the best `limit` words.
        for found in self._index.ready().search(given.values, self.limit, self.metric, self.score_cutoff, self.workers):
            # Matches of one value stand together; each of its rows is to be paired with all of them.
            value, begin, matches = np.unique(found.query, return_index=True, return_counts=True)
            rights = np.add.reduceat(self._rows.counts[found.index], begin) if len(begin) else begin
            at, place = _spread(lefts.counts[value])
            row = first + lefts.of(value[at], place)
            for start, end in _portions(rights[at]):
                yield self._pairs(found, row[start:end], begin[at[start:end]], matches[at[start:end]])

    def _pairs(self, found: Found, row: Rows, first: Rows, matches: Rows) -> Pairs:
        """The pairs of some left rows, of each of which the first match and their number is given."""
        at, place = _spread(matches)
        match = first[at] + place
        among, place = _spread(self._rows.counts[found.index[match]])
        at, match = at[among], match[among]
        right, score = self._rows.of(found.index[match], place), found.score[match]
        order = np.lexsort((right, -score, at))
        at, right, score = at[order], right[order], score[order]
        if self.limit is not None:
            _, begin, counts = np.unique(at, return_index=True, return_counts=True)
            kept = np.arange(len(at)) - np.repeat(begin, counts) < self.limit
            at, right, score = at[kept], right[kept], score[kept]
        return Pairs(row[at], right, score)

    def _check_lengths(self, given: Texts, name: str, first: int) -> None:
        most = longest_query(self.metric)
        lengths = np.asarray(pc.utf8_length(given.values))
        if lengths.max() > most:
            value = int(lengths.argmax())
            row = first + int(np.argmax(given.codes == value))
            raise DictionaryError(
                f"{name}: row {row:,} has {lengths[value]:,} code points; a search by {self.metric!r} takes at most {most:,}; "
                "leave such rows out or shorten them"
            )


class _Rows:
    """The rows of each value."""

    def __init__(self, codes: Rows, values: int) -> None:
        self.order = np.argsort(codes, kind="stable").astype(np.int64)
        counts = np.bincount(codes + 1, minlength=values + 1)
        # Rows without a value come first.
        self.starts = np.cumsum(counts)[:-1]
        self.counts = counts[1:]

    def of(self, value: Rows, place: Rows) -> Rows:
        """The rows at some places among those of some values."""
        found: Rows = self.order[self.starts[value] + place]
        return found


def _spread(counts: Rows) -> tuple[Rows, Rows]:
    """As many entries for each as it counts: whose it is, and which of them."""
    whose = np.repeat(np.arange(len(counts)), counts)
    return whose, np.arange(len(whose)) - np.repeat(np.cumsum(counts) - counts, counts)


def _portions(counts: Rows) -> Iterator[tuple[int, int]]:
    """Where to cut, so that the counts of each part add up to no more than `_PAIRS`, or are one."""
    ends = np.cumsum(counts)
    start, done = 0, 0
    while start < len(counts):
        end = max(int(np.searchsorted(ends, done + _PAIRS, "right")), start + 1)
        yield start, end
        start, done = end, int(ends[end - 1])


class Link(Task):
    """Joins each row of a batch with the rows of another table whose text is alike, exactly: all pairs at or above the cutoff.

    The other table travels with the task and is indexed once in each process.

    Args:
        on: the column to compare in the batches.
        right: the other table, a `pyarrow.Table` (or what `pyarrow.table` takes).
        right_on: the column to compare there; the same name where it is left out.
        metric: any that is exact, see `likewise.Dictionary`.
        score_cutoff: pairs score at least this (percent).
        limit: at most so many rows of the other table for each row, the best ones; None for all.
        how: "inner" for pairs only; "left" gives rows without a match as well, with nulls.
        suffix: added to the other table's columns whose names the batch has too.
        score: what the column of scores is called.
        workers: threads to search with, each with a copy of the index.

    Rows come in the order of the batch, those of one row by falling score and then in the other table's order. Null matches nothing.
    """

    def __init__(
        self,
        on: str,
        right: Any,
        *,
        score_cutoff: float,
        right_on: str | None = None,
        metric: MetricName = "indel",
        limit: int | None = None,
        how: How = "inner",
        suffix: str = "_right",
        score: str = "score",
        workers: int = 1,
    ) -> None:
        if how not in ("inner", "left"):
            raise ValueError(f"how: choose 'inner' or 'left', not {how!r}")
        self.on = on
        self.how = how
        self.suffix = suffix
        self.score = score
        self.right = right if isinstance(right, pa.Table) else pa.table(right)
        right_on = on if right_on is None else right_on
        self._matcher = Matcher(
            pick(self.right, right_on), metric=metric, score_cutoff=score_cutoff, limit=limit, workers=workers, name=right_on
        )

    def __getstate__(self) -> dict[str, Any]:
        # A slice would be pickled with all that it is a slice of.
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self.right.schema) as writer:
            writer.write_table(self.right)
        return {**super().__getstate__(), "right": sink.getvalue().to_pybytes()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__({**state, "right": pa.ipc.open_stream(state["right"]).read_all()})

    def _run(self, table: Any) -> Any:
        parts = [*self._matcher.find(texts(pick(table, self.on), self.on), self.on)]
        pairs = (
            Pairs(*map(np.concatenate, zip(*parts, strict=True)))
            if parts
            else Pairs(*(np.array([], t) for t in (int, int, float)))
        )
        left, right, score = pairs
        if self.how == "left":
            alone = np.setdiff1d(np.arange(table.num_rows), left)
            left = np.append(left, alone)
            right, score = np.append(right, np.full(len(alone), -1)), np.append(score, np.zeros(len(alone)))
        # Of equal values the rows came together.
        order = np.argsort(left, kind="stable")
        left, right, score = left[order], right[order], score[order]
        without = right < 0
        others = _take(self.right, pa.array(right, mask=without))
        names = [name + self.suffix if name in table.column_names else name for name in others.column_names]
        joined = added(_take(table, pa.array(left)), list(zip(names, others.columns, strict=True)), "suffix")
        return added(joined, [(self.score, pa.array(score, mask=without))], "score")


def _take(table: Any, rows: Any) -> Any:
    """The rows of a table, null where there is none."""
    taken = []
    for values in table.columns:
        # pyarrow cannot take from views.
        plain = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}.get(values.type, values.type)
        taken.append(values.cast(plain).take(rows).cast(values.type))
    return pa.table(taken, schema=pa.schema([field.with_nullable(True) for field in table.schema]))


def pairs(
    left: Any,
    right: Any = None,
    *,
    score_cutoff: float,
    metric: MetricName = "indel",
    limit: int | None = None,
    workers: int = 1,
    progress: Progress = False,
) -> Any:
    """The rows of two columns that are alike, or of one column with itself, each pair once: all that score at least the cutoff, exactly.

    Args:
        left: a column of text: Arrow's, a pandas or Polars series, a list.
        right: another; without it pairs are of ``left``'s own rows, the first of the two on the left.
        score_cutoff: percent, above 0.
        metric: any that is exact, see `likewise.Dictionary`.
        limit: at most so many right rows for each left row, the best ones. Not with one column.
        workers: threads to search with, each with a copy of the index.
        progress: True for a bar on standard error where that is a terminal, or a function called with the left rows done and their total.

    Returns a `pyarrow.RecordBatchReader` of batches with the row numbers ``left`` and ``right`` (int64) and ``score`` (double, percent). The pairs
    of a left row stand together by falling score, then right row; left rows follow each other, but equal ones nearby come together. Pairs are
    found as they are read, so that memory holds the index and a batch of a million at most; `read_all` gives a table.

    Raises:
        TypeError: not a column of text.
        ValueError: a metric that is not exact, a cutoff or limit out of range.
        DictionaryError: a value is longer than a search takes.
    """
    if right is None and limit is not None:
        raise ValueError(
            "limit: the pairs of one column are counted once, on the first row; give the column twice for the best of each row"
        )
    mine = column(left, "left")
    matcher = Matcher(mine if right is None else right, metric=metric, score_cutoff=score_cutoff, limit=limit, workers=workers)
    schema = pa.schema([("left", pa.int64()), ("right", pa.int64()), ("score", pa.float64())])

    def batches() -> Iterator[Any]:
        with reporting(progress, len(mine)) as report:
            for start in range(0, len(mine), ROWS):
                rows = mine.slice(start, ROWS)
                for found in matcher.find(texts(rows, "left"), "left", start):
                    if right is None:
                        found = found.where(found.left < found.right)
                    if len(found.left):
                        yield pa.record_batch([pa.array(side) for side in found], schema=schema)
                report(start + len(rows))

    return pa.RecordBatchReader.from_batches(schema, batches())


def fuzzy_join(
    left: Any,
    right: Any,
    on: str,
    *,
    score_cutoff: float,
    right_on: str | None = None,
    metric: MetricName = "indel",
    limit: int | None = None,
    how: How = "inner",
    suffix: str = "_right",
    score: str = "score",
    workers: int = 1,
    progress: Progress = False,
) -> Any:
    """Two tables joined where their text is alike: `Link` over the whole of ``left``. ``progress`` as for `pairs`."""
    task = Link(
        on, right, right_on=right_on, metric=metric, score_cutoff=score_cutoff, limit=limit, how=how, suffix=suffix, score=score,
        workers=workers,
    )  # fmt: skip
    return map_batches(task, left if isinstance(left, pa.Table) else pa.table(left), progress=progress)


def groups(
    values: Any, *, score_cutoff: float, metric: MetricName = "indel", workers: int = 1, progress: Progress = False
) -> Rows:
    """For each row the first row of its group: rows are in one group where a chain of pairs at or above the cutoff joins them.

    Null is alone in its group. Arguments as for `pairs`.
    """
    given = texts(values)
    distinct = len(given.values)
    # Only which values hang together is kept: memory does not grow with the pairs.
    root = np.arange(distinct)
    for batch in pairs(given.values, score_cutoff=score_cutoff, metric=metric, workers=workers, progress=progress):
        root = _components(root, np.asarray(batch.column("left")), np.asarray(batch.column("right")))
    # Distinct values stand in the order of their first rows.
    first = np.full(distinct + 1, -1, np.int64)
    rows = np.arange(len(given.codes))
    first[given.codes[::-1]] = rows[::-1]
    return np.where(given.codes < 0, rows, first[np.append(root, distinct)[given.codes]])


def dedupe(
    table: Any,
    on: str,
    *,
    score_cutoff: float,
    metric: MetricName = "indel",
    group: str = "group",
    workers: int = 1,
    progress: Progress = False,
) -> Any:
    """The table with a column that is the same for rows whose text is alike: the number of the first such row, see `groups`.

    Rows where it is the row's own number are one of each group.
    """
    table = table if isinstance(table, pa.Table) else pa.table(table)
    found = groups(pick(table, on), score_cutoff=score_cutoff, metric=metric, workers=workers, progress=progress)
    return added(table, [(group, pa.array(found))], "group")


def _components(root: Rows, left: Rows, right: Rows) -> Rows:
    """The least number that each is joined with, given that of before and further pairs."""
    while len(left):
        left, right = root[left], root[right]
        apart = left != right
        left, right = left[apart], right[apart]
        root = root.copy()
        np.minimum.at(root, np.maximum(left, right), np.minimum(left, right))
        while (root[root] != root).any():
            root = root[root]
    return root
