"""The transport's one function, for one session: requests go in, completions come out.

An exchange has a clock of its own, which runs only while the exchange does. A caller who takes a minute over each result
of a stream does not make the requests behind it time out: the kernel keeps what servers send meanwhile.
"""

from __future__ import annotations

import heapq
import itertools
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pycurl

from likewise.component import Err, Ok
from likewise.fetch import robots
from likewise.fetch.arrival import Arrival
from likewise.fetch.failure import failure_of
from likewise.fetch.handle import CONNECT_TIMEOUT, pinned
from likewise.fetch.interrupt import Interrupts
from likewise.fetch.message import Completion, Failure, Payload, RequestLike, Response, content_of, values_of
from likewise.fetch.schedule import DIAL_PATIENCE, MAX_DIALS, PROBE_PATIENCE, Host
from likewise.fetch.target import Target, parse_target, shorten
from likewise.fetch.transfer import TOKEN, Transfer, header_lines

if TYPE_CHECKING:
    from likewise.fetch.engine import Engine
    from likewise.fetch.handle import Handle
    from likewise.fetch.policy import Policy
    from likewise.fetch.transport import Transport

# RFC 9110 section 9.2.2: sending these twice does no more than sending them once.
_IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"))

# Seconds before the first retry of a connection; doubled for each further one, and spread by half either way.
_BACKOFF = 0.1

# Seconds between looks at the load of other threads' exchanges on the same transport: they do not tell when a turn is free.
_CONTENTION_PAUSE = 0.01

# Seconds after which the requests of a session that nobody drives are no longer counted as under way. Its caller may be about to ask
# for more in another session, and would wait for himself.
_UNATTENDED = 0.1

# A wait without any end of its own.
_LONG = 60.0

# Seconds for which sockets are left alone at most while there is something to hand over.
_NEGLECT = 0.5

# Characters of content that one call hands to the guest at most, where there is more than one completion. Each is copied three times on
# its way in, and memory that is touched for the first time costs more than the copy: small batches find that of the last one.
# Of 99 pages of 100 KB at once, these copies took 30 MB and 40 % of the time.
_BATCH = 256 * 1024


class Exchange:
    """The requests of one session. Used by one thread at a time; only `cancel` may come from another."""

    def __init__(
        self, transport: Transport, engine: Engine, policy: Policy, time_limit: float | None, interrupts: Interrupts
    ) -> None:
        self._transport = transport
        self._policy = policy
        self._engine = engine
        self._interrupts = interrupts
        self._clock = 0.0
        self._offset = 0.0
        self._time_limit = self._call_deadline = time_limit if time_limit is not None else float("inf")
        self._done: deque[tuple[int, Arrival | Response | Failure]] = deque()
        self._kept: dict[int, Payload] = {}
        self._hosts: dict[str, Host] = {}
        self._ready: deque[Host] = deque()
        self._running: dict[Handle, Transfer] = {}
        self._later: list[tuple[float, int, Host | Transfer]] = []
        self._sequence = itertools.count()
        self._resolving: dict[Transfer, Future[Sequence[str]]] = {}
        self._asking: dict[str, list[Transfer]] = {}
        self._next_deadline = float("inf")
        self._turned = float("-inf")
        self._left = float("inf")
        self._open = 0
        self._contended = False
        self._canceled = False

    # -- the function of the contract

    def exchange(self, submit: Iterable[RequestLike], wait: bool) -> list[Completion]:
        """Take requests on and give what has ended; with `wait`, at least one where any is under way."""
        with self._interrupts:
            self._offset = time.monotonic() - self._clock
            self._left = float("inf")
            try:
                for request in submit:
                    self._take(request)
                self._progress(wait)
            finally:
                self._left = time.monotonic()
                self._clock = self._left - self._offset
            self._interrupts.check()
            return self._batch()

    def _batch(self) -> list[Completion]:
        """What has ended, as far as it goes into one answer. Its bodies are kept until the next one."""
        done, kept = self._done, self._kept
        batch: list[Completion] = []
        kept.clear()
        size = 0
        while done:
            identity, outcome = done[0]
            if isinstance(outcome, Arrival):
                outcome = self._decode(outcome)
                done[0] = identity, outcome
            if isinstance(outcome, Response):
                size += len(outcome.body.data)
                if size > _BATCH and batch:
                    break
                kept[identity] = outcome.body
            done.popleft()
            batch.append(Completion(identity, Ok(outcome) if isinstance(outcome, Response) else Err(outcome)))
        return batch

    def _decode(self, arrival: Arrival) -> Response | Failure:
        """The response that has arrived. Decoding takes none of the time of those under way, but it takes the call's."""
        if self._clock >= self._call_deadline:
            return Failure("timeout", f"the call's {self._time_limit:g} s are over: {shorten(arrival.url)}")
        began = time.monotonic()
        outcome = arrival.decode(self._policy.max_decoded_bytes)
        self._call_deadline -= time.monotonic() - began
        return outcome

    def kept(self, identity: int) -> Payload | None:
        """The body of a response that the last call of `exchange` gave, once."""
        return self._kept.pop(identity, None)

    def cancel(self) -> None:
        """End everything with kind "canceled". May be called from any thread."""
        self._canceled = True
        self._engine.wake()

    def load(self, origin: str | None = None) -> int:
        """Requests in flight, to one host or in all; none once the caller has been away for a while."""
        if time.monotonic() - self._left > _UNATTENDED:
            return 0
        if origin is None:
            return len(self._running)
        host = self._hosts.get(origin)
        return host.active if host is not None else 0

    def abandon(self) -> None:
        """Drop whatever is under way or has come: the next session counts its requests anew, and must not be given an earlier one's."""
        with self._interrupts:
            for handle in self._running:
                self._engine.stop(handle)
            for held in (
                self._running,
                self._resolving,
                self._done,
                self._kept,
                self._later,
                self._asking,
                self._hosts,
                self._ready,
            ):
                held.clear()
            self._open = 0
            self._next_deadline = float("inf")

    def close(self) -> None:
        """Drop whatever is under way, and give the engine back."""
        with self._interrupts:
            self.abandon()
            self._transport.give_back(self, self._engine)

    # -- taking on

    def _now(self) -> float:
        return time.monotonic() - self._offset

    def _take(self, request: RequestLike) -> None:
        self._open += 1
        try:
            target = parse_target(request.url)
            headers = self._transport.headers(request.headers)
            if request.method != "GET" and not TOKEN.fullmatch(request.method):
                raise ValueError(f"the method {shorten(request.method)!r} is not a token")
            body = None if request.body is None else content_of(request.body)
        except ValueError as error:
            self._answer(request.id, Failure("denied", str(error)))
            return
        timeout = self._policy.timeout
        if request.timeout_ms is not None:
            timeout = min(timeout, request.timeout_ms / 1000)
        host = self._hosts.get(target.origin) or self._meet(target)
        transfer = Transfer(request.method, request.url, target, host, headers, body, timeout, self._settle, request.id)
        if self._policy.respect_robots:
            self._ask_robots(transfer)
        else:
            self._route(transfer)

    def _settle(self, transfer: Transfer, outcome: Arrival | Response | Failure) -> None:
        self._answer(transfer.id, outcome)

    def _answer(self, identity: int, outcome: Arrival | Response | Failure) -> None:
        self._open -= 1
        self._done.append((identity, outcome))

    def _meet(self, target: Target) -> Host:
        """A host not asked before. It is judged as far as that can be done from here."""
        rule = self._policy.judge_target(target.scheme, target.host, target.port)
        if rule is None and target.literal:
            rule = self._policy.judge_address(target.host)
        probing = self._transport.http2 and target.scheme == "https"
        host = self._hosts[target.origin] = Host(target.origin, rule, self._transport.proxies.of(target), probing)
        return host

    def _route(self, transfer: Transfer) -> None:
        host, target = transfer.host, transfer.target
        if host.rule is not None:
            transfer.settle(transfer, _denied(host.rule, transfer.url))
        elif target.literal:
            self._enqueue(transfer)
        else:
            # With a proxy, too, which will look the name up itself and connect: no socket of ours ever shows the address.
            transfer.started = self._now()
            self._set_deadline(transfer)
            future = self._transport.look_ups.start(target.host, target.port)
            if future.done():
                self._resolved(transfer, future)
            else:
                self._resolving[transfer] = future
                future.add_done_callback(self._wake)

    def _wake(self, _: Future[Sequence[str]]) -> None:
        self._engine.wake()

    def _enqueue(self, transfer: Transfer) -> None:
        # The host may have been forgotten meanwhile, and met again.
        host = transfer.host = self._hosts.setdefault(transfer.host.origin, transfer.host)
        host.queue.append(transfer)
        self._make_ready(host)

    def _make_ready(self, host: Host) -> None:
        if not host.ready and host.queue:
            host.ready = True
            self._ready.append(host)

    # -- progress

    def _progress(self, wait: bool) -> None:
        while True:
            if self._canceled:
                self._fail_all(lambda transfer: Failure("canceled", f"the caller ended it: {shorten(transfer.url)}"))
            self._admit()
            # What has come is handed over first, but decoding it may take long, and servers do not wait for ever.
            waiting = bool(self._done) and time.monotonic() - self._turned < _NEGLECT
            if waiting or not self._open or self._interrupts.pending:
                return
            ended = self._engine.turn(self._patience() if wait and not self._done else 0.0, self._interrupts)
            self._turned = time.monotonic()
            now = self._now()
            for handle, code, message in ended:
                self._finish(handle, code, message, now)
            self._wake_later(now)
            self._collect_look_ups()
            self._expire(now)
            if not wait:
                self._admit()
                return

    def _patience(self) -> float:
        """Seconds until there is something to do that no socket tells of."""
        now = self._now()
        until = min(self._next_deadline, self._call_deadline, now + _LONG)
        if self._later:
            until = min(until, self._later[0][0])
        if self._contended:
            until = min(until, now + _CONTENTION_PAUSE)
        return max(0.0, until - now)

    def _admit(self) -> None:
        """Start what may be started."""
        self._contended = False
        if not self._ready:
            return
        now = self._now()
        limit = self._transport.max_concurrency
        while self._ready:
            others = self._transport.load_of_others(self)
            if len(self._running) + others >= limit:
                self._contended = bool(others)
                return
            host = self._ready.popleft()
            host.ready = False
            self._admit_host(host, limit - others, now)

    def _admit_host(self, host: Host, limit: int, now: float) -> None:
        per_host = self._policy.max_per_host
        while host.queue:
            if len(self._running) >= limit:
                self._make_ready(host)
                return
            if per_host is not None:
                others = self._transport.load_of_others(self, host.origin)
                if host.active + others >= per_host:
                    if others:
                        self._contended = True
                        self._do_later(now + _CONTENTION_PAUSE, host)
                    return
            if host.dials >= (1 if host.probing else MAX_DIALS):
                if now < host.patience:
                    self._do_later(host.patience, host)
                    return
                host.dials = 0
                host.round += 1
                host.probing = False
            if not self._transport.rate.unlimited:
                pause = self._transport.rate.wait_for(host.origin)
                if pause:
                    self._do_later(now + pause, host)
                    return
            self._start(host.queue.popleft(), host, now)

    def _start(self, transfer: Transfer, host: Host, now: float) -> None:
        if transfer.started is None:
            transfer.started = now
            self._set_deadline(transfer)
        transfer.attempts += 1
        transfer.dialed = now
        # A SOCKS proxy that takes addresses is given those that were judged, not what a second look-up says.
        resolve = pinned(transfer.target, transfer.addresses, lasting=host.proxy != "")
        handle = self._engine.acquire()
        handle.prepare(transfer, resolve, self._policy.max_bytes)
        transfer.handle = handle
        transfer.on_connected = self._make_ready
        if host.dials == 0:
            host.patience = now + (PROBE_PATIENCE if host.probing else DIAL_PATIENCE)
        host.dials += 1
        transfer.dial = host.round
        host.active += 1
        self._running[handle] = transfer
        self._engine.start(handle)

    def _set_deadline(self, transfer: Transfer) -> None:
        assert transfer.started is not None
        transfer.deadline = transfer.started + transfer.timeout - transfer.spent
        if transfer.deadline < self._next_deadline:
            self._next_deadline = transfer.deadline

    def _do_later(self, when: float, what: Host | Transfer) -> None:
        heapq.heappush(self._later, (when, next(self._sequence), what))

    def _wake_later(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            what = heapq.heappop(self._later)[2]
            if isinstance(what, Host):
                self._make_ready(what)
            else:
                self._enqueue(what)

    def _expire(self, now: float) -> None:
        if now >= self._call_deadline:
            self._fail_all(lambda t: Failure("timeout", f"the call's {self._time_limit:g} s are over: {shorten(t.url)}"))
            return
        if now < self._next_deadline:
            return
        for transfer in [*self._running.values(), *self._resolving]:
            if transfer.deadline <= now:
                self._detach(transfer)
                transfer.settle(transfer, Failure("timeout", f"not done within {transfer.timeout:g} s: {shorten(transfer.url)}"))
        left = itertools.chain(self._running.values(), self._resolving)
        self._next_deadline = min((transfer.deadline for transfer in left), default=float("inf"))

    def _detach(self, transfer: Transfer) -> None:
        """Take a transfer away from libcurl or the resolver."""
        handle = transfer.handle
        if handle is not None:
            del self._running[handle]
            self._engine.stop(handle)
            self._leave(transfer)
        else:
            self._resolving.pop(transfer, None)

    def _leave(self, transfer: Transfer) -> None:
        """Settle a transfer's accounts with its host."""
        host = transfer.host
        transfer.handle = None
        transfer.connected()
        host.active -= 1
        if host.active or host.queue:
            self._make_ready(host)
        elif len(self._hosts) > 1024:  # keeps a long crawl's memory flat
            self._hosts.pop(host.origin, None)

    def _fail_all(self, failure: Callable[[Transfer], Failure]) -> None:
        """End whatever is open."""
        waiting = [what for _, _, what in self._later if isinstance(what, Transfer)]
        queued = [transfer for host in self._hosts.values() for transfer in host.queue]
        asking = [transfer for waiters in self._asking.values() for transfer in waiters]
        under_way = [*self._running.values(), *self._resolving]
        self._later.clear()
        self._asking.clear()
        for host in self._hosts.values():
            host.queue.clear()
        for transfer in under_way:
            self._detach(transfer)
        for transfer in (*under_way, *queued, *waiting, *asking):
            transfer.settle(transfer, failure(transfer))

    # -- endings

    def _finish(self, handle: Handle, code: int, message: str, now: float) -> None:
        transfer = self._running.pop(handle)
        outcome = self._outcome(transfer, handle, code, message, now)
        if self._transport.cookies is not None:
            self._transport.cookies.heed(len(handle.lines))
        self._engine.stop(handle)
        self._leave(transfer)
        if code == pycurl.E_OPERATION_TIMEDOUT and now - transfer.dialed < CONNECT_TIMEOUT / 2:
            # libcurl's clock goes on while ours stands still: a caller took his time, or decoding did. Nothing has been sent yet.
            transfer.attempts -= 1
            self._enqueue(transfer)
            return
        pause = self._retry_after(transfer, outcome, code)
        if pause is None:
            transfer.settle(transfer, outcome)
        else:
            self._do_later(now + pause, transfer)

    def _outcome(self, transfer: Transfer, handle: Handle, code: int, message: str, now: float) -> Arrival | Response | Failure:
        if code:
            if handle.overflow or code == pycurl.E_FILESIZE_EXCEEDED:
                return Failure("too-large", f"more than {self._policy.max_bytes} bytes on the wire: {shorten(transfer.url)}")
            if handle.denied is not None:
                return _denied(handle.denied, transfer.url)
            return failure_of(code, message, transfer.url)
        headers = header_lines(handle.lines)
        if headers is None:
            return Failure("connect", f"the connection ended within the header: {shorten(transfer.url)}")
        elapsed_us = int((now - (transfer.started or 0.0) + transfer.spent) * 1e6)
        status = int(handle.curl.getinfo(pycurl.RESPONSE_CODE))
        content = handle.content.getvalue()
        coding = ",".join(values_of(headers, "content-encoding"))
        if coding and content:
            return Arrival(transfer.url, status, headers, content, coding, elapsed_us)
        if len(content) > self._policy.max_decoded_bytes:
            return Failure("too-large", f"more than {self._policy.max_decoded_bytes} bytes: {shorten(transfer.url)}")
        return Response(status, headers, Payload.of(content), elapsed_us)

    def _retry_after(self, transfer: Transfer, outcome: Arrival | Response | Failure, code: int) -> float | None:
        """Seconds until the next attempt, None where there is none."""
        if transfer.attempts > self._policy.retries or transfer.method not in _IDEMPOTENT:
            return None
        if isinstance(outcome, Failure):
            if code != pycurl.E_COULDNT_CONNECT or outcome.kind != "connect":
                return None
            pause = _BACKOFF * 2 ** (transfer.attempts - 1) * random.uniform(0.5, 1.5)
        elif outcome.status in (429, 503):
            seconds = _seconds(next(iter(values_of(outcome.headers, "retry-after")), None))
            if seconds is None:
                return None
            pause = seconds
        else:
            return None
        return pause if self._now() + pause < min(transfer.deadline, self._call_deadline) else None

    # -- names

    def _collect_look_ups(self) -> None:
        if not self._resolving:
            return
        for transfer in [transfer for transfer, future in self._resolving.items() if future.done()]:
            self._resolved(transfer, self._resolving.pop(transfer))

    def _resolved(self, transfer: Transfer, future: Future[Sequence[str]]) -> None:
        # The look-up was of the request's time; waiting for its turn, which comes now, is not.
        transfer.spent += self._now() - (transfer.started or 0.0)
        transfer.started = None
        host = transfer.target.host
        try:
            addresses = future.result()
        except (OSError, UnicodeError) as error:
            here = " here, and a proxy does not excuse it" if transfer.host.proxy else ""
            transfer.settle(transfer, Failure("dns", f"{host!r} does not resolve{here}: {error}: {shorten(transfer.url)}"))
            return
        if transfer.host.proxy:
            rules = (self._policy.judge_address(address) for address in addresses)
            rule = next((rule for rule in rules if rule is not None), None)
            if rule is not None:
                transfer.settle(transfer, _denied(f"{host!r} stands for {addresses}, and {rule}", transfer.url))
                return
        transfer.addresses = addresses
        self._enqueue(transfer)

    # -- robots.txt

    def _ask_robots(self, transfer: Transfer) -> None:
        origin = transfer.target.origin
        known = self._transport.robots.get(origin)
        if known is not None:
            self._heed(transfer, known)
            return
        transfer.asked = self._now()
        waiters = self._asking.setdefault(origin, [])
        waiters.append(transfer)
        if len(waiters) == 1:
            self._fetch_robots(origin, f"{origin}/robots.txt", 0, self._policy.timeout)

    def _fetch_robots(self, origin: str, url: str, redirects: int, timeout: float) -> None:
        """Ask for the rules of an origin. `timeout` is for all redirects together."""

        def settle(transfer: Transfer, outcome: Arrival | Response | Failure) -> None:
            now = self._now()
            left = transfer.deadline - now if transfer.started is not None else timeout
            if (
                not isinstance(outcome, Failure)
                and outcome.status in (301, 302, 303, 307, 308)
                and redirects < robots.MAX_REDIRECTS
            ):
                location = next(iter(values_of(outcome.headers, "location")), "")
                try:
                    following = urljoin(url, location).partition("#")[0]
                    self._fetch_robots(origin, following, redirects + 1, max(0.0, left))
                    return
                except ValueError:  # leads nowhere: as good as none
                    pass
            found = outcome.decode(self._policy.max_decoded_bytes) if isinstance(outcome, Arrival) else outcome
            self._settle_robots(origin, found, self._policy.timeout - left, now)

        target = parse_target(url)
        host = self._hosts.get(target.origin) or self._meet(target)
        headers = self._transport.headers(())
        self._route(Transfer("GET", url, target, host, headers, None, timeout, settle))

    def _settle_robots(self, origin: str, outcome: Response | Failure, took: float, now: float) -> None:
        """Let those go on who wait for the rules of an origin, which took so many seconds. These are of their own time."""
        waiters = self._asking.pop(origin, [])
        for transfer in waiters:
            transfer.spent = min(took, now - transfer.asked)
        if isinstance(outcome, Failure) and outcome.kind not in ("too-large", "decode", "protocol"):
            for transfer in waiters:  # the page would end the same way
                transfer.settle(transfer, Failure(outcome.kind, f"robots.txt could not be asked for: {outcome.message}"))
            return
        if isinstance(outcome, Failure) or outcome.status >= 500:
            rules = robots.NOTHING  # RFC 9309 section 2.3.1.4: unreachable means nothing is allowed
        elif outcome.status == 200:
            rules = robots.Robots.parse(content_of(outcome.body), self._transport.product)
        else:
            rules = robots.EVERYTHING  # section 2.3.1.3: unavailable means all is
        self._transport.robots.put(origin, rules)
        for transfer in waiters:
            self._heed(transfer, rules)

    def _heed(self, transfer: Transfer, rules: robots.Robots) -> None:
        _, _, rest = transfer.url.partition("://")
        path = rest[rest.find("/") :] if "/" in rest else "/" + rest[rest.find("?") :] if "?" in rest else "/"
        origin = transfer.target.origin
        if not rules.allows(path):
            why = (
                f"forbids {shorten(path)}" if rules.can_judge(path) else f"has too many patterns to compare with {shorten(path)}"
            )
            transfer.settle(transfer, Failure("robots", f"the robots.txt of {origin} {why}"))
        elif transfer.spent >= transfer.timeout:
            message = f"not done within {transfer.timeout:g} s, which robots.txt took: {shorten(transfer.url)}"
            transfer.settle(transfer, Failure("timeout", message))
        else:
            self._route(transfer)


def _denied(rule: str, url: str) -> Failure:
    way_out = "" if "address" not in rule else "; Policy(allow_private=[...]) opens networks by name"
    return Failure("denied", f"the policy forbids {shorten(url)}: {rule}{way_out}")


def _seconds(retry_after: str | None) -> float | None:
    """What a `Retry-After` field asks for: seconds or a date (RFC 9110 section 10.2.3)."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
