"""What Python's fuzz targets share: values drawn from bytes, and a loop that takes libFuzzer's flags.

A target is a function from a `Draw` to the number of cases verified; it raises where something is wrong. atheris guides the bytes by
the Python code they reach. Where it is not installed the bytes are random.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")

#: Bytes of a random input.
_LENGTH = 400
#: Seconds between two writings of the number of cases.
_INTERVAL = 0.5


class Draw:
    """Values out of bytes; zeros when these are used up."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        """Whether bytes are left."""
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        """The next bytes: `count` of them, or as many as are left."""
        taken = self._data[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        width = (max(limit - 1, 1).bit_length() + 7) // 8
        return int.from_bytes(self.take(width), "little") % limit

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.below(len(choices))]

    def text(self, longest: int = 12) -> str:
        """A text of any code points but lone surrogates."""
        kinds = (0x7F, 0xFF, 0xD7FF, 0x10FFFF)
        points = [self.below(self.pick(kinds)) for _ in range(self.below(longest + 1))]
        return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)

    def mangled(self, data: bytes, tokens: Sequence[bytes]) -> bytes:
        """The data with a few places changed: a byte, what is left out, put in or said twice, or the end."""
        made = bytearray(data)
        for _ in range(self.below(5)):
            at = self.below(len(made) + 1)
            match self.below(6):
                case 0 if at < len(made):
                    made[at] = self.below(256)
                case 1:
                    del made[at : at + self.below(20)]
                case 2 | 3:
                    made[at:at] = self.pick(tokens)
                case 4:
                    made[at:at] = made[at : at + self.below(60)]
                case 5:
                    del made[at:]
        return bytes(made)

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data))


Target = Callable[[Draw], int]


def main(target: Target) -> None:
    """Run a target by libFuzzer's flags and folders, as the command line gives them: guided, if `instrumented` was."""
    tally = _Tally()

    def one(data: bytes) -> None:
        tally.add(target(Draw(data)))

    if "atheris" in sys.modules:
        import atheris

        atheris.Setup(sys.argv, one)
        atheris.Fuzz()
    else:
        _random(one)


def instrumented() -> AbstractContextManager[object]:
    """Within it, the package's modules are imported so that they guide atheris, if it is there."""
    try:
        import atheris
    except ImportError:
        print("atheris is not installed here: the bytes are random", file=sys.stderr)
        return nullcontext()
    return cast("AbstractContextManager[object]", atheris.instrument_imports(include=["likewise"]))


class _Tally:
    def __init__(self) -> None:
        self._path = os.environ.get("LIKEWISE_FUZZ_CASES")
        self._cases = 0
        self._written = time.monotonic()

    def add(self, cases: int) -> None:
        self._cases += cases
        if self._path and time.monotonic() - self._written > _INTERVAL:
            self._written = time.monotonic()
            Path(self._path).write_text(str(self._cases))


def _random(one: Callable[[bytes], None]) -> None:
    flags = dict(arg[1:].split("=", 1) for arg in sys.argv[1:] if arg.startswith("-"))
    kept = [path.read_bytes() for arg in sys.argv[1:] if not arg.startswith("-") for path in sorted(Path(arg).iterdir())]
    end = time.monotonic() + float(flags.get("max_total_time", 60))
    seed = int(flags.get("seed", time.time_ns()))
    source = random.Random(seed)
    while time.monotonic() < end:
        data = bytearray(source.choice(kept)) if kept and source.random() < 0.5 else bytearray(source.randbytes(_LENGTH))
        for _ in range(source.randrange(8)):
            if data:
                data[source.randrange(len(data))] = source.randrange(256)
        try:
            one(bytes(data))
        except BaseException:
            Path(f"{flags.get('artifact_prefix', '')}crash-{seed}").write_bytes(data)
            raise
