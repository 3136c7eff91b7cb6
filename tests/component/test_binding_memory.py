"""Memory stays flat over many calls that pass and return strings, lists, records and resources, and that fail.

LIKEWISE_SOAK=1 makes a million calls, and prints the figure.
"""

from __future__ import annotations

import gc
import linecache
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from tour_host import Host, Tally

from likewise import component
from likewise.component import ComponentError

SOAK = bool(os.environ.get("LIKEWISE_SOAK"))
ROUNDS = {"direct": 84_000 if SOAK else 2_000, "public": 84_000 if SOAK else 400}
CALLS_A_ROUND = 12


def resident() -> int:
    """Resident memory in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def growth(use: Callable[[int], None], before: int, then: int) -> int:
    """Bytes by which resident memory grows while something is used so often, after it was used `before` times."""
    use(before)
    gc.collect()
    start = resident()
    use(then)
    gc.collect()
    return resident() - start


def one_round(tour: component.Component, user: Any, value: Any) -> None:
    types, articles, objects = tour.types, tour.articles, tour.objects
    articles.greet("a name that is long enough not to be small")
    types.echo_string("é" * 3000)
    types.echo_strings(["one", "two", "three"] * 5)
    types.echo_floats([1.0, 2.0] * 50)
    types.echo_bytes(b"x" * 100)
    articles.birthday(user)
    types.echo_everything(value)
    with objects.Notebook("x") as book:
        book.note("a line")
    tour.bench.exchange(Tally(1))
    tour.bench.ask(3)
    for wrong in (lambda: types.halve(3), lambda: types.echo_strings(["a", 3])):
        with pytest.raises((ComponentError, TypeError)):
            wrong()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_flat(tour: component.Component, lane: str, capsys: pytest.CaptureFixture[str]) -> None:
    from test_binding_values import everything

    user = tour.articles.User(1, "Ada", 36, 0.5, True)
    value = everything(tour.types)
    rounds = ROUNDS[lane]

    def use(times: int) -> None:
        for _ in range(times):
            one_round(tour, user, value)

    grown = growth(use, rounds // 4, rounds)
    if SOAK:
        with capsys.disabled():
            print(f"\n{lane}: {rounds * CALLS_A_ROUND:,} calls, resident memory + {grown:,} bytes")
    # A leak of one small string in each round would be 64 bytes a round and more; the allocators' own play is far less.
    assert grown < max(1_000_000, 32 * rounds)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_payloads_of_results_are_freed(tour: component.Component) -> None:
    shapes = [tour.types.Shape.Circle(float(n)) for n in range(100)]

    def echo(times: int) -> None:
        for _ in range(times):
            assert len(tour.types.echo_shapes(shapes)) == 100

    # The box of a payload is 32 bytes, 48 with the allocator's: all of them would be 3.4 MB.
    assert growth(echo, 100, 700) < 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_instances_that_fail_are_freed(tour: component.Component, host: Host, lane: str) -> None:
    def apply(n: int) -> int:
        raise LookupError(n)

    host.apply = apply
    view = tour.instantiate(imports={"likewise:tour/host": host})

    def fail(times: int) -> None:
        for n in range(times):
            with pytest.raises(LookupError):
                view.bench.ask(n)

    # Each instance has a megabyte of its own: one in a hundred that stayed would show.
    assert growth(fail, 300, 2000) < 20_000_000
    assert len(view._group.instances) <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_components_that_are_forgotten_are_freed(tour: component.Component) -> None:
    def use(times: int) -> None:
        for _ in range(times):
            other = tour.instantiate()
            book = other.objects.Notebook("x")
            book.note("y")
            del other, book

    assert growth(use, 300, 2000) < 20_000_000


def test_components_that_are_loaded_and_forgotten(lane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process may load any number of components. Each has code of its own: what is left of them is counted in mappings of memory."""
    monkeypatch.setenv("LIKEWISE_CACHE", "")

    def load(number: int) -> None:
        text = f"""(component
          (core module $m (func (export "f") (result i32) (i32.const {number})))
          (core instance $i (instantiate $m))
          (func (export "f") (result u32) (canon lift (core func $i "f"))))"""
        with component.load(bytes(wasmtime.wat2wasm(text))) as loaded:
            assert loaded.f() == number

    def sources() -> int:
        gc.collect()
        return sum(file.startswith("<likewise.component ") for file in linecache.cache)

    for number in range(100):
        load(number)
    mappings, files = len(Path("/proc/self/maps").read_text().splitlines()), sources()
    for number in range(100, 300):
        load(number)
    assert sources() <= files + 10
    assert len(Path("/proc/self/maps").read_text().splitlines()) <= mappings + 50
