"""How far a file has been read, for a person or a function."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def reporting(progress: bool | Callable[[int, int | None], object], total: int | None) -> Iterator[Callable[[int], object]]:
    """What to call with the bytes read. True is a bar on standard error where that is a terminal; a function gets ``total`` too."""
    if callable(progress):
        function = progress
        yield lambda done: function(done, total)
    elif progress and sys.stderr.isatty():
        yield from _bar(total)
    else:
        yield lambda done: None


def _bar(total: int | None) -> Iterator[Callable[[int], object]]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeElapsedColumn

    with Progress(BarColumn(), DownloadColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)
