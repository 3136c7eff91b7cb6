"""The types of WIT, as found in a component.

Types compare by identity: two records with equal fields are two types. A type that has a name knows it, and the interface
that it belongs to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

__all__ = [
    "Borrow",
    "Case",
    "Docs",
    "Enum",
    "Field",
    "Flags",
    "Function",
    "Interface",
    "List",
    "Option",
    "Own",
    "Primitive",
    "Record",
    "Resource",
    "Result",
    "Tuple",
    "Type",
    "Unsupported",
    "Variant",
    "World",
    "children",
    "has_class",
    "walk",
]


@dataclass(eq=False)
class Type:
    """Any WIT type. `name` is the kebab-case name under which an interface exports it, if one does."""

    name: str | None = field(default=None, init=False)
    interface: Interface | None = field(default=None, init=False, repr=False)
    #: How many types it is made of, each counted as often as it is used: what its text would take.
    size: int = field(default=1, init=False, repr=False)


@dataclass(eq=False)
class Primitive(Type):
    """bool, an integer, a float, char or string."""

    keyword: str

    #: Bounds of the integers, both included.
    RANGES: ClassVar[dict[str, tuple[int, int]]] = {
        f"{sign}{bits}": (0, 2**bits - 1) if sign == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        for sign in "us"
        for bits in (8, 16, 32, 64)
    }


@dataclass(eq=False)
class List(Type):
    """A sequence; `length` is set where the type fixes it."""

    element: Type
    length: int | None = None


@dataclass(eq=False)
class Option(Type):
    """A value or nothing."""

    payload: Type


@dataclass(eq=False)
class Result(Type):
    """Success or failure; either arm may carry nothing."""

    ok: Type | None
    err: Type | None


@dataclass(eq=False)
class Tuple(Type):
    """A fixed number of values."""

    elements: tuple[Type, ...]


@dataclass(frozen=True)
class Field:
    """A named value of a record."""

    name: str
    type: Type


@dataclass(eq=False)
class Record(Type):
    """Named values."""

    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Case:
    """One alternative of a variant."""

    name: str
    type: Type | None


@dataclass(eq=False)
class Variant(Type):
    """One of several alternatives, each with or without a value."""

    cases: tuple[Case, ...]


@dataclass(eq=False)
class Enum(Type):
    """One of several names."""

    names: tuple[str, ...]


@dataclass(eq=False)
class Flags(Type):
    """Any combination of several names."""

    names: tuple[str, ...]


@dataclass(eq=False)
class Resource(Type):
    """An object that lives on one side of the boundary."""


@dataclass(eq=False)
class Own(Type):
    """A handle that carries the resource with it."""

    resource: Resource


@dataclass(eq=False)
class Borrow(Type):
    """A handle lent for one call."""

    resource: Resource


@dataclass(eq=False)
class Unsupported(Type):
    """A type that the binding cannot carry: streams, futures, error contexts and maps."""

    keyword: str


@dataclass(eq=False)
class Function:
    """A function's name as the component spells it ("[method]counter.add" for a method), parameters and result."""

    name: str
    params: tuple[Field, ...]
    result: Type | None

    @cached_property
    def unsupported(self) -> str:
        """What in its types cannot be carried ("streams"), "" if nothing."""
        types = [p.type for p in self.params] + ([] if self.result is None else [self.result])
        found = (t.keyword for outer in types for t in walk(outer) if isinstance(t, Unsupported))
        return "".join(f"{keyword}s" for keyword in itertools.islice(found, 1))

    @property
    def kind(self) -> str:
        """One of "function", "constructor", "method", "static"."""
        return self.name[1 : self.name.index("]")] if self.name.startswith("[") else "function"

    @property
    def resource_name(self) -> str:
        """Kebab-case name of the resource that a constructor, method or static function belongs to."""
        return self.name[self.name.index("]") + 1 :].partition(".")[0]

    @property
    def short_name(self) -> str:
        """The name without its resource: "add" for "[method]counter.add"."""
        return self.name.rpartition(".")[2] if self.kind in ("method", "static") else self.name


@dataclass
class Docs:
    """Documentation of an interface: its own, that of its functions, types, and the fields and cases of its types."""

    own: str = ""
    functions: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    items: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(eq=False)
class Interface:
    """Types and functions under one name, in the order in which the component lists them.

    The functions and types of the world itself form an interface whose name is "".
    """

    name: str
    types: dict[str, Type] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    docs: Docs = field(default_factory=Docs)

    @property
    def unversioned(self) -> str:
        """The name without its version: "a:b/c" for "a:b/c@1.0.0"."""
        return self.name.partition("@")[0]

    @property
    def package(self) -> str:
        """The package that it belongs to: "a:b@1.0.0" for "a:b/c@1.0.0", "" for an interface that belongs to no package."""
        path, at, version = self.name.partition("@")
        package, slash, _ = path.rpartition("/")
        return package + at + version if slash else ""

    @property
    def short_name(self) -> str:
        """The name within its package: "c" for "a:b/c@1.0.0"."""
        return self.unversioned.rpartition("/")[2]

    def resources(self) -> dict[str, Resource]:
        """The resources that this interface defines."""
        return {name: t for name, t in self.types.items() if isinstance(t, Resource) and t.interface is self and t.name == name}


@dataclass
class World:
    """What a component imports and exports, by the names in the file. The world's own items stand under ""."""

    imports: dict[str, Interface]
    exports: dict[str, Interface]
    #: Imports other than functions, types and interfaces ("component" or "module"), by name: nothing can be granted for them.
    other_imports: dict[str, str] = field(default_factory=dict)
    docs: str = ""
    #: Bytes that wasmtime keeps at most for the component's core instances, besides memories and tables.
    footprint: int = 0


def has_class(t: Type) -> bool:
    """Whether a type that an interface names is a class in Python."""
    return isinstance(t, (Record, Variant, Enum, Flags, Resource)) and t.name is not None and t.interface is not None


def children(t: Type) -> tuple[Type, ...]:
    """The types that `t` is made of, in order."""
    match t:
        case List():
            return (t.element,)
        case Option():
            return (t.payload,)
        case Result():
            return tuple(x for x in (t.ok, t.err) if x is not None)
        case Tuple():
            return t.elements
        case Record():
            return tuple(f.type for f in t.fields)
        case Variant():
            return tuple(c.type for c in t.cases if c.type is not None)
        case _:
            return ()


def walk(t: Type) -> Iterator[Type]:
    """A type and all that it is made of, each once."""
    seen: set[Type] = set()
    waiting = [t]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.add(found)
            yield found
            waiting += reversed(children(found))
