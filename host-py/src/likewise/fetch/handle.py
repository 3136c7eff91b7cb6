"""One libcurl easy handle, set up once and used for one request after another."""

from __future__ import annotations

import io
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pycurl

from likewise.fetch.policy import Policy

if TYPE_CHECKING:
    from likewise.fetch.target import Target
    from likewise.fetch.transfer import Transfer

# Largest read from a socket at once. libcurl's own 16 KiB costs a 100 KB page four times the system calls.
_BUFFER = 64 * 1024

# Since libcurl 8.4.0, its own limit ends content of no announced length as well.
_CURL_COUNTS = pycurl.version_info()[2] >= 0x080400

# Seconds for one connection attempt. Where a name has several addresses, a dead one must leave time for the next; the
# request's own deadline rules above it.
CONNECT_TIMEOUT = 10

_PROTOCOLS = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS


@dataclass(frozen=True)
class Settings:
    """What every handle of a transport shares."""

    policy: Policy
    ca_bundle: str | None
    http2: bool
    share: pycurl.CurlShare
    cookies: bool


class QuietSocket(socket.socket):
    """A socket that is closed when it is forgotten, without the warning: that is what it is for.

    pycurl duplicates what a callback returns, and forgets the original.
    """

    __slots__ = ()

    def __del__(self) -> None:
        self.close()


class Handle:
    """An easy handle and what its callbacks collect.

    The callbacks run inside libcurl, where an exception cannot travel: each is a few lines that cannot fail, and keeps what
    it has to say in an attribute.

    Attributes:
        curl: the easy handle.
        lines: header lines received, status lines included, as sent.
        content: content received, as sent.
        denied: the rule that forbade an address, if one did.
        overflow: whether the content grew past the limit, where libcurl does not see to that.
        watcher: told when a connection stands and the request is about to be sent.
        judged: whether the addresses of sockets are judged; those of a proxy that the user named are not.
    """

    __slots__ = (
        "_headers", "_limit", "_plain", "_policy", "_proxy", "_resolve", "content", "curl", "denied", "judged", "lines",
        "overflow", "watcher",
    )  # fmt: skip

    def __init__(self, settings: Settings) -> None:
        self._policy = settings.policy
        self._limit = settings.policy.max_bytes
        self._headers: tuple[bytes, ...] = ()
        self._proxy = ""
        self._resolve: Sequence[str] = ()
        self._plain = True
        self.lines: list[bytes] = []
        self.content = io.BytesIO()
        self.denied: str | None = None
        self.overflow = False
        self.judged = True
        self.watcher: Transfer | None = None
        self.curl = curl = pycurl.Curl()
        put = curl.setopt
        put(pycurl.NOSIGNAL, 1)
        put(pycurl.PROTOCOLS, _PROTOCOLS)
        put(pycurl.FOLLOWLOCATION, 0)
        put(pycurl.PATH_AS_IS, 1)
        put(pycurl.HTTP09_ALLOWED, 0)
        put(pycurl.PROXY, "")  # no proxy unless told: the environment is read by us, once
        put(pycurl.NOPROXY, "")
        put(pycurl.CONNECTTIMEOUT, CONNECT_TIMEOUT)
        put(pycurl.BUFFERSIZE, _BUFFER)
        put(pycurl.MAXFILESIZE_LARGE, self._limit)
        put(pycurl.HEADERFUNCTION, self.lines.append)
        # Chunks may be tiny, and a function of Python's for each cost three times as much.
        put(pycurl.WRITEFUNCTION, self.content.write if _CURL_COUNTS else self._receive)
        put(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        put(pycurl.PREREQFUNCTION, self._about_to_send)
        if settings.http2:
            put(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        else:
            put(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        if settings.ca_bundle is not None:
            put(pycurl.CAINFO, settings.ca_bundle)
            put(pycurl.PROXY_CAINFO, settings.ca_bundle)
        put(pycurl.SHARE, settings.share)
        if settings.cookies:
            put(pycurl.COOKIEFILE, "")  # on, and none read from disk

    def prepare(self, transfer: Transfer, resolve: Sequence[str], limit: int) -> None:
        """Set the handle up for a request of at most `limit` bytes of content. Options that already hold are not set again."""
        method, body, headers, proxy = transfer.method, transfer.body, transfer.headers, transfer.host.proxy
        put = self.curl.setopt
        self.watcher = transfer
        put(pycurl.URL, transfer.url)
        if body is not None:
            headers = (*headers, b"Expect:")  # libcurl would wait a second for a 100 that few servers send
        if headers != self._headers:
            put(pycurl.HTTPHEADER, list(headers))
            self._headers = headers
        if limit != self._limit:
            put(pycurl.MAXFILESIZE_LARGE, limit)
            self._limit = limit
        if proxy != self._proxy:
            put(pycurl.PROXY, proxy)
            self._proxy = proxy
            self.judged = not proxy
        if resolve or self._resolve:  # each time: libcurl forgets
            put(pycurl.RESOLVE, list(resolve))
            self._resolve = resolve
        if method != "GET" or body is not None:
            self._plain = False
            if body is not None:
                put(pycurl.POST, 1)
                put(pycurl.POSTFIELDS, body)
                put(pycurl.CUSTOMREQUEST, method)
            elif method == "HEAD":
                put(pycurl.NOBODY, 1)
            else:
                put(pycurl.CUSTOMREQUEST, method)

    @property
    def reusable(self) -> bool:
        """Whether the next request can use this handle: options of other methods do not come off cleanly."""
        return self._plain

    def release(self) -> None:
        """Let go of what the last request left."""
        self.lines.clear()
        self.content.seek(0)
        self.content.truncate()
        self.denied = None
        self.overflow = False
        self.watcher = None

    def _receive(self, chunk: bytes) -> int:
        if self.content.tell() + len(chunk) > self._limit:
            self.overflow = True
            return 0
        return self.content.write(chunk)

    def _open_socket(self, purpose: int, address: Any) -> Any:
        family, kind, protocol, name = address
        try:
            if self.judged:
                rule = self._policy.judge_address(_host_of(name))
                if rule is not None:
                    self.denied = rule
                    return pycurl.SOCKET_BAD
            return QuietSocket(family, kind, protocol)
        except OSError:  # out of descriptors, or a family the machine lacks
            return pycurl.SOCKET_BAD

    def _about_to_send(self, remote: str, local: str, remote_port: int, local_port: int) -> int:
        watcher = self.watcher
        if watcher is not None:
            watcher.connected()
        if self.judged:
            # A pooled connection was judged when it was opened. Judging it again costs a look-up in a dictionary.
            rule = self._policy.judge_address(remote)
            if rule is not None:
                self.denied = rule
                return int(pycurl.PREREQFUNC_ABORT)
        return int(pycurl.PREREQFUNC_OK)


def _host_of(name: Any) -> str:
    """The address of a socket name as pycurl gives it, with its zone where it has one."""
    host = str(name[0])
    if len(name) == 4 and name[3] and "%" not in host:
        return f"{host}%{name[3]}"
    return host


def pinned(target: Target, addresses: Sequence[str], lasting: bool) -> tuple[str, ...]:
    """What makes libcurl take these addresses for a target's, whatever DNS says.

    `lasting` is for a connection whose sockets show nothing of them. Otherwise libcurl forgets them after a minute.
    """
    if not addresses:
        return ()
    # A URL may write the name with its final dot, which libcurl takes for another name.
    rest = f"{target.port}:{','.join(map(_bracketed, addresses))}"
    start = "" if lasting else "+"
    return (f"{start}{target.host}:{rest}", f"{start}{target.host}.:{rest}")


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
