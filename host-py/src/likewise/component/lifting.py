"""wasmtime's memory into Python values: source for each type of a component.

Every function made here takes the address of what it reads, as `_abi` lays it out, and copies all it needs.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from likewise.component import wit
from likewise.component._abi import MEM, VALUE, VIEWS
from likewise.component.codegen import Source
from likewise.component.lowering import CODES, nullable
from likewise.component.names import camel, snake
from likewise.component.values import Err, Ok, Some

__all__ = ["Lifting"]


class Lifting:
    """Writes the source. Asked for a type, it answers with an expression for the value."""

    def __init__(self, source: Source, classes: Mapping[wit.Type, Any], handle: Callable[[wit.Type], str]) -> None:
        self.source = source
        self.classes = classes
        #: Name of the function (address of the handle, instance) -> object that lifts a resource handle.
        self.handle = handle
        self._values: dict[int, str] = {}
        self._helpers: dict[int, str] = {}
        source.namespace.update(
            _MEM=MEM,
            _Ok=Ok,
            _Err=Err,
            _Some=Some,
            _bytes=bytes,
            _chr=chr,
            _list=list,
            _map=map,
            _new=object.__new__,
            _range=range,
            _str=str,
            _zip=zip,
            **{f"_{code}": view for code, view in VIEWS.items()},
        )

    # Each type has a payload: a struct format for the 24 bytes behind the kind, and an expression that makes the value from
    # what it unpacks.

    def payload(self, t: wit.Type) -> tuple[str, list[str], str]:
        """Format, names of what is unpacked, expression."""
        a, b, c = (self.source.fresh("w") for _ in range(3))
        match t:
            case wit.Primitive(keyword="string"):
                return "QQ8x", [a, b], f"_str(_MEM[{b}:{b} + {a}], 'utf-8')"
            case wit.Primitive(keyword="bool"):
                return "?23x", [a], a
            case wit.Primitive(keyword="char"):
                return "I20x", [a], f"_chr({a})"
            case wit.Primitive(keyword=keyword):
                code, size = CODES[keyword]
                return f"{code}{24 - size}x", [a], a
            case wit.Enum():
                return "QQ8x", [a, b], f"{self.helper(t)}[_bytes(_MEM[{b}:{b} + {a}])]"
            case wit.Record() | wit.Tuple():
                return "8xQ8x", [a], f"{self.helper(t)}({a}, _inst)"
            case wit.List() | wit.Flags():
                return "QQ8x", [a, b], f"{self.helper(t)}({a}, {b}, _inst)"
            case wit.Option(payload=inner):
                value = self.at(inner, a)
                return "Q16x", [a], f"(None if {a} == 0 else {f'_Some({value})' if nullable(inner) else value})"
            case wit.Result(ok=ok, err=err):
                arms = [self.at(arm, b) if arm is not None else "" for arm in (ok, err)]
                return "?7xQ8x", [a, b], f"(_Ok({arms[0]}) if {a} else _Err({arms[1]}))"
            case wit.Variant():
                return "QQQ", [a, b, c], f"{self.helper(t)}[_bytes(_MEM[{b}:{b} + {a}])]({c}, _inst)"
            case wit.Own() | wit.Borrow():
                return "Q16x", [a], f"{self.handle(t)}({a}, _inst)"
        raise AssertionError(f"a type that was let through: {t}")

    def at(self, t: wit.Type, address: str) -> str:
        """An expression for the whole value at an address: without a call of its own where one word says all."""
        match t:
            case wit.Primitive(keyword=keyword) if keyword not in ("string", "char", "bool"):
                code, size = CODES[keyword]
                return f"_{code}[({address} >> {size.bit_length() - 1}) + {8 // size}]"
            case wit.Record() | wit.Tuple():
                return f"{self.helper(t)}(_Q[({address} >> 3) + 2], _inst)"
            case _:
                return f"{self.value(t)}({address}, _inst)"

    def value(self, t: wit.Type) -> str:
        """Name of a function (address of a whole value, instance) -> value."""
        if id(t) not in self._values:
            name = self._values[id(t)] = self.source.fresh("lift_")
            form, names, expression = self.payload(t)
            unpack = self.source.constant("unpack", struct.Struct("<8x" + form).unpack_from)
            self._define(name, "a, _inst", [f"{', '.join(names)}, = {unpack}(_MEM, a)", f"return {expression}"])
        return self._values[id(t)]

    def helper(self, t: wit.Type) -> str:
        """Name of what lifts a composite type."""
        if id(t) not in self._helpers:
            name = self._helpers[id(t)] = self.source.fresh("from_" + type(t).__name__.lower() + "_")
            make = getattr(self, "_" + type(t).__name__.lower())
            make(name, t)
        return self._helpers[id(t)]

    def _define(self, name: str, parameters: str, lines: list[str]) -> None:
        self.source.define(name, f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in lines))

    def _enum(self, name: str, t: wit.Enum) -> None:
        self.source.namespace[name] = {case.encode(): self.classes[t](case) for case in t.names}

    def _flags(self, name: str, t: wit.Flags) -> None:
        cls = self.classes[t]
        bits = {flag.encode(): 1 << i for i, flag in enumerate(t.names)}

        def lift(n: int, a: int, _inst: Any) -> Any:
            words = struct.unpack_from(f"<{2 * n}Q", MEM, a)
            return cls(sum(bits[bytes(MEM[p : p + size])] for size, p in zip(words[::2], words[1::2], strict=True)))

        self.source.namespace[name] = lift

    def _record(self, name: str, t: wit.Record) -> None:
        form, names, values = "<", [], []
        for field in t.fields:
            inner, words, expression = self.payload(field.type)
            form += "24x" + inner
            names += words
            values.append((snake(field.name), expression))
        unpack = self.source.constant("unpack", struct.Struct(form).unpack_from)
        lines = [f"{', '.join(names)}, = {unpack}(_MEM, a)"] if names else []
        cls = self.classes[t]
        cls_name = self.source.constant("class", cls)
        twin = _twin(cls, [attribute for attribute, _ in values])
        if twin is None:
            lines.append(f"return {cls_name}({', '.join(f'{attribute}={expression}' for attribute, expression in values)})")
        else:
            # Assigning to a frozen dataclass goes through object.__setattr__, which takes three times as long.
            lines.append(f"_o = _new({self.source.constant('twin', twin)})")
            lines += [f"_o.{attribute} = {expression}" for attribute, expression in values]
            lines += [f"_o.__class__ = {cls_name}", "return _o"]
        self._define(name, "a, _inst", lines)

    def _tuple(self, name: str, t: wit.Tuple) -> None:
        form, names, values = "<", [], []
        for element in t.elements:
            inner, words, expression = self.payload(element)
            form += "8x" + inner
            names += words
            values.append(expression)
        unpack = self.source.constant("unpack", struct.Struct(form).unpack_from)
        lines = [f"{', '.join(names)}, = {unpack}(_MEM, a)"] if names else []
        self._define(name, "a, _inst", [*lines, f"return ({''.join(f'{value}, ' for value in values)})"])

    def _list(self, name: str, t: wit.List) -> None:
        element = t.element
        match element:
            case wit.Primitive(keyword="u8"):
                line = f"return _MEM[a + 8 : a + 8 + {VALUE} * n : {VALUE}].tobytes()"
            case wit.Primitive(keyword="bool"):
                line = f"return _list(_map(_strict, _MEM[a + 8 : a + 8 + {VALUE} * n : {VALUE}]))"
                self.source.namespace["_strict"] = bool
            case wit.Primitive(keyword="char"):
                line = f"return _list(_map(_chr, {_strided('I', 4)}))"
            case wit.Primitive(keyword=keyword) if keyword in CODES:
                line = f"return {_strided(*CODES[keyword])}.tolist()"
            case wit.Primitive(keyword="string"):
                words = [f"_Q[(a >> 3) + {at} : (a >> 3) + {at} + 4 * n : 4].tolist()" for at in (1, 2)]
                line = f"return [_str(_MEM[p : p + s], 'utf-8') for s, p in _zip({words[0]}, {words[1]})]"
            case wit.Record() | wit.Tuple():
                lift = self.helper(element)
                line = f"return [{lift}(p, _inst) for p in _Q[(a >> 3) + 2 : (a >> 3) + 2 + 4 * n : 4].tolist()]"
            case _:
                line = f"return [{self.value(element)}(p, _inst) for p in _range(a, a + {VALUE} * n, {VALUE})]"
        self._define(name, "n, a, _inst", [line])

    def _variant(self, name: str, t: wit.Variant) -> None:
        table: dict[bytes, Callable[[int, Any], Any]] = {}
        for case in t.cases:
            cls = getattr(self.classes[t], camel(case.name))
            table[case.name.encode()] = self._case(cls, case.type)
        self.source.namespace[name] = table

    def _case(self, cls: Any, payload: wit.Type | None) -> Callable[[int, Any], Any]:
        if payload is None:
            value = cls()
            return lambda address, _inst: value
        lift = self.source.namespace[self.value(payload)]
        return lambda address, _inst: cls(lift(address, _inst))


def _strided(code: str, size: int) -> str:
    """The numbers of a list, as a view with a stride."""
    shift = size.bit_length() - 1
    start = f"(a >> {shift}) + {8 // size}"
    step = VALUE // size
    return f"_{code}[{start} : {start} + {step} * n : {step}]"


def _twin(cls: type, fields: list[str]) -> type | None:
    """A plain class with the memory layout of a frozen dataclass: made as this, a value becomes that by a change of class."""
    if getattr(cls, "__slots__", None) != tuple(fields) or cls.__bases__ != (object,) or not fields:
        return None
    return type(cls.__name__, (), {"__slots__": tuple(fields)})
