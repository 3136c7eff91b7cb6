"""The main job on real input: spelling suggestions, your own options, 99 pages of a local server. Run it with `./just demo`."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

import likewise
from likewise import _engine

TYPOS = ["almni", "accomodate", "definately", "recieve", "seperate", "neccessary", "fonetic", "wierd", "independant", "tommorow"]
OPTIONS = ["init", "and", "or", "move"]
# The hanging pages are given up after this many seconds: four times the slowest honest page.
TIMEOUT = 2.0

# In a pipe there is no width to ask for.
console = Console(width=None if sys.stdout.isatty() else 120)


def spelling() -> None:
    """Suggestions over the whole dictionary, with the time that each took."""
    start = time.perf_counter()
    dictionary = likewise.Dictionary.english()
    ready = time.perf_counter() - start
    table = Table(title=f"Did you mean? {len(dictionary):,} words, ready in {ready * 1e3:.0f} ms")
    for name in ("written", "meant", "also"):
        table.add_column(name)
    table.add_column("similarity", justify="right")
    table.add_column("time", justify="right")
    for typo in TYPOS:
        start = time.perf_counter()
        best = likewise.spellcheck(typo, dictionary=dictionary)
        took = time.perf_counter() - start
        others = [found.word for found in likewise.spell_candidates(typo, 4, dictionary=dictionary)[1:]]
        table.add_row(typo, f"[bold]{best.word}", ", ".join(others), f"{best.score:.2f} %", f"{took * 1e6:,.0f} µs")
    console.print(table)


def options() -> None:
    """The same over four options of one's own."""
    best = likewise.suggest_word("mve", OPTIONS)
    console.print(f"\nOf {OPTIONS} the nearest to 'mve' is [bold]{best.word}[/] with {best.score:.2f} %\n")


@contextmanager
def small_web() -> Iterator[list[str]]:
    """The local server in a process of its own, and its URLs."""
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("server.py"))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())
    finally:
        server.communicate()


def outcome(site: likewise.Site) -> str:
    """A site's outcome in a word or two."""
    if site.error is not None:
        return f"[red]{site.error.kind}[/]"
    if not site.is_success:
        return f"[yellow]{site.status_code} {site.reason_phrase}[/]"
    if site.replaced:
        return f"[yellow]{site.status_code}, not {site.encoding}[/]"
    return f"[green]{site.status_code}[/] {site.page.title or ''}"


def fetching() -> None:
    """99 pages at once, ten of which misbehave: an outcome for each."""
    from server import PAGES, delay_of

    policy = likewise.Policy(allow_private=["127.0.0.0/8"])
    with small_web() as urls:
        start = time.perf_counter()
        sites = likewise.Site.from_urls(urls, policy=policy, timeout=TIMEOUT, concurrency=PAGES)
        took = time.perf_counter() - start
    assert [site.url for site in sites] == urls, "one outcome for each URL, in order"

    table = Table(
        title=f"{len(urls)} pages, {sum(site.ok for site in sites)} responses, {sum(not site.ok for site in sites)} failures"
    )
    columns = 3
    for _ in range(columns):
        table.add_column("page", justify="right")
        table.add_column("outcome")
    rows = -(-len(sites) // columns)
    for row in range(rows):
        cells: list[str] = []
        for page in range(row, len(sites), rows):
            cells += [str(page), outcome(sites[page])]
        table.add_row(*cells)
    console.print(table)
    honest = max(delay_of(page) for page, site in enumerate(sites) if site.ok)
    console.print(
        f"All of them in [bold]{took:.2f} s[/]: the slowest page takes {honest:.2f} s, the two that hang are given up after {TIMEOUT:.2f} s. "
        f"One after the other: {sum(delay_of(page) for page in range(PAGES)):.1f} s of waiting and the hanging ones on top.\n"
    )
    for site in sites:
        if site.error is not None:
            console.print(f"  [red]{site.error.kind:>20}[/]  {site.error.message}", highlight=False)


def artifact() -> None:
    """What did all this."""
    data = _engine.COMPONENT.read_bytes()
    imports = ", ".join(likewise.component.load(data).imports)
    digest = hashlib.sha256(data).hexdigest()
    console.print(
        f"\nOne component did this: {len(data):,} bytes, sha256 {digest}\nAll that it can touch: {imports}", highlight=False
    )


if __name__ == "__main__":
    spelling()
    options()
    fetching()
    artifact()
