"""The peers: each is made once from the words and then asked."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent

Ask = Callable[[str], object]


def pure_python(words: list[str]) -> Ask:
    """The articles' algorithm in Python: a table of all prefixes for every word."""

    def distance(a: str, b: str) -> int:
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            above, row = row, [i]
            for j, y in enumerate(b, 1):
                row.append(above[j - 1] if x == y else 1 + min(above[j], row[j - 1]))
        return row[-1]

    return lambda query: max(words, key=lambda word: 1 - distance(query, word) / (len(query) + len(word)))


def go(words: list[str], folder: Path) -> Ask | None:
    """The same in Go, called through ctypes; None where no Go or C compiler is at hand."""
    compiler = shutil.which("go", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if compiler is None or shutil.which("gcc") is None:
        return None
    environment = {
        **os.environ,
        "CGO_ENABLED": "1",
        "GOFLAGS": "-mod=mod",
        "GO111MODULE": "off",
        "GOCACHE": str(folder / "cache"),
    }
    library = folder / "peer.so"
    command = [compiler, "build", "-buildmode=c-shared", "-o", str(library), str(HERE / "peer.go")]
    subprocess.run(command, check=True, env=environment)
    peer = ctypes.CDLL(str(library))
    peer.load.argtypes = peer.suggest.argtypes = [ctypes.c_char_p, ctypes.c_int64]
    peer.load.restype = peer.suggest.restype = ctypes.c_int64
    text = "\n".join(words).encode()
    peer.load(text, len(text))

    def suggest(query: str) -> str:
        data = query.encode()
        return words[peer.suggest(data, len(data))]

    return suggest


def symspell(words: list[str]) -> Ask:
    """symspellpy within two edits, its default."""
    from symspellpy import SymSpell, Verbosity

    index = SymSpell()
    for word in words:
        index.create_dictionary_entry(word, 1)
    return lambda query: index.lookup(query, Verbosity.TOP, max_edit_distance=2)


def pyspellchecker(words: list[str]) -> Ask:
    """pyspellchecker within two edits, its default."""
    from spellchecker import SpellChecker

    checker = SpellChecker(language=None)
    checker.word_frequency.load_words(words)
    return checker.correction
