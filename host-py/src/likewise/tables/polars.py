"""Tables in Polars: importing this module gives expressions and frames a namespace ``.likewise``.

>>> import polars as pl
>>> import likewise.tables.polars
>>> pl.DataFrame({"typed": ["almni"]}).select(pl.col("typed").likewise.suggest()).item()["suggestion"]
'alumni'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
import pyarrow as pa

from likewise.dictionary import Dictionary, MetricName
from likewise.tables import link
from likewise.tables.fetch import Fetch
from likewise.tables.progress import Progress
from likewise.tables.suggest import Suggest
from likewise.tables.task import ROWS, Task, map_batches

__all__ = ["ExprMethods", "FrameMethods"]


@pl.api.register_expr_namespace("likewise")
class ExprMethods:
    """What an expression of text can do."""

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def suggest(
        self,
        words: Dictionary | Iterable[str] | None = None,
        *,
        metric: MetricName = "typo",
        score_cutoff: float | None = None,
        workers: int = 1,
    ) -> pl.Expr:
        """A struct of suggestion and score, see `likewise.tables.Suggest`."""
        return self._struct(Suggest("value", words, metric=metric, score_cutoff=score_cutoff, workers=workers))

    def fetch(self, **options: Any) -> pl.Expr:
        """A struct of what came of each URL. Options: see `likewise.tables.Fetch`."""
        return self._struct(Fetch("value", **options))

    def _struct(self, task: Task) -> pl.Expr:
        def run(series: pl.Series) -> pl.Series:
            return _polars(task(pa.table({"value": series.to_arrow()}))).drop("value").to_struct(series.name)

        empty = _polars(task(pa.table({"value": pa.array([], pa.large_string())})))
        return self._expr.map_batches(run, return_dtype=pl.Struct(empty.drop("value").schema), is_elementwise=True)


@pl.api.register_dataframe_namespace("likewise")
class FrameMethods:
    """What a frame with a column of text can do."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def map(self, task: Task, *, rows: int = ROWS, progress: Progress = False) -> pl.DataFrame:
        """A task over the frame, see `likewise.tables.map_batches`."""
        return _polars(map_batches(task, self._frame.to_arrow(), rows=rows, progress=progress))

    def fuzzy_join(self, right: pl.DataFrame, on: str, **options: Any) -> pl.DataFrame:
        """Joined with another frame where their text is alike. Options: see `likewise.tables.fuzzy_join`."""
        return _polars(link.fuzzy_join(self._frame.to_arrow(), right.to_arrow(), on, **options))

    def dedupe(self, on: str, **options: Any) -> pl.DataFrame:
        """The frame with the number of the first row of each row's group. Options: see `likewise.tables.dedupe`."""
        return _polars(link.dedupe(self._frame.to_arrow(), on, **options))


def _polars(table: Any) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
