"""The transport's time limits, and whose turn it is: limits on concurrency, rates and dialling."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from asking import LOCAL, bad, good, run, unwrap
from servers import Reader, Servers, Writer, page, read_head

from likewise.fetch.message import Request, Response
from likewise.fetch.policy import Policy
from likewise.fetch.transport import Transport

# -- time


def test_deadline_is_for_the_whole_request(servers: Servers) -> None:
    async def drip(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    port = servers.serve(drip)
    with Transport(Policy(allow_private=LOCAL, timeout=0.4)) as transport:
        started = time.monotonic()
        outcomes = run(
            transport, [Request(1, f"http://127.0.0.1:{port}/"), Request(2, f"http://127.0.0.1:{port}/", timeout_ms=100)]
        )
        assert 0.4 <= time.monotonic() - started < 2
    assert "0.4 s" in bad(outcomes[1]).message and "0.1 s" in bad(outcomes[2]).message
    assert {bad(outcome).kind for outcome in outcomes.values()} == {"timeout"}


def test_the_time_of_the_caller_does_not_count(servers: Servers) -> None:
    async def soon(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        await asyncio.sleep(0.1)
        writer.write(page(b"x" * 100))

    port = servers.serve(soon)
    with Transport(Policy(allow_private=LOCAL, timeout=0.5)) as transport:
        exchange = transport.open()
        exchange.exchange([Request(1, f"http://127.0.0.1:{port}/")], False)
        time.sleep(0.8)
        [completion] = exchange.exchange([], True)
        assert good(unwrap(completion.outcome)).elapsed_us < 500_000
        exchange.close()


def test_a_call_has_a_limit_too(servers: Servers) -> None:
    async def hang(reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(3600)

    port = servers.serve(hang)
    with Transport(Policy(allow_private=LOCAL, max_per_host=2)) as transport:
        exchange = transport.open(time_limit=0.2)
        completions = exchange.exchange([Request(n, f"http://127.0.0.1:{port}/") for n in range(5)], True)
        assert len(completions) == 5
        assert all(
            bad(unwrap(completion.outcome)).kind == "timeout" and "0.2 s" in bad(unwrap(completion.outcome)).message
            for completion in completions
        )
        exchange.close()


# -- turns


class Crowd:
    """A server that counts who is there at once."""

    def __init__(self, pause: float) -> None:
        self.now = 0
        self.most = 0
        self.starts: list[float] = []
        self._pause = pause

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        while True:
            await read_head(reader)
            self.starts.append(time.monotonic())
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(self._pause)
            self.now -= 1
            writer.write(page(b"ok"))
            await writer.drain()


def test_limits_on_concurrency(servers: Servers) -> None:
    for policy, most in (
        (Policy(allow_private=LOCAL, max_concurrency=5), 5),
        (Policy(allow_private=LOCAL, max_per_host=3), 3),
        (Policy(allow_private=LOCAL), 40),
    ):
        crowd = Crowd(0.05)
        port = servers.serve(crowd)
        with Transport(policy) as transport:
            outcomes = run(transport, [Request(n, f"http://127.0.0.1:{port}/") for n in range(40)])
        assert all(isinstance(outcome, Response) for outcome in outcomes.values())
        assert crowd.most == most


def test_limits_hold_across_threads(servers: Servers) -> None:
    crowd = Crowd(0.02)
    port = servers.serve(crowd)
    with Transport(Policy(allow_private=LOCAL, max_per_host=4)) as transport:
        threads = [
            threading.Thread(target=run, args=(transport, [Request(n, f"http://127.0.0.1:{port}/") for n in range(20)]))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(crowd.starts) == 80
    # Four threads look at one another's load without a common lock: each may be one late.
    assert crowd.most <= 4 + 3


def test_rate_per_host(servers: Servers) -> None:
    crowd, other = Crowd(0.0), Crowd(0.0)
    port, other_port = servers.serve(crowd), servers.serve(other)
    with Transport(Policy(allow_private=LOCAL, rate_per_host=20, timeout=0.3)) as transport:
        requests = [Request(n, f"http://127.0.0.1:{port}/") for n in range(10)] + [Request(99, f"http://127.0.0.1:{other_port}/")]
        outcomes = run(transport, requests)
    # The wait for a turn, longer than the timeout, does not count.
    assert all(isinstance(outcome, Response) for outcome in outcomes.values())
    assert crowd.starts[-1] - crowd.starts[0] >= 0.44
    assert other.starts[0] - crowd.starts[0] < 0.3


def test_at_most_eight_dial_one_host_at_once(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    from likewise.fetch import handle

    dialling: set[int] = set()
    most = 0
    lock = threading.Lock()
    real_open, real_send = handle.Handle._open_socket, handle.Handle._about_to_send

    def opening(self: handle.Handle, purpose: int, address: Any) -> Any:
        nonlocal most
        with lock:
            dialling.add(id(self))
            most = max(most, len(dialling))
        return real_open(self, purpose, address)

    def sending(self: handle.Handle, *rest: Any) -> int:
        with lock:
            dialling.discard(id(self))
        return real_send(self, *rest)

    monkeypatch.setattr(handle.Handle, "_open_socket", opening)
    monkeypatch.setattr(handle.Handle, "_about_to_send", sending)
    crowd = Crowd(0.1)
    port = servers.serve(crowd)
    with Transport(Policy(allow_private=LOCAL)) as transport:
        outcomes = run(transport, [Request(n, f"http://127.0.0.1:{port}/") for n in range(60)])
    assert len(outcomes) == 60 and most == 8 and crowd.most == 60
