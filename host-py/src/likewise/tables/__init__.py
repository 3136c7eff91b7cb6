"""Suggestions, fuzzy joins and fetched pages for tables: pandas, Polars, DuckDB, and clusters.

A task is a callable that takes an Arrow table or record batch and gives one of the same kind: `Suggest` adds the word meant, `Link` joins
with the rows of another table that are similar enough, `Fetch` adds what came of a URL, `Partition` numbers rows by host. It can be pickled
to any process: what it needs travels with it, the component included, and is made ready there when the first batch comes.

>>> import pyarrow as pa
>>> from likewise.tables import Suggest
>>> Suggest("typed")(pa.table({"typed": ["almni", None]})).column("suggestion").to_pylist()
['alumni', None]

For tables that are at hand there are functions: `pairs` finds the rows of two columns that are alike, `fuzzy_join` and `dedupe` make tables of
them, `map_batches` runs any task over a table with its progress shown. `likewise.tables.pandas`, `.polars` and `.duckdb` offer the same where
those are at home, `.ray`, `.dask` and `.spark` on clusters. Everything here needs pyarrow (`pip install likewise[tables]`).
"""

from __future__ import annotations

from likewise.tables.fetch import Fetch
from likewise.tables.hosts import Partition
from likewise.tables.link import Link, dedupe, fuzzy_join, pairs
from likewise.tables.suggest import Suggest
from likewise.tables.task import Task, map_batches

__all__ = ["Fetch", "Link", "Partition", "Suggest", "Task", "dedupe", "fuzzy_join", "map_batches", "pairs"]
