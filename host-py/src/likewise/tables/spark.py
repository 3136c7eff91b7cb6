"""Tables on Spark: tasks by way of `DataFrame.mapInArrow`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from likewise.tables.hosts import Partition
from likewise.tables.task import Task

__all__ = ["fetch_by_host", "map_in_arrow"]


def map_in_arrow(frame: Any, task: Task) -> Any:
    """A Spark DataFrame with a task over its batches. A Python worker makes the engine once, for all tasks of Spark that it is given."""
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    schema = from_arrow_schema(task.schema(to_arrow_schema(frame.schema)))
    return frame.mapInArrow(_Batches(task), schema)


def fetch_by_host(frame: Any, task: Task, *, on: str, parts: int) -> Any:
    """A Spark DataFrame of URLs with a `Fetch` over it such that all URLs of a host are in one of ``parts`` partitions.

    Leave speculative execution off (``spark.speculation``, its default): it would fetch pages twice at once.
    """
    parted = map_in_arrow(frame, Partition(on, parts=parts, into=_PART)).repartition(parts, _PART)
    return map_in_arrow(parted.drop(_PART), task)


class _Batches:
    """A task over a stream of record batches."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        return map(self._task, batches)


_PART = "__likewise_part"
