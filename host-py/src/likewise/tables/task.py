"""What all tasks have in common: batches in and out, and the journey to other processes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

import likewise
from likewise import _engine
from likewise.errors import LikewiseError
from likewise.tables.progress import Progress, reporting

# Rows of a batch where the caller does not choose: some megabytes of text, and a second or so of work.
ROWS = 16_384


class Task(ABC):
    """A callable that takes an Arrow table or record batch and gives one of the same kind.

    It can be pickled; with it travel its settings, its words and the component as bytes with their SHA-256. In the process that receives it
    the bytes are checked and the engine is made when the first batch comes; further tasks and batches share it. The process needs the package
    `likewise` in the same version, but not the package's component file.
    """

    #: The component as `_engine.sent` gave it where the task was pickled, None where it was made.
    _sent: tuple[bytes, str] | None = None

    def __call__(self, batch: Any) -> Any:
        """The batch with this task's columns.

        Raises:
            TypeError: not a table or record batch, or a column that is not text.
            KeyError: a column that is not there.
            ValueError: a column to be added that is there already.
        """
        sent = self._sent
        if sent is not None:
            _engine.provide(*sent)
            self._sent = None
        if isinstance(batch, pa.RecordBatch):
            # A batch has no chunks.
            made = self._run(pa.Table.from_batches([batch])).combine_chunks()
            batches = made.to_batches()
            return batches[0] if batches else pa.RecordBatch.from_pylist([], made.schema)
        if isinstance(batch, pa.Table):
            return self._run(batch)
        raise TypeError(f"expected a pyarrow Table or RecordBatch, not {type(batch).__name__}")

    def schema(self, schema: Any) -> Any:
        """The schema of what comes out for batches of this schema."""
        return self._run(schema.empty_table()).schema

    @abstractmethod
    def _run(self, table: Any) -> Any:
        """The task itself."""

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_sent": self._sent or _engine.sent(), "_version": likewise.__version__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        version = state.pop("_version")
        if version != likewise.__version__:
            raise LikewiseError(
                f"the task was made with likewise {version} and this process has {likewise.__version__}: install the same version on "
                "every worker"
            )
        self.__dict__.update(state)


def pick(table: Any, name: str) -> Any:
    """A table's column. Raises KeyError, saying which there are."""
    if name not in table.column_names:
        raise KeyError(f"there is no column {name!r}; there are {', '.join(map(repr, table.column_names)) or 'none'}")
    if table.column_names.count(name) > 1:
        raise KeyError(f"there are {table.column_names.count(name)} columns {name!r}: rename all but one")
    return table.column(name)


def added(table: Any, columns: Sequence[tuple[str, Any]], parameter: str) -> Any:
    """The table with further columns, each with its name.

    Raises ValueError where there is one of that name, naming the parameter that chooses another.
    """
    for name, values in columns:
        if name in table.column_names:
            raise ValueError(f"the table has a column {name!r} already: choose another name with {parameter}=")
        table = table.append_column(name, values)
    return table


def map_batches(task: Callable[[Any], Any], table: Any, *, rows: int = ROWS, progress: Progress = False) -> Any:
    """``task`` over a whole table, ``rows`` at a time: its results in one table.

    ``progress``: True for a bar on standard error where that is a terminal, or a function called with the rows done and their total.
    """
    if rows < 1:
        raise ValueError(f"rows must be at least 1: {rows!r}")
    starts: Sequence[int] = range(0, table.num_rows, rows) or [0]
    parts = []
    with reporting(progress, table.num_rows) as report:
        for start in starts:
            part = table.slice(start, rows)
            parts.append(task(part))
            report(start + part.num_rows)
    return pa.concat_tables(parts)
