"""Tables in pandas: importing this module gives every Series and DataFrame an accessor ``.likewise``.

>>> import pandas as pd
>>> import likewise.tables.pandas
>>> pd.Series(["almni", None]).likewise.suggest().suggestion.tolist()[0]
'alumni'

Frames keep their index, their columns and their types: only the column that is compared goes through Arrow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa

from likewise.dictionary import Dictionary, MetricName
from likewise.tables import link
from likewise.tables.fetch import Fetch
from likewise.tables.progress import Progress
from likewise.tables.suggest import Suggest
from likewise.tables.task import map_batches
from likewise.tables.text import column

__all__ = ["FrameMethods", "SeriesMethods"]


@pd.api.extensions.register_series_accessor("likewise")
class SeriesMethods:
    """What a Series of text can do."""

    def __init__(self, series: Any) -> None:
        self._series = series

    def suggest(
        self,
        words: Dictionary | Iterable[str] | None = None,
        *,
        metric: MetricName = "typo",
        score_cutoff: float | None = None,
        workers: int = 1,
        progress: Progress = False,
    ) -> Any:
        """A frame with the columns suggestion and score, see `likewise.tables.Suggest`."""
        task = Suggest("value", words, metric=metric, score_cutoff=score_cutoff, workers=workers)
        return self._frame(map_batches(task, self._table(), progress=progress))

    def pairs(
        self,
        right: Any = None,
        *,
        score_cutoff: float,
        metric: MetricName = "indel",
        limit: int | None = None,
        workers: int = 1,
        progress: Progress = False,
    ) -> Any:
        """A frame with the columns left, right (positions) and score, see `likewise.tables.pairs`."""
        found = link.pairs(
            self._series, right, score_cutoff=score_cutoff, metric=metric, limit=limit, workers=workers, progress=progress
        )
        return found.read_all().to_pandas()

    def fetch(self, *, progress: Progress = False, rows: int = 1024, **options: Any) -> Any:
        """A frame with what came of each URL. Options: see `likewise.tables.Fetch`."""
        return self._frame(map_batches(Fetch("value", **options), self._table(), rows=rows, progress=progress))

    def _table(self) -> Any:
        return pa.table({"value": column(self._series, _name(self._series.name))})

    def _frame(self, table: Any) -> Any:
        return table.drop_columns(["value"]).to_pandas().set_axis(self._series.index)


@pd.api.extensions.register_dataframe_accessor("likewise")
class FrameMethods:
    """What a DataFrame with a column of text can do."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def fuzzy_join(
        self,
        right: Any,
        on: str,
        *,
        score_cutoff: float,
        right_on: str | None = None,
        metric: MetricName = "indel",
        limit: int | None = None,
        how: link.How = "inner",
        suffix: str = "_right",
        score: str = "score",
        workers: int = 1,
        progress: Progress = False,
    ) -> Any:
        """Joined with another frame where their text is alike, see `likewise.tables.Link`. The index is the left frame's."""
        theirs = on if right_on is None else right_on
        taken = {name: f"{name}{suffix}" for name in right.columns if name in self._frame.columns}
        columns = [*self._frame.columns]
        for name in right.columns:
            columns.append(_free(taken.get(name, name), columns, "suffix"))
        _free(score, columns, "score")
        joined = link.fuzzy_join(
            pa.table({"text": column(self._frame[on], on), "left": range(len(self._frame))}),
            pa.table({"text": column(right[theirs], theirs), "right": range(len(right))}),
            "text",
            score_cutoff=score_cutoff, metric=metric, limit=limit, how=how, workers=workers, progress=progress,
        )  # fmt: skip
        rows, others = (joined.column(side).to_pandas() for side in ("left", "right"))
        kept = self._frame.iloc[rows]
        other = right.rename(columns=taken).reset_index(drop=True)
        # Where there is no match there is no such row, and reindexing fills in what is missing.
        other = other.reindex(others.fillna(-1).astype("int64")) if others.hasnans else other.iloc[others]
        other = other.set_axis(kept.index).assign(**{score: joined.column("score").to_numpy()})
        return pd.concat([kept, other], axis=1)

    def dedupe(
        self,
        on: str,
        *,
        score_cutoff: float,
        metric: MetricName = "indel",
        group: str = "group",
        workers: int = 1,
        progress: Progress = False,
    ) -> Any:
        """The frame with the position of the first row of each row's group, see `likewise.tables.dedupe`."""
        _free(group, self._frame.columns, "group")
        found = link.groups(self._frame[on], score_cutoff=score_cutoff, metric=metric, workers=workers, progress=progress)
        return self._frame.assign(**{group: found})


def _name(name: Any) -> str:
    return "values" if name is None else str(name)


def _free(name: Any, columns: Any, parameter: str) -> Any:
    """A name for a further column. Raises a ValueError where there is one of that name, naming the parameter that chooses another."""
    if name in columns:
        raise ValueError(f"there is a column {name!r} already: choose another name with {parameter}=")
    return name
