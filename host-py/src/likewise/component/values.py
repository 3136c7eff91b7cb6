"""Python's form of WIT values.

| WIT | Python |
|---|---|
| bool, integers, floats, char, string | bool, int, float, str of one code point, str |
| list<u8> | bytes (bytearray, memoryview and sequences of int are accepted) |
| list<T> | list (any sequence is accepted) |
| tuple | tuple |
| record | frozen dataclass (any object with the fields as attributes is accepted) |
| variant | one dataclass for each case, all deriving from a class with the variant's name |
| enum | Enum (the case's WIT name is accepted as well) |
| flags | Flag (a list, tuple or set of WIT names is accepted as well) |
| option | the value or None; where the value may itself be None (an option in an option): Some(value) or None |
| result | as what a function returns: its value, or ComponentError raised; elsewhere Ok(value) or Err(error) |
| resource | object of a class with methods; close it, or use it in a `with` statement |
"""

from __future__ import annotations

import dataclasses
import enum
import itertools
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from likewise.component import wit
from likewise.component.names import camel, constant, snake
from likewise.errors import ComponentError

__all__ = ["Err", "Ok", "Some", "WitEnum", "make_class", "maps", "optional_tail"]

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


@dataclasses.dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The success arm of a `result` inside another value."""

    value: T = None  # type: ignore[assignment]  # an arm without a value is Ok()


@dataclasses.dataclass(frozen=True, slots=True)
class Err(Generic[T]):
    """The error arm of a `result` inside another value."""

    error: T = None  # type: ignore[assignment]  # an arm without a value is Err()


@dataclasses.dataclass(frozen=True, slots=True)
class Some(Generic[T]):
    """A present value where the value itself may be None: `option<option<T>>` is None, Some(None) or Some(value)."""

    value: T


class WitEnum(enum.Enum):
    """A WIT enum. Values are the WIT names."""

    # Enum computes its hash in Python; members are singletons, so that identity does.
    __hash__ = object.__hash__


def maps(table: Mapping[type[BaseException], Callable[[Any], Any]]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a host import turn exceptions of its own into the error arm that its WIT result declares.

    ```python
    class Files:
        @maps({FileNotFoundError: lambda error: f"no such file: {error.filename}"})
        def read(self, path: str) -> str: ...
    ```

    Args:
        table: for each class of exceptions what makes the error's payload from one. The first class that fits counts.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def mapped(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except tuple(table) as error:
                payload = next(make for kind, make in table.items() if isinstance(error, kind))
                raise ComponentError(payload(error)) from error

        return mapped

    return decorate


def make_class(t: wit.Type, module: str) -> type:
    """The Python class for a named record, variant, enum or flags type."""
    assert t.name is not None
    name = camel(t.name)
    docs = t.interface.docs if t.interface is not None else wit.Docs()
    match t:
        case wit.Record(fields=fields):
            cls = _dataclass(name, [snake(f.name) for f in fields], (), module, optional=optional_tail(f.type for f in fields))
            items = {snake(f.name): docs.items.get((t.name, f.name), "") for f in fields}
            cls.__doc__ = _describe(docs.types.get(t.name, ""), items) or f"The WIT record `{t.name}`."
            return cls
        case wit.Variant(cases=cases):
            base = type(name, (), {"__slots__": (), "__module__": module})
            base.__doc__ = docs.types.get(t.name, "") or f"The WIT variant `{t.name}`."
            for case in cases:
                cls = _dataclass(camel(case.name), ["value"] if case.type else [], (base,), module)
                cls.__qualname__ = f"{name}.{cls.__name__}"
                cls.__doc__ = docs.items.get((t.name, case.name), "") or f"The case `{case.name}` of `{t.name}`."
                setattr(base, camel(case.name), cls)
            return base
        case wit.Enum(names=names):
            make_enum: Any = WitEnum
            enumeration: type = make_enum(name, [(constant(n), n) for n in names], module=module)
            items = {constant(n): docs.items.get((t.name, n), "") for n in names}
            enumeration.__doc__ = _describe(docs.types.get(t.name, ""), items) or f"The WIT enum `{t.name}`."
            return enumeration
        case wit.Flags(names=names):
            make_flag: Any = enum.Flag
            flags: type = make_flag(name, [(constant(n), 1 << i) for i, n in enumerate(names)], module=module)
            items = {constant(n): docs.items.get((t.name, n), "") for n in names}
            flags.__doc__ = _describe(docs.types.get(t.name, ""), items) or f"The WIT flags `{t.name}`."
            return flags
    raise AssertionError(f"a type without a class: {t}")


def _describe(own: str, items: Mapping[str, str]) -> str:
    """A docstring with a section on the members that are documented."""
    lines = [f"    {name}: {' '.join(text.split())}" for name, text in items.items() if text]
    if not lines:
        return own
    return "\n".join([own or "As WIT documents it.", "", "Attributes:", *lines])


def optional_tail(types: Iterable[wit.Type]) -> int:
    """How many of the types at the end are options: what Python may leave out."""
    return sum(1 for _ in itertools.takewhile(lambda t: isinstance(t, wit.Option), reversed(list(types))))


def _dataclass(name: str, fields: list[str], bases: tuple[type, ...], module: str, *, optional: int = 0) -> type:
    required = len(fields) - optional
    specified = [
        (field, Any) if i < required else (field, Any, dataclasses.field(default=None)) for i, field in enumerate(fields)
    ]
    return dataclasses.make_dataclass(name, specified, bases=bases, frozen=True, slots=True, namespace={"__module__": module})
