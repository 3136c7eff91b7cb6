"""What a worker can fetch: pages a second of processor time, through `likewise.tables.Fetch`. For docs/scale.md; see README.md beside it."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa

from likewise import Policy
from likewise.tables import Fetch

OUTPUT = Path(__file__).parents[2] / "dist" / "bench"
# A link for each five hundred bytes: 60 in a page of 30 KB.
PARAGRAPH = "<p>" + "Words of a page, as many as there are. " * 11 + "<a href='/page/{0}'>A link to another</a></p>\n"


def page(size: int) -> bytes:
    """HTML of about this many bytes."""
    head = "<!doctype html><html lang=en><title>A page</title><meta name=description content='What it is about'>"
    count = size // len(PARAGRAPH)
    return (head + "".join(PARAGRAPH.format(number) for number in range(count))).encode()


def serve(ready: Connection, body: bytes) -> None:
    """One page on 127.0.0.1, on connections that stay open, in a process of its own."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = head.encode() + body

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def measure(size: int, pages: int, rounds: int) -> dict[str, float]:
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there, page(size)), daemon=True)
    server.start()
    try:
        port = here.recv()
        task = Fetch("url", policy=Policy(allow_private=["127.0.0.0/8"], max_concurrency=64))
        urls = pa.table({"url": [f"http://127.0.0.1:{port}/{number}" for number in range(pages)]})
        task(urls)
        cpu, wall = [], []
        for _ in range(rounds):
            before = time.process_time(), time.perf_counter()
            made = task(urls)
            cpu.append((time.process_time() - before[0]) / pages)
            wall.append((time.perf_counter() - before[1]) / pages)
        assert made.column("title").to_pylist() == ["A page"] * pages
    finally:
        server.terminate()
        server.join()
    return {"bytes": len(page(size)), "cpu_us": 1e6 * statistics.median(cpu), "wall_us": 1e6 * statistics.median(wall)}


def main() -> None:
    report = [measure(size, 300, 3) for size in (2_000, 30_000, 100_000)]
    print("| bytes of HTML | CPU a page | pages a second of CPU | MB a second |\n|---:|---:|---:|---:|")
    for row in report:
        rate = 1e6 / row["cpu_us"]
        print(f"| {row['bytes']:,} | {row['cpu_us']:,.0f} us | {rate:,.0f} | {rate * row['bytes'] / 1e6:,.0f} |")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "pages.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
