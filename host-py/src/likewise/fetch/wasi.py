"""The same session on wasmtime's own `wasi:http`: for trusted networks only.

The plain WASI-HTTP variant of the component (`dist/likewise-wasi.component.wasm`) opens its connections itself, inside wasmtime.
Nothing of ours stands between: no policy on hosts and addresses, no pooled connections, no proxy, no certificates but wasmtime's
own, no robots.txt, no retries, no content codings, and a wait that Ctrl-C does not end. It shows that the guest is portable, and
serves where every address may be asked.
"""

from __future__ import annotations

import functools
import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from likewise.component import Err, Ok, Trap
from likewise.fetch.guest import SessionOptions
from likewise.fetch.policy import Policy

_SCRAPER = "likewise:engine/scraper@0.1.0"

# What a Policy says that nobody would enforce.
_UNENFORCED = ("allow_hosts", "deny_hosts", "ports", "schemes", "max_per_host", "rate_per_host", "respect_robots")


def check(policy: Policy) -> None:
    """Raise ValueError where the policy asks for what this transport cannot hold."""
    if policy.allow_private is not True:
        raise ValueError(
            "transport='wasi' reaches every address, private ones included: it takes Policy(allow_private=True) only, "
            "and is for trusted networks"
        )
    default = Policy()
    for name in _UNENFORCED:
        if getattr(policy, name) != getattr(default, name):
            raise ValueError(f"transport='wasi' cannot hold {name}={getattr(policy, name)!r}; the default transport can")


def component_file(given: str | os.PathLike[str] | None) -> Path:
    """Where the WASI-HTTP variant is. Raises FileNotFoundError saying how to get one."""
    path = Path(given) if given is not None else Path(__file__).parent.parent / "data" / "likewise-wasi.component.wasm"
    if not path.is_file():
        raise FileNotFoundError(
            f"the WASI-HTTP variant of the component is not at {path}: `./just build` leaves it in dist/; "
            "give its path as wasi_component="
        )
    return path


_compiling = threading.Lock()


@functools.lru_cache(maxsize=4)
def _compiled(path: Path, modified: int) -> tuple[Any, Any]:
    import wasmtime
    import wasmtime.component

    engine = wasmtime.Engine()
    return engine, wasmtime.component.Component.from_file(engine, str(path))


class WasiSession:
    """A fetch session on an instance of its own; the same methods as `guest.Session`."""

    def __init__(self, path: Path, urls: list[str], options: SessionOptions) -> None:
        import wasmtime
        import wasmtime.component

        with _compiling:
            engine, component = _compiled(path, path.stat().st_mtime_ns)
        self._store = wasmtime.Store(engine)
        self._store.set_wasi(wasmtime.WasiConfig())
        self._store.set_wasi_http()
        linker = wasmtime.component.Linker(engine)
        linker.add_wasip2()
        linker.add_wasi_http()
        self._instance = linker.instantiate(self._store, component)
        self._next = self._function("[method]session.next")
        record = wasmtime.component.Record()
        record.__dict__.update({name.replace("_", "-"): value for name, value in vars(options).items()})
        self._handle = self._call(self._function("[constructor]session"), urls, record)

    def next(self) -> Any:
        """Wait for the next URL to end: a record `outcome` of `wit/scraper.wit`, None when all have ended."""
        outcome = self._call(self._next, self._handle)
        if outcome is None:
            return None
        value = _plain(outcome.site.payload)
        if outcome.site.tag == "ok":
            return SimpleNamespace(index=outcome.index, site=Ok(value))
        value.kind = SimpleNamespace(value=value.kind)
        return SimpleNamespace(index=outcome.index, site=Err(value))

    def close(self) -> None:
        """End the session and its instance."""
        self._store.close()

    def _function(self, name: str) -> Any:
        interface = self._instance.get_export_index(self._store, _SCRAPER)
        index = self._instance.get_export_index(self._store, name, interface)
        assert index is not None, f"the component has no {_SCRAPER}.{name}"
        return self._instance.get_func(self._store, index)

    def _call(self, function: Any, *args: Any) -> Any:
        import wasmtime

        try:
            result = function(self._store, *args)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise Trap(str(error)) from None
        function.post_return(self._store)
        return result


def _plain(value: Any) -> Any:
    """wasmtime-py's values with attributes in Python's spelling."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if type(value).__name__ == "Record":
        return SimpleNamespace(**{name.replace("-", "_"): _plain(item) for name, item in vars(value).items()})
    return value
