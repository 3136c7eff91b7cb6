"""A program in a terminal of its own: what it prints there, and keys pressed."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from types import TracebackType

# A busy machine takes seconds to load an engine. A test that waits so long fails.
PATIENCE = 240.0

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_=>])")


class Terminal:
    """A child process whose input, output and errors are one terminal."""

    def __init__(self, args: list[str], env: dict[str, str] | None = None, columns: int = 100) -> None:
        self.written = ""
        self._read = 0
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(args[0], args, {**os.environ, "TERM": "xterm-256color", **(env or {})})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    @property
    def text(self) -> str:
        """What was printed, without colours and cursor movements."""
        return _ESCAPES.sub("", self.written).replace("\r\n", "\n")

    def expect(self, words: str) -> None:
        """Wait for words that come after those waited for before."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.text[self._read :]:
            assert time.monotonic() < deadline and self._more(), f"{words!r} never came; there is {self.text[self._read :]!r}"
        self._read = self.text.index(words, self._read) + len(words)

    def type(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def end(self) -> int:
        """Wait for the program to end and return its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._more():
            assert time.monotonic() < deadline, f"the program does not end; it printed {self.text!r}"
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def _more(self) -> bool:
        """Read what there is, waiting a little; False at the end."""
        ready, _, _ = select.select([self._fd], [], [], 0.1)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # Linux's way to say that nobody holds the other end
            return False
        self.written += data.decode(errors="replace")
        return bool(data)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)
