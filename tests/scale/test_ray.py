"""Ray Data with two workers on one machine."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from witness import Witness

from likewise import Policy
from likewise.tables import Fetch, Link
from likewise.tables.ray import fetch_by_host, map_batches

if TYPE_CHECKING:
    from conftest import Hosts

WORDS = ["almni", "recieve", None, "wrld", "tommorow", "", "seperate", "definately"]
BLOCKS = 12
COLUMNS = ["id", "typed", "suggestion", "score"]


def typed(blocks: int, rows: int) -> list[Any]:
    """A table for each block; each word is another, so that none is known from before."""
    words = [word and f"{word}{number % 97}" for number in range(blocks * rows // len(WORDS)) for word in WORDS]
    whole = pa.table({"id": range(len(words)), "typed": words})
    return [whole.slice(start, rows) for start in range(0, whole.num_rows, rows)]


def collected(table: Any) -> Any:
    """A table without the witness's columns, in the order of its rows."""
    return table.select(COLUMNS).sort_by("id").combine_chunks()


def test_two_workers_do_what_one_process_does(ray_cluster: Any) -> None:
    blocks = typed(8, 64)
    task = Witness("typed")
    made = pa.concat_tables(
        map_batches(ray_cluster.data.from_arrow(blocks), task, workers=2, rows=16).iter_batches(
            batch_size=None, batch_format="pyarrow"
        )
    )
    assert collected(made).equals(collected(task(pa.concat_tables(blocks))))
    assert made.column("had_file").unique().to_pylist() == [False]
    assert len(made.column("worker").unique()) == 2


def test_a_killed_worker_changes_no_result(ray_cluster: Any) -> None:
    blocks = typed(BLOCKS, 2048)
    task = Witness("typed")
    running = map_batches(ray_cluster.data.from_arrow(blocks), task, workers=2, rows=256)
    parts = []
    victim = None
    for batch in running.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        parts.append(batch)
        if victim is None:
            victim = batch.column("worker")[0].as_py()
            os.kill(victim, signal.SIGKILL)
    made = pa.concat_tables(parts)
    workers = set(made.column("worker").to_pylist())
    # It died in the middle: others, one of them started since, did what it had not.
    assert victim in workers and len(workers) == 3
    assert made.column("worker").to_pylist().count(victim) < made.num_rows / 2
    assert sorted(made.column("id").to_pylist()) == list(range(BLOCKS * 2048))
    assert collected(made).equals(collected(task(pa.concat_tables(blocks))))


def test_a_join_on_two_workers(ray_cluster: Any) -> None:
    left = pa.table({"id": range(3000), "name": [f"name {number * 7919 % 3000:04}" for number in range(3000)]})
    task = Link(
        "name", pa.table({"name": [f"nume {number:04}" for number in range(500)], "k": range(500)}), score_cutoff=85, limit=2
    )
    blocks = [left.slice(start, 500) for start in range(0, 3000, 500)]
    made = pa.concat_tables(
        map_batches(ray_cluster.data.from_arrow(blocks), task, workers=2).iter_batches(batch_size=None, batch_format="pyarrow")
    )
    assert made.sort_by([("id", "ascending"), ("k", "ascending")]).equals(
        task(left).sort_by([("id", "ascending"), ("k", "ascending")])
    )


def test_a_host_is_asked_by_one_worker(ray_cluster: Any, hosts: Hosts) -> None:
    task = Fetch("url", policy=Policy(allow_private=["127.0.0.0/8"], max_per_host=1), columns=["ok", "title"])
    urls = pa.table({"id": range(len(hosts.urls)), "url": hosts.urls})
    dataset = ray_cluster.data.from_arrow([urls.slice(start, 12) for start in range(0, len(hosts.urls), 12)])
    made = fetch_by_host(dataset, task, on="url", parts=16, workers=2).take_all()
    rows = sorted(made, key=lambda row: row["id"])
    assert [row["url"] for row in rows] == hosts.urls
    assert all(row["ok"] for row in rows)
    assert [row["title"] for row in rows] == [url.split(":")[1][2:] + "/" + url.rsplit("/", 1)[1] for url in hosts.urls]
    assert set(rows[0]) == {"id", "url", "ok", "title"}
    assert set(hosts.asked.values()) == {1}
    assert dict(hosts.most) == dict.fromkeys(hosts.ADDRESSES, 1)
