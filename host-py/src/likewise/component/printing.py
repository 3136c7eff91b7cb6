"""A component's world as WIT text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from likewise.component import wit

__all__ = ["print_world", "spell_wit"]

#: Names that WIT needs a % before, since they are its own words.
_KEYWORDS = frozenset(
    [
        "as",
        "async",
        "bool",
        "borrow",
        "char",
        "constructor",
        "enum",
        "error-context",
        "export",
        "f32",
        "f64",
        "flags",
        "from",
        "func",
        "future",
        "import",
        "include",
        "interface",
        "list",
        "option",
        "own",
        "package",
        "record",
        "resource",
        "result",
        "s16",
        "s32",
        "s64",
        "s8",
        "static",
        "stream",
        "string",
        "tuple",
        "type",
        "u16",
        "u32",
        "u64",
        "u8",
        "use",
        "variant",
        "with",
        "world",
    ]
)


def _name(name: str) -> str:
    return f"%{name}" if name in _KEYWORDS else name


def spell_wit(t: wit.Type, *, definition: bool = False) -> str:
    """A type in WIT: by its name where it has one, unless its definition is asked for."""
    if not definition and t.interface is not None and t.name is not None:
        return _name(t.name)
    match t:
        case wit.Primitive(keyword=keyword) | wit.Unsupported(keyword=keyword):
            return keyword
        case wit.List(element=element, length=length):
            return f"list<{spell_wit(element)}{'' if length is None else f', {length}'}>"
        case wit.Option(payload=payload):
            return f"option<{spell_wit(payload)}>"
        case wit.Tuple(elements=elements):
            return f"tuple<{', '.join(map(spell_wit, elements))}>"
        case wit.Result(ok=None, err=None):
            return "result"
        case wit.Result(ok=ok, err=None) if ok is not None:
            return f"result<{spell_wit(ok)}>"
        case wit.Result(ok=ok, err=err) if err is not None:
            return f"result<{spell_wit(ok) if ok is not None else '_'}, {spell_wit(err)}>"
        case wit.Own(resource=resource):
            return _name(resource.name or "?")
        case wit.Borrow(resource=resource):
            return f"borrow<{_name(resource.name or '?')}>"
    return _name(t.name or "?")


def print_world(world: wit.World) -> str:
    """The world and the interfaces it speaks of, documentation included."""
    lines: list[str] = ["package root:component;", ""]
    lines += [*_docs(world.docs), "world root {"]
    for word, interfaces in (("import", world.imports), ("export", world.exports)):
        for name, interface in interfaces.items():
            if name:
                lines.append(f"    {word} {name};" if interface.package else f"    {word} {_name(name)}: interface {{")
                if not interface.package:
                    lines += [_indent(line, 2) for line in _body(interface)] + ["    }"]
        root = interfaces.get("")
        if root is not None:
            if word == "import":
                lines += [_indent(line, 1) for line in _types(root)]
            for function in root.functions.values():
                lines += [_indent(line, 1) for line in _docs(root.docs.functions.get(function.name, ""))]
                lines.append(f"    {word} {_name(function.name)}: {_signature(function, function.params)};")
    lines += [f"    // import {name}: {kind}" for name, kind in world.other_imports.items()]
    lines.append("}")
    packages: dict[str, dict[str, wit.Interface]] = {}
    for interface in (*world.imports.values(), *world.exports.values()):
        if interface.package:
            packages.setdefault(interface.package, {}).setdefault(interface.short_name, interface)
    for package, members in packages.items():
        lines += ["", f"package {package} {{"]
        for i, interface in enumerate(members.values()):
            lines += [""] * bool(i)
            lines += [_indent(line, 1) for line in [*_docs(interface.docs.own), f"interface {_name(interface.short_name)} {{"]]
            lines += [_indent(line, 2) for line in _body(interface)]
            lines.append("    }")
        lines.append("}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _indent(line: str, depth: int) -> str:
    return "    " * depth + line if line else line


def _docs(text: str) -> list[str]:
    return [f"/// {line}".rstrip() for line in textwrap.dedent(text).strip().splitlines()]


def _body(interface: wit.Interface) -> Iterator[str]:
    yield from _types(interface)
    for function in interface.functions.values():
        if function.kind == "function":
            yield from _docs(interface.docs.functions.get(function.name, ""))
            yield f"{_name(function.name)}: {_signature(function, function.params)};"


def _signature(function: wit.Function, params: Iterable[wit.Field]) -> str:
    spelled = ", ".join(f"{_name(p.name)}: {spell_wit(p.type)}" for p in params)
    return f"func({spelled})" + (f" -> {spell_wit(function.result)}" if function.result is not None else "")


def _types(interface: wit.Interface) -> Iterator[str]:
    for name, t in interface.types.items():
        home = t.interface
        if home is not None and home is not interface and t.name is not None:
            path = home.name if home.package != interface.package else home.short_name
            renamed = f" as {_name(name)}" if name != t.name else ""
            yield f"use {path}.{{{_name(t.name)}{renamed}}};"
            continue
        if home is interface and t.name != name:
            yield f"type {_name(name)} = {spell_wit(t)};"
            continue
        yield from _docs(interface.docs.types.get(name, ""))
        yield from _definition(interface, name, t)


def _definition(interface: wit.Interface, name: str, t: wit.Type) -> Iterator[str]:
    def members(lines: Iterable[tuple[str, str]]) -> Iterator[str]:
        for member, line in lines:
            yield from (_indent(doc, 1) for doc in _docs(interface.docs.items.get((name, member), "")))
            yield f"    {line},"
        yield "}"

    match t:
        case wit.Record(fields=fields):
            yield f"record {_name(name)} {{"
            yield from members((f.name, f"{_name(f.name)}: {spell_wit(f.type)}") for f in fields)
        case wit.Variant(cases=cases):
            yield f"variant {_name(name)} {{"
            yield from members((c.name, _name(c.name) + (f"({spell_wit(c.type)})" if c.type else "")) for c in cases)
        case wit.Enum(names=names):
            yield f"enum {_name(name)} {{"
            yield from members((n, _name(n)) for n in names)
        case wit.Flags(names=names):
            yield f"flags {_name(name)} {{"
            yield from members((n, _name(n)) for n in names)
        case wit.Resource():
            functions = [f for f in interface.functions.values() if f.kind != "function" and f.resource_name == name]
            if not functions:
                yield f"resource {_name(name)};"
                return
            yield f"resource {_name(name)} {{"
            for function in functions:
                yield from (_indent(doc, 1) for doc in _docs(interface.docs.functions.get(function.name, "")))
                yield "    " + _member(function)
            yield "}"
        case _:
            yield f"type {_name(name)} = {spell_wit(t, definition=True)};"


def _member(function: wit.Function) -> str:
    if function.kind == "constructor":
        spelled = ", ".join(f"{_name(p.name)}: {spell_wit(p.type)}" for p in function.params)
        fallible = f" -> {spell_wit(function.result)}" if isinstance(function.result, wit.Result) else ""
        return f"constructor({spelled}){fallible};"
    static = "static " if function.kind == "static" else ""
    params = function.params if static else function.params[1:]
    return f"{_name(function.short_name)}: {static}{_signature(function, params)};"
