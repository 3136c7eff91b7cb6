"""`Suggest` against `spellcheck`, one word at a time."""

from __future__ import annotations

import pyarrow as pa
import pytest

import likewise
from likewise.tables import Suggest, map_batches

TYPED = ["almni", None, "recieve", "", "almni", "zzzzzzzzzzzz", "world", "q" * 1025, "naïve"]


def test_words_meant_are_those_of_spellcheck() -> None:
    table = pa.table({"id": range(len(TYPED)), "typed": TYPED})
    made = Suggest("typed")(table)
    assert made.column_names == ["id", "typed", "suggestion", "score"]
    for word, found, score in zip(TYPED, made.column("suggestion").to_pylist(), made.column("score").to_pylist(), strict=True):
        known = likewise.spellcheck(word) if word is not None and len(word) <= 1024 else likewise.Suggestion("", 0.0)
        assert (found or "", score or 0.0) == known


def test_words_may_be_ones_own() -> None:
    table = pa.table({"typed": ["mve", "ini", "xyz"]})
    for words in (["init", "move"], pa.array(["init", "move"]), likewise.Dictionary(["init", "move"])):
        made = Suggest("typed", words, metric="indel", into=("meant", "percent"))(table)
        assert made.column("meant").to_pylist() == ["move", "init", None]
        assert made.column("percent").to_pylist() == [pytest.approx(600 / 7), pytest.approx(600 / 7), None]
    assert Suggest("typed", ["init", "move"], metric="indel", score_cutoff=86)(table).column("suggestion").null_count == 3


def test_a_dictionarys_priorities_count() -> None:
    words = likewise.Dictionary(["bat", "hat"], priority=[9, 0])
    assert Suggest("t", words, metric="indel")(pa.table({"t": ["at"]})).column("suggestion").to_pylist() == ["hat"]


def test_batches_of_any_size_and_threads_make_no_difference() -> None:
    table = pa.table({"typed": [word for word in TYPED if word is None or len(word) < 99] * 300})
    whole = Suggest("typed")(table)
    assert map_batches(Suggest("typed", workers=2), table, rows=777).equals(whole.combine_chunks())
    batch = Suggest("typed")(pa.record_batch({"typed": ["almni"]}))
    assert isinstance(batch, pa.RecordBatch) and batch.num_rows == 1


def test_no_rows_have_no_suggestions_but_columns() -> None:
    schema = pa.schema([("typed", pa.string_view())])
    assert Suggest("typed")(schema.empty_table()).schema == Suggest("typed").schema(schema)
    assert map_batches(Suggest("typed"), schema.empty_table()).num_rows == 0


def test_mistakes_are_named() -> None:
    with pytest.raises(ValueError, match="into="):
        Suggest("typed")(pa.table({"typed": ["a"], "score": [1]}))
    with pytest.raises(KeyError, match="no column 'typed'"):
        Suggest("typed")(pa.table({"other": ["a"]}))
    with pytest.raises(TypeError, match="expected a pyarrow Table or RecordBatch, not list"):
        Suggest("typed")(["a"])
    with pytest.raises(ValueError, match="workers"):
        Suggest("typed", workers=0)
    with pytest.raises(TypeError, match="words"):
        Suggest("typed", "one string")
