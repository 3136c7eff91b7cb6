"""What came of each URL of a column: the page, or the reason why there is none."""

from __future__ import annotations

import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from likewise.fetch import Fetcher, Policy, Site
from likewise.tables.task import Task, added, pick
from likewise.tables.text import texts

_LINKS = pa.list_(pa.large_string())


def _page(value: Callable[[Site], Any]) -> Callable[[Site], Any]:
    return lambda site: value(site) if site.ok else None


#: The columns that `Fetch` can add: their types, and what they hold. What a failed URL does not have is null.
COLUMNS: dict[str, tuple[Any, Callable[[Site], Any]]] = {
    "ok": (pa.bool_(), lambda site: site.ok),
    "error_kind": (pa.string(), lambda site: site.error and site.error.kind),
    "error_message": (pa.string(), lambda site: site.error and site.error.message),
    "status_code": (pa.int32(), _page(lambda site: site.status_code)),
    "final_url": (pa.string(), _page(lambda site: site.final_url)),
    "content_type": (pa.string(), _page(lambda site: site.content_type)),
    "elapsed": (pa.float64(), _page(lambda site: site.elapsed.total_seconds())),
    "title": (pa.string(), _page(lambda site: site.page.title)),
    "description": (pa.string(), _page(lambda site: site.page.description)),
    "canonical": (pa.string(), _page(lambda site: site.page.canonical)),
    "lang": (pa.string(), _page(lambda site: site.page.lang)),
    "links": (_LINKS, _page(lambda site: [link.url for link in site.page.links])),
    # large_: the offsets of plain string columns end at 2 GiB, which a crawl reaches.
    "page_text": (pa.large_string(), _page(lambda site: site.page.text)),
    "body": (pa.large_string(), _page(lambda site: site.body)),
    "content": (pa.large_binary(), _page(lambda site: site.content)),
}

#: Those that it adds where nothing else is said: all but the page's source.
DEFAULT = tuple(name for name in COLUMNS if name not in ("body", "content"))

# Of these the guest's extraction is the source.
_EXTRACTED = frozenset({"title", "description", "canonical", "lang", "links", "page_text"})

# Fetchers that a process keeps at once, with their connections.
_KEPT = 4


class Fetch(Task):
    """Fetches the URLs of a column and adds what came of each: every row gets its page or its typed reason, never an exception.

    Args:
        on: the column of URLs.
        policy: what is allowed, a `likewise.Policy`; public addresses only by default.
        columns: which columns to add, names from `COLUMNS`, by default `DEFAULT`.
        prefix: put before their names.
        concurrency: requests in flight at once.
        timeout: seconds for a URL, redirects included.
        total_timeout: seconds for a batch.
        max_bytes: content of one page.
        follow_redirects: False takes the redirect itself for the page.
        headers: fields to send with every request.

    A URL that stands in several rows of a batch is fetched once. Null stays null. Connections, cookies and the waiting times of
    ``rate_per_host`` outlive the batch in each process; see `Partition` for keeping to them on a cluster.
    """

    def __init__(
        self,
        on: str,
        *,
        policy: Policy | None = None,
        columns: Sequence[str] = DEFAULT,
        prefix: str = "",
        concurrency: int | None = None,
        timeout: float | None = None,
        total_timeout: float | None = None,
        max_bytes: int | None = None,
        follow_redirects: bool = True,
        headers: dict[str, str] | Iterable[tuple[str, str]] | None = None,
    ) -> None:
        unknown = [name for name in columns if name not in COLUMNS]
        if unknown:
            raise ValueError(f"columns: there is no {unknown[0]!r}; choose from {', '.join(COLUMNS)}")
        self.on = on
        self.policy = Policy() if policy is None else policy
        self.columns = tuple(columns)
        self.prefix = prefix
        self.options: dict[str, Any] = {
            "concurrency": concurrency,
            "timeout": timeout,
            "total_timeout": total_timeout,
            "max_bytes": max_bytes,
            "follow_redirects": follow_redirects,
            "headers": headers if headers is None or isinstance(headers, dict) else list(headers),
        }
        self._key = uuid.uuid4().hex

    def _run(self, table: Any) -> Any:
        given = texts(pick(table, self.on), self.on)
        sites: list[Site | None] = []
        if len(given.values):
            extract = not _EXTRACTED.isdisjoint(self.columns)
            sites += self._fetcher().get_many(given.values.to_pylist(), extract=extract, **self.options)
        # The place -1, of null, is the last.
        sites.append(None)
        rows = pa.array(np.where(given.codes < 0, len(sites) - 1, given.codes))
        made = {}
        for name in self.columns:
            kind, value = COLUMNS[name]
            distinct = pa.array([None if site is None else value(site) for site in sites], kind)
            made[self.prefix + name] = distinct.take(rows)
        return added(table, list(made.items()), "prefix")

    def _fetcher(self) -> Fetcher[Site]:
        # A forked child must not share its parent's sockets.
        key = (os.getpid(), self._key)
        with _lock:
            found = _fetchers.pop(key, None)
            if found is None:
                found = Fetcher(self.policy)
            _fetchers[key] = found
            while len(_fetchers) > _KEPT:
                _fetchers.popitem(last=False)
        return found


_lock = threading.Lock()
_fetchers: OrderedDict[tuple[int, str], Fetcher[Site]] = OrderedDict()
