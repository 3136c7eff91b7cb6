"""Fetching with connections, cookies and limits that outlive a call."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from likewise.errors import MemoryLimitExceeded, Trap
from likewise.fetch import guest, wasi
from likewise.fetch.errors import FetchError, Kind
from likewise.fetch.exchange import Exchange
from likewise.fetch.interrupt import Interrupts
from likewise.fetch.lookups import Resolver
from likewise.fetch.message import from_lines
from likewise.fetch.multidict import Headers
from likewise.fetch.policy import Policy
from likewise.fetch.progress import reporting
from likewise.fetch.site import Hop, Options, Site
from likewise.fetch.table import Sites
from likewise.fetch.target import shorten
from likewise.fetch.transfer import encode_headers
from likewise.fetch.transport import Transport

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

R = TypeVar("R")
S = TypeVar("S", bound=Site)

# Sites that an asynchronous stream holds ready for a consumer who is slower than the network. One with more than so many characters
# or bytes counts as several: 64 MiB together, or one that is larger.
_READY = 256
_READY_SIZE = 256 * 1024


class Fetcher(Generic[S]):
    """Fetches pages, keeping connections and cookies from call to call. Safe to use from several threads.

    Args:
        policy: what is allowed; public addresses only by default.
        proxy: URL of a proxy for every request ("http://host:3128", socks5h and others), "" for none, None for those of the
            environment. Policy judges the targets behind a proxy all the same, by looking their names up here as well.
        ca_bundle: file of trusted certificates (PEM) in place of the system's.
        http2: whether HTTP/2 may be spoken.
        cookies: whether cookies are kept and sent back.
        resolve: addresses for host names in place of DNS: a mapping from name to addresses, or a function of name and port, which
            is called on other threads. The policy judges them like any.
        transport: "curl", or "wasi" for wasmtime's own `wasi:http`, which enforces no policy: on trusted networks only, see
            `likewise.fetch.wasi`.
        wasi_component: for "wasi", the file of the component's WASI-HTTP variant, where it is not in the package.
        site: the class of what is returned.

    An option given in a call takes the place of the policy's field of that name. Connections close with `close`, at the end of
    a `with` statement, or when the fetcher is forgotten.
    """

    @overload
    def __init__(
        self: Fetcher[Site],
        policy: Policy | None = None,
        *,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        http2: bool = True,
        cookies: bool = True,
        resolve: Resolver | None = None,
        transport: Literal["curl", "wasi"] = "curl",
        wasi_component: str | os.PathLike[str] | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        policy: Policy | None = None,
        *,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        http2: bool = True,
        cookies: bool = True,
        resolve: Resolver | None = None,
        transport: Literal["curl", "wasi"] = "curl",
        wasi_component: str | os.PathLike[str] | None = None,
        site: type[S],
    ) -> None: ...

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        http2: bool = True,
        cookies: bool = True,
        resolve: Resolver | None = None,
        transport: Literal["curl", "wasi"] = "curl",
        wasi_component: str | os.PathLike[str] | None = None,
        site: type[Any] = Site,
    ) -> None:
        self.policy = Policy() if policy is None else policy
        self._transport = Transport(self.policy, proxy=proxy, ca_bundle=ca_bundle, http2=http2, cookies=cookies, resolve=resolve)
        self._wasi: Path | None = None
        if transport == "wasi":
            wasi.check(self.policy)
            if proxy is not None or ca_bundle is not None or resolve is not None:
                raise ValueError("transport='wasi' takes no proxy, ca_bundle or resolve; the default transport does")
            self._wasi = wasi.component_file(wasi_component)
        elif transport != "curl":
            raise ValueError(f"transport is 'curl' or 'wasi', not {transport!r}")
        self._site: type[S] = site

    # -- calls

    def get(self, url: str, **options: Unpack[Options]) -> S:
        """Fetch one URL. Raises FetchError where there is no page. Options: see `Site.from_str`."""
        if not isinstance(url, str):
            raise TypeError(f"a URL is a str, not {type(url).__name__}")
        return _only(self.get_many([url], **options))

    def get_many(self, urls: Iterable[str], **options: Unpack[Options]) -> Sites[S]:
        """Fetch many URLs at once: one site for each, in their order, duplicates kept. Never raises for one URL."""
        return self._collect(self._call(urls, options))

    def stream(self, urls: Iterable[str], **options: Unpack[Options]) -> Iterator[S]:
        """Fetch many URLs at once and give each site as soon as it is complete.

        Work goes on while the next site is waited for. The time between is not counted against the URLs.
        """
        call = self._call(urls, options)
        return (site for _, site in self._run(call))

    async def aget(self, url: str, **options: Unpack[Options]) -> S:
        """`get` for a running event loop."""
        if not isinstance(url, str):
            raise TypeError(f"a URL is a str, not {type(url).__name__}")
        return _only(await self.aget_many([url], **options))

    async def aget_many(self, urls: Iterable[str], **options: Unpack[Options]) -> Sites[S]:
        """`get_many` for a running event loop. Cancelling the task ends the requests."""
        call = self._call(urls, options)
        return await _on_thread(lambda: self._collect(call), call.cancel)

    async def astream(self, urls: Iterable[str], **options: Unpack[Options]) -> AsyncGenerator[S, None]:
        """`stream` for a running event loop. Work goes on in the background, some hundred sites or 64 MiB ahead at most."""
        call = self._call(urls, options)
        loop = asyncio.get_running_loop()
        ready: asyncio.Queue[S | None] = asyncio.Queue()
        room = threading.Semaphore(_READY)

        def pump() -> None:
            try:
                for _, site in self._run(call):
                    for _ in range(_places(site)):
                        room.acquire()
                    if call.canceled:
                        return
                    loop.call_soon_threadsafe(ready.put_nowait, site)
            finally:
                loop.call_soon_threadsafe(ready.put_nowait, None)

        def stop() -> None:
            call.cancel()
            room.release(_READY)

        work = asyncio.ensure_future(_on_thread(pump, stop))
        try:
            while (site := await ready.get()) is not None:
                room.release(_places(site))
                yield site
            await work
        finally:
            if not work.done():
                stop()
                await asyncio.wait([work])

    # -- one call

    def _call(self, urls: Iterable[str], options: Options) -> _Call:
        return _Call(self.policy, urls, **options)

    def _collect(self, call: _Call) -> Sites[S]:
        sites: list[S | None] = [None] * len(call.urls)
        with call.interrupts:  # once for all of them
            for index, site in self._run(call):
                sites[index] = site
                call.interrupts.check()
        return Sites(site for site in sites if site is not None)

    def _run(self, call: _Call) -> Iterator[tuple[int, S]]:
        """Each site with its index, as they end."""
        with reporting(call.progress, len(call.urls)) as report:
            for done, (index, site) in enumerate(self._sites(call), 1):
                if report is not None:
                    report(done, site)
                yield index, site

    def _sites(self, call: _Call) -> Iterator[tuple[int, S]]:
        left = dict(enumerate(call.urls))
        for index in [index for index, url in left.items() if not _is_text(url)]:
            url = left.pop(index)
            yield index, self._failed(url, "invalid-url", f"not Unicode text: it has a lone surrogate: {url!r}")
        exchange = self._transport.open(call.policy, call.total_timeout, call.interrupts)
        call.opened(exchange)
        try:
            yield from self._parts(call, exchange, left)
        finally:
            exchange.close()

    def _parts(self, call: _Call, exchange: Exchange, urls: dict[int, str]) -> Iterator[tuple[int, S]]:
        """Fetch `urls` (by index), in one session if that goes well."""
        left = dict(urls)
        try:
            yield from self._session(call, exchange, left)
        except Trap as trap:
            exchange.abandon()
            # One of these pages brought the guest down. Halves find it, and let the others be fetched at once as they were.
            if len(left) > 1:
                items = list(left.items())
                for half in (items[: len(items) // 2], items[len(items) // 2 :]):
                    yield from self._parts(call, exchange, dict(half))
                return
            kind: Kind = "too-large" if isinstance(trap, MemoryLimitExceeded) else "protocol"
            for index, url in left.items():
                yield index, self._failed(url, kind, f"the sandbox failed on this page: {trap}")

    def _session(self, call: _Call, exchange: Exchange, left: dict[int, str]) -> Iterator[tuple[int, S]]:
        """Fetch URLs (by index) in one session, taking each off the list as it ends."""
        if not left:
            return
        indexes, urls = list(left), list(left.values())
        session: guest.Session | wasi.WasiSession
        if self._wasi is not None:
            session = wasi.WasiSession(self._wasi, urls, call.options)
        else:
            session = guest.Session(urls, call.options, exchange.exchange, call.interrupts)
        try:
            while (outcome := session.next()) is not None:
                position, answer, failure = guest.succeeded(outcome)
                index = indexes[position]
                url = left.pop(index)
                yield index, self._page(url, answer, exchange) if failure is None else self._failure(url, failure)
        finally:
            session.close()

    def _page(self, url: str, record: Any, exchange: Exchange) -> S:
        try:
            text, content = guest.content(record, exchange.kept)
        except LookupError as error:
            return self._failed(url, "protocol", str(error))
        address = record.address
        site = self._site(
            url,
            domain=address.domain,
            server=record.server,
            protocol=address.protocol,
            content_type=record.content_type,
            body=text,
            port=address.port,
            status_code=record.status,
            headers=record.headers,
            encoding=record.encoding,
            final_url=record.final_url,
            history=[Hop(hop.url, hop.status, Headers(from_lines(hop.headers))) for hop in record.history],
            elapsed=record.elapsed_us or 0,
            replaced=record.replaced,
            content=content,
        )
        if record.page is not None:
            site.set_page(record.page)
        return site

    def _failure(self, url: str, record: Any) -> S:
        address = record.address
        return self._site(
            url,
            domain=address.domain if address is not None else "",
            protocol=address.protocol if address is not None else "",
            port=address.port if address is not None else 0,
            history=[Hop(hop.url, hop.status, Headers(from_lines(hop.headers))) for hop in record.history],
            error=FetchError(record.kind.value, url, record.message),
        )

    def _failed(self, url: str, kind: Kind, message: str) -> S:
        return self._site(url, error=FetchError(kind, url, message))

    # -- life

    def close(self) -> None:
        """Close all connections. What is under way ends with kind "canceled"."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _Call:
    """One call's options, checked."""

    def __init__(
        self,
        policy: Policy,
        urls: Iterable[str],
        *,
        concurrency: int | None = None,
        timeout: float | None = None,
        total_timeout: float | None = None,
        max_bytes: int | None = None,
        follow_redirects: bool = True,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        extract: bool = False,
        progress: bool | Callable[[int, int, Site], object] = False,
    ) -> None:
        if isinstance(urls, (str, bytes)):
            raise TypeError(
                f"urls takes a list of URLs, not the one URL {shorten(str(urls))!r}: give [url], or use from_str(url)"
            )
        self.urls = list(urls)
        for index, url in enumerate(self.urls):
            if not isinstance(url, str):
                raise TypeError(f"urls[{index}] is of type {type(url).__name__}: a URL is a str")
        changes: dict[str, Any] = {}
        if timeout is not None:
            changes["timeout"] = timeout
        if max_bytes is not None:
            changes["max_bytes"] = changes["max_decoded_bytes"] = max_bytes
        self.policy = dataclasses.replace(policy, **changes) if changes else policy
        if concurrency is not None and concurrency < 1:
            raise ValueError(f"concurrency must be 1 or more, not {concurrency!r}")
        if total_timeout is not None and not total_timeout > 0:
            raise ValueError(f"total_timeout must be more than 0 seconds, not {total_timeout!r}")
        self.concurrency = min(concurrency or policy.max_concurrency, policy.max_concurrency)
        self.total_timeout = total_timeout
        self.progress = progress
        self.options = guest.SessionOptions(
            concurrency=self.concurrency,
            timeout_ms=max(1, round(min(self.policy.timeout * 1000, 2**32 - 1))),
            max_redirects=self.policy.max_redirects if follow_redirects else None,
            # The host holds the limits, before the guest sees a byte; this is for hosts that do not.
            max_bytes=self.policy.max_decoded_bytes,
            headers=_pairs(headers),
            extract=extract,
        )
        self.interrupts = Interrupts()
        self.canceled = False
        self._exchange: Exchange | None = None

    def opened(self, exchange: Exchange) -> None:
        """The exchange that `cancel` is to end."""
        self._exchange = exchange
        if self.canceled:
            exchange.cancel()

    def cancel(self) -> None:
        """End the call, from any thread."""
        self.canceled = True
        if self._exchange is not None:
            self._exchange.cancel()


def _pairs(headers: Mapping[str, str] | Iterable[tuple[str, str]] | None) -> list[tuple[str, str]]:
    """Header fields as the guest takes them: bytes as code points. Raises ValueError for one that cannot be sent."""
    if headers is None:
        return []
    if isinstance(headers, (str, bytes)):
        raise TypeError("headers takes a mapping such as {'Accept': 'text/html'}, or pairs of name and value, not a string")
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    for name, value in pairs:
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"headers takes str names and values; {name!r} has a value of type {type(value).__name__}")
    encode_headers(pairs, ())
    return [(name, value if all(ord(c) < 256 for c in value) else value.encode().decode("latin-1")) for name, value in pairs]


def _is_text(url: str) -> bool:
    try:
        url.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _only(sites: Sites[S]) -> S:
    site = sites[0]
    if site.error is not None:
        raise site.error
    return site


def _places(site: Site) -> int:
    """How many of the sites held ready one counts for."""
    held = len(site.body) + len(site._content or b"")
    return min(_READY, 1 + held // _READY_SIZE)


async def _on_thread(work: Callable[[], R], stop: Callable[[], None]) -> R:
    """Run `work` on a thread of its own. When the task is cancelled, `stop` it, wait for its end, and let the task end."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[R] = loop.create_future()
    box: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def settle() -> None:
        if not result.done():
            box.get()()

    def body() -> None:
        try:
            value = work()
        except BaseException as error:
            failure = error
            box.put(lambda: result.set_exception(failure))
        else:
            box.put(lambda: result.set_result(value))
        try:
            loop.call_soon_threadsafe(settle)
        except RuntimeError:  # the loop has been closed: nobody is left to be told
            pass

    thread = threading.Thread(target=body, name="likewise-fetch", daemon=True)
    thread.start()
    try:
        return await asyncio.shield(result)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait([result])
        result.exception()
        raise
