"""Ctrl-C while libcurl runs: noted, and acted on where nothing is half done.

Python runs a signal's handler between two instructions of the main thread. Inside a callback of libcurl that is no place for
an exception: pycurl prints and forgets it, and the transfer ends for a reason nobody gave. So while an exchange runs, SIGINT is
noted, a wait is cut short, and the handler that was installed (which raises KeyboardInterrupt, or whatever its owner made it
do) is called once the exchange has its books in order.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TypeVar

T = TypeVar("T")


class _WakeUp(BaseException):
    """Cuts a wait short."""


class Interrupts:
    """A context in which SIGINT is held back. On any thread but the main one it does nothing: signals do not go there."""

    def __init__(self) -> None:
        self._handler: Callable[[int, FrameType | None], object] | None = None
        self._noted: FrameType | None = None
        self._waiting = False
        self.pending = False

    def __enter__(self) -> Interrupts:
        self.pending = False
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            if callable(handler):  # not SIG_IGN or SIG_DFL, and not one that C code installed
                self._handler = handler
                signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        handler, self._handler = self._handler, None
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
            if self.pending:
                self.pending = False
                noted, self._noted = self._noted, None
                handler(signal.SIGINT, noted)

    def wait(self, function: Callable[[float], list[T]], timeout: float) -> list[T]:
        """`function(timeout)`, or an empty list once there is an interrupt pending."""
        result: list[T] = []
        try:
            try:
                self._waiting = True
                if not self.pending:
                    result = function(timeout)
            finally:
                self._waiting = False
        except _WakeUp:
            self._waiting = False
        return result

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.pending:
            return
        self.pending = True
        self._noted = frame
        if self._waiting:
            raise _WakeUp
