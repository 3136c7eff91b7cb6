"""`Fetch` and `Partition` on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from likewise import Policy
from likewise.tables import Fetch, Partition, map_batches

if TYPE_CHECKING:
    from conftest import Web

LOCAL = Policy(allow_private=["127.0.0.0/8"])


def test_every_row_gets_its_page_or_its_reason(web: Web) -> None:
    urls = [f"{web.url}/a", None, "not a URL", f"{web.url}/missing", f"{web.url}/a", "http://10.0.0.1/"]
    made = Fetch("url", policy=LOCAL)(pa.table({"id": range(6), "url": urls}))
    assert made.column("url").to_pylist() == urls
    assert made.column("ok").to_pylist() == [True, None, False, True, True, False]
    assert made.column("error_kind").to_pylist() == [None, None, "invalid-url", None, None, "denied"]
    assert made.column("status_code").to_pylist() == [200, None, None, 404, 200, None]
    assert made.column("title").to_pylist() == ["Page /a", None, None, "Page /missing", "Page /a", None]
    assert made.column("lang").to_pylist()[0] == "en"
    assert made.column("links").to_pylist()[0] == [f"{web.url}/next"]
    assert made.column("page_text").to_pylist()[0] == "Text next"
    assert sorted(web.asked) == ["/a", "/missing"]


def test_columns_are_chosen_and_named(web: Web) -> None:
    task = Fetch("url", policy=LOCAL, columns=["body", "content", "title"], prefix="web_")
    made = task(pa.record_batch({"url": [f"{web.url}/x"]}))
    assert made.schema == task.schema(pa.schema([("url", pa.string())]))
    row = made.to_pylist()[0]
    assert row["web_content"].decode() == row["web_body"] and row["web_title"] == "Page /x"
    with pytest.raises(ValueError, match="there is no 'Title'"):
        Fetch("url", columns=["Title"])
    with pytest.raises(ValueError, match="prefix="):
        Fetch("url")(pa.table({"url": ["x"], "title": ["y"]}))


def test_batches_share_connections_and_waiting_times(web: Web) -> None:
    """With two requests a second, the fourth page of any number of batches cannot come before a second is over."""
    task = Fetch("url", policy=Policy(allow_private=["127.0.0.0/8"], rate_per_host=4), columns=["ok", "elapsed"])
    import time

    start = time.monotonic()
    made = map_batches(task, pa.table({"url": [f"{web.url}/{i}" for i in range(5)]}), rows=1)
    assert made.column("ok").to_pylist() == [True] * 5
    # The rate is a rule that must hold, not a speed that is measured.
    assert time.monotonic() - start >= 0.9


def test_a_host_is_in_one_part_however_it_is_spelled() -> None:
    urls = [
        "http://example.com/a", "HTTPS://EXAMPLE.com:8443/b?c", "http://user@example.com", "http://example.org",
        "http://bücher.de/", "http://xn--bcher-kva.de", "http://0x7f.1/", "http://127.0.0.1", "no URL", "", None,
    ]  # fmt: skip
    made = Partition("url", parts=1000)(pa.table({"url": urls}))
    part = made.column("part").to_pylist()
    assert part[0] == part[1] == part[2] != part[3]
    assert part[4] == part[5] and part[6] == part[7]
    assert part[8:] == [0, 0, 0]
    assert made.schema.field("part").type == pa.int32()
    # The same in every run and on every machine.
    assert part[0] == 465
    with pytest.raises(ValueError, match="parts"):
        Partition("url", parts=0)
