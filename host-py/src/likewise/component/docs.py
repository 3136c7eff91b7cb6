"""Documentation in a component's file.

Components do not carry the documentation of their WIT by themselves. WIT packages do, in a custom section `package-docs`: a version byte
and JSON, by interface, function and type (wit-parser's `PackageMetadata`). The same content in a component is read here, under a name of
its own: tools that decode a component take `package-docs` for the documentation of a package that it is not. Damaged documentation is no
documentation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from likewise.component import wit

__all__ = ["DOCS_SECTIONS", "add_docs"]

#: What has no place in documentation, which becomes Python source and stands on terminals: what controls a line or a screen,
#: and lone surrogates.
_STRAY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

#: Names of the custom sections that hold documentation.
DOCS_SECTIONS = ("wit-docs", "package-docs")


def add_docs(world: wit.World, section: bytes) -> None:
    """Give the interfaces of a world the documentation of a `package-docs` section."""
    try:
        package = json.loads(section[1:])
        by_name = dict(package.get("interfaces", {}))
        world.docs = world.docs or _text(package)
        for entry in package.get("worlds", {}).values():
            by_name.setdefault("", entry)
            world.docs = world.docs or _text(entry)
        for interface in (*world.imports.values(), *world.exports.values()):
            found = by_name.get(interface.short_name)
            if found is not None:
                interface.docs = _interface_docs(found)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return


def _text(entry: Any) -> str:
    """The documentation of one thing: a text, or a mapping that has it."""
    text = entry if isinstance(entry, str) or entry is None else entry.get("docs")
    return _STRAY.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n")) if isinstance(text, str) else ""


def _interface_docs(entry: Mapping[str, Any]) -> wit.Docs:
    docs = wit.Docs(_text(entry))
    functions = {**entry.get("funcs", {}), **entry.get("func_exports", {})}
    for name, about in functions.items():
        docs.functions[name] = _text(about)
    for name, about in entry.get("types", {}).items():
        docs.types[name] = _text(about)
        for item, text in about.get("items", {}).items():
            docs.items[name, item] = _text(text)
    return docs
