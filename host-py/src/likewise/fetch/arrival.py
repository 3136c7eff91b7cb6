"""A response whose content is coded, as it came. It is decoded when it is handed over, not before.

A few kilobytes may decode to megabytes. Were all that have come decoded at once, a call's memory would be the number of its
requests times the largest content allowed; and the time would be taken from requests that are still under way.
"""

from __future__ import annotations

from dataclasses import dataclass

from likewise.fetch import codings
from likewise.fetch.message import Failure, Payload, Response
from likewise.fetch.target import shorten


@dataclass(slots=True)
class Arrival:
    """A response whose content is still coded.

    Attributes:
        url: the URL asked.
        headers: the fields as lines, as in `Response`.
        content: the bytes as sent.
        coding: the content codings to undo.
        elapsed_us: microseconds from the request's start to the last byte.
    """

    url: str
    status: int
    headers: str
    content: bytes
    coding: str
    elapsed_us: int

    def decode(self, limit: int) -> Response | Failure:
        """The response with content of at most `limit` bytes, or why it has none."""
        try:
            content = codings.undo(self.content, self.coding, limit)
        except codings.TooLargeError as error:
            return Failure("too-large", f"{error}: {shorten(self.url)}")
        except codings.CodingError as error:
            return Failure("decode", f"{error}: {shorten(self.url)}")
        return Response(self.status, self.headers, Payload.of(content), self.elapsed_us)
