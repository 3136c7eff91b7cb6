"""A cursor over the bytes of a component's file: numbers, names and vectors, as the binary format writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from likewise.errors import ComponentFormatError

__all__ = ["LABEL", "Reader", "is_label"]

T = TypeVar("T")

#: A name of one part, as all names in types are.
LABEL = "[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"
is_label = re.compile(LABEL).fullmatch


class Reader:
    """A cursor over bytes."""

    def __init__(self, data: memoryview, position: int = 0) -> None:
        self.data = data
        self.position = position

    def fail(self, what: str) -> ComponentFormatError:
        """The error to raise for what is wrong here."""
        return ComponentFormatError(f"not a component that can be read: {what} at byte {self.position}")

    def more(self) -> bool:
        """Whether there are bytes left."""
        return self.position < len(self.data)

    def byte(self) -> int:
        """The next byte."""
        if self.position >= len(self.data):
            raise self.fail("unexpected end")
        value = self.data[self.position]
        self.position += 1
        return value

    def peek(self) -> int:
        """The next byte, which is left there."""
        value = self.byte()
        self.position -= 1
        return value

    def u32(self) -> int:
        """A number in base 128."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7
            if shift > 28:
                raise self.fail("number too long")

    def take(self, size: int) -> memoryview:
        """So many bytes."""
        if size > len(self.data) - self.position:
            raise self.fail("unexpected end")
        part = self.data[self.position : self.position + size]
        self.position += size
        return part

    def name(self) -> str:
        """A text."""
        try:
            return str(self.take(self.u32()), "utf-8")
        except UnicodeDecodeError:
            raise self.fail("a name that is not UTF-8") from None

    def label(self) -> str:
        """Name of something in a type."""
        name = self.name()
        if not is_label(name):
            raise self.fail(f"{name!r:.60}, which is no name,")
        return name

    def extern_name(self) -> str:
        """Name of an import or export. Its options (version suffix, what it implements) are not needed here."""
        form = self.byte()
        name = self.name()
        if form == 0x02:
            for _ in range(self.u32()):
                self.byte()
                self.name()
        elif form > 0x02:
            raise self.fail("unknown kind of name")
        return name

    def many(self, read: Callable[[], T]) -> list[T]:
        """A number, and as many of what `read` reads."""
        return [read() for _ in range(self.u32())]
