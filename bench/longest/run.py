"""What the longest queries and texts take that a stranger may send: the slowest of four kinds, by metric. Some ten minutes.

    python bench/longest/run.py [TURNS]

The kinds are all equal letters, two in turn, all distinct ones and random ones. Each is asked once; the slowest of them TURNS times more, of which
the table has the median. Processor time: nobody here waits, and what else runs does not count.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

import likewise
from likewise._engine import component

TURNS = 3
#: Code points of the longest text, and of the longest query by a metric that compares slowly.
LONGEST, SLOW_LONGEST = 8192, 1024
SLOW = {"damerau-levenshtein", "typo", "sorensen-dice"}

#: Metrics that take about as long, as the table names them.
METRICS = [
    ["osa", "levenshtein"],
    ["indel", "lcs-seq"],
    ["damerau-levenshtein"],
    ["typo"],
    ["sorensen-dice", "jaro", "jaro-winkler"],
    ["hamming", "prefix", "postfix"],
]
#: Ratios that look for the best part of the longer text.
OF_PARTS = ["partial-ratio", "partial-token-sort-ratio", "partial-token-set-ratio", "partial-token-ratio", "w-ratio"]


def kinds(length: int, seed: int) -> list[str]:
    """All equal, alternating, all distinct and random letters: those of another seed share some letters, in another order."""
    rng = random.Random(seed)
    distinct = [chr(0x4E00 + i) for i in range(length)]
    rng.shuffle(distinct)
    return [
        "a" * length,
        ("ab" if seed else "ba") * (length // 2),
        "".join(distinct),
        "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=length)),
    ]


def timed(call: Callable[[], object]) -> float:
    """Seconds of the processor."""
    start = time.process_time()
    call()
    return time.process_time() - start


def slowest(calls: Iterable[Callable[[], object]], turns: int) -> str:
    """The time of the slowest of these calls."""
    call = max(calls, key=timed)
    seconds = statistics.median(timed(call) for _ in range(turns))
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{max(seconds * 1000, 1):.0f} ms"


def searches(words: likewise.Dictionary, metrics: list[str]) -> Iterable[Callable[[], object]]:
    for metric in metrics:
        for query in kinds(SLOW_LONGEST if metric in SLOW else LONGEST, 0):
            yield partial(words.suggest, query, metric=metric)  # type: ignore[arg-type]


def pairs(compare: Callable[..., object], names: Iterable[object], length: int) -> Iterable[Callable[[], object]]:
    """One text of the longest kind with another of `length`, each kind with each."""
    for name in names:
        for a in kinds(LONGEST, 0):
            for b in kinds(length, 1):
                yield partial(compare, name, a, b)


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    words = likewise.Dictionary.english()
    engine = component().similarity
    engine.fuzz(engine.Ratio.RATIO, "a", "b")
    print(
        f"| metric | a query of the longest kind, over {len(words):,} words | two texts of {LONGEST:,} |\n|---|---:|---:|",
        flush=True,
    )
    for metrics in METRICS:
        title = ", ".join(f"`{metric}`" for metric in metrics)
        search = slowest(searches(words, metrics), turns)
        compared = slowest(pairs(engine.distance, map(engine.Metric, metrics), LONGEST), turns)
        print(f"| {title} | {search} | {compared} |", flush=True)
    parts = [engine.Ratio(name) for name in OF_PARTS]
    half = slowest(pairs(engine.fuzz, parts, LONGEST // 2), turns)
    print(f"| ratios of parts (`partial_ratio`, `WRatio`, ...) | | {half}, with a text half as long |", flush=True)
    others = slowest(pairs(engine.fuzz, set(engine.Ratio) - set(parts), LONGEST), turns)
    print(f"| the other ratios | | {others} |")


if __name__ == "__main__":
    main()
