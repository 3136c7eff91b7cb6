"""Documentation in a component's file.

Components do not carry the documentation of their WIT by themselves. WIT packages do, in a custom section `package-docs`: a version byte
and JSON, by interface, function and type (wit-parser's `PackageMetadata`). The same content in a component is read here, under a name of
its own: tools that decode a component take `package-docs` for the documentation of a package that it is not. Damaged documentation is no
documentation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from likewise.component import wit

__all__ = ["DOCS_SECTIONS", "add_docs"]

#: Names of the custom sections that hold documentation.
DOCS_SECTIONS = ("wit-docs", "package-docs")


def add_docs(world: wit.World, section: bytes) -> None:
    """Give the interfaces of a world the documentation of a `package-docs` section."""
    try:
        package = json.loads(section[1:])
        by_name = dict(package.get("interfaces", {}))
        world.docs = world.docs or package.get("docs") or ""
        for entry in package.get("worlds", {}).values():
            by_name.setdefault("", entry)
            world.docs = world.docs or entry.get("docs") or ""
        for interface in (*world.imports.values(), *world.exports.values()):
            found = by_name.get(interface.short_name)
            if found is not None:
                interface.docs = _interface_docs(found)
    except (ValueError, AttributeError, TypeError):
        return


def _interface_docs(entry: Mapping[str, Any]) -> wit.Docs:
    docs = wit.Docs(entry.get("docs") or "")
    functions = {**entry.get("funcs", {}), **entry.get("func_exports", {})}
    for name, about in functions.items():
        docs.functions[name] = (about if isinstance(about, str) else about.get("docs")) or ""
    for name, about in entry.get("types", {}).items():
        docs.types[name] = about.get("docs") or ""
        for item, text in about.get("items", {}).items():
            docs.items[name, item] = text or ""
    return docs
