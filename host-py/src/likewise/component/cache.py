"""Compiled components on disk, so that a process starts in a millisecond rather than compiling for a second.

Compiled code is executed as it is: whoever can write to the cache can run code in this process. An entry is therefore used only if
it lies in a directory that belongs to this user, that nobody else may write to and that nobody else can replace, is such a file
itself, and ends in the digest of what it holds. Its name is made from the component's digest, wasmtime's version, the machine and the engine's
configuration. Whatever is wrong with the cache, the component is compiled: a cache may be slow, never in the way.

The directory is $LIKEWISE_CACHE, else $XDG_CACHE_HOME/likewise, else ~/.cache/likewise (on Windows %LOCALAPPDATA%/likewise,
where the profile's own permissions protect it; on macOS ~/Library/Caches/likewise). LIKEWISE_CACHE= (empty) turns it off.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["directory", "load", "store"]

_MAGIC = b"likewise compiled component 1\n"
_DIGEST = hashlib.sha256().digest_size

#: Entries kept: one for each component, version and configuration. The least recently written go first.
_MAX_ENTRIES = 64

#: How the names of entries begin that are being written, and seconds after which nobody writes them any more.
_UNFINISHED = ".new-"
_LATE = 3600


def directory() -> Path | None:
    """Where entries are kept, None where there is no place for them."""
    chosen = os.environ.get("LIKEWISE_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "likewise" / "compiled" if base else None
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "likewise" / "compiled"
        return (Path(base) if base and os.path.isabs(base) else Path.home() / ".cache") / "likewise" / "compiled"
    except RuntimeError:  # no home directory
        return None


def _ours(status: os.stat_result) -> bool:
    """Whether a file or directory belongs to this user and nobody else may write to it."""
    if os.name == "nt":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _safe_above(place: Path) -> bool:
    """Whether nobody else can put another directory in the place of this one: none that leads to it is a stranger's, or one in which
    anybody may rename what is not theirs.
    """
    if os.name == "nt":
        return True
    for above in place.absolute().parents:
        status = above.stat()
        anybodys = status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX
        if status.st_uid not in (0, os.geteuid()) or anybodys:
            return False
    return True


@contextlib.contextmanager
def _opened(place: Path) -> Iterator[int | None]:
    """A descriptor of the directory, by which files in it are opened: what was looked at is then what is used. None on Windows, which
    has no such thing. Raises OSError where it is not to be trusted.
    """
    if os.name == "nt":
        yield None
        return
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if not _ours(os.fstat(descriptor)) or not _safe_above(place):
            raise PermissionError(f"{place}: others may write there")
        yield descriptor
    finally:
        os.close(descriptor)


def load(key: str) -> bytes | None:
    """The compiled form stored under `key`, None if there is none that can be trusted."""
    place = directory()
    if place is None:
        return None
    try:
        with _opened(place) as descriptor:
            data = _read(place, descriptor, f"{key}.cwasm")
    except OSError:
        return None
    body = data[len(_MAGIC) : -_DIGEST]
    if not data.startswith(_MAGIC) or hashlib.sha256(key.encode() + body).digest() != data[-_DIGEST:]:
        return None
    return body


def _read(place: Path, directory: int | None, name: str) -> bytes:
    """What is in an entry. Raises OSError for one that is not to be trusted."""
    if directory is None:
        return (place / name).read_bytes()
    # A link could point to anyone's file, and opening a pipe would wait for its other end. The checks are made on what was opened.
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
    try:
        status = os.fstat(descriptor)
        if not _ours(status) or not stat.S_ISREG(status.st_mode):
            raise PermissionError(f"{place / name}: not a file that only its owner may write to")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def store(key: str, body: bytes) -> None:
    """Keep `body` under `key` if that is possible."""
    place = directory()
    if place is None:
        return
    temporary: str | None = None
    try:
        _make(place)
        with _opened(place):
            descriptor, temporary = tempfile.mkstemp(dir=place, prefix=_UNFINISHED)
            with open(descriptor, "wb") as file:
                file.write(_MAGIC)
                file.write(body)
                file.write(hashlib.sha256(key.encode() + body).digest())
            # A reader sees the old entry or the whole new one.
            os.replace(temporary, place / f"{key}.cwasm")
            temporary = None
            _prune(place)
    except OSError:
        return
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _make(place: Path) -> None:
    """Make the directory and those above it, for this user alone."""
    for missing in reversed([above for above in (place, *place.absolute().parents) if not above.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def _prune(place: Path) -> None:
    entries = sorted(place.glob("*.cwasm"), key=lambda entry: entry.stat().st_mtime, reverse=True)
    # What a process left that was killed while it wrote; others may be writing now.
    late = time.time() - _LATE
    left = [entry for entry in place.glob(f"{_UNFINISHED}*") if entry.stat().st_mtime < late]
    for entry in [*entries[_MAX_ENTRIES:], *left]:
        entry.unlink(missing_ok=True)
