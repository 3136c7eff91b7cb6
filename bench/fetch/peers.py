"""One peer, one workload, in a process of its own: prints what each call took as one JSON line.

python peers.py PEER cold|warm CALLS < urls.json
"""

from __future__ import annotations

import asyncio
import ctypes
import io
import itertools
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Fetch = Callable[[list[str]], list[Any]]


@dataclass
class Page:
    """What every peer gives back for a URL."""

    url: str
    status: int
    text: str
    server: str
    content_type: str


def likewise(warm: bool) -> Fetch:
    from likewise.fetch import Fetcher, Policy, Site

    policy = Policy(allow_private=["127.0.0.0/8"])
    if warm:
        return Fetcher(policy).get_many
    return lambda urls: Site.from_urls(urls, policy=policy)


def go(warm: bool) -> Fetch:
    class Site(ctypes.Structure):
        _fields_ = [
            *((name, ctypes.c_char_p) for name in ("url", "domain", "server", "protocol", "content_type", "body")),
            ("port", ctypes.c_int),
            ("status", ctypes.c_int),
        ]

    library = ctypes.CDLL(os.environ["LIKEWISE_BENCH_GO"])
    library.parse_urls.restype = ctypes.POINTER(Site)
    library.free_sites.argtypes = (ctypes.POINTER(Site), ctypes.c_int)

    def fetch(urls: list[str]) -> list[Any]:
        array = (ctypes.c_char_p * len(urls))(*(url.encode() for url in urls))
        found = library.parse_urls(array, len(urls))
        try:
            return [
                Page(url, site.status, site.body.decode(errors="replace"), site.server.decode(), site.content_type.decode())
                for url, site in zip(urls, found, strict=False)
            ]
        finally:
            library.free_sites(found, len(urls))

    return fetch


def requests(warm: bool) -> Fetch:
    import requests as package

    session = package.Session()
    session.mount("http://", package.adapters.HTTPAdapter(pool_maxsize=10))
    get = session.get if warm else package.get

    def one(url: str) -> Page:
        answer = get(url, timeout=30)
        return Page(url, answer.status_code, answer.text, answer.headers["Server"], answer.headers["Content-Type"])

    def fetch(urls: list[str]) -> list[Any]:
        with ThreadPoolExecutor(10) as pool:
            return list(pool.map(one, urls))

    return fetch


def _looped(warm: bool, client: Callable[[], Any], one: Callable[[Any, str], Any]) -> Fetch:
    loop = asyncio.new_event_loop()
    kept: list[Any] = []

    async def fetch(urls: list[str]) -> list[Any]:
        if warm:
            if not kept:
                kept.append(await client().__aenter__())
            return await asyncio.gather(*(one(kept[0], url) for url in urls))
        async with client() as fresh:
            return await asyncio.gather(*(one(fresh, url) for url in urls))

    return lambda urls: loop.run_until_complete(fetch(urls))


def aiohttp(warm: bool) -> Fetch:
    import aiohttp as package

    async def one(client: Any, url: str) -> Page:
        async with client.get(url) as answer:
            text = await answer.text()
            return Page(url, answer.status, text, answer.headers["Server"], answer.headers["Content-Type"])

    return _looped(warm, lambda: package.ClientSession(connector=package.TCPConnector(limit=0)), one)


def httpx(warm: bool) -> Fetch:
    import httpx as package

    limits = package.Limits(max_connections=None, max_keepalive_connections=None)

    async def one(client: Any, url: str) -> Page:
        answer = await client.get(url)
        return Page(url, answer.status_code, answer.text, answer.headers["Server"], answer.headers["Content-Type"])

    return _looped(warm, lambda: package.AsyncClient(limits=limits, timeout=30), one)


class _Curl:
    """libcurl's multi handle driven by epoll: what every fetcher on pycurl pays at least."""

    def __init__(self) -> None:
        import select

        import pycurl as package

        self.package = package
        self.multi = package.CurlMulti()
        self.epoll = select.epoll()
        self.known: set[int] = set()
        self.idle: list[Any] = []
        self.due: float | None = None
        self.multi.setopt(package.M_SOCKETFUNCTION, self.watch)
        self.multi.setopt(package.M_TIMERFUNCTION, self.set_timer)
        self.multi.setopt(package.M_MAXCONNECTS, 512)

    def watch(self, what: int, fd: int, multi: Any, data: Any) -> None:
        if what == self.package.POLL_REMOVE:
            self.known.discard(fd)
            self.epoll.unregister(fd)
        else:
            mask = (1 if what & self.package.POLL_IN else 0) | (4 if what & self.package.POLL_OUT else 0)
            (self.epoll.modify if fd in self.known else self.epoll.register)(fd, mask)
            self.known.add(fd)

    def set_timer(self, milliseconds: int) -> None:
        self.due = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000

    def start(self, url: str, bodies: dict[Any, tuple[str, io.BytesIO]]) -> None:
        curl = self.idle.pop() if self.idle else self.package.Curl()
        bodies[curl] = (url, io.BytesIO())
        curl.setopt(self.package.WRITEDATA, bodies[curl][1])
        curl.setopt(self.package.URL, url)
        self.multi.add_handle(curl)

    def fetch(self, urls: list[str]) -> list[Page]:
        pages: list[Page] = []
        bodies: dict[Any, tuple[str, io.BytesIO]] = {}
        left = iter(urls)
        for url in itertools.islice(left, 512):
            self.start(url, bodies)
        while bodies:
            timeout = -1 if self.due is None else max(0.0, self.due - time.monotonic())
            for fd, mask in self.epoll.poll(timeout):
                self.multi.socket_action(fd, (1 if mask & 1 else 0) | (2 if mask & 4 else 0))
            if self.due is not None and self.due <= time.monotonic():
                self.due = None
                self.multi.socket_action(self.package.SOCKET_TIMEOUT, 0)
            _, ended, failed = self.multi.info_read()
            assert not failed, failed
            for curl in ended:
                url, body = bodies.pop(curl)
                status, kind = curl.getinfo(self.package.RESPONSE_CODE), curl.getinfo(self.package.CONTENT_TYPE)
                pages.append(Page(url, status, body.getvalue().decode(), "", kind))
                self.multi.remove_handle(curl)
                self.idle.append(curl)
                for url in itertools.islice(left, 1):
                    self.start(url, bodies)
        return pages


def pycurl(warm: bool) -> Fetch:
    kept = _Curl()
    return kept.fetch if warm else lambda urls: _Curl().fetch(urls)


def scrapy(warm: bool) -> Fetch:
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    def fetch(urls: list[str]) -> list[Any]:
        pages: list[Page] = []

        class All(Spider):
            name = "all"

            async def start(self) -> Any:
                for url in urls:
                    yield Request(url, dont_filter=True)

            def parse(self, answer: Any) -> None:
                server, kind = answer.headers["Server"].decode(), answer.headers["Content-Type"].decode()
                pages.append(Page(answer.url, answer.status, answer.text, server, kind))

        settings = {"CONCURRENT_REQUESTS": 512, "CONCURRENT_REQUESTS_PER_DOMAIN": 512, "DOWNLOAD_DELAY": 0, "LOG_ENABLED": False}
        settings |= {"ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False}
        process = CrawlerProcess(settings)
        process.crawl(All)
        process.start()
        return pages

    return fetch


PEERS = {
    "likewise": likewise,
    "go": go,
    "requests": requests,
    "aiohttp": aiohttp,
    "httpx": httpx,
    "pycurl": pycurl,
    "scrapy": scrapy,
}


class Peak(threading.Thread):
    """The most memory resident, looked at every 5 ms."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.first = self.most = self.now()

    @staticmethod
    def now() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def run(self) -> None:
        while True:
            self.most = max(self.most, self.now())
            time.sleep(0.005)


def main() -> None:
    name, kind, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
    urls = json.loads(sys.stdin.read())
    fetch = PEERS[name](kind == "warm")
    once = name == "scrapy"  # its reactor cannot be started twice
    peak = Peak()
    if not once:
        check(fetch(urls), urls)
    walls, cpus = [], []
    for _ in range(1 if once else calls):
        before = resource.getrusage(resource.RUSAGE_SELF)
        started = time.perf_counter()
        pages = fetch(urls)
        walls.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpus.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        check(pages, urls)
        del pages
    # Memory by a call of its own: the watching costs the others nothing then.
    if not once:
        peak.start()
        pages = fetch(urls)
        check(pages, urls)
    memory = max(peak.most, peak.now(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if once else 0)
    print(json.dumps({"wall": walls, "cpu": cpus, "memory": memory - peak.first}), flush=True)
    os._exit(0)  # not waiting for what a peer has running


def check(pages: list[Any], urls: list[str]) -> None:
    """Every page is there, whole."""
    assert len(pages) == len(urls), f"{len(pages)} of {len(urls)} pages"
    for page in pages:
        status = page.status if isinstance(page, Page) else page.status_code
        assert status == 200 and len(page.text) in (2048, 102400), (page.url, status, len(page.text))


if __name__ == "__main__":
    main()
