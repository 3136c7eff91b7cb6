"""What a second worker is worth: words meant by Ray Data on one actor and on two, in turn. Run it with `./just bench-scale`. See README.md beside it."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import ray
import ray.data

import likewise
from likewise.tables import Suggest
from likewise.tables.ray import map_batches

OUTPUT = Path(__file__).parents[2] / "dist" / "bench"
LETTERS = "abcdefghijklmnopqrstuvwxyz"

# Enough blocks that two workers end at about the same time.
BLOCKS = 32


def typed(rows: int) -> list[Any]:
    """Distinct words with an error each, a table for each block."""
    draw = random.Random(11)
    words = list(likewise.Dictionary.english())
    wrong: dict[str, None] = {}
    while len(wrong) < rows:
        word = draw.choice(words)
        at = draw.randrange(len(word) + 1)
        wrong[word[:at] + draw.choice(LETTERS) + word[at + draw.randrange(2) :]] = None
    whole = pa.table({"typed": list(wrong)})
    size = -(-rows // BLOCKS)
    return [whole.slice(start, size) for start in range(0, rows, size)]


def once(blocks: list[Any], workers: int, metric: Any) -> tuple[float, float, int]:
    """Seconds from the first result to the last, the load of this machine's processors by others, and the words meant.

    Actors start and engines are made before the first result: a job of hours has that once.
    """
    results = map_batches(ray.data.from_arrow(blocks), Suggest("typed", metric=metric), workers=workers, rows=256)
    stream = iter(results.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0))
    first = next(stream)
    psutil.cpu_percent()
    start = time.perf_counter()
    done = sum(batch.num_rows - batch.column("suggestion").null_count for batch in stream)
    seconds = time.perf_counter() - start
    return seconds, psutil.cpu_percent(), done + first.num_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=96_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--metric", default="typo")
    options = parser.parse_args()
    blocks = typed(options.rows)
    ray.init(num_cpus=4, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    taken: dict[int, list[float]] = {1: [], 2: []}
    try:
        for number in range(options.rounds):
            for workers in (1, 2) if number % 2 == 0 else (2, 1):
                seconds, load, _ = once(blocks, workers, options.metric)
                # What one word takes, where the first block is not counted.
                taken[workers].append(seconds)
                print(f"round {number}: {workers} workers {seconds:.1f} s, processors {load:.0f} % busy", flush=True)
    finally:
        ray.shutdown()
    medians = {workers: statistics.median(seconds) for workers, seconds in taken.items()}
    # One worker has done one block when the clock starts; of two workers one has.
    rows = options.rows - options.rows // BLOCKS
    report = {
        "rows": options.rows,
        "metric": options.metric,
        "seconds": taken,
        "words_a_second": {workers: rows / seconds for workers, seconds in medians.items()},
        "two_over_one": medians[1] / medians[2],
        "best_two_over_one": min(taken[1]) / min(taken[2]),
    }
    print(
        f"{options.rows:,} words, metric {options.metric}: {report['words_a_second'][1]:,.0f} a second on one worker, "
        f"{report['words_a_second'][2]:,.0f} on two: {report['two_over_one']:.2f} times (medians), {report['best_two_over_one']:.2f} (best)"
    )
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "scale.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
