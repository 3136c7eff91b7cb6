"""Tables on Dask: tasks over the partitions of a dataframe."""

from __future__ import annotations

import uuid
from typing import Any

import pyarrow as pa

from likewise.tables.hosts import Partition
from likewise.tables.task import Task

__all__ = ["fetch_by_host", "map_partitions"]


def map_partitions(frame: Any, task: Task) -> Any:
    """A `dask.dataframe` with a task over each of its partitions. A worker makes the engine once, for all partitions that it is given."""
    made = _Partitions(task)
    return frame.map_partitions(made, meta=made(frame._meta))


def fetch_by_host(frame: Any, task: Task, *, on: str, parts: int) -> Any:
    """A `dask.dataframe` of URLs with a `Fetch` over it such that all URLs of a host are in one partition, of which there are ``parts``."""
    parted = map_partitions(frame, Partition(on, parts=parts, into=_PART)).shuffle(_PART, npartitions=parts)
    return map_partitions(parted.drop(columns=_PART), task)


class _Partitions:
    """A task for frames of pandas."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._token = uuid.uuid4().hex

    def __call__(self, frame: Any) -> Any:
        made = self._task(pa.Table.from_pandas(frame, preserve_index=False)).to_pandas()
        # A join has other rows, and so an index of its own.
        return made.set_axis(frame.index) if len(made) == len(frame) else made

    def __dask_tokenize__(self) -> Any:
        # A pickled task holds the whole component, which Dask would hash for each layer of its graph.
        return self._token


_PART = "__likewise_part"
