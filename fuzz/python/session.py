"""Fetching from servers that mangle every byte of HTTP: each URL ends in a page or in a typed failure within its time, and the good
pages among them are as good as ever.
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import sys
import time
from pathlib import Path
from typing import get_args

import driver
from driver import Draw

with driver.instrumented():
    from likewise.fetch import Fetcher, Policy, Site
    from likewise.fetch.errors import Kind

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "fetch"))
from servers import Reader, Servers, Writer, page, path_of, read_head

#: Seconds for one URL, and seconds that a busy machine may add before it counts as a hang.
TIMEOUT, GRACE = 1.0, 20.0
#: Bytes of content allowed.
MOST = 1 << 16
#: Mangled URLs and good ones of one input.
MANGLED, GOOD = 6, 3

#: What is mangled: whole responses, the odd ones that mean something included.
RESPONSES = (
    page(b"<title>one</title><a href=/x>x</a>"),
    page(b"", "Location: /elsewhere", status="302 Found"),
    page(b"", "Location: http://169.254.169.254/", status="307 Temporary Redirect"),
    page(gzip.compress(b"<p>zipped" * 20), "Content-Encoding: gzip"),
    page(b"\xff\xfeh\0i\0", "Content-Type: text/plain; charset=utf-16", "Set-Cookie: a=b"),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.0 404 Not Found\r\nServer: old\r\n\r\ngone",
)

#: What is put in.
TOKENS = (b"\r\n", b"\r\n\r\n", b"\n", b"\0", b":", b" ", b"HTTP/1.1 200 OK\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
          b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: br, gzip\r\n",
          b"Location: //\r\n", b"Content-Encoding: zstd\r\n", b"ffffffff\r\n", b"0\r\n", b"\xff" * 9, b"x" * 70000)  # fmt: skip


class Served:
    """Servers that outlive one input, and the fetcher that asks them."""

    def __init__(self) -> None:
        self.responses: list[bytes] = []
        self.servers = Servers().__enter__()
        self.bad = self.servers.serve(self._mangle)
        self.good = self.servers.serve(self._good)
        policy = Policy(allow_private=["127.0.0.0/8"], timeout=TIMEOUT, max_bytes=MOST, max_decoded_bytes=MOST, max_redirects=4)
        self.fetcher: Fetcher[Site] = Fetcher(policy)
        # The first page waits for the component to be compiled.
        assert self.fetcher.get(f"http://127.0.0.1:{self.good}/").ok

    async def _mangle(self, reader: Reader, writer: Writer) -> None:
        while True:
            number = path_of(await read_head(reader)).strip("/")
            index = int(number) if number.isdecimal() else 0
            writer.write(self.responses[index % len(self.responses)])
            await writer.drain()
            if index % 2:
                # Half of the connections stay open, so that what is missing is waited for.
                return
            await asyncio.sleep(0)

    async def _good(self, reader: Reader, writer: Writer) -> None:
        while True:
            path = path_of(await read_head(reader))
            writer.write(page(f"<title>{path}</title>".encode()))
            await writer.drain()


@functools.cache
def served() -> Served:
    """The servers, started when first asked for."""
    return Served()


def check(draw: Draw) -> int:
    """One crawl over mangled and good pages."""
    site = served()
    site.responses = [draw.mangled(draw.pick(RESPONSES), TOKENS) for _ in range(MANGLED)]
    urls = [f"http://127.0.0.1:{site.bad}/{number}" for number in range(MANGLED)]
    for number in range(GOOD):
        urls.insert(2 * number, f"http://127.0.0.1:{site.good}/{number}")
    begun = time.monotonic()
    sites = site.fetcher.get_many(urls)
    took = time.monotonic() - begun
    assert took < TIMEOUT + GRACE, f"{took:.1f} s for pages that have {TIMEOUT} s: {site.responses}"
    assert [found.url for found in sites] == urls
    for url, found in zip(urls, sites, strict=True):
        verify(url, found, f":{site.good}/" in url, site.responses)
    return len(urls)


def verify(url: str, found: Site, good: bool, responses: list[bytes]) -> None:
    """A page or a typed failure; of a good server, its page."""
    if good:
        title = f"<title>/{url.rpartition('/')[2]}</title>"
        assert found.ok and found.text == title, f"{url} among {responses}: {found.error or found.text}"
    elif found.ok:
        assert found.error is None and 100 <= found.status_code <= 999, (found.status_code, responses)
        assert len(found.content) <= MOST
        # Lazy facts hold on any page.
        assert found.page is None or isinstance(found.page.text, str)
    else:
        error = found.error
        assert error is not None and error.kind in get_args(Kind) and str(error), (error, responses)
        assert error.url == url and found.content == b"" and found.text == ""


if __name__ == "__main__":
    driver.main(check)
