"""Make the English word lists of the package: SCOWL's words, with how common each is by SCOWL, by WordNet and by technical documentation.

    python scripts/words.py [FOLDER]

FOLDER holds the Debian packages named below; those that are missing are downloaded. Another version of one is refused: its counts
would differ. Old versions are kept at https://snapshot.debian.org. The same packages give the same files, byte for byte.

The list of words is `host-py/src/likewise/data/english.words.xz`, text compressed with xz:

    likewise words 2
    10 4014            SCOWL's level and how many words have it, most common first
    ...
                       an empty line
    Ĥĥģ...             the priority of each word, U+0100 standing for 0
                       an empty line
    a                  the words, by level, in alphabetical order within each
    ...

What goes in: the words of English, American, British, Canadian and Australian spelling that are lower-case ASCII letters alone; no
names, abbreviations, contractions or spelling variants. A word in several levels has the lowest, and one that is more probably a typing
error in a much commoner word ("diaster") the last, which the default words leave out. A priority is what the word costs beside its
typing errors, in the units of the metric "typo". Of the other packages only numbers are kept: how often a word occurs.

What a running text has besides is in `english.forms.xz`, in the same format without priorities ("words 1"): names and other words with
capitals, contractions, abbreviations, and words with accents, as they are written. Possessives are left out: they follow a rule.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import lzma
import math
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

DATA = Path(__file__).parents[1] / "host-py" / "src" / "likewise" / "data"
SPELLINGS = ("english", "american", "british", "canadian", "australian")
LEVELS = (10, 20, 35, 40, 50, 55, 60, 70, 80, 95)

FORMS = ("upper", "proper-names", "contractions", "abbreviations")
# Above this level most names are so rare that they are more often another word with a typing error.
FORMS_LEVEL = 70

# Debian 12's packages, and the sha256 of each.
PACKAGES = {
    ("scowl", "2020.12.07-2"): "de692546df9b169f2cbdf4d8d88111a374733a9c382b820a6f943914ca705718",
    ("wordnet-base", "1:3.0-37"): "61060d960f9ada8fa120872312eccd3ecebfbab8c4579e4f5a74e1cf67620752",
    ("dict-jargon", "4.4.7-3.1"): "405f8168d7994ed2cb71407bb95493daec2e9aa66fc0461dafa74a9d6728a8c1",
    ("python3.11-doc", "3.11.2-6+deb12u9"): "5b3594189d6ef9a6963ce0347fd307a1cc67620ad697e144db366070e2e146be",
    ("postgresql-doc-15", "15.20-0+deb12u1"): "4c44bf2c599f208b3f46454a6cf7a72e25ec46ff74d37b59dd31ad76b00eebb7",
    ("sqlite3-doc", "3.40.1-2+deb12u2"): "466e30d7066e2641fa13e56bc662a2ad521b8cc9c17dde9c9dac3d4f105e32f2",
}
DOCUMENTATION = ("python3.11-doc", "postgresql-doc-15", "sqlite3-doc")

# What a word costs, fitted together with the costs of typing errors: ten units make it e times less likely. By level; 95, which no
# error of the fit could tell anything about, lies as far beyond 80 as 80 beyond 70.
LEVEL = {10: 14.0, 20: 15.4, 35: 24.9, 40: 22.4, 50: 33.5, 55: 35.9, 60: 39.5, 70: 46.1, 80: 57.4, 95: 68.7}
# Off for every factor e in how often the word occurs, in common words (levels up to 50) and in rarer ones; on when it never does.
COMMON = {"definitions": 3.0, "senses": 1.4, "documentation": 0.0, "jargon": 1.7}
RARE = {"definitions": 3.4, "senses": 1.2, "documentation": 3.4, "jargon": 1.5}
ABSENT = {"definitions": 5.2, "senses": 1.2, "documentation": 3.8, "jargon": 0.2}
LAST_COMMON_LEVEL = 50

# A rare word, of these levels, goes to the last level if a common one (up to level 50) a single error away costs so much less: who reads
# it reads that error. What it costs less is e to the power of 5 or 6 in how often words occur, and errors are a few in a hundred words.
# The words of level 70 are in good dictionaries, so more is asked of them. Plurals of words that stay, stay.
MISTAKABLE = {70: 60, 80: 50}

# What the commonest word is cheaper than the dearest of those that cost nothing. Letting it win by all of its commonness helped no
# set of errors, and a search ends the later the more the priorities differ.
FREE = 30

# Priorities are written as code points from here on, of which text has none.
FIRST_PRIORITY = 0x100


def unpacked(folder: Path) -> Path:
    """The packages' files, unpacked into a folder below `folder`, where they are put if they are not there."""
    root = folder / "unpacked"
    for (name, version), digest in PACKAGES.items():
        file = folder / f"{name}_{version.replace(':', '%3a')}_all.deb"
        if not file.exists():
            subprocess.run(["apt-get", "download", f"{name}={version}"], cwd=folder, check=True)
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != digest:
            raise SystemExit(f"{file} has sha256 {found}, not {digest}: take version {version} from https://snapshot.debian.org")
        (root / name).mkdir(parents=True, exist_ok=True)
        subprocess.run(["dpkg-deb", "--extract", file, root / name], check=True)
    return root


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


def definitions(wordnet: Path) -> Iterator[str]:
    """What WordNet says of each sense, with its examples."""
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{kind}").read_text("ascii").split("\n"):
            if not line.startswith(" "):
                yield line.partition("| ")[2].lower()


def senses_met(wordnet: Path) -> Counter[str]:
    """How often WordNet's authors met each word, in any sense, in the texts that they tagged."""
    counts: Counter[str] = Counter()
    for line in (wordnet / "cntlist.rev").read_text("ascii").splitlines():
        sense, _, count = line.split()
        counts[sense.partition("%")[0]] += int(count)
    return counts


def pages(folder: Path) -> Iterator[str]:
    """The text of each page of HTML in a folder, once."""
    seen = set()
    for file in sorted(folder.rglob("*.html*")):
        if file.is_symlink() or not file.name.endswith((".html", ".html.gz")):
            continue
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        text = re.sub(r"(?is)<(script|style|head|nav)\b.*?</\1>", " ", data.decode("utf-8", "replace"))
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
        if text not in seen:
            seen.add(text)
            yield text


def words_in(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in some texts. Identifiers, calls and names in the middle of a path are no words."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word.lower() for word in re.findall(r"(?<![A-Za-z0-9_'.])[A-Za-z]?[a-z]+(?![A-Za-z0-9_(])", text))
    return counts


def priority(level: int, counts: dict[str, int]) -> int:
    """What a word of this level costs that occurs so often in each source."""
    slopes = COMMON if level <= LAST_COMMON_LEVEL else RARE
    cost = LEVEL[level]
    for source, count in counts.items():
        cost += -slopes[source] * math.log(1 + count) if count else ABSENT[source]
    return round(cost)


def one_error_away(word: str, common: dict[str, list[str]]) -> Iterator[str]:
    """The common words that a letter missing, extra, substituted or swapped with the next turns into ``word``, by their gaps."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from common.get(f"{before}_{after}", ())
        yield from common.get(f"{before}_{after[1:]}", ())
        yield from common.get(before + after[1:], ())
        yield from common.get(before + after[1:2] + after[:1] + after[2:], ())


def mistakable(levels: dict[str, int], costs: dict[str, int]) -> set[str]:
    """The rare words that are more probably a typing error in a common one."""
    # Each common word by itself and with each letter left open.
    common: dict[str, list[str]] = {}
    for word, level in levels.items():
        if level <= LAST_COMMON_LEVEL:
            for form in [word, *(f"{word[:place]}_{word[place + 1 :]}" for place in range(len(word)))]:
                common.setdefault(form, []).append(word)
    found = set()
    for word, level in levels.items():
        if level not in MISTAKABLE or (word.endswith("s") and levels.get(word[:-1], LEVELS[-1]) <= min(MISTAKABLE)):
            continue
        least = min((costs[other] for other in one_error_away(word, common)), default=costs[word])
        if costs[word] - least >= MISTAKABLE[level]:
            found.add(word)
    return found


def write(path: Path, words: dict[str, int], priorities: dict[str, int] | None = None) -> None:
    """Write words with their levels, and their priorities if they have any, compressed."""
    ordered = sorted(words, key=lambda word: (words[word], word))
    lines = ["likewise words 2" if priorities else "likewise words 1"]
    lines += [f"{level} {count}" for level in LEVELS if (count := sum(other == level for other in words.values()))]
    if priorities:
        lines += ["", "".join(chr(FIRST_PRIORITY + priorities[word]) for word in ordered)]
    lines += ["", *ordered, ""]
    # Neither the time nor the machine goes into an xz stream with this check.
    blob = lzma.compress("\n".join(lines).encode(), check=lzma.CHECK_CRC32, preset=9 | lzma.PRESET_EXTREME)
    path.write_bytes(blob)
    print(f"{path.name}: {len(ordered):,} words in {len(blob):,} bytes")


def main() -> None:
    """Write the list."""
    with tempfile.TemporaryDirectory() as folder:
        root = unpacked(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder))
        lists = root / "scowl" / "usr" / "share" / "dict" / "scowl"
        levels, forms = levels_of_words(lists), levels_of_forms(lists)
        wordnet = root / "wordnet-base" / "usr" / "share" / "wordnet"
        jargon = gzip.decompress((root / "dict-jargon" / "usr" / "share" / "dictd" / "jargon.dict.dz").read_bytes())
        sources = {
            "definitions": words_in(definitions(wordnet)),
            "senses": senses_met(wordnet),
            "documentation": words_in(page for name in DOCUMENTATION for page in pages(root / name)),
            "jargon": words_in([jargon.decode("utf-8", "replace")]),
        }
    costs = {word: priority(level, {name: counts[word] for name, counts in sources.items()}) for word, level in levels.items()}
    free = min(costs.values()) + FREE
    priorities = {word: max(cost - free, 0) for word, cost in costs.items()}
    levels.update(dict.fromkeys(mistakable(levels, priorities), LEVELS[-1]))
    write(DATA / "english.words.xz", levels, priorities)
    write(DATA / "english.forms.xz", forms)


if __name__ == "__main__":
    main()
