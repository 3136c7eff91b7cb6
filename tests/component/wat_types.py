"""Random WIT types as components: each echoes a value and returns a digest of what it saw in its own memory.

A type is a tuple: ("u8",), ("list", T), ("record", T, ...), ("tuple", T, ...), ("variant", T | None, ...), ("enum", n),
("flags", n), ("option", T), ("result", T | None, T | None). A value is plain Python: a variant is (index, payload), an enum an
index, flags a bit mask, an option () or (payload,), a result (0 or 1, payload).

A component for one type is written as WebAssembly text. Its function receives the value in memory, laid out as the canonical ABI
lays it out, walks it, and hashes every number, character and length. The same hash is computed here from the plain value, by code that
knows nothing of the binding. A value that is lowered wrongly and lifted wrongly in the same way does not pass.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any

from likewise.component import Err, Ok, Some

Type = tuple[Any, ...]

SIZES = {
    "bool": 1, "s8": 1, "u8": 1, "s16": 2, "u16": 2, "s32": 4, "u32": 4, "s64": 8, "u64": 8, "f32": 4, "f64": 8, "char": 4,
}  # fmt: skip
PACK = {
    "bool": "<?", "s8": "<b", "u8": "<B", "s16": "<h", "u16": "<H", "s32": "<i", "u32": "<I", "s64": "<q", "u64": "<Q",
    "f32": "<f", "f64": "<d", "char": "<I",
}  # fmt: skip

_OFFSET, _PRIME = 0xCBF29CE484222325, 0x100000001B3
_PADDING = " ".join(["u64"] * 16)


def _up(n: int, align: int) -> int:
    return (n + align - 1) // align * align


def cases(t: Type) -> tuple[Type | None, ...]:
    """The payloads of anything with a discriminant."""
    match t:
        case ("option", payload):
            return (None, payload)
        case ("result", ok, err):
            return (ok, err)
        case ("enum", n):
            return (None,) * n
    return t[1:]


def layout(t: Type) -> tuple[int, int]:
    """Size and alignment (canonical ABI)."""
    match t[0]:
        case "string" | "list":
            return 8, 4
        case "record" | "tuple":
            end, align = 0, 1
            for element in t[1:]:
                size, element_align = layout(element)
                end = _up(end, element_align) + size
                align = max(align, element_align)
            return _up(end, align), align
        case "flags":
            size = 1 if t[1] <= 8 else 2 if t[1] <= 16 else 4
            return size, size
        case "variant" | "option" | "result" | "enum":
            disc = 1 if len(cases(t)) <= 256 else 2
            size, align = 0, disc
            for payload in cases(t):
                if payload is not None:
                    payload_size, payload_align = layout(payload)
                    size, align = max(size, payload_size), max(align, payload_align)
            return _up(payload_offset(t) + size, align), align
    return SIZES[t[0]], SIZES[t[0]]


def payload_offset(t: Type) -> int:
    disc = 1 if len(cases(t)) <= 256 else 2
    return _up(disc, max([1] + [layout(payload)[1] for payload in cases(t) if payload is not None]))


class Text:
    """The WebAssembly text of a component for one type."""

    def __init__(self, t: Type) -> None:
        self.type = t
        self.functions: list[str] = []
        self.types: list[str] = []
        #: Index of each named type, in the order of `names`.
        self.named: list[Type] = []

    def walker(self, t: Type) -> str:
        """Name of a function that hashes a value at an address."""
        name = f"$walk{len(self.functions)}"
        self.functions.append("")
        place = len(self.functions) - 1
        body: list[str] = []
        match t[0]:
            case "bool" | "u8":
                body = ["(call $w1 (i32.load8_u (local.get $p)))"]
            case "s8":
                body = ["(call $w1 (i32.and (i32.load8_s (local.get $p)) (i32.const 255)))"]
            case "u16" | "s16":
                body = ["(call $w1 (i32.load8_u (local.get $p)))", "(call $w1 (i32.load8_u offset=1 (local.get $p)))"]
            case "u32" | "s32" | "f32" | "char":
                body = ["(call $w4 (i32.load (local.get $p)))"]
            case "u64" | "s64" | "f64":
                body = ["(call $w4 (i32.load (local.get $p)))", "(call $w4 (i32.load offset=4 (local.get $p)))"]
            case "string" | "list":
                element = ("u8",) if t[0] == "string" else t[1]
                inner = self.walker(element)
                body = [
                    "(local.set $n (i32.load offset=4 (local.get $p)))",
                    "(local.set $q (i32.load (local.get $p)))",
                    "(block $done (loop $next",
                    "  (br_if $done (i32.eqz (local.get $n)))",
                    f"  (call {inner} (local.get $q))",
                    f"  (local.set $q (i32.add (local.get $q) (i32.const {layout(element)[0]})))",
                    "  (local.set $n (i32.sub (local.get $n) (i32.const 1)))",
                    "  (br $next)))",
                    "(call $w4 (i32.load offset=4 (local.get $p)))",
                ]
            case "record" | "tuple":
                end = 0
                for element in t[1:]:
                    size, align = layout(element)
                    end = _up(end, align)
                    body.append(f"(call {self.walker(element)} (i32.add (local.get $p) (i32.const {end})))")
                    end += size
            case "flags":
                load = {1: "i32.load8_u", 2: "i32.load16_u", 4: "i32.load"}[layout(t)[0]]
                body = [f"(call $w4 ({load} (local.get $p)))"]
            case _:
                load = "i32.load8_u" if len(cases(t)) <= 256 else "i32.load16_u"
                body = [f"(local.set $n ({load} (local.get $p)))", "(call $w4 (local.get $n))"]
                for i, payload in enumerate(cases(t)):
                    if payload is not None:
                        inner = f"(call {self.walker(payload)} (i32.add (local.get $p) (i32.const {payload_offset(t)})))"
                        body.append(f"(if (i32.eq (local.get $n) (i32.const {i})) (then {inner}))")
        self.functions[place] = f"(func {name} (param $p i32) (local $n i32) (local $q i32)\n  " + "\n  ".join(body) + ")"
        return name

    def spell(self, t: Type) -> str:
        """The type as component text; what must have a name gets one."""
        match t[0]:
            case "list" | "option":
                return f"({t[0]} {self.spell(t[1])})"
            case "tuple":
                return f"(tuple {' '.join(map(self.spell, t[1:]))})"
            case "result":
                ok = f" {self.spell(t[1])}" if t[1] is not None else ""
                err = f" (error {self.spell(t[2])})" if t[2] is not None else ""
                return f"(result{ok}{err})"
            case "record":
                fields = [f'(field "f{i}" {self.spell(element)})' for i, element in enumerate(t[1:])]
                text = f"(record {' '.join(fields)})"
            case "variant":
                spelled = [f" {self.spell(payload)}" if payload is not None else "" for payload in t[1:]]
                alternatives = [f'(case "c{i}"{payload})' for i, payload in enumerate(spelled)]
                text = f"(variant {' '.join(alternatives)})"
            case "enum" | "flags":
                letter = "e" if t[0] == "enum" else "g"
                names = [f'"{letter}{i}"' for i in range(t[1])]
                text = f"({t[0]} {' '.join(names)})"
            case _:
                return str(t[0])
        n = len(self.named)
        self.named.append(t)
        self.types += [f"(type $d{n} {text})", f'(import "t{n}" (type $t{n} (eq $d{n})))']
        return f"$t{n}"

    def component(self) -> str:
        walk = self.walker(self.type)
        spelled = self.spell(self.type)
        digest_at = _up(layout(self.type)[0], 8)
        functions = "\n".join(self.functions)
        return f"""(component
  {" ".join(self.types)}
  (import "ask" (func $ask (param "v" {spelled}) (param "pad" (tuple {_PADDING})) (result (tuple {spelled} u64 u64))))
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
      (local.set $p (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
                             (i32.sub (i32.const 0) (local.get 2))))
      (global.set $next (i32.add (local.get $p) (local.get 3)))
      (block $fits (loop $grow
        (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
        (drop (memory.grow (i32.const 16)))
        (br $grow)))
      (local.get $p))
    (func (export "reset") (global.set $next (i32.const 1024))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (alias core export $libc "reset" (core func $reset))
  (core func $ask (canon lower (func $ask) (memory $memory) (realloc $realloc)))
  (core module $main
    (import "env" "memory" (memory 1))
    (import "env" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (import "env" "reset" (func $reset))
    (import "env" "ask" (func $ask (param i32 i32)))
    (global $h (mut i64) (i64.const 0))
    (func $w1 (param i32)
      (global.set $h (i64.mul (i64.xor (global.get $h) (i64.extend_i32_u (local.get 0))) (i64.const {_PRIME}))))
    (func $w4 (param i32)
      (call $w1 (i32.and (local.get 0) (i32.const 255)))
      (call $w1 (i32.and (i32.shr_u (local.get 0) (i32.const 8)) (i32.const 255)))
      (call $w1 (i32.and (i32.shr_u (local.get 0) (i32.const 16)) (i32.const 255)))
      (call $w1 (i32.shr_u (local.get 0) (i32.const 24))))
    {functions}
    (func (export "echo") (param $p i32) (result i32)
      (global.set $h (i64.const {_OFFSET}))
      (call {walk} (local.get $p))
      (i64.store offset={digest_at} (local.get $p) (global.get $h))
      (local.get $p))
    (func (export "pass-on") (param $p i32) (result i32) (local $r i32)
      (local.set $r (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const {digest_at + 16})))
      (call $ask (local.get $p) (local.get $r))
      (global.set $h (i64.const {_OFFSET}))
      (call {walk} (local.get $r))
      (i64.store offset={digest_at} (local.get $r) (global.get $h))
      (local.get $r))
    (func (export "done") (param i32) (call $reset)))
  (core instance $main (instantiate $main (with "env" (instance
    (export "memory" (memory $memory))
    (export "realloc" (func $realloc))
    (export "reset" (func $reset))
    (export "ask" (func $ask))))))
  (alias core export $main "echo" (core func $echo))
  (alias core export $main "pass-on" (core func $pass-on))
  (alias core export $main "done" (core func $done))
  (func (export "echo") (param "v" {spelled}) (param "pad" (tuple {_PADDING})) (result (tuple {spelled} u64))
    (canon lift (core func $echo) (memory $memory) (realloc $realloc) (post-return $done)))
  (func (export "pass-on") (param "v" {spelled}) (param "pad" (tuple {_PADDING})) (result (tuple {spelled} u64 u64))
    (canon lift (core func $pass-on) (memory $memory) (realloc $realloc) (post-return $done))))
"""


def _bytes(t: Type, value: Any) -> Iterator[bytes]:
    match t[0]:
        case "string":
            data = value.encode()
            yield data
            yield struct.pack("<I", len(data))
        case "list":
            for item in value:
                yield from _bytes(t[1], item)
            yield struct.pack("<I", len(value))
        case "record" | "tuple":
            for element, item in zip(t[1:], value, strict=True):
                yield from _bytes(element, item)
        case "flags" | "enum":
            yield struct.pack("<I", value)
        case "variant" | "result":
            index, payload = value
            yield struct.pack("<I", index)
            if cases(t)[index] is not None:
                yield from _bytes(cases(t)[index], payload)  # type: ignore[arg-type]  # it was just looked at
        case "option":
            yield struct.pack("<I", len(value))
            for payload in value:
                yield from _bytes(t[1], payload)
        case "char":
            yield struct.pack("<I", ord(value))
        case name:
            yield struct.pack(PACK[name], value)


def digest(t: Type, value: Any) -> int:
    """What the component should have seen (FNV-1a, 64 bits)."""
    h = _OFFSET
    for part in _bytes(t, value):
        for byte in part:
            h = (h ^ byte) * _PRIME & 0xFFFF_FFFF_FFFF_FFFF
    return h


def build(t: Type, value: Any, classes: Callable[[Type], Any]) -> Any:
    """The idiomatic Python value for a plain one."""
    match t[0]:
        case "list":
            items = [build(t[1], item, classes) for item in value]
            return bytes(items) if t[1] == ("u8",) else items
        case "tuple":
            return tuple(build(element, item, classes) for element, item in zip(t[1:], value, strict=True))
        case "record":
            return classes(t)(*(build(element, item, classes) for element, item in zip(t[1:], value, strict=True)))
        case "variant":
            index, payload = value
            case = getattr(classes(t), f"C{index}")
            return case() if t[1 + index] is None else case(build(t[1 + index], payload, classes))
        case "enum":
            return classes(t)(f"e{value}")
        case "flags":
            return classes(t)(value)
        case "option":
            if not value:
                return None
            payload = build(t[1], value[0], classes)
            return Some(payload) if t[1][0] == "option" else payload
        case "result":
            index, payload = value
            arm = (Ok, Err)[index]
            return arm() if t[1 + index] is None else arm(build(t[1 + index], payload, classes))
    return value
