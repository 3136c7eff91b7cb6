"""Threads that wait for an instance, and those of them that would wait for ever.

A thread may be in a call of one instance while a host import of that call waits for another instance, which another thread has. Where
that thread waits in turn for the first one, or for a third whose thread does, none of them can go on.

Each wait says which instance it is for, and which ones its thread has meanwhile. A thread gives none of these up before its wait is over:
it is a host import of their calls that waits. So waits that are known at the same moment and go round in a circle do so for ever. Whoever
makes the last of them known sees the circle, and tells the one of them that is to give up: always the latest, so that it is only one.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from likewise.component.instance import Group, Instance

__all__ = ["Wait", "known"]

_numbers = itertools.count()


class Wait:
    """A thread's wait for an instance."""

    __slots__ = ("circle", "held", "instance", "number", "thread")

    def __init__(self, instance: Instance, thread: int) -> None:
        self.number = next(_numbers)
        self.instance = instance
        self.thread = thread
        #: The instances that the thread has, once that is known.
        self.held: list[Instance] | None = None
        #: The waits for each other of which this one is to give up.
        self.circle: list[Wait] = []

    def look(self, groups: Callable[[], Iterable[Group]]) -> None:
        """Look whether this wait will ever end. To be called again as long as it lasts.

        Raises:
            RuntimeError: it will not.
        """
        if self.held is None:
            self.held = _held(self.thread, groups)
            if self.held is not None:
                known.add(self)
                circle = self._find()
                if circle:
                    max(circle, key=lambda wait: wait.number).circle = circle
        if self.circle:
            raise RuntimeError(
                f"{len(self.circle)} threads wait for each other for ever: each is in a call of a component whose host import calls or closes a"
                " resource of the instance that the next one is in; do so after the call, or leave such calls to one thread"
            )

    def _find(self) -> list[Wait]:
        """The waits of which each is for an instance of the next one's thread, beginning here and ending where this one is waited for."""
        among = list(known)
        before: dict[Wait, Wait | None] = {self: None}
        reached = [self]
        for wait in reached:
            for other in among:
                if wait.instance not in (other.held or ()):
                    continue
                if other is self:
                    circle = [wait]
                    while (previous := before[circle[-1]]) is not None:
                        circle.append(previous)
                    return circle
                if other not in before:
                    before[other] = wait
                    reached.append(other)
        return []


#: The waits that have taken a while. Who waits takes its own out again; a list made of them in one step is of one moment.
known: set[Wait] = set()


def _held(thread: int, groups: Callable[[], Iterable[Group]]) -> list[Instance] | None:
    """The instances whose calls the calling thread is in; None if that cannot be told just now."""
    held = []
    try:
        for group in groups():
            for inst in list(group.instances.values()):
                if not inst.taken_by(thread):
                    continue
                # Who takes the instance says only afterwards who it is, and lets go of the gate then.
                with inst.gate:
                    if inst.taken_by(thread):
                        held.append(inst)
    except RuntimeError:  # a group or an instance was made meanwhile
        return None
    return held
