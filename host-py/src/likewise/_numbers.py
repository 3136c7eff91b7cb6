"""Numbers that callers give, checked where they come in."""

from __future__ import annotations

from operator import index


def whole_number(value: object, name: str) -> int:
    """``value`` as an int. ``name`` is the parameter's, for the error.

    Raises:
        TypeError: no whole number.
    """
    try:
        return index(value)  # type: ignore[arg-type]  # what is none is the error
    except TypeError:
        raise TypeError(f"{name}: expected an int, got {value!r:.60}") from None
