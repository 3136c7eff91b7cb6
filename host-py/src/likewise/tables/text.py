"""Columns of text on their way to the engine, at Arrow's speed: no Python object is made for a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from likewise.dictionary import unused

# Tried in turn for one that is in no value.
_SEPARATORS = "\n\0\x1f\x1e\ufffe"


class Texts(NamedTuple):
    """A column's distinct values, without null, and for each row the place of its value, -1 where it has none."""

    values: Any
    codes: NDArray[np.int64]


def column(values: Any, name: str = "values") -> Any:
    """Any column as a `pyarrow.ChunkedArray`: Arrow's own, a pandas or Polars series, a numpy array, a list.

    Lone surrogates, which Arrow cannot hold, become U+FFFD.

    Raises:
        TypeError: not a column, or one whose values are not all text.
    """
    if isinstance(values, pa.ChunkedArray):
        return values
    if isinstance(values, pa.Array):
        return pa.chunked_array([values])
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{name}: expected a column of text, not one {type(values).__name__}")
    if hasattr(values, "__arrow_c_stream__"):
        try:
            return pa.chunked_array(values)
        except (pa.ArrowException, UnicodeError):
            # pandas keeps lone surrogates, which are found below.
            pass
    if hasattr(values, "to_list"):
        values = values.to_list()
    if not isinstance(values, Iterable) or isinstance(values, Mapping):
        raise TypeError(f"{name}: expected a column of text, not {type(values).__name__}")
    values = list(values)
    try:
        made = pa.array(values, from_pandas=True)
    except UnicodeEncodeError:
        made = pa.array([_without_surrogates(value) for value in values], from_pandas=True)
    except pa.ArrowException as error:
        raise TypeError(f"{name}: expected a column of text: {error}") from None
    # What is too much for one array of Arrow's comes in several.
    return made if isinstance(made, pa.ChunkedArray) else pa.chunked_array([made])


def _without_surrogates(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # Pairs of them are a character; what stands alone is not text.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def texts(values: Any, name: str = "values") -> Texts:
    """A column of text of any Arrow type: string, large or view, dictionary-encoded, in chunks, or binary that holds UTF-8.

    Bytes that are not UTF-8 are compared as U+FFFD.

    Raises:
        TypeError: not a column of text.
    """
    chunked = column(values, name)
    kind = chunked.type
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    # A column of pandas in which everything is missing is one of numbers, or of categories that are numbers.
    if pa.types.is_null(inner) or 0 < len(chunked) == chunked.null_count:
        return Texts(pa.array([], pa.large_string()), np.full(len(chunked), -1, np.int64))
    if _is(inner, "string", "large_string", "string_view"):
        plain = _plain(chunked, pa.large_string())
    elif _is(inner, "binary", "large_binary", "binary_view"):
        plain = _plain(chunked, pa.large_binary())
    else:
        raise TypeError(f"{name}: expected a column of text, not of {kind}; cast it to string first")
    # A chunked array's dictionaries are made one.
    encoded = plain.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    distinct = encoded.dictionary
    if distinct.type != pa.large_string():
        distinct = distinct.view(pa.large_string())
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    try:
        distinct.validate(full=True)
    except pa.ArrowInvalid:
        raw = distinct.view(pa.large_binary()).to_pylist()
        distinct = pa.array([value.decode("utf-8", "replace") for value in raw], pa.large_string())
    return Texts(distinct, codes)


def _plain(chunked: Any, kind: Any) -> Any:
    """A column without dictionaries, as text or bytes with offsets of 64 bits."""
    if not pa.types.is_dictionary(chunked.type):
        return chunked.cast(kind)
    # Arrow casts no dictionary of views, which Polars makes; nor may a cast to small offsets come first, which could overflow.
    return pa.chunked_array([chunk.dictionary.cast(kind).take(chunk.indices) for chunk in chunked.chunks], kind)


def _is(kind: Any, *names: str) -> bool:
    # Older versions of pyarrow lack some of the types.
    return any(getattr(pa.types, f"is_{name}", bool)(kind) for name in names)


def separator(values: Any) -> str:
    """A character that is in none of the values."""
    for one in _SEPARATORS:
        if not pc.any(pc.match_substring(values, one)).as_py():
            return one
    return unused(set().union(*values.to_pylist()))


def joined(values: Any, by: str) -> str:
    """The values, of `large_string`, in one text, each ended by the separator."""
    if not len(values):
        return ""
    whole = pa.LargeListArray.from_arrays([0, len(values)], values)
    text: str = pc.binary_join(whole, pa.scalar(by, pa.large_string()))[0].as_py()
    return text + by
