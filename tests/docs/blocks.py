"""The code blocks of the documentation's pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]

# What each language of a block means to the tests. `js` runs in tests/js/docs.test.js, `rust` as the doctests of the crates.
RUNS = frozenset(["python", "pycon", "console", "js", "rust"])
# Not programs. `text` is what the Python block before it prints.
DATA = frozenset(["text", "wit", "html", "json", "toml", "yaml"])

_REASON = re.compile(r"<!-- not run: (.+?) -->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text and the page's line on which that begins; why it does not run, if it does not."""

    page: str
    line: int
    language: str
    code: str
    reason: str = ""

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Every page that users read, relative to the root."""
    found = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "host-js").glob("*.md"),
        *(ROOT / "host-py").glob("*.md"),
    ]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order."""
    found = []
    reason = ""
    for token in MarkdownIt().parse((ROOT / page).read_text("utf-8")):
        if token.type == "fence" and token.map is not None:
            language = token.info.split()[0] if token.info.strip() else ""
            found.append(Block(page, token.map[0] + 2, language, token.content, reason))
        said = _REASON.search(token.content) if token.type == "html_block" else None
        reason = said.group(1) if said else ""
    return found
