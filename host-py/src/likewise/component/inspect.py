"""What is in a component's file: `likewise inspect FILE`."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from likewise.component.binary import core_modules, read_world, sections
from likewise.component.printing import print_world
from likewise.component.source import naming

__all__ = ["Report", "inspect"]


@dataclass(frozen=True)
class Report:
    """A component's file taken apart. Sizes are bytes."""

    size: int
    #: Size after gzip -9: about what a download costs.
    compressed: int
    sha256: str
    #: Full names of the interfaces and functions that the component imports and exports.
    imports: tuple[str, ...]
    exports: tuple[str, ...]
    #: The core modules in it.
    modules: tuple[int, ...]
    #: Custom sections of the component itself: name and size.
    custom: tuple[tuple[str, int], ...]
    #: The world as WIT text.
    wit: str

    def __str__(self) -> str:
        def listed(names: tuple[str, ...]) -> str:
            return "".join(f"\n//   {name}" for name in names) or " nothing"

        modules = " + ".join(f"{size:,}" for size in self.modules)
        lines = [
            f"// {self.size:,} bytes, {self.compressed:,} compressed, core modules {modules or 'none'}",
            f"// sha256 {self.sha256}",
            # A name may be anything, and this goes to terminals.
            *(f"// custom section {name if name.isprintable() else repr(name)}: {size:,} bytes" for name, size in self.custom),
            f"// imports{listed(self.imports)}",
            f"// exports{listed(self.exports)}",
        ]
        return "\n".join(lines) + "\n\n" + self.wit


def inspect(source: str | Path | bytes) -> Report:
    """Take a component's file apart, without compiling or running anything of it.

    Raises:
        ComponentFormatError: not a component.
        OSError: the file cannot be read.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    with naming(source):
        world = read_world(data)

    def names(side: str) -> tuple[str, ...]:
        found = []
        for name, interface in getattr(world, side).items():
            found += [name] if name else list(interface.functions)
        return tuple(found)

    return Report(
        size=len(data),
        compressed=len(gzip.compress(data, 9, mtime=0)),
        sha256=hashlib.sha256(data).hexdigest(),
        imports=names("imports") + tuple(world.other_imports),
        exports=names("exports"),
        modules=tuple(core_modules(data)),
        custom=tuple((section.name, len(section.data)) for section in sections(data) if section.depth == 0),
        wit=print_world(world),
    )
