"""When requests may start: turns per host, a rate per host, and few dials at a time."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from likewise.fetch.transfer import Transfer

# Connections being set up at once to one host. Dialling 99 at once overran the accept queue and cost 8-15 ms against 4.4.
MAX_DIALS = 8

# A dial older than this many seconds no longer holds others back: the host is far away or silent, not overrun.
DIAL_PATIENCE = 0.1

# Over TLS the first connection tells whether the host speaks HTTP/2, and then all requests share it. Seconds that the others
# wait to learn it: some round trips. (libcurl's PIPEWAIT would do this, but where the answer is HTTP/1 it lets them wait until
# the first response has ended.)
PROBE_PATIENCE = 1.0


class Host:
    """The requests to one host (scheme, name and port) within one exchange.

    Attributes:
        rule: the rule against asking it, as far as can be told before a socket opens; None where there is none.
        proxy: the proxy that leads to it, "" for none.
        probing: whether nothing but a first connection is wanted yet.
        round: counts the times that dials were given up waiting for; a dial of an earlier round holds nobody back.
        patience: the exchange's clock when the dials of this round are given up waiting for.
        ready: whether it stands in line to start requests.
    """

    __slots__ = ("active", "dials", "origin", "patience", "probing", "proxy", "queue", "ready", "round", "rule")

    def __init__(self, origin: str, rule: str | None, proxy: str, probing: bool) -> None:
        self.origin = origin
        self.rule = rule
        self.proxy = proxy
        self.probing = probing
        self.queue: deque[Transfer] = deque()
        self.active = 0
        self.dials = 0
        self.round = 0
        self.patience = 0.0
        self.ready = False


class RateLimiter:
    """When the next request to each host may start, shared by every exchange of a transport."""

    def __init__(self, rate: float | None) -> None:
        self.unlimited = rate is None
        self._interval = 0.0 if rate is None else 1.0 / rate
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait_for(self, origin: str) -> float:
        """Seconds until a request to this host may start; 0.0 takes the turn."""
        if self.unlimited:
            return 0.0
        now = time.monotonic()
        with self._lock:
            due = self._next.get(origin, 0.0)
            if due > now:
                return due - now
            if len(self._next) >= 10_000:  # keeps a long crawl's memory flat: turns that have passed say nothing
                self._next = {host: at for host, at in self._next.items() if at > now}
            self._next[origin] = max(due, now) + self._interval
            return 0.0
