"""Signals while a component runs: how Ctrl-C gets through.

Python runs the handlers of signals between two instructions of the main thread, and a handler may raise: KeyboardInterrupt, mostly. Two
things come between it and a component.

While the component computes, there are no instructions of Python. Code that was compiled with a limit of time comes out now and then to
have its deadline looked at (`watch`): handlers run there, and what they raise ends the call. Other code is not interrupted; the handler
runs when the call returns, or calls the host.

A function that C code calls back must not raise: ctypes would print the exception, forget it and return what happened to lie in memory,
which wasmtime would take for an answer. A `try` around everything is not enough, because from Python 3.11 on handlers also run when a
function is entered, before its first line. `sheltered` closes that gap.
"""

from __future__ import annotations

import ctypes
import dis
import functools
import sys
import weakref
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from likewise.component.instance import Instance

__all__ = ["WATCH", "forget", "sheltered", "watch"]

#: Seconds after which a signal is noticed at the latest. Coming out takes a few microseconds.
WATCH = 0.05

F = TypeVar("F", bound=Callable[..., Any])

#: What the instruction RESUME says of itself where a coroutine goes on after `await`: there no handlers are run.
_AFTER_AWAIT = 3


def sheltered(function: F) -> F:
    """The function, in which no handler of a signal runs before its first line: nothing can be raised outside of a `try` that holds all of it.

    Its instruction RESUME, which begins every function, becomes the one that coroutines have after `await`.
    """
    if sys.implementation.name == "cpython" and sys.version_info >= (3, 11):
        plain = cast(FunctionType, function)
        plain.__code__ = _sheltered(plain.__code__)
    return function


@functools.cache
def _sheltered(code: CodeType) -> CodeType:
    instructions = bytearray(code.co_code)
    resume = dis.opmap["RESUME"]
    for at in range(0, len(instructions), 2):
        if instructions[at] == resume and instructions[at + 1] == 0:
            instructions[at + 1] = _AFTER_AWAIT
            break
    return code.replace(co_code=bytes(instructions))


#: Instances by the addresses of their contexts.
_watched: weakref.WeakValueDictionary[int, Instance] = weakref.WeakValueDictionary()


@sheltered
def _came_out(context: Any, data: int, delta: Any, kind: Any) -> int:
    """Called by a component that has run for a while: let handlers run, and say for how many ticks it may go on."""
    try:
        inst = _watched[data]
        delta[0] = inst.group.ticks(inst)
        return 0
    except BaseException as error:
        try:
            return _ended(data, error)
        except BaseException as another:
            return _ended(data, another)


def _ended(context: int, error: BaseException) -> int:
    from wasmtime import _bindings

    inst = _watched.get(context)
    if inst is not None and not isinstance(error, TimeoutError):
        inst.error = error
    # The words of wasmtime's own trap at a deadline.
    made = _bindings.wasmtime_error_new(ctypes.create_string_buffer(b"wasm trap: interrupt"))
    return ctypes.cast(made, ctypes.c_void_p).value or 0


@functools.cache
def _setter() -> Callable[[Instance], None] | None:
    """What has a store's code come out to `_came_out`; None where wasmtime-py does not show the function that it takes."""
    try:
        from wasmtime import _bindings

        raw = _bindings._wasmtime_store_epoch_deadline_callback
        _, callback_type, _, finalizer_type = raw.argtypes
    except (ImportError, AttributeError, ValueError):
        return None
    came_out, no_finalizer = callback_type(_came_out), finalizer_type()

    def set_callback(inst: Instance) -> None:
        raw(inst.store.ptr(), came_out, inst.context, no_finalizer)

    return set_callback


def watch(inst: Instance) -> bool:
    """Have the instance come out every `WATCH` seconds. False where that is not possible."""
    setter = _setter()
    if setter is None:
        return False
    _watched[inst.context] = inst
    setter(inst)
    return True


def forget(inst: Instance) -> None:
    """The instance has ended."""
    _watched.pop(inst.context, None)
