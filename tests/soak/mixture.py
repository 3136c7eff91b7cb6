"""Everything at once, for as long as one likes: what the soak does, and what it samples.

Several threads each go through all kinds of work in an order of their own: spelling, dictionaries made, saved and dropped, matrices, pages,
fetches from servers of which half misbehave, components that trap, run out of time and leave their objects behind. Every answer that
is known is checked. Meanwhile resident memory, descriptors and threads are sampled. The servers run in a process of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import pickle
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sandbox"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fetch"))

import misdeeds
import servers

import likewise
from likewise import component
from likewise.component import Limits, Trap
from likewise.fetch import Fetcher, Policy, guest

THREADS = 4
POLICY = Policy(allow_private=["127.0.0.0/8"], retries=0, timeout=2, max_bytes=200_000, max_concurrency=16)
GOOD, BAD = ("/page", "/redirect"), ("/reset", "/close", "/cut", "/large", "/slow")


class Sample(NamedTuple):
    """What there is at a moment."""

    seconds: float
    #: Bytes, numbers, numbers, and laps that all threads have made together.
    resident: int
    descriptors: int
    threads: int
    laps: int


def sample(start: float, laps: int) -> Sample:
    """What there is now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    descriptors = len(os.listdir("/proc/self/fd")) - 1
    threads = len(os.listdir("/proc/self/task"))
    return Sample(time.monotonic() - start, pages * os.sysconf("SC_PAGE_SIZE"), descriptors, threads, laps)


# -- servers, in a process of their own ----------------------------------------------------------------------------------


async def _serve(reader: servers.Reader, writer: servers.Writer) -> None:
    while True:
        match servers.path_of(await servers.read_head(reader)):
            case "/reset":
                servers.reset(writer)
                return
            case "/close":
                return
            case "/cut":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
                return
            case "/large":
                writer.write(servers.page(b"x" * 300_000))
            case "/slow":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                for _ in range(100):
                    await asyncio.sleep(0.1)
                    writer.write(b"x")
                    await writer.drain()
            case "/redirect":
                writer.write(servers.page(b"", "Location: /page", status="302 Found"))
            case _:
                writer.write(servers.page(b"<title>t</title>" + b"<a href=/x>y</a>" * 500))
        await writer.drain()


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The address of the servers."""
    with subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


# -- the work ------------------------------------------------------------------------------------------------------------


class Thing:
    """An object of the host's for components to hold."""


class Things:
    """What the careless component imports."""

    Thing = Thing

    def make(self, n: int) -> Thing:
        """A new one."""
        return Thing()

    def use(self, t: Thing) -> int:
        """Any use."""
        return 7


class Work:
    """All kinds of work, shared by the threads."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.english = likewise.Dictionary.english()
        self.words = self.english[1000:3000]
        self.fetcher = Fetcher(POLICY)
        self.wild = component.load(
            misdeeds.binary(misdeeds.TEXT), imports={"ping": lambda n: n + 1}, limits=Limits(time=0.02, memory=4 << 20)
        )
        self.careless = component.load(
            misdeeds.binary(misdeeds.HANDLES), imports={"host": Things()}, limits=Limits(time=60, memory=4 << 20)
        )
        self.liar = component.load(misdeeds.binary(misdeeds.returning("string", [misdeeds.BROKEN, 4])))
        self.folder = Path(tempfile.mkdtemp())
        self.kinds: list[Callable[[random.Random], None]] = [
            self.spell,
            self.dictionaries,
            self.matrices,
            self.pages,
            self.fetches,
            self.components,
            self.resources,
        ]

    def spell(self, draw: random.Random) -> None:
        """Suggestions, from the one dictionary that all threads share."""
        assert likewise.spellcheck("mispeling").word == "misspelling"
        word = draw.choice(self.words)
        assert self.english.search(word, 3)[0].choice == word
        assert [found[0].choice for found in self.english.search_many(self.words[:50])] == self.words[:50]

    def dictionaries(self, draw: random.Random) -> None:
        """Made, saved, loaded, pickled and dropped."""
        words = draw.sample(self.words, 500)
        made = likewise.Dictionary(words)
        path = self.folder / f"{threading.get_ident()}.index"
        made.save(path)
        with likewise.Dictionary.load(path) as loaded:
            assert list(loaded) == words
        assert pickle.loads(pickle.dumps(made)).suggest(words[7]).choice == words[7]
        large = likewise.Dictionary(f"{word}{n}" for n in range(5) for word in self.words)
        assert len(large) == 10_000

    def matrices(self, draw: random.Random) -> None:
        """`cdist`, `cpdist` and `extract`."""
        words = draw.sample(self.words, 120)
        scores = likewise.process.cdist(words, words)
        assert (scores.diagonal() == 100).all()
        assert likewise.process.cpdist(words, words).min() == 100
        assert likewise.process.extractOne(words[3], words)[0] == words[3]

    def pages(self, draw: random.Random) -> None:
        """What is in a page, well made or not."""
        html = "<title>t</title>" + "<div>" * draw.randrange(2000) + f"<a href=/{draw.random()}>y</a>" * 200
        page = guest.extract(html, "http://x/")
        assert (page.title, len(page.links)) == ("t", 200)

    def fetches(self, draw: random.Random) -> None:
        """Pages from servers of which many misbehave."""
        paths = [draw.choice(BAD) if draw.random() < 0.3 else draw.choice(GOOD) for _ in range(30)]
        sites = self.fetcher.get_many([self.base + path for path in paths], timeout=0.5 if draw.random() < 0.1 else 2)
        assert all(not site.ok for site, path in zip(sites, paths, strict=True) if path in BAD)
        assert all(site.page.title == "t" for site in sites if site.ok)

    def components(self, draw: random.Random) -> None:
        """Traps, limits and lies, each followed by a call that works."""
        for misdeed in (
            self.wild.spin,
            lambda: self.wild.trap(draw.randrange(7)),
            lambda: self.wild.recurse(0),
            lambda: self.wild.measure("x" * 100_000),
            lambda: self.wild.grow_memory(1) < 100 and self.wild.trap(0),
            self.liar.give,
        ):
            try:
                misdeed()
            except Trap:
                pass
            # The limit is of time as it passes: a thread may well wait for its turn for longer than this component has.
            with self.wild.limit(time=60):
                assert self.wild.measure("abc") == 3
        fresh = self.wild.instantiate(limits=Limits(fuel=10**6))
        assert [fresh.calls() for _ in range(200)][-1] == 200

    def resources(self, draw: random.Random) -> None:
        """Objects of both sides: kept, given back, left behind by a trap, and forgotten."""
        held = [self.careless.make_own(n) for n in range(20)]
        held[0].close()
        self.careless.leak(50)
        for misdeed in (self.careless.drop_twice, lambda: self.careless.keep(Thing())):
            try:
                misdeed()
            except Trap:
                pass
            assert self.careless.answer() == 42
        assert all(thing.closed for thing in held)

    def close(self) -> None:
        """End what was shared."""
        self.fetcher.close()
        self.english.close()


class Outcome(NamedTuple):
    """What a soak saw."""

    samples: list[Sample]
    #: How often each kind of work was done, and what went wrong.
    done: Counter[str]
    errors: list[BaseException]


def soak(seconds: float, *, seed: int = 1, every: float = 0.25) -> Outcome:
    """Do everything for so many seconds, and until each thread has done everything thrice."""
    done: Counter[str] = Counter()
    errors: list[BaseException] = []
    laps = [0] * THREADS
    start = time.monotonic()

    def over() -> bool:
        return bool(errors) or (time.monotonic() - start > seconds and min(laps) >= 3)

    def work(number: int, kinds: list[Callable[[random.Random], None]]) -> None:
        draw = random.Random(seed * 1000 + number)
        try:
            while not over():
                for kind in draw.sample(kinds, len(kinds)):
                    kind(draw)
                    done[kind.__name__] += 1
                laps[number] += 1
        except BaseException as error:
            errors.append(error)

    samples: list[Sample] = []
    with serving() as base:
        shared = Work(base)
        threads = [threading.Thread(target=work, args=(number, shared.kinds)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(every)
            gc.collect()
            samples.append(sample(start, sum(laps)))
        for thread in threads:
            thread.join()
        shared.close()
    return Outcome(samples, done, errors)


def growth(samples: list[Sample], what: str) -> float:
    """By how much the line rises over its second half, by least squares: what comes and goes in between does not count."""
    half = samples[len(samples) // 2 :]
    times = [one.seconds for one in half]
    values = [float(getattr(one, what)) for one in half]
    mean_time, mean_value = sum(times) / len(times), sum(values) / len(values)
    spread = sum((moment - mean_time) ** 2 for moment in times)
    slope = sum((moment - mean_time) * (value - mean_value) for moment, value in zip(times, values, strict=True)) / (spread or 1)
    return slope * (times[-1] - times[0])


if __name__ == "__main__":
    with servers.Servers() as running:
        print(running.serve(_serve), flush=True)
        sys.stdin.read()
