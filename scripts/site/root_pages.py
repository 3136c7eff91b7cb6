"""SECURITY.md, CONTRIBUTING.md and CHANGELOG.md, which stand at the project's root, as pages of the documentation's site.

A hook of MkDocs (`mkdocs.yml`). Their links are those of the root; here they lead to the site's pages.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PAGES = {
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "README.md": "index.md",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to those that are in docs/."""
    for source, page in PAGES.items():
        if files.get_file_from_path(page) is None:
            files.append(File.generated(config, page, content=relinked((ROOT / source).read_text("utf-8"))))
    return files


def relinked(text: str) -> str:
    """A root's page with its links to pages made those of the site."""

    def target(link: re.Match[str]) -> str:
        path, anchor = link[1], link[2] or ""
        return f"]({PAGES.get(path, path.removeprefix('docs/'))}{anchor})"

    return re.sub(r"\]\(([^)#:]+)(#[^)]*)?\)", target, text)
