"""Fetching web pages: every URL ends in a page or in a typed reason.

From the outside in: `Site` (one call), `Fetcher` (calls that share connections), `guest` (the sandboxed session), `Transport` and
`Exchange` (the host's side of the one import), `Engine` and `Handle` (libcurl), `Policy` and `address` (what is allowed).
"""

try:
    import pycurl  # noqa: F401  # whether it can be
except ImportError as error:
    raise ImportError(
        f"likewise fetches by libcurl, and pycurl cannot be imported here ({error}): pip install 'pycurl>=7.45.7'. Everything but"
        " fetching works without it."
    ) from error

from likewise.fetch.errors import FetchError, Kind, StatusError
from likewise.fetch.fetcher import Fetcher
from likewise.fetch.multidict import Headers, MultiDict
from likewise.fetch.page import Element, Link, Page
from likewise.fetch.policy import Policy
from likewise.fetch.site import Hop, Site
from likewise.fetch.table import Sites

__all__ = [
    "Element",
    "FetchError",
    "Fetcher",
    "Headers",
    "Hop",
    "Kind",
    "Link",
    "MultiDict",
    "Page",
    "Policy",
    "Site",
    "Sites",
    "StatusError",
]
