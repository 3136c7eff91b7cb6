"""Python values into wasmtime's memory: source for each type of a component.

A value is laid out as `_abi` describes, in `bytes` objects. Every function made here takes `_keep`, a list that holds what must
stay alive until wasmtime has read it; `_keep[0]` is the instance that is called. These functions are quick and strict but their
complaints are those of `struct`: `check.explain` makes a proper one.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from likewise.component import wit
from likewise.component._abi import ASCII, BYTES, ENTRY, KIND, PAYLOAD, VALUE
from likewise.component.check import as_sequence, is_names
from likewise.component.codegen import Source
from likewise.component.names import snake
from likewise.component.values import Err, Ok, Some

__all__ = ["Lowering", "nullable"]

#: struct and array code, and the size, of each number.
CODES = {
    "s8": ("b", 1),
    "u8": ("B", 1),
    "s16": ("h", 2),
    "u16": ("H", 2),
    "s32": ("i", 4),
    "u32": ("I", 4),
    "s64": ("q", 8),
    "u64": ("Q", 8),
    "f32": ("f", 4),
    "f64": ("d", 8),
    "bool": ("B", 1),
    "char": ("I", 4),
}


def nullable(t: wit.Type) -> bool:
    """Whether a value of this type may be None in Python, so that an option of it needs `Some`."""
    return isinstance(t, wit.Option)


def kind(t: wit.Type) -> int:
    """The kind byte of a value of this type."""
    match t:
        case wit.Primitive(keyword=keyword):
            return KIND[keyword]
        case wit.Own() | wit.Borrow():
            return KIND["resource"]
        case _:
            return KIND[type(t).__name__.lower()]


#: Length from which a text is not copied if it can be had in place. A second megabyte beside the one that wasmtime takes costs more
#: than all the rest of the call: the allocator returns such blocks to the system, which zeroes each page again.
_LARGE = 4096


def large_text(value: str) -> tuple[Any, int, int]:
    """What keeps the UTF-8 of a text alive, its length and its address."""
    # Not `__class__`, which anything may claim: what follows reads memory.
    if type(value) is str and value.isascii() and sys.getsizeof(value) == ASCII + len(value) + 1:
        # ASCII is UTF-8, and such a str holds nothing else behind its head.
        return value, len(value), id(value) + ASCII
    data = str.encode(value)
    return data, len(data), id(data) + BYTES


def strict_bool(value: Any) -> bool:
    """`value` itself if it is a bool: 0 and "" are not."""
    if value is True or value is False:
        return bool(value)
    raise TypeError("not a bool")


def code_point(value: Any) -> int:
    """The number of a character that is a Unicode scalar value."""
    if not isinstance(value, str):
        raise TypeError("not a str")
    number = ord(value)
    if 0xD800 <= number < 0xE000:
        raise ValueError("a surrogate")
    return number


def format_of(words: Iterable[tuple[str, int, str]], size: int) -> str:
    """The struct format of words that lie at their offsets in `size` bytes."""
    form, end = "", 0
    for code, offset, _ in words:
        form += f"{offset - end}x{code}"
        end = offset + struct.calcsize("=" + code)
    return form + f"{size - end}x"


class Lowering:
    """Writes the source. Asked for a type, it answers with what to put where a value of that type goes."""

    def __init__(self, source: Source, classes: Mapping[wit.Type, Any], handle: Callable[[wit.Type], str]) -> None:
        self.source = source
        self.classes = classes
        #: Name of the function (value, _keep) -> address that lowers a resource handle.
        self.handle = handle
        self._values: dict[int, str] = {}
        self._helpers: dict[int, str] = {}
        self._alive: list[Any] = []
        source.namespace.update(
            _HEAD=BYTES,
            _Err=Err,
            _Ok=Ok,
            _Some=Some,
            _array=array,
            _as_sequence=as_sequence,
            _bool=strict_bool,
            _char=code_point,
            _encode=str.encode,
            _id=id,
            _large=large_text,
            _len=len,
            _map=map,
            _memoryview=memoryview,
            _type=type,
            _TypeError=TypeError,
            _ValueError=ValueError,
            _tuple=tuple,
            _bytes=bytes,
        )

    def name(self, text: str) -> tuple[int, int]:
        """Length and address of a name that stays where it is."""
        data = text.encode()
        self._alive.append(data)
        return len(data), id(data) + BYTES

    # A value has words behind its kind: a struct code, an offset in the payload and an expression each. Statements that must come
    # first are added to `before`.

    def words(self, t: wit.Type, value: str, before: list[str], *, local: bool = False) -> list[tuple[str, int, str]]:
        """What to write for `value`, the name of a variable. `local`: variables outlive the call, so that they need no keeping."""
        match t:
            case wit.Primitive(keyword="string"):
                data, length, address = (self.source.fresh(letter) for letter in "snp")
                before += [
                    f"if _len({value}) < {_LARGE}:",
                    f"    {data} = _encode({value})",
                    f"    {length} = _len({data})",
                    f"    {address} = _id({data}) + _HEAD",
                    f"else: {data}, {length}, {address} = _large({value})",
                ]
                if not local:
                    before.append(f"_keep.append({data})")
                return [("Q", 0, length), ("Q", 8, address)]
            case wit.Primitive(keyword="bool"):
                return [("B", 0, f"_bool({value})")]
            case wit.Primitive(keyword="char"):
                return [("I", 0, f"_char({value})")]
            case wit.Primitive(keyword=keyword):
                return [(CODES[keyword][0], 0, value)]
            case wit.Enum():
                return self._unpacked(f"{self.helper(t)}[{value}]", before, "QQ")
            case wit.Record() | wit.Tuple():
                size = len(t.fields if isinstance(t, wit.Record) else t.elements)
                return [("Q", 0, str(size)), ("Q", 8, f"{self.helper(t)}({value}, _keep)")]
            case wit.List() | wit.Flags():
                return self._unpacked(f"{self.helper(t)}({value}, _keep)", before, "QQ")
            case wit.Option(payload=inner):
                present = value
                if nullable(inner):
                    present = self.source.fresh("o")
                    before += [
                        f"if {value} is None: {present} = None",
                        f"elif {value}.__class__ is _Some: {present} = {value}.value",
                        "else: raise _TypeError('neither None nor Some')",
                    ]
                return [("Q", 0, f"0 if {value} is None else {self.value(inner)}({present}, _keep)")]
            case wit.Result():
                return self._unpacked(f"{self.helper(t)}({value}, _keep)", before, "BQ")
            case wit.Variant():
                return self._unpacked(f"{self.helper(t)}({value}, _keep)", before, "QQQ")
            case wit.Own() | wit.Borrow():
                return [("Q", 0, f"{self.handle(t)}({value}, _keep)")]
        raise AssertionError(f"a type that was let through: {t}")

    def _unpacked(self, expression: str, before: list[str], codes: str) -> list[tuple[str, int, str]]:
        """Words of 8 bytes each, all from one expression."""
        names = [self.source.fresh("w") for _ in codes]
        before.append(f"{', '.join(names)} = {expression}")
        return [(code, 8 * i, name) for i, (code, name) in enumerate(zip(codes, names, strict=True))]

    def payload(self, t: wit.Type, value: str, before: list[str]) -> tuple[str, list[str]]:
        """The words as a struct format of 24 bytes and what to pack."""
        words = self.words(t, value, before)
        return format_of(words, PAYLOAD), [expression for _, _, expression in words]

    def value(self, t: wit.Type) -> str:
        """Name of a function (value, _keep) -> address of a whole value."""
        if id(t) not in self._values:
            name = self._values[id(t)] = self.source.fresh("value_")
            before: list[str] = []
            form, expressions = self.payload(t, "v", before)
            pack = self.source.constant("pack", struct.Struct("<Q" + form).pack)
            lines = [
                *before,
                f"b = {pack}({', '.join([str(kind(t)), *expressions])})",
                "_keep.append(b)",
                "return _id(b) + _HEAD",
            ]
            self._define(name, lines)
        return self._values[id(t)]

    def helper(self, t: wit.Type) -> str:
        """Name of what lowers a composite type."""
        if id(t) not in self._helpers:
            name = self._helpers[id(t)] = self.source.fresh(type(t).__name__.lower() + "_")
            self._alive.append(t)
            make = getattr(self, "_" + type(t).__name__.lower())
            make(name, t)
        return self._helpers[id(t)]

    def _define(self, name: str, lines: list[str]) -> None:
        self.source.define(name, f"def {name}(v, _keep):\n" + "".join(f"    {line}\n" for line in lines))

    def _enum(self, name: str, t: wit.Enum) -> None:
        table: dict[Any, tuple[int, int]] = {}
        for case in t.names:
            table[case] = self.name(case)
            table[self.classes[t](case)] = table[case]
        self.source.namespace[name] = table

    def _flags(self, name: str, t: wit.Flags) -> None:
        cls = self.classes[t]
        names = [self.name(n) for n in t.names]
        by_name = {n: 1 << i for i, n in enumerate(t.names)}
        cache: dict[int, bytes] = {}

        def lower(value: Any, _keep: list[Any]) -> tuple[int, int]:
            if type(value) is cls:
                bits = value.value
            elif not is_names(value):
                raise TypeError("no flags and no names")
            else:
                bits = 0
                for member in value:
                    bits |= by_name[member]
            data = cache.get(bits)
            if data is None:
                words = [word for i, pair in enumerate(names) if bits >> i & 1 for word in pair]
                data = struct.pack(f"<{len(words)}Q", *words)
                # 2^n combinations: those that a program uses are few, but a hostile caller's need not be.
                if len(cache) < 1024:
                    cache[bits] = data
            _keep.append(data)
            return len(data) // 16, id(data) + BYTES

        self.source.namespace[name] = lower

    def _record(self, name: str, t: wit.Record) -> None:
        before: list[str] = []
        form, expressions = "<", []
        for i, field in enumerate(t.fields):
            before.append(f"f{i} = v.{snake(field.name)}")
            inner, words = self.payload(field.type, f"f{i}", before)
            form += "QQQ" + inner
            expressions += [*map(str, self.name(field.name)), str(kind(field.type)), *words]
        assert struct.calcsize(form) == ENTRY * len(t.fields)
        pack = self.source.constant("pack", struct.Struct(form).pack)
        self._define(name, [*before, f"b = {pack}({', '.join(expressions)})", "_keep.append(b)", "return _id(b) + _HEAD"])

    def _tuple(self, name: str, t: wit.Tuple) -> None:
        before = [
            "if v.__class__ is not _tuple: v = _as_sequence(v)",
            f"if _len(v) != {len(t.elements)}: raise _ValueError('wrong length')",
        ]
        form, expressions = "<", []
        for i, element in enumerate(t.elements):
            before.append(f"f{i} = v[{i}]")
            inner, words = self.payload(element, f"f{i}", before)
            form += "Q" + inner
            expressions += [str(kind(element)), *words]
        pack = self.source.constant("pack", struct.Struct(form).pack)
        self._define(name, [*before, f"b = {pack}({', '.join(expressions)})", "_keep.append(b)", "return _id(b) + _HEAD"])

    def _list(self, name: str, t: wit.List) -> None:
        element, length = t.element, t.length
        if isinstance(element, wit.Primitive) and element.keyword in CODES:
            self.source.namespace[name] = _numbers(element.keyword, length)
            return
        if isinstance(element, wit.Primitive):
            self.source.namespace[name] = _strings(length)
            return
        before: list[str] = []
        form, expressions = self.payload(element, "x", before)
        pack = self.source.constant("pack", struct.Struct("<Q" + form).pack)
        lines = [
            "v = _as_sequence(v)",
            "parts = []",
            "for x in v:",
            *[f"    {line}" for line in before],
            f"    parts.append({pack}({', '.join([str(kind(element)), *expressions])}))",
        ]
        if length is not None:
            lines.append(f"if _len(parts) != {length}: raise _ValueError('wrong length')")
        lines += ["b = b''.join(parts)", "_keep.append(b)", "return _len(parts), _id(b) + _HEAD"]
        self._define(name, lines)

    def _result(self, name: str, t: wit.Result) -> None:
        arms = []
        for cls, attribute, arm in (("_Ok", "value", t.ok), ("_Err", "error", t.err)):
            if arm is None:
                arms.append(f"if v.__class__ is {cls} and v.{attribute} is None: return {int(cls == '_Ok')}, 0")
            else:
                value = f"{self.value(arm)}(v.{attribute}, _keep)"
                arms.append(f"if v.__class__ is {cls}: return {int(cls == '_Ok')}, {value}")
        self._define(name, [*arms, "raise _TypeError('neither Ok nor Err')"])

    def _variant(self, name: str, t: wit.Variant) -> None:
        from likewise.component.names import camel

        table = self.source.constant("cases", {})
        for case in t.cases:
            cls = getattr(self.classes[t], camel(case.name))
            lower = self.source.namespace[self.value(case.type)] if case.type is not None else None
            self.source.namespace[table][cls] = (*self.name(case.name), lower)
        self._define(
            name,
            [
                f"n, p, lower = {table}[v.__class__]",
                "return n, p, (lower(v.value, _keep) if lower is not None else 0)",
            ],
        )


def _numbers(keyword: str, length: int | None) -> Callable[[Any, list[Any]], tuple[int, int]]:
    """Lowers a list of numbers: they are gathered at the speed of C and spread out with a stride."""
    code, size = CODES[keyword]
    blank = array("Q", [KIND[keyword], 0, 0, 0])
    convert: Callable[[Any], int] | None = {"bool": strict_bool, "char": code_point}.get(keyword)

    def gather(value: Any) -> memoryview[Any]:
        if keyword == "u8" and isinstance(value, (bytes, bytearray)):
            return memoryview(value)
        if type(value) not in (list, tuple):
            try:
                view = memoryview(value)
            except TypeError:
                pass
            else:
                if view.format == code and view.ndim == 1 and convert is None:
                    return view
        items: Sequence[Any] = as_sequence(value)
        if convert is not None:
            return memoryview(array(code, map(convert, items)))
        if keyword == "f32":
            # array would turn what is too large for 32 bits into infinity; struct refuses.
            return memoryview(struct.pack(f"={len(items)}f", *items)).cast("f")
        return memoryview(array(code, items))

    def lower(value: Any, _keep: list[Any]) -> tuple[int, int]:
        numbers = gather(value)
        n = len(numbers)
        if length is not None and n != length:
            raise ValueError("wrong length")
        block = blank * n
        if n:
            view: Any = memoryview(block).cast("B")
            view.cast(code)[8 // size :: VALUE // size] = numbers
        _keep.append(block)
        return n, block.buffer_info()[0]

    return lower


def _strings(length: int | None) -> Callable[[Any, list[Any]], tuple[int, int]]:
    """Lowers a list of strings."""
    blank = array("Q", [KIND["string"], 0, 0, 0])

    def lower(value: Any, _keep: list[Any]) -> tuple[int, int]:
        encoded = list(map(str.encode, as_sequence(value)))
        n = len(encoded)
        if length is not None and n != length:
            raise ValueError("wrong length")
        block = blank * n
        if n:
            view = memoryview(block)
            view[1::4] = memoryview(array("Q", map(len, encoded)))
            view[2::4] = memoryview(array("Q", [id(data) + BYTES for data in encoded]))
        _keep += (encoded, block)
        return n, block.buffer_info()[0]

    return lower
