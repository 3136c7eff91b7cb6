"""Writes guest/similarity/src/fuzz/letters.rs: the code points that RapidFuzz's default_process keeps.

python3 -m venv .venv && .venv/bin/pip install rapidfuzz==3.14.6
.venv/bin/python scripts/rapidfuzz_letters.py
"""

from __future__ import annotations

from pathlib import Path

from rapidfuzz.utils import default_process

HEADER = """\
//! The letters and numbers that RapidFuzz 3.14.6 knows, which is Unicode 13: written by `scripts/rapidfuzz_letters.py`.

/// First and last code point of every run, in order.
#[rustfmt::skip]
pub(super) const LETTERS: [(u32, u32); """


def main() -> None:
    runs: list[list[int]] = []
    for code in range(0x110000):
        # A surrogate cannot stand in a Rust string. The letters around keep the blank from being trimmed.
        if 0xD800 <= code < 0xE000 or default_process(f"a{chr(code)}a")[1] == " ":
            continue
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    lines = [f"{HEADER}{len(runs)}] = ["]
    for i in range(0, len(runs), 6):
        lines.append("    " + ", ".join(f"({first:#x}, {last:#x})" for first, last in runs[i : i + 6]) + ",")
    lines.append("];")
    target = Path(__file__).parents[1] / "guest/similarity/src/fuzz/letters.rs"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
