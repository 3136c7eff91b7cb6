"""What the interpreter costs: the same work compiled and with LIKEWISE_ENGINE=pulley. Half a minute.

    python bench/interpreted/run.py [ROUNDS]

Each engine works in fresh processes, in turn. A process does everything once to warm up and then a few times; its figure is the median of
these, and the table has the medians of all processes. Processor time: nobody here waits, and what else runs does not count.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import likewise
from likewise import fuzz, process
from likewise.distance import Levenshtein

ROUNDS = 7
#: Times that a process does each piece of work after the first.
TIMES = 5
PARAGRAPHS = 807


def page() -> str:
    """An article of 95 KB: paragraphs, of which each has a link."""
    paragraph = (
        "<p>The quick brown fox <a href='/article/{0}?page=2'>number {0}</a> jumps over the lazy dog &amp; is <b>gone</b>.</p>\n"
    )
    return "<!doctype html><html lang=en><title>Foxes</title>" + "".join(paragraph.format(i) for i in range(PARAGRAPHS))


def tasks() -> dict[str, Callable[[], object]]:
    rng = random.Random(20250519)
    english = likewise.Dictionary.english()
    words = rng.sample(list(english), 10_000)
    rows, columns = words[:400], words[400:800]
    pairs = list(zip(words[:1000], words[1000:2000], strict=True))
    # A letter less than a word of middle length has: a query as people make it.
    wrong = [word[:2] + word[3:] for word in words if 6 <= len(word) <= 12][:20]
    text, html = "\n".join(words), page()
    return {
        "1,000 single calls of ratio": lambda: [fuzz.ratio(a, b) for a, b in pairs],
        "index of 10,000 words": lambda: likewise.Dictionary.from_text(text).close(),
        f"page of {len(html) // 1000} KB": lambda: likewise.Site("http://example.org/", content_type="text/html", body=html).page,
        "cdist 400 x 400, levenshtein": lambda: process.cdist(rows, columns, scorer=Levenshtein.distance),
        f"20 times best of {len(english):,} words, indel": lambda: [english.suggest(query) for query in wrong],
        f"5 times best of {len(english):,} words, typo": lambda: [english.suggest(query, metric="typo") for query in wrong[:5]],
    }


def timed(task: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    start = time.process_time_ns()
    task()
    return (time.process_time_ns() - start) / 1e6


def work() -> None:
    """In a process of its own: print the milliseconds of each piece of work."""
    measured = {}
    for name, task in tasks().items():
        task()
        measured[name] = statistics.median(timed(task) for _ in range(TIMES))
    print(json.dumps(measured))


def asked(engine: str) -> dict[str, float]:
    """What a process with this engine prints."""
    environment = {**os.environ, "LIKEWISE_ENGINE": engine}
    run = subprocess.run([sys.executable, __file__, "--work"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(run.stdout))


def quantity(ms: float) -> str:
    return f"{ms:.2f} ms" if ms < 1 else f"{ms:.1f} ms" if ms < 10 else f"{ms:.0f} ms"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    measured = [(asked("native"), asked("pulley")) for _ in range(rounds)]
    print("| what | compiled | interpreted | times |\n|---|---:|---:|---:|")
    for name in measured[0][0]:
        compiled, interpreted = (
            statistics.median(times) for times in zip(*((c[name], i[name]) for c, i in measured), strict=True)
        )
        times = statistics.median(i[name] / c[name] for c, i in measured)
        print(f"| {name} | {quantity(compiled)} | {quantity(interpreted)} | {times:.2g} |")


if __name__ == "__main__":
    work() if sys.argv[1:] == ["--work"] else main()
