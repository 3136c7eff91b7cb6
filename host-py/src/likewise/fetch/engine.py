"""A libcurl multi handle driven by socket events, on whichever thread asks for progress."""

from __future__ import annotations

import select
import selectors
import socket
import time
from typing import Any, Protocol

import pycurl

from likewise.fetch.handle import Handle, QuietSocket, Settings
from likewise.fetch.interrupt import Interrupts

_IN, _OUT, _ERR, _REMOVE = pycurl.CSELECT_IN, pycurl.CSELECT_OUT, pycurl.CSELECT_ERR, pycurl.POLL_REMOVE

# When a timer is due that libcurl wants to fire at once. It sets one for each request, and asking for the time costs as much as the rest.
_AT_ONCE = 0.0


class Poller(Protocol):
    """Which sockets are ready. Events are bits of libcurl's CSELECT_IN, CSELECT_OUT and CSELECT_ERR."""

    def watch(self, events: int, fd: int, *_: Any) -> None:
        """Wait for these events of a socket from now on; with POLL_REMOVE for none, and it may be closed already.

        libcurl calls this itself. The bits of its POLL_IN and POLL_OUT are those of CSELECT_IN and CSELECT_OUT.
        """

    def poll(self, timeout: float) -> list[tuple[int, int]]:
        """Wait up to `timeout` seconds; the sockets that are ready, with what for."""

    def close(self) -> None:
        """Let go of all."""


class _Epoll:
    """Linux: the selectors module costs several times as much for each change of interest."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._known: set[int] = set()
        self._masks = {0: 0, _IN: select.EPOLLIN, _OUT: select.EPOLLOUT, _IN | _OUT: select.EPOLLIN | select.EPOLLOUT}

    def watch(self, events: int, fd: int, *_: Any) -> None:
        if events == _REMOVE:
            self._known.discard(fd)
            try:
                self._epoll.unregister(fd)
            except OSError:  # closed already, which unregisters
                pass
            return
        mask = self._masks[events]
        if fd in self._known:
            try:
                self._epoll.modify(fd, mask)
                return
            except FileNotFoundError:  # closed and opened again under the same number
                pass
        self._epoll.register(fd, mask)
        self._known.add(fd)

    def poll(self, timeout: float) -> list[tuple[int, int]]:
        ready = []
        for fd, mask in self._epoll.poll(timeout):
            events = (_IN if mask & select.EPOLLIN else 0) | (_OUT if mask & select.EPOLLOUT else 0)
            ready.append((fd, events | (_ERR if mask & (select.EPOLLERR | select.EPOLLHUP) else 0)))
        return ready

    def close(self) -> None:
        self._epoll.close()


class _Selectors:
    """Everywhere else."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def watch(self, events: int, fd: int, *_: Any) -> None:
        try:
            self._selector.unregister(fd)
        except (KeyError, OSError, ValueError):
            pass
        if events != _REMOVE:
            mask = (selectors.EVENT_READ if events & _IN else 0) | (selectors.EVENT_WRITE if events & _OUT else 0)
            self._selector.register(fd, mask)

    def poll(self, timeout: float) -> list[tuple[int, int]]:
        if not self._selector.get_map():  # select() on Windows refuses to wait for nothing
            time.sleep(timeout)
            return []
        return [
            (key.fd, (_IN if mask & selectors.EVENT_READ else 0) | (_OUT if mask & selectors.EVENT_WRITE else 0))
            for key, mask in self._selector.select(timeout)
        ]

    def close(self) -> None:
        self._selector.close()


def _poller() -> Poller:
    return _Epoll() if hasattr(select, "epoll") else _Selectors()


class Engine:
    """A multi handle, its pool of connections and its idle easy handles. Used by one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._poller = _poller()
        self._due: float | None = None
        self._idle: list[Handle] = []
        self._active: dict[pycurl.Curl, Handle] = {}
        self._bell, self._button = (QuietSocket(fileno=end.detach()) for end in socket.socketpair())
        self._bell.setblocking(False)
        self._button.setblocking(False)
        self._bell_fd = self._bell.fileno()
        self._poller.watch(_IN, self._bell_fd)
        self._multi = multi = pycurl.CurlMulti()
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._poller.watch)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        # Idle connections count towards it, so descriptors stay bounded however many hosts a crawl meets.
        multi.setopt(pycurl.M_MAXCONNECTS, settings.policy.max_concurrency)
        if settings.http2:
            multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)

    def acquire(self) -> Handle:
        """A handle to prepare and `start`."""
        return self._idle.pop() if self._idle else Handle(self._settings)

    def start(self, handle: Handle) -> None:
        """Put a prepared handle to work. Nothing is sent before the next `turn`."""
        self._active[handle.curl] = handle
        self._multi.add_handle(handle.curl)

    def stop(self, handle: Handle) -> None:
        """Take a handle back, finished or not. An unfinished request's connection is closed."""
        self._multi.remove_handle(handle.curl)
        del self._active[handle.curl]
        handle.release()
        if handle.reusable:
            self._idle.append(handle)
        else:
            handle.curl.close()

    def turn(self, timeout: float, interrupts: Interrupts) -> list[tuple[Handle, int, str]]:
        """Wait up to `timeout` seconds for sockets, let libcurl work, and give what ended: handle, result code, message.

        The handles given are still to be `stop`ped.
        """
        multi = self._multi
        if self._due is not None:
            timeout = min(timeout, max(0.0, self._due - time.monotonic()))
        for fd, events in interrupts.wait(self._poller.poll, timeout):
            if fd == self._bell_fd:
                self._hush()
            else:
                multi.socket_action(fd, events)
        if self._due is not None and self._due <= time.monotonic():
            self._due = None
            multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def _ended(self) -> list[tuple[Handle, int, str]]:
        ended = []
        while True:
            left, good, bad = self._multi.info_read()
            for curl in good:
                ended.append((self._active[curl], 0, ""))
            for curl, code, message in bad:
                ended.append((self._active[curl], code, message))
            if not left:
                return ended

    def wake(self) -> None:
        """Cut a `turn`'s wait short, from any thread."""
        try:
            self._button.send(b"!")
        except OSError:  # full: it is ringing already; or closed
            pass

    def _hush(self) -> None:
        try:
            while len(self._bell.recv(4096)) == 4096:
                pass
        except BlockingIOError:
            pass

    def close(self) -> None:
        """Close every connection."""
        for handle in self._active.values():
            handle.watcher = None
            self._multi.remove_handle(handle.curl)
        for handle in [*self._active.values(), *self._idle]:
            handle.curl.close()
        self._active.clear()
        self._idle.clear()
        self._multi.close()
        self._poller.close()
        self._bell.close()
        self._button.close()

    def _set_timer(self, milliseconds: int) -> None:
        if milliseconds > 0:
            self._due = time.monotonic() + milliseconds / 1000
        else:
            self._due = _AT_ONCE if milliseconds == 0 else None
