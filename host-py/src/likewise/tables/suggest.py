"""The word meant by each value of a column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from likewise._numbers import whole_number
from likewise.dictionary import Dictionary, MetricName, longest_query
from likewise.tables.index import Index
from likewise.tables.task import Task, added, pick
from likewise.tables.text import column, texts

#: What a suggestion's columns are called.
INTO = ("suggestion", "score")


class Suggest(Task):
    """Adds to each row the word most likely meant by a column's value, and how similar it is.

    Args:
        on: the column's name.
        words: a `likewise.Dictionary`, or a column or iterable of words; the English ones of the package where it is left out.
        metric: what decides which word is best, see `likewise.Dictionary`.
        score_cutoff: a suggestion scores at least this (percent).
        into: names of the columns added: the word (`large_string`) and its score (`double`, percent; with the metric "typo" the indel
            similarity).
        workers: threads to search with, each with a copy of the words.

    Null has no suggestion, nor has a value that is similar to nothing or longer than a search takes (`Dictionary.suggest`). Of equal values one is searched.
    """

    def __init__(
        self,
        on: str,
        words: Dictionary | Iterable[str] | Any | None = None,
        *,
        metric: MetricName = "typo",
        score_cutoff: float | None = None,
        into: tuple[str, str] = INTO,
        workers: int = 1,
    ) -> None:
        self.on = on
        self.metric = metric
        self.score_cutoff = score_cutoff
        if isinstance(into, str) or len(set(into)) != 2:
            raise ValueError(f"into: expected two names, of the words and of the scores, not {into!r}")
        self.into = tuple(into)
        self.workers = check_workers(workers)
        if words is not None and not isinstance(words, Dictionary):
            words = texts(column(words, "words"), "words").values
        self._index = Index(words)

    def _run(self, table: Any) -> Any:
        words, scores = self.suggestions(pick(table, self.on), self.on)
        return added(table, list(zip(self.into, (words, scores), strict=True)), "into")

    def suggestions(self, values: Any, name: str = "values") -> tuple[Any, Any]:
        """The words meant by a column's values and their scores, as Arrow arrays."""
        given = texts(values, name)
        best = np.full(len(given.values), -1, np.int64)
        score = np.zeros(len(given.values))
        words = pa.array([], pa.large_string())
        if len(given.values):
            ready = self._index.ready()
            words = ready.words
            too_long = np.asarray(pc.greater(pc.utf8_length(given.values), longest_query(self.metric)))
            short = pc.if_else(too_long, "", given.values) if too_long.any() else given.values
            for found in ready.search(short, 1, self.metric, self.score_cutoff, self.workers):
                best[found.query], score[found.query] = found.index, found.score
            best[too_long] = -1
        # The place -1, of null, is the last: one without a suggestion.
        best, score = np.append(best, -1)[given.codes], np.append(score, 0.0)[given.codes]
        missing = best < 0
        return words.take(pa.array(best, mask=missing)), pa.array(score, mask=missing)


def check_workers(workers: int) -> int:
    """Raise a ValueError unless it is a number of threads."""
    workers = whole_number(workers, "workers")
    if workers < 1:
        raise ValueError(f"workers must be at least 1: {workers!r}")
    return workers
