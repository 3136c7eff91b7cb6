"""Fuzzy joins against comparing every pair with RapidFuzz."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from rapidfuzz import distance

from likewise import DictionaryError
from likewise.tables import Link, dedupe, fuzzy_join, map_batches, pairs
from likewise.tables.link import groups

Columns = tuple[list[str | None], list[str | None]]
Pair = tuple[int, int, float]

PEERS: dict[str, Callable[[str, str], float]] = {
    "indel": distance.Indel.normalized_similarity,
    "levenshtein": distance.Levenshtein.normalized_similarity,
    "osa": distance.OSA.normalized_similarity,
    "damerau-levenshtein": distance.DamerauLevenshtein.normalized_similarity,
    "jaro-winkler": distance.JaroWinkler.similarity,
    "prefix": distance.Prefix.normalized_similarity,
}


def brute_force(
    left: list[str | None], right: list[str | None], metric: str, cutoff: float, limit: int | None = None
) -> list[Pair]:
    """Every pair at or above the cutoff, by left row, falling score, right row."""
    found: list[Pair] = []
    for i, a in enumerate(left):
        scored = [(i, j, 100 * PEERS[metric](a, b)) for j, b in enumerate(right) if a is not None and b is not None]
        kept = [pair for pair in scored if pair[2] >= cutoff]
        found += sorted(kept, key=lambda pair: (-round(pair[2], 7), pair[1]))[:limit]
    return found


def rows(table: Any) -> list[Pair]:
    """Pairs in the order of their left rows; those of one row as they came."""
    listed = zip(*(table.column(name).to_pylist() for name in ("left", "right", "score")), strict=True)
    return sorted(listed, key=lambda pair: pair[0])


def agree(mine: list[Pair], known: list[Pair]) -> None:
    assert mine == sorted(mine, key=lambda pair: (pair[0], -pair[2], pair[1]))
    mine = sorted(mine, key=lambda pair: (pair[0], -round(pair[2], 7), pair[1]))
    assert [pair[:2] for pair in mine] == [pair[:2] for pair in known]
    assert [pair[2] for pair in mine] == pytest.approx([pair[2] for pair in known], abs=1e-7)


@pytest.mark.parametrize(
    ("metric", "limit"),
    # Jaro's fractions may differ from RapidFuzz's in the last digit, which decides between equals where there is a limit.
    [(metric, limit) for metric in PEERS for limit in (None, 1, 3) if limit is None or metric != "jaro-winkler"],
)
@pytest.mark.parametrize("cutoff", [45.0, 80.0, 100.0])
def test_pairs_are_those_of_brute_force(columns: Columns, metric: Any, cutoff: float, limit: int | None) -> None:
    left, right = columns
    found = pairs(left, right, metric=metric, score_cutoff=cutoff, limit=limit)
    agree(rows(found.read_all()), brute_force(left, right, metric, cutoff, limit))


@pytest.mark.parametrize("cutoff", [60.0, 90.0])
def test_pairs_of_one_column_come_once(columns: Columns, cutoff: float) -> None:
    values = columns[0]
    once = [pair for pair in brute_force(values, values, "indel", cutoff) if pair[0] < pair[1]]
    agree(rows(pairs(values, score_cutoff=cutoff).read_all()), once)


def chunked(values: list[str | None]) -> Any:
    return pa.chunked_array([values[:7], [], values[7:60], values[60:]], pa.string())


FORMS: dict[str, Callable[[list[str | None]], Any]] = {
    "list": lambda values: values,
    "array": lambda values: pa.array(values, pa.string()),
    "slice": lambda values: pa.array(["not this", *values, "nor this"], pa.string()).slice(1, len(values)),
    "chunks": chunked,
    "large": lambda values: pa.array(values, pa.large_string()),
    "view": lambda values: chunked(values).cast(pa.string_view()),
    "dictionary": lambda values: pa.array(values, pa.string()).dictionary_encode(),
    "dictionaries": lambda values: chunked(values).dictionary_encode(),
    "differing dictionaries": lambda values: pa.chunked_array(
        [pa.array(values[:50], pa.string()).dictionary_encode(), pa.array(values[50:], pa.string()).dictionary_encode()]
    ),
    "binary": lambda values: pa.array(values, pa.string()).cast(pa.binary()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_column_may_have_any_form(columns: Columns, form: str) -> None:
    left, right = columns
    found = pairs(FORMS[form](left), FORMS[form](right), score_cutoff=70)
    agree(rows(found.read_all()), brute_force(left, right, "indel", 70))


def test_what_is_not_unicode_is_compared_as_such() -> None:
    replaced = "na\ufffdve"
    surrogates = pairs(["na\ud800ve", "x"], [replaced], score_cutoff=100).read_all()
    assert surrogates.to_pylist() == [{"left": 0, "right": 0, "score": 100.0}]
    offsets = pa.array([0, 5, 6], pa.int32()).buffers()[1]
    forged = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"na\xffvex")])
    assert pairs(forged, [replaced], score_cutoff=100).read_all() == surrogates


@pytest.mark.parametrize("separators", ["\n", "\n\0", "\n\0\x1f\x1e\ufffe"])
def test_values_may_hold_what_separates_them(separators: str) -> None:
    values = [f"one{separators}two", separators, "", "\n"]
    found = pairs(values, values, score_cutoff=100).read_all()
    agree(rows(found), brute_force(values, values, "indel", 100))


def test_nothing_is_like_nothing() -> None:
    assert pairs([], ["a"], score_cutoff=50).read_all().num_rows == 0
    assert pairs(["a"], [], score_cutoff=50).read_all().num_rows == 0
    assert pairs(pa.nulls(3), pa.nulls(2), score_cutoff=50).read_all().num_rows == 0
    assert pairs([None, "", None], [None, ""], score_cutoff=50).read_all().to_pylist() == [
        {"left": 1, "right": 1, "score": 100.0}
    ]


def test_threads_find_the_same(columns: Columns) -> None:
    left, right = [value * 20 for value in columns]
    alone = pairs(left, right, score_cutoff=80).read_all()
    assert pairs(left, right, score_cutoff=80, workers=3).read_all() == alone
    assert alone.num_rows == 400 * len(brute_force(*columns, "indel", 80))


def test_a_batch_is_bounded_and_rows_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """More matches than a crossing brings, more pairs than a batch holds."""
    monkeypatch.setattr("likewise.tables.index._MATCHES", 50)
    monkeypatch.setattr("likewise.tables.index._QUERIES", 7)
    monkeypatch.setattr("likewise.tables.link._PAIRS", 100)
    monkeypatch.setattr("likewise.tables.link.ROWS", 30)
    values = [f"value {number % 40}" for number in range(90)]
    for workers in (1, 2):
        batches = list(pairs(values, values, score_cutoff=80, workers=workers))
        assert max(batch.num_rows for batch in batches) <= 100 < sum(batch.num_rows for batch in batches)
        agree(rows(pa.Table.from_batches(batches)), brute_force(values, values, "indel", 80))


def test_progress_counts_rows() -> None:
    seen: list[tuple[int, int]] = []
    pairs(["a"] * 40_000, ["a"], score_cutoff=90, progress=lambda *at: seen.append(at)).read_all()
    assert seen == [(16_384, 40_000), (32_768, 40_000), (40_000, 40_000)]
    seen.clear()
    map_batches(
        Link("n", pa.table({"n": ["a"]}), score_cutoff=90),
        pa.table({"n": ["b"] * 5}),
        rows=2,
        progress=lambda *at: seen.append(at),
    )
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_a_join_has_the_columns_of_both(columns: Columns) -> None:
    left, right = columns
    mine = pa.table({"name": left, "id": range(len(left))})
    theirs = pa.table({"alias": right, "id": range(len(right))})
    known = brute_force(left, right, "indel", 75)
    joined = fuzzy_join(mine, theirs, "name", right_on="alias", score_cutoff=75)
    assert joined.column_names == ["name", "id", "alias", "id_right", "score"]
    agree(list(zip(*(joined.column(name).to_pylist() for name in ("id", "id_right", "score")), strict=True)), known)
    assert joined.column("alias").to_pylist() == [right[j] for _, j, _ in known]
    outer = fuzzy_join(mine, theirs, "name", right_on="alias", score_cutoff=75, how="left", limit=1)
    assert outer.column("id").to_pylist() == list(range(len(left)))
    best = {i: j for i, j, _ in brute_force(left, right, "indel", 75, 1)}
    assert outer.column("id_right").to_pylist() == [best.get(i) for i in range(len(left))]
    assert [score is None for score in outer.column("score").to_pylist()] == [i not in best for i in range(len(left))]


def test_a_join_takes_record_batches() -> None:
    task = Link("n", pa.table({"n": ["anna", "ana"], "k": [1, 2]}), score_cutoff=80)
    joined = task(pa.record_batch({"n": ["anna", "otto"]}))
    assert isinstance(joined, pa.RecordBatch)
    assert joined.column("k").to_pylist() == [1, 2]
    nothing = task(pa.record_batch({"n": ["otto"]}))
    assert (nothing.num_rows, nothing.schema) == (0, joined.schema)
    assert task.schema(pa.schema([("n", pa.string())])) == joined.schema


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())], ids=str
)
def test_a_join_keeps_the_types_of_its_columns(kind: Any) -> None:
    table = pa.table({"n": pa.array(["anna", None, "otto"]).cast(kind), "k": pa.array([b"1", b"2", b"3"], pa.binary_view())})
    joined = fuzzy_join(table, table, "n", score_cutoff=90, how="left")
    assert [field.type for field in joined.schema] == [kind, pa.binary_view(), kind, pa.binary_view(), pa.float64()]
    assert joined.column("n_right").to_pylist() == ["anna", None, "otto"]
    assert joined.column("k_right").to_pylist() == [b"1", None, b"3"]


def test_groups_are_what_chains_of_pairs_join() -> None:
    names: list[str | None] = ["aaaaa", "zzz", "aaaab", None, "aaabb", "zzz", "aabbb", None, "q"]
    assert groups(names, score_cutoff=80).tolist() == [0, 1, 0, 3, 0, 1, 0, 7, 8]
    table = dedupe(pa.table({"n": names}), "n", score_cutoff=90)
    assert table.column("group").to_pylist() == [0, 1, 2, 3, 4, 1, 6, 7, 8]


@pytest.mark.parametrize("cutoff", [55.0, 75.0, 85.0])
def test_groups_are_those_of_brute_force(columns: Columns, cutoff: float) -> None:
    values = columns[0] + columns[1]
    group = list(range(len(values)))
    for i, j, _ in brute_force(values, values, "indel", cutoff):
        low, high = sorted((group[i], group[j]))
        group = [low if one == high else one for one in group]
    assert groups(values, score_cutoff=cutoff).tolist() == group


def test_mistakes_are_named() -> None:
    table = pa.table({"n": ["a"], "score": [1.0]})
    other = pa.table({"n": ["a"]})
    with pytest.raises(KeyError, match="no column 'm'; there are 'n', 'score'"):
        fuzzy_join(table, other, "m", score_cutoff=80, right_on="n")
    with pytest.raises(ValueError, match="'score' already: choose another name with score="):
        fuzzy_join(table, other, "n", score_cutoff=80)
    with pytest.raises(ValueError, match="suffix="):
        fuzzy_join(pa.table({"n": ["a"], "n_right": ["b"]}), other, "n", score_cutoff=80)
    with pytest.raises(TypeError, match="numbers: expected a column of text, not of int64"):
        fuzzy_join(pa.table({"numbers": [1]}), other, "numbers", score_cutoff=80, right_on="n")
    with pytest.raises(TypeError, match="not one str"):
        pairs("abc", ["a"], score_cutoff=80)
    with pytest.raises(TypeError, match="left: expected a column of text"):
        pairs(["a", 1], ["a"], score_cutoff=80)
    for cutoff in (0.0, -1.0, 101.0, float("nan")):
        with pytest.raises(ValueError, match="score_cutoff must be above 0"):
            pairs(["a"], ["a"], score_cutoff=cutoff)
    with pytest.raises(ValueError, match="'typo' re-ranks"):
        pairs(["a"], ["a"], score_cutoff=80, metric="typo")
    with pytest.raises(ValueError, match="limit"):
        pairs(["a"], ["a"], score_cutoff=80, limit=0)
    with pytest.raises(ValueError, match="limit"):
        pairs(["a"], score_cutoff=80, limit=1)
    with pytest.raises(ValueError, match="how"):
        fuzzy_join(table, other, "n", score_cutoff=80, how="outer")  # type: ignore[arg-type]
    with pytest.raises(DictionaryError, match="row 1 has 8,193 code points"):
        pairs(["a", "b" * 8193], ["a"], score_cutoff=80).read_all()
    with pytest.raises(DictionaryError, match="row 20,000 has 8,193"):
        pairs(["a"] * 20_000 + ["b" * 8193], ["a"], score_cutoff=80).read_all()
    assert pairs(["a"], ["b" * 9000, "a"], score_cutoff=80).read_all().num_rows == 1
