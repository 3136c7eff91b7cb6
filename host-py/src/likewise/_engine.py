"""The component that is in the package, loaded once for a process when it is first needed."""

from __future__ import annotations

import functools
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from likewise.errors import ComponentFormatError, LikewiseError

if TYPE_CHECKING:
    from likewise.component import Component

DATA = Path(__file__).parent / "data"

#: The one file that every host runs.
COMPONENT = DATA / "likewise.component.wasm"

_lock = threading.Lock()


def _renew_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    # Whoever had it is not in the child.
    os.register_at_fork(after_in_child=_renew_lock)


@functools.cache
def _load() -> Component:
    # wasmtime is imported when something is first asked of the engine, not when the package is.
    from likewise.component import load

    try:
        return load(COMPONENT)
    except (OSError, ComponentFormatError) as error:
        raise LikewiseError(
            f"{COMPONENT}: the package's component is missing or damaged ({error}); install likewise again"
        ) from error


def component() -> Component:
    """The component. It was granted nothing: what needs the network makes an instance of its own."""
    with _lock:
        return _load()
