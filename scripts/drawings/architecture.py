"""Draw docs/images/architecture.svg: the parts and who knows whom, as the code has it. Run it with `./just drawings`.

Where a part stands is decided here; the arrows are read from the code: imports of the Python package, dependencies of the crates (`cargo metadata`),
entries of the npm package, imports and exports of the component's file. An arrow that two others say already is left out.
"""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from svg import ROOT, Drawing

from likewise import _engine
from likewise.component.binary import read_world

NAME = "architecture.svg"

Graph = dict[str, set[str]]


@dataclass(frozen=True)
class Part:
    """A box: where it stands and what is written in it."""

    x: int
    y: int
    about: str
    width: int = 180
    height: int = 42

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


_COLUMNS, _ROWS = (30, 177, 324, 471), (46, 106, 166, 226)


def _cell(column: int, row: int, about: str) -> Part:
    return Part(_COLUMNS[column], _ROWS[row], about, 139)


# Modules of host-py/src/likewise.
PYTHON = {
    "cli": _cell(2, 0, "the command"),
    "process": _cell(0, 1, "many comparisons"),
    "spelling": _cell(2, 1, "whole texts"),
    "fuzz": _cell(0, 2, "ratios"),
    "didyoumean": _cell(1, 2, "command lines"),
    "suggestion": _cell(2, 2, "a word, options"),
    "tables": _cell(3, 2, "columns, clusters"),
    "distance": _cell(0, 3, "metrics, edits"),
    "dictionary": _cell(2, 3, "indexed words"),
    "fetch": _cell(3, 3, "policy, libcurl"),
    "component": Part(30, 294, "any component: types, calls, limits, on wasmtime", 580),
}

# Where an arrow goes that cannot go straight: the points between its ends.
ROUTES = {
    ("cli", "fetch"): [(618.0, 67.0), (618.0, 247.0)],
    ("cli", "didyoumean"): [(246.0, 67.0)],
    ("didyoumean", "dictionary"): [(246.0, 247.0)],
    ("tables", "dictionary"): [(500.0, 217.0), (440.0, 217.0)],
    ("likewise-lite", "likewise-similarity"): [(800.0, 551.0)],
}

# Packages of guest/.
RUST = {
    "likewise-component": Part(30, 440, "the contract's exports, the fetch session", 300),
    "likewise-http-adapter": Part(410, 440, "WASI-HTTP over one function", 200),
    "likewise-page": Part(30, 530, "URL, charset, HTML", 140),
    "likewise-similarity": Part(190, 530, "metrics, batches, dictionary", 220),
    "likewise-lite": Part(690, 440, "synchronous, a few KB", 220),
}

# Entries of host-js/package.json.
JAVASCRIPT = {
    ".": Part(690, 46, "everything, on jco"),
    "./worker": Part(690, 106, "off the main thread"),
    "./lite": Part(690, 294, "comparisons, small index"),
}


def python_imports() -> Graph:
    """Which module (or folder) of the package imports which, lazy imports included."""
    package = ROOT / "host-py" / "src" / "likewise"
    found: Graph = {}
    for file in package.rglob("*.py"):
        me = file.relative_to(package).with_suffix("").parts[0]
        if me == "__init__":  # re-exports everything
            continue
        if file.name == "command.py":  # a folder's part of the command line
            me = "cli"
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module] if node.module != "likewise" else [f"likewise.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            found.setdefault(me, set()).update(name.split(".")[1] for name in names if name.startswith("likewise."))
    return found


def crate_dependencies() -> Graph:
    """Which crate of the workspace depends on which."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    packages = json.loads(done.stdout)["packages"]
    names = {package["name"] for package in packages}
    return {
        package["name"]: {d["name"] for d in package["dependencies"] if d["kind"] is None and d["name"] in names}
        for package in packages
    }


def arrows(graph: Graph, drawn: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Who knows whom among the parts drawn, be it through parts that are not; without those that follow from two others."""
    drawn = sorted(drawn)

    def reach(start: str, through: frozenset[str] | None) -> set[str]:
        # All that can be reached; `through` restricts what may be passed on the way.
        seen: set[str] = set()
        left = list(graph.get(start, ()))
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                if through is None or name in through:
                    left += graph.get(name, ())
        return seen - {start}

    undrawn = frozenset(graph) - frozenset(drawn)
    near = {name: reach(name, undrawn) & set(drawn) for name in drawn}
    for source in drawn:
        for target in sorted(near[source]):
            if not any(target in reach(other, None) for other in near[source] - {target}):
                yield source, target


def entries() -> set[str]:
    """Entries of the npm package."""
    return set(json.loads((ROOT / "host-js" / "package.json").read_text("utf-8"))["exports"])


def check() -> None:
    """Raise a ValueError that names the parts that do not exist."""
    package = ROOT / "host-py" / "src" / "likewise"
    missing = [name for name in PYTHON if not (package / name).is_dir() and not (package / f"{name}.py").is_file()]
    missing += sorted(set(RUST) - set(crate_dependencies())) + sorted(set(JAVASCRIPT) - entries())
    if missing:
        raise ValueError(f"drawn, but not there: {', '.join(missing)}")


def draw() -> Drawing:
    """The whole drawing."""
    check()
    world = read_world(_engine.COMPONENT.read_bytes())
    drawing = Drawing(940, 620, "Architecture: the hosts, the component's file, the crates it is made of")
    for x, width, label in ((15, 610, "Python: likewise, in host-py"), (675, 250, "JavaScript: host-js")):
        drawing.rectangle(x, 15, width, 340, "band")
        drawing.text(x + 12, 36, label, "title")
    drawing.rectangle(15, 385, 610, 220, "file")
    exports = ", ".join(interface.short_name for interface in world.exports.values())
    drawing.text(27, 406, "likewise.component.wasm", "title")
    drawing.text(27, 424, f"exports {exports}", "note")
    imports = ", ".join(interface.short_name for interface in world.imports.values())
    drawing.text(613, 424, f"imports {imports}", "note", "end")
    drawing.rectangle(675, 385, 250, 220, "band")
    drawing.text(687, 406, "likewise/lite", "title")
    drawing.text(687, 424, "wasm-bindgen", "note")

    parts = {**PYTHON, **RUST, **JAVASCRIPT}
    for source, target in [*arrows(python_imports(), PYTHON), *arrows(crate_dependencies(), RUST)]:
        drawing.line(*path(parts[source], parts[target], ROUTES.get((source, target), [])), arrow=True)
    # What is loaded and called back is no import.
    drawing.line((130, 336), (130, 385), arrow=True)
    drawing.text(138, 376, "loads, calls", "note")
    drawing.line((520, 385), (520, 336), arrow=True)
    drawing.text(512, 376, "exchange: requests out, completions in", "note", "end")
    drawing.text(370, 455, "WASI-HTTP", "note", "middle")
    drawing.line((690, 67), (650, 67), (650, 420), (625, 420), arrow=True)
    drawing.line((690, 127), (650, 127))
    drawing.line((840, 336), (840, 440), arrow=True)
    for name, part in parts.items():
        drawing.rectangle(part.x, part.y, part.width, part.height, "box")
        drawing.text(part.x + part.width / 2, part.y + 18, label_of(name), "code", "middle")
        drawing.text(part.x + part.width / 2, part.y + 34, part.about, "note", "middle")
    return drawing


def label_of(name: str) -> str:
    """The name that users and readers know a part by."""
    if name in PYTHON:
        return f"likewise.{name}" if name == "component" else name
    return name.removeprefix("likewise-") if name in RUST else f"likewise{name[1:]}"


def path(source: Part, target: Part, between: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points of an arrow: from the side of one box that faces the way to the side of the other."""
    left, right = max(source.x, target.x), min(source.x + source.width, target.x + target.width)
    if not between and left < right:  # one is above the other
        x = (left + right) / 2
        return [edge(source, (x, target.y)), edge(target, (x, source.y))]
    return [
        edge(source, between[0] if between else target.middle),
        *between,
        edge(target, between[-1] if between else source.middle),
    ]


def edge(part: Part, towards: tuple[float, float]) -> tuple[float, float]:
    """Where a line that comes from a point meets a box, straight up, down or from the side where it can."""
    x, y = towards
    if part.x <= x <= part.x + part.width:
        return x, part.y if y < part.y else part.y + part.height
    return part.x if x < part.x else part.x + part.width, min(max(y, part.y), part.y + part.height)


if __name__ == "__main__":
    draw().save(NAME)
