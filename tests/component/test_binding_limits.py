"""Limits: each ends a call with its own exception, and the next call works."""

from __future__ import annotations

import math
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from tour_host import Host

from likewise import component
from likewise.component import FuelExhausted, Limits, MemoryLimitExceeded, ResourceClosed, TimeLimitExceeded, Trap, limits
from likewise.component.limits import Ticker


@pytest.fixture
def limited(lane: str, tour_file: Path, host: Host) -> Any:
    return lambda **limits: component.load(tour_file, imports={"likewise:tour/host": host}, limits=Limits(**limits))


def test_time(limited: Any) -> None:
    tour = limited(time=0.25)
    book = tour.objects.Notebook("x")
    for _ in range(3):
        start = time.monotonic()
        with pytest.raises(TimeLimitExceeded, match=r"longer than its limit of 0\.25 s"):
            tour.bench.spin()
        assert 0.25 <= time.monotonic() - start < 5
        assert tour.articles.gauss_sum(100) == 5050
    with pytest.raises(ResourceClosed, match="longer than its limit"):
        book.title()


def test_time_counts_per_call(limited: Any) -> None:
    tour = limited(time=0.2)
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        assert tour.bench.likeness("a", "a") == 1.0


def test_time_includes_host_imports(limited: Any, host: Host) -> None:
    host.apply = lambda n: time.sleep(0.3) or n
    with pytest.raises(TimeLimitExceeded):
        limited(time=0.05).bench.ask_often(1, 3)


def test_threads_are_timed_apart(limited: Any) -> None:
    tour = limited(time=0.3)
    outcomes: list[str] = []

    def spin() -> None:
        try:
            tour.bench.spin()
        except TimeLimitExceeded:
            outcomes.append("time")

    threads = [threading.Thread(target=spin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        assert tour.articles.gauss_sum(10) == 55
        time.sleep(0.01)
    for thread in threads:
        thread.join(timeout=20)
    assert outcomes == ["time"] * 3


def test_fuel(limited: Any) -> None:
    tour = limited(fuel=1_000_000)
    for _ in range(3):
        with pytest.raises(FuelExhausted, match="its fuel of 1000000"):
            tour.bench.spin()
        assert tour.articles.gauss_sum(100) == 5050


def test_memory(limited: Any) -> None:
    tour = limited(memory=16_000_000)
    assert tour.bench.hoard(1_000_000) == 1_000_000
    with pytest.raises(MemoryLimitExceeded, match="more memory than its limit of 16000000 bytes") as caught:
        tour.bench.hoard(64_000_000)
    assert isinstance(caught.value, MemoryError)
    assert tour.bench.hoard(1_000_000) == 1_000_000, "a new instance, with nothing hoarded"
    with pytest.raises(MemoryLimitExceeded):
        limited(memory=1000).articles.gauss_sum(1)


def test_all_at_once_and_for_one_block(limited: Any) -> None:
    tour = limited(time=math.inf, fuel=10**12, memory=10**9)
    with tour.limit(time=0.05), pytest.raises(TimeLimitExceeded):
        tour.bench.spin()
    with tour.limit(fuel=10_000), pytest.raises(FuelExhausted):
        tour.bench.spin()
    assert tour.bench.calls() == 1


def test_other_limits_by_instantiate(tour: component.Component) -> None:
    quick = tour.instantiate(limits=Limits(time=0.05))
    with pytest.raises(TimeLimitExceeded):
        quick.bench.spin()
    assert quick.bench.ask(1) == 2
    with pytest.raises(ValueError, match="loaded without a limit of time"), tour.limit(time=1):
        pass


def test_stack_overflow_and_unreachable_are_traps(tour: component.Component) -> None:
    with pytest.raises(Trap, match="the component trapped: "):
        tour.bench.recurse()
    assert tour.bench.calls() == 1


@pytest.mark.parametrize("wrong", [{"time": 0}, {"time": -1}, {"time": math.nan}, {"memory": -1}, {"fuel": -1}])
def test_limits_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))}: "):
        Limits(**wrong)


def test_the_clock_does_not_stop_before_a_deadline() -> None:
    """It lingers for a second after the last deadline; one that falls on the end of that second is reached as well."""

    class Engine:
        epoch = 0

        def increment_epoch(self) -> None:
            self.epoch += 1

    for early in (0.0, 0.0005, 0.001, 0.002):
        engine = Engine()
        ticker = Ticker(engine)
        ticker.deadline(0.01)
        end = ticker._until - early
        time.sleep(end - time.monotonic() - 0.1)
        before = engine.epoch
        wanted = ticker.deadline(end - time.monotonic())
        time.sleep(0.5)
        assert engine.epoch - before >= wanted, early


@pytest.mark.parametrize("step", ["before", "after"])
def test_a_clock_whose_start_is_interrupted_runs_for_the_next_call(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a signal's handler that calls a component with a limit itself, and raises then."""

    class Engine:
        epoch = 0

        def __init__(self) -> None:
            self.clocks: set[int] = set()

        def increment_epoch(self) -> None:
            self.epoch += 1
            self.clocks.add(threading.get_ident())

    engine = Engine()
    ticker = Ticker(engine)
    start = limits.start_new_thread

    def interrupted(*arguments: Any) -> None:
        monkeypatch.setattr(limits, "start_new_thread", start)
        if step == "after":
            start(*arguments)
        ticker.deadline(0.01)
        raise InterruptedError

    monkeypatch.setattr(limits, "start_new_thread", interrupted)
    with pytest.raises(InterruptedError):
        ticker.deadline(60)
    wanted = engine.epoch + ticker.deadline(0.01)
    end = time.monotonic() + 30
    while engine.epoch < wanted:
        assert time.monotonic() < end, "nobody watches the clock"
        time.sleep(0.01)
    assert len(engine.clocks) == 1


def test_the_clock_goes_on_where_there_is_no_memory_to_look_with() -> None:
    """It would never be started again."""

    class Engine:
        def increment_epoch(self) -> None: ...

    class Full:
        def __iter__(self) -> Any:
            raise MemoryError

    ticker = Ticker(Engine())
    ticker.groups = Full()  # type: ignore[assignment]
    assert ticker._busy()


def test_a_call_held_up_past_its_deadline_ends_at_the_next_tick() -> None:
    class Engine:
        def increment_epoch(self) -> None: ...

    ticker = Ticker(Engine())
    ticker.deadline(60)
    # The clock has gone on for ten seconds since this thread looked at the time.
    ticker._ticks += 10_000
    assert ticker.deadline(0.02) == 1


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        ({"memory": 1e6}, TypeError),
        ({"memory": "1"}, TypeError),
        ({"fuel": 1e6}, TypeError),
        ({"time": "1"}, TypeError),
        ({"time": math.nan}, ValueError),
        ({"time": 0}, ValueError),
        ({"memory": -1}, ValueError),
        ({"fuel": -1}, ValueError),
        ({"compile_time": "1"}, TypeError),
        ({"compile_time": 0}, ValueError),
        ({"compile_memory": 1e6}, TypeError),
        ({"compile_memory": -1}, ValueError),
    ],
)
def test_limits_that_are_none(limits: dict[str, Any], error: type[Exception]) -> None:
    (name,) = limits
    with pytest.raises(error, match=f"^{name}: .*None for no limit"):
        Limits(**limits)


@pytest.mark.parametrize("size", [2**63, 2**64, 2**64 + 5, 2**200])
def test_limits_beyond_all_numbers(limited: Any, size: int) -> None:
    """They are no limits, where a number that lost its upper bits would be a small one."""
    tour = limited(memory=size, fuel=size, time=10**400, compile_time=1e300, compile_memory=size)
    assert tour.articles.gauss_sum(100) == 5050
    with tour.limit(fuel=size, time=1e300):
        assert tour.articles.gauss_sum(100) == 5050
