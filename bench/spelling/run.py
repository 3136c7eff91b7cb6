"""Spelling suggestions against those of other programs: how often they are right, and how long they take. See README.md beside it."""

from __future__ import annotations

import argparse
import importlib.resources
import json
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import likewise
from likewise.dictionary import MetricName

SHARED = Path(os.environ.get("LIKEWISE_SHARED", Path(__file__).parents[3] / "shared"))
OUTPUT = Path(__file__).parents[1] / "results" / "spelling.json"

# The best suggestions for a word, five of them or more, best first.
Suggest = Callable[[str], list[str]]


@dataclass
class Row:
    """What one program makes of one set."""

    program: str
    set: str
    words: int
    top1: float
    top5: float
    microseconds: float


def read_sets(count: int | None) -> dict[str, list[tuple[str, str]]]:
    """Errors and what was meant, by the name of the set."""
    sets = {}
    for file in sorted((SHARED / "data").glob("spelling_dev_*.tsv")):
        pairs = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
        sets[file.stem.removeprefix("spelling_dev_")] = [(typo, word) for typo, word in pairs][:count]
    return sets


def with_likewise(metric: MetricName) -> Suggest:
    english = likewise.Dictionary.english()
    return lambda word: [found.choice for found in english.search(word, 5, metric=metric)]


def with_symspellpy() -> Suggest:
    from symspellpy import SymSpell, Verbosity

    words = SymSpell(max_dictionary_edit_distance=2)
    words.load_dictionary(str(importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)
    return lambda word: [found.term for found in words.lookup(word, Verbosity.ALL, max_edit_distance=2)]


def with_pyspellchecker() -> Suggest:
    from spellchecker import SpellChecker

    words = SpellChecker()

    def suggest(word: str) -> list[str]:
        found = words.candidates(word) or set()
        return sorted(found, key=lambda candidate: (-words.word_usage_frequency(candidate), candidate))

    return suggest


def with_pipe(*command: str) -> Suggest:
    """A program that speaks ispell's protocol: a line for a word, an empty line after its answer."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdin and process.stdout
    source, sink = process.stdout, process.stdin
    source.readline()

    def suggest(word: str) -> list[str]:
        # The caret keeps a word from being a command.
        sink.write(f"^{word}\n")
        sink.flush()
        found: list[str] = []
        for line in iter(source.readline, "\n"):
            if line[0] in "*+-":
                found.append(word)
            elif line[0] == "&":
                found += line.partition(": ")[2].strip().split(", ")
        return found

    return suggest


def programs() -> Iterator[tuple[str, Suggest]]:
    """Those that are installed."""
    yield "likewise", with_likewise("typo")
    yield "likewise, indel", with_likewise("indel")
    for name, make in (("symspellpy", with_symspellpy), ("pyspellchecker", with_pyspellchecker)):
        try:
            yield name, make()
        except ImportError:
            print(f"{name} is not installed")
    for name, command in (
        ("aspell", ["aspell", "-a", "--lang=en"]),
        ("hunspell", ["hunspell", "-a", "-d", "en_US", "-i", "utf-8"]),
    ):
        if shutil.which(name):
            yield name, with_pipe(*command)
        else:
            print(f"{name} is not installed")


def measure(program: str, name: str, pairs: list[tuple[str, str]], suggest: Suggest) -> Row:
    suggest(pairs[0][0])
    first = five = 0
    times = []
    for typo, word in pairs:
        start = time.perf_counter()
        found = suggest(typo)
        times.append(time.perf_counter() - start)
        folded = [candidate.lower() for candidate in found[:5]]
        first += folded[:1] == [word.lower()]
        five += word.lower() in folded
    count = len(pairs)
    return Row(program, name, count, 100 * first / count, 100 * five / count, 1e6 * statistics.mean(times))


def table(rows: list[Row]) -> str:
    """A line for each program: top-1 / top-5 on each set, their mean, and the mean time."""
    sets = list(dict.fromkeys(row.set for row in rows))
    lines = [f"| program | {' | '.join(sets)} | mean | µs a word |", "|---" * (len(sets) + 3) + "|"]
    for program in dict.fromkeys(row.program for row in rows):
        mine = [row for row in rows if row.program == program]
        cells = [f"{row.top1:.1f} / {row.top5:.1f}" for row in mine]
        mean = f"{statistics.mean(row.top1 for row in mine):.1f} / {statistics.mean(row.top5 for row in mine):.1f}"
        lines.append(f"| {program} | {' | '.join(cells)} | {mean} | {statistics.mean(row.microseconds for row in mine):,.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all words of each set")
    sets = read_sets(None if parser.parse_args().full else 250)
    if not sets:
        raise SystemExit(
            f"no sets of errors at {SHARED / 'data'}/spelling_dev_*.tsv: set LIKEWISE_SHARED to the folder that has data/"
        )
    rows = [measure(program, name, pairs, suggest) for program, suggest in programs() for name, pairs in sets.items()]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    # Answers are the same on every machine and are kept; times are not.
    kept = [{name: value for name, value in asdict(row).items() if name != "microseconds"} for row in rows]
    OUTPUT.write_text(json.dumps(kept, indent=1) + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
