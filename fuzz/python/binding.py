"""The binding layer against any Python object where a component wants a value: it is taken and comes back as it was, or refused with a
typed error that names the place; both lanes agree; and the next call is none the worse.
"""

from __future__ import annotations

import array
import enum
import functools
import math
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import driver
from driver import Draw

with driver.instrumented():
    from likewise import component
    from likewise.component import ComponentError, Err, Ok, Some, _abi

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "component"))
from tour_build import tour_file
from tour_host import Tally

#: What a value that does not fit may raise.
REFUSED = (TypeError, ValueError, OverflowError)


class Spite(Exception):
    """What a hostile object raises."""


class Spiteful:
    """An object whose every method raises."""

    def _raise(self, *_: object) -> Any:
        raise Spite

    __len__ = __iter__ = __getitem__ = __index__ = __int__ = __float__ = __bool__ = __contains__ = _raise


class Text(str):
    """A text by another name."""


class Number(enum.IntEnum):
    """A number by another name."""

    ONE = 1


class Endless:
    """A sequence that says it is short and never ends."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, at: int) -> int:
        return at


class Anything:
    """An object that has every attribute."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return 1


#: Objects that are rarely meant. Made anew for each use.
ODDITIES: tuple[Callable[[], object], ...] = (
    Spiteful,
    Endless,
    Anything,
    object,
    lambda: Text("text"),
    lambda: Number.ONE,
    lambda: 1j,
    lambda: {1, 2},
    lambda: iter([1, 2]),
    lambda: range(3),
    lambda: memoryview(b"abcdef")[::2],
    lambda: array.array("d", [1.0, 2.0]),
    lambda: array.array("i", [1, -2]),
    lambda: bytearray(b"\0\xff"),
    lambda: int,
    lambda: len,
    lambda: NotImplemented,
    lambda: Some(Some(None)),
    lambda: Ok(Err(1)),
)

NUMBERS = (
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    65535,
    65536,
    2**31 - 1,
    2**31,
    2**32,
    2**63 - 1,
    2**63,
    2**64 - 1,
    2**64,
    -(2**63),
    10**400,
)
FLOATS = (0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, 1e39, 5e-324, 3.4028235677973366e38)


class Values:
    """Draws values, right ones and wrong ones."""

    def __init__(self, draw: Draw, types: Any) -> None:
        self._draw = draw
        self._types = types

    def anything(self, depth: int = 3) -> Any:
        draw, types = self._draw, self._types
        match draw.below(16):
            case 0:
                return draw.pick(NUMBERS)
            case 1:
                return draw.pick(FLOATS)
            case 2:
                return draw.text()
            case 3:
                return draw.pick(("\ud800", "a\udfff", "\udc80b", "red", "deep-blue", "read", ""))
            case 4:
                return draw.take(draw.below(9))
            case 5:
                return draw.pick((None, True, False))
            case 6:
                return draw.pick(ODDITIES)()
            case 7:
                return draw.pick((*types.Colour, *types.Permissions, types.Permissions(0)))
            case 8:
                return draw.pick((Some, Ok, Err))(self.anything(depth - 1) if depth else None)
            case 9:
                return self.shape()
            case 10:
                return types.Point(self.anything(0), self.anything(0))
            case 11 | 12 if depth:
                return [self.anything(depth - 1) for _ in range(draw.below(4))]
            case 13 if depth:
                return tuple(self.anything(depth - 1) for _ in range(draw.below(4)))
            case 14 if depth:
                return {draw.text(3): self.anything(depth - 1) for _ in range(draw.below(3))}
        return draw.below(1000)

    def shape(self) -> Any:
        shape = self._types.Shape
        point = self._types.Point(self._draw.pick(FLOATS), self._draw.pick(FLOATS))
        return self._draw.pick((
            shape.Empty(), shape.Circle(self._draw.pick(FLOATS)), shape.Polygon([point] * self._draw.below(4)),
            shape.Label((point, self._draw.text())), shape.Circle(self.anything(1)), shape.Polygon(self.anything(2)),
            shape.Label(self.anything(2)),
        ))  # fmt: skip

    def everything(self) -> Any:
        """A record of which most is right."""
        draw, types = self._draw, self._types
        right = {
            "flag": True,
            "integers": (255, -128, 65535, -32768, 2**32 - 1, -(2**31), 2**64 - 1, -(2**63)),
            "floats": (0.5, draw.pick(FLOATS)),
            "letter": "\N{CROCODILE}",
            "texts": [draw.text(), ""],
            "bytes": draw.take(4),
            "colour": types.Colour.GREEN,
            "permissions": types.Permissions.READ,
            "shapes": [self.shape()],
            "maybe": draw.pick((None, "x")),
            "perhaps": draw.pick((None, Some(None), Some(3))),
            "outcome": draw.pick((Ok(1), Err("no"))),
            "done": draw.pick((Ok(), Err())),
            "origin": types.Point(0.0, 1.0),
        }
        for _ in range(draw.below(3)):
            name = draw.pick(tuple(right))
            right[name] = self.anything()
        return types.Everything(**right)


class Host:
    """A host whose answers are whatever the input says."""

    Tally = Tally

    answer: Any = 0

    def log(self, entry: Any) -> Any:
        return self.answer

    def apply(self, n: int) -> Any:
        if isinstance(self.answer, Spiteful):
            raise Spite
        return self.answer

    def lookup(self, key: str) -> Any:
        if isinstance(self.answer, (str, int)):
            return self.answer
        raise ComponentError(self.answer)

    def larger(self, a: Tally, b: Tally) -> Any:
        return self.answer


class Side:
    """The tour on one lane."""

    def __init__(self, lane: str) -> None:
        os.environ["LIKEWISE_LANE"] = lane
        self.host = Host()
        self.tour = component.load(
            tour_file(), imports={"likewise:tour/host": self.host}, limits=component.Limits(memory=1 << 26)
        )
        self.types = self.tour.types


@functools.cache
def sides() -> list[Side]:
    """Both lanes, or the public one alone where there is no other. Loaded when first asked for."""
    return [Side(lane) for lane in ("direct", "public") if lane == "public" or _abi.available() is None]


#: Where an object happens to be.
_ADDRESS = re.compile(" at 0x[0-9a-f]+")

#: Functions whose answer is their argument.
ECHOES = ("string", "strings", "integers", "floats", "singles", "bytes", "option", "nested_option", "colour", "permissions", "shape",
          "shapes", "char", "bool", "everything")  # fmt: skip


def check(draw: Draw) -> int:
    """Some calls on each lane, each with the same value."""
    cases = 0
    for _ in range(1 + draw.below(6)):
        start = draw.rest()
        ended = []
        for side in sides():
            draw = Draw(start)
            ended.append(_call(side, draw))
        names = {name for name, _ in ended}
        # What a hostile object raises depends on who asks it first. And the one thing that the public lane alone refuses is an untagged
        # case that looks like an earlier one.
        if not names & {"Spite", "NotImplementedError"}:
            assert len(set(ended)) == 1, f"the lanes differ: {' and '.join(map(str, ended))}"
        cases += len(ended)
        if not draw:
            break
    for side in sides():
        assert side.types.echo_string("still here") == "still here"
    return cases


def _call(side: Side, draw: Draw) -> tuple[str, str]:
    values = Values(draw, side.types)
    kind = draw.below(8)
    try:
        if kind < 5:
            name = draw.pick(ECHOES)
            value = values.everything() if name == "everything" else values.anything()
            back = getattr(side.types, f"echo_{name}")(value)
            # What was taken comes back the same: another type of number or text compares equal.
            if not _equal(back, value):
                raise AssertionError(f"echo_{name}({value!r}) gave {back!r}")
            return ("echoed", repr(back))
        side.host.answer = values.anything(1)
        if kind == 5:
            result = side.tour.bench.ask(7)
            assert type(result) is int and 0 <= result < 2**32, result
        elif kind == 6:
            result = side.tour.bench.look_up("key")
        else:
            result = side.tour.articles.print_this(side.tour.articles.BindStruct(4, draw.text()))
    except (*REFUSED, ComponentError, NotImplementedError, Spite) as error:
        assert str(error) or isinstance(error, Spite), f"{type(error).__name__} without a word"
        return (type(error).__name__, _ADDRESS.sub("", str(error)))
    return ("answered", repr(result))


def _equal(back: Any, value: Any) -> bool:
    if isinstance(back, float) and isinstance(value, (int, float)):
        # A single has fewer digits.
        return math.isnan(back) if value != value else back == value or math.isclose(back, value, rel_tol=1e-6, abs_tol=1e-44)
    if isinstance(back, enum.Flag):
        # Names of flags are taken as well; what an iterator gave is gone.
        return back == value or not isinstance(value, enum.Flag)
    if isinstance(back, (list, tuple)):
        return not isinstance(value, (list, tuple)) or (len(back) == len(value) and all(map(_equal, back, value)))
    if isinstance(back, bytes):
        return back == bytes(value)
    if isinstance(back, enum.Enum):
        return value in (back, back.value)
    fields = getattr(type(back), "__dataclass_fields__", None)
    if fields is not None:
        return all(_equal(getattr(back, name), getattr(value, name)) for name in fields)
    return bool(back == value)


if __name__ == "__main__":
    driver.main(check)
