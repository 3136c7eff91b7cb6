"""Threads: results and exceptions never cross, and nothing is lost."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import wasmtime
from tour_host import Host

from likewise import component
from likewise.component import ResourceClosed

THREADS = 8
#: Raising callbacks for each thread. Each ends an instance, and the next call makes one.
CALLS = 10_000


def test_exceptions_of_host_imports_never_cross(tour: component.Component, host: Host) -> None:
    class Mine(Exception):
        pass

    def apply(n: int) -> int:
        raise Mine(threading.get_ident(), n)

    host.apply = apply
    view = tour.instantiate(imports={"likewise:tour/host": host})
    wrong: list[Any] = []

    def work() -> int:
        caught = 0
        me = threading.get_ident()
        for n in range(CALLS):
            try:
                wrong.append(view.bench.ask(n))
            except Mine as error:
                if error.args != (me, n):
                    wrong.append(error.args)
                caught += 1
        return caught

    with ThreadPoolExecutor(THREADS) as pool:
        counts = [future.result() for future in [pool.submit(work) for _ in range(THREADS)]]
    assert not wrong
    assert counts == [CALLS] * THREADS


def test_results_never_cross(tour: component.Component) -> None:
    def work(me: int) -> None:
        word = chr(ord("a") + me) * (me + 1)
        for n in range(300):
            assert tour.articles.greet(f"{word}{n}") == f"HELLO {word}{n}"
            assert tour.types.echo_strings([word] * 3) == [word] * 3
            assert tour.bench.ask(n) == n + 1
            with tour.objects.Notebook(word) as book:
                book.note(word)
                assert book.lines() == [word]

    with ThreadPoolExecutor(16) as pool:
        for future in [pool.submit(work, i) for i in range(16)]:
            future.result()


def test_each_thread_has_its_own_memory(tour: component.Component) -> None:
    assert [tour.bench.calls() for _ in range(3)] == [1, 2, 3]
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(tour.bench.calls).result() == 1
    assert tour.bench.calls() == 4


def test_two_components_in_one_process(tour: component.Component) -> None:
    source = bytes(
        wasmtime.wat2wasm(
            """(component
                (core module $m (func (export "f") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3))))
                (core instance $i (instantiate $m))
                (alias core export $i "f" (core func $f))
                (func (export "triple") (param "n" u32) (result u32) (canon lift (core func $f))))"""
        )
    )
    other = component.load(source)

    def work(call: Callable[[int], int], expected: Callable[[int], int]) -> None:
        for n in range(2000):
            assert call(n) == expected(n)

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(work, other.triple, lambda n: 3 * n) for _ in range(2)]
        jobs += [pool.submit(work, tour.bench.ask, lambda n: n + 1) for _ in range(2)]
        for job in jobs:
            job.result()


def test_loading_the_same_file_from_many_threads_compiles_once(lane: str, tour_file: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: component.load(tour_file), range(8)))
    assert len({id(one._plan) for one in loaded}) == 1
    assert [one.articles.gauss_sum(4) for one in loaded] == [10] * 8


def test_one_resource_of_many_threads_while_its_owner_goes_on(tour: component.Component) -> None:
    """Calls on one instance take turns: from its own thread without a lock, from others with one, from finalizers whenever they run."""
    book = tour.objects.Notebook("shared")
    rounds = 400

    def visit(me: int) -> list[int]:
        counts = []
        for n in range(rounds):
            counts.append(book.note(f"{me}.{n}"))
            # A resource of the visitor's own instance, ended by whichever thread collects it.
            tour.objects.Notebook("passing")
        return counts

    with ThreadPoolExecutor(4) as pool:
        visits = [pool.submit(visit, me) for me in range(4)]
        mine = []
        while not all(visit.done() for visit in visits):
            mine.append(book.note("owner"))
            tour.objects.Notebook("dropped by the owner")
            assert tour.articles.gauss_sum(100) == 5050
    counts = mine + [count for visit in visits for count in visit.result()]
    assert sorted(counts) == list(range(1, len(mine) + 4 * rounds + 1)), "each line was counted once"
    lines = book.lines()
    for me in range(4):
        assert [line for line in lines if line.startswith(f"{me}.")] == [f"{me}.{n}" for n in range(rounds)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no interval timers to interrupt with")
def test_interrupts_at_any_moment_leave_the_instance_usable(tour: component.Component) -> None:
    class Interrupt(BaseException):
        pass

    def interrupt(*_: Any) -> None:
        raise Interrupt

    book = tour.objects.Notebook("interrupted")
    expected = 0
    interrupts = 0
    moments = random.Random(8)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        while interrupts < 1_000:
            try:
                signal.setitimer(signal.ITIMER_REAL, moments.uniform(5e-6, 60e-6))
                # One that falls into a finalizer is only reported: there is nothing to wait for then.
                for _ in range(1_000):
                    book.title()
            except Interrupt:
                interrupts += 1
            signal.setitimer(signal.ITIMER_REAL, 0)
            # Not "in use by the call under way", and not lost.
            expected += 1
            assert book.note("still here") == expected
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_closing_refuses_the_calls_of_all_threads(tour: component.Component) -> None:
    called, closed = threading.Event(), threading.Event()
    outcomes: list[object] = []

    def work() -> None:
        notebook = tour.objects.Notebook("a")
        called.set()
        closed.wait(10)
        for call in (tour.articles.greeting, notebook.title):
            try:
                outcomes.append(call())
            except ResourceClosed as error:
                outcomes.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    called.wait(10)
    tour.close()
    closed.set()
    thread.join()
    assert outcomes == ["this component is closed: load it again"] * 2
