"""Edits, blocks and alignments: small rows that are compared and unpacked as tuples, with names for their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, overload

EditTag = Literal["replace", "insert", "delete"]
OpcodeTag = Literal["equal", "replace", "insert", "delete"]


class Row:
    """Equal to any sequence of the same values. Its fields can be changed, so that it has no hash."""

    __slots__: tuple[str, ...] = ()
    __hash__: ClassVar[None]  # type: ignore[assignment]  # as for list

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __len__(self) -> int:
        return len(self.__slots__)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values())

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self._values()[index]

    def __eq__(self, other: object) -> bool:
        try:
            return self._values() == tuple(other)  # type: ignore[arg-type]  # what cannot be iterated over is not equal
        except TypeError:
            return False


@dataclass(slots=True, eq=False)
class Editop(Row):
    """One edit of one element.

    Attributes:
        tag: "replace" puts ``dest[dest_pos]`` in the place of ``src[src_pos]``, "insert" puts it in front of that,
            "delete" takes ``src[src_pos]`` out.
        src_pos: position in the source as it was given.
        dest_pos: position in the destination.
    """

    tag: EditTag
    src_pos: int
    dest_pos: int


@dataclass(slots=True, eq=False)
class Opcode(Row):
    """One edit of a run of elements, as `difflib.SequenceMatcher.get_opcodes` has them.

    Attributes:
        tag: "equal", "replace", "insert" or "delete": what makes ``dest[dest_start:dest_end]`` of the source's run.
        src_start: where the run of the source starts.
        src_end: where it ends.
        dest_start: where the run of the destination starts.
        dest_end: where it ends.
    """

    tag: OpcodeTag
    src_start: int
    src_end: int
    dest_start: int
    dest_end: int


@dataclass(slots=True, eq=False)
class MatchingBlock(Row):
    """A run of equal elements: ``src[a:a + size]`` is ``dest[b:b + size]``."""

    a: int
    b: int
    size: int


@dataclass(slots=True, eq=False)
class ScoreAlignment(Row):
    """A score, and the parts that have it: ``src[src_start:src_end]`` and ``dest[dest_start:dest_end]``."""

    score: float
    src_start: int
    src_end: int
    dest_start: int
    dest_end: int
