"""A page of the documentation's site for each interface of the shipped component, from the WIT documentation in its file.

A hook of MkDocs (`mkdocs.yml`): the pages are made while the site is built and exist nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from likewise import _engine
from likewise.component import wit
from likewise.component.binary import read_world
from likewise.component.printing import spell_wit

FOLDER = "reference/wit"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to those that are in docs/."""
    for name, text in pages():
        files.append(File.generated(config, f"{FOLDER}/{name}.md", content=text))
    return files


def pages() -> Iterator[tuple[str, str]]:
    """Name and Markdown of each page: the world, then its interfaces."""
    world = read_world(_engine.COMPONENT.read_bytes())
    sides = [("exports", interface) for interface in world.exports.values()]
    sides += [("imports", interface) for interface in world.imports.values()]
    lines = ["# The contract (WIT)", "", world.docs, ""]
    lines += ["| interface | the component | what it is |", "|---|---|---|"]
    for side, interface in sides:
        summary = interface.docs.own.split("\n\n")[0].replace("\n", " ")
        lines.append(f"| [`{interface.name}`]({interface.short_name}.md) | {side} it | {summary} |")
    yield "index", "\n".join(lines)
    for side, interface in sides:
        yield interface.short_name, "\n".join([*page(interface, side), ""])


def page(interface: wit.Interface, side: str) -> Iterator[str]:
    """An interface: what it says of itself, its functions, its types."""
    yield from (f"# {interface.short_name} (WIT)", "", f"`{interface.name}`, which the component {side}.", "", interface.docs.own)
    for function in interface.functions.values():
        if function.kind == "function":
            yield from member(interface, function, 2)
    for name, t in interface.types.items():
        yield from ("", f"## {type(t).__name__.lower()} `{name}` {{#{name}}}", "")
        if t.interface is not interface and t.interface is not None:
            yield f"As in [`{t.interface.short_name}`]({t.interface.short_name}.md#{t.name})."
            continue
        yield interface.docs.types.get(name, "")
        if isinstance(t, wit.Resource):
            for function in interface.functions.values():
                if function.kind != "function" and function.resource_name == name:
                    yield from member(interface, function, 3)
        else:
            yield from ("", *fields(interface, name, t))


def member(interface: wit.Interface, function: wit.Function, level: int) -> Iterator[str]:
    """A function, method, static function or constructor."""
    params = function.params[1:] if function.kind == "method" else function.params
    signature = ", ".join(f"{param.name}: {spell_wit(param.type)}" for param in params)
    # What a constructor makes goes without saying.
    result = "" if function.result is None or function.kind == "constructor" else f" -> {spell_wit(function.result)}"
    name = "constructor" if function.kind == "constructor" else function.short_name
    static = "static " if function.kind == "static" else ""
    anchor = name if function.kind == "function" else f"{function.resource_name}.{name}"
    yield from ("", f"{'#' * level} `{name}` {{#{anchor}}}", "")
    yield from ("```wit", f"{name}: {static}func({signature}){result};", "```", "")
    yield interface.docs.functions.get(function.name, "")


def fields(interface: wit.Interface, owner: str, t: wit.Type) -> Iterator[str]:
    """What a type is made of, as a table; an alias by what it stands for."""
    match t:
        case wit.Record(fields=members):
            rows = [(member.name, spell_wit(member.type)) for member in members]
        case wit.Variant(cases=cases):
            rows = [(case.name, spell_wit(case.type) if case.type is not None else "") for case in cases]
        case wit.Enum(names=names) | wit.Flags(names=names):
            rows = [(name, "") for name in names]
        case _:
            yield f"`{spell_wit(t, definition=True)}`"
            return
    typed = any(kind for _, kind in rows)
    yield from ("| name | type | meaning |", "|---|---|---|") if typed else ("| name | meaning |", "|---|---|")
    for name, kind in rows:
        meaning = interface.docs.items.get((owner, name), "").replace("\n", " ").replace("|", "\\|")
        spelled = f"`{kind}`" if kind else ""
        yield f"| `{name}` | {spelled} | {meaning} |" if typed else f"| `{name}` | {meaning} |"
