"""Many sites as one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from likewise.fetch.errors import printable

if TYPE_CHECKING:
    from likewise.fetch.site import Site

    S = TypeVar("S", bound=Site)
else:
    S = TypeVar("S")


class Sites(list[S]):
    """A list of sites that can become a table.

    Columns: url, ok, error_kind, error_message, status_code, final_url, domain, protocol, port, server, content_type, encoding,
    headers (list of name and value), elapsed (seconds), text, content (bytes). What a failed URL does not have is null.
    """

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`, one row for each site. Needs the package pyarrow."""
        pa = _need("pyarrow", "to_arrow")
        pair = pa.struct([("name", pa.string()), ("value", pa.string())])
        columns: dict[str, tuple[Any, Callable[[Site], Any]]] = {
            "url": (pa.string(), lambda site: printable(site.url)),
            "ok": (pa.bool_(), lambda site: site.ok),
            "error_kind": (pa.string(), lambda site: site.error and site.error.kind),
            "error_message": (pa.string(), lambda site: site.error and site.error.message),
            "status_code": (pa.uint16(), lambda site: site.status_code or None),
            "final_url": (pa.string(), lambda site: site.final_url if site.ok else None),
            "domain": (pa.string(), lambda site: site.domain or None),
            "protocol": (pa.string(), lambda site: site.protocol or None),
            "port": (pa.uint16(), lambda site: site.port or None),
            "server": (pa.string(), lambda site: site.server if site.ok else None),
            "content_type": (pa.string(), lambda site: site.content_type if site.ok else None),
            "encoding": (pa.string(), lambda site: site.encoding if site.ok else None),
            "headers": (pa.list_(pair), lambda site: _pairs(site) if site.ok else None),
            "elapsed": (pa.float64(), lambda site: site.elapsed.total_seconds() if site.ok else None),
            # large_: the offsets of plain string columns end at 2 GiB, which a crawl reaches.
            "text": (pa.large_string(), lambda site: site.text if site.ok else None),
            "content": (pa.large_binary(), lambda site: site.content if site.ok else None),
        }
        return pa.table({name: pa.array([get(site) for site in self], kind) for name, (kind, get) in columns.items()})

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame`. Needs the packages pyarrow and pandas."""
        _need("pandas", "to_pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A `polars.DataFrame`. Needs the packages pyarrow and polars."""
        return _need("polars", "to_polars").from_arrow(self.to_arrow())

    def to_dicts(self) -> list[dict[str, Any]]:
        """`to_dict` of each site."""
        return [site.to_dict() for site in self]


def _pairs(site: Site) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in site.headers.multi_items()]


def _need(package: str, method: str) -> Any:
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError:
        raise ImportError(f"{method}() needs the package {package}: pip install {package}") from None
