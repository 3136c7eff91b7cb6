"""The exceptions of likewise. Everything that the package raises on its own account derives from `LikewiseError`."""

from __future__ import annotations

from typing import Any

__all__ = [
    "ComponentError",
    "ComponentFormatError",
    "FuelExhausted",
    "ImportMissing",
    "LikewiseError",
    "MemoryLimitExceeded",
    "ResourceClosed",
    "TimeLimitExceeded",
    "Trap",
]


class LikewiseError(Exception):
    """Base of all exceptions that likewise defines."""


class ComponentError(LikewiseError):
    """The error arm of a WIT `result`.

    Raised by a call whose result is an error, with what the component said as `payload`. Raise it inside a host import to return
    that import's error arm.
    """

    def __init__(self, payload: Any = None) -> None:
        super().__init__(payload)
        #: The error value: idiomatic Python for its WIT type, or None where the error arm carries nothing.
        self.payload = payload

    def __str__(self) -> str:
        return "the call returned an error" if self.payload is None else str(self.payload)


class ComponentFormatError(LikewiseError, ValueError):
    """The bytes given are not a component, or one that uses a feature that is not supported."""


class ImportMissing(LikewiseError, LookupError):
    """The component called an import that nobody granted."""


class ResourceClosed(LikewiseError, ValueError):
    """A resource was used after it was closed, given away, or lost with its instance."""


class Trap(LikewiseError, RuntimeError):
    """The component failed in a way that ends its instance. The next call starts a new one."""

    def __init__(self, message: str, backtrace: str = "") -> None:
        super().__init__(message)
        #: WebAssembly frames, innermost first, one a line; "" where there are none.
        self.backtrace = backtrace


class TimeLimitExceeded(Trap):
    """The call took longer than `Limits.time` allows, or compiling than `Limits.compile_time`."""


class MemoryLimitExceeded(Trap, MemoryError):
    """The component needs more memory than `Limits.memory` allows, or compiling it than `Limits.compile_memory`."""


class FuelExhausted(Trap):
    """The call executed more instructions than `Limits.fuel` allows."""
