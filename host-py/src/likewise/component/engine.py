"""Engines and compiled components: one engine for each configuration, one compiled component for each file, in a process."""

from __future__ import annotations

import platform
import threading
from dataclasses import dataclass
from importlib import metadata

import wasmtime
import wasmtime.component

from likewise.component import cache
from likewise.component.limits import Ticker
from likewise.errors import ComponentFormatError

__all__ = ["Engine", "compiled", "engine"]

#: Changes with anything in `_configure` that compiled code depends on.
_CONFIGURATION = 1


@dataclass(frozen=True)
class Engine:
    """A wasmtime engine and its clock."""

    raw: wasmtime.Engine
    #: Compiled code checks a deadline, and counts what it executes.
    timed: bool
    fueled: bool
    ticker: Ticker


_lock = threading.Lock()
_engines: dict[tuple[bool, bool], Engine] = {}
_components: dict[tuple[bytes, bool, bool], wasmtime.component.Component] = {}


def engine(*, timed: bool, fueled: bool) -> Engine:
    """The process's engine of this configuration."""
    with _lock:
        found = _engines.get((timed, fueled))
        if found is None:
            raw = wasmtime.Engine(_configure(timed, fueled))
            found = _engines[timed, fueled] = Engine(raw, timed, fueled, Ticker(raw))
        return found


def _configure(timed: bool, fueled: bool) -> wasmtime.Config:
    config = wasmtime.Config()
    config.epoch_interruption = timed
    config.consume_fuel = fueled
    _no_concurrency(config)
    return config


def _no_concurrency(config: wasmtime.Config) -> None:
    """Turn off support of the component model's async, where wasmtime has the switch.

    The binding offers no async functions, and the bookkeeping for them takes 0.4 µs of each call's 0.9. With it on, wasmtime 50
    also fails ("deferred host scope has no call context") when a host function receives two borrows.
    """
    try:
        from wasmtime import _bindings
    except ImportError:
        return
    switches = [
        getattr(_bindings, f"wasmtime_config_{name}_set", None) for name in ("wasm_component_model_async", "concurrency_support")
    ]
    for switch in switches:
        # Without async but with support for it, wasmtime refuses to make an engine: both or neither.
        if switch is not None and None not in switches:
            switch(config.ptr(), False)


def compiled(digest: bytes, data: bytes, on: Engine) -> wasmtime.component.Component:
    """The compiled component: that of an earlier load, the one on disk, or a new one."""
    key = (digest, on.timed, on.fueled)
    found = _components.get(key)
    if found is not None:
        return found
    name = "-".join(
        [
            digest.hex()[:40],
            metadata.version("wasmtime"),
            platform.machine(),
            f"{_CONFIGURATION}{'t' if on.timed else ''}{'f' if on.fueled else ''}",
        ]
    )
    with _lock:
        found = _components.get(key)
        if found is None:
            found = _components[key] = _load(name, data, on)
        return found


def _load(name: str, data: bytes, on: Engine) -> wasmtime.component.Component:
    kept = cache.load(name)
    if kept is not None:
        try:
            return wasmtime.component.Component.deserialize(on.raw, kept)
        except wasmtime.WasmtimeError:
            # Made on a machine with other features, or by a build of the same version: compile for this one.
            pass
    try:
        component = wasmtime.component.Component(on.raw, data)
    except wasmtime.WasmtimeError as error:
        raise ComponentFormatError(f"wasmtime refuses this component: {error}") from None
    cache.store(name, bytes(component.serialize()))
    return component
