"""`editops` and `opcodes`, for the metrics that say which edits they count."""

from __future__ import annotations

from typing import Any, Protocol

from likewise._scorers import Processor, engine
from likewise._sequences import text_pair
from likewise.distance._editops import Editops, Opcodes
from likewise.distance._rows import EditTag

_TAGS: dict[str, EditTag] = {"r": "replace", "i": "insert", "d": "delete"}


class EditopsFunction(Protocol):
    """A function that says which edits turn one sequence into another, element by element."""

    def __call__(self, s1: Any, s2: Any, *, processor: Processor | None = None, score_hint: float | None = None) -> Editops: ...


class OpcodesFunction(Protocol):
    """A function that says which edits turn one sequence into another, run by run."""

    def __call__(self, s1: Any, s2: Any, *, processor: Processor | None = None, score_hint: float | None = None) -> Opcodes: ...


def edit_functions(metric: str, module: str) -> tuple[EditopsFunction, OpcodesFunction]:
    """`editops` and `opcodes` of a metric."""

    def editops(s1: Any, s2: Any, *, processor: Processor | None = None, score_hint: float | None = None) -> Editops:
        """The edits of single elements that turn ``s1`` into ``s2``: of all shortest lists, RapidFuzz's.

        ``processor`` makes what is compared of each argument. ``score_hint`` is accepted for RapidFuzz's sake and
        changes nothing.

        Raises:
            TypeError: not a sequence of hashable elements.
        """
        if processor:
            s1, s2 = processor(s1), processor(s2)
        a, b = text_pair(s1, s2)
        edits = engine().editops(metric, a, b)
        rows = list(zip(map(_TAGS.__getitem__, edits.letters), edits.src_pos, edits.dest_pos, strict=True))
        return Editops._of(rows, len(a), len(b))

    def opcodes(s1: Any, s2: Any, *, processor: Processor | None = None, score_hint: float | None = None) -> Opcodes:
        """`editops`, run by run, with the runs that stay equal: as difflib has them."""
        return editops(s1, s2, processor=processor, score_hint=score_hint).as_opcodes()

    editops.__module__ = opcodes.__module__ = module
    editops.__qualname__, opcodes.__qualname__ = "editops", "opcodes"
    return editops, opcodes
