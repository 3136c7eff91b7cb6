"""pandas, Polars and DuckDB: each answers as the task does over Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import likewise.tables.duckdb
import likewise.tables.pandas
import likewise.tables.polars
from likewise import Policy
from likewise.tables import Fetch, Link, Partition, Suggest, fuzzy_join

if TYPE_CHECKING:
    from conftest import Web

TYPED = ["almni", None, "recieve", ""]
MEANT = ["alumni", None, "receive", None]
LEFT = {"name": ["anna smith", "bob", None, "anna smith"], "n": [1, 2, 3, 4]}
RIGHT = {"name": ["ana smith", "anna smyth", "q"], "k": [7, 8, 9]}
LOCAL = Policy(allow_private=["127.0.0.0/8"])


def known(how: str = "inner") -> list[dict[str, object]]:
    found = fuzzy_join(pa.table(LEFT), pa.table(RIGHT), "name", score_cutoff=80, how=how)  # type: ignore[arg-type]
    listed: list[dict[str, object]] = found.to_pylist()
    return listed


# -- pandas


@pytest.mark.parametrize("dtype", [None, "object", "string", "category", "large_string[pyarrow]"])
def test_a_series_of_any_kind(dtype: str | None) -> None:
    # None is whatever this version of pandas makes of strings.
    kind = pd.ArrowDtype(pa.large_string()) if dtype == "large_string[pyarrow]" else dtype
    series = pd.Series(TYPED, index=list("wxyz"), name="typed", dtype=kind)
    made = series.likewise.suggest()
    assert made.index.tolist() == list("wxyz")
    assert made["suggestion"].astype(object).where(made["suggestion"].notna(), None).tolist() == MEANT
    pairs = series.likewise.pairs(["alumni"], score_cutoff=80)
    assert pairs[["left", "right"]].values.tolist() == [[0, 0]]


def test_a_series_with_nan_and_lone_surrogates() -> None:
    series = pd.Series(["a\ud800b", float("nan"), "a\ud800b"], dtype=object)
    assert series.likewise.pairs(score_cutoff=100)[["left", "right"]].values.tolist() == [[0, 2]]
    with pytest.raises(TypeError, match="expected a column of text"):
        pd.Series(["a", 3], dtype=object, name="mixed").likewise.suggest()


def test_pandas_frames_join_with_index_and_types() -> None:
    left = pd.DataFrame(LEFT, index=list("abcd")).assign(when=pd.Timestamp("2020-01-01", tz="UTC"))
    right = pd.DataFrame(RIGHT, index=[5, 5, 6]).astype({"k": "int8"})
    inner = left.likewise.fuzzy_join(right, "name", score_cutoff=80)
    assert inner.index.tolist() == ["a", "a", "d", "d"]
    assert (inner["k"].dtype, inner["when"].dtype) == (right["k"].dtype, left["when"].dtype)
    assert inner[["name", "n", "name_right", "k", "score"]].to_dict("records") == known()
    outer = left.likewise.fuzzy_join(right, "name", score_cutoff=80, how="left", score="percent")
    assert outer.index.tolist() == ["a", "a", "b", "c", "d", "d"]
    assert outer["percent"].isna().tolist() == [False, False, True, True, False, False]
    assert outer["name_right"].isna().tolist() == outer["k"].isna().tolist() == outer["percent"].isna().tolist()
    assert left.likewise.dedupe("name", score_cutoff=80)["group"].tolist() == [0, 1, 2, 0]


def test_pandas_fetches(web: Web) -> None:
    made = pd.Series([f"{web.url}/p", None], index=[3, 4]).likewise.fetch(policy=LOCAL, columns=["title", "ok"])
    assert made.loc[3].tolist() == ["Page /p", True] and made.loc[4].isna().all()


# -- Polars


def test_polars_expressions(web: Web) -> None:
    frame = pl.DataFrame({"typed": TYPED, "url": [f"{web.url}/q", None, "x", ""]})
    meant = frame.with_columns(pl.col("typed").likewise.suggest().alias("m")).unnest("m")  # type: ignore[attr-defined]
    assert meant["suggestion"].to_list() == MEANT
    lazy = frame.lazy().select(pl.col("typed").cast(pl.Categorical).likewise.suggest())  # type: ignore[attr-defined]
    assert lazy.collect_schema() == lazy.collect().schema
    assert lazy.collect()["typed"].struct.field("suggestion").to_list() == MEANT
    fetched = frame.select(pl.col("url").likewise.fetch(policy=LOCAL, columns=["title", "error_kind", "links"]))  # type: ignore[attr-defined]
    assert fetched["url"].to_list() == [
        {"title": "Page /q", "error_kind": None, "links": [f"{web.url}/next"]},
        {"title": None, "error_kind": None, "links": None},
        *[{"title": None, "error_kind": "invalid-url", "links": None}] * 2,
    ]


@pytest.mark.parametrize("how", ["inner", "left"])
def test_polars_frames(how: str) -> None:
    left, right = pl.DataFrame(LEFT), pl.DataFrame(RIGHT)
    joined = left.likewise.fuzzy_join(right, "name", score_cutoff=80, how=how)  # type: ignore[attr-defined]
    assert joined.to_dicts() == known(how)
    assert left.likewise.dedupe("name", score_cutoff=80)["group"].to_list() == [0, 1, 2, 0]  # type: ignore[attr-defined]
    assert left.likewise.map(Partition("name", parts=3), rows=2)["part"].to_list() == [0] * 4  # type: ignore[attr-defined]


# -- DuckDB


def test_duckdb_functions(web: Web) -> None:
    db = duckdb.connect()
    likewise.tables.duckdb.register(db, "meant", Suggest("typed"))
    likewise.tables.duckdb.register(db, "part", Partition("url", parts=1000))
    likewise.tables.duckdb.register(db, "fetched", Fetch("url", policy=LOCAL, columns=["title", "links"]))
    frame = pa.table({"typed": TYPED})  # noqa: F841  # DuckDB reads it by its name
    assert [row[0] for row in db.sql("SELECT meant(typed).suggestion FROM frame").fetchall()] == MEANT
    # More than one vector of rows.
    assert db.sql("SELECT count(*), min(meant('wrld').suggestion) FROM range(5000)").fetchall() == [(5000, "world")]
    assert db.sql("SELECT part('http://example.com/x')").fetchall() == [(465,)]
    assert db.sql(f"SELECT fetched('{web.url}/d').title, fetched('{web.url}/d').links[1]").fetchall() == [
        ("Page /d", f"{web.url}/next")
    ]
    with pytest.raises(TypeError, match="fuzzy_join"):
        likewise.tables.duckdb.register(db, "link", Link("n", pa.table({"n": ["a"]}), score_cutoff=90))


def test_duckdb_relations() -> None:
    db = duckdb.connect()
    left, right = db.from_arrow(pa.table(LEFT)), db.from_arrow(pa.table(RIGHT))
    joined = likewise.tables.duckdb.fuzzy_join(left, right, "name", score_cutoff=80, how="left", connection=db)
    assert joined.to_arrow_table().to_pylist() == known("left")
    deduped = likewise.tables.duckdb.dedupe(left, "name", score_cutoff=80, connection=db)
    assert deduped.aggregate('count(DISTINCT "group")').fetchall() == [(3,)]
