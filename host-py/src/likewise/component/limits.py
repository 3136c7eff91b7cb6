"""What a call may use: memory, time and instructions."""

from __future__ import annotations

import math
import operator
import os
import threading
import time
import weakref
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from likewise.component.instance import Group

__all__ = ["FOREVER", "INSTANCES", "MEMORIES", "TICK", "Limits", "Ticker"]

#: Seconds between two looks at the clock while a limited call runs: the precision of `Limits.time`.
TICK = 0.001
#: Seconds for which the clock is watched after the last limited call. Starting the thread costs 50 µs.
_LINGER = 1.0

#: More ticks, and more fuel, than any call can use.
FOREVER = 1 << 62

#: Seconds that the clock must be watched beyond a deadline: it is a few ticks later than the time that it stands for, and a clock that
#: stops in between would let a call run forever.
_MARGIN = 0.5

#: Memories, and tables, that an instance with a limit of memory may have: the limit is for each. A component that is composed of others
#: has one or two from each; one of a thousand would make any limit meaningless.
MEMORIES = 16

#: Core instances of a component with a limit of memory. Each takes two or three kilobytes, whatever is in it. One that is linked of many
#: libraries has dozens.
INSTANCES = 256

#: More than this many bytes or instructions cannot be told to wasmtime.
_MOST = (1 << 63) - 1

#: Seconds from which a limit of time is none: thirty years.
_AGES = 1e9


@dataclass(frozen=True)
class Limits:
    """Bounds of what a component may use.

    Args:
        memory: bytes that an instance's linear memory may grow to. It holds for each where a component has several, of which it may have
            16, and for each of its tables. It may consist of 256 core instances, whose globals, functions and elements may take as much
            again, all together.
        time: seconds of wall-clock time that one call may take, host imports included. Kept to a few milliseconds.
        fuel: instructions, roughly, that one call may execute. The same call uses the same fuel on any machine.

    None is no limit. Limits of time and fuel are checked by the compiled code itself, which they slow down: calls by nothing, loops by
    a few percent to a half. Code that looks at the time also looks at signals: Ctrl-C ends such a call within a tenth of a
    second, where it otherwise waits for the call to return. `Limits(time=math.inf)` asks for that alone.
    """

    memory: int | None = None
    time: float | None = None
    fuel: int | None = None

    def __post_init__(self) -> None:
        for name, unit in (("memory", "bytes"), ("fuel", "a number of instructions")):
            limit = getattr(self, name)
            if limit is None:
                continue
            try:
                whole = operator.index(limit)
            except TypeError:
                raise TypeError(f"{name}: expected an int, got {limit!r:.60}; give {unit}, or None for no limit") from None
            if whole < 0:
                raise ValueError(f"{name}: {whole} is negative; give {unit}, or None for no limit")
            object.__setattr__(self, name, min(whole, _MOST))
        if self.time is not None:
            if not isinstance(self.time, Real):
                raise TypeError(f"time: expected a number, got {self.time!r:.60}; give seconds, or None for no limit")
            if not self.time > 0:
                raise ValueError(f"time: {self.time} is not positive; give seconds, or None for no limit")
            if self.time > _AGES:
                object.__setattr__(self, "time", math.inf)


class Ticker:
    """Advances an engine's epoch while calls with a time limit are made: compiled code compares it with its deadline.

    The epoch follows a timeline of its own, one tick each `TICK` seconds. A thread on a busy machine runs late, and then makes up for
    it with several ticks at once. Deadlines are points of the timeline rather than so many ticks from now, so that no call
    ends early for it.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        #: Those whose calls are watched.
        self.groups: weakref.WeakSet[Group] = weakref.WeakSet()
        self._lock = threading.Lock()
        #: Until when there are deadlines to watch for, 0 while no thread does.
        self._until = 0.0
        #: When the timeline began, and ticks made since.
        self._start = 0.0
        self._ticks = 0
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        # Threads do not survive a fork.
        self._lock = threading.Lock()
        self._until = 0.0

    def deadline(self, seconds: float) -> int:
        """Ticks until a call that begins now has taken `seconds`, as the engine counts them. The thread is running until then."""
        if seconds > _AGES:
            return FOREVER
        now = time.monotonic()
        end = now + seconds
        if end + _MARGIN > self._until:
            with self._lock:
                running = self._until > 0
                if not running:
                    # Before `_until` says that there is a timeline: other threads read both without the lock.
                    self._start = now - self._ticks * TICK
                self._until = max(self._until, end + _LINGER)
                if not running:
                    threading.Thread(target=self._run, name="likewise-clock", daemon=True).start()
        # The tick under way is partly over: one more. Where this thread was held up for longer than that, the time is over at the next
        # tick: a number below zero would be a deadline that is never reached, as the engine takes it without its sign.
        return max(math.ceil((end - self._start) / TICK) + 1 - self._ticks, 1)

    def _busy(self) -> bool:
        """Whether a call is under way. One that was held up between asking for its deadline and setting it, as happens on a busy machine, has
        a deadline later than it asked for: a clock that stopped before would never reach it.
        """
        try:
            return any(not inst.idle and not inst.dead for group in list(self.groups) for inst in list(group.instances.values()))
        except RuntimeError:  # a group or an instance was made meanwhile
            return True

    def _run(self) -> None:
        while True:
            time.sleep(TICK)
            now = time.monotonic()
            while self._ticks < int((now - self._start) / TICK):
                self._engine.increment_epoch()
                # After the engine's: who reads the old number counts one tick too many, which is no harm.
                self._ticks += 1
            if now > self._until and not self._busy():
                with self._lock:
                    if now > self._until:
                        self._until = 0.0
                        return
