"""Ctrl-C and other signals while a component runs: nothing is lost, nothing is half done, and the next call works."""

from __future__ import annotations

import ctypes
import gc
import math
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import misdeeds
import pytest
import wasmtime.component

from likewise import component
from likewise.component import Limits, TimeLimitExceeded, interrupt

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals to oneself are POSIX's")

COMPUTING = """(component
  (import "ping" (func $ping (param "n" u32) (result u32)))
  (core func $ping (canon lower (func $ping)))
  (core module $m
    (import "env" "ping" (func $ping (param i32) (result i32)))
    (func (export "run") (param $n i64) (result i32)
      (loop $l
        (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
      (call $ping (i32.const 7))))
  (core instance $i (instantiate $m (with "env" (instance (export "ping" (func $ping))))))
  (func (export "run") (param "n" u64) (result u32) (canon lift (core func $i "run"))))"""


class Alarm(Exception):
    """What a handler raises."""


@pytest.fixture
def alarm() -> Iterator[Callable[[float], None]]:
    """Send this process a signal after some seconds, whose handler raises `Alarm`; in the test, not in what pytest does about it."""

    def handler(number: int, frame: Any) -> None:
        while frame is not None and frame.f_code.co_filename != __file__:
            frame = frame.f_back
        if frame is not None:
            raise Alarm

    before = signal.signal(signal.SIGALRM, handler)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds) and None
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def computing(lane: str) -> Any:
    return lambda **options: component.load(misdeeds.binary(COMPUTING), imports={"ping": lambda n: n + 1}, **options)


def test_a_long_call_is_interrupted(computing: Any, alarm: Any) -> None:
    watched = computing(limits=Limits(time=math.inf))
    for _ in range(3):
        start = time.monotonic()
        with pytest.raises(Alarm):
            alarm(0.2)
            watched.run(1 << 60)
        assert time.monotonic() - start < 10
        assert watched.run(5) == 8


def test_ctrl_c(computing: Any) -> None:
    watched = computing(limits=Limits(time=60))
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        timer.start()
        watched.run(1 << 60)
    timer.join()
    assert watched.run(5) == 8


def test_a_handler_that_does_not_raise_changes_nothing(computing: Any) -> None:
    watched = computing(limits=Limits(time=1.5))
    seen: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    try:
        start = time.monotonic()
        with pytest.raises(TimeLimitExceeded):
            watched.run(1 << 60)
        assert 1.5 <= time.monotonic() - start < 10
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(seen) > 5, "handlers run while the component computes"


def test_a_handler_may_call_the_component(computing: Any) -> None:
    watched = computing(limits=Limits(time=1))
    seen: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: seen.append(watched.run(5)))
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(TimeLimitExceeded):
            watched.run(1 << 60)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert seen == [8]


def test_without_a_limit_it_waits_for_the_call(computing: Any, alarm: Any, lane: str) -> None:
    """The component computes, then calls the host: the handler must not run before the callback's first line, where its exception would
    be lost and the component would get rubbish for an answer.
    """
    plain = computing()
    start = time.process_time()
    plain.run(1 << 24)
    # A second's worth, or more where others use the processor too.
    steps = round((1 << 24) / (time.process_time() - start))
    for part in (0.3, 0.6):
        with pytest.raises(Alarm):
            alarm(part / 3)
            plain.run(steps)
            pytest.fail("a handler's exception was lost")
        assert plain.run(5) == 8


def test_at_any_moment(computing: Any, alarm: Any, lane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short calls with callbacks, interrupted wherever it hits. Some hit a finalizer of wasmtime-py, where Python itself prints an exception
    and forgets it: none of those may be ours, and no callback of ctypes may be among them.
    """
    forgotten: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: forgotten.append(f"{what.err_msg} {what.object!r}"))
    draw = random.Random(3)

    def call_until_it_comes(watched: Any) -> None:
        before, end = len(forgotten), time.monotonic() + 10
        alarm(draw.random() * 0.004 + 0.0002)
        while len(forgotten) == before:
            assert watched.run(100) == 8
            assert time.monotonic() < end, "an exception vanished without a word"
        alarm(0)

    for watched in (computing(), computing(limits=Limits(time=30))):
        interrupts = 0
        while interrupts < 300:
            try:
                call_until_it_comes(watched)
            except Alarm:
                interrupts += 1
        assert watched.run(5) == 8
    assert not [one for one in forgotten if "likewise" in one or "ctypes callback" in one]
    # The public lane makes and ends a dozen of wasmtime-py's objects in a call.
    assert len(forgotten) <= (100 if lane == "public" else 4)


def test_others_who_use_wasmtime_are_left_alone(computing: Any) -> None:
    """Exceptions of their host functions come out as wasmtime-py has it."""
    assert computing().run(5) == 8
    engine = wasmtime.Engine()

    def ping(store: Any, n: int) -> int:
        raise LookupError("mine")

    linker = wasmtime.component.Linker(engine)
    with linker.root() as root:
        root.add_func("ping", ping)
    store = wasmtime.Store(engine)
    instance = linker.instantiate(store, wasmtime.component.Component(engine, misdeeds.binary(COMPUTING)))
    run = instance.get_func(store, "run")
    assert run is not None
    with pytest.raises(LookupError, match="mine"):
        run(store, 5)


def test_other_threads_are_left_alone(computing: Any, alarm: Any) -> None:
    watched = computing(limits=Limits(time=1))
    outcomes: list[type[BaseException]] = []

    def compute() -> None:
        try:
            watched.run(1 << 60)
        except BaseException as error:
            outcomes.append(type(error))

    thread = threading.Thread(target=compute)
    thread.start()
    with pytest.raises(Alarm):
        alarm(0.2)
        watched.run(1 << 60)
    thread.join()
    assert outcomes == [TimeLimitExceeded]


def test_sheltered_functions_work_as_before() -> None:
    @interrupt.sheltered
    def add(a: int, b: int = 2, *rest: int, c: int = 0) -> int:
        """Add."""
        return a + b + sum(rest) + c

    assert (add(1), add(1, 3, 4, c=5), add.__doc__, add.__name__) == (3, 13, "Add.", "add")
    outer = 10
    assert interrupt.sheltered(lambda: outer)() == 10


def test_an_instance_whose_end_is_interrupted_is_freed_once(computing: Any, lane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that runs when wasmtime has just freed the store: what comes out must not leave a store that is freed again."""
    component = computing()
    assert component.run(5) == 8
    # Nothing of other tests is freed meanwhile.
    gc.collect()
    gc.disable()
    freed: list[int | None] = []
    free = wasmtime.Store._delete

    def interrupted(self: Any, pointer: Any) -> None:
        freed.append(ctypes.cast(pointer, ctypes.c_void_p).value)
        if len(freed) == 1:
            free(self, pointer)
            raise Alarm

    monkeypatch.setattr(wasmtime.Store, "_delete", interrupted)
    try:
        with pytest.raises(Alarm):
            component.close()
        del component
        gc.collect()
    finally:
        gc.enable()
    assert len(freed) == 1
