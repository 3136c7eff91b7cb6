"""Tables in DuckDB: tasks as functions of SQL, and fuzzy joins of relations.

>>> import duckdb
>>> from likewise.tables import Suggest
>>> from likewise.tables.duckdb import register
>>> db = duckdb.connect()
>>> register(db, "meant", Suggest("typed"))
>>> db.sql("SELECT meant('almni').suggestion").fetchall()
[('alumni',)]
"""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from likewise.tables import link
from likewise.tables.fetch import Fetch
from likewise.tables.task import Task

__all__ = ["dedupe", "fuzzy_join", "register"]


def register(connection: duckdb.DuckDBPyConnection, name: str, task: Task) -> None:
    """Make a task that adds columns (`Suggest`, `Fetch`, `Partition`) a function of SQL: text in, a struct of its columns out, or the
    value itself where it is one column. DuckDB gives it vectors of rows as Arrow arrays.

    Raises:
        TypeError: a task that changes the number of rows; give its tables to `fuzzy_join`.
    """
    on: str | None = getattr(task, "on", None)
    if on is None or isinstance(task, link.Link):
        raise TypeError(f"{type(task).__name__} does not give one row for each row; use likewise.tables.duckdb.fuzzy_join")
    added = [field for field in task.schema(pa.schema([(on, pa.large_string())])) if field.name != on]
    types = [(field.name, _sql(field.type)) for field in added]
    alone = len(types) == 1

    def run(values: Any) -> Any:
        made = task(pa.table({on: values})).drop_columns([on])
        return made.column(0).combine_chunks() if alone else made.to_struct_array().combine_chunks()

    result = types[0][1] if alone else duckdb.struct_type(dict(types))
    # The names of its types moved between the versions that are supported.
    create: Any = connection.create_function
    create(name, run, ["VARCHAR"], result, type="arrow", null_handling="special", side_effects=isinstance(task, Fetch))


def fuzzy_join(left: Any, right: Any, on: str, *, connection: duckdb.DuckDBPyConnection | None = None, **options: Any) -> Any:
    """Two relations joined where their text is alike, as a relation. Options: see `likewise.tables.fuzzy_join`."""
    return _relation(link.fuzzy_join(_table(left), _table(right), on, **options), connection)


def dedupe(relation: Any, on: str, *, connection: duckdb.DuckDBPyConnection | None = None, **options: Any) -> Any:
    """The relation with the number of the first row of each row's group. Options: see `likewise.tables.dedupe`."""
    return _relation(link.dedupe(_table(relation), on, **options), connection)


def _table(relation: Any) -> Any:
    return relation.to_arrow_table()


def _relation(table: Any, connection: duckdb.DuckDBPyConnection | None) -> Any:
    return duckdb.from_arrow(table) if connection is None else connection.from_arrow(table)


def _sql(kind: Any) -> Any:
    """DuckDB's type for one of Arrow's."""
    empty = duckdb.from_arrow(pa.table({"value": pa.array([], kind)}))
    return empty.types[0]
