"""What it takes to begin: importing likewise beside wasmtime and a peer, and the first answer of a new process.

    python bench/startup/run.py [ROUNDS]

Each figure is the time within a fresh process, from just before the import; the rows take turns, so that a busy machine is busy for all of
them. Medians and the fastest of all rounds. What must hold: `import likewise` takes no more than `import wasmtime` and 20 ms.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

ROUNDS = 15
#: Milliseconds that importing likewise may take beyond importing wasmtime.
ALLOWANCE = 20.0

ROWS = {
    "import wasmtime": "import wasmtime",
    "import likewise": "import likewise",
    "import rapidfuzz, with process and fuzz": "import rapidfuzz.process, rapidfuzz.fuzz",
    "import likewise.didyoumean.argparse": "import likewise.didyoumean.argparse",
    "import argparse": "import argparse",
    "likewise: first suggest_word": "import likewise; likewise.suggest_word('mve', ['move', 'init'])",
    "likewise: first spellcheck": "import likewise; likewise.spellcheck('almni')",
    "likewise: first check_text": "import likewise; likewise.check_text('teh end')",
    "likewise.cli": "import likewise.cli",
}


def took(code: str) -> float:
    """Milliseconds in a process of its own."""
    program = f"import time; start = time.perf_counter()\n{code}\nprint((time.perf_counter() - start) * 1e3)"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    times: dict[str, list[float]] = {name: [] for name in ROWS}
    for code in ROWS.values():
        took(code)  # the compiled component and Python's own caches are there from the second time on
    for _ in range(rounds):
        for name, code in ROWS.items():
            times[name].append(took(code))
    print(f"| {rounds} processes each | median ms | fastest ms |\n|---|---:|---:|")
    for name, measured in times.items():
        print(f"| {name} | {statistics.median(measured):.1f} | {min(measured):.1f} |")
    # Of two rows of one round, so that both saw the same machine.
    over = statistics.median(
        ours - theirs for ours, theirs in zip(times["import likewise"], times["import wasmtime"], strict=True)
    )
    print(f"\nimport likewise - import wasmtime: {over:+.1f} ms (allowed: {ALLOWANCE:+.0f} ms)")
    if over > ALLOWANCE:
        sys.exit(1)


if __name__ == "__main__":
    main()
