"""Fetching web pages: every URL ends in a page or in a typed reason.

From the outside in: `Site` (one call), `Fetcher` (calls that share connections), `guest` (the sandboxed session), `Transport` and
`Exchange` (the host's side of the one import), `Engine` and `Handle` (libcurl), `Policy` and `address` (what is allowed).
"""

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
