"""Compiling in a process of its own, so that time and memory for it can be limited.

wasmtime's compiler takes far more time for some functions than their length suggests: 35 KB of nested loops keep it busy for a minute and
a half, and memory is no different. Nothing interrupts it within a process. Here another Python compiles, watches itself meanwhile
and ends when it has used what it was given; whatever else becomes of it, this process goes on. Starting it takes a fifth of a second, once for
each component: compiled code is kept as always.

The other process is trusted, as the compiler is in this one: it runs nothing of the component.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

import wasmtime.component

from likewise.component import engine as engines
from likewise.component.binary import read_world
from likewise.component.limits import Limits
from likewise.errors import ComponentFormatError, MemoryLimitExceeded, TimeLimitExceeded

__all__ = ["compiled"]

#: What the other Python runs. Nothing is imported before it looks where this one does: the working directory, which comes first
#: there, may be anybody's.
_PROGRAM = "import sys; sys.path[:] = {path!a}; from likewise.component.apart import main; main({asked!a})"

#: What stands before and after the code that it sends: it may be ended in the middle.
_DONE = b"\ncompiled\n"
#: What it says last on stderr where it has not compiled. A program that ignores SIGCHLD never learns the status of its processes.
_REFUSED, _TOO_LONG, _TOO_MUCH, _NO_MACHINE_CODE = b"\nrefused\n", b"\ntoo long\n", b"\ntoo much\n", b"\nno machine code\n"

#: Seconds between two looks at what was used.
_WATCH = 0.01
#: Seconds that the other process may take to start and to end. They are no part of its limit, and only matter where it hangs.
_GRACE = 60.0
#: A limit of more seconds than this, a day, is left to the other process: operating systems do not wait for as long.
_LONG = 86_400.0


def compiled(digest: bytes, data: Callable[[], bytes], limits: Limits) -> wasmtime.component.Component:
    """The compiled component: that of an earlier load, the one on disk, or one that is compiled within the limits.

    Raises:
        TimeLimitExceeded: compiling it took longer than `Limits.compile_time`.
        MemoryLimitExceeded: it took more memory than `Limits.compile_memory`.
        ComponentFormatError: wasmtime refuses it, or its compiler failed.
        RuntimeError: there can be no other process here.
    """
    on = engines.engine(timed=limits.time is not None, fueled=limits.fuel is not None)
    found = engines.known(digest, on)
    if found is not None:
        return found
    content = data()
    # What is no component at all is told from here, in better words than the compiler's.
    read_world(content)
    try:
        return engines.keep(digest, _compile(content, on, limits), on)
    except engines.NoMachineCode:
        # It is interpreted, by another engine.
        return compiled(digest, data, limits)
    except wasmtime.WasmtimeError as error:
        raise RuntimeError(
            f"what {_python()} compiled is not for this process ({error}): leave compile_time and compile_memory out, or name its own"
            " Python with multiprocessing.set_executable"
        ) from None


def _compile(data: bytes, on: engines.Engine, limits: Limits) -> bytes:
    if limits.compile_memory is not None and sys.platform == "win32":
        raise RuntimeError("compile_memory: Windows does not tell what a process uses; leave it out, and limit compile_time")
    asked = {"timed": on.timed, "fueled": on.fueled, "time": limits.compile_time, "memory": limits.compile_memory}
    # Other things than texts may be on the path; Python passes over them.
    path = [entry for entry in sys.path if isinstance(entry, str)]
    # A Python that takes nothing from its surroundings starts one that does not either.
    isolated = ["-I"] if sys.flags.isolated else []
    command = [_python(), *isolated, "-c", _PROGRAM.format(path=path, asked=json.dumps(asked))]
    # What turned out to be impossible here need not be tried there.
    environment = {**os.environ, "LIKEWISE_ENGINE": "pulley"} if engines.interpreted() else None
    wait = None if (seconds := limits.compile_time) is None or seconds > _LONG else seconds + _GRACE
    try:
        # In a session of its own Ctrl-C does not reach it: what that means for the load is for this process to say, which ends it.
        done = subprocess.run(
            command, input=data, capture_output=True, env=environment, timeout=wait, check=False, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        _too_long(limits)
    except OSError as error:
        raise RuntimeError(
            f"a limit of compiling needs another Python, and {command[0]} cannot be started ({error}): leave compile_time and"
            " compile_memory out, or name one with multiprocessing.set_executable"
        ) from error
    if done.stdout.startswith(_DONE) and done.stdout.endswith(_DONE) and len(done.stdout) > len(_DONE):
        return done.stdout[len(_DONE) : -len(_DONE)]
    if done.stderr.endswith(_TOO_LONG):
        _too_long(limits)
    if done.stderr.endswith(_TOO_MUCH):
        raise MemoryLimitExceeded(
            f"compiling the component takes more memory than its limit of {limits.compile_memory} bytes;"
            " Limits(compile_memory=...) allows more"
        )
    if done.stderr.endswith(_NO_MACHINE_CODE):
        engines.without_machine_code()
    if done.stderr.endswith(_REFUSED):
        raise ComponentFormatError(done.stdout.decode(errors="replace"))
    last = next(iter(done.stderr.decode(errors="replace").strip().splitlines()[-1:]), "no word")
    raise ComponentFormatError(
        f"this component was not compiled: {command[0]}, which should have done it, ended with status {done.returncode} and {last!r:.200}"
    )


def _too_long(limits: Limits) -> NoReturn:
    raise TimeLimitExceeded(
        f"compiling the component takes longer than its limit of {limits.compile_time} s; Limits(compile_time=...) allows more"
    ) from None


def _python() -> str:
    """The interpreter that `multiprocessing` would start."""
    from multiprocessing import spawn

    chosen: str | bytes | None = spawn.get_executable()
    found = os.fsdecode(chosen or "")
    if not found or (getattr(sys, "frozen", False) and found == sys.executable):
        raise RuntimeError(
            "a limit of compiling needs another Python, and this program has none of its own: leave compile_time and compile_memory out,"
            " or name one with multiprocessing.set_executable"
        )
    return found


# -- in the other process --------------------------------------------------------------------------------------------------


def main(asked: str) -> NoReturn:
    """Compile what comes in on stdin, and send its code out on stdout."""
    wanted: dict[str, Any] = json.loads(asked)
    data = sys.stdin.buffer.read()
    on = engines.engine(timed=wanted["timed"], fueled=wanted["fueled"])
    threading.Thread(target=_watch, args=(wanted["time"], wanted["memory"]), daemon=True).start()
    try:
        code = bytes(engines.translate(data, on.raw).serialize())
    except engines.NoMachineCode:
        _give_up(_NO_MACHINE_CODE)
    except ComponentFormatError as error:
        sys.stdout.buffer.write(str(error).encode(errors="replace"))
        sys.stdout.flush()
        _give_up(_REFUSED)
    sys.stdout.buffer.write(_DONE + code + _DONE)
    sys.stdout.flush()
    # Freeing everything takes time that nobody needs.
    os._exit(0)


def _give_up(why: bytes) -> NoReturn:
    os.write(2, why)
    os._exit(1)


def _watch(seconds: float | None, most: int | None) -> None:
    """End this process when it has taken so many seconds, or so much more memory than now, or when nobody waits for it any more."""
    start, before, parent = time.monotonic(), 0 if most is None else _resident(), os.getppid()
    while os.getppid() == parent:
        if seconds is not None and time.monotonic() - start > seconds:
            _give_up(_TOO_LONG)
        if most is not None and _resident() - before > most:
            _give_up(_TOO_MUCH)
        time.sleep(_WATCH)
    os._exit(1)


@functools.cache
def _page() -> int:
    return os.sysconf("SC_PAGE_SIZE")


def _resident() -> int:
    """Bytes of memory that this process has, or at most had where the system tells nothing else."""
    if sys.platform == "linux":
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _page()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10
