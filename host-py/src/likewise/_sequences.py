"""Whatever may be compared, on its way to the engine, which knows Unicode text and nothing else.

Equality is all that the metrics look at. So a sequence of anything that can be hashed is text once each distinct
element has a code point of its own. What stands for a character keeps that character's code point, so that a list of
characters, an array of them and bytes compare with a string, and white space stays white space: the rules are
RapidFuzz's.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from math import isnan
from typing import Any, TypeVar

Result = TypeVar("Result")

# Elements are told apart by 64 bits, as hashes are in CPython.
_HASH = (1 << 64) - 1

# Tried in turn for one that is in no text, which the engine finds out by counting: what texts seldom hold comes first.
_SEPARATORS = "\0\x1f\x1e\n\ufffe"

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
    if isinstance(s1, str) and isinstance(s2, str) and not (has_surrogates(s1) or has_surrogates(s2)):
        return s1, s2
    first, second = _renumbered([s1, s2])
    return first, second


def across(call: Callable[..., Result | None], *groups: Sequence[Any]) -> Result:
    """``call(separator, joined, …)`` with the sequences of each group joined to one text by the separator.

    One text for many crosses the boundary at the speed of memory. ``call`` gives None where the engine counted more texts
    than there are, which is when one of them holds the separator: then it is called again with another one. So it is, with
    other texts, where it finds that a text cannot cross because it holds a lone surrogate.

    Raises:
        TypeError: not a sequence of hashable elements.
    """
    try:
        return _across(call, groups)
    except (TypeError, ValueError):  # no strings, or a lone surrogate
        texts = iter(_renumbered(list(chain.from_iterable(groups))))
    return _across(call, [[next(texts) for _ in group] for group in groups])


def _across(call: Callable[..., Result | None], groups: Sequence[Sequence[str]]) -> Result:
    """The same for strings. TypeError where one is none."""
    for separator in _separators(groups):
        # The separator ends each text. It may be left out at the end of all, which saves a copy, unless the last text is nothing, or ends in it:
        # then that would be taken for the text's end.
        joined = [
            text + separator if group and (not group[-1] or group[-1].endswith(separator)) else text
            for text, group in zip([separator.join(group) for group in groups], groups, strict=True)
        ]
        result = call(separator, *joined)
        if result is not None:
            return result
    raise AssertionError("the last separator is in no text")


def _separators(groups: Sequence[Sequence[str]]) -> Iterator[str]:
    """Separators that may do, and one that does."""
    yield from _SEPARATORS
    used = set().union(*chain.from_iterable(groups))
    for separator in map(chr, chain(*_FREE, range(0xF900, 0x10000))):
        if separator not in used:
            yield separator
            return
    raise ValueError(
        "the texts hold every character that there is, so that none is left to stand between them; compare fewer at once"
    )


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
    try:
        # What has a length need not end there when it is iterated over.
        return [_element(element) for element in islice(sequence, len(sequence))]
    except TypeError as error:
        raise TypeError(
            f"expected a string or a sequence of hashable elements, not this {type(sequence).__name__}: {error}"
        ) from None


def _element(element: Any) -> int:
    if isinstance(element, str) and len(element) == 1:
        return ord(element)
    # CPython gives -1 and -2 the same hash.
    if isinstance(element, int) and element == -1:
        return _HASH
    return hash(element) & _HASH


def _is_character(code: int) -> bool:
    return code < 0xD800 or 0xE000 <= code < 0x110000


def has_surrogates(text: str) -> bool:
    """Whether a text holds lone surrogates, which cannot cross the boundary."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
