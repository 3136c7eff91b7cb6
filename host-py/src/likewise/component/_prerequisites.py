"""Imported before anything else of this package: says what is missing, and what to do, where it cannot work."""

from __future__ import annotations

import sys


def _refuse_subinterpreters() -> None:
    """Callbacks of C code always run in the main interpreter: a component called from another one would call the host's functions there."""
    try:
        from ctypes import c_void_p, pythonapi

        here, main = pythonapi.PyInterpreterState_Get, pythonapi.PyInterpreterState_Main
    except (ImportError, AttributeError) as error:
        raise ImportError(
            f"likewise calls WebAssembly by way of ctypes, which does not work here ({error}): use Python's main interpreter, and a CPython"
            " that was built with libffi"
        ) from error
    here.restype = main.restype = c_void_p
    if here() != main():
        raise ImportError("likewise works in Python's main interpreter only: use threads or processes instead of subinterpreters")


if sys.implementation.name == "cpython":
    _refuse_subinterpreters()

try:
    import wasmtime.component  # noqa: F401  # whether it can be
except Exception as error:  # wasmtime itself raises all sorts on a platform that it has no library for
    raise ImportError(
        f"likewise runs WebAssembly by wasmtime, which cannot be imported here ({type(error).__name__}: {error}):"
        " pip install 'wasmtime>=48,<51'"
    ) from error
