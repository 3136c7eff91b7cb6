"""Every code block of the documentation runs, and shows what comes out."""

from __future__ import annotations

from collections import Counter

import pytest
from blocks import DATA, ROOT, RUNS, Block, blocks, pages
from running import Page

PAGES = {name: blocks(name) for name in pages()}

# Why a block does not run, and how often: the reasons of the HTML comments before them.
NOT_RUN = {
    "it needs a cluster's engine; tests/scale has these": 4,
    "it would install into the environment of whoever runs the tests": 1,
    "shows another library, before the change": 1,
    "the tests run within this": 1,
    "the way before, whose library is not here": 6,
}


@pytest.mark.parametrize(
    "name", [name for name, found in PAGES.items() if {"python", "pycon", "console"} & {b.language for b in found}]
)
def test_a_page_shows_what_comes_out(name: str, page: Page) -> None:
    for block in PAGES[name]:
        if not block.reason:
            page.run(block)


@pytest.mark.parametrize("block", [block for found in PAGES.values() for block in found], ids=lambda block: block.where)
def test_a_block_runs_or_says_why_not(block: Block) -> None:
    assert block.reason or block.language in RUNS | DATA, (
        f"{block.where}: a block of {block.language or 'no language'} does not run: say why in a comment before it, <!-- not run: ... -->"
    )


def test_what_does_not_run_is_known() -> None:
    assert Counter(block.reason for found in PAGES.values() for block in found if block.reason) == NOT_RUN


def test_blocks_of_rust_are_doctests() -> None:
    """Whoever shows Rust is included in a crate's documentation tests; the crate's own file may begin anywhere."""
    included = "".join(file.read_text("utf-8") for file in (ROOT / "guest").glob("*/src/lib.rs"))
    for name, found in PAGES.items():
        if any(block.language == "rust" and not block.reason for block in found):
            assert f'include_str!("../../../{name}")' in included, f"{name} is not among the doctests of a crate"
