"""Reads a component file: what it imports and exports, with the names of types and their documentation.

Wasmtime's C API tells the structure of types but not their names, and two records of equal structure are equal to it. The file
has the names. A component is read as a program: definitions are evaluated in order, and instantiating an inner component
evaluates its definitions with the arguments given. A type keeps its identity on its way, and is named by the first interface that
imports or exports it. Validation is wasmtime's business: this reader trusts nothing with memory or time, but reports only what it
stumbles over. It does see to it that names are names: they become Python source and stand on terminals, and not every reader goes on
to load the component.

Format: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from likewise.component import wit
from likewise.component.core import footprint
from likewise.component.docs import DOCS_SECTIONS, add_docs
from likewise.component.reader import LABEL, Reader, is_label
from likewise.errors import ComponentFormatError

__all__ = ["CustomSection", "core_modules", "read_world", "sections"]

_PREAMBLE = b"\0asm\x0d\x00\x01\x00"
_CORE_PREAMBLE = b"\0asm\x01\x00\x00\x00"

#: Deepest nesting of components and types that is read. Tools nest three or four deep.
_MAX_DEPTH = 64
#: Inner components that are instantiated at most. Each instantiation evaluates the component again, so that a small file
#: could otherwise ask for exponential work. Composed components have tens.
_MAX_INSTANTIATIONS = 10_000
#: Bytes of definitions that are evaluated at most, each as often as it is used: some seconds' work. Types may refer to each other so that
#: a small file asks for exponential work. The definitions of a large component are tens of kilobytes.
_MAX_EVALUATED = 1 << 21
#: Types that a type is made of at most, each counted as often as it is used. wasmtime has the same limit.
_MAX_SIZE = 1_000_000

#: Sections with definitions, apart from those of core modules and components; others are skipped.
_DEFINITIONS = frozenset({2, 5, 6, 7, 8, 10, 11})
#: Bytes of definitions that cost as much as it does to pass over a section.
_SECTION = 4

#: The name of a function, and of an interface.
_is_item = re.compile(rf"(?:\[async\])?{LABEL}|\[constructor\]{LABEL}|\[(?:async )?(?:method|static)\]{LABEL}\.{LABEL}").fullmatch
_is_interface = re.compile(rf"{LABEL}|{LABEL}(?::{LABEL})+(?:/{LABEL})+(?:@[0-9A-Za-z.+-]+)?").fullmatch

_PRIMITIVES = {
    0x7F: "bool",
    0x7E: "s8",
    0x7D: "u8",
    0x7C: "s16",
    0x7B: "u16",
    0x7A: "s32",
    0x79: "u32",
    0x78: "s64",
    0x77: "u64",
    0x76: "f32",
    0x75: "f64",
    0x74: "char",
    0x73: "string",
}

_SORTS = {0x01: "func", 0x02: "value", 0x03: "type", 0x04: "component", 0x05: "instance"}
#: Of the core sorts, the one that is followed.
_MODULE = 0x11
#: Bytes of an instance whose module is not in the file. No host can grant it; should that change, it is beyond any limit.
_UNKNOWN_SIZE = 1 << 62


@dataclass
class CustomSection:
    """A custom section and the number of components around it."""

    name: str
    data: bytes
    depth: int


@dataclass
class _Component:
    """A component's definition, with the scope that `outer` aliases in it refer to."""

    data: memoryview
    outer: _Scope | None


@dataclass
class _TypeOfInstance:
    """An instance type or component type: declarations, to be evaluated each time they are used."""

    reader: Reader
    outer: _Scope
    is_component: bool = False


@dataclass
class _Scope:
    """The index spaces of a component or of a type's declarations, by sort. A core module is the size that `footprint` gives it, or None where it
    is not in the file.
    """

    outer: _Scope | None
    depth: int
    func: list[Any] = field(default_factory=list)
    value: list[Any] = field(default_factory=list)
    type: list[Any] = field(default_factory=list)
    component: list[Any] = field(default_factory=list)
    instance: list[Any] = field(default_factory=list)
    module: list[Any] = field(default_factory=list)

    def space(self, sort: str) -> list[Any]:
        space: list[Any] = getattr(self, sort)
        return space

    def get(self, reader: Reader, sort: str, index: int) -> Any:
        space = self.space(sort)
        if index >= len(space):
            raise reader.fail(f"there is no {sort} {index}")
        return space[index]


#: An instance: its exports, each a sort ("func", "type" ...) and what it is.
_Instance = dict[str, tuple[str, Any]]

_UNKNOWN: tuple[str, Any] = ("unknown", None)


class _Evaluator:
    def __init__(self) -> None:
        self.instantiations = 0
        self.evaluated = 0
        #: Bytes that all core instances take together.
        self.footprint = 0

    def charge(self, size: int) -> None:
        """Take note of definitions of so many bytes that were, or will be, evaluated."""
        self.evaluated += size
        if self.evaluated > _MAX_EVALUATED:
            raise ComponentFormatError("not a component that can be read: its definitions use each other too often")

    # -- components --------------------------------------------------------------------------------------------------

    def component(
        self, definition: _Component, depth: int, bind: Callable[[str, str, Any], Any]
    ) -> tuple[list[tuple[str, str, Any]], _Instance]:
        """Evaluate a component. `bind(name, sort, declared)` says what an import is. Returns its imports and exports."""
        if depth > _MAX_DEPTH:
            raise ComponentFormatError("not a component that can be read: components nest too deeply")
        scope = _Scope(definition.outer, depth)
        imports: list[tuple[str, str, Any]] = []
        exports: _Instance = {}
        for section, reader in _sections(definition.data):
            self.charge(_SECTION + len(reader.data) * (section in _DEFINITIONS))
            match section:
                case 1:
                    size, passed = footprint(reader.data)
                    self.charge(_SECTION * passed)
                    scope.module.append(size)
                case 2:
                    reader.many(lambda r=reader: self.core_instance(r, scope))  # type: ignore[misc]
                case 4:
                    scope.component.append(_Component(reader.data, scope))
                case 5:
                    reader.many(lambda r=reader: scope.instance.append(self.instance(r, scope)))  # type: ignore[misc]
                case 6:
                    reader.many(lambda r=reader: self.alias(r, scope))  # type: ignore[misc]
                case 7:
                    reader.many(lambda r=reader: scope.type.append(self.deftype(r, scope)))  # type: ignore[misc]
                case 8:
                    reader.many(lambda r=reader: self.canon(r, scope))  # type: ignore[misc]
                case 10:
                    for _ in range(reader.u32()):
                        name = reader.extern_name()
                        sort, declared = self.externdesc(reader, scope)
                        actual = bind(name, sort, declared)
                        imports.append((name, sort, actual))
                        scope.space(sort).append(actual)
                case 11:
                    for _ in range(reader.u32()):
                        name = reader.extern_name()
                        sort, item = self.sortidx(reader, scope)
                        if reader.byte():
                            declared_sort, declared = self.externdesc(reader, scope)
                            if declared_sort == "func":
                                # The types under which an interface exports a function are the named ones.
                                item = declared
                        _name(name, sort, item)
                        exports[name] = (sort, item)
                        scope.space(sort).append(item)
        return imports, exports

    def core_instance(self, r: Reader, scope: _Scope) -> None:
        """What an instance of a core module exports is not followed."""
        form = r.byte()
        if form == 0x00:
            size = scope.get(r, "module", r.u32())
            self.footprint += _UNKNOWN_SIZE if size is None else size
        elif form != 0x01:
            raise r.fail("unknown kind of core instance")
        for _ in range(r.u32()):
            r.name()
            r.byte()
            r.u32()

    def instance(self, r: Reader, scope: _Scope) -> _Instance:
        form = r.byte()
        if form == 0x01:
            return {name: self.sortidx(r, scope) for name in r_names(r)}
        if form != 0x00:
            raise r.fail("unknown kind of instance")
        definition = scope.get(r, "component", r.u32())
        arguments: _Instance = {}
        for _ in range(r.u32()):
            name = r.name()
            arguments[name] = self.sortidx(r, scope)
        self.instantiations += 1
        if self.instantiations > _MAX_INSTANTIATIONS:
            raise r.fail("too many instances")
        if not isinstance(definition, _Component):
            return self.declared_instance(definition) if isinstance(definition, _TypeOfInstance) else {}

        def bind(name: str, sort: str, declared: Any) -> Any:
            return arguments[name][1] if name in arguments else declared

        return self.component(definition, scope.depth + 1, bind)[1]

    def sortidx(self, r: Reader, scope: _Scope) -> tuple[str, Any]:
        byte = r.byte()
        if byte == 0x00:
            if r.byte() != _MODULE:
                raise r.fail("unknown sort")
            return "module", scope.get(r, "module", r.u32())
        if byte not in _SORTS:
            raise r.fail("unknown sort")
        sort = _SORTS[byte]
        return sort, scope.get(r, sort, r.u32())

    def alias(self, r: Reader, scope: _Scope) -> None:
        byte = r.byte()
        sort: str | None
        if byte == 0x00:
            sort = "module" if r.byte() == _MODULE else None
        elif byte in _SORTS:
            sort = _SORTS[byte]
        else:
            raise r.fail("unknown sort")
        target = r.byte()
        if target == 0x00:
            instance = scope.get(r, "instance", r.u32())
            name = r.name()
            if sort is not None:
                scope.space(sort).append((instance or {}).get(name, _UNKNOWN)[1])
        elif target == 0x01:
            r.u32()
            r.name()
        elif target == 0x02:
            count, index = r.u32(), r.u32()
            origin: _Scope | None = scope
            while origin is not None and count:
                origin, count = origin.outer, count - 1
            if origin is None:
                raise r.fail("an alias to nowhere")
            if sort is not None:
                scope.space(sort).append(origin.get(r, sort, index))
        else:
            raise r.fail("unknown kind of alias")

    def canon(self, r: Reader, scope: _Scope) -> None:
        """Only `lift` makes something a component can export. The rest makes core functions, which are not followed."""
        op = r.byte()
        match op:
            case 0x00:
                r.byte()
                r.u32()
                self.canon_options(r)
                scope.func.append(scope.get(r, "type", r.u32()))
            case 0x01:
                r.byte()
                r.u32()
                self.canon_options(r)
            case 0x02 | 0x03 | 0x04 | 0x0E | 0x13 | 0x14 | 0x15 | 0x1A | 0x1B | 0x40:
                r.u32()
            case 0x05 | 0x0D | 0x1E | 0x1F | 0x22 | 0x23 | 0x24 | 0x25 | 0x26 | 0x28 | 0x42:
                pass
            case 0x06 | 0x0C | 0x29 | 0x2A | 0x2B | 0x2C | 0x2D:
                r.byte()
            case 0x09:
                self.results(r, scope)
                self.canon_options(r)
            case 0x0A | 0x0B:
                r.byte()
                r.u32()
            case 0x0F | 0x10 | 0x16 | 0x17:
                r.u32()
                self.canon_options(r)
            case 0x11 | 0x12 | 0x18 | 0x19:
                r.u32()
                r.byte()
            case 0x1C | 0x1D:
                self.canon_options(r)
            case 0x20 | 0x21:
                r.byte()
                r.u32()
            case 0x27 | 0x41:
                r.u32()
                r.u32()
            case _:
                raise r.fail(f"unknown canonical function {op:#x}")

    def canon_options(self, r: Reader) -> None:
        for _ in range(r.u32()):
            if r.byte() in (0x03, 0x04, 0x05, 0x07, 0x08):
                r.u32()

    # -- types -------------------------------------------------------------------------------------------------------

    def deftype(self, r: Reader, scope: _Scope) -> Any:
        byte = r.peek()
        if byte in (0x40, 0x43):
            r.byte()
            params = r.many(lambda: wit.Field(r.label(), self.valtype(r, scope)))
            result = self.results(r, scope)
            return wit.Function("", tuple(params), result)
        if byte in (0x41, 0x42):
            r.byte()
            nested = _TypeOfInstance(Reader(r.data, r.position), scope, byte == 0x41)
            self.declarations(nested, r)
            return nested
        if byte in (0x3F, 0x3E):
            r.byte()
            r.byte()
            if r.byte():
                r.u32()
            if byte == 0x3E and r.byte():
                r.u32()
            return wit.Resource()
        return self.defvaltype(r, scope)

    def results(self, r: Reader, scope: _Scope) -> wit.Type | None:
        if r.byte() == 0x00:
            return self.valtype(r, scope)
        if r.byte() != 0x00:
            raise r.fail("a function with several results")
        return None

    def valtype(self, r: Reader, scope: _Scope) -> wit.Type:
        byte = r.peek()
        if byte in _PRIMITIVES:
            r.byte()
            return wit.Primitive(_PRIMITIVES[byte])
        if byte == 0x64:
            r.byte()
            return wit.Unsupported("error-context")
        t = scope.get(r, "type", r.u32())
        if not isinstance(t, wit.Type):
            raise r.fail("a value whose type is not a type of values")
        return t

    def option(self, r: Reader, scope: _Scope) -> wit.Type | None:
        return self.valtype(r, scope) if r.byte() else None

    def resource(self, r: Reader, scope: _Scope) -> wit.Resource:
        resource = scope.get(r, "type", r.u32())
        if not isinstance(resource, wit.Resource):
            raise r.fail("a handle to something that is not a resource")
        return resource

    def defvaltype(self, r: Reader, scope: _Scope) -> wit.Type:
        t = self.value_type(r, scope)
        t.size = 1 + sum(child.size for child in wit.children(t))
        if t.size > _MAX_SIZE:
            raise r.fail("a type that is too large")
        return t

    def value_type(self, r: Reader, scope: _Scope) -> wit.Type:
        byte = r.byte()
        if byte in _PRIMITIVES:
            return wit.Primitive(_PRIMITIVES[byte])

        def case() -> wit.Case:
            name = r.label()
            payload = self.option(r, scope)
            r.byte()
            return wit.Case(name, payload)

        match byte:
            case 0x72:
                return wit.Record(tuple(r.many(lambda: wit.Field(r.label(), self.valtype(r, scope)))))
            case 0x71:
                return wit.Variant(tuple(r.many(case)))
            case 0x70:
                return wit.List(self.valtype(r, scope))
            case 0x67:
                element = self.valtype(r, scope)
                return wit.List(element, r.u32())
            case 0x6F:
                return wit.Tuple(tuple(r.many(lambda: self.valtype(r, scope))))
            case 0x6E:
                return wit.Flags(tuple(r.many(r.label)))
            case 0x6D:
                return wit.Enum(tuple(r.many(r.label)))
            case 0x6B:
                return wit.Option(self.valtype(r, scope))
            case 0x6A:
                ok = self.option(r, scope)
                return wit.Result(ok, self.option(r, scope))
            case 0x69:
                return wit.Own(self.resource(r, scope))
            case 0x68:
                return wit.Borrow(self.resource(r, scope))
            case 0x66 | 0x65:
                self.option(r, scope)
                return wit.Unsupported("stream" if byte == 0x66 else "future")
            case 0x64:
                return wit.Unsupported("error-context")
            case 0x63:
                self.valtype(r, scope)
                self.valtype(r, scope)
                return wit.Unsupported("map")
        raise r.fail(f"unknown type {byte:#x}")

    def declarations(self, nested: _TypeOfInstance, cursor: Reader | None = None) -> _Instance:
        """Evaluate the declarations of an instance type. `cursor`, where given, is left behind them."""
        r = cursor or Reader(nested.reader.data, nested.reader.position)
        depth = nested.outer.depth + 1
        if depth > _MAX_DEPTH:
            raise r.fail("types nest too deeply")
        scope = _Scope(nested.outer, depth)
        exports: _Instance = {}
        start = r.position
        for _ in range(r.u32()):
            form = r.byte()
            if form == 0x00:
                raise r.fail("core types, which are not supported,")
            if form == 0x01:
                scope.type.append(self.deftype(r, scope))
            elif form == 0x02:
                self.alias(r, scope)
            elif form in (0x03, 0x04):
                name = r.extern_name()
                sort, item = self.externdesc(r, scope)
                _name(name, sort, item)
                scope.space(sort).append(item)
                if form == 0x04:
                    exports[name] = (sort, item)
            else:
                raise r.fail("unknown declaration")
        self.charge(r.position - start)
        return exports

    def declared_instance(self, declared: _TypeOfInstance) -> _Instance:
        return self.declarations(declared)

    def externdesc(self, r: Reader, scope: _Scope) -> tuple[str, Any]:
        """What an import or export is declared to be: its sort, and a fresh item of that type."""
        byte = r.byte()
        if byte == 0x00:
            r.byte()
            r.u32()
            return ("module", None)
        if byte == 0x01:
            return ("func", scope.get(r, "type", r.u32()))
        if byte == 0x02:
            raise r.fail("value imports, which are not supported,")
        if byte == 0x03:
            if r.byte() == 0x01:
                return ("type", wit.Resource())
            return ("type", scope.get(r, "type", r.u32()))
        declared = scope.get(r, "type", r.u32())
        if byte == 0x04:
            return ("component", declared)
        if byte == 0x05:
            if not isinstance(declared, _TypeOfInstance):
                raise r.fail("an instance whose type is not one of instances")
            return ("instance", self.declared_instance(declared))
        raise r.fail("unknown kind of item")


def r_names(r: Reader) -> Iterator[str]:
    """The names of inline exports, each to be read just before what it names."""
    for _ in range(r.u32()):
        yield r.extern_name()


def _name(name: str, sort: str, item: Any) -> None:
    """The first name under which a type is imported or exported is its name."""
    if sort == "type" and isinstance(item, wit.Type) and item.name is None:
        item.name = name


def _sections(data: memoryview) -> Iterator[tuple[int, Reader]]:
    r = Reader(data)
    if bytes(r.take(8)) != _PREAMBLE:
        raise ComponentFormatError(_why_not(bytes(data[:8])))
    while r.more():
        section = r.byte()
        yield section, Reader(r.take(r.u32()))


def _why_not(head: bytes) -> str:
    if head == _CORE_PREAMBLE:
        return "this is a core WebAssembly module, not a component: make one of it with wasm-tools component new"
    if head[:4] == b"\0asm":
        return f"this WebAssembly file has a version that is not supported: {head[4:].hex()}"
    return "this is not a WebAssembly file: it does not begin with \\0asm"


def sections(data: bytes | memoryview, depth: int = 0) -> Iterator[CustomSection]:
    """The custom sections of a component and of the components in it."""
    for section, r in _sections(memoryview(data)):
        if section == 0:
            name = r.name()
            yield CustomSection(name, bytes(r.data[r.position :]), depth)
        elif section == 4 and depth < _MAX_DEPTH:
            yield from sections(r.data, depth + 1)


def core_modules(data: bytes | memoryview, depth: int = 0) -> Iterator[int]:
    """Sizes in bytes of the core modules in a component and in the components in it."""
    for section, r in _sections(memoryview(data)):
        if section == 1:
            yield len(r.data)
        elif section == 4 and depth < _MAX_DEPTH:
            yield from core_modules(r.data, depth + 1)


def read_world(data: bytes) -> wit.World:
    """What a component imports and exports.

    Raises:
        ComponentFormatError: the bytes are not a component, or one that cannot be read.
    """
    try:
        return _read_world(data)
    except (RecursionError, AttributeError, TypeError, KeyError) as error:
        # The evaluator follows indices without checking sorts at each step: a damaged file may lead it anywhere.
        raise ComponentFormatError(f"not a component that can be read: {error}") from error


def _read_world(data: bytes) -> wit.World:
    evaluator = _Evaluator()
    imports, exports = evaluator.component(_Component(memoryview(data), None), 0, lambda name, sort, declared: declared)
    for name, sort, item in imports:
        _name(name, sort, item)
    world = wit.World({}, {}, footprint=evaluator.footprint)
    for name, sort, _ in imports:
        if sort in ("module", "component"):
            # It may be an address; it is only shown.
            _check_name(name, str.isprintable)
            world.other_imports[name] = sort
    _fill(world.imports, ((name, sort, item) for name, sort, item in imports))
    _fill(world.exports, ((name, sort, item) for name, (sort, item) in exports.items()))
    for section in sections(data):
        if section.name in DOCS_SECTIONS:
            add_docs(world, section.data)
    return world


def _fill(target: dict[str, wit.Interface], items: Iterator[tuple[str, str, Any]]) -> None:
    for name, sort, item in items:
        if sort == "instance":
            _check_name(name, _is_interface)
            interface = target[name] = wit.Interface(name)
            for inner, (inner_sort, inner_item) in (item or {}).items():
                _add(interface, inner, inner_sort, inner_item)
        elif sort in ("type", "func"):
            _add(target.setdefault("", wit.Interface("")), name, sort, item)


def _check_name(name: str, rule: Callable[[str], Any]) -> None:
    if not rule(name):
        raise ComponentFormatError(f"not a component that can be read: {name!r:.60} is no name of an import or export")


def _add(interface: wit.Interface, name: str, sort: str, item: Any) -> None:
    if sort in ("type", "func"):
        _check_name(name, is_label if sort == "type" else _is_item)
    if sort == "type" and isinstance(item, wit.Type):
        interface.types[name] = item
        if item.interface is None and not isinstance(item, wit.Primitive):
            item.interface = interface
            item.name = name
    elif sort == "func" and isinstance(item, wit.Function):
        interface.functions[name] = wit.Function(name, item.params, item.result)
