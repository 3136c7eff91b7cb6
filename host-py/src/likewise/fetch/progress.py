"""How far a call has come, for a person or a function."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from likewise.fetch.site import Site

Report = Callable[[int, "Site"], None]


@contextmanager
def reporting(progress: bool | Callable[[int, int, Site], object], total: int) -> Iterator[Report | None]:
    """What to call with the number done and the site just done; None for nobody.

    True is a bar on standard error where that is a terminal; a function is called with done, total and the site.
    """
    if callable(progress):
        function = progress
        yield lambda done, site: (function(done, total, site), None)[1]
    elif progress and sys.stderr.isatty():
        yield from _bar(total)
    else:
        yield None


def _bar(total: int) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[failed]} failed"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, failed=0)
        failed = 0

        def report(done: int, site: Site) -> None:
            nonlocal failed
            failed += not site.ok
            bar.update(task, completed=done, failed=failed)

        yield report
