"""A fuzzy join of two columns beside RapidFuzz's `cdist`, in turn and in one process. See README.md beside it."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
from rapidfuzz import fuzz, process

import likewise
from likewise.tables import Suggest, pairs

SHARED = Path(os.environ.get("LIKEWISE_SHARED", Path(__file__).parents[3] / "shared"))
OUTPUT = Path(__file__).parents[2] / "dist" / "bench"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def vocabulary() -> list[str]:
    """The words of the articles where they are at hand, else the package's largest list."""
    path = SHARED / "data" / "words_alpha.txt.gz"
    if path.exists():
        return gzip.decompress(path.read_bytes()).decode().split()
    return list(likewise.Dictionary.english("huge"))


def columns(rows: int, words_each: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """A column of names of so many words, and one of which four in five are such names with one or two errors."""
    draw, words = random.Random(seed), vocabulary()

    def name() -> str:
        return " ".join(draw.choice(words) for _ in range(words_each))

    right = [name() for _ in range(rows)]
    left = [with_errors(draw.choice(right), draw) if draw.random() < 0.8 else name() for _ in range(rows)]
    return left, right


def with_errors(text: str, draw: random.Random) -> str:
    letters = list(text)
    for _ in range(draw.choice([1, 1, 2])):
        at = draw.randrange(len(letters))
        match draw.randrange(4):
            case 0:
                letters[at] = draw.choice(LETTERS)
            case 1:
                letters.insert(at, draw.choice(LETTERS))
            case 2 if len(letters) > 1:
                del letters[at]
            case _:
                letters[at : at + 2] = letters[at : at + 2][::-1]
    return "".join(letters)


class Clock:
    """Seconds that a call took: on the wall, and of this process's processors."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def time(self, call: Callable[[], Any]) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        result = call()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)
        return result


def brute_force(left: list[str], right: list[str], cutoff: float) -> list[tuple[int, int]]:
    """The pairs that `cdist` finds."""
    scores = process.cdist(left, right, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32, workers=1)
    return [(int(i), int(j)) for i, j in zip(*np.nonzero(scores), strict=True)]


def compare(title: str, rows: int, words_each: int, sample: int, rounds: int) -> Iterator[dict[str, Any]]:
    """The whole join by likewise, and `cdist` of a random sample of the left rows with all right rows, in turn."""
    left, right = columns(rows, words_each)
    chosen = random.Random(2).sample(range(rows), sample)
    some = [left[row] for row in chosen]
    mine, theirs = pa.array(left), pa.array(right)
    for cutoff in (95, 90, 85, 80):
        clocks = {"likewise": Clock(), "rapidfuzz": Clock()}
        for _ in range(rounds):
            # Building the index is part of the join.
            found = clocks["likewise"].time(lambda: pairs(mine, theirs, score_cutoff=cutoff).read_all())  # noqa: B023
            known = clocks["rapidfuzz"].time(lambda: brute_force(some, right, cutoff))  # noqa: B023
        agree(found, known, chosen, left, right, cutoff)
        each = {
            name: {
                "wall": statistics.median(clock.wall) / (rows if name == "likewise" else sample),
                "cpu": statistics.median(clock.cpu) / (rows if name == "likewise" else sample),
            }
            for name, clock in clocks.items()
        }
        yield {
            "columns": title,
            "rows": rows,
            "cutoff": cutoff,
            "pairs": found.num_rows,
            "likewise_s": each["likewise"]["wall"] * rows,
            "rapidfuzz_s": each["rapidfuzz"]["wall"] * rows,
            "ratio_wall": each["rapidfuzz"]["wall"] / each["likewise"]["wall"],
            "ratio_cpu": each["rapidfuzz"]["cpu"] / each["likewise"]["cpu"],
        }


def agree(found: Any, known: list[tuple[int, int]], chosen: list[int], left: list[str], right: list[str], cutoff: float) -> None:
    """Fail unless the pairs of the rows chosen are those of brute force."""
    wanted = set(chosen)
    listed = zip(found.column("left").to_pylist(), found.column("right").to_pylist(), strict=True)
    mine = {pair for pair in listed if pair[0] in wanted}
    theirs = {(chosen[i], j) for i, j in known}
    for i, j in mine ^ theirs:
        # RapidFuzz keeps cutoffs in single precision, see docs/differences.md: a pair may only be missing on the very edge.
        score = fuzz.ratio(left[i], right[j])
        assert abs(score - cutoff) < 1e-5, (left[i], right[j], score)


def large(rows: int, slice_: int, cutoff: float) -> dict[str, Any]:
    """A slice of the left rows of a join of two large columns: its time and memory, and what all rows would take."""
    left, right = columns(rows, 2)
    mine, theirs = pa.array(left[: 3 * slice_]), pa.array(right)
    expected = pa.array(left)
    del left, right
    before = psutil.Process().memory_info().rss
    peak = 0
    count = 0

    def run(of: int) -> None:
        nonlocal peak, count
        count = 0
        for batch in pairs(mine.slice(0, of), theirs, score_cutoff=cutoff):
            count += batch.num_rows
            peak = max(peak, psutil.Process().memory_info().rss)

    # The first run touches memory for the first time: it does not count but for that. Three slices less one are two of rows alone.
    run(slice_)
    most = peak - before
    clock = Clock()
    clock.time(lambda: run(3 * slice_))
    clock.time(lambda: run(slice_))
    each, cpu = ((taken[0] - taken[1]) / (2 * slice_) for taken in (clock.wall, clock.cpu))
    index = clock.wall[1] - each * slice_
    return {
        "rows": rows,
        "slice": slice_,
        "cutoff": cutoff,
        "pairs": count,
        "index_s": index,
        "us_a_row": 1e6 * each,
        "cpu_us_a_row": 1e6 * cpu,
        "all_s": index + each * rows,
        "memory_mb": most / 1e6,
        "columns_mb": (expected.nbytes + theirs.nbytes) / 1e6,
    }


def suggest(rows: int) -> dict[str, float]:
    """Words meant, a second and thread: what docs/scale.md plans with."""
    draw = random.Random(5)
    words = [with_errors(word, draw) for word in draw.sample(vocabulary(), rows)]
    rates = {}
    for metric in ("typo", "indel"):
        task = Suggest("typed", metric=metric)  # type: ignore[arg-type]
        task(pa.table({"typed": words[:100]}))
        clock = Clock()
        clock.time(lambda: task(pa.table({"typed": words})))  # noqa: B023
        rates[metric] = rows / clock.cpu[0]
    return rates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=400, help="left rows that RapidFuzz compares with all right rows")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--large", type=int, default=1_000_000, help="rows of the large join, of which a slice is measured; 0 for none"
    )
    parser.add_argument("--slice", type=int, default=10_000)
    options = parser.parse_args()
    report: dict[str, Any] = {"join": []}
    print(f"| columns of {options.rows:,} | cutoff | pairs | likewise | RapidFuzz cdist | times (wall) | times (CPU) |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for title, words_each in (("names of two words", 2), ("single words", 1)):
        for row in compare(title, options.rows, words_each, options.sample, options.rounds):
            report["join"].append(row)
            print(
                f"| {title} | {row['cutoff']} | {row['pairs']:,} | {row['likewise_s']:.1f} s | {row['rapidfuzz_s']:.0f} s "
                f"| {row['ratio_wall']:.1f} | {row['ratio_cpu']:.1f} |",
                flush=True,
            )
    if options.large:
        row = report["large"] = large(options.large, options.slice, 90)
        print(
            f"\n{row['rows']:,} x {row['rows']:,}, cutoff 90: {row['slice']:,} rows took {row['us_a_row']:,.0f} us each, the index "
            f"{row['index_s']:.1f} s, {row['memory_mb']:,.0f} MB beside the columns' {row['columns_mb']:,.0f} MB; all rows on one thread: "
            f"{row['all_s'] / 60:,.0f} minutes (by CPU time {row['cpu_us_a_row'] * row['rows'] / 6e7:,.0f})"
        )
    report["suggest"] = suggest(20_000)
    print("\nwords meant a second of CPU: " + ", ".join(f"{metric} {rate:,.0f}" for metric, rate in report["suggest"].items()))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "tables.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
