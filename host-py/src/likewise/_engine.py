"""The component, loaded once for a process when it is first needed: the file in the package, or the bytes that a cluster's driver sent."""

from __future__ import annotations

import hashlib
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
_loaded: Component | None = None

# What `provide` was given, and the digest of what is loaded.
_source: Path | bytes = COMPONENT
_digest = ""


def _renew_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    # Whoever had it is not in the child.
    os.register_at_fork(after_in_child=_renew_lock)


def component() -> Component:
    """The component. It was granted nothing: what needs the network makes an instance of its own."""
    global _loaded, _digest
    with _lock:
        if _loaded is None:
            # wasmtime is imported when something is first asked of the engine, not when the package is.
            from likewise.component import load

            try:
                _loaded = load(_source)
            except (OSError, ComponentFormatError) as error:
                raise LikewiseError(f"the package's component is missing or damaged ({error}); install likewise again") from error
            _digest = _loaded._plan.digest.hex()
        return _loaded


def sent() -> tuple[bytes, str]:
    """What `provide` takes in another process: this one's component and its digest."""
    data = _source if isinstance(_source, bytes) else _source.read_bytes()
    return data, hashlib.sha256(data).hexdigest()


def provide(data: bytes, digest: str) -> None:
    """Make these bytes this process's component, whose SHA-256 must be ``digest``. A second time, they must be the same.

    Raises:
        ComponentFormatError: the bytes are not those that the digest was made of.
        LikewiseError: this process has loaded another component.
    """
    global _source, _digest
    with _lock:
        if _digest == digest:
            return
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            raise ComponentFormatError(f"the component was damaged on its way here: its SHA-256 is {found}, sent was {digest}")
        if _loaded is not None:
            raise LikewiseError(
                f"this process runs the component {_digest[:12]} and the task came with {digest[:12]}: use one version of likewise "
                "in a process, or start the workers anew"
            )
        _source, _digest = data, digest
