"""A host for the tour: what `likewise:tour/host` imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Tally:
    """The host's resource."""

    alive = 0

    def __init__(self, start: int) -> None:
        self.number = start

    def add(self, n: int) -> int:
        self.number += n
        return self.number

    def value(self) -> int:
        return self.number

    @staticmethod
    def sum(a: Tally, b: Tally) -> Tally:
        return Tally(a.number + b.number)


class Host:
    """What the tour imports."""

    Tally = Tally

    def __init__(self) -> None:
        self.entries: list[Any] = []
        self.apply: Callable[[int], int] = lambda n: n + 1
        self.lookup: Callable[[str], Any] = lambda key: f"the value of {key}"

    def log(self, entry: Any) -> None:
        self.entries.append(entry)

    def larger(self, a: Tally, b: Tally) -> int:
        return max(a.number, b.number)
