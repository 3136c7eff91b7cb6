"""Columns of every make, and names that are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import likewise.tables.pandas
import likewise.tables.polars  # noqa: F401  # its namespaces
from likewise.tables import Suggest, fuzzy_join
from likewise.tables import text as tables_text
from likewise.tables.text import texts


def makes(values: list[str | None]) -> Iterator[Any]:
    """A column of these values in every way that one can be made."""
    half = len(values) // 2
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        yield pa.array(values, kind)
        yield pa.array([None, "z", *values, "z"], kind).slice(2, len(values))
    plain = pa.array(values, pa.string())
    nothing = plain.slice(0, 0)
    yield pa.chunked_array([nothing, plain.slice(0, half), nothing, plain.slice(half), nothing])
    yield plain.dictionary_encode()
    yield pa.array([None, "z", *values], pa.string()).dictionary_encode().slice(2)
    yield pa.chunked_array([plain.slice(0, half).dictionary_encode(), plain.slice(half).dictionary_encode()])
    # A dictionary with null in it, and with a value twice.
    words = [*dict.fromkeys(values), None, *values]
    yield pa.DictionaryArray.from_arrays(
        pa.array(range(len(words) - len(values), len(words)), pa.int8()), pa.array(words, pa.string())
    )
    yield pa.array([value if value is None else value.encode() for value in values], pa.binary_view())
    yield list(values)
    yield pd.Series(values, dtype=object, index=[7] * len(values))
    yield pd.Series(values, dtype="string")
    categories = pd.Series(pd.Categorical(values))
    # pandas before 3 takes "" and U+0000 for one category.
    if [None if pd.isna(value) else value for value in categories] == values:
        yield categories
    yield pd.Series([float("nan") if value is None else value for value in values])
    yield pl.Series(values, dtype=pl.String)
    if values:
        yield pl.Series(values, dtype=pl.Categorical)


@given(st.lists(st.sampled_from([None, "", "a", "ab", "\0", "a\n", "é", "\U0001f600"]), max_size=6))
def test_a_column_is_its_values_however_it_is_made(values: list[str | None]) -> None:
    for made in makes(values):
        if len(values) or isinstance(made, (pa.Array, pa.ChunkedArray)):
            given = texts(made)
            distinct = given.values.to_pylist()
            assert [None if code < 0 else distinct[code] for code in given.codes.tolist()] == values, made
            assert len(set(distinct)) == len(distinct)


def test_categories_of_polars() -> None:
    frame = pl.DataFrame({"typed": ["almni", None]}, schema={"typed": pl.Categorical})
    meant = frame.select(pl.col("typed").likewise.suggest()).to_series()  # type: ignore[attr-defined]
    assert [row["suggestion"] for row in meant] == ["alumni", None]


def test_bytes_that_are_no_text_in_columns_of_text() -> None:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in range(4)))
    column = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"\xff\xfea")])
    for made in (column, pa.DictionaryArray.from_arrays([0, 1, 2], column)):
        assert Suggest("t", ["a"])(pa.table({"t": made})).column("suggestion").to_pylist() == [None, None, "a"]


def test_a_text_too_large_for_one_array(monkeypatch: pytest.MonkeyPatch) -> None:
    # pyarrow gives several arrays from two gigabytes on, and does not take them for one.
    array, chunked_array = pa.array, pa.chunked_array

    def strict(arrays: Any) -> Any:
        if any(isinstance(one, pa.ChunkedArray) for one in arrays):
            raise TypeError("Cannot convert pyarrow.lib.ChunkedArray to pyarrow.lib.Array")
        return chunked_array(arrays)

    monkeypatch.setattr(tables_text.pa, "chunked_array", strict)
    monkeypatch.setattr(tables_text.pa, "array", lambda values, **options: chunked_array([array([value]) for value in values]))
    assert tables_text.column(["a", "b"]).to_pylist() == ["a", "b"]


def test_no_column_of_a_join_is_lost() -> None:
    left = pa.table({"name": ["ann"]})
    with pytest.raises(ValueError, match="'name_right' already: choose another name with suffix="):
        fuzzy_join(left, pa.table({"name": ["ann"], "name_right": [1]}), "name", score_cutoff=80)
    twice = pa.Table.from_arrays([pa.array(["ann"]), pa.array([1]), pa.array([2])], ["name", "n", "n"])
    with pytest.raises(ValueError, match="a column 'n' already"):
        fuzzy_join(left, twice, "name", score_cutoff=80)
    with pytest.raises(KeyError, match="there are 2 columns 'n': rename all but one"):
        fuzzy_join(twice, left, "n", right_on="name", score_cutoff=80)
    for into in [("a", "a"), "ab", ("a",)]:
        with pytest.raises(ValueError, match="into: expected two names"):
            Suggest("t", into=into)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda left, right: left.likewise.fuzzy_join(right[["n", "score"]], "n", score_cutoff=80), "'score' .* with score="),
        (
            lambda left, right: left.likewise.fuzzy_join(right[["n", "n_right"]], "n", score_cutoff=80),
            "'n_right' .* with suffix=",
        ),
        (lambda left, right: right.likewise.dedupe("n", score_cutoff=80, group="score"), "'score' .* with group="),
    ],
)
def test_no_column_of_a_frame_is_lost(call: Callable[[Any, Any], object], said: str) -> None:
    right = pd.DataFrame({"n": ["ann"], "n_right": [1], "score": [5]})
    with pytest.raises(ValueError, match=said):
        call(pd.DataFrame({"n": ["ann"]}), right)


@pytest.mark.parametrize("values", [5, None, {"a": 1}])
def test_what_is_no_column_is_named(values: Any) -> None:
    with pytest.raises(TypeError, match="v: expected a column of text, not"):
        texts(values, "v")
    with pytest.raises(TypeError, match="workers: expected an int, got '2'"):
        Suggest("t", workers="2")  # type: ignore[arg-type]
