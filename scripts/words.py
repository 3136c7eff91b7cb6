"""Make the English word list of the package from SCOWL (Debian's package `scowl`), byte for byte the same each time.

    python scripts/words.py [FOLDER]

FOLDER is where the package was unpacked; without one the installed package is taken, or Debian's is downloaded.

The list is `host-py/src/likewise/data/english.words.xz`, text compressed with xz (4 MB in 40 ms):

    likewise words 1
    10 4014            SCOWL's level and how many words have it, most common first
    ...
                       an empty line
    a                  the words, by level, in alphabetical order within each
    ...

What goes in: the words of English, American, British, Canadian and Australian spelling that are lower-case ASCII letters alone; no
names, abbreviations, contractions or spelling variants. A word in several levels has the lowest.
"""

from __future__ import annotations

import lzma
import subprocess
import sys
import tempfile
from pathlib import Path

DATA = Path(__file__).parents[1] / "host-py" / "src" / "likewise" / "data"
SPELLINGS = ("english", "american", "british", "canadian", "australian")
LEVELS = (10, 20, 35, 40, 50, 55, 60, 70, 80, 95)


def unpacked(folder: Path) -> Path:
    """The package's files: those installed, or downloaded and unpacked into ``folder``."""
    if Path("/usr/share/dict/scowl").is_dir():
        return Path("/")
    subprocess.run(["apt-get", "download", "scowl"], cwd=folder, check=True)
    (package,) = folder.glob("scowl_*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    return folder


def levels_of_words(lists: Path) -> dict[str, int]:
    """Each word's lowest level."""
    found: dict[str, int] = {}
    for level in LEVELS:
        for spelling in SPELLINGS:
            for word in (lists / f"{spelling}-words.{level}").read_text("latin-1").split("\n"):
                if word.isascii() and word.isalpha() and word.islower():
                    found.setdefault(word, level)
    return found


def main() -> None:
    """Write the list and its notices."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(sys.argv[1]) if len(sys.argv) > 1 else unpacked(Path(folder))
        words = levels_of_words(root / "usr" / "share" / "dict" / "scowl")
        notice = (root / "usr" / "share" / "doc" / "scowl" / "copyright").read_bytes()
    ordered = sorted(words, key=lambda word: (words[word], word))
    lines = ["likewise words 1"]
    lines += [f"{level} {sum(other == level for other in words.values())}" for level in LEVELS]
    text = "\n".join([*lines, "", *ordered, ""])
    # Neither the time nor the machine goes into an xz stream with this check.
    blob = lzma.compress(text.encode("ascii"), check=lzma.CHECK_CRC32, preset=9 | lzma.PRESET_EXTREME)
    (DATA / "english.words.xz").write_bytes(blob)
    (DATA / "NOTICE-english-words.txt").write_bytes(notice)
    print(f"{len(ordered):,} words in {len(blob):,} bytes")


if __name__ == "__main__":
    main()
