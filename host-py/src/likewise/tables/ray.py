"""Tables on Ray Data: tasks in warm actors.

>>> import ray.data  # doctest: +SKIP
>>> from likewise.tables.ray import map_batches  # doctest: +SKIP
>>> map_batches(ray.data.read_parquet("typed/"), Suggest("typed"), workers=8)  # doctest: +SKIP

An actor makes the engine once and then takes batches until there are none left. What was under way in an actor that dies is done again in another:
each block of results is the work of one attempt, so that nothing is lost and nothing comes twice.
"""

from __future__ import annotations

from typing import Any

from likewise.tables.hosts import Partition
from likewise.tables.task import ROWS, Task

__all__ = ["fetch_by_host", "map_batches"]


class Warm:
    """A task as Ray makes it in an actor: once, for many batches."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def __call__(self, batch: Any) -> Any:
        """The task's batch."""
        return self._task(batch)


def map_batches(dataset: Any, task: Task, *, workers: int, rows: int = ROWS, **options: Any) -> Any:
    """A dataset with a task over its batches of ``rows``, in ``workers`` actors.

    A block of the dataset is the work of one actor, so that it should have several times as many blocks as there are workers
    (`ray.data.Dataset.repartition`). Further options are those of `ray.data.Dataset.map_batches` (``num_cpus``, ``memory`` and so on).
    """
    return dataset.map_batches(
        Warm, fn_constructor_args=(task,), batch_size=rows, batch_format="pyarrow", compute=_pool(workers), **options
    )


def fetch_by_host(dataset: Any, task: Task, *, on: str, parts: int, workers: int, **options: Any) -> Any:
    """A dataset of URLs with a `Fetch` over it such that all URLs of a host are fetched by one worker, one part after the other.

    ``parts``: into how many parts hosts are divided, several times the workers; the URLs of a part are held in memory at once. A part whose
    worker dies is fetched again as a whole.
    """
    parted = map_batches(dataset, Partition(on, parts=parts, into=_PART), workers=1)
    groups = parted.groupby(_PART)
    return groups.map_groups(
        Warm, fn_constructor_args=(task,), batch_format="pyarrow", compute=_pool(workers), **options
    ).drop_columns([_PART])


def _pool(workers: int) -> Any:
    from ray.data import ActorPoolStrategy

    return ActorPoolStrategy(size=workers)


_PART = "__likewise_part"
