"""One request on its way through an exchange."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from likewise.fetch.message import Failure, Response, to_lines
from likewise.fetch.target import Target, shorten

if TYPE_CHECKING:
    from likewise.fetch.arrival import Arrival
    from likewise.fetch.handle import Handle
    from likewise.fetch.schedule import Host

# RFC 9110 section 5.6.2: a token.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

# A field value may hold anything but what ends it early or hides it (RFC 9110 section 5.5) and what is no text.
_BAD_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")

# Fields that frame the message or say whom it is for. Whoever could set them could smuggle a second request past the policy.
_RESERVED = frozenset(
    ("connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade")
)


# What begins a line that is folded, or that is empty and so ends the head before its end.
_ODD = re.compile(r"\n[ \t\r\n]")


class Transfer:
    """A request, from the moment it is taken on until its end.

    Attributes:
        host: where it goes.
        settle: called once, with itself and what came of it.
        id: the guest's number for it; of no meaning for a request of our own.
        started: the exchange's clock when it was first sent, None before.
        deadline: the exchange's clock when it must be done.
        asked: the exchange's clock when it began to wait for robots.txt.
        spent: seconds of its time that robots.txt and looking its name up took.
        attempts: times it has been sent.
        dialed: the exchange's clock at the last of them.
        dial: the dialling round of its host that it belongs to, None once its connection stands.
        handle: what carries it out just now.
        addresses: what its name stands for.
    """

    __slots__ = (
        "addresses", "asked", "attempts", "body", "deadline", "dial", "dialed", "handle", "headers", "host", "id", "method", "on_connected", "settle",
        "spent", "started", "target", "timeout", "url",
    )  # fmt: skip

    def __init__(
        self,
        method: str,
        url: str,
        target: Target,
        host: Host,
        headers: tuple[bytes, ...],
        body: bytes | None,
        timeout: float,
        settle: Callable[[Transfer, Arrival | Response | Failure], None],
        identity: int = 0,
    ) -> None:
        self.method = method
        self.url = url
        self.target = target
        self.host = host
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.settle = settle
        self.id = identity
        self.attempts = 0
        self.dialed = 0.0
        self.started: float | None = None
        self.deadline = float("inf")
        self.addresses: Sequence[str] = ()
        self.asked = 0.0
        self.spent = 0.0
        self.dial: int | None = None
        self.handle: Handle | None = None
        self.on_connected: Callable[[Host], None] | None = None

    def connected(self) -> None:
        """The connection stands: someone else may dial."""
        if self.dial is None:
            return
        host = self.host
        if self.dial == host.round:
            host.dials -= 1
        self.dial = None
        host.probing = False
        if host.queue and self.on_connected is not None:
            self.on_connected(host)


def encode_headers(headers: Iterable[tuple[str, str]], defaults: Iterable[tuple[str, str]]) -> tuple[bytes, ...]:
    """Header fields as libcurl takes them, with the defaults whose names are not among them.

    Raises ValueError for a name that is not a token or is the transport's own, and for a value with control characters or lone
    surrogates.
    """
    fields: list[bytes] = []
    names: set[str] = set()
    for name, value in headers:
        lower = name.lower()
        if not TOKEN.fullmatch(name):
            raise ValueError(f"the header name {shorten(name)!r} is not a token")
        if lower in _RESERVED or lower.startswith("proxy-"):
            raise ValueError(f"the header {name!r} is set by the transport and cannot be given")
        if _BAD_VALUE.search(value):
            # Values are often secrets, read from files with a line end: not for a log.
            raise ValueError(
                f"the value of the header {name!r} has control characters, such as line ends, or lone surrogates; strip them"
            )
        names.add(lower)
        fields.append(_field(name, value))
    fields.extend(_field(name, value) for name, value in defaults if name.lower() not in names)
    return tuple(fields)


def _field(name: str, value: str) -> bytes:
    value = value.strip(" \t")
    # libcurl takes "Name:" for "do not send Name"; the semicolon sends it empty.
    line = f"{name}: {value}" if value else f"{name};"
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8")


def header_lines(lines: Sequence[bytes]) -> str | None:
    """The fields of the last response head among the lines received, as the contract carries them.

    None where the head has no end, which libcurl takes for one that has.
    """
    if lines and lines[0][:5] == b"HTTP/" and lines[-1] == b"\r\n":
        head = b"".join(lines[:-1]).decode("latin-1")
        if not _ODD.search(head):
            return head.partition("\n")[2]  # one head and nothing else, nearly always; the carriage returns count as white space
    fields = parse_header_lines(lines)
    return None if fields is None else to_lines(fields)


def parse_header_lines(lines: Iterable[bytes]) -> list[tuple[str, str]] | None:
    """The fields of the last response head among the lines: not those of 1xx or a proxy's answer before, nor trailers.

    None where the head has no end, which libcurl takes for one that has.
    """
    fields: list[tuple[str, str]] = []
    ended = True
    for raw in lines:
        line = raw.decode("latin-1").rstrip("\r\n")
        if ended:
            if line[:5].upper() == "HTTP/":  # libcurl takes it in lower case, too
                fields = []
                ended = False
        elif not line:
            ended = True
        elif line[0] in " \t":
            if fields:  # a line folded the old way: RFC 9112 section 5.2
                name, value = fields[-1]
                fields[-1] = (name, f"{value} {line.strip()}".strip())
        else:
            name, colon, value = line.partition(":")
            if colon:
                fields.append((name.strip(), value.strip(" \t")))
    return fields if ended else None
