"""What callers do that no server is to blame for: calls within calls, functions that fail, values of unusual types, and leaving early."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import functools
import gc
import ipaddress
import pickle
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from asking import LOCAL, run
from certificates import Certificates
from servers import Reader, Servers, Writer, answering, page, path_of, read_head
from test_http2_and_proxies import Proxy

from likewise.fetch import Fetcher, Headers, Policy, Site
from likewise.fetch.message import Request, Response
from likewise.fetch.transport import Transport

HERE = Policy(allow_private=LOCAL)


def _later(seconds: float) -> Callable[[Reader, Writer], Any]:
    async def serve(reader: Reader, writer: Writer) -> None:
        while True:
            await read_head(reader)
            await asyncio.sleep(seconds)
            writer.write(page())
            await writer.drain()

    return serve


def within(seconds: float, work: Callable[[], Any]) -> Any:
    """What `work` gives, on a thread that a test does not wait for without end."""
    box: list[Any] = []
    thread = threading.Thread(target=lambda: box.append(work()), daemon=True)
    thread.start()
    thread.join(seconds)
    assert box, "it hangs, or failed"
    return box[0]


@pytest.mark.parametrize("limits", [{"max_per_host": 1}, {"max_concurrency": 1}])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_more_is_asked_for_while_a_stream_is_read(servers: Servers, limits: dict[str, int], elsewhere: bool) -> None:
    # The stream has a request under way, which goes on only when the caller comes back: he waited for himself.
    base = f"http://127.0.0.1:{servers.serve(_later(0.02))}"

    def crawl() -> int:
        found = 0
        with Fetcher(Policy(allow_private=LOCAL, **limits)) as fetcher:  # type: ignore[arg-type]  # they are numbers
            for site in fetcher.stream([f"{base}/{number}" for number in range(3)]):
                more = [f"{base}/{found}/more"]
                found += site.ok
                inner = within(5, functools.partial(fetcher.get_many, more)) if elsewhere else fetcher.get_many(more)
                found += inner[0].ok
        return found

    assert within(10, crawl) == 6


def test_a_host_that_was_forgotten_meanwhile_is_one_host(servers: Servers) -> None:
    active = most = 0
    asked: list[str] = []

    async def serve(reader: Reader, writer: Writer) -> None:
        nonlocal active, most
        while True:
            path = path_of(await read_head(reader))
            asked.append(path)
            if path == "/again" and asked.count(path) == 1:
                writer.write(page(b"", "Retry-After: 1", status="503 Later"))
                await writer.drain()
                continue
            if path in ("/again", "/slow"):
                active += 1
                most = max(most, active)
                await asyncio.sleep(1.5)
                active -= 1
            writer.write(page())
            await writer.drain()

    port = servers.serve(serve)
    names = {f"n{number}.test": ["127.0.0.1"] for number in range(1100)} | {"last.test": ["127.0.0.1"]}
    policy = Policy(allow_private=LOCAL, max_per_host=1, max_concurrency=32)
    with Transport(policy, resolve=names) as transport:
        exchange = transport.open()
        requests = [Request(number, f"http://n{number}.test:{port}/") for number in range(1100)]
        completions = exchange.exchange([Request(2000, f"http://last.test:{port}/again"), *requests], True)
        while "/again" not in asked:
            completions = exchange.exchange([], True)
        completions = exchange.exchange([Request(3000, f"http://last.test:{port}/slow")], True)
        while completions:
            completions = exchange.exchange([], True)
        exchange.close()
    assert asked.count("/again") == 2 and "/slow" in asked
    assert most == 1


def _exits(*_: object) -> Any:
    raise SystemExit(3)


@pytest.mark.parametrize(
    "answers",
    [
        lambda: iter(["127.0.0.1"]),
        lambda: (ipaddress.ip_address("127.0.0.1"),),
        lambda: {"127.0.0.1": None},
    ],
)
def test_addresses_in_any_iterable(servers: Servers, answers: Callable[[], Any]) -> None:
    port = servers.serve(answering(lambda head: page()))
    with Fetcher(HERE, resolve=lambda host, port: answers()) as fetcher:
        [site] = fetcher.get_many([f"http://some.test:{port}/"])
    assert site.ok, site.error


def test_addresses_that_are_given_once_are_judged_behind_a_proxy(servers: Servers) -> None:
    proxy = Proxy()
    url = f"http://127.0.0.1:{servers.serve(proxy)}"
    with Fetcher(proxy=url, resolve=lambda host, port: iter(["10.0.0.1"])) as fetcher:  # type: ignore[arg-type, return-value]
        [site] = fetcher.get_many(["http://inner.test/"])
    assert site.error is not None and site.error.kind == "denied", site
    assert proxy.asked == []


def test_a_resolver_that_gives_a_string_or_ends() -> None:
    with Fetcher(HERE, resolve={"some.test": "127.0.0.1"}) as fetcher:
        [site] = fetcher.get_many(["http://some.test/"])
    assert site.error is not None and site.error.kind == "dns" and "give a list" in site.error.message
    with Fetcher(Policy(timeout=5), resolve=_exits) as fetcher, pytest.raises(SystemExit):
        fetcher.get_many(["http://some.test/"])


@dataclasses.dataclass(frozen=True)
class Stricter(Policy):
    """A policy of the caller's own."""

    words: tuple[str, ...] = ()
    counted: int = dataclasses.field(init=False, default=0)

    def judge_address(self, address: Any) -> str | None:
        return f"none of {self.words}"


@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, lambda policy: pickle.loads(pickle.dumps(policy))])
def test_a_copy_of_a_stricter_policy_is_as_strict(take: Callable[[Policy], Policy]) -> None:
    policy = Stricter(allow_private=True, words=("a",))
    assert take(policy) == policy
    assert take(policy).judge_address("127.0.0.1") == "none of ('a',)"


class Titled(Site):
    """A site of the caller's own."""

    note = ""


class Slotted(Site):
    """Another one."""

    __slots__ = ("note",)


@pytest.mark.parametrize("kind", [Titled, Slotted])
@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, lambda site: pickle.loads(pickle.dumps(site))])
def test_sites_of_ones_own_class_travel_whole(kind: Any, take: Callable[[Any], Any]) -> None:
    site = kind("http://example.com/", body="text", headers="a: b\n", elapsed=7)
    site.note = "mine"
    taken = take(site)
    assert (type(taken), taken.note, taken.text, taken.headers["A"]) == (kind, "mine", "text", "b")
    assert taken.elapsed == site.elapsed and taken.url == site.url


def test_a_session_tells_an_https_proxy_by_the_authority_given(servers: Servers, certificates: Certificates) -> None:
    proxy = Proxy()
    url = f"https://127.0.0.1:{servers.serve(proxy, certificates.context())}"
    port = servers.serve(answering(lambda head: page(b"behind")))
    with Fetcher(HERE, proxy=url, ca_bundle=certificates.ca) as fetcher:
        assert fetcher.get(f"http://127.0.0.1:{port}/").text == "behind"
    assert len(proxy.asked) == 1


@pytest.mark.parametrize(
    "proxy",
    [
        "ftp://me:s3cret@host",
        "http://me:s3\ncret@host:3128",
        "http://me:s3cret@прокси:3128",
        "http://me:s3cret@host:99999",
        "http://me:s3cret@[::1",
        "http://me:s3cret@h\0st",
        "http://me:s3cret@h\ud800st",
    ],
)
def test_a_proxy_that_is_none_is_refused_without_its_password(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy takes a URL") as raised:
        Fetcher(proxy=proxy)
    assert "cret" not in str(raised.value) and not isinstance(raised.value, UnicodeError)


def test_a_proxy_of_the_environment_that_is_no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "http://me:s3cret@прокси:3128")
    with pytest.raises(ValueError, match="all_proxy of the environment") as raised:
        Fetcher()
    assert "s3cret" not in str(raised.value)
    Fetcher(proxy="").close()


def test_fields_as_they_come(servers: Servers) -> None:
    port = servers.serve(answering(lambda head: page(head, "Content-Type: text/plain")))
    site = Site.from_str(f"http://127.0.0.1:{port}/", policy=HERE, headers=Headers([("X-A", "1"), ("X-A", "2")]))
    assert "x-a: 1, 2" in site.text
    for headers, error in (("X: y", TypeError), ({"X": "\ud800 s3cret"}, ValueError)):
        with pytest.raises(error) as raised:
            Site.from_urls([], headers=headers)  # type: ignore[arg-type]  # what is tested
        assert "s3cret" not in str(raised.value) and not isinstance(raised.value, UnicodeError)


def test_an_exact_limit_however_it_is_counted(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    from likewise.fetch import handle

    heads = (b"Content-Length: 100000\r\n\r\n", b"\r\n")
    port = servers.serve(answering(lambda head: page(b"x" * 100_000)))

    async def chunks(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"2\r\nab\r\n" * 50_000 + b"0\r\n\r\n")
        await writer.drain()

    async def plain(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n" + heads[1] + b"x" * 100_000)
        await writer.drain()

    ports = (port, servers.serve(chunks), servers.serve(plain))
    for counts in (True, False):  # a libcurl before 8.4.0 does not end what has no length
        monkeypatch.setattr(handle, "_CURL_COUNTS", counts)
        for limit, kind in ((100_000, None), (99_999, "too-large")):
            with Transport(Policy(allow_private=LOCAL, max_bytes=limit)) as transport:
                outcomes = run(transport, [Request(number, f"http://127.0.0.1:{port}/") for number, port in enumerate(ports)])
            kinds = [None if isinstance(outcome, Response) else outcome.kind for outcome in outcomes.values()]
            assert kinds == [kind] * 3, (counts, limit)


def _working() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "likewise-fetch"]


def test_an_async_stream_that_is_closed_has_ended(servers: Servers) -> None:
    urls = [f"http://127.0.0.1:{servers.serve(answering(lambda head: page()))}/{number}" for number in range(20)]

    async def main() -> None:
        stream = Site.aiter_urls(urls, policy=HERE, progress=lambda *_: time.sleep(0.3))
        async for site in stream:
            assert site.ok
            break
        await stream.aclose()
        for thread in _working():
            thread.join(0.05)  # it has told of its end, and may be about to go
            assert not thread.is_alive()

    asyncio.run(main())


def test_a_loop_that_is_closed_under_a_call(servers: Servers, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{servers.serve(_later(0.2))}/"
    loop = asyncio.new_event_loop()
    task = loop.create_task(Site.afrom_urls([url], policy=HERE))
    loop.run_until_complete(asyncio.sleep(0.05))
    loop.close()
    for thread in _working():
        thread.join(5)
        assert not thread.is_alive()
    assert "Exception in thread" not in capsys.readouterr().err
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is, and that is what the loop's owner wanted
    del task
    gc.collect()
