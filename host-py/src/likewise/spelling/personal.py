"""One's own words, in a file: one a line, UTF-8, `#` begins a comment. Hand-written lists are read as well."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from likewise.errors import LikewiseError


class PersonalWords:
    """A list of words of one's own, kept in a file; what is in the file counts at every use, whoever wrote it.

    Without a path it is the user's: ``$LIKEWISE_WORDS``, else ``likewise/words.txt`` in ``$XDG_CONFIG_HOME`` or ``~/.config`` (on macOS in
    ``~/Library/Application Support``, on Windows in ``%APPDATA%``). A file that does not exist is an empty list.
    """

    def __init__(self, path: str | PathLike[str] | None = None) -> None:
        """Nothing is read or written yet."""
        #: The file.
        self.path = Path(path) if path is not None else _users()

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __contains__(self, word: object) -> bool:
        return word in self._read()

    def __repr__(self) -> str:
        return f"PersonalWords({str(self.path)!r})"

    def add(self, *words: str) -> list[str]:
        """Add words that are not in the list yet, at its end, and return them.

        Raises:
            ValueError: a word is empty, or holds a blank, a line end or a ``#``.
        """
        known = set(self._read())
        new = list(dict.fromkeys(word for word in map(_checked, words) if word not in known))
        if new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            ends = not self.path.exists() or self.path.read_bytes()[-1:] in (b"", b"\n")
            # One write at the end of the file: two programs that add at the same time lose nothing.
            with open(self.path, "ab", buffering=0) as file:
                file.write(("" if ends else "\n").encode() + "".join(f"{word}\n" for word in new).encode())
        return new

    def remove(self, *words: str) -> list[str]:
        """Take words out of the list, and return those that were in it. Comments and the order of the others stay."""
        gone = [word for word in dict.fromkeys(words) if word in self._read()]
        if gone:
            with open(self.path, encoding="utf-8-sig", newline="") as file:
                lines = file.read().splitlines(keepends=True)
            kept = "".join(line for line in lines if _word(line) not in gone)
            # Whole or not at all: beside the list, then in its place.
            handle, part = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            try:
                with open(handle, "w", encoding="utf-8", newline="") as copy:
                    copy.write(kept)
                os.chmod(part, self.path.stat().st_mode & 0o777)
                os.replace(part, self.path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(part)
                raise
        return gone

    def _read(self) -> dict[str, None]:
        """The words in order, each once."""
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError as error:
            raise WordListError(f"{self.path}: byte {error.start:,} is not UTF-8; save the list as UTF-8") from None
        return dict.fromkeys(word for word in map(_word, text.splitlines()) if word)


class WordListError(LikewiseError, ValueError):
    """A list of words that cannot be read."""


def _word(line: str) -> str:
    return line.partition("#")[0].strip()


def _checked(word: str) -> str:
    if not isinstance(word, str):
        raise TypeError(f"words: expected str, not {type(word).__name__}")
    if not word or word != _word(word) or len(word.split()) != 1:
        raise ValueError(f"{word!r} is not one word: it is empty, or holds a blank, a line end or a '#'")
    return word


def _users() -> Path:
    chosen = os.environ.get("LIKEWISE_WORDS")
    if chosen:
        return Path(chosen)
    if os.name == "nt":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        configured = os.environ.get("XDG_CONFIG_HOME", "")
        base = Path(configured) if os.path.isabs(configured) else Path.home() / ".config"
    return base / "likewise" / "words.txt"
