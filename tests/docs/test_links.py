"""Links of the Markdown files lead somewhere where the files are read as they are, as on a forge. The site's own links are checked by `./just docs`."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urlsplit

import pytest
from blocks import ROOT, pages
from markdown_it import MarkdownIt


def links(name: str) -> list[str]:
    """Targets of the links and images of a page."""
    found = []
    for token in MarkdownIt().parse((ROOT / name).read_text("utf-8")):
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                found.append(str(target))
    return found


def anchors(name: str) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", pages())
def test_links_lead_somewhere(name: str) -> None:
    for target in links(name):
        path, anchor = urldefrag(target)
        # Pages of the reference get their content and their anchors when the site is built.
        if urlsplit(target).scheme or "reference/" in path or path.startswith("wit/"):
            continue
        there = (ROOT / name).parent / path if path else ROOT / name
        assert there.exists(), f"{name}: {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(str(there.resolve().relative_to(ROOT))), f"{name}: {target}"
