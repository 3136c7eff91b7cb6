"""robots.txt made to exhaust who reads it, through the public interface."""

from __future__ import annotations

import asyncio
import itertools
import string

from servers import Reader, Servers, Writer, answering, page, path_of, read_head

from likewise.fetch import Fetcher, Policy
from likewise.fetch.robots import MAX_RULES, Robots, RobotsCache, Rule

POLICY = Policy(allow_private=["127.0.0.0/8"], respect_robots=True, timeout=1)


def test_naming_a_crawler_often_does_not_multiply_the_rules() -> None:
    # 500 KiB of such lines once made 500 million rules.
    names = [f"/{a}{b}" for a, b in itertools.product(string.ascii_lowercase, repeat=2)]
    lines = ["user-agent: *", "user-agent: likewise"] * 1000 + [f"disallow: {name}" for name in names * 2]
    rules = Robots.parse("\n".join(lines).encode(), "likewise")
    assert sorted(rule.pattern for rule in rules.rules) == names


def test_patterns_that_would_take_seconds_to_compare_forbid(servers: Servers) -> None:
    # 46,000 patterns, each of which is looked for in all of a path: two seconds for one of 60,000 characters.
    names = ("".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=4))
    hostile = "user-agent: *\n" + "".join(f"disallow: /*{name}\n" for name in itertools.islice(names, 26_000))

    def answer(head: bytes) -> bytes:
        return page(hostile.encode(), "Content-Type: text/plain") if path_of(head) == "/robots.txt" else page()

    base = f"http://127.0.0.1:{servers.serve(answering(answer))}"
    with Fetcher(POLICY) as fetcher:
        short, matched, long = fetcher.get_many([f"{base}/0", f"{base}/xaaab", f"{base}/{'0' * 60_000}"], timeout=5)
    assert short.ok
    assert matched.error is not None and "forbids /xaaab" in matched.error.message
    assert long.error is not None and long.error.kind == "robots" and "too many patterns" in long.error.message


def test_what_is_known_of_all_sites_is_bounded() -> None:
    cache = RobotsCache()
    large = Robots(tuple(Rule(f"/{number}", False) for number in range(MAX_RULES // 4)))
    for number in range(9):
        cache.put(f"http://{number}.example:80", large)
    kept = [number for number in range(9) if cache.get(f"http://{number}.example:80") is not None]
    assert kept == [5, 6, 7, 8]


def test_the_time_of_robots_is_of_the_urls_own(servers: Servers) -> None:
    async def serve(reader: Reader, writer: Writer) -> None:
        while True:
            path = path_of(await read_head(reader))
            hop = int(path.rpartition("-")[2]) if "-" in path else 0
            if path.startswith("/robots"):
                await asyncio.sleep(0.3)
            # Five redirects, the most that are followed, would take 1.8 seconds.
            moved = path.startswith("/robots") and hop < 5
            writer.write(page(b"", f"Location: /robots-{hop + 1}", status="302 Found") if moved else page(b""))

    async def slow(reader: Reader, writer: Writer) -> None:
        while True:
            await read_head(reader)
            await asyncio.sleep(0.7)
            writer.write(page(b""))

    ports = [servers.serve(serve), servers.serve(slow)]
    with Fetcher(POLICY) as fetcher:
        for site in fetcher.get_many([f"http://127.0.0.1:{port}/" for port in ports]):
            assert site.error is not None and site.error.kind == "timeout", site
