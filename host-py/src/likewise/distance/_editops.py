"""Lists of edits that turn one sequence into another: `Editops`, element by element, and `Opcodes`, run by run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, SupportsIndex, overload

from likewise.distance._rows import Editop, EditTag, MatchingBlock, Opcode, OpcodeTag

EditRow = tuple[EditTag, int, int]
OpcodeRow = tuple[OpcodeTag, int, int, int, int]

# What each edit takes from the source and from the destination.
_STEPS = {"equal": (1, 1), "replace": (1, 1), "insert": (0, 1), "delete": (1, 0)}
_INVERSE: dict[Any, Any] = {"equal": "equal", "replace": "replace", "insert": "delete", "delete": "insert"}


def _step(tag: str, row: object) -> tuple[int, int]:
    try:
        return _STEPS[tag]
    except (KeyError, TypeError):
        raise ValueError(f"{row!r}: the tag must be one of {', '.join(map(repr, _STEPS))}") from None


def _checked_editops(rows: Iterable[Any], src_len: int, dest_len: int) -> list[EditRow]:
    edits: list[EditRow] = []
    last = (-1, -1)
    for row in rows:
        tag, src, dest = row
        from_src, from_dest = _step(tag, row)
        if not (0 <= src <= src_len - from_src and 0 <= dest <= dest_len - from_dest):
            raise ValueError(f"{row!r} reaches outside of sequences of lengths {src_len} and {dest_len}")
        if tag == "equal":
            continue
        if src < last[0] or dest < last[1]:
            raise ValueError(f"{row!r} stands before the edit in front of it; sort the edits by their positions")
        if (src, dest) == last:
            raise ValueError(f"{row!r} edits a place that is edited already")
        last = (src, dest)
        edits.append((tag, src, dest))
    return edits


def _checked_opcodes(rows: Iterable[Any], src_len: int, dest_len: int) -> list[OpcodeRow]:
    codes: list[OpcodeRow] = []
    end = (0, 0)
    for row in rows:
        tag, src_start, src_end, dest_start, dest_end = row
        from_src, from_dest = _step(tag, row)
        src, dest = src_end - src_start, dest_end - dest_start
        size = max(src, dest)
        if size < 1 or (src, dest) != (size * from_src, size * from_dest):
            raise ValueError(f"{row!r} does not have the lengths that {tag!r} has")
        if (src_start, dest_start) != end:
            raise ValueError(f"{row!r} does not start where the opcodes in front of it end, at {end[0]} and {end[1]}")
        end = (src_end, dest_end)
        if codes and codes[-1][0] == tag:
            codes[-1] = (tag, codes[-1][1], src_end, codes[-1][3], dest_end)
        else:
            codes.append((tag, src_start, src_end, dest_start, dest_end))
    if end != (src_len, dest_len):
        raise ValueError(f"the opcodes end at {end[0]} and {end[1]}, the sequences at {src_len} and {dest_len}")
    return codes


def _opcodes_of(edits: Iterable[EditRow], src_len: int, dest_len: int) -> list[OpcodeRow]:
    codes: list[OpcodeRow] = []
    src_end = dest_end = 0
    for tag, src, dest in edits:
        from_src, from_dest = _STEPS[tag]
        if (src, dest) == (src_end, dest_end) and codes and codes[-1][0] == tag:
            codes[-1] = (tag, codes[-1][1], src + from_src, codes[-1][3], dest + from_dest)
        else:
            if src_end < src or dest_end < dest:
                codes.append(("equal", src_end, src, dest_end, dest))
            codes.append((tag, src, src + from_src, dest, dest + from_dest))
        src_end, dest_end = src + from_src, dest + from_dest
    if src_end < src_len or dest_end < dest_len:
        codes.append(("equal", src_end, src_len, dest_end, dest_len))
    return codes


def _editops_of(codes: Iterable[OpcodeRow]) -> list[EditRow]:
    edits: list[EditRow] = []
    for tag, src, src_end, dest, dest_end in codes:
        if tag != "equal":
            from_src, from_dest = _STEPS[tag]
            size = max(src_end - src, dest_end - dest)
            edits.extend((tag, src + i * from_src, dest + i * from_dest) for i in range(size))
    return edits


def _applied(codes: Iterable[OpcodeRow], source: Sequence[Any], destination: Sequence[Any]) -> Any:
    if isinstance(source, (str, bytes)) and isinstance(destination, (str, bytes)):
        texts = [s.decode("latin-1") if isinstance(s, bytes) else s for s in (source, destination)]
        return "".join(part for run in _runs(codes, *texts) for part in run)
    return [element for run in _runs(codes, source, destination) for element in run]


def _runs(codes: Iterable[OpcodeRow], source: Sequence[Any], destination: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for tag, src_start, src_end, dest_start, dest_end in codes:
        yield source[src_start:src_end] if tag == "equal" else destination[dest_start:dest_end]


class _Lengths:
    """The lengths of the two sequences."""

    __slots__ = ("dest_len", "src_len")
    __hash__ = None  # type: ignore[assignment]  # can be changed, as a list can

    #: Length of the source.
    src_len: int
    #: Length of the destination.
    dest_len: int


class Editops(_Lengths):
    """The edits of single elements that turn a source into a destination: a list of `Editop`.

    Positions are those in the sequences as they were given, so that edits do not shift each other.

    Args:
        editops: ``(tag, src_pos, dest_pos)`` each, in their order, or opcodes.
        src_len: length of the source.
        dest_len: length of the destination.

    Raises:
        ValueError: the edits are not in order, not unique, or reach outside of the sequences.

    >>> from likewise.distance import Levenshtein
    >>> Levenshtein.editops("spam", "park").as_list()
    [('delete', 0, 0), ('insert', 3, 2), ('replace', 3, 3)]
    """

    __slots__ = ("_rows",)
    _rows: list[EditRow]

    def __init__(self, editops: Sequence[Any] | Editops | Opcodes | None = None, src_len: int = 0, dest_len: int = 0) -> None:
        self.src_len = src_len
        self.dest_len = dest_len
        if editops is not None and len(editops) and len(editops[0]) == 5:
            self._rows = _editops_of(_checked_opcodes(editops, src_len, dest_len))
        else:
            self._rows = _checked_editops(editops if editops is not None else (), src_len, dest_len)

    @classmethod
    def _of(cls, rows: list[EditRow], src_len: int, dest_len: int) -> Editops:
        self = cls.__new__(cls)
        self._rows, self.src_len, self.dest_len = rows, src_len, dest_len
        return self

    @classmethod
    def from_opcodes(cls, opcodes: Opcodes) -> Editops:
        """The same edits, element by element."""
        return opcodes.as_editops()

    def as_opcodes(self) -> Opcodes:
        """The same edits, run by run, with the runs that stay equal."""
        return Opcodes._of(_opcodes_of(self._rows, self.src_len, self.dest_len), self.src_len, self.dest_len)

    def as_matching_blocks(self) -> list[MatchingBlock]:
        """The runs that stay equal, and an empty one at the end, as difflib has them."""
        return self.as_opcodes().as_matching_blocks()

    def as_list(self) -> list[EditRow]:
        """Tuples of tag, source position and destination position."""
        return self._rows.copy()

    def copy(self) -> Editops:
        """A copy that can be changed on its own."""
        return self[:]

    def inverse(self) -> Editops:
        """The edits that turn the destination into the source."""
        rows = [(_INVERSE[tag], dest, src) for tag, src, dest in self._rows]
        return Editops._of(rows, self.dest_len, self.src_len)

    def remove_subsequence(self, subsequence: Editops) -> Editops:
        """What is left to do after the edits of ``subsequence`` have been done to the source.

        Raises:
            ValueError: not all of them are edits of this list, in its order.
        """
        rest: list[EditRow] = []
        done = iter(subsequence._rows)
        next_done = next(done, None)
        # Each insertion that has been done moves what follows it to the right, each deletion to the left.
        shift = 0
        for row in self._rows:
            tag, src, dest = row
            if row == next_done:
                from_src, from_dest = _STEPS[tag]
                shift += from_dest - from_src
                next_done = next(done, None)
            else:
                rest.append((tag, src + shift, dest))
        if next_done is not None:
            raise ValueError(f"subsequence is not a subsequence: {next_done!r} is not in its place among these edits")
        return Editops._of(rest, self.src_len, self.dest_len)

    def apply(self, source_string: Sequence[Any], destination_string: Sequence[Any]) -> Any:
        """The source with the edits done: a str for strings and bytes, a list for other sequences."""
        return _applied(_opcodes_of(self._rows, len(source_string), self.dest_len), source_string, destination_string)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Editop]:
        return (Editop(*row) for row in self._rows)

    @overload
    def __getitem__(self, index: SupportsIndex) -> Editop: ...
    @overload
    def __getitem__(self, index: slice) -> Editops: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Editop | Editops:
        if not isinstance(index, slice):
            return Editop(*self._rows[index])
        if index.indices(len(self._rows))[2] < 0:
            raise ValueError("step sizes below 0 lead to an invalid order of editops")
        return Editops._of(self._rows[index], self.src_len, self.dest_len)

    def __delitem__(self, index: SupportsIndex | slice) -> None:
        del self._rows[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Editops):
            return NotImplemented
        mine, theirs = (self._rows, self.src_len, self.dest_len), (other._rows, other.src_len, other.dest_len)
        return mine == theirs

    def __repr__(self) -> str:
        return f"Editops({list(self)!r}, src_len={self.src_len}, dest_len={self.dest_len})"


class Opcodes(_Lengths):
    """The edits of runs that turn a source into a destination: a list of `Opcode`, without gaps.

    Args:
        opcodes: ``(tag, src_start, src_end, dest_start, dest_end)`` each, from the front to the back, or editops.
        src_len: length of the source.
        dest_len: length of the destination.

    Raises:
        ValueError: the opcodes leave a gap, or have lengths that their tags cannot have.

    >>> from likewise.distance import Levenshtein
    >>> Levenshtein.opcodes("spam", "park").as_list()
    [('delete', 0, 1, 0, 0), ('equal', 1, 3, 0, 2), ('insert', 3, 3, 2, 3), ('replace', 3, 4, 3, 4)]
    """

    __slots__ = ("_rows",)
    _rows: list[OpcodeRow]

    def __init__(self, opcodes: Sequence[Any] | Editops | Opcodes | None = None, src_len: int = 0, dest_len: int = 0) -> None:
        self.src_len = src_len
        self.dest_len = dest_len
        if opcodes is None or not len(opcodes) or len(opcodes[0]) == 3:
            edits = _checked_editops(opcodes if opcodes is not None else (), src_len, dest_len)
            self._rows = _opcodes_of(edits, src_len, dest_len)
        else:
            self._rows = _checked_opcodes(opcodes, src_len, dest_len)

    @classmethod
    def _of(cls, rows: list[OpcodeRow], src_len: int, dest_len: int) -> Opcodes:
        self = cls.__new__(cls)
        self._rows, self.src_len, self.dest_len = rows, src_len, dest_len
        return self

    @classmethod
    def from_editops(cls, editops: Editops) -> Opcodes:
        """The same edits, run by run."""
        return editops.as_opcodes()

    def as_editops(self) -> Editops:
        """The same edits, element by element."""
        return Editops._of(_editops_of(self._rows), self.src_len, self.dest_len)

    def as_matching_blocks(self) -> list[MatchingBlock]:
        """The runs that stay equal, and an empty one at the end, as difflib has them."""
        blocks = []
        for tag, src_start, src_end, dest_start, dest_end in self._rows:
            size = min(src_end - src_start, dest_end - dest_start)
            if tag == "equal" and size > 0:
                blocks.append(MatchingBlock(src_start, dest_start, size))
        return [*blocks, MatchingBlock(self.src_len, self.dest_len, 0)]

    def as_list(self) -> list[OpcodeRow]:
        """Tuples as difflib's."""
        return self._rows.copy()

    def copy(self) -> Opcodes:
        """A copy that can be changed on its own."""
        return Opcodes._of(self._rows.copy(), self.src_len, self.dest_len)

    def inverse(self) -> Opcodes:
        """The opcodes that turn the destination into the source."""
        rows: list[OpcodeRow] = [
            (_INVERSE[tag], dest_start, dest_end, src_start, src_end)
            for tag, src_start, src_end, dest_start, dest_end in self._rows
        ]
        return Opcodes._of(rows, self.dest_len, self.src_len)

    def apply(self, source_string: Sequence[Any], destination_string: Sequence[Any]) -> Any:
        """The source with the edits done: a str for strings and bytes, a list for other sequences."""
        return _applied(self._rows, source_string, destination_string)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Opcode]:
        return (Opcode(*row) for row in self._rows)

    def __getitem__(self, index: SupportsIndex) -> Opcode:
        if isinstance(index, slice):
            raise TypeError("a part of opcodes has gaps; take a slice of as_list()")
        return Opcode(*self._rows[index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Opcodes):
            return NotImplemented
        mine, theirs = (self._rows, self.src_len, self.dest_len), (other._rows, other.src_len, other.dest_len)
        return mine == theirs

    def __repr__(self) -> str:
        return f"Opcodes({list(self)!r}, src_len={self.src_len}, dest_len={self.dest_len})"
