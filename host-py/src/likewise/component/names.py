"""WIT names in Python's spelling: `levenshtein-bound` is `levenshtein_bound` as a value and `LevenshteinBound` as a type."""

from __future__ import annotations

import keyword

__all__ = ["camel", "constant", "snake"]


def snake(name: str) -> str:
    """Name of a function, parameter, field or interface. A Python keyword gets an underscore behind it, and so does "mro", which every class
    has from its metaclass: `dataclass` would take it for a field's default.
    """
    result = name.replace("-", "_").replace(".", "_").lower()
    return result + "_" if keyword.iskeyword(result) or result == "mro" else result


def camel(name: str) -> str:
    """Name of a type. A part that WIT spells in capitals keeps them: `DNS-error` is `DNSError`."""
    result = "".join(part[:1].upper() + part[1:] for part in name.replace(".", "-").split("-"))
    return result + "_" if keyword.iskeyword(result) else result


def constant(name: str) -> str:
    """Name of an enum's or a flag set's member."""
    result = name.replace("-", "_").upper()
    # "mro" is what Enum calls a method of its metaclass: it cannot be a member's name.
    return result + "_" if keyword.iskeyword(result) or result == "MRO" else result
