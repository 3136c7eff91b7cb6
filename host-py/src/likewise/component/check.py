"""Says what is wrong with an argument: where it is, what was given, what is expected.

Lowering is quick and finds errors as a side effect. When it has found one, the values are walked once more here, slowly, to
name the culprit: `users[3].address.port: 70000 is out of range for u16 (0 to 65535)`. The public lane walks all values
before a call, so that both lanes refuse the same values with the same words.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from likewise.component import wit
from likewise.component.names import camel, snake
from likewise.component.resources import check_made
from likewise.component.values import Err, Ok, Some

__all__ = ["as_sequence", "check", "explain", "is_names", "show", "spell"]


def as_sequence(value: Any) -> Sequence[Any]:
    """`value` as a sequence whose length stays the same while it is read.

    Text and bytes are not lists of strings or numbers, sets and mappings have no order, and iterators no length.
    """
    if value.__class__ is list or value.__class__ is tuple:
        sequence: Sequence[Any] = value
        return sequence
    if isinstance(value, (str, bytes, bytearray, Mapping)) or not (hasattr(value, "__len__") and hasattr(value, "__getitem__")):
        raise TypeError("not a sequence")
    try:
        # Whatever its length says, it may never end.
        items = list(islice(value, len(value) + 1))
    except NotImplementedError:  # a memoryview of several dimensions
        raise TypeError("not a sequence") from None
    if len(items) != len(value):
        raise TypeError("not as long as it says")
    return items


def is_names(value: Any) -> bool:
    """Whether `value` may be names of flags: not a text, and nothing that is used up by looking at it."""
    return isinstance(value, Collection) and not isinstance(value, (str, bytes, bytearray))


def spell(t: wit.Type | None) -> str:
    """A type as Python writes it."""
    match t:
        case None:
            return "None"
        case wit.Primitive(keyword="bool"):
            return "bool"
        case wit.Primitive(keyword="string" | "char"):
            return "str"
        case wit.Primitive(keyword="f32" | "f64"):
            return "float"
        case wit.Primitive():
            return "int"
        case wit.List(element=wit.Primitive(keyword="u8")):
            return "bytes"
        case wit.List(element=element):
            return f"list[{spell(element)}]"
        case wit.Tuple(elements=elements):
            return f"tuple[{', '.join(map(spell, elements)) or '()'}]"
        case wit.Option(payload=wit.Option() as inner):
            return f"Some[{spell(inner)}] | None"
        case wit.Option(payload=inner):
            return f"{spell(inner)} | None"
        case wit.Result(ok=ok, err=err):
            return f"Ok[{spell(ok)}] | Err[{spell(err)}]"
        case wit.Own(resource=resource) | wit.Borrow(resource=resource):
            return camel(resource.name or "resource")
        case _:
            return camel(t.name or type(t).__name__.lower())


def explain(
    params: Iterable[tuple[str, wit.Type]], values: Iterable[Any], classes: Mapping[wit.Type, Any], error: Exception
) -> Exception:
    """The exception to raise where lowering `values` failed with `error`."""
    try:
        for (name, t), value in zip(params, values, strict=False):
            check(t, value, name, classes)
    except (TypeError, ValueError, OverflowError) as better:
        return better.with_traceback(None)
    return error


def _wrong(path: str, t: wit.Type, value: Any, expected: str | None = None) -> TypeError:
    return TypeError(f"{path}: expected {expected or spell(t)}, got {show(value)}")


def show(value: Any) -> str:
    """A value for a message: its class, and what it says of itself if it can."""
    if value is None:
        return "None"
    return f"{type(value).__name__} {_repr(value)}"


def _repr(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # an int of thousands of digits, or whatever a class of the caller's raises
        return "(it cannot be shown)"
    return text if len(text) <= 60 else text[:57] + "..."


def check(t: wit.Type, value: Any, path: str, classes: Mapping[wit.Type, Any]) -> None:
    """Raise what is wrong with `value` as a `t`, if anything is. `path` is where it stands: `users[3].name`."""
    match t:
        case wit.Primitive():
            _primitive(t, value, path)
        case wit.List():
            _list(t, value, path, classes)
        case wit.Tuple(elements=elements):
            items = _items(t, value, path)
            if len(items) != len(elements):
                raise ValueError(f"{path}: expected {len(elements)} values, got {len(items)}")
            for i, (element, item) in enumerate(zip(elements, items, strict=True)):
                check(element, item, f"{path}[{i}]", classes)
        case wit.Record(fields=fields):
            for field in fields:
                attribute = snake(field.name)
                try:
                    item = getattr(value, attribute)
                except AttributeError:
                    what = f"{spell(t)} (an object with {', '.join(snake(f.name) for f in fields)})"
                    raise _wrong(path, t, value, what) from None
                check(field.type, item, f"{path}.{attribute}", classes)
        case wit.Variant():
            _variant(t, value, path, classes)
        case wit.Enum():
            _enum(t, value, path, classes)
        case wit.Flags():
            _flags(t, value, path, classes)
        case wit.Option(payload=payload):
            if value is None:
                return
            if isinstance(payload, wit.Option):
                if not isinstance(value, Some):
                    raise _wrong(path, t, value)
                check(payload, value.value, f"{path}.value", classes)
                return
            try:
                check(payload, value, path, classes)
            except TypeError as error:
                if str(error).startswith(f"{path}: "):
                    raise _wrong(path, t, value) from None
                raise
        case wit.Result():
            _result(t, value, path, classes)
        case wit.Own(resource=resource) | wit.Borrow(resource=resource):
            if not isinstance(value, classes[resource]):
                raise _wrong(path, t, value)
            if classes[resource] is not object:
                check_made(value)


def _primitive(t: wit.Primitive, value: Any, path: str) -> None:
    keyword = t.keyword
    if keyword in wit.Primitive.RANGES:
        try:
            number = operator.index(value)
        except TypeError:
            raise _wrong(path, t, value) from None
        low, high = wit.Primitive.RANGES[keyword]
        if not low <= number <= high:
            raise OverflowError(f"{path}: {_repr(number)} is out of range for {keyword} ({low} to {high})")
    elif keyword == "bool":
        if value is not True and value is not False:
            raise _wrong(path, t, value)
    elif keyword in ("f32", "f64"):
        if isinstance(value, (str, bytes)):
            raise _wrong(path, t, value)
        try:
            struct.pack("<f" if keyword == "f32" else "<d", float(value))
        except (TypeError, ValueError):
            raise _wrong(path, t, value) from None
        except OverflowError:
            raise OverflowError(f"{path}: {show(value)} is out of range for {keyword}") from None
    elif not isinstance(value, str):
        raise _wrong(path, t, value)
    elif keyword == "char":
        if len(value) != 1:
            raise ValueError(f"{path}: expected one character, got {len(value)}: {show(value)}")
        _no_surrogates(value, path)
    else:
        _no_surrogates(value, path)


def _no_surrogates(value: str, path: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{path}: a lone surrogate, U+{ord(value[error.start]):04X}, at position {error.start}; WIT strings are Unicode"
            " scalar values: encode with errors='replace' first, or remove it"
        ) from None


def _items(t: wit.Type, value: Any, path: str) -> Sequence[Any]:
    try:
        return as_sequence(value)
    except TypeError:
        raise _wrong(path, t, value) from None


def _list(t: wit.List, value: Any, path: str, classes: Mapping[wit.Type, Any]) -> None:
    length: int
    if isinstance(t.element, wit.Primitive) and t.element.keyword == "u8" and isinstance(value, (bytes, bytearray)):
        length = len(value)
    else:
        items = _items(t, value, path)
        length = len(items)
        for i, item in enumerate(items):
            check(t.element, item, f"{path}[{i}]", classes)
    if t.length is not None and length != t.length:
        raise ValueError(f"{path}: expected {t.length} values, got {length}")


def _variant(t: wit.Variant, value: Any, path: str, classes: Mapping[wit.Type, Any]) -> None:
    base = classes[t]
    for case in t.cases:
        if type(value) is getattr(base, camel(case.name)):
            if case.type is not None:
                check(case.type, value.value, f"{path}.value", classes)
            return
    raise _wrong(path, t, value, f"{spell(t)}.{' or .'.join(camel(c.name) for c in t.cases)}")


def _among(names: Collection[str]) -> str:
    shown = list(names)[:8]
    return ", ".join(shown) + (", ..." if len(names) > len(shown) else "")


def _enum(t: wit.Enum, value: Any, path: str, classes: Mapping[wit.Type, Any]) -> None:
    if isinstance(value, str):
        # Which text it is, not what it says of itself.
        if str.__str__(value) not in t.names:
            raise ValueError(f"{path}: {_repr(value)} is not one of {_among(t.names)}")
    elif not isinstance(value, classes[t]):
        raise _wrong(path, t, value)


def _flags(t: wit.Flags, value: Any, path: str, classes: Mapping[wit.Type, Any]) -> None:
    if isinstance(value, classes[t]):
        return
    if not is_names(value):
        raise _wrong(path, t, value)
    for member in value:
        if not isinstance(member, str) or str.__str__(member) not in t.names:
            raise ValueError(f"{path}: {_repr(member)} is not one of {_among(t.names)}")


def _result(t: wit.Result, value: Any, path: str, classes: Mapping[wit.Type, Any]) -> None:
    for cls, attribute, arm in ((Ok, "value", t.ok), (Err, "error", t.err)):
        if isinstance(value, cls):
            payload = getattr(value, attribute)
            if arm is not None:
                check(arm, payload, f"{path}.{attribute}", classes)
            elif payload is not None:
                raise TypeError(f"{path}.{attribute}: expected None, got {show(payload)}")
            return
    raise _wrong(path, t, value)
