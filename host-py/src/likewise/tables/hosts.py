"""Which rows belong together when pages are fetched by many workers: those of one host."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pyarrow as pa

from likewise import _engine
from likewise.errors import ComponentError
from likewise.tables.task import Task, added, pick
from likewise.tables.text import texts


class Partition(Task):
    """Adds to each row the number of the part that its URL's host belongs to. All URLs of a host are in one part, in every run.

    Whoever gives each part to one worker keeps a host's URLs with one `Fetch`, whose policy then holds for the whole cluster: so many requests
    to a host at once (`Policy.max_per_host`), so many a second (`rate_per_host`).

    Args:
        on: the column of URLs.
        parts: how many there are: several times the workers, so that they end at about the same time.
        into: what the column of numbers, 0 to ``parts`` - 1, is called.

    The host is found as the fetcher finds it (WHATWG), so that every spelling of one comes to the same part. What is not a URL, and null, is in
    part 0.
    """

    def __init__(self, on: str, *, parts: int, into: str = "part") -> None:
        if parts < 1:
            raise ValueError(f"parts must be at least 1: {parts!r}")
        self.on = on
        self.parts = parts
        self.into = into

    def _run(self, table: Any) -> Any:
        given = texts(pick(table, self.on), self.on)
        parts = np.array([*(self._part(host_of(url)) for url in given.values.to_pylist()), 0], np.int32)
        return added(table, [(self.into, pa.array(parts[given.codes]))], "into")

    def _part(self, host: str) -> int:
        # The same number on every machine and in every run, which Python's own hashes are not.
        return zlib.crc32(host.encode()) % self.parts if host else 0


def host_of(url: str) -> str:
    """A URL's host in lower case and ASCII, "" where it is not a URL that can be fetched."""
    try:
        host: str = _engine.component().scraper.parse_url(url).domain
    except ComponentError:
        return ""
    return host
