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
    height: int = 46


# Modules of host-py/src/likewise.
PYTHON = {
    "process": Part(30, 50, "one to many, many to many"),
    "fuzz": Part(30, 125, "ratios"),
    "distance": Part(30, 200, "metrics, edits"),
    "cli": Part(230, 50, "the command"),
    "suggestion": Part(230, 125, "did you mean"),
    "dictionary": Part(230, 200, "indexed words"),
    "fetch": Part(430, 50, "sites, policy, libcurl"),
    "component": Part(30, 290, "any component: types, calls, limits, on wasmtime", 580),
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
    ".": Part(690, 50, "everything, on jco"),
    "./worker": Part(690, 125, "the same off the main thread"),
    "./lite": Part(690, 290, "comparisons, small index"),
}


def python_imports() -> Graph:
    """Which module (or folder) of the package imports which, lazy imports included."""
    package = ROOT / "host-py" / "src" / "likewise"
    found: Graph = {}
    for file in package.rglob("*.py"):
        me = file.relative_to(package).with_suffix("").parts[0]
        if me == "__init__":  # re-exports everything
            continue
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
    for x, width, label in ((15, 610, "Python: host-py"), (675, 250, "JavaScript: host-js")):
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
        connect(drawing, parts[source], parts[target])
    # What is loaded, called back and plugged together is no import.
    drawing.line((130, 336), (130, 385), arrow=True)
    drawing.text(138, 376, "loads, calls", "note")
    drawing.line((520, 385), (520, 336), arrow=True)
    drawing.text(512, 376, "exchange: requests out, completions in", "note", "end")
    drawing.line((330, 463), (410, 463), arrow=True)
    drawing.text(370, 457, "WASI-HTTP", "note", "middle")
    drawing.line((690, 73), (650, 73), (650, 420), (625, 420), arrow=True)
    drawing.line((690, 148), (650, 148))
    drawing.line((840, 336), (840, 440), arrow=True)
    for name, part in parts.items():
        drawing.rectangle(part.x, part.y, part.width, part.height, "box")
        drawing.text(part.x + part.width / 2, part.y + 20, label_of(name), "code", "middle")
        drawing.text(part.x + part.width / 2, part.y + 37, part.about, "note", "middle")
    return drawing


def label_of(name: str) -> str:
    """The name that users and readers know a part by."""
    if name in PYTHON:
        return f"likewise.{name}"
    return name.removeprefix("likewise-") if name in RUST else f"likewise{name[1:]}"


def connect(drawing: Drawing, source: Part, target: Part) -> None:
    """An arrow from the nearest side of one box to the other."""
    if source.y == target.y:
        right = target.x > source.x
        middle = source.y + source.height / 2
        drawing.line((source.x + source.width * right, middle), (target.x + target.width * (not right), middle), arrow=True)
        return
    down = target.y > source.y
    start, end = source.y + source.height * down, target.y + target.height * (not down)
    left, right_end = max(source.x, target.x), min(source.x + source.width, target.x + target.width)
    if left < right_end:  # one is above the other
        middle = (left + right_end) / 2
        drawing.line((middle, start), (middle, end), arrow=True)
        return
    middle, side = source.x + source.width / 2, target.x + target.width * (target.x < source.x)
    height = target.y + target.height / 2
    drawing.line((middle, start), (middle, height), (side, height), arrow=True)


if __name__ == "__main__":
    draw().save(NAME)
