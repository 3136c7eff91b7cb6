"""One's own words, in a file: one a line, UTF-8, `#` begins a comment. Hand-written lists are read as well."""

from __future__ import annotations

import contextlib
import os
import re
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
            ValueError: a word is empty, or holds a blank, a line end, a control character, half a character or a ``#``.
            OSError: the list cannot be written. It is as it was.
        """
        checked = dict.fromkeys(map(_checked, words))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(self.path.parent):
            known = self._read()
            new = [word for word in checked if word not in known]
            if new:
                self._append("".join(f"{word}\n" for word in new).encode())
        return new

    def _append(self, lines: bytes) -> None:
        with open(self.path, "a+b", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                if file.read(1) != b"\n":
                    lines = b"\n" + lines
            try:
                # A disk that becomes full takes a part first.
                while lines:
                    lines = lines[file.write(lines) :]
            except BaseException:
                file.truncate(end)
                raise

    def remove(self, *words: str) -> list[str]:
        """Take words out of the list, and return those that were in it. Comments and the order of the others stay."""
        if not self.path.exists():
            return []
        with _alone_in(self.path.parent):
            known = self._read()
            gone = {word: None for word in words if word in known}
            if gone:
                with open(self.path, encoding="utf-8-sig", newline="") as file:
                    lines = file.read().splitlines(keepends=True)
                self._replace("".join(line for line in lines if _word(line) not in gone))
        return list(gone)

    def _replace(self, text: str) -> None:
        """Whole or not at all: beside the list, then in its place. Where the list is a link, its place is where that leads."""
        path = self.path.resolve()
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "w", encoding="utf-8", newline="") as copy:
                copy.write(text)
            os.chmod(part, path.stat().st_mode & 0o777)
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise

    def _read(self) -> dict[str, None]:
        """The words in order, each once."""
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError as error:
            raise WordListError(f"{self.path}: byte {error.start:,} is not UTF-8; save the list as UTF-8") from None
        return dict.fromkeys(word for word in map(_word, text.splitlines()) if word)


# Control characters, the byte order mark and lone surrogates: they are in no word, and not read as they were written.
_UNREADABLE = re.compile("[\0-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")


class WordListError(LikewiseError, ValueError):
    """A list of words that cannot be read."""


def _word(line: str) -> str:
    return line.partition("#")[0].strip()


def _checked(word: str) -> str:
    if not isinstance(word, str):
        raise TypeError(f"words: expected str, not {type(word).__name__}")
    if not word or word != _word(word) or len(word.split()) != 1 or _UNREADABLE.search(word):
        raise ValueError(f"{word!r} is not one word: it is empty, or holds a blank, a line end, a control character or a '#'")
    return word


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other program changes a list in this folder. The list itself cannot be locked: `remove` puts another in its place."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems have no locks. There two programs at once may undo each other's change.
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


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
