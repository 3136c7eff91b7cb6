"""What a call may use: memory, time and instructions."""

from __future__ import annotations

import math
import os
import threading
import time
from dataclasses import dataclass
from typing import Any

__all__ = ["TICK", "Limits", "Ticker"]

#: Seconds between two looks at the clock while a limited call runs: the precision of `Limits.time`.
TICK = 0.001
#: Seconds for which the clock is watched after the last limited call. Starting the thread costs 50 µs.
_LINGER = 1.0

FOREVER = (1 << 62) - 1


@dataclass(frozen=True)
class Limits:
    """Bounds of what a component may use.

    Args:
        memory: bytes of linear memory that an instance may grow to.
        time: seconds of wall-clock time that one call may take, host imports included. Kept to a few milliseconds.
        fuel: instructions, roughly, that one call may execute. The same call uses the same fuel on any machine.

    None is no limit. Limits of time and fuel are checked by the compiled code itself, which they slow down by a few percent.
    """

    memory: int | None = None
    time: float | None = None
    fuel: int | None = None

    def __post_init__(self) -> None:
        if self.memory is not None and self.memory < 0:
            raise ValueError(f"memory: {self.memory} is negative; give bytes, or None for no limit")
        if self.time is not None and not self.time > 0:
            raise ValueError(f"time: {self.time} is not positive; give seconds, or None for no limit")
        if self.fuel is not None and self.fuel < 0:
            raise ValueError(f"fuel: {self.fuel} is negative; give a number of instructions, or None for no limit")

    def ticks(self) -> int:
        """`time` in ticks. One more than fit: the tick under way is partly over."""
        if self.time is None or math.isinf(self.time):
            return FOREVER
        return min(FOREVER, math.ceil(self.time / TICK) + 1)


class Ticker:
    """Advances an engine's epoch while calls with a time limit are made: compiled code compares it with its deadline."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._until = 0.0
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        # Threads do not survive a fork.
        self._lock = threading.Lock()
        self._until = 0.0

    def use(self, seconds: float) -> None:
        """A call that may take `seconds` is about to be made."""
        end = time.monotonic() + seconds
        if end > self._until:
            with self._lock:
                running, self._until = self._until > 0, max(self._until, end + _LINGER)
                if not running:
                    threading.Thread(target=self._run, name="likewise-clock", daemon=True).start()

    def _run(self) -> None:
        start = time.monotonic()
        ticks = 0
        while True:
            time.sleep(TICK)
            now = time.monotonic()
            due = int((now - start) / TICK)
            # After a pause (a busy machine, a suspended process) the clock catches up.
            while ticks < due:
                self._engine.increment_epoch()
                ticks += 1
            if now > self._until:
                with self._lock:
                    if now > self._until:
                        self._until = 0.0
                        return
