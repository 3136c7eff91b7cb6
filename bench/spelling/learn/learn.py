"""Learn what typing errors cost, and write the engine's table of it: `python bench/spelling/learn/learn.py [--check] SET...`

A SET of human errors is a file with what was typed, a tab and what was meant on each line. The program beside this one does the work, on
the words that the package ships; it prints how often the word meant comes first and among five, judged by the same errors, by costs
learned from the other three quarters of the errors (no word is in two) and by costs learned from the other sets. The same sets and words
give the same table, byte for byte. With --check nothing is written or judged: it fails if the engine's table is another one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from likewise.words import english_text

ROOT = Path(__file__).parents[3]
COSTS = ROOT / "guest" / "similarity" / "src" / "typo" / "costs.rs"


def learn(words: Path, costs: Path, sets: list[Path], *options: str) -> None:
    """Run the program."""
    text, priorities = english_text()
    words.write_text(
        "".join(f"{ord(priority)}\t{word}\n" for word, priority in zip(text.splitlines(), priorities, strict=True)), "utf-8"
    )
    program = ["cargo", "run", "--quiet", "--locked", "--profile", "learn", "--package", "likewise-learn", "--"]
    sets = [file.resolve() for file in sets]
    subprocess.run([*program, *options, words, costs, *sets], cwd=ROOT, check=True)


def main() -> None:
    """Learn, and write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail if the engine's table is not what is learned")
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        words, costs = Path(folder) / "words.tsv", Path(folder) / "costs.rs"
        if not options.check:
            learn(words, COSTS, options.sets)
            return
        learn(words, costs, options.sets, "--table-only")
        if costs.read_bytes() != COSTS.read_bytes():
            sys.exit(f"{COSTS} is not what these sets and the package's words give: run this without --check, or restore it")


if __name__ == "__main__":
    main()
