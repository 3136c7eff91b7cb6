"""Why a URL could not be fetched, as one exception type."""

from __future__ import annotations

from typing import Literal, get_args

from likewise.errors import LikewiseError

Kind = Literal[
    "invalid-url",
    "denied",
    "dns",
    "connect",
    "tls",
    "timeout",
    "too-large",
    "too-many-redirects",
    "protocol",
    "decode",
    "robots",
    "canceled",
]
"""The reasons, one word each; the same on every host (`error-kind` of `wit/scraper.wit`)."""

KINDS: frozenset[str] = frozenset(get_args(Kind))


class FetchError(LikewiseError, ValueError):
    """A URL that could not be fetched.

    Attributes:
        kind: one word of `Kind`.
        url: the URL as it was given.
        message: what happened, naming the input and the rule.
    """

    def __init__(self, kind: Kind, url: str, message: str) -> None:
        super().__init__(kind, url, message)
        self.kind: Kind = kind
        self.url = url
        self.message = message

    def __str__(self) -> str:
        return f"{self.message} [{self.kind}] {self.url}"
