"""What a call may use: memory, time and instructions."""

from __future__ import annotations

import math
import operator
import os
import threading
import time
import weakref
from _thread import start_new_thread
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
        compile_time: seconds of wall-clock time that `load` may take to compile the component.
        compile_memory: bytes of memory that compiling may take. Not on Windows.

    None is no limit. Limits of time and fuel are checked by the compiled code itself, which they slow down: calls by nothing, loops by
    a few percent to a half. Code that looks at the time also looks at signals: Ctrl-C ends such a call within a tenth of a
    second, where it otherwise waits for the call to return. `Limits(time=math.inf)` asks for that alone.

    A component of a few kilobytes can keep a compiler busy for minutes. With a limit of compiling, another Python compiles it, which is ended
    when it goes over: a fifth of a second more for the first load of each component, and nothing once its compiled form is
    in the cache.
    """

    memory: int | None = None
    time: float | None = None
    fuel: int | None = None
    compile_time: float | None = None
    compile_memory: int | None = None

    def __post_init__(self) -> None:
        for name, unit in (("memory", "bytes"), ("fuel", "a number of instructions"), ("compile_memory", "bytes")):
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
        for name in ("time", "compile_time"):
            seconds: float | None = getattr(self, name)
            if seconds is None:
                continue
            if not isinstance(seconds, Real):
                raise TypeError(f"{name}: expected a number, got {seconds!r:.60}; give seconds, or None for no limit")
            if not seconds > 0:
                raise ValueError(f"{name}: {seconds} is not positive; give seconds, or None for no limit")
            if seconds > _AGES:
                object.__setattr__(self, name, math.inf)
            elif type(seconds) not in (int, float):
                # Fractions, and numpy's numbers of fewer bits: too few for the time of a clock.
                object.__setattr__(self, name, float(seconds))

    @property
    def of_compiling(self) -> bool:
        """Whether compiling is limited."""
        return self.compile_time is not None or self.compile_memory is not None


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
        #: Until when there are deadlines to watch for, 0 while no thread does.
        self._until = 0.0
        #: When the timeline began, and ticks made since.
        self._start = 0.0
        self._ticks = 0
        self._renew_locks()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def _renew_locks(self) -> None:
        #: A signal's handler that calls a component may come while this very thread has it.
        self._lock = threading.RLock()
        #: The thread that watches has it for as long as it does.
        self._watched = threading.Lock()

    def _forked(self) -> None:
        # Threads do not survive a fork.
        self._renew_locks()
        self._until = 0.0

    def deadline(self, seconds: float) -> int:
        """Ticks until a call that begins now has taken `seconds`, as the engine counts them. The thread is running until then."""
        if seconds > _AGES:
            return FOREVER
        now = time.monotonic()
        end = now + seconds
        if end + _MARGIN > self._until:
            with self._lock:
                # A signal's handler may raise at any of these steps: `_until` comes last, so that it never speaks of a thread that was not
                # started. Python's own Thread is one that dies at its first steps when its start is interrupted.
                if not self._watched.locked():
                    # Before `_until` says that there is a timeline: other threads read both without the lock.
                    self._start = now - self._ticks * TICK
                    start_new_thread(self._run, ())
                self._until = max(self._until, end + _LINGER)
        # The tick under way is partly over: one more. Where this thread was held up for longer than that, the time is over at the next
        # tick: a number below zero would be a deadline that is never reached, as the engine takes it without its sign.
        return max(math.ceil((end - self._start) / TICK) + 1 - self._ticks, 1)

    def _busy(self) -> bool:
        """Whether a call is under way. One that was held up between asking for its deadline and setting it, as happens on a busy machine, has
        a deadline later than it asked for: a clock that stopped before would never reach it.
        """
        try:
            return any(not inst.idle and not inst.dead for group in list(self.groups) for inst in list(group.instances.values()))
        except (RuntimeError, MemoryError):  # a group or an instance was made meanwhile, or there is no room for the list
            return True

    def _run(self) -> None:
        if not self._watched.acquire(blocking=False):
            # Another one was started just before, and has not come as far as this until now.
            return
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
                        self._watched.release()
                        return
