"""Signals while a component runs: how Ctrl-C gets through.

Python runs the handlers of signals between two instructions of the main thread, and a handler may raise: KeyboardInterrupt, mostly. Two
things come between it and a component.

While the component computes, there are no instructions of Python. Code that was compiled with a limit of time comes out now and then to
have its deadline looked at (`watch`): handlers run there, and what they raise ends the call. Other code is not interrupted; the handler
runs when the call returns, or calls the host.

A function that C code calls back must not raise: ctypes would print the exception, forget it and return what happened to lie in memory,
which wasmtime would take for an answer. A `try` around everything is not enough, because from Python 3.11 on handlers also run when a
function is entered, before its first line. `sheltered` closes that gap, and `contain` does for the callbacks that are wasmtime-py's own.
"""

from __future__ import annotations

import ctypes
import dis
import functools
import gc
import sys
import weakref
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from likewise.component.instance import Instance

__all__ = ["WATCH", "contain", "forget", "sheltered", "take_callbacks", "watch"]

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
#: The same, of those whose host imports wasmtime-py's callbacks call.
_contained: weakref.WeakValueDictionary[int, Instance] = weakref.WeakValueDictionary()


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
    inst = _watched.get(context)
    if inst is not None and not isinstance(error, TimeoutError):
        inst.error = error
    # The words of wasmtime's own trap at a deadline.
    return _made_error(b"wasm trap: interrupt")


def _made_error(text: bytes) -> int:
    """An error of wasmtime, for a callback to return."""
    from wasmtime import _bindings

    made = _bindings.wasmtime_error_new(ctypes.create_string_buffer(text))
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
    _contained.pop(inst.context, None)


def contain(inst: Instance) -> None:
    """Have what is raised around a host import of this instance come out at the call, also where wasmtime-py's own code runs."""
    _contained[inst.context] = inst


@functools.cache
def take_callbacks() -> list[Any]:
    """Put callbacks in the place of wasmtime-py's that no exception leaves. Its own begin outside of any `try`, let through what is no
    `Exception`, and keep what they catch in one slot for all threads.

    Stores that are not ours go on as before, and a wasmtime-py that is made otherwise is left as it is. Returns what was replaced, which must
    live on: whoever linked before, calls it.
    """
    from wasmtime import StoreContext
    from wasmtime.component import _linker

    linker = cast(Any, _linker)
    callbacks: dict[str, Any] = {name: getattr(linker, name, None) for name in ("func_impl", "resource_dtor_impl")}
    # A ctypes callback refers to the function that it calls.
    functions = {
        name: one for name, callback in callbacks.items() for one in gc.get_referents(callback) if isinstance(one, FunctionType)
    }
    theirs = getattr(linker, "catch_exceptions", None)
    if functions.keys() != callbacks.keys() or theirs is None or not hasattr(StoreContext, "_invalidate"):
        return []

    def catch_nothing(context: Any, run: Callable[[StoreContext], None]) -> int:
        if _at(context) is None:
            return cast(int, theirs(context, run))
        store = StoreContext(context)
        try:
            run(store)
        finally:
            store._invalidate()
        return 0

    linker.catch_exceptions = catch_nothing
    for name, callback in callbacks.items():
        setattr(linker, name, type(callback)(_contained_call(functions[name])))
    return list(callbacks.values())


def _contained_call(function: Callable[..., int]) -> Callable[..., int]:
    """The function of a callback whose first two arguments are its data and the context."""

    @sheltered
    def callback(data: Any, context: Any, *rest: Any) -> int:
        try:
            return function(data, context, *rest)
        except BaseException as error:
            try:
                return _broke_off(context, error)
            except BaseException as another:
                return _broke_off(context, another)

    return callback


def _at(context: Any) -> Instance | None:
    return _contained.get(ctypes.cast(context, ctypes.c_void_p).value or 0)


def _broke_off(context: Any, error: BaseException) -> int:
    inst = _at(context)
    # What a host import raised is there already.
    if inst is not None and inst.error is None:
        inst.error = error
    return _made_error(b"a host import raised an exception")
