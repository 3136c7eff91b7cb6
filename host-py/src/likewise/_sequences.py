"""Whatever may be compared, on its way to the engine, which knows Unicode text and nothing else.

Equality is all that the metrics look at. So a sequence of anything that can be hashed is text once each distinct
element has a code point of its own. What stands for a character keeps that character's code point, so that a list of
characters, an array of them and bytes compare with a string, and white space stays white space: the rules are
RapidFuzz's.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from math import isnan
from typing import Any, TypeVar

Result = TypeVar("Result")

# Elements are told apart by 64 bits, as hashes are in CPython.
_HASH = (1 << 64) - 1

# Tried in turn for the one that is in no text.
_SEPARATORS = "\n\0\x1f\x1e\ufffe"

# Code points for elements that are no characters, those without a meaning of their own first: in the place of lone
# surrogates, and of all that is larger than a code point. Tokens are sorted by the elements so long as these suffice.
_FREE = (range(0xE000, 0xF900), range(0xF0000, 0x110000), range(0x10000, 0xF0000), range(1, 0xD800))
_FREE_OF_LARGE = (*_FREE[1:], _FREE[0])


def is_missing(value: object) -> bool:
    """Whether this stands for no value at all: None, a float that is not a number, ``pandas.NA``."""
    if value is None:
        return True
    if isinstance(value, float):
        return isnan(value)
    # Nothing can be pandas' NA where pandas has not been imported.
    pandas = sys.modules.get("pandas")
    return pandas is not None and value is getattr(pandas, "NA", None)


def text_pair(s1: Any, s2: Any) -> tuple[str, str]:
    """Two sequences as text.

    Raises:
        TypeError: not a sequence of hashable elements.
    """
    if isinstance(s1, str) and isinstance(s2, str) and not (_has_surrogates(s1) or _has_surrogates(s2)):
        return s1, s2
    first, second = _renumbered([s1, s2])
    return first, second


def across(call: Callable[..., Result], *groups: Sequence[Any]) -> Result:
    """``call(separator, joined, …)`` with the sequences of each group joined to one text, each ended by the separator.

    One text for many crosses the boundary at the speed of memory. ``call`` is called again, with other texts, where it
    finds that a text cannot cross because it holds a lone surrogate.

    Raises:
        TypeError: not a sequence of hashable elements.
    """
    try:
        joined = _joined(groups)
    except TypeError:
        pass
    else:
        try:
            return call(*joined)
        except ValueError:  # a lone surrogate
            pass
    texts = iter(_renumbered(list(chain.from_iterable(groups))))
    return call(*_joined([[next(texts) for _ in group] for group in groups]))


def _joined(groups: Sequence[Sequence[str]]) -> list[str]:
    """A separator that is in none of the texts, and each group joined. TypeError where one is no string."""
    for separator in _SEPARATORS:
        joined = [separator.join(group) for group in groups]
        if all(text.count(separator) == max(len(group) - 1, 0) for text, group in zip(joined, groups, strict=True)):
            break
    else:
        used = set(chain.from_iterable(joined))
        separator = next(c for c in map(chr, chain(*_FREE)) if c not in used)
        joined = [separator.join(group) for group in groups]
    return [separator, *(text + separator if group else "" for text, group in zip(joined, groups, strict=True))]


def _renumbered(sequences: list[Any]) -> list[str]:
    """Texts that are equal where the sequences are equal, element by element."""
    rows = [_elements(sequence) for sequence in sequences]
    used = set().union(*rows)
    others = sorted(element for element in used if not _is_character(element))
    taken = used.difference(others)
    free, free_of_large = ((code for code in chain(*ranges) if code not in taken) for ranges in (_FREE, _FREE_OF_LARGE))
    code_points = {element: element for element in taken}
    for element in others:
        code_point = next(free if element < 0x10000 else free_of_large, None)
        if code_point is None:
            raise ValueError(f"{len(used):,} distinct elements are more than Unicode has code points; compare fewer at once")
        code_points[element] = code_point
        taken.add(code_point)
    return ["".join([chr(code_points[element]) for element in row]) for row in rows]


def _elements(sequence: Any) -> list[int]:
    """A number for each element; equal elements have equal ones."""
    if isinstance(sequence, str):
        return [ord(c) for c in sequence]
    if isinstance(sequence, (bytes, bytearray)):
        return list(sequence)
    if isinstance(sequence, array) and sequence.typecode in "uw":
        return [ord(c) for c in sequence]
    if not hasattr(sequence, "__len__") or not hasattr(sequence, "__getitem__") or isinstance(sequence, Mapping):
        raise TypeError(f"expected a string or a sequence of hashable elements, not {type(sequence).__name__}")
    return [_element(element) for element in sequence]


def _element(element: Any) -> int:
    if isinstance(element, str) and len(element) == 1:
        return ord(element)
    # CPython gives -1 and -2 the same hash.
    if isinstance(element, int) and element == -1:
        return _HASH
    return hash(element) & _HASH


def _is_character(code: int) -> bool:
    return code < 0xD800 or 0xE000 <= code < 0x110000


def _has_surrogates(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
