"""Check the built site, a folder given: every link and anchor leads somewhere, nothing is loaded from elsewhere, every public name
has an entry in the reference.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import sys
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

MODULES = """
    likewise likewise.fuzz likewise.process likewise.errors likewise.component likewise.fetch likewise.spelling
    likewise.didyoumean likewise.didyoumean.argparse likewise.didyoumean.click likewise.didyoumean.cmd likewise.didyoumean.typer
    likewise.tables likewise.tables.pandas likewise.tables.polars likewise.tables.duckdb
""".split()

# These import frameworks that are not always there: of them, what they list.
LISTED = ["likewise.tables.ray", "likewise.tables.dask", "likewise.tables.spark"]

# Tags that make a browser load what they name.
LOADS = frozenset(["img", "script", "source", "iframe"])


class Links(HTMLParser):
    """The anchors of a page, what it links to, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.targets: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names and where it leads."""
        given = dict(attrs)
        self.anchors |= {value for key, value in attrs if key in ("id", "name") and value}
        if tag in LOADS and given.get("src"):
            self.loaded.append(given["src"] or "")
        elif tag == "link" and given.get("href"):
            self.loaded += [given["href"] or ""] * (given.get("rel") in ("stylesheet", "icon", "preload"))
        elif tag == "a" and given.get("href"):
            self.targets.append(given["href"] or "")


def broken_links(site: Path) -> Iterator[str]:
    """What leads nowhere, or elsewhere where it must not."""
    pages = {}
    for file in sorted(site.rglob("*.html")):
        pages[file.resolve()] = links = Links()
        links.feed(file.read_text("utf-8"))
    for file, links in pages.items():
        # 404.html is served under any address, so that its links are absolute.
        home = site.resolve() if file.name == "404.html" else file.parent
        name = file.relative_to(site.resolve())
        for target in links.loaded:
            if urlsplit(target).scheme not in ("", "data") or target.startswith("//"):
                yield f"{name}: loads {target} from elsewhere"
        for target in [*links.targets, *links.loaded]:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            path, anchor = urldefrag(target)
            there = (home / unquote(path).lstrip("/")).resolve() if path else file
            there = there / "index.html" if there.is_dir() else there
            if not there.exists():
                yield f"{name}: no such page: {target}"
            elif anchor and there in pages and unquote(anchor) not in pages[there].anchors:
                yield f"{name}: no such anchor: {target}"


def public_names() -> Iterator[str]:
    """Every name that users type: what the modules list, and the public members of their classes."""
    seen: set[object] = set()
    for path in MODULES:
        module = importlib.import_module(path)
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.ismodule(value) and path == "likewise":
                continue
            yield f"{path}.{name}"
            if inspect.isclass(value) and value not in seen:
                seen.add(value)
                # What a class inherits from outside of the package is documented there.
                yield from (
                    f"{path}.{name}.{member}" for member in vars(value) if not member.startswith("_") and _own(value, member)
                )
    distance = importlib.import_module("likewise.distance")
    for name in distance.__all__:
        value = getattr(distance, name)
        yield f"likewise.distance.{name}"
        if inspect.ismodule(value):
            yield from (f"likewise.distance.{name}.{function}" for function in value.__all__)
    yield "likewise.utils.default_process"
    for path in LISTED:
        source = importlib.util.find_spec(path)
        assert source is not None and source.origin is not None, path
        for node in ast.parse(Path(source.origin).read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                yield from (f"{path}.{name}" for name in ast.literal_eval(node.value))


def _own(cls: type, member: str) -> bool:
    value = inspect.getattr_static(cls, member)
    return isinstance(value, (property, classmethod, staticmethod)) or inspect.isfunction(value)


def entries(site: Path) -> set[str]:
    """The names that the site has entries for, from its inventory (Sphinx's format)."""
    data = (site / "objects.inv").read_bytes()
    head = b"".join(data.splitlines(keepends=True)[:4])
    return {line.split(" ", 1)[0] for line in zlib.decompress(data[len(head) :]).decode().splitlines()}


def main() -> None:
    """Print what is wrong; exit 1 if anything is."""
    site = Path(sys.argv[1])
    problems = list(broken_links(site))
    documented = entries(site)
    problems += [f"no entry in the reference: {name}" for name in public_names() if name not in documented]
    if problems:
        sys.exit("\n".join(dict.fromkeys(problems)))


if __name__ == "__main__":
    main()
