"""Make the English word lists of the package from SCOWL (Debian's package `scowl`), byte for byte the same each time.

    python scripts/words.py [FOLDER]

FOLDER is where the package was unpacked; without one the installed package is taken, or Debian's is downloaded.

The list of words is `host-py/src/likewise/data/english.words.xz`, text compressed with xz (4 MB in 40 ms):

    likewise words 1
    10 4014            SCOWL's level and how many words have it, most common first
    ...
                       an empty line
    a                  the words, by level, in alphabetical order within each
    ...

What goes in: the words of English, American, British, Canadian and Australian spelling that are lower-case ASCII letters alone; no
names, abbreviations, contractions or spelling variants. A word in several levels has the lowest.

What a running text has besides is in `english.forms.xz`, in the same format and in UTF-8: names and other words with capitals,
contractions, abbreviations, and words with accents, as they are written. Possessives are left out: they follow a rule.
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

FORMS = ("upper", "proper-names", "contractions", "abbreviations")
# Above this level most names are so rare that they are more often another word with a typing error.
FORMS_LEVEL = 70


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
            for word in (lists / f"{spelling}-words.{level}").read_text("utf-8").split("\n"):
                if word.isascii() and word.isalpha() and word.islower():
                    found.setdefault(word, level)
    return found


def levels_of_forms(lists: Path) -> dict[str, int]:
    """The lowest level of each word that is not written in plain lower-case letters."""
    found: dict[str, int] = {}
    for level in (level for level in LEVELS if level <= FORMS_LEVEL):
        for path in sorted(lists / f"{spelling}-{form}.{level}" for spelling in SPELLINGS for form in (*FORMS, "words")):
            if not path.exists():  # not every spelling has every kind at every level
                continue
            for word in path.read_text("utf-8").split("\n"):
                plain = word.isascii() and word.isalpha() and word.islower()
                if word and not word.endswith("'s") and not (plain and path.name.split(".")[0].endswith("-words")):
                    found.setdefault(word, level)
    return found


def write(path: Path, words: dict[str, int]) -> None:
    """Write words with their levels, compressed."""
    ordered = sorted(words, key=lambda word: (words[word], word))
    lines = ["likewise words 1"]
    lines += [f"{level} {count}" for level in LEVELS if (count := sum(other == level for other in words.values()))]
    text = "\n".join([*lines, "", *ordered, ""])
    # Neither the time nor the machine goes into an xz stream with this check.
    blob = lzma.compress(text.encode(), check=lzma.CHECK_CRC32, preset=9 | lzma.PRESET_EXTREME)
    path.write_bytes(blob)
    print(f"{path.name}: {len(ordered):,} words in {len(blob):,} bytes")


def main() -> None:
    """Write the lists and their notices."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(sys.argv[1]) if len(sys.argv) > 1 else unpacked(Path(folder))
        lists = root / "usr" / "share" / "dict" / "scowl"
        words, forms = levels_of_words(lists), levels_of_forms(lists)
        notice = (root / "usr" / "share" / "doc" / "scowl" / "copyright").read_bytes()
    write(DATA / "english.words.xz", words)
    write(DATA / "english.forms.xz", forms)
    (DATA / "NOTICE-english-words.txt").write_bytes(notice)


if __name__ == "__main__":
    main()
