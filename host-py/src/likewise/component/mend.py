"""What wasmtime-py gets wrong in many threads, in many calls, when it is interrupted and at the end of the interpreter, set right.

A wasmtime-py that is made otherwise is left as it is.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import metadata
from types import FunctionType
from typing import Any

import wasmtime.component as wc
from wasmtime import _bindings

__all__ = ["close", "handles", "mend"]

#: Majors of wasmtime-py that empty the box in which the payload of a variant, option or result arrives, and never free its 32 bytes.
_LEAKY = frozenset({48, 49, 50})

#: The handles that resources hold. When the garbage collector ends a cycle it runs finalizers in any order: a handle that is held here
#: outlives the resource's.
handles: dict[int, wc.ResourceAny] = {}


class _ThreadSet(threading.local):
    """A set for each thread, with the methods that wasmtime-py uses."""

    def __init__(self) -> None:
        self._items: set[type] = set()

    def add(self, item: type) -> None:
        self._items.add(item)

    def clear(self) -> None:
        self._items.clear()

    def __iter__(self) -> Iterator[type]:
        return iter(self._items)


def close(one: Any) -> None:
    """Free one of wasmtime-py's objects, once.

    Its own `close` frees first and forgets the address afterwards: an exception that a signal's handler raises in between leaves an
    object that is freed again when it is forgotten. Here that leaves one that is not freed.
    """
    consume = getattr(one, "_consume", None)
    if consume is None:
        one.close()
        return
    try:
        pointer = consume()
    except ValueError:  # it is closed
        return
    one._delete(pointer)


@functools.cache
def mend() -> None:
    """Set right what the public lane uses, once."""
    module: Any = wc._types
    # With one set for all threads it tells the cases of variants apart.
    if isinstance(getattr(module, "case_test_cache", None), set):
        module.case_test_cache = _ThreadSet()
    lift = getattr(getattr(module, "VariantLikeType", None), "_lift", None)
    if (
        isinstance(lift, FunctionType)
        and int(metadata.version("wasmtime").partition(".")[0]) in _LEAKY
        and "wasmtime_component_val_delete" in lift.__code__.co_names
    ):
        module.VariantLikeType._lift = _freeing(lift)
    atexit.register(_stay)


def _freeing(lift: Callable[..., Any]) -> Callable[..., Any]:
    """wasmtime-py's reader of payloads, after which the payload's box is freed."""
    free: Callable[[Any], None] = _bindings.wasmtime_component_val_free

    def read(self: Any, tag: str, pointer: Any) -> Any:
        value = lift(self, tag, pointer)
        if pointer:
            free(pointer)
            # The pointer is a view of the value's own field. wasmtime frees the arguments of a host import itself, with boxes it finds there.
            ctypes.memset(ctypes.addressof(pointer), 0, ctypes.sizeof(pointer))
        return value

    return read


def _stay() -> None:
    """Keep what is alive at the end of the interpreter: wasmtime-py's finalizers would find its modules taken apart, and say so on stderr.
    The end of the process frees everything.
    """
    from likewise.component.instance import groups

    if sys.implementation.name == "cpython":
        for one in [*(kept for group in groups() for kept in (group, *group.instances.values())), *handles.values()]:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))
