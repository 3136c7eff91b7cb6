"""Site and Fetcher as their users meet them: the built component, real servers."""

from __future__ import annotations

import asyncio
import datetime
import json
import pickle
import threading
import time
from collections.abc import Callable
from typing import Any

import pyarrow
import pytest
from servers import Reader, Servers, Writer, answering, closed_port, field_of, page, path_of, read_head

from likewise.component import Limits
from likewise.errors import LikewiseError
from likewise.fetch import Element, Fetcher, FetchError, Headers, Link, MultiDict, Page, Policy, Site, Sites, StatusError, guest

HERE = Policy(allow_private=["127.0.0.0/8"])


@pytest.fixture
def base(servers: Servers) -> str:
    return f"http://127.0.0.1:{servers.serve(answering(respond))}"


def respond(head: bytes) -> bytes:
    path = path_of(head)
    if path.startswith("/page/"):
        body = f"<title>Page {path[6:]}</title><a href='/next' rel=next>Next  page</a><p class=x>One<p class=x>Two".encode()
        return page(body, "Server: test/1", "X-A: 1", "x-a: 2")
    if path.startswith("/status/"):
        return page(b"words", status=f"{path[8:]} Whatever")
    if path == "/hop":
        return page(b"", "Location: hop/2?x#f", "Set-Cookie: seen=hop; Path=/", status="301 Moved Permanently")
    if path == "/hop/2?x":
        return page(
            b"", "Location: //127.0.0.1:" + (field_of(head, "host") or "").partition(":")[2] + "/page/end", status="307 Temporary"
        )
    if path == "/latin":
        return page("déjà".encode("windows-1252"), "Content-Type: text/plain; charset=windows-1252")
    if path == "/meta":
        return page(b'<meta charset="shift_jis"><p>' + "日本".encode("shift_jis"), "Content-Type: text/html")
    if path == "/image":
        return page(bytes(range(256)), "Content-Type: image/png")
    if path == "/json":
        return page(
            b'{"a": [1, 2]}',
            "Content-Type: application/json",
            'Link: </2>; rel="next", <https://x.test/>; rel=last; title="a, b"',
        )
    if path == "/headers":
        return page(head, "Content-Type: text/plain")
    if path == "/cookies":
        return page((field_of(head, "cookie") or "").encode(), "Set-Cookie: a=1; Path=/", 'Set-Cookie: b="2"')
    return page(b"not here", status="404 Not Found")


# -- one page


def test_fields(base: str) -> None:
    site = Site.from_str(f"{base}/page/1", policy=HERE)
    port = int(base.rpartition(":")[2])
    assert (site.url, site.domain, site.protocol, site.port) == (f"{base}/page/1", "127.0.0.1", "http", port)
    assert (site.server, site.content_type, site.contentType) == ("test/1", "text/html", "text/html")
    assert site.body == site.text and site.content == site.text.encode() and site.text.startswith("<title>Page 1")
    assert (site.status_code, site.reason_phrase, site.ok, site.error, site.is_success) == (200, "OK", True, None, True)
    assert site.headers["X-a"] == "1, 2" and site.headers.get_list("x-A") == ["1", "2"] and "X-B" not in site.headers
    assert (site.encoding, site.final_url, site.history, site.replaced) == ("UTF-8", site.url, [], False)
    assert datetime.timedelta(0) < site.elapsed < datetime.timedelta(seconds=5)
    assert site.raise_for_status() is site
    assert repr(site) == f"<Site [200 OK] {base}/page/1>"


def test_redirects_are_followed_and_told(base: str) -> None:
    site = Site.from_str(f"{base}/hop", policy=HERE)
    assert site.final_url == f"{base}/page/end" and site.page.title == "Page end"
    assert [(hop.url, hop.status_code) for hop in site.history] == [(f"{base}/hop", 301), (f"{base}/hop/2?x", 307)]
    assert site.history[0].headers["location"] == "hop/2?x#f"
    assert site.cookies == {"seen": "hop"}
    kept = Site.from_str(f"{base}/hop", policy=HERE, follow_redirects=False)
    assert kept.status_code == 301 and kept.is_redirect and kept.history == [] and kept.final_url == f"{base}/hop"
    with pytest.raises(FetchError) as caught:
        Site.from_str(f"{base}/hop", policy=Policy(allow_private=True, max_redirects=1))
    assert caught.value.kind == "too-many-redirects"


def test_text_and_bytes(base: str) -> None:
    latin, japanese, image = Site.from_urls([f"{base}/latin", f"{base}/meta", f"{base}/image"], policy=HERE)
    assert (latin.text, latin.content, latin.encoding) == ("déjà", b"d\xe9j\xe0", "windows-1252")
    assert (
        japanese.text.endswith("<p>日本")
        and japanese.encoding == "Shift_JIS"
        and japanese.content.endswith("日本".encode("shift_jis"))
    )
    assert (image.content, image.encoding, image.content_type) == (bytes(range(256)), "", "image/png")


def test_json_links_and_cookies(base: str) -> None:
    site, cookies = Site.from_urls([f"{base}/json", f"{base}/cookies"], policy=HERE)
    assert site.json() == {"a": [1, 2]}
    assert site.links == {
        "next": {"url": "/2", "rel": "next"},
        "last": {"url": "https://x.test/", "rel": "last", "title": "a, b"},
    }
    assert cookies.cookies == {"a": "1", "b": "2"}


@pytest.mark.parametrize("status", [404, 500])
def test_status_is_no_failure_until_asked(base: str, status: int) -> None:
    site = Site.from_str(f"{base}/status/{status}", policy=HERE)
    assert site.ok and site.is_error and not site.is_success and site.text == "words"
    with pytest.raises(StatusError, match=str(status)) as caught:
        site.raise_for_status()
    assert isinstance(caught.value, FetchError) and caught.value.status_code == status
    assert pickle.loads(pickle.dumps(caught.value)).status_code == status


def test_a_failure_raises_with_its_kind(base: str) -> None:
    with pytest.raises(FetchError) as caught:
        Site.from_str("http://127.0.0.1/")
    error = caught.value
    assert isinstance(error, ValueError) and isinstance(error, LikewiseError)
    assert (error.kind, error.url) == ("denied", "http://127.0.0.1/")
    assert "loopback" in error.message and "allow_private" in error.message
    again = pickle.loads(pickle.dumps(error))
    assert (again.kind, again.url, again.message) == (error.kind, error.url, error.message)
    for failed in ("nonsense", "ftp://example.com/", "http://", "", "http://a b/", "http://exa\0mple/", "\ud800"):
        with pytest.raises(FetchError) as caught:
            Site.from_str(failed)
        assert caught.value.kind == "invalid-url", failed
        str(caught.value).encode()
        repr(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:7f00:1]/",
        "http://１２７.0.0.1/", "http://127。0。0。1/", "http://ⓛocalhost/", "http://localhost./", "http://LOCALHOST/", "http://user:pw@127.0.0.1/",
        "http://example.com@127.0.0.1/", "http:\\\\127.0.0.1\\", "http://127.0.0.1\\@example.com/", "http://%31%32%37.0.0.1/", "http://0/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://169.254.169.254/latest", "http://[fd00:ec2::254]/", "http://10.0.0.1/",
    ],
)  # fmt: skip
def test_every_spelling_of_what_is_private_is_denied(url: str) -> None:
    [site] = Site.from_urls([url])
    assert site.error is not None and site.error.kind == "denied", site


def test_what_a_failed_site_has(base: str) -> None:
    port = closed_port()
    [site] = Site.from_urls([f"http://127.0.0.1:{port}/x"], policy=Policy(allow_private=True, retries=0))
    assert (site.ok, site.domain, site.port, site.protocol) == (False, "127.0.0.1", port, "http")
    assert (site.status_code, site.text, site.content, site.page, dict(site.headers)) == (0, "", b"", Page(), {})
    assert site.error is not None and site.error.kind == "connect"
    for act in (site.json, site.raise_for_status):
        with pytest.raises(FetchError):
            act()


# -- many pages


def test_order_and_duplicates(base: str) -> None:
    urls = [f"{base}/page/{number % 7}" for number in range(30)] + ["nonsense", f"{base}/page/last", "nonsense"]
    sites = Site.from_urls(urls, policy=HERE)
    assert isinstance(sites, list) and isinstance(sites, Sites)
    assert [site.url for site in sites] == urls
    assert [site.page.title for site in sites[:30]] == [f"Page {number % 7}" for number in range(30)]
    assert [site.ok for site in sites[30:]] == [False, True, False]


def test_nothing_asked(base: str) -> None:
    assert Site.from_urls([]) == []
    assert list(Site.iter_urls([])) == []
    assert Site.from_urls([]).to_arrow().num_rows == 0


@pytest.mark.parametrize("call", [Site.from_urls, Site.iter_urls])
def test_a_string_is_not_a_list(call: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=r"give \[url\], or use from_str"):
        call("http://example.com/")
    with pytest.raises(TypeError, match=r"urls\[1\] is of type int"):
        call(["http://example.com/", 3])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"concurrency": 0}, ValueError, "concurrency"),
        ({"timeout": -1}, ValueError, "timeout"),
        ({"total_timeout": 0}, ValueError, "total_timeout"),
        ({"max_bytes": 0}, ValueError, "max_bytes"),
        ({"headers": {"X": "a\nb"}}, ValueError, "control characters"),
        ({"headers": {"Host": "x"}}, ValueError, "set by the transport"),
        ({"headers": {"X": 3}}, TypeError, "str names and values"),
        ({"nonsense": 1}, TypeError, "nonsense"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        Site.from_urls(["http://example.com/"], **options)


def test_a_location_in_utf8_is_read_as_browsers_do(servers: Servers) -> None:
    def answer(head: bytes) -> bytes:
        path = path_of(head)
        targets = {"/utf8": "/é?q=日".encode(), "/latin": "/é".encode("latin-1")}
        return page(b"", "Location: HERE", status="302 Found").replace(b"HERE", targets[path]) if path in targets else page(b"ok")

    base = f"http://127.0.0.1:{servers.serve(answering(answer))}"
    sites = Site.from_urls([f"{base}/utf8", f"{base}/latin"], policy=HERE)
    assert [site.final_url for site in sites] == [f"{base}/%C3%A9?q=%E6%97%A5", f"{base}/%C3%A9"]


def test_credentials_stay_with_their_origin(servers: Servers) -> None:
    port = servers.serve(answering(lambda head: page(head, "Content-Type: text/plain")))

    def answer(head: bytes) -> bytes:
        path = path_of(head)
        to = {"/here": "/told", "/there": f"http://127.0.0.1:{port}/told"}
        return page(b"", f"Location: {to[path]}", status="302 Found") if path in to else page(head, "Content-Type: text/plain")

    base = f"http://127.0.0.1:{servers.serve(answering(answer))}"
    names = ("Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "PRIVATE-TOKEN", "X-Goog-Api-Key", "X-Amz-Security-Token")
    headers = dict.fromkeys(names, "s3cret") | {"X-Other": "kept"}
    here, there = Site.from_urls([f"{base}/here", f"{base}/there"], policy=HERE, headers=headers)
    assert here.text.count("s3cret") == len(names) and "kept" in here.text
    assert "s3cret" not in there.text and "kept" in there.text


def test_any_iterable_will_do(base: str) -> None:
    assert len(Site.from_urls((f"{base}/page/{n}" for n in range(3)), policy=HERE)) == 3
    assert len(Site.from_urls({f"{base}/page/1": None}, policy=HERE)) == 1


def test_as_they_complete(servers: Servers) -> None:
    gates = {"/first": threading.Event(), "/second": threading.Event(), "/third": threading.Event()}

    async def gated(reader: Reader, writer: Writer) -> None:
        while True:
            path = path_of(await read_head(reader))
            while not gates[path].is_set():
                await asyncio.sleep(0.005)
            writer.write(page(path.encode()))
            await writer.drain()

    port = servers.serve(gated)
    stream = Site.iter_urls([f"http://127.0.0.1:{port}{path}" for path in ("/third", "/first", "/second")], policy=HERE)
    for path, gate in gates.items():  # no answer is there before the one before it was given out
        gate.set()
        assert next(stream).text == path
    assert list(stream) == []


def test_leaving_a_stream_early_ends_the_rest(servers: Servers) -> None:
    gone = threading.Event()

    async def serve(reader: Reader, writer: Writer) -> None:
        if path_of(await read_head(reader)) == "/hang":
            await reader.read()
            gone.set()
        else:
            writer.write(page(b"ok"))

    port = servers.serve(serve)
    for site in Site.iter_urls([f"http://127.0.0.1:{port}/hang", f"http://127.0.0.1:{port}/now"], policy=HERE):
        assert site.text == "ok"
        break
    del site
    assert gone.wait(2)


def test_concurrency(servers: Servers) -> None:
    now = most = 0

    async def crowd(reader: Reader, writer: Writer) -> None:
        nonlocal now, most
        while True:
            await read_head(reader)
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.03)
            now -= 1
            writer.write(page(b"ok"))

    port = servers.serve(crowd)
    sites = Site.from_urls([f"http://127.0.0.1:{port}/"] * 20, policy=HERE, concurrency=4)
    assert all(site.ok for site in sites) and most == 4


def test_limits_of_a_call(servers: Servers, base: str) -> None:
    async def hang(reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(3600)

    port = servers.serve(hang)
    started = time.monotonic()
    slow, fast = Site.from_urls([f"http://127.0.0.1:{port}/", f"{base}/page/1"], policy=HERE, timeout=0.3)
    assert slow.error is not None and slow.error.kind == "timeout" and fast.ok
    sites = Site.from_urls([f"http://127.0.0.1:{port}/"] * 5, policy=HERE, total_timeout=0.3, concurrency=2)
    assert [site.error and site.error.kind for site in sites] == ["timeout"] * 5
    assert time.monotonic() - started < 5
    [large] = Site.from_urls([f"{base}/page/1"], policy=HERE, max_bytes=50)
    assert large.error is not None and large.error.kind == "too-large"


def test_headers_sent(base: str) -> None:
    sent = Site.from_str(
        f"{base}/headers", policy=HERE, headers={"X-Latin": "caf\xe9", "X-Wide": "€", "User-Agent": "me"}
    ).content
    assert b"X-Latin: caf\xe9\r\n" in sent and "X-Wide: €\r\n".encode() in sent and b"User-Agent: me\r\n" in sent
    sent = Site.from_str(
        base.replace("://", "://user:p%40ss@") + "/headers", policy=HERE, headers=[("X", "1"), ("X", "2")]
    ).content
    assert b"Basic dXNlcjpwQHNz" in sent and b"X: 1\r\nX: 2\r\n" in sent


def test_progress(base: str) -> None:
    calls: list[tuple[int, int, str]] = []
    Site.from_urls(
        [f"{base}/page/1"] * 3 + ["nonsense"],
        policy=HERE,
        progress=lambda done, total, site: calls.append((done, total, site.url)),
    )
    assert [call[:2] for call in calls] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert Site.from_str(f"{base}/page/1", policy=HERE, progress=True).ok


# -- pages


def test_page_is_taken_when_asked_for(base: str) -> None:
    lazy = Site.from_str(f"{base}/page/1", policy=HERE)
    ready = Site.from_str(f"{base}/page/1", policy=HERE, extract=True)
    assert lazy.page == ready.page and lazy.page is lazy.page
    assert lazy.page.title == "Page 1"
    assert lazy.page.links == [Link(f"{base}/next", "Next page", "next")]
    for site in (lazy, ready):
        assert site.page.select("p.x") == [Element("p", {"class": "x"}, "One"), Element("p", {"class": "x"}, "Two")]
        assert len(site.page.select("p.x", limit=1)) == 1
        with pytest.raises(ValueError, match="p::"):
            site.page.select("p::")


@pytest.mark.parametrize("extract", [False, True])
def test_what_is_left_out_of_a_page_is_told(servers: Servers, extract: bool) -> None:
    deep = "<title>first</title>" + "<div>" * 1_000_000 + "<a href=x>lost</a>"
    port = servers.serve(answering(lambda head: page(deep.encode(), "Content-Type: text/html")))
    site = Site.from_str(f"http://127.0.0.1:{port}/", policy=HERE, extract=extract)
    assert (site.page.title, site.page.links, list(site.page.truncated)) == ("first", [], ["document"])
    assert site.text == deep


def test_only_html_has_a_page(base: str) -> None:
    site = Site.from_str(f"{base}/image", policy=HERE, extract=True)
    assert site.page == Page() and site.page.select("p") == []


# -- values


def test_tables(base: str) -> None:
    sites = Site.from_urls([f"{base}/page/1", "nonsense", f"{base}/image"], policy=HERE)
    table = sites.to_arrow()
    assert isinstance(table, pyarrow.Table) and table.num_rows == 3
    rows = table.to_pylist()
    assert [row["ok"] for row in rows] == [True, False, True]
    assert rows[1]["error_kind"] == "invalid-url" and rows[1]["text"] is None and rows[1]["status_code"] is None
    assert rows[2]["content"] == bytes(range(256)) and rows[0]["status_code"] == 200
    assert {"name": "X-A", "value": "1"} in rows[0]["headers"]
    dicts = sites.to_dicts()
    assert json.loads(json.dumps(dicts)) == dicts
    assert dicts[1]["error"]["kind"] == "invalid-url" and dicts[0]["elapsed"] > 0


def test_pickle(base: str) -> None:
    for site in Site.from_urls([f"{base}/page/1", f"{base}/hop", "nonsense", f"{base}/image"], policy=HERE, extract=True):
        again = pickle.loads(pickle.dumps(site))
        assert again.to_dict() == site.to_dict() and again.page == site.page and again.content == site.content


def test_multidict() -> None:
    pairs = [("Set-Cookie", "a"), ("X", "1"), ("set-cookie", "b")]
    multi, headers = MultiDict(pairs), Headers(pairs)
    assert (multi["SET-COOKIE"], headers["SET-COOKIE"]) == ("a", "a, b")
    assert list(headers) == ["set-cookie", "x"] and len(headers) == 2 and headers.get("y") is None
    assert headers.multi_items() == pairs and headers.get_list("y") == []
    assert headers == Headers(pairs) and headers == {"SET-COOKIE": "a, b", "x": "1"} and headers != Headers() and headers != 3
    with pytest.raises(KeyError):
        headers["y"]


# -- fetchers


def test_a_fetcher_keeps_connections_and_cookies(servers: Servers) -> None:
    port = servers.serve(answering(respond))
    with Fetcher(HERE) as fetcher:
        for expected in ("", 'a=1; b="2"', 'a=1; b="2"'):
            assert sorted(fetcher.get(f"http://127.0.0.1:{port}/cookies").text.split("; ")) == sorted(expected.split("; "))
        assert all(site.ok for site in fetcher.get_many([f"http://127.0.0.1:{port}/page/1"] * 3, concurrency=1))
        assert [site.ok for site in fetcher.stream([f"http://127.0.0.1:{port}/page/1"])] == [True]
    assert servers.connections == 1
    with pytest.raises(RuntimeError, match="closed"):
        fetcher.get(f"http://127.0.0.1:{port}/page/1")


def test_calls_of_their_own_share_nothing(base: str) -> None:
    for _ in range(2):
        assert Site.from_str(f"{base}/cookies", policy=HERE).text == ""


def test_a_class_of_ones_own(base: str) -> None:
    class Mine(Site):
        @property
        def shout(self) -> str:
            return (self.page.title or "").upper()

    assert Mine.from_str(f"{base}/page/x", policy=HERE).shout == "PAGE X"
    assert [type(site) for site in Mine.from_urls([f"{base}/page/x", "nonsense"], policy=HERE)] == [Mine, Mine]


def test_threads_share_a_fetcher(base: str) -> None:
    results: dict[int, list[str | None]] = {}
    with Fetcher(HERE) as fetcher:

        def work(number: int) -> None:
            for _ in range(5):
                sites = fetcher.get_many([f"{base}/page/{number}-{n}" for n in range(20)])
                results.setdefault(number, []).extend(site.page.title for site in sites)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == {number: [f"Page {number}-{n}" for n in range(20)] * 5 for number in range(6)}


# -- the sandbox


def test_a_page_that_brings_the_guest_down_costs_no_other(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = guest.component()
    monkeypatch.setattr(guest, "component", lambda: whole.instantiate(limits=Limits(memory=16 << 20)))
    monkeypatch.setattr(guest, "_idle", [])
    large = b"x" * (16 << 20)
    asked = active = together = 0

    async def serve(reader: Reader, writer: Writer) -> None:
        nonlocal asked, active, together
        while True:
            path = path_of(await read_head(reader))
            asked += 1
            active += 1
            if asked > 21:
                together = max(together, active)
            if path != "/large":
                await asyncio.sleep(0.1)
            writer.write(page(large if path == "/large" else path.encode()))
            await writer.drain()
            active -= 1

    port = servers.serve(serve)
    urls = [f"http://127.0.0.1:{port}/{number}" for number in range(20)]
    urls.insert(7, f"http://127.0.0.1:{port}/large")
    sites = Site.from_urls(urls, policy=HERE, max_bytes=48 << 20)
    assert [site.url for site in sites] == urls
    failed = sites.pop(7)
    assert failed.error is not None and failed.error.kind in ("too-large", "protocol") and "sandbox" in failed.error.message
    # None has what another session's request of the same number was answered.
    assert [site.text for site in sites] == [f"/{number}" for number in range(20)]
    # They are asked again at once, not one by one: each may take as long as the policy lets it.
    assert together > 3


# -- event loops


def test_inside_a_running_loop_as_in_a_notebook(base: str) -> None:
    async def cell() -> None:
        for _ in range(3):
            assert Site.from_str(f"{base}/page/1", policy=HERE).ok
            assert len(Site.from_urls([f"{base}/page/1"] * 3, policy=HERE)) == 3

    asyncio.run(cell())
    asyncio.run(cell())


def test_async_twins(base: str) -> None:
    async def main() -> None:
        urls = [f"{base}/page/{n}" for n in range(10)]
        one, many = await asyncio.gather(Site.afrom_str(urls[0], policy=HERE), Site.afrom_urls(urls, policy=HERE))
        assert one.page.title == "Page 0" and [site.url for site in many] == urls
        seen = {site.url async for site in Site.aiter_urls(urls, policy=HERE)}
        assert seen == set(urls)
        with pytest.raises(FetchError):
            await Site.afrom_str("nonsense")
        with pytest.raises(TypeError):
            await Site.afrom_urls("nonsense")
        async with Fetcher(HERE) as fetcher:
            assert (await fetcher.aget(urls[1])).ok and len(await fetcher.aget_many(urls)) == 10
            assert len([site async for site in fetcher.astream(urls)]) == 10

    asyncio.run(main())


def test_the_loop_goes_on_meanwhile_and_cancelling_ends_the_work(servers: Servers) -> None:
    async def hang(reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(3600)

    port = servers.serve(hang)

    async def main() -> None:
        ticks = 0
        task = asyncio.ensure_future(Site.afrom_urls([f"http://127.0.0.1:{port}/"] * 3, policy=HERE))
        while ticks < 10:
            await asyncio.sleep(0.01)
            ticks += 1
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(Site.afrom_str(f"http://127.0.0.1:{port}/", policy=HERE), 0.1)
        assert time.monotonic() - started < 1

    asyncio.run(main())
    for thread in threading.enumerate():
        if thread.name == "likewise-fetch":
            thread.join(1)
            assert not thread.is_alive()


def test_leaving_an_async_stream_early(servers: Servers) -> None:
    async def serve(reader: Reader, writer: Writer) -> None:
        while path_of(await read_head(reader)) == "/now":
            writer.write(page(b"ok"))
        await asyncio.sleep(3600)

    port = servers.serve(serve)

    async def main() -> None:
        stream = Site.aiter_urls([f"http://127.0.0.1:{port}/hang"] + [f"http://127.0.0.1:{port}/now"] * 600, policy=HERE)
        async for site in stream:
            assert site.text == "ok"
            break
        await stream.aclose()

    started = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - started < 5
