"""What crosses the boundary: the records of `wit/transport.wit`, field by field.

Not frozen: a frozen dataclass takes three times as long to make, and there are three for each page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from likewise.component import Err, Ok

ErrorKind = Literal["denied", "dns", "connect", "tls", "timeout", "too-large", "protocol", "decode", "robots", "canceled"]
"""The kinds of failure that a host can tell."""


@dataclass(slots=True)
class Payload:
    """Bytes, carried as a string.

    Attributes:
        data: the bytes as they are where they are valid UTF-8, otherwise each mapped to the code point of its value.
        mapped: whether they were mapped.
    """

    data: str
    mapped: bool

    @classmethod
    def of(cls, content: bytes) -> Payload:
        """The payload that carries `content`."""
        try:
            return cls(content.decode("utf-8"), False)
        except UnicodeDecodeError:
            return cls(content.decode("latin-1"), True)


class PayloadLike(Protocol):
    """A payload as the binding layer hands it over."""

    @property
    def data(self) -> str:
        """The characters."""

    @property
    def mapped(self) -> bool:
        """Whether each stands for a byte."""


def content_of(payload: PayloadLike) -> bytes:
    """The bytes that a payload carries. Raises ValueError where mapped text is not bytes."""
    return payload.data.encode("latin-1" if payload.mapped else "utf-8")


def to_lines(fields: Iterable[tuple[str, str]]) -> str:
    """Header fields as the contract carries them in a response: "name: value", each ended by a line feed."""
    return "".join(f"{name}: {value}\n" for name, value in fields)


def from_lines(lines: str) -> list[tuple[str, str]]:
    """The fields that `to_lines` made lines of, or that came as such lines with white space around their values."""
    parts = (line.partition(":") for line in lines.split("\n"))
    return [(name, value.strip(" \t\r")) for name, colon, value in parts if colon]


def values_of(lines: str, name: str) -> list[str]:
    """The values of a header field whose name is given in lower case."""
    if name not in lines.lower():  # most are not there, and this costs next to nothing
        return []
    return [value for other, value in from_lines(lines) if other.lower() == name]


class RequestLike(Protocol):
    """A request as the binding layer hands it over: any object with these attributes."""

    @property
    def id(self) -> int:
        """The caller's number for it."""

    @property
    def method(self) -> str:
        """The method."""

    @property
    def url(self) -> str:
        """The absolute URL."""

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """Header fields, in order."""

    @property
    def body(self) -> PayloadLike | None:
        """The content, if any."""

    @property
    def timeout_ms(self) -> int | None:
        """Milliseconds allowed, None for the policy's own."""


@dataclass(slots=True)
class Request:
    """A request to send. `timeout_ms` is milliseconds from its start to the last byte, None for the policy's own."""

    id: int
    url: str
    method: str = "GET"
    headers: Sequence[tuple[str, str]] = ()
    body: Payload | None = None
    timeout_ms: int | None = None


@dataclass(slots=True)
class Response:
    """A response that has arrived whole.

    Attributes:
        headers: the fields as lines, see `to_lines`.
        elapsed_us: microseconds from the request's start to the last byte.
    """

    status: int
    headers: str
    body: Payload
    elapsed_us: int


@dataclass(slots=True)
class Failure:
    """Why there is no response."""

    kind: ErrorKind
    message: str


@dataclass(slots=True)
class Completion:
    """The end of the request with this `id`, its outcome tagged as the binding layer wants a result."""

    id: int
    outcome: Ok[Response] | Err[Failure]
