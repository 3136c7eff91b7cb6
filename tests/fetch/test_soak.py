"""Many fetches in one process: memory and descriptors stay where they are.

LIKEWISE_SOAK=50000 makes it that many; the default is short.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import time
from pathlib import Path

import pytest
from servers import Reader, Servers, Writer, closed_port, page, path_of, read_head, reset

from likewise.fetch import Fetcher, Policy, Site

FETCHES = int(os.environ.get("LIKEWISE_SOAK", "4000"))
BATCH = 250
POLICY = Policy(allow_private=["127.0.0.0/8"], retries=0, timeout=2, max_bytes=200_000)


async def serve(reader: Reader, writer: Writer) -> None:
    while True:
        kind = path_of(await read_head(reader))
        if kind == "/reset":
            reset(writer)
            return
        if kind == "/close":
            return
        if kind == "/cut":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
            return
        if kind == "/large":
            writer.write(page(b"x" * 300_000))
        elif kind == "/redirect":
            writer.write(page(b"", "Location: /page", status="302 Found"))
        elif kind == "/binary":
            writer.write(page(random.randbytes(5_000), "Content-Type: application/octet-stream"))
        else:
            writer.write(page(b"<title>t</title>" + b"<a href=/x>y</a>" * 500))
        await writer.drain()


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_flat(servers: Servers) -> None:
    base = f"http://127.0.0.1:{servers.serve(serve)}"
    good = [f"{base}/{kind}" for kind in ("page", "redirect", "binary")]
    bad = [f"{base}/{kind}" for kind in ("reset", "close", "cut", "large")] + [
        f"http://127.0.0.1:{closed_port()}/",
        "nonsense",
        "http://10.0.0.1/",
    ]
    rng = random.Random(5)
    marks: list[tuple[int, int]] = []
    before = descriptors()
    done = 0
    with Fetcher(POLICY) as fetcher:
        while done < FETCHES:
            urls = [rng.choice(good if rng.random() < 0.9 else bad) for _ in range(BATCH)]
            way = rng.randrange(4)
            if way == 0:
                sites = list(fetcher.stream(urls, extract=True))
            elif way == 1:
                sites = asyncio.run(Site.afrom_urls(urls, policy=POLICY))
            elif way == 2:
                sites = Site.from_urls(urls, policy=POLICY)
            else:
                sites = fetcher.get_many(urls)
            assert all(site.ok == (site.url in good) for site in sites)
            done += len(sites)
            del sites
            gc.collect()
            marks.append((resident(), descriptors()))
    # The first quarter fills pools and caches; from then on the level holds. The servers run in this process too.
    settled, last = marks[len(marks) // 4 :], marks[-len(marks) // 4 :]
    first_quarter = settled[: len(last)]
    assert max(memory for memory, _ in last) < max(memory for memory, _ in first_quarter) + 24 * 2**20, marks
    # How many connections are open at once depends on the machine's mood; what matters is that none stays. The servers need a moment to
    # notice that theirs have ended.
    deadline = time.monotonic() + 10
    while descriptors() > before + 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert descriptors() <= before + 20, (before, marks)
    print(f"{done} fetches: {marks[0][0] >> 20} to {marks[-1][0] >> 20} MiB, {marks[0][1]} to {marks[-1][1]} descriptors")
