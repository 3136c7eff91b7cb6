"""Names looked up on threads of our own.

libcurl looks up 20 names at once: some that take long, which their owners decide, would hold up all others past their time limits.
It also waits for the last of them when it is closed.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from ipaddress import ip_address

Resolver = Mapping[str, Sequence[str]] | Callable[[str, int], Sequence[str]]
"""Addresses for host names, in place of DNS: a mapping, or a function of name and port that may raise OSError."""

# Seconds for which an answer is good: libcurl's and the browsers' own. getaddrinfo does not tell the time that DNS allows.
_FRESH = 60.0

# Names kept, to keep a long crawl's memory flat.
_CAPACITY = 4096


class LookUps:
    """Looks names up, each on a thread that ends with the process whatever DNS does. Safe to use from several threads.

    Args:
        resolve: what is asked before DNS. Where it has no answer (None, or no such key), DNS is asked.
        max_threads: look-ups at once. As many as requests, so that none waits for another.
    """

    def __init__(self, resolve: Resolver | None, max_threads: int) -> None:
        self._resolve = resolve
        self._max_threads = max_threads
        self._threads = 0
        self._lock = threading.Lock()
        self._queue: deque[tuple[Future[Sequence[str]], str, int]] = deque()
        self._under_way: dict[str, Future[Sequence[str]]] = {}
        self._known: dict[str, tuple[float, Sequence[str]]] = {}

    def start(self, host: str, port: int) -> Future[Sequence[str]]:
        """The addresses of a name, at least one: at once where they are known, otherwise soon. OSError for a name without any."""
        done: Future[Sequence[str]] = Future()
        if isinstance(self._resolve, Mapping) and host in self._resolve:
            try:
                done.set_result(_checked(self._resolve[host]))
            except OSError as error:
                done.set_exception(error)
            return done
        shared = not callable(self._resolve)  # a function may say otherwise each time
        with self._lock:
            until, addresses = self._known.get(host, (0.0, ()))
            if shared and until > time.monotonic():
                done.set_result(addresses)
                return done
            if shared and host in self._under_way:
                done = self._under_way[host]
            else:
                if shared:
                    self._under_way[host] = done
                self._queue.append((done, host, port))
            # Also for one that was queued before: an interrupt may have come before a thread was started for it.
            if self._queue and self._threads < self._max_threads:
                self._begin()
        return done

    def _begin(self) -> None:
        try:
            threading.Thread(target=self._work, name="likewise-resolver", daemon=True).start()
            self._threads += 1
        except RuntimeError as error:  # the system has no more of them
            if not self._threads:
                future, host, _ = self._queue.pop()
                self._under_way.pop(host, None)
                future.set_exception(OSError(str(error)))

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._threads -= 1
                    return
                future, host, port = self._queue.popleft()
            try:
                addresses = self._look_up(host, port)
            except BaseException as error:  # whatever a function of the caller's raises is raised where he waits
                with self._lock:
                    self._under_way.pop(host, None)
                future.set_exception(error)
            else:
                with self._lock:
                    self._under_way.pop(host, None)
                    if len(self._known) >= _CAPACITY:
                        self._known.clear()
                    self._known[host] = (time.monotonic() + _FRESH, addresses)
                future.set_result(addresses)

    def _look_up(self, host: str, port: int) -> Sequence[str]:
        if callable(self._resolve):
            answers = self._resolve(host, port)
            if answers is not None:
                return _checked(answers)
        if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 section 6.3: not to be asked of DNS
            return ("::1", "127.0.0.1")
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(info[4][0]) for info in infos))


def _checked(answers: Iterable[object]) -> Sequence[str]:
    if isinstance(answers, str):
        raise OSError(f"resolve gave the string {answers!r}: give a list of addresses")
    checked = []
    for answer in answers:
        try:
            checked.append(str(ip_address(answer)))  # type: ignore[arg-type]  # ValueError where it is none
        except ValueError:
            raise OSError(f"resolve gave {answer!r}, which is not an IP address") from None
    if not checked:
        raise OSError("resolve gave no address")
    return checked
