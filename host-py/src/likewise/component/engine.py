"""Engines and compiled components: one engine for each configuration, one compiled component for each file, in a process.

A component is compiled to machine code, or to the code of wasmtime's interpreter, Pulley, where memory cannot be made executable (a
hardened system, a platform that wasmtime has no compiler for). LIKEWISE_ENGINE=native or =pulley chooses one. Answers and limits are
the same; the interpreter takes three to sixty times as long (docs/performance.md).
"""

from __future__ import annotations

import functools
import os
import platform
import sys
import threading
import weakref
from dataclasses import dataclass
from importlib import metadata
from typing import NoReturn

import wasmtime
import wasmtime.component

from likewise.component import cache
from likewise.component.limits import Ticker
from likewise.errors import ComponentFormatError

__all__ = ["Engine", "NoMachineCode", "compiled", "engine", "interpreted", "keep", "known", "translate", "without_machine_code"]

#: Changes with anything in `_configure` that compiled code depends on.
_CONFIGURATION = 2

#: A module with one function that does nothing.
_SMALLEST = bytes.fromhex("0061736d01000000 010401600000 03020100 0a040102000b")


@dataclass(frozen=True)
class Engine:
    """A wasmtime engine and its clock."""

    raw: wasmtime.Engine
    #: Compiled code checks a deadline, and counts what it executes.
    timed: bool
    fueled: bool
    ticker: Ticker


_lock = threading.RLock()
_engines: dict[tuple[bool, bool], Engine] = {}
#: Those in use.
_components: weakref.WeakValueDictionary[tuple[bytes, bool, bool], wasmtime.component.Component] = weakref.WeakValueDictionary()

#: Whether this process was forked from one that may have compiled: wasmtime's compiler threads stayed behind, and it would wait for them.
_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True
    _lock.release()


if hasattr(os, "register_at_fork"):
    # A fork waits for a compilation under way in another thread, which would be half done forever in the child.
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_after_fork)


def engine(*, timed: bool, fueled: bool) -> Engine:
    """The process's engine of this configuration."""
    with _lock:
        found = _engines.get((timed, fueled))
        if found is None:
            raw = wasmtime.Engine(_configure(timed, fueled))
            found = _engines[timed, fueled] = Engine(raw, timed, fueled, Ticker(raw))
        return found


class NoMachineCode(Exception):
    """Machine code cannot be run here: from now on components are interpreted. Ask for an engine again."""


#: Whether machine code turned out to be impossible.
_impossible = False


def interpreted() -> bool:
    """Whether components are interpreted rather than compiled to machine code.

    Raises:
        ValueError: LIKEWISE_ENGINE has a value that means nothing.
    """
    wanted = os.environ.get("LIKEWISE_ENGINE", "")
    if wanted not in ("", "native", "pulley"):
        raise ValueError(f"LIKEWISE_ENGINE={wanted!r}: choose native or pulley, or leave it unset")
    return wanted == "pulley" or (_impossible and not wanted)


def without_machine_code() -> NoReturn:
    """Go on without machine code, which turned out to be impossible here. Raises NoMachineCode."""
    global _impossible
    _impossible = True
    _engines.clear()
    raise NoMachineCode


def _machine_code_works() -> bool:
    try:
        wasmtime.Module(wasmtime.Engine(), _SMALLEST)
    except wasmtime.WasmtimeError:
        return False
    return True


@functools.cache
def _address_space_is_limited() -> bool:
    """Whether `ulimit -v` or the like is in force: wasmtime then cannot reserve the six gigabytes of addresses that it likes to have for
    each memory, and checks each access instead.
    """
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _configure(timed: bool, fueled: bool) -> wasmtime.Config:
    config = wasmtime.Config()
    config.epoch_interruption = timed
    config.consume_fuel = fueled
    if interpreted():
        config.target = f"pulley{'64' if sys.maxsize > 1 << 32 else '32'}{'be' if sys.byteorder == 'big' else ''}"
    if _address_space_is_limited():
        config.memory_reservation = 0
        config.memory_guard_size = 0
        config.memory_reservation_for_growth = 0
    if _forked:
        config.parallel_compilation = False
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
    with _lock:
        found = known(digest, on)
        if found is None:
            # An engine from before a fork would compile with threads that are not in this process.
            compiler = wasmtime.Engine(_configure(on.timed, on.fueled)) if _forked else on.raw
            component = translate(data, compiler)
            body = bytes(component.serialize())
            found = keep(digest, body, on, component if compiler is on.raw else None)
        return found


def known(digest: bytes, on: Engine) -> wasmtime.component.Component | None:
    """The compiled component of an earlier load, or the one on disk; None where there is neither."""
    with _lock:
        found = _components.get((digest, on.timed, on.fueled))
        if found is not None:
            return found
        kept = cache.load(_entry(digest, on))
        if kept is None:
            return None
        try:
            found = wasmtime.component.Component.deserialize(on.raw, kept)
        except wasmtime.WasmtimeError:
            # Made on a machine with other features, or by a build of the same version: compile for this one.
            return None
        _components[digest, on.timed, on.fueled] = found
        return found


def keep(
    digest: bytes, body: bytes, on: Engine, component: wasmtime.component.Component | None = None
) -> wasmtime.component.Component:
    """Keep compiled code for later loads, on disk too. It is made to a component where it is not one of this engine yet."""
    with _lock:
        found = component or wasmtime.component.Component.deserialize(on.raw, body)
        cache.store(_entry(digest, on), body)
        _components[digest, on.timed, on.fueled] = found
        return found


def _entry(digest: bytes, on: Engine) -> str:
    """Under what name compiled code is kept on disk."""
    switches = {"t": on.timed, "f": on.fueled, "p": interpreted(), "a": _address_space_is_limited()}
    configuration = f"{_CONFIGURATION}{''.join(letter for letter, on in switches.items() if on)}"
    return "-".join([digest.hex()[:40], metadata.version("wasmtime"), platform.machine(), configuration])


def translate(data: bytes, compiler: wasmtime.Engine) -> wasmtime.component.Component:
    """Compile a component.

    Raises:
        ComponentFormatError: wasmtime refuses it.
        NoMachineCode: machine code cannot be run here.
    """
    try:
        return wasmtime.component.Component(compiler, data)
    except wasmtime.WasmtimeError as error:
        if not interpreted() and not _machine_code_works():
            if os.environ.get("LIKEWISE_ENGINE"):
                raise RuntimeError(
                    f"LIKEWISE_ENGINE=native is not possible here ({error}): leave it unset, and components are interpreted"
                ) from None
            without_machine_code()
        # It repeats names that are none, whatever is in them.
        plain = "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in str(error))
        raise ComponentFormatError(f"wasmtime refuses this component: {plain}") from None
