"""What a second worker is worth: words meant by Ray Data on one actor and on two, in turn. Run it with `./just bench-scale`. See README.md beside it."""

from __future__ import annotations

import argparse
import json
import os
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

# A worker takes a block at a time. The clock runs from the end of the first few to the end of all but the last few: there every worker is at work.
BLOCKS = 48
OUTSIDE = 6


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


class Measured(Suggest):
    """`Suggest`, with the processor time that each batch took."""

    def _run(self, table: Any) -> Any:
        start = time.process_time()
        made = super()._run(table)
        spent = (time.process_time() - start) / max(table.num_rows, 1)
        return made.append_column("cpu", pa.array([spent] * table.num_rows, pa.float64()))


def once(blocks: list[Any], workers: int, metric: Any) -> tuple[float, float, float]:
    """Words a second while all workers are at work, the same for a second of a worker's processor, and how busy those of this machine
    were, in percent."""
    results = map_batches(ray.data.from_arrow(blocks), Measured("typed", metric=metric), workers=workers, rows=256)
    done: list[tuple[float, int]] = []
    spent = []
    for batch in results.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        done.append((time.perf_counter(), batch.num_rows))
        spent.append(statistics.mean(batch.column("cpu").to_pylist()))
        if len(done) == OUTSIDE:
            psutil.cpu_percent()
        elif len(done) == BLOCKS - OUTSIDE:
            busy = psutil.cpu_percent()
    window = done[OUTSIDE - 1 : BLOCKS - OUTSIDE]
    rate = sum(rows for _, rows in window[1:]) / (window[-1][0] - window[0][0])
    return rate, 1 / statistics.mean(spent[OUTSIDE : BLOCKS - OUTSIDE]), busy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=96_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--metric", default="typo")
    options = parser.parse_args()
    blocks = typed(options.rows)
    # Ray gives its workers the lowest priority, with which they get next to nothing on a machine that does other things too.
    os.environ.setdefault("RAY_worker_niceness", "0")
    ray.init(num_cpus=4, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    taken: dict[int, list[float]] = {1: [], 2: []}
    by_cpu: dict[int, list[float]] = {1: [], 2: []}
    try:
        for number in range(options.rounds):
            for workers in (1, 2) if number % 2 == 0 else (2, 1):
                rate, cpu, busy = once(blocks, workers, options.metric)
                taken[workers].append(rate)
                by_cpu[workers].append(cpu)
                print(
                    f"round {number}: {workers} at work, {rate:,.0f} words a second, {cpu:,.0f} for a second of a worker's processor; "
                    f"processors {busy:.0f} % busy",
                    flush=True,
                )
    finally:
        ray.shutdown()
    one, two = (statistics.median(taken[workers]) for workers in (1, 2))
    report = {
        "rows": options.rows,
        "metric": options.metric,
        "rates": taken,
        "by_cpu": by_cpu,
        "one": one,
        "two": two,
        "ratio": two / one,
    }
    free = 2 * statistics.median(by_cpu[2]) / statistics.median(by_cpu[1])
    print(
        f"{options.rows:,} words, metric {options.metric}: {one:,.0f} a second on one worker, {two:,.0f} on two, {two / one:.2f} times; "
        f"{free:.2f} if each had a processor to itself and did as much in a second of it"
    )
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "scale.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
