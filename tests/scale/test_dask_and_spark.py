"""Dask and Spark with two workers on one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from witness import Witness

from likewise import Policy
from likewise.tables import Fetch, Link, Suggest

if TYPE_CHECKING:
    from conftest import Hosts

WORDS = ["almni", "recieve", None, "wrld", "tommorow", ""] * 50
FRAME = pd.DataFrame({"id": range(len(WORDS)), "typed": WORDS})
LINK = Link("typed", pa.table({"typed": ["alumni", "world"], "k": [1, 2]}), score_cutoff=80, how="left")
FETCH = Fetch(
    "url", policy=Policy(allow_private=["127.0.0.0/8"], max_per_host=1), columns=["ok", "status_code", "title", "links"]
)


def suggested() -> list[dict[str, Any]]:
    """What one process makes of the frame."""
    rows: list[dict[str, Any]] = Suggest("typed")(pa.Table.from_pandas(FRAME, preserve_index=False)).to_pylist()
    return rows


def linked() -> list[tuple[int, int | None]]:
    rows = LINK(pa.Table.from_pandas(FRAME, preserve_index=False)).to_pylist()
    return [(row["id"], row["k"]) for row in rows]


def test_dask_partitions(dask_cluster: Any) -> None:
    import dask.dataframe as dd

    from likewise.tables.dask import map_partitions

    frame = dd.from_pandas(FRAME, npartitions=6)
    made = map_partitions(frame, Witness("typed"))
    done = made.compute()
    assert made.columns.tolist() == done.columns.tolist()
    assert (made.dtypes == done.dtypes).all()
    assert pa.Table.from_pandas(done[["id", "typed", "suggestion", "score"]], preserve_index=False).to_pylist() == suggested()
    assert not done["had_file"].any() and done["worker"].nunique() == 2
    joined = map_partitions(frame, LINK).compute()
    assert [(row.id, None if pd.isna(row.k) else row.k) for row in joined.sort_values("id").itertuples()] == linked()


def test_dask_asks_a_host_from_one_worker(dask_cluster: Any, hosts: Hosts) -> None:
    import dask.dataframe as dd

    from likewise.tables.dask import fetch_by_host

    frame = dd.from_pandas(pd.DataFrame({"url": hosts.urls}), npartitions=4)
    done = fetch_by_host(frame, FETCH, on="url", parts=6).compute()
    assert sorted(done["url"]) == sorted(hosts.urls)
    assert done["ok"].all() and set(done["status_code"]) == {200}
    assert set(hosts.asked.values()) == {1}
    assert dict(hosts.most) == dict.fromkeys(hosts.ADDRESSES, 1)


def test_spark_batches(spark: Any) -> None:
    from likewise.tables.spark import map_in_arrow

    frame = spark.createDataFrame(list(enumerate(WORDS)), "id long, typed string").repartition(6)
    made = map_in_arrow(frame, Witness("typed"))
    done = [row.asDict() for row in made.orderBy("id").collect()]
    assert [{name: row[name] for name in ("id", "typed", "suggestion", "score")} for row in done] == suggested()
    assert {row["had_file"] for row in done} == {False}
    joined = map_in_arrow(frame, LINK).orderBy("id").collect()
    assert [(row["id"], row["k"]) for row in joined] == linked()


def test_spark_asks_a_host_from_one_worker(spark: Any, hosts: Hosts) -> None:
    from likewise.tables.spark import fetch_by_host

    frame = spark.createDataFrame([(url,) for url in hosts.urls], "url string").repartition(4)
    done = fetch_by_host(frame, FETCH, on="url", parts=6).collect()
    assert sorted(row["url"] for row in done) == sorted(hosts.urls)
    assert all(row["ok"] for row in done)
    assert set(hosts.asked.values()) == {1}
    assert dict(hosts.most) == dict.fromkeys(hosts.ADDRESSES, 1)
