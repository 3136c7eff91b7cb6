"""The transport on real servers: what it sends, what it gives back, and what it keeps between sessions."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import Any

import pytest
from asking import LOCAL, bad, echo, get, good, run, unwrap
from certificates import Certificates
from servers import Reader, Servers, Writer, answering, closed_port, field_of, page, path_of, read_head

from likewise.fetch.message import Payload, Request, Response, content_of, from_lines
from likewise.fetch.policy import Policy
from likewise.fetch.transport import Transport

# -- requests and responses


def test_request_as_sent(servers: Servers) -> None:
    port = servers.serve(answering(echo))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        response = good(
            get(transport, f"http://127.0.0.1:{port}/a/../b?c=%20;d", headers=[("X-One", "1"), ("x-empty", ""), ("X-One", "2")])
        )
    head = content_of(response.body).decode()
    assert head.startswith("GET /a/../b?c=%20;d HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}\r\n" in head
    assert "X-One: 1\r\nx-empty:\r\nX-One: 2\r\n" in head
    assert "Accept-Encoding: gzip, deflate, br, zstd\r\n" in head
    assert "User-Agent: likewise/" in head


def test_own_headers_replace_the_defaults_and_do_not_stay(servers: Servers) -> None:
    port = servers.serve(answering(echo))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        first = content_of(good(get(transport, f"http://127.0.0.1:{port}/", headers=[("user-agent", "me")])).body)
        second = content_of(good(get(transport, f"http://127.0.0.1:{port}/")).body)
    assert first.lower().count(b"user-agent") == 1 and b"user-agent: me\r\n" in first
    assert b"User-Agent: likewise/" in second


@pytest.mark.parametrize("body", [b"", b"plain", "é€".encode(), b"\xff\0\r\n", bytes(range(256)) * 8000])
def test_bodies_both_ways(servers: Servers, body: bytes) -> None:
    port = servers.serve(
        answering(lambda message: page(message.split(b"\r\n\r\n", 1)[1], "Content-Type: application/octet-stream"))
    )
    with Transport(Policy(allow_private=LOCAL)) as transport:
        for method in ("POST", "PUT", "GET"):
            response = good(get(transport, f"http://127.0.0.1:{port}/", method=method, body=Payload.of(body)))
            assert content_of(response.body) == body
            assert response.body.mapped == (b"\xff" in body)
        # and the handle that carried a body does not carry it again
        assert content_of(good(get(transport, f"http://127.0.0.1:{port}/")).body) == b""


def test_head_and_other_methods(servers: Servers) -> None:
    def answer(head: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (b"" if head.startswith(b"HEAD") else head[:5])

    port = servers.serve(answering(answer))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        for method, content in (("HEAD", b""), ("GET", b"GET /"), ("DELETE", b"DELET"), ("OPTIONS", b"OPTIO"), ("GET", b"GET /")):
            assert content_of(good(get(transport, f"http://127.0.0.1:{port}/", method=method)).body) == content


def test_response_headers_keep_order_duplicates_and_bytes(servers: Servers) -> None:
    fields = ["Set-Cookie: a=1", "X: caf\xe9", "set-cookie: b=2", "X-Empty:", "X-Folded: one\r\n two"]
    port = servers.serve(answering(lambda head: page(b"ok", *fields)))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        headers = from_lines(good(get(transport, f"http://127.0.0.1:{port}/")).headers)
    assert [field for field in headers if field[0].lower() == "set-cookie"] == [("Set-Cookie", "a=1"), ("set-cookie", "b=2")]
    assert ("X", "caf\xe9") in headers and ("X-Empty", "") in headers and ("X-Folded", "one two") in headers


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"headers": [("X", "a\r\nY: b")]}, "control characters"),
        ({"headers": [("X", "a\nY: b")]}, "control characters"),
        ({"headers": [("X", "a\0b")]}, "control characters"),
        ({"headers": [("X\r\nY", "b")]}, "not a token"),
        ({"headers": [("X:", "b")]}, "not a token"),
        ({"headers": [("", "b")]}, "not a token"),
        ({"headers": [("Host", "internal")]}, "set by the transport"),
        ({"headers": [("Transfer-Encoding", "chunked")]}, "set by the transport"),
        ({"headers": [("content-length", "3")]}, "set by the transport"),
        ({"headers": [("Proxy-Authorization", "Basic x")]}, "set by the transport"),
        ({"method": "GET / HTTP/1.1\r\nX: y\r\n\r\n"}, "not a token"),
        ({"url": "http://127.0.0.1/\r\nX: y"}, "printable ASCII"),
        ({"url": "http://user@127.0.0.1/"}, "user name"),
        ({"body": Payload("€", True)}, "latin-1"),
    ],
)
def test_injection_is_refused(fields: dict[str, Any], words: str) -> None:
    with Transport(Policy(allow_private=LOCAL)) as transport:
        failure = bad(run(transport, [Request(**{"id": 7, "url": "http://127.0.0.1/", **fields})])[7])
    assert failure.kind == "denied" and words in failure.message


def test_each_request_ends_once_whatever_the_others_do(servers: Servers) -> None:
    port = servers.serve(answering(lambda head: page(path_of(head).encode())))
    closed = closed_port()
    urls = [f"http://127.0.0.1:{port}/{n}" if n % 3 else f"http://127.0.0.1:{closed}/" for n in range(300)]
    with Transport(Policy(allow_private=LOCAL, retries=0)) as transport:
        outcomes = run(transport, [Request(n, url) for n, url in enumerate(urls)])
    assert sorted(outcomes) == list(range(300))
    for n, outcome in outcomes.items():
        if n % 3:
            assert content_of(good(outcome).body) == f"/{n}".encode()
        else:
            assert bad(outcome).kind == "connect"


def test_large_content_comes_a_few_at_a_time(servers: Servers) -> None:
    large = b"x" * 100_000
    port = servers.serve(answering(lambda head: page(large if path_of(head) != "/huge" else large * 5)))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        exchange = transport.open()
        requests = [Request(n, f"http://127.0.0.1:{port}/{'huge' if n == 5 else n}") for n in range(12)]
        seen: list[int] = []
        while completions := exchange.exchange(requests, True):
            requests = []
            sizes = [len(good(unwrap(completion.outcome)).body.data) for completion in completions]
            assert len(sizes) == 1 or sum(sizes) <= 256 * 1024
            for completion in completions:  # what was given is kept until the next call, and nothing else is
                assert exchange.kept(completion.id) == good(unwrap(completion.outcome)).body
            assert all(exchange.kept(n) is None for n in range(12))
            seen += [completion.id for completion in completions]
        assert sorted(seen) == list(range(12))
        exchange.close()


def test_without_wait_it_returns_at_once(servers: Servers) -> None:
    async def slow(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        await asyncio.sleep(0.2)
        writer.write(page(b"late"))

    port = servers.serve(slow)
    with Transport(Policy(allow_private=LOCAL)) as transport:
        exchange = transport.open()
        assert exchange.exchange([], True) == []
        assert exchange.exchange([Request(1, f"http://127.0.0.1:{port}/")], False) == []
        assert exchange.exchange([], False) == []
        [completion] = exchange.exchange([], True)
        assert content_of(good(unwrap(completion.outcome)).body) == b"late"
        assert exchange.exchange([], True) == []
        exchange.close()


# -- policy where the socket opens


def test_default_policy_reaches_nothing_here(servers: Servers) -> None:
    port = servers.serve(answering(echo))
    with Transport(Policy()) as transport:
        for host in ("127.0.0.1", "localhost", "127.8.8.8", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[64:ff9b::7f00:1]"):
            failure = bad(get(transport, f"http://{host}:{port}/"))
            assert failure.kind == "denied", (host, failure)
            assert "address" in failure.message and "allow_private" in failure.message
    assert servers.connections == 0


def test_a_name_is_judged_by_what_it_resolves_to(servers: Servers) -> None:
    port = servers.serve(answering(echo))
    with Transport(Policy(), resolve={"inner.test": ["127.0.0.1"]}) as transport:
        assert bad(get(transport, f"http://inner.test:{port}/")).kind == "denied"
    assert servers.connections == 0
    with Transport(
        Policy(allow_private=["127.0.0.1"]), resolve={"inner.test": ["127.0.0.1"], "other.test": ["127.0.0.2"]}
    ) as transport:
        assert good(get(transport, f"http://inner.test:{port}/")).status == 200
        assert bad(get(transport, f"http://other.test:{port}/")).kind == "denied"


def test_answers_that_change_between_look_ups(servers: Servers) -> None:
    """DNS rebinding: the first answer is allowed, the second is not; every socket is judged anew."""

    async def close_after_each(reader: Reader, writer: Writer) -> None:
        head = await read_head(reader)
        writer.write(page(head, "Connection: close"))
        await writer.drain()

    port = servers.serve(close_after_each)
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1"], ["127.0.0.3"]])
    with Transport(Policy(allow_private=["127.0.0.1"]), resolve=lambda host, port: next(answers)) as transport:
        outcomes = [get(transport, f"http://rebinding.test:{port}/") for _ in range(4)]
    assert [isinstance(outcome, Response) for outcome in outcomes] == [True, False, True, False]
    assert all(bad(outcome).kind == "denied" for outcome in outcomes[1::2])
    assert servers.connections == 2


def test_one_forbidden_address_among_several_gets_no_connection(servers: Servers) -> None:
    port = servers.serve(answering(echo))
    with Transport(Policy(allow_private=["127.0.0.1"]), resolve={"mixed.test": ["10.0.0.1", "127.0.0.1"]}) as transport:
        assert good(get(transport, f"http://mixed.test:{port}/")).status == 200


def test_hosts_ports_and_schemes(servers: Servers) -> None:
    port = servers.serve(answering(echo))
    names = {"a.test": ["127.0.0.1"], "b.test": ["127.0.0.1"]}
    with Transport(Policy(allow_private=LOCAL, allow_hosts=["a.test"], ports=[port]), resolve=names) as transport:
        assert good(get(transport, f"http://a.test:{port}/")).status == 200
        assert good(get(transport, f"http://a.test.:{port}/")).status == 200
        assert bad(get(transport, f"http://b.test:{port}/")).kind == "denied"
        assert bad(get(transport, f"http://127.0.0.1:{port}/")).kind == "denied"
        assert "port" in bad(get(transport, f"http://a.test:{closed_port()}/")).message
    with Transport(Policy(allow_private=LOCAL, schemes=["https"])) as transport:
        assert "scheme" in bad(get(transport, f"http://127.0.0.1:{port}/")).message


def test_a_name_that_does_not_resolve() -> None:
    def refuse(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with Transport(Policy(), resolve=refuse) as transport:
        failure = bad(get(transport, "http://nowhere.test/"))
    assert failure.kind == "dns" and "nowhere.test" in failure.message
    with Transport(Policy()) as transport:
        assert bad(get(transport, "http://nowhere.invalid/")).kind == "dns"


# -- TLS and HTTP/2


def test_tls_with_an_authority_of_ones_own(servers: Servers, certificates: Certificates) -> None:
    port = servers.serve(answering(echo), certificates.context())
    names = {"good.test": ["127.0.0.1"], "bad.test": ["127.0.0.1"]}
    with Transport(Policy(allow_private=LOCAL), ca_bundle=certificates.ca, resolve=names) as transport:
        for host in ("127.0.0.1", "good.test"):
            assert good(get(transport, f"https://{host}:{port}/")).status == 200
        assert bad(get(transport, f"https://bad.test:{port}/")).kind == "tls"
    with Transport(Policy(allow_private=LOCAL)) as transport:
        assert bad(get(transport, f"https://127.0.0.1:{port}/")).kind == "tls"
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Transport(Policy(), ca_bundle="/nowhere.pem")


# -- what is kept


def test_connections_are_kept_between_sessions(servers: Servers) -> None:
    port = servers.serve(answering(echo))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        for _ in range(10):
            good(get(transport, f"http://127.0.0.1:{port}/"))
    assert servers.connections == 1


def test_a_kept_connection_that_died_is_replaced(servers: Servers) -> None:
    async def once(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(page(b"ok"))
        await writer.drain()  # and close, without saying so

    port = servers.serve(once)
    with Transport(Policy(allow_private=LOCAL)) as transport:
        for _ in range(5):
            assert content_of(good(get(transport, f"http://127.0.0.1:{port}/")).body) == b"ok"
            time.sleep(0.01)


def test_cookies_are_kept_per_transport(servers: Servers) -> None:
    port = servers.serve(
        answering(lambda head: page((field_of(head, "cookie") or "none").encode(), "Set-Cookie: session=1; Path=/"))
    )
    url = f"http://127.0.0.1:{port}/"
    with Transport(Policy(allow_private=LOCAL)) as transport:
        assert content_of(good(get(transport, url)).body) == b"none"
        assert content_of(good(get(transport, url)).body) == b"session=1"
    with Transport(Policy(allow_private=LOCAL), cookies=False) as transport:
        for _ in range(2):
            assert content_of(good(get(transport, url)).body) == b"none"


def test_dropping_a_session_ends_its_requests(servers: Servers) -> None:
    gone = threading.Event()

    async def hang(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        if path_of(b"GET /hang HTTP/1.1"):
            await reader.read()
            gone.set()

    port = servers.serve(hang)
    with Transport(Policy(allow_private=LOCAL)) as transport:
        exchange = transport.open()
        exchange.exchange([Request(1, f"http://127.0.0.1:{port}/")], False)
        while not servers.connections:
            exchange.exchange([], False)
        exchange.exchange([], False)
        exchange.close()
        assert gone.wait(2)


# -- retries


def test_a_refused_connection_is_tried_again(servers: Servers) -> None:
    port = closed_port()

    def listen_late() -> None:
        time.sleep(0.08)
        with socket.create_server(("127.0.0.1", port)) as server:
            server.settimeout(5)
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(page(b"at last"))

    thread = threading.Thread(target=listen_late)
    thread.start()
    with Transport(Policy(allow_private=LOCAL, retries=5)) as transport:
        assert content_of(good(get(transport, f"http://127.0.0.1:{port}/")).body) == b"at last"
    thread.join()


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after_is_heeded(servers: Servers, status: str) -> None:
    times: list[float] = []

    def answer(head: bytes) -> bytes:
        times.append(time.monotonic())
        return page(b"busy", "Retry-After: 1", status=status) if len(times) == 1 else page(b"ok")

    port = servers.serve(answering(answer))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        assert content_of(good(get(transport, f"http://127.0.0.1:{port}/")).body) == b"ok"
    assert times[1] - times[0] >= 1


@pytest.mark.parametrize(
    "field", ["X: y", "Retry-After: 3600", "Retry-After: soon", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_no_retry_without_a_time_that_fits(servers: Servers, field: str) -> None:
    asked = 0

    def answer(head: bytes) -> bytes:
        nonlocal asked
        asked += 1
        return page(b"busy", field, status="503 Service Unavailable")

    port = servers.serve(answering(answer))
    with Transport(Policy(allow_private=LOCAL, timeout=5)) as transport:
        assert good(get(transport, f"http://127.0.0.1:{port}/")).status == 503
    assert asked == 1


def test_a_post_is_not_sent_twice(servers: Servers) -> None:
    asked = 0

    def answer(head: bytes) -> bytes:
        nonlocal asked
        asked += 1
        return page(b"busy", "Retry-After: 0", status="503 Service Unavailable")

    port = servers.serve(answering(answer))
    with Transport(Policy(allow_private=LOCAL)) as transport:
        assert good(get(transport, f"http://127.0.0.1:{port}/", method="POST", body=Payload.of(b"x"))).status == 503
    assert asked == 1


# -- robots.txt


def test_robots(servers: Servers) -> None:
    asked: list[str] = []

    def answer(head: bytes) -> bytes:
        asked.append(path_of(head))
        if path_of(head) == "/robots.txt":
            return page(b"", "Location: /moved/robots.txt", status="301 Moved")
        if path_of(head) == "/moved/robots.txt":
            return page(b"User-agent: likewise\nDisallow: /secret\n", "Content-Type: text/plain")
        return page(b"ok")

    port = servers.serve(answering(answer))
    with Transport(Policy(allow_private=LOCAL, respect_robots=True)) as transport:
        urls = ["/", "/secret", "/secret?x", "/open", "?secret"]
        outcomes = run(transport, [Request(n, f"http://127.0.0.1:{port}{path}") for n, path in enumerate(urls)])
        assert [getattr(outcomes[n], "kind", "page") for n in range(5)] == ["page", "robots", "robots", "page", "page"]
        assert bad(get(transport, f"http://127.0.0.1:{port}/secret")).kind == "robots"
    assert asked.count("/robots.txt") == 1 and "/secret" not in asked


@pytest.mark.parametrize(
    ("status", "kind"), [("404 Not Found", "page"), ("403 Forbidden", "page"), ("500 Oops", "robots"), ("302 Found", "page")]
)
def test_robots_that_cannot_be_had(servers: Servers, status: str, kind: str) -> None:
    port = servers.serve(
        answering(lambda head: page(b"User-agent: *\nDisallow: /", status=status) if b"robots" in head else page(b"ok"))
    )
    with Transport(Policy(allow_private=LOCAL, respect_robots=True)) as transport:
        assert getattr(get(transport, f"http://127.0.0.1:{port}/"), "kind", "page") == kind


def test_robots_is_asked_under_the_policy(servers: Servers) -> None:
    port = servers.serve(answering(lambda head: page(b"", "Location: http://10.1.2.3/robots.txt", status="302 Found")))
    with Transport(Policy(allow_private=LOCAL, respect_robots=True)) as transport:
        assert bad(get(transport, f"http://127.0.0.1:{port}/")).kind == "denied"
    with Transport(Policy(allow_private=LOCAL, respect_robots=True, retries=0)) as transport:
        assert bad(get(transport, f"http://127.0.0.1:{closed_port()}/")).kind == "connect"


# -- ending


def test_cancel_from_another_thread(servers: Servers) -> None:
    async def hang(reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(3600)

    port = servers.serve(hang)
    with Transport(Policy(allow_private=LOCAL, max_per_host=3)) as transport:
        exchange = transport.open()
        threading.Timer(0.1, exchange.cancel).start()
        completions = exchange.exchange([Request(n, f"http://127.0.0.1:{port}/") for n in range(10)], True)
        assert sorted(completion.id for completion in completions) == list(range(10))
        assert {bad(unwrap(completion.outcome)).kind for completion in completions} == {"canceled"}
        exchange.close()


def test_a_closed_transport_says_so() -> None:
    transport = Transport(Policy())
    transport.close()
    with pytest.raises(RuntimeError, match="closed"):
        transport.open()
