"""What a component is made of: a file's path, or bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from likewise.errors import ComponentFormatError

__all__ = ["naming"]


@contextmanager
def naming(source: object) -> Iterator[None]:
    """Have what is wrong with a component say which file it is, where it comes from one."""
    try:
        yield
    except ComponentFormatError as error:
        if isinstance(source, (str, os.PathLike)):
            raise ComponentFormatError(f"{os.fspath(source)}: {error}") from error.__cause__
        raise
