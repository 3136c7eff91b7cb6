"""Threads: results and exceptions never cross, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import wasmtime
from tour_host import Host

from likewise import component

THREADS = 8
#: Raising callbacks for each thread. The public lane makes an instance after each as well, at several times the cost.
CALLS = {"direct": 10_000, "public": 1_000}


def test_exceptions_of_host_imports_never_cross(tour: component.Component, host: Host, lane: str) -> None:
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
        for n in range(CALLS[lane]):
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
    assert counts == [CALLS[lane]] * THREADS


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
