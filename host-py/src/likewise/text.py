"""Text on its way to the engine, which knows Unicode code points and nothing else."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")

# A noncharacter: no word holds it, so that it is similar to nothing, as a lone surrogate is.
_NOTHING = "\uffff"


def as_text(value: str | bytes, name: str) -> str:
    """``value`` as text that can cross the boundary. ``name`` is the parameter's, for the error.

    A lone surrogate, which UTF-8 cannot carry, becomes a code point that is in no word.

    Raises:
        TypeError: neither str nor bytes.
        UnicodeDecodeError: bytes that are not UTF-8.
    """
    if isinstance(value, bytes):
        return value.decode()
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected str or bytes, not {type(value).__name__}")
    return value if value.isascii() else _SURROGATE.sub(_NOTHING, value)
