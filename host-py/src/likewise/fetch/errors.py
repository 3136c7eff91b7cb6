"""Why a URL could not be fetched, as one exception type."""

from __future__ import annotations

import re
from typing import Literal

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


def printable(text: str) -> str:
    """A text that any stream can write: lone surrogates, which a URL given may have, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


_PASSWORD = re.compile(r"(//[^/?#\s@:]*):[^/?#\s]*@")


def without_password(text: str) -> str:
    """A text for a log: passwords in its URLs are left out."""
    return _PASSWORD.sub(r"\1:…@", text)


class FetchError(LikewiseError, ValueError):
    """A URL that could not be fetched.

    Attributes:
        kind: one word of `Kind`; "status" for a StatusError.
        url: the URL as it was given.
        message: what happened, naming the input and the rule, without the password of a URL.
    """

    def __init__(self, kind: Kind | Literal["status"], url: str, message: str) -> None:
        super().__init__(kind, url, message)
        self.kind: Kind | Literal["status"] = kind
        self.url = url
        self.message = without_password(message)

    def __str__(self) -> str:
        text = f"[{self.kind}] {self.message}"
        if without_password(self.url) not in self.message:
            text = f"{text}: {without_password(self.url)}"
        return printable(text)

    def __repr__(self) -> str:
        return printable(f"{type(self).__name__}({self.kind!r}, {without_password(self.url)!r}, {self.message!r})")


class StatusError(FetchError):
    """A page whose status is 4xx or 5xx; raised by `Site.raise_for_status` only. Its kind is "status".

    Attributes:
        status_code: the status.
    """

    def __init__(self, url: str, status_code: int, reason: str) -> None:
        super().__init__("status", url, f"the server answered {status_code} {reason}".rstrip())
        self.status_code = status_code
        self._reason = reason

    def __reduce__(self) -> tuple[type[StatusError], tuple[str, int, str]]:
        return (StatusError, (self.url, self.status_code, self._reason))
