"""Ctrl-C while the guest and libcurl run: noted, and acted on where nothing is half done.

Python runs a signal's handler between any two instructions of the main thread. Within a callback of C code that is no place for an
exception: pycurl prints and forgets it, and ctypes returns garbage to the guest's runtime, which has crashed the process. So while
they run, SIGINT is noted, a wait is cut short, and the handler that was installed (which raises KeyboardInterrupt, or whatever
its owner made it do) is called as soon as the books are in order.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")


class _WakeUp(BaseException):
    """Cuts a wait short."""


class Interrupts:
    """A context in which SIGINT is held back. On any thread but the main one it does nothing: signals do not go there.

    It may be entered again from within, which costs next to nothing; only the outermost entry changes the handler.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._handler: Callable[[int, FrameType | None], object] | None = None
        self._noted: FrameType | None = None
        self._waiting = False
        self.pending = False

    def __enter__(self) -> Self:
        self._depth += 1
        if self._depth == 1 and threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            if callable(handler):  # not SIG_IGN or SIG_DFL, and not one that C code installed
                self._handler = handler
                signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._depth -= 1
        if self._depth or self._handler is None:
            return
        handler, self._handler = self._handler, None
        signal.signal(signal.SIGINT, handler)
        if self.pending:
            self.pending = False
            handler(signal.SIGINT, self._noted)

    def check(self) -> None:
        """Act on an interrupt, if one is pending. Called where an exception does no harm."""
        if self.pending and self._handler is not None:
            self.pending = False
            self._handler(signal.SIGINT, self._noted)

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
