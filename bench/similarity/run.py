"""Similarity against its peers: in one process, in turn, medians and ratios. See README.md beside it."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import peers
import rapidfuzz
from rapidfuzz.distance import Levenshtein as RapidLevenshtein

import likewise
from likewise import fuzz, process
from likewise.distance import Levenshtein

SHARED = Path(os.environ.get("LIKEWISE_SHARED", Path(__file__).parents[3] / "shared"))
OUTPUT = Path(__file__).parents[1] / "results" / "similarity.json"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Row:
    """One comparison: medians in microseconds, and the median of the ratios of neighbouring measurements."""

    title: str
    peer: str
    likewise_us: float
    peer_us: float
    ratio: float
    aim: float | None = None


class Table:
    """Rows as they are measured."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def compare(
        self,
        title: str,
        peer: str,
        ours: Callable[[Any], object],
        theirs: Callable[[Any], object],
        arguments: Sequence[Any],
        aim: float | None = None,
        *,
        passes: int = 0,
    ) -> None:
        """Ask both the same, in turn.

        ``passes``: for calls that another process on the machine would drown. So often ours is asked for all arguments, one after the
        other, before the peer's turn and after it, and the least time of each argument counts.
        """
        if not passes:
            timed(ours, arguments[0])
            timed(theirs, arguments[0])
            both = [(timed(ours, argument), timed(theirs, argument)) for argument in arguments]
        else:
            before = [[timed(ours, argument) for argument in arguments] for _ in range(passes)]
            known = [timed(theirs, argument) for argument in arguments]
            after = [[timed(ours, argument) for argument in arguments] for _ in range(passes)]
            both = list(zip(map(min, *before, *after), known, strict=True))
        medians = [statistics.median(times) for times in zip(*both, strict=True)]
        row = Row(title, peer, medians[0], medians[1], statistics.median(k / m for m, k in both), aim)
        self.rows.append(row)
        print(line(row), flush=True)


def timed(ask: Callable[[Any], object], argument: Any) -> float:
    """Microseconds of the processor that a call takes: everybody here computes and nobody waits, so that what else runs does not count."""
    start = time.process_time_ns()
    ask(argument)
    return (time.process_time_ns() - start) / 1000


def line(row: Row) -> str:
    aim = "" if row.aim is None else f"{row.aim:,g}x"
    return f"| {row.title} | {row.peer} | {quantity(row.likewise_us)} | {quantity(row.peer_us)} | {row.ratio:,.3g}x | {aim} |"


def quantity(us: float) -> str:
    return f"{us:,.2f} µs" if us < 1000 else f"{us / 1000:,.2f} ms" if us < 1e6 else f"{us / 1e6:,.2f} s"


HEAD = "| what | peer | likewise | peer's | likewise is faster by | aim |\n|---|---|---|---|---|---|"


def words_of_the_articles() -> list[str]:
    path = SHARED / "data" / "words_alpha.txt.gz"
    if path.exists():
        return gzip.decompress(path.read_bytes()).decode().split()
    print("the articles' words are not at hand: SCOWL's huge list stands in", file=sys.stderr)
    return list(likewise.Dictionary.english("huge"))


def typo(rng: random.Random, word: str) -> str:
    for _ in range(rng.choice([1, 1, 2])):
        place = rng.randrange(len(word))
        edit = rng.randrange(4)
        if edit == 0:
            word = word[:place] + rng.choice(LETTERS) + word[place:]
        elif edit == 1 and len(word) > 2:
            word = word[:place] + word[place + 1 :]
        elif edit == 2:
            word = word[:place] + rng.choice(LETTERS) + word[place + 1 :]
        else:
            word = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    return word


def queries(words: list[str], share: float) -> dict[str, list[str]]:
    """Typos, garbage, exact words, long ones and adversarial ones; ``share`` of the full number."""
    rng = random.Random(20250519)
    count = max(3, round(20 * share))
    longer = [word for word in words if 5 <= len(word) <= 14]
    return {
        "typo": [typo(rng, word) for word in rng.sample(longer, max(10, round(300 * share)))],
        "exact": rng.sample(longer, count),
        "garbage": ["".join(rng.choices(LETTERS, k=rng.randrange(5, 15))) for _ in range(count)],
        "long": ["".join(rng.sample(longer, 6))[: rng.randrange(40, 65)] for _ in range(count)],
        "adversarial": ["a" * 12, "e" * 30, "ab" * 16, "abcdefghijklmnopqrstuvwxyz", "etaoinshrdlu" * 5, "s" * 64][
            : max(3, count)
        ],
    }


def dictionary_rows(table: Table, words: list[str], share: float) -> None:
    asked = queries(words, share)
    dictionary = likewise.Dictionary(words)

    def ours(metric: str, limit: int) -> Callable[[str], object]:
        return lambda query: dictionary.search(query, limit, metric=metric)  # type: ignore[arg-type]

    def theirs(scorer: Any, limit: int) -> Callable[[str], object]:
        if limit == 1:
            return lambda query: rapidfuzz.process.extractOne(query, words, scorer=scorer)
        return lambda query: rapidfuzz.process.extract(query, words, scorer=scorer, limit=limit)

    ratio, levenshtein = rapidfuzz.fuzz.ratio, RapidLevenshtein.normalized_similarity
    best = "RapidFuzz extractOne"
    few = asked["typo"][: len(asked["typo"]) // 2]
    table.compare("typo, best, indel", f"{best}(fuzz.ratio)", ours("indel", 1), theirs(ratio, 1), asked["typo"], 2500, passes=5)
    table.compare("typo, best, levenshtein", best, ours("levenshtein", 1), theirs(levenshtein, 1), asked["typo"], 2000, passes=5)
    table.compare("typo, best 5, indel", "RapidFuzz extract", ours("indel", 5), theirs(ratio, 5), few, 600, passes=5)
    table.compare(
        "typo, best 5, levenshtein", "RapidFuzz extract", ours("levenshtein", 5), theirs(levenshtein, 5), few, 250, passes=5
    )
    for kind in ["exact", "garbage", "long", "adversarial"]:
        table.compare(f"{kind}, best, indel", best, ours("indel", 1), theirs(ratio, 1), asked[kind], passes=5)
        table.compare(f"{kind}, best, levenshtein", best, ours("levenshtein", 1), theirs(levenshtein, 1), asked[kind], passes=5)
    worst(table, asked, ours("indel", 1), theirs(ratio, 1), "worst, best, indel", 12)
    worst(table, asked, ours("levenshtein", 1), theirs(levenshtein, 1), "worst, best, levenshtein", 10)
    typo_metric = ours("typo", 1)
    with tempfile.TemporaryDirectory() as folder:
        go = peers.go(words, Path(folder))
        if go is not None:
            table.compare("typo, best, indel", "Go, the articles'", ours("indel", 1), go, few[:5], passes=5)
    table.compare("typo, best, indel", "Python, the articles'", ours("indel", 1), peers.pure_python(words), few[:1], passes=5)
    # Their answers are within two edits and made for people, so that the metric for people is what compares.
    table.compare("typo, for people", "symspellpy", typo_metric, peers.symspell(words), asked["typo"], passes=5)
    table.compare("typo, for people", "pyspellchecker", typo_metric, peers.pyspellchecker(words), few[:10], passes=5)
    index_rows(table, dictionary, words)


def worst(
    table: Table,
    asked: dict[str, list[str]],
    ours: Callable[[str], object],
    theirs: Callable[[str], object],
    title: str,
    aim: float,
) -> None:
    """The query that likewise is slowest at, of all."""
    everything = [query for group in asked.values() for query in group if len(query) <= 64]
    slowest = max(everything, key=lambda query: min(timed(ours, query) for _ in range(3)))
    table.compare(f"{title} ({slowest[:20]})", "RapidFuzz extractOne", ours, theirs, [slowest] * 5, aim, passes=5)


def index_rows(table: Table, dictionary: likewise.Dictionary, words: list[str]) -> None:
    """What an index costs. Nothing of a peer's compares: the numbers stand alone."""
    text = "\n".join(words)
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder, "words.likewise")
        dictionary.save(saved)
        steps: list[tuple[str, Callable[[Any], object]]] = [
            ("index from text", lambda _: likewise.Dictionary.from_text(text).close()),
            ("index from a saved file", lambda _: likewise.Dictionary.load(saved).close()),
        ]
        for title, step in steps:
            times = [timed(step, None) for _ in range(5)]
            print(f"{title}: {quantity(statistics.median(times))}", flush=True)
    print(f"memory of words and index: {dictionary.memory / 1e6:.2f} MB", flush=True)


def batch_rows(table: Table, words: list[str], share: float) -> None:
    rng = random.Random(7)
    rows, columns = rng.sample(words, 1000), rng.sample(words, 10000)
    times = max(3, round(10 * share))
    matrix, rapid_matrix = process.cdist, rapidfuzz.process.cdist
    table.compare(
        "cdist 1,000 x 10,000, ratio",
        "RapidFuzz cdist, workers=1",
        lambda _: matrix(rows, columns, scorer=fuzz.ratio),
        lambda _: rapid_matrix(rows, columns, scorer=rapidfuzz.fuzz.ratio),
        range(times),
        5,
    )
    table.compare(
        "cdist 1,000 x 10,000, levenshtein",
        "RapidFuzz cdist, workers=1",
        lambda _: matrix(rows, columns, scorer=Levenshtein.distance),
        lambda _: rapid_matrix(rows, columns, scorer=RapidLevenshtein.distance),
        range(times),
        3,
    )
    pairs = columns[:1000]
    for title, scorer, theirs in [
        ("ratio", fuzz.ratio, rapidfuzz.fuzz.ratio),
        ("levenshtein", Levenshtein.distance, RapidLevenshtein.distance),
    ]:
        table.compare(
            f"1,000 pairs, {title}",
            "RapidFuzz cpdist",
            lambda _, scorer=scorer: process.cpdist(rows, pairs, scorer=scorer),
            lambda _, theirs=theirs: rapidfuzz.process.cpdist(rows, pairs, scorer=theirs),
            range(50),
            2,
        )
    table.compare(
        "extract of 1,000 choices, WRatio",
        "RapidFuzz extract",
        lambda query: process.extract(query, rows),
        lambda query: rapidfuzz.process.extract(query, rows),
        columns[:50],
    )
    table.compare(
        "extract of 10,000 choices, ratio",
        "RapidFuzz extract",
        lambda query: process.extract(query, columns, scorer=fuzz.ratio),
        lambda query: rapidfuzz.process.extract(query, columns, scorer=rapidfuzz.fuzz.ratio),
        rows[:20],
    )

    def calls(ratio: Callable[[str, str], float]) -> Callable[[Any], object]:
        pair = list(zip(rows, pairs, strict=True))
        return lambda _: [ratio(a, b) for a, b in pair]

    table.compare("1,000 calls of ratio", "RapidFuzz", calls(fuzz.ratio), calls(rapidfuzz.fuzz.ratio), range(20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="all queries, about ten minutes; otherwise a tenth of them, within two"
    )
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT, help="where the numbers go")
    arguments = parser.parse_args()
    share = 1.0 if arguments.full else 0.1
    words = words_of_the_articles()
    names = ["likewise", "rapidfuzz", "symspellpy", "pyspellchecker", "wasmtime", "numpy"]
    versions = {name: metadata.version(name) for name in names if name != "likewise"} | {"likewise": likewise.__version__}
    print(
        f"{len(words):,} words, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors\n\n{HEAD}"
    )
    table = Table()
    batch_rows(table, words, share)
    dictionary_rows(table, words, share)
    data = {
        "words": len(words),
        "python": platform.python_version(),
        "versions": versions,
        "rows": [asdict(row) for row in table.rows],
    }
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(data, indent=1) + "\n")


if __name__ == "__main__":
    main()
