"""A file as parts of text of bounded length, each cut where a line ends or, in a line without end, between two words."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator
from os import PathLike
from typing import IO

from likewise.errors import LikewiseError

# Large enough that a call to the engine for each part costs nothing, small enough to be nothing in memory.
_PART = 1 << 20

# A line without a blank is cut all the same when it is this long. No word is.
_LONGEST_LINE = 1 << 22


class TextEncodingError(LikewiseError, ValueError):
    """A text that is not in the encoding that it was said to be in."""


def parts(
    file: str | PathLike[str] | IO[str] | IO[bytes], encoding: str, progress: Callable[[int], object] = lambda done: None
) -> Iterator[str]:
    """The text of a file, or what is left of an open one. ``progress`` is called with the bytes (of a text stream, characters) read."""
    if isinstance(file, (str, PathLike)):
        with open(file, "rb") as opened:
            yield from _cut(_decoded(opened, encoding, os.fspath(file), progress))
    elif hasattr(file, "read"):
        name = getattr(file, "name", "the stream")
        yield from _cut(_decoded(file, encoding, name if isinstance(name, str) else "the stream", progress))
    else:
        raise TypeError(f"file: expected a path or an open file, not {type(file).__name__}")


def size(file: str | PathLike[str] | IO[str] | IO[bytes]) -> int | None:
    """How much there is to read, None where nobody knows."""
    try:
        return os.stat(file).st_size if isinstance(file, (str, PathLike)) else os.fstat(file.fileno()).st_size or None
    except (OSError, AttributeError):
        return None


def _decoded(file: IO[str] | IO[bytes], encoding: str, name: str, progress: Callable[[int], object]) -> Iterator[str]:
    decoder = _decoder(encoding)
    done = 0
    while True:
        data: object = file.read(_PART)
        if isinstance(data, str):
            # Of a text stream only its first character can be a byte order mark.
            text = data if done else data.removeprefix("\ufeff")
        elif not isinstance(data, bytes):
            given = "nothing, as if it did not block" if data is None else type(data).__name__
            raise TypeError(f"{name}: read gave {given}; expected str or bytes, of a file that waits for them")
        else:
            waiting = len(decoder.getstate()[0])
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                at = done - waiting + error.start
                raise TextEncodingError(
                    f"{name}: byte {at:,} (0x{error.object[error.start]:02x}) is not {encoding}: {error.reason}; say which encoding it is"
                ) from None
            except UnicodeError as error:
                # What the stricter of Python's codecs say has no position.
                raise TextEncodingError(f"{name}: not {encoding}: {error}; say which encoding it is") from None
        done += len(data)
        progress(done)
        if text:
            yield text
        if not data:
            return


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    try:
        # Compressed bytes and the like are codecs as well, and have no characters.
        " ".encode(encoding)
        # A byte order mark is no part of the text.
        return codecs.getincrementaldecoder("utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding)()
    except (LookupError, UnicodeError, ValueError):
        raise LookupError(
            f"there is no encoding {encoding!r} of text; give a name that Python knows, such as utf-8 or cp1252"
        ) from None


def _cut(texts: Iterator[str]) -> Iterator[str]:
    """The same text, cut where a line ends. A carriage return at the end waits for what follows."""
    kept = ""
    for text in texts:
        kept += text
        end = max(kept.rfind("\n"), kept.rfind("\r", 0, len(kept) - 1)) + 1
        if not end and len(kept) >= _LONGEST_LINE:
            end = max(kept.rfind(" "), kept.rfind("\t")) + 1 or len(kept) - 1
        if end:
            yield kept[:end]
            kept = kept[end:]
    if kept:
        yield kept
