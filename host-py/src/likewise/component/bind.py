"""A typed Python package for one component: `likewise bind FILE -o DIR`.

The package holds the component, a module for each interface with the classes of its types and a protocol of its functions, and a
`load` whose parameters are what the component imports. At run time it is the dynamic form: the classes written here are those that
values are made of, the functions are the very same.
"""

from __future__ import annotations

import keyword
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from likewise.component import check, wit
from likewise.component.binary import read_world
from likewise.component.names import camel, constant, snake
from likewise.component.source import naming
from likewise.component.values import optional_tail

__all__ = ["bind"]

_WIDTH = 120

#: Names that are there without being imported. A function or field of the same name hides them in its class.
_BUILT_IN = (
    "bool",
    "bytearray",
    "bytes",
    "float",
    "int",
    "list",
    "memoryview",
    "object",
    "property",
    "staticmethod",
    "str",
    "tuple",
    "type",
)

#: Names that modules have from elsewhere, by where.
_FROM = {
    "builtins": _BUILT_IN,
    "collections.abc": ("Sequence",),
    "dataclasses": ("dataclass",),
    "enum": ("Flag",),
    "typing": ("Any", "Protocol", "TypeAlias"),
    "likewise.component": ("Err", "Ok", "Resource", "Some", "WitEnum"),
}

#: What the package itself calls something, so that no module, class or parameter may be called the same.
_OF_PACKAGE = frozenset([*_BUILT_IN, "cast", "dict", "load"])
_CLASSES = frozenset(
    ["AbstractContextManager", "Any", "Callable", "Limits", "Mapping", "Path", "Protocol", "Sequence", "Some", "Ok", "Err"]
)
_OF_LOAD = frozenset([*_OF_PACKAGE, "limits", "granted", "imports", "file", "name", "value"])

#: What a loaded component has itself, whatever its interfaces are called.
_OF_COMPONENT = frozenset(["close", "exports", "imports", "instantiate", "limit", "reset", "wit"])


def bind(source: str | Path | bytes, directory: str | Path, *, name: str | None = None) -> Path:
    """Write a typed package for a component into `directory`, which becomes the package.

    Args:
        source: the component's file, or its bytes.
        directory: the package's folder; made where it is missing. Files of an earlier run are replaced.
        name: what the class of the loaded component is called, by default the folder's name.

    Returns:
        The folder.

    Raises:
        ComponentFormatError: not a component.
        ValueError: the folder's name cannot be a package's, or the name a class's.
        OSError: a file cannot be read or written.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    folder = Path(directory).absolute()
    if not folder.name.isidentifier() or keyword.iskeyword(folder.name):
        raise ValueError(f"{folder.name!r} cannot be the name of a Python package: choose a folder named like a variable")
    chosen = name or camel(folder.name.replace("_", "-"))
    if name is None and chosen in _CLASSES:
        chosen += "Component"
    if not chosen.isidentifier() or keyword.iskeyword(chosen) or chosen in _CLASSES:
        raise ValueError(f"{chosen!r} cannot be the name of the package's class: choose another one")
    with naming(source):
        world = read_world(data)
    files = _Package(world, chosen).files()
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    (folder / "component.wasm").write_bytes(data)
    (folder / "py.typed").write_text("")
    return folder


class _Package:
    def __init__(self, world: wit.World, name: str) -> None:
        self.world = world
        self.name = name
        #: Module names by interface.
        self.modules: dict[wit.Interface, str] = {}
        #: Resources that live in the component.
        self.exported = {r for interface in world.exports.values() for r in interface.resources().values()}
        taken = set(_OF_PACKAGE)
        for side, interface in self.interfaces():
            base = snake(interface.short_name) or "world"
            package = snake(interface.package.partition("@")[0].replace(":", "-"))
            choices = (base, *([f"{package}_{base}"] if package else []), f"{base}_{side}")
            module = next((choice for choice in choices if choice not in taken), f"{base}_{len(taken)}")
            taken.add(module)
            self.modules[interface] = module

    def interfaces(self) -> Iterator[tuple[str, wit.Interface]]:
        for interface in self.world.imports.values():
            yield "imports", interface
        for interface in self.world.exports.values():
            yield "exports", interface

    def files(self) -> dict[str, str]:
        files = {f"{self.modules[i]}.py": _Module(self, side, i).text() for side, i in self.interfaces()}
        files["__init__.py"] = self.init()
        return files

    def init(self) -> str:
        imports = [i for i in self.world.imports.values() if i.name and (i.functions or i.resources())]
        root = self.world.exports.get("")
        root_imports = self.world.imports.get("")
        functions = [f for f in root.functions.values() if snake(f.name) not in _OF_COMPONENT] if root is not None else []
        # Attributes are what the component finds by a short name: its own things and functions first, and nothing that is two interfaces'.
        taken = _OF_COMPONENT | {snake(f.name) for f in functions}
        short = [snake(i.short_name) for i in self.world.exports.values()]
        exports = [
            i
            for i in self.world.exports.values()
            if i.name
            and (i.functions or i.resources())
            and snake(i.short_name) not in taken
            and short.count(snake(i.short_name)) == 1
        ]
        hidden = {snake(i.short_name) for i in exports} | {snake(f.name) for f in functions}
        names = "Callable, Mapping, Sequence" if root is not None or root_imports is not None else "Mapping"
        modules = sorted(self.modules.values())
        spellings = [_Module(self, "exports", root or wit.Interface(""), hidden=hidden)]
        ref = spellings[0].ref
        lines = [
            "",
            *([f"from . import {', '.join(modules)}"] if modules else []),
            *(f"from . import {module} as _{module}" for module in modules),
            "",
            f"__all__ = [{', '.join(map(repr_, ['Limits', self.name, 'load', *modules]))}]",
            "",
            "",
            f"class {self.name}(Protocol):",
            *_indent(_docstring(self.world.docs or f"The component {self.name}, loaded.")),
        ]
        for interface in exports:
            module = self.modules[interface]
            lines += [
                "",
                f"    @{ref('property')}",
                f"    def {snake(interface.short_name)}(self) -> _{module}.{_protocol(interface)}:",
                *_indent(_docstring(interface.docs.own or f"The interface `{interface.name}`."), 2),
                "        ...",
            ]
        for function in functions:
            lines += ["", *_indent(spellings[0].method(function, protocol=True))]
        lines += [
            "",
            f"    def limit(self, *, time: {ref('float')} | None = None, fuel: {ref('int')} | None = None)"
            " -> AbstractContextManager[None]:",
            '        """Other limits for the calls in a `with` block: seconds, and instructions."""',
            "        ...",
            "",
            f"    def wit(self) -> {ref('str')}:",
            '        """What the component imports and exports, as WIT text."""',
            "        ...",
            "",
            "    def close(self) -> None:",
            '        """End the component."""',
            "        ...",
            "",
            f"    def __enter__(self) -> {self.name}: ...",
            "",
            f"    def __exit__(self, *_: {ref('object')}) -> None: ...",
            "",
            "",
        ]
        grants = [(self.modules[i], f"_{self.modules[i]}.{_protocol(i)}", i.name) for i in imports]
        if root_imports is not None:
            spellings.append(_Module(self, "imports", root_imports, hidden=set()))
            grants += [(snake(f.name), spellings[-1].callable(f), f.name) for f in root_imports.functions.values()]
        grants = _distinct(grants)
        params = "".join(f"{param}: {kind} | None = None, " for param, kind, _ in grants)
        lines += [
            f"def load(*, {params}limits: Limits | None = None) -> {self.name}:",
            '    """Load the component.',
            "",
            "    Args:",
            *(
                f"        {param}: what is granted as `{full}`; calls of what is not granted raise `ImportMissing`."
                for param, _, full in grants
            ),
            "        limits: what each call may use.",
            '    """',
            f"    granted: dict[str, Any] = {{{', '.join(f'{repr_(full)}: {param}' for param, _, full in grants)}}}",
            "    imports = {name: value for name, value in granted.items() if value is not None}",
            '    file = Path(__file__).parent / "component.wasm"',
            f"    return cast({self.name}, _load(file, imports=imports, limits=limits, types=_TYPES))",
            "",
            "",
            "_TYPES: Mapping[tuple[str, str, str], type] = {",
        ]
        for side, interface in self.interfaces():
            for name, t in interface.types.items():
                if t.interface is interface and isinstance(t, (wit.Record, wit.Variant, wit.Enum, wit.Flags, wit.Resource)):
                    if isinstance(t, wit.Resource) and side == "imports":
                        continue
                    lines.append(
                        f"    ({repr_(side)}, {repr_(interface.name)}, {repr_(name)}): _{self.modules[interface]}.{camel(name)},"
                    )
        lines.append("}")
        used = {name for spelling in spellings for name in spelling.used}
        head = [
            *_docstring(self.world.docs or f"The component {self.name}."),
            "",
            "from __future__ import annotations",
            "",
            *_imports("builtins", used),
            f"from collections.abc import {names}",
            "from contextlib import AbstractContextManager",
            "from pathlib import Path",
            "from typing import Any, Protocol, cast",
            "",
            f"from likewise.component import {', '.join(sorted({'Limits', *used.intersection(_FROM['likewise.component'])}))}",
            "from likewise.component import load as _load",
        ]
        return "\n".join(line.rstrip() for line in [*head, *lines]) + "\n"


def _distinct(grants: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The parameters of `load`, each by a name of its own."""
    taken = set(_OF_LOAD)
    named = []
    for param, kind, full in grants:
        while param in taken:
            param += "_"
        taken.add(param)
        named.append((param, kind, full))
    return named


def _imports(module: str, used: Iterable[str]) -> list[str]:
    """The import of what is used from a module."""
    names = [f"{name} as {name}_" for name in _FROM[module] if f"{name}_" in used]
    names += [name for name in _FROM[module] if name in used and module != "builtins"]
    return [f"from {module} import {', '.join(sorted(names))}"] if names else []


def repr_(text: str) -> str:
    """A string literal in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _protocol(interface: wit.Interface) -> str:
    """Name of the protocol of an interface's functions."""
    name = camel(interface.short_name) or "World"
    taken = {camel(t) for t in interface.types}
    return f"{name}Interface" if name in taken else name


def _text(text: str) -> str:
    return textwrap.dedent(text).strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _docstring(text: str) -> list[str]:
    lines = _text(text).splitlines() or [""]
    if lines[-1].endswith('"'):
        lines[-1] += " "
    return [f'"""{lines[0]}"""'] if len(lines) == 1 else [f'"""{lines[0]}', *lines[1:], '"""']


def _indent(lines: Iterable[str], depth: int = 1) -> list[str]:
    return ["    " * depth + line if line else line for line in lines]


class _Module:
    """The text of one interface's module."""

    def __init__(self, package: _Package, side: str, interface: wit.Interface, *, hidden: set[str] | None = None) -> None:
        self.package = package
        self.side = side
        self.interface = interface
        #: Write every type with its module: for use outside of this module, where these names hide others.
        self.qualified = hidden is not None
        self.hidden = hidden if hidden is not None else self._names()
        #: Names from elsewhere that were used, those that are hidden by their second names.
        self.used: set[str] = set()
        self.others: set[str] = set()
        self.resources = {camel(name) for name in interface.resources()}

    def _names(self) -> set[str]:
        """What the interface calls its classes, and what its classes call theirs."""
        interface = self.interface
        names = {camel(name) for name in interface.types} | {_protocol(interface)}
        names |= {f"Any{camel(name)}" for name, t in interface.types.items() if isinstance(t, wit.Variant)}
        names |= {snake(function.short_name) for function in interface.functions.values() if function.kind != "constructor"}
        return names | {snake(field.name) for t in interface.types.values() if isinstance(t, wit.Record) for field in t.fields}

    def ref(self, name: str) -> str:
        """A name from elsewhere, or its second name where something here is called the same."""
        name = f"{name}_" if name in self.hidden else name
        self.used.add(name)
        return name

    def text(self) -> str:
        interface = self.interface
        body: list[str] = []
        for name, t in interface.types.items():
            if t.interface is interface and t.name == name:
                lines = self.definition(name, t)
                body += ["", "", *lines] if lines else []
        if self.side == "exports":
            body += [f"_{name} = {name}" if i else f"\n\n_{name} = {name}" for i, name in enumerate(sorted(self.resources))]
        body += ["", "", *self.protocol()]
        lines = [
            *_docstring(interface.docs.own or f"The WIT interface `{interface.name}`."),
            "",
            "from __future__ import annotations",
            "",
        ]
        for module in _FROM:
            line = _imports(module, self.used)
            lines += ["", *line, ""] if line and module.startswith("likewise") else line
        lines += [f"from . import {module} as _{module}" for module in sorted(self.others)]
        return "\n".join(line.rstrip() for line in lines).rstrip() + "\n" + "\n".join(line.rstrip() for line in body) + "\n"

    # -- types -------------------------------------------------------------------------------------------------------

    def named(self, t: wit.Type, prefix: str = "") -> str:
        """The class of a named type, as seen from this module."""
        assert t.interface is not None and t.name is not None
        name = prefix + camel(t.name)
        module = self.package.modules[t.interface]
        if t.interface is self.interface and not self.qualified:
            return f"_{name}" if isinstance(t, wit.Resource) else name
        self.others.add(module)
        return f"_{module}.{name}"

    def spell(self, t: wit.Type | None, role: str) -> str:
        """A type's annotation. `role`: "in" for what is passed, which may be any sequence, "out" for what is returned."""
        match t:
            case None:
                return "None"
            case wit.Primitive():
                return self.ref(check.spell(t))
            case wit.List(element=wit.Primitive(keyword="u8")):
                return " | ".join(map(self.ref, ["bytes", "bytearray", "memoryview"] if role == "in" else ["bytes"]))
            case wit.List(element=element):
                return f"{self.ref('Sequence' if role != 'out' else 'list')}[{self.spell(element, role)}]"
            case wit.Tuple(elements=elements):
                return f"{self.ref('tuple')}[{', '.join(self.spell(e, role) for e in elements) or '()'}]"
            case wit.Option(payload=wit.Option() as inner):
                return f"{self.ref('Some')}[{self.spell(inner, role)}] | None"
            case wit.Option(payload=payload):
                return f"{self.spell(payload, role)} | None"
            case wit.Result(ok=ok, err=err):
                return f"{self.ref('Ok')}[{self.spell(ok, role)}] | {self.ref('Err')}[{self.spell(err, role)}]"
            case wit.Own(resource=resource) | wit.Borrow(resource=resource):
                # What the host holds is of the host's own class, of which only the host knows more.
                return self.named(resource) if resource in self.package.exported else self.ref("Any")
            case wit.Variant():
                return self.named(t, "Any")
            case wit.Unsupported():
                return self.ref("object")
        return self.named(t)

    def definition(self, name: str, t: wit.Type) -> list[str]:
        docs = self.interface.docs
        own = docs.types.get(name, "")
        cls = camel(name)
        match t:
            case wit.Record(fields=fields):
                lines = [
                    f"@{self.ref('dataclass')}(frozen=True, slots=True)",
                    f"class {cls}:",
                    *_indent(_docstring(own or f"The WIT record `{name}`.")),
                ]
                required = len(fields) - optional_tail(field.type for field in fields)
                for i, field in enumerate(fields):
                    default = " = None" if i >= required else ""
                    lines.append(f"    {snake(field.name)}: {self.spell(field.type, 'field')}{default}")
                    about = docs.items.get((name, field.name))
                    lines += _indent(_docstring(about)) if about else []
                return lines
            case wit.Variant(cases=cases):
                lines = [f"class {cls}:", *_indent(_docstring(own or f"The WIT variant `{name}`."))]
                for case in cases:
                    about = docs.items.get((name, case.name)) or f"The case `{case.name}`."
                    lines += [
                        "",
                        f"    @{self.ref('dataclass')}(frozen=True, slots=True)",
                        f"    class {camel(case.name)}:",
                        *_indent(_docstring(about), 2),
                    ]
                    lines += [f"        value: {self.spell(case.type, 'field')}"] if case.type is not None else []
                union = " | ".join(f"{cls}.{camel(case.name)}" for case in cases)
                return [*lines, "", "", f"Any{cls}: {self.ref('TypeAlias')} = {union}"]
            case wit.Enum(names=names):
                lines = [f"class {cls}({self.ref('WitEnum')}):", *_indent(_docstring(own or f"The WIT enum `{name}`."))]
                for member in names:
                    lines.append(f"    {constant(member)} = {repr_(member)}")
                    about = docs.items.get((name, member))
                    lines += _indent(_docstring(about)) if about else []
                return lines
            case wit.Flags(names=names):
                lines = [f"class {cls}({self.ref('Flag')}):", *_indent(_docstring(own or f"The WIT flags `{name}`."))]
                for i, member in enumerate(names):
                    lines.append(f"    {constant(member)} = {1 << i}")
                    about = docs.items.get((name, member))
                    lines += _indent(_docstring(about)) if about else []
                return lines
            case wit.Resource():
                base = "Resource" if self.side == "exports" else "Protocol"
                if base == "Protocol":
                    own = f"{own}\n\nWhat the class granted for it should have.".strip()
                lines = [f"class {cls}({self.ref(base)}):", *_indent(_docstring(own or f"The WIT resource `{name}`."))]
                if base == "Resource":
                    lines += ["", "    __slots__ = ()"]
                for function in self.interface.functions.values():
                    if function.kind != "function" and function.resource_name == name:
                        lines += ["", *_indent(self.method(function, protocol=base == "Protocol"))]
                return lines
        return []

    # -- functions ---------------------------------------------------------------------------------------------------

    def method(self, function: wit.Function, *, protocol: bool) -> list[str]:
        """A function as a method. What the component provides takes any sequence and returns lists; what it asks for, the reverse."""
        inward, outward = ("in", "out") if self.side == "exports" else ("out", "in")
        params = list(function.params)
        head, name = "self", snake(function.short_name)
        decorators: list[str] = []
        result = self.spell(_returned(function), outward)
        if function.kind == "method":
            params = params[1:]
        elif function.kind == "static":
            head, decorators = "", [f"@{self.ref('staticmethod')}"]
        elif function.kind == "constructor":
            result = camel(function.resource_name)
            if self.side == "exports":
                head, name = "cls", "__new__"
            else:
                name, result = "__init__", "None"
        required = len(params) - (optional_tail(p.type for p in params) if self.side == "exports" else 0)
        if any(snake(p.name) == head for p in params):
            head = f"_{head}"
        spelled = [head] * bool(head)
        spelled += [
            f"{snake(p.name)}: {self.spell(p.type, inward)}{' = None' if i >= required else ''}" for i, p in enumerate(params)
        ]
        line = f"def {name}({', '.join(spelled)}) -> {result}:"
        if len(line) > _WIDTH - 8:
            body = [f"def {name}(", *_indent(f"{s}," for s in spelled), f") -> {result}:"]
        else:
            body = [line]
        # A method of the component's own takes the place of the base class's.
        if (
            self.side == "exports"
            and function.kind == "method"
            and (name == "closed" or (name == "close" and (params or result != "None")))
        ):
            body[0] += "  # type: ignore[override]"
        about = self.interface.docs.functions.get(function.name) or f"The WIT function `{function.name}`."
        end = "..." if protocol else "raise NotImplementedError  # the loaded component's class has it"
        return [*decorators, *body, *_indent([*_docstring(about), end])]

    def callable(self, function: wit.Function) -> str:
        """The annotation of a function that is granted by itself."""
        params = ", ".join(self.spell(p.type, "out") for p in function.params)
        return f"Callable[[{params}], {self.spell(_returned(function), 'in')}]"

    def protocol(self) -> list[str]:
        interface = self.interface
        lines = [f"class {_protocol(interface)}({self.ref('Protocol')}):"]
        what = "Functions that the component has." if self.side == "exports" else "What the component asks of its host."
        lines += _indent(_docstring(f"{what}\n\n{interface.docs.own}" if interface.docs.own else what))
        for name in sorted(self.resources):
            kind = f"{self.ref('type')}[{f'_{name}' if self.side == 'exports' else self.ref('Any')}]"
            lines += ["", f"    @{self.ref('property')}", f"    def {name}(self) -> {kind}:"]
            lines += _indent([*_docstring(f"The class of the resource `{name}`."), "..."], 2)
        for function in interface.functions.values():
            if function.kind == "function":
                lines += ["", *_indent(self.method(function, protocol=True))]
        return lines


def _returned(function: wit.Function) -> wit.Type | None:
    """What a function returns in Python: the error arm of a result is raised."""
    return function.result.ok if isinstance(function.result, wit.Result) else function.result
