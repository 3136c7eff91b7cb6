"""wasmtime's C API, called directly: the one module that knows its memory layout and wasmtime-py's private parts.

wasmtime-py reads a function's type again on each call and converts values one attribute at a time, which costs 8 to 15 µs a call.
Here a value is written and read as what it is, words in memory. `MEM` is the address space of the process as one buffer: reading
a word is an index, a string is a slice, and a list of numbers is a slice with a stride, all at the speed of C.

Arguments are only read by wasmtime, so that they live in memory that Python owns, in `bytes` objects made by `struct` and by
encoding strings. Nothing of them needs freeing. Results belong to us and are freed with
`val_delete`.

All of this holds for the versions in `KNOWN_GOOD`, for which the test suite has passed; with any other the public API is used.

Layout of a value (wasmtime/component/val.h), 32 bytes: the kind in the first byte, then from byte 8
    numbers, bool, char     the value
    string, enum            length, address
    list, tuple             length, address of the values
    record                  length, address of the entries: a name (length, address) and a value, 48 bytes each
    variant                 the case's name (length, address), address of the value or 0
    option                  address of the value or 0
    result                  a byte that is 1 for success, 7 unused, address of the value or 0
    flags                   number of names, address of the names (length, address)
    resource                address of the handle
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from importlib import metadata
from typing import Any, cast

__all__ = ["KNOWN_GOOD", "MEM", "available"]

#: Versions of wasmtime-py whose layout is the one above.
KNOWN_GOOD = frozenset({"50.0.0", "50.0.1"})

KIND = {
    name: kind
    for kind, name in enumerate(
        [
            "bool",
            "s8",
            "u8",
            "s16",
            "u16",
            "s32",
            "u32",
            "s64",
            "u64",
            "f32",
            "f64",
            "char",
            "string",
            "list",
            "record",
            "tuple",
            "variant",
            "enum",
            "option",
            "result",
            "flags",
            "resource",
        ]
    )
}

#: Bytes of a value, of what is behind its kind, and of a record's entry.
VALUE = 32
PAYLOAD = 24
ENTRY = 48

# 2^62 bytes: any address a process can have, and a multiple of all sizes below. Nothing is allocated.
MEM = memoryview((ctypes.c_ubyte * (1 << 62)).from_address(0)).cast("B")
#: The same by the size and kind of what is read: indices count such items, an address divided by their size.
VIEWS: dict[str, memoryview[Any]] = {code: cast(Any, MEM).cast(code) for code in "bBhHiIqQfd"}
Q = VIEWS["Q"]

#: Where the bytes of a `bytes`, and the characters of an ASCII-only `str`, lie behind the object's address.
BYTES = sys.getsizeof(b"") - 1
ASCII = sys.getsizeof("") - 1


@cache
def available() -> str | None:
    """Why this module cannot be used here, None if it can."""
    version = metadata.version("wasmtime")
    if version not in KNOWN_GOOD:
        return f"wasmtime {version} is not one of {', '.join(sorted(KNOWN_GOOD))}"
    if sys.implementation.name != "cpython":
        return f"this is {sys.implementation.name}, not CPython"
    data = b"".join([b"pro", b"be"])
    start = id(data) + BYTES
    if ctypes.string_at(start, 5) != data or bytes(MEM[start : start + 5]) != data:
        return "the memory layout of bytes is not the one expected"
    text = "".join(["pro", "be"])
    if ctypes.string_at(id(text) + ASCII, 6) != b"probe\0":
        return "the memory layout of str is not the one expected"
    if ctypes.sizeof(_bindings().wasmtime_component_val_t) != VALUE:
        return "the memory layout of values is not the one expected"
    if ctypes.sizeof(_bindings().wasmtime_component_valrecord_entry_t) != ENTRY:
        return "the memory layout of record entries is not the one expected"
    return None


def _bindings() -> Any:
    from wasmtime import _bindings

    return _bindings


def _function(name: str, result: Any) -> Any:
    """A C function that takes its arguments as they are: prepared ctypes objects need no conversion."""
    function = _bindings().dll[name]
    function.restype = result
    return function


class C:
    """The C functions that are called directly. Made once, on first use."""

    _instance: C | None = None

    def __init__(self) -> None:
        pointer = ctypes.c_void_p
        self.call = _function("wasmtime_component_func_call", pointer)
        self.val_delete = _function("wasmtime_component_val_delete", None)
        self.val_clone = _function("wasmtime_component_val_clone", None)
        self.val_clone.argtypes = [pointer, pointer]
        self.error_new = _function("wasmtime_error_new", pointer)
        self.resource_clone = _function("wasmtime_component_resource_any_clone", pointer)
        self.resource_clone.argtypes = [pointer]
        self.resource_drop = _function("wasmtime_component_resource_any_drop", pointer)
        self.resource_drop.argtypes = [pointer, pointer]
        self.resource_delete = _function("wasmtime_component_resource_any_delete", None)
        self.resource_delete.argtypes = [pointer]
        self.resource_to_host = _function("wasmtime_component_resource_any_to_host", pointer)
        self.resource_to_host.argtypes = [pointer, pointer, pointer]
        self.host_new = _function("wasmtime_component_resource_host_new", pointer)
        self.host_new.argtypes = [ctypes.c_bool, ctypes.c_uint32, ctypes.c_uint32]
        self.host_rep = _function("wasmtime_component_resource_host_rep", ctypes.c_uint32)
        self.host_rep.argtypes = [pointer]
        self.host_delete = _function("wasmtime_component_resource_host_delete", None)
        self.host_delete.argtypes = [pointer]
        self.host_to_any = _function("wasmtime_component_resource_host_to_any", pointer)
        self.host_to_any.argtypes = [pointer, pointer, pointer]
        self.set_epoch_deadline = _function("wasmtime_context_set_epoch_deadline", None)
        self.set_fuel = _function("wasmtime_context_set_fuel", pointer)
        self.add_func = _function("wasmtime_component_linker_instance_add_func", pointer)
        self.callback = ctypes.CFUNCTYPE(ctypes.c_size_t, *[pointer] * 7)

    @classmethod
    def get(cls) -> C:
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance
