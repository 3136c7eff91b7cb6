"""What this installation needs, what it has, and whether it works."""

from __future__ import annotations

import hashlib
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import NamedTuple

from likewise import _engine


class Finding(NamedTuple):
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def examine() -> Iterator[Finding]:
    """Look at everything in turn; a failure is a finding and stops nothing."""
    checks: dict[str, Callable[[], str]] = {
        "python": _python,
        "wasmtime": lambda: f"{version('wasmtime')}, {_lane()}",
        "pycurl": _pycurl,
        "component": _component,
        "words": _words,
        "engine": _engine_works,
        "network": _network_denied,
    }
    for name, check in checks.items():
        try:
            yield Finding(name, True, check())
        except Exception as error:
            yield Finding(name, False, f"{type(error).__name__}: {error}")


def _python() -> str:
    return f"{platform.python_version()} ({sys.executable})"


def _lane() -> str:
    from likewise.component import lane

    return f"{lane()} lane"


def _pycurl() -> str:
    import pycurl

    return str(pycurl.version)


def _component() -> str:
    data = _engine.COMPONENT.read_bytes()
    imports = ", ".join(_engine.component().imports)
    return f"{len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()[:16]}, imports {imports}"


def _words() -> str:
    from likewise.dictionary import Dictionary

    start = time.perf_counter()
    words = Dictionary.english()
    return f"{len(words):,} English words, ready in {(time.perf_counter() - start) * 1e3:.0f} ms"


def _engine_works() -> str:
    from likewise.suggestion import suggest_word

    found = suggest_word("mve", ["init", "and", "or", "move"])
    if found.word != "move":
        raise RuntimeError(f"expected 'move' for 'mve', got {found}")
    return f"'mve' is {found.word!r}, {found.score:.2f} %"


def _network_denied() -> str:
    """The default policy keeps the network of this machine out of reach."""
    from likewise.fetch import Site

    (site,) = Site.from_urls(["http://127.0.0.1:9/"])
    if site.error is None or site.error.kind != "denied":
        raise RuntimeError(f"a loopback address was not denied: {site.error}")
    return "private addresses are denied by default"
