"""The host's side of `wit/transport.wit`: libcurl, under a policy, with connections and cookies that outlive a call.

A transport lends each session an engine (a libcurl multi handle with its connections) and takes it back afterwards. Sessions on
several threads at once get an engine each and run in parallel; cookies, rates, robots.txt and the limits of the policy are common
to all. Sessions one after another get the same engine, and with it the connections still open.
"""

from __future__ import annotations

import os
import ssl
import threading
import weakref
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

import pycurl

from likewise.fetch.codings import ACCEPT_ENCODING
from likewise.fetch.cookies import CookieLimits
from likewise.fetch.engine import Engine
from likewise.fetch.exchange import Exchange
from likewise.fetch.handle import Settings
from likewise.fetch.interrupt import Interrupts
from likewise.fetch.lookups import LookUps, Resolver
from likewise.fetch.policy import Policy
from likewise.fetch.proxy import ProxyChoice
from likewise.fetch.robots import RobotsCache
from likewise.fetch.schedule import RateLimiter
from likewise.fetch.transfer import encode_headers

if TYPE_CHECKING:
    from typing_extensions import Self

PRODUCT = "likewise"
USER_AGENT = f"{PRODUCT}/0.1"

# Descriptors left for the rest of the process when the limit of open files is low.
_SPARE_DESCRIPTORS = 64


class Transport:
    """Carries out the requests of sessions.

    Args:
        policy: what is allowed.
        proxy: see `ProxyChoice`.
        ca_bundle: a file of trusted certificates (PEM) in place of the system's.
        http2: whether HTTP/2 may be spoken over TLS.
        cookies: whether cookies are kept and sent back.
        resolve: addresses for names in place of DNS; judged by the policy like any.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        http2: bool = True,
        cookies: bool = True,
        resolve: Resolver | None = None,
    ) -> None:
        self.policy = policy
        self.product = PRODUCT
        self.http2 = http2
        self.proxies = ProxyChoice(proxy)
        self.rate = RateLimiter(policy.rate_per_host)
        self.robots = RobotsCache()
        self.max_concurrency = min(policy.max_concurrency, _descriptors())
        self._resolve = resolve
        self.look_ups = LookUps(resolve, self.max_concurrency)
        self._share = pycurl.CurlShare()
        self._share.setopt(pycurl.SH_SHARE, pycurl.LOCK_DATA_SSL_SESSION)
        if cookies:
            self._share.setopt(pycurl.SH_SHARE, pycurl.LOCK_DATA_COOKIE)
        self.cookies = CookieLimits(self._share) if cookies else None
        self._settings = Settings(policy, _ca_file(ca_bundle), http2, self._share, cookies)
        self._lock = threading.Lock()
        self._idle: list[Engine] = []
        # Engines and their callbacks refer to one another: without this, connections of a transport that is forgotten would stay
        # open until the garbage collector comes by. Not at exit, when the system closes them anyway.
        weakref.finalize(self, _close_all, self._idle).atexit = False
        self._live: list[Exchange] = []
        self._closed = False
        self._process = os.getpid()
        self._encoded: dict[tuple[tuple[str, str], ...], tuple[bytes, ...]] = {}

    def open(
        self, policy: Policy | None = None, time_limit: float | None = None, interrupts: Interrupts | None = None
    ) -> Exchange:
        """An exchange for one session, to be closed after it.

        Args:
            policy: the transport's own with other limits of time and size.
            time_limit: seconds for all of it.
            interrupts: how Ctrl-C is held back, where the caller does that for more than the exchange.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("the fetcher is closed: make a new one")
            if self._process != os.getpid():  # forked: the connections belong to the parent
                self._idle.clear()
                self._live.clear()
                self.look_ups = LookUps(self._resolve, self.max_concurrency)  # threads do not come along
                self._process = os.getpid()
            engine = self._idle.pop() if self._idle else Engine(self._settings)
            exchange = Exchange(self, engine, policy or self.policy, time_limit, interrupts or Interrupts())
            self._live.append(exchange)
        return exchange

    def give_back(self, exchange: Exchange, engine: Engine) -> None:
        """Take an engine back from the exchange it was lent to."""
        with self._lock:
            if exchange not in self._live:
                return
            self._live.remove(exchange)
            if not self._closed:
                self._idle.append(engine)
                return
        engine.close()

    def close(self) -> None:
        """Close all connections. What is under way ends with kind "canceled"."""
        with self._lock:
            self._closed = True
            live = list(self._live)
        for exchange in live:
            exchange.cancel()
        _close_all(self._idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # -- what exchanges share

    def load_of_others(self, exchange: Exchange, origin: str | None = None) -> int:
        """Requests in flight in the other exchanges, to one host or in all."""
        if len(self._live) < 2:
            return 0
        return sum(other.load(origin) for other in list(self._live) if other is not exchange)

    def headers(self, fields: Iterable[tuple[str, str]]) -> tuple[bytes, ...]:
        """Request headers as libcurl takes them. Raises ValueError for what cannot be sent."""
        key = tuple((name, value) for name, value in fields)
        encoded = self._encoded.get(key)
        if encoded is None:
            defaults = (("Accept-Encoding", ACCEPT_ENCODING), ("User-Agent", USER_AGENT))
            encoded = encode_headers(key, defaults)
            if len(self._encoded) >= 256:
                self._encoded.clear()
            self._encoded[key] = encoded
        return encoded


def _close_all(engines: list[Engine]) -> None:
    while engines:
        engines.pop().close()


def _descriptors() -> int:
    """Sockets that may be open at once under the process's limit of open files."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return 2**31
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 2**31
    return max(8, soft - _SPARE_DESCRIPTORS)


def _ca_file(given: str | os.PathLike[str] | None) -> str | None:
    """The file of trusted certificates: the one given, that of the environment or system, or None for libcurl's own."""
    if given is not None:
        path = os.fspath(given)
        if not os.path.isfile(path):
            raise FileNotFoundError(f"ca_bundle {path!r} is not a file; give one with certificates in PEM form")
        return path
    system = ssl.get_default_verify_paths()  # heeds SSL_CERT_FILE
    candidates = (
        system.cafile,
        "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Alpine
        "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
        "/etc/ssl/cert.pem",  # macOS, BSD
    )
    for path in candidates:
        if path and os.path.isfile(path):
            return path
    try:
        import certifi
    except ImportError:
        return None
    return str(certifi.where())
