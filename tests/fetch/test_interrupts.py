"""Ctrl-C at random moments: it arrives, within a second, and the next fetch works."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from servers import Reader, Servers, Writer, page, path_of, read_head

from likewise.fetch.lookups import LookUps

# Fetches until told otherwise. After every interrupt it fetches again, and says how that went.
CHILD = """
import os, signal, sys
from likewise.fetch import Fetcher, Policy

base, wanted = sys.argv[1], int(sys.argv[2])
fetcher = Fetcher(Policy(allow_private=["127.0.0.0/8"]))
fetcher.get(base + "/fast")
print("ready", flush=True)
interrupts = verified = 0
while verified < wanted:
    try:
        try:
            if interrupts > verified:
                texts = [site.text for site in fetcher.get_many([base + "/fast"] * 3)]
                assert texts == ["x" * 3000] * 3, texts
                verified = interrupts
                print("verified", flush=True)
            for site in fetcher.stream([base + "/slow"] * 40):
                site.text
        except KeyboardInterrupt:
            interrupts += 1
    except KeyboardInterrupt:  # one more, while the first was dealt with
        pass
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("descriptors", len(os.listdir("/dev/fd")), flush=True)
"""


@contextmanager
def running(*args: str) -> Iterator[subprocess.Popen[str]]:
    """A Python in a process of its own, which does not outlive the test."""
    with subprocess.Popen([sys.executable, "-X", "faulthandler", "-c", *args], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


async def serve(reader: Reader, writer: Writer) -> None:
    while True:
        if path_of(await read_head(reader)) == "/slow":
            await asyncio.sleep(random.random() * 0.05)
        writer.write(page(b"x" * 3000))
        await writer.drain()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_random_moments(servers: Servers) -> None:
    base = f"http://127.0.0.1:{servers.serve(serve)}"
    with running(CHILD, base, "60") as process:
        assert process.stdout is not None
        lines: list[tuple[float, str]] = []
        reader = threading.Thread(target=lambda: lines.extend((time.monotonic(), line.strip()) for line in process.stdout or ()))
        reader.start()
        while not lines:
            time.sleep(0.01)
        while process.poll() is None:
            time.sleep(random.random() * 0.08)
            seen = len(lines)
            sent = time.monotonic()
            process.send_signal(signal.SIGINT)
            while len(lines) == seen and process.poll() is None:
                assert time.monotonic() - sent < 10, "no sign of life after an interrupt"
                time.sleep(0.001)
                if random.random() < 0.01:  # now and then one more before the first is dealt with
                    process.send_signal(signal.SIGINT)
        reader.join()
        assert process.returncode == 0
        assert lines[-1][1].startswith("descriptors") and int(lines[-1][1].split()[1]) < 120


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_within_a_second_while_everything_hangs(servers: Servers) -> None:
    async def hang(reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(3600)

    base = f"http://127.0.0.1:{servers.serve(hang)}"
    child = (
        "import sys, time\n"
        "from likewise.fetch import Policy, Site\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    Site.from_urls([sys.argv[1]] * 20, policy=Policy(allow_private=True))\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    with running(child, base) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        while not servers.connections:
            time.sleep(0.01)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        assert time.monotonic() - started < 1
        assert process.wait(timeout=10) == 0


def test_a_look_up_whose_thread_was_not_started_is_made_for_the_next_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = LookUps(None, 4)
    start = threading.Thread.start

    def interrupted(self: threading.Thread) -> None:
        monkeypatch.setattr(threading.Thread, "start", start)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lookups.start("localhost", 80)
    assert "127.0.0.1" in lookups.start("localhost", 80).result(timeout=30)
