"""HTTP/2, and proxies of two kinds, by servers that are not ours."""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import Iterator
from ipaddress import ip_address

import h2.config
import h2.connection
import h2.events
import hpack
import pytest
from certificates import Certificates
from servers import Reader, Servers, Writer, answering, field_of, page, path_of, read_head

from likewise.component import Err, Ok
from likewise.fetch.fetcher import Fetcher
from likewise.fetch.message import Failure, Request, Response, content_of, values_of
from likewise.fetch.policy import Policy
from likewise.fetch.transport import Transport

LOCAL = ["127.0.0.0/8"]


def unwrap(outcome: Ok[Response] | Err[Failure]) -> Response | Failure:
    return outcome.value if isinstance(outcome, Ok) else outcome.error


def run(transport: Transport, requests: list[Request]) -> dict[int, Response | Failure]:
    exchange = transport.open()
    outcomes: dict[int, Response | Failure] = {}
    completions = exchange.exchange(requests, True)
    while completions:
        outcomes.update((completion.id, unwrap(completion.outcome)) for completion in completions)
        completions = exchange.exchange([], True)
    exchange.close()
    return outcomes


def get(transport: Transport, url: str) -> Response | Failure:
    return run(transport, [Request(1, url)])[1]


class Http2:
    """A server of hyper's h2: answers with the path and the stream's number, or misbehaves by path."""

    def __init__(self) -> None:
        self.most = 0

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        open_streams = 0
        tasks = set()

        async def answer(stream: int, path: str) -> None:
            nonlocal open_streams
            await asyncio.sleep(0.05)
            open_streams -= 1
            if path == "/reset":
                connection.reset_stream(stream, error_code=2)
            elif path == "/rubbish":
                writer.write(b"\xff" * 200)
            else:
                body = path.encode()
                fields = [(":status", "200"), ("content-type", "text/plain"), ("x-two", "a"), ("x-two", "b")]
                connection.send_headers(stream, fields)
                connection.send_data(stream, body, end_stream=True)
            writer.write(connection.data_to_send())

        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    open_streams += 1
                    self.most = max(self.most, open_streams)
                    assert event.headers is not None and event.stream_id is not None
                    path = next(str(value) for name, value in event.headers if str(name) == ":path")
                    task = asyncio.ensure_future(answer(event.stream_id, path))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
            writer.write(connection.data_to_send())
            await writer.drain()


def test_many_requests_share_one_http2_connection(servers: Servers, certificates: Certificates) -> None:
    server = Http2()
    port = servers.serve(server, certificates.context(alpn=("h2",)))
    with Transport(Policy(allow_private=LOCAL), ca_bundle=certificates.ca) as transport:
        outcomes = run(transport, [Request(n, f"https://127.0.0.1:{port}/{n}") for n in range(60)])
    for n, outcome in outcomes.items():
        assert isinstance(outcome, Response), outcome
        assert content_of(outcome.body) == f"/{n}".encode()
        assert values_of(outcome.headers, "x-two") == ["a", "b"]
    assert servers.connections == 1 and server.most > 8


def test_an_http1_server_over_tls_is_not_asked_in_turn(servers: Servers, certificates: Certificates) -> None:
    async def slow(reader: Reader, writer: Writer) -> None:
        delay = int(path_of(await read_head(reader))[1:])
        await asyncio.sleep(delay / 1000)
        writer.write(page(b"ok"))

    port = servers.serve(slow, certificates.context(alpn=("http/1.1",)))
    with Transport(Policy(allow_private=LOCAL), ca_bundle=certificates.ca) as transport:
        exchange = transport.open()
        completions = exchange.exchange([Request(delay, f"https://127.0.0.1:{port}/{delay}") for delay in (900, 100, 50)], True)
        assert completions[0].id != 900  # the other two may change places on a busy machine
        exchange.close()


def test_http2_can_be_turned_off(servers: Servers, certificates: Certificates) -> None:
    port = servers.serve(answering(lambda head: page(head)), certificates.context(alpn=("h2", "http/1.1")))
    with Transport(Policy(allow_private=LOCAL), ca_bundle=certificates.ca, http2=False) as transport:
        outcome = get(transport, f"https://127.0.0.1:{port}/")
    assert isinstance(outcome, Response) and b"HTTP/1.1" in content_of(outcome.body)


def _frame(kind: int, flags: int, stream: int, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + content


def _head(*fields: tuple[str, str]) -> bytes:
    return _frame(1, 4, 1, hpack.Encoder().encode(fields))


_OK = _head((":status", "200"))
_FLOODS = {
    "ping": (b"", _frame(6, 0, 0, b"12345678") * 1000),
    "settings": (b"", _frame(4, 0, 0, struct.pack(">HI", 3, 100)) * 1000),
    "empty data": (_OK, _frame(0, 0, 1) * 1000),
    "nothing but padding": (_OK, _frame(0, 8, 1, b"\xff" + bytes(255)) * 100),
    "endless data": (_OK, _frame(0, 0, 1, b"x" * 16_000)),
    "continuation": (_frame(1, 0, 1, hpack.Encoder().encode([(":status", "200")])), _frame(9, 0, 1) * 10),
    "1xx": (b"", _head((":status", "103"), ("x", "y" * 1000)) * 10),
    "frames of no kind": (_OK, _frame(0xEE, 0, 0, b"x" * 16_000)),
    "a frame of 16 MB": (_OK, _frame(0, 0, 1, b"x" * 16_000_000)),
}


@pytest.mark.parametrize("flood", _FLOODS)
def test_http2_floods_end(servers: Servers, certificates: Certificates, flood: str) -> None:
    before, again = _FLOODS[flood]

    async def serve(reader: Reader, writer: Writer) -> None:
        writer.write(_frame(4, 0, 0))
        await reader.readuntil(b"SM\r\n\r\n")
        await asyncio.sleep(0.05)
        writer.write(before)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(0)

    port = servers.serve(serve, certificates.context(alpn=("h2",)))
    policy = Policy(allow_private=LOCAL, timeout=1, max_bytes=1 << 20)
    with Transport(policy, ca_bundle=certificates.ca) as transport:
        outcome = get(transport, f"https://127.0.0.1:{port}/")
    assert isinstance(outcome, Failure) and outcome.kind in ("connect", "protocol", "too-large", "timeout"), outcome


@pytest.mark.parametrize("path", ["/reset", "/rubbish"])
def test_http2_gone_wrong(servers: Servers, certificates: Certificates, path: str) -> None:
    port = servers.serve(Http2(), certificates.context(alpn=("h2",)))
    with Transport(Policy(allow_private=LOCAL, timeout=1), ca_bundle=certificates.ca) as transport:
        outcome = get(transport, f"https://127.0.0.1:{port}{path}")
    # libcurl reads on after a frame that cannot be, so that one ends by its deadline.
    assert isinstance(outcome, Failure) and outcome.kind in ("protocol", "timeout"), outcome


class Proxy:
    """An HTTP proxy that takes CONNECT and absolute URLs, and keeps a list. Every name leads to 127.0.0.1."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.authorizations: list[str | None] = []

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        while True:
            head = await read_head(reader)
            self.asked.append(head.split(b"\r\n", 1)[0].decode())
            self.authorizations.append(field_of(head, "proxy-authorization"))
            target = path_of(head)
            if head.startswith(b"CONNECT"):
                there_reader, there_writer = await asyncio.open_connection("127.0.0.1", int(target.rpartition(":")[2]))
                writer.write(b"HTTP/1.1 200 Established\r\nX-Proxy: yes\r\n\r\n")
                await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
                return
            authority = target.partition("://")[2].partition("/")[0]
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", int(authority.rpartition(":")[2]))
            there_writer.write(head)
            writer.write(await there_reader.readuntil(b"\r\n\r\n"))
            writer.write(await there_reader.read(65536))
            await writer.drain()
            there_writer.close()


async def _pump(source: Reader, sink: Writer) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()
    sink.close()


@pytest.fixture
def proxy(servers: Servers) -> Iterator[tuple[Proxy, str]]:
    proxy = Proxy()
    yield proxy, f"http://127.0.0.1:{servers.serve(proxy)}"


def test_proxy_carries_both_schemes(servers: Servers, certificates: Certificates, proxy: tuple[Proxy, str]) -> None:
    seen, url = proxy
    plain = servers.serve(answering(lambda head: page(b"plain")))
    tls = servers.serve(answering(lambda head: page(b"tls")), certificates.context())
    names = {"good.test": ["127.0.0.1"]}
    with Transport(Policy(allow_private=LOCAL), proxy=url, ca_bundle=certificates.ca, resolve=names) as transport:
        for target, content in ((f"http://good.test:{plain}/a", b"plain"), (f"https://good.test:{tls}/b", b"tls")):
            outcome = get(transport, target)
            assert isinstance(outcome, Response), outcome
            assert content_of(outcome.body) == content
            assert not values_of(outcome.headers, "x-proxy")
    assert seen.asked == [f"GET http://good.test:{plain}/a HTTP/1.1", f"CONNECT good.test:{tls} HTTP/1.1"]


def test_the_proxy_itself_needs_no_permission_but_targets_do(servers: Servers, proxy: tuple[Proxy, str]) -> None:
    seen, url = proxy
    port = servers.serve(answering(lambda head: page(b"inner")))
    names = {"inner.test": ["127.0.0.1"], "mixed.test": ["93.184.216.34", "10.0.0.1"], "metadata.test": ["169.254.169.254"]}
    with Transport(Policy(), proxy=url, resolve=names) as transport:
        for host in ("127.0.0.1", "[::1]", "169.254.169.254", "inner.test", "mixed.test", "metadata.test"):
            outcome = get(transport, f"http://{host}:{port}/")
            assert isinstance(outcome, Failure) and outcome.kind == "denied", (host, outcome)
        outcome = get(transport, f"http://nowhere.invalid:{port}/")
        assert isinstance(outcome, Failure) and outcome.kind == "dns", outcome
    assert seen.asked == []


def test_a_public_target_goes_through(servers: Servers, proxy: tuple[Proxy, str]) -> None:
    seen, url = proxy
    port = servers.serve(answering(lambda head: page(b"public")))
    with Transport(Policy(), proxy=url, resolve={"public.test": ["93.184.216.34"]}) as transport:
        outcomes = run(transport, [Request(n, f"http://public.test:{port}/{n}") for n in range(5)])
    assert all(isinstance(outcome, Response) for outcome in outcomes.values()), outcomes
    assert len(seen.asked) == 5


def test_environment(servers: Servers, proxy: tuple[Proxy, str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen, url = proxy
    port = servers.serve(answering(lambda head: page(b"ok")))
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("no_proxy", "direct.test")
    names = {"proxied.test": ["127.0.0.1"], "direct.test": ["127.0.0.1"]}
    with Transport(Policy(allow_private=LOCAL), resolve=names) as transport:
        for host in ("proxied.test", "direct.test", "127.0.0.1"):
            assert isinstance(get(transport, f"http://{host}:{port}/"), Response)
    assert seen.asked == [f"GET http://proxied.test:{port}/ HTTP/1.1"]
    with Transport(Policy(allow_private=LOCAL), proxy="", resolve=names) as transport:
        assert isinstance(get(transport, f"http://proxied.test:{port}/"), Response)
    assert len(seen.asked) == 1


def test_credentials_go_to_the_proxy_only(servers: Servers, proxy: tuple[Proxy, str]) -> None:
    seen, url = proxy
    port = servers.serve(answering(lambda head: page(head)))
    with Transport(Policy(allow_private=LOCAL), proxy=url.replace("://", "://me:secret@")) as transport:
        outcome = get(transport, f"http://127.0.0.1:{port}/")
    assert isinstance(outcome, Response)
    assert seen.authorizations == ["Basic bWU6c2VjcmV0"]


def test_a_proxy_that_is_not_there(servers: Servers) -> None:
    from servers import closed_port

    with Transport(Policy(allow_private=LOCAL, retries=0), proxy=f"http://127.0.0.1:{closed_port()}") as transport:
        outcome = get(transport, "http://127.0.0.1:9/")
    assert isinstance(outcome, Failure) and outcome.kind == "connect"
    with pytest.raises(ValueError, match="ftp://x"):
        Transport(Policy(), proxy="ftp://x")


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest", "http://inner.test/", "http://[::ffff:10.0.0.1]/", "http://denied.test/"]
)
def test_a_redirect_behind_a_proxy_is_judged_like_any(servers: Servers, proxy: tuple[Proxy, str], to: str) -> None:
    seen, url = proxy
    port = servers.serve(answering(lambda head: page(b"", f"Location: {to}", status="302 Found")))
    names = {"public.test": ["93.184.216.34"], "inner.test": ["10.0.0.1"], "denied.test": ["93.184.216.34"]}
    with Fetcher(Policy(deny_hosts=["denied.test"]), proxy=url, resolve=names) as fetcher:
        [site] = fetcher.get_many([f"http://public.test:{port}/"])
    assert site.error is not None and site.error.kind == "denied", site
    assert [hop.status_code for hop in site.history] == [302]
    assert seen.asked == [f"GET http://public.test:{port}/ HTTP/1.1"]


@pytest.mark.parametrize("scheme", ["http", "https", "socks4", "socks4a", "socks5", "socks5h"])
def test_no_kind_of_proxy_is_asked_for_what_is_forbidden(servers: Servers, scheme: str) -> None:
    port = servers.serve(answering(lambda head: page(b"")))
    names = {"inner.test": ["192.168.0.1"]}
    policy = Policy(ports=[80, 443])
    with Fetcher(policy, proxy=f"{scheme}://127.0.0.1:{port}", resolve=names) as fetcher:
        sites = fetcher.get_many(["http://inner.test/", "https://10.0.0.1/", "http://8.8.8.8:8080/", "https://[fe80::1]/"])
    assert [site.error and site.error.kind for site in sites] == ["denied"] * 4
    assert servers.connections == 0


@pytest.mark.parametrize("scheme", ["socks4", "socks5"])
def test_a_socks_proxy_is_given_the_address_that_was_judged(servers: Servers, scheme: str) -> None:
    # These kinds are given addresses. A second look-up, by libcurl, would find localhost where the first found a public address.
    asked: list[str] = []

    async def socks(reader: Reader, writer: Writer) -> None:
        if scheme == "socks5":
            await reader.readexactly((await reader.readexactly(2))[1])
            writer.write(b"\x05\x00")
            head = await reader.readexactly(4)
            address = await reader.readexactly({1: 4, 4: 16}[head[3]])
            await reader.readexactly(2)
            writer.write(b"\x05\x00\x00\x01" + bytes(6))
        else:
            address = (await reader.readexactly(8))[4:]
            await reader.readuntil(b"\0")
            writer.write(b"\x00\x5a" + bytes(6))
        asked.append(str(ip_address(address)))
        await answering(lambda head: page(b"public"))(reader, writer)

    names = {"localhost": ["93.184.216.34"]}
    with Fetcher(Policy(), proxy=f"{scheme}://127.0.0.1:{servers.serve(socks)}", resolve=names) as fetcher:
        assert fetcher.get("http://localhost/").text == "public"
    assert asked == ["93.184.216.34"]


@pytest.mark.parametrize("proxied", [False, True])
@pytest.mark.parametrize("answers", [[], ["localhost"], [""]])
def test_a_resolver_that_gives_no_address(proxy: tuple[Proxy, str], proxied: bool, answers: list[str]) -> None:
    seen, url = proxy
    with Fetcher(Policy(), proxy=url if proxied else "", resolve=lambda name, port: answers) as fetcher:
        [site] = fetcher.get_many(["http://public.test/"])
    assert site.error is not None and site.error.kind == "dns" and "resolve gave" in site.error.message, site.error
    assert seen.asked == []


def test_slow_names_behind_a_proxy_hold_up_no_other(servers: Servers, proxy: tuple[Proxy, str]) -> None:
    _, url = proxy
    port = servers.serve(answering(lambda head: page(b"good")))
    over = threading.Event()

    def resolve(name: str, _: int) -> list[str]:
        if name.startswith("slow"):
            over.wait(10)
        return ["93.184.216.34"]

    targets = [*(f"http://slow{number}.test/" for number in range(20)), f"http://good.test:{port}/"]
    with Fetcher(Policy(timeout=1), proxy=url, resolve=resolve) as fetcher:
        *slow, good = fetcher.get_many(targets)
        over.set()
    assert {site.error and site.error.kind for site in slow} == {"timeout"}
    assert good.ok, good.error
