"""Threads that wait for each other's instances: an error in one of them where they would do so for ever, and none where they would not."""

from __future__ import annotations

import contextlib
import random
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import wasmtime

from likewise import component
from likewise.component import ResourceClosed, instance, waits

#: A component with a resource `thing`; `use` asks the host for `ping` in the middle.
THINGS = bytes(
    wasmtime.wat2wasm("""(component
  (import "ping" (func $ping (param "n" u32) (result u32)))
  (core func $ping (canon lower (func $ping)))
  (core module $dtor (func (export "dtor") (param i32)))
  (core instance $dtor (instantiate $dtor))
  (type $thing' (resource (rep i32) (dtor (core func $dtor "dtor"))))
  (export $thing "thing" (type $thing'))
  (core func $new (canon resource.new $thing'))
  (core module $main
    (import "env" "new" (func $new (param i32) (result i32)))
    (import "env" "ping" (func $ping (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "use") (param i32 i32) (result i32) (call $ping (local.get 1)))
    (func (export "see") (param i32) (result i32) (i32.const 7))
    (func (export "answer") (result i32) (i32.const 42)))
  (core instance $main (instantiate $main (with "env" (instance (export "new" (func $new)) (export "ping" (func $ping))))))
  (func (export "make") (param "n" u32) (result (own $thing)) (canon lift (core func $main "make")))
  (func (export "use") (param "thing" (borrow $thing)) (param "n" u32) (result u32) (canon lift (core func $main "use")))
  (func (export "see") (param "thing" (borrow $thing)) (result u32) (canon lift (core func $main "see")))
  (func (export "answer") (result u32) (canon lift (core func $main "answer"))))""")
)
FOR_EVER = "threads wait for each other for ever"


@pytest.fixture
def do() -> dict[int, Callable[[], object]]:
    """What happens in the host import, by the number that it is called with."""
    return {}


@pytest.fixture
def loaded(lane: str, do: dict[int, Callable[[], object]]) -> Iterator[component.Component]:
    def ping(n: int) -> int:
        if n in do:
            do[n]()
        return n

    yield component.load(THINGS, imports={"ping": ping})
    assert not waits.known


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Do each in a thread of its own; what became of them."""
    outcomes: list[object] = [None] * len(jobs)

    def work(i: int) -> None:
        try:
            outcomes[i] = jobs[i]()
        except Exception as error:
            outcomes[i] = error

    threads = [threading.Thread(target=work, args=(i,), daemon=True) for i in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "they wait for ever"
    return outcomes


def ring(
    loaded: component.Component, do: dict[int, Callable[[], object]], count: int, reach: Callable[[Any], object]
) -> list[object]:
    """So many threads, each in a call of its own instance, whose host import does something about the next one's resource."""
    things: list[Any] = [None] * count
    together = threading.Barrier(count)

    def work(me: int) -> Any:
        things[me] = loaded.make(me)

        def meet() -> None:
            together.wait(30)
            reach(things[(me + 1) % count])

        do[me] = meet
        together.wait(30)
        return loaded.use(things[me], me)

    return at_once(*(lambda me=me: work(me) for me in range(count)))  # type: ignore[misc]


REACH = {"call": lambda loaded: lambda thing: loaded.use(thing, 1000), "close": lambda loaded: lambda thing: thing.close()}


@pytest.mark.parametrize("way", REACH)
@pytest.mark.parametrize("count", [2, 3, 5])
def test_one_of_those_that_wait_for_each_other_gives_up(
    loaded: component.Component, do: dict[int, Callable[[], object]], count: int, way: str
) -> None:
    for _ in range(3):
        outcomes = ring(loaded, do, count, REACH[way](loaded))
        gave_up = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, RuntimeError)]
        assert len(gave_up) == 1
        assert f"{count} {FOR_EVER}" in str(outcomes[gave_up[0]])
        # Its host import failed, and its instance with it: the one that waited for that one finds the resource lost.
        before = (gave_up[0] - 1) % count
        assert isinstance(outcomes[before], ResourceClosed) if way == "call" else outcomes[before] == before
        assert not waits.known
        assert loaded.answer() == 42


@pytest.mark.parametrize("way", REACH)
@pytest.mark.parametrize("count", [2, 3])
def test_whoever_catches_it_goes_on(
    loaded: component.Component, do: dict[int, Callable[[], object]], count: int, way: str
) -> None:
    caught: list[RuntimeError] = []

    def reach(thing: Any) -> None:
        try:
            REACH[way](loaded)(thing)
        except RuntimeError as error:
            caught.append(error)

    assert ring(loaded, do, count, reach) == list(range(count))
    assert [FOR_EVER in str(error) for error in caught] == [True]


def test_visitors_of_each_other(loaded: component.Component, do: dict[int, Callable[[], object]]) -> None:
    """Each is in the other one's instance, and calls its own."""
    things: list[Any] = [None, None]
    together = threading.Barrier(2)

    def meet() -> None:
        together.wait(30)
        loaded.answer()

    do[0] = meet

    def work(me: int) -> Any:
        things[me] = loaded.make(me)
        together.wait(30)
        return loaded.use(things[1 - me], 0)

    outcomes = at_once(lambda: work(0), lambda: work(1))
    assert sorted(isinstance(outcome, RuntimeError) and FOR_EVER in str(outcome) for outcome in outcomes) == [False, True]


def test_instances_of_different_components(lane: str) -> None:
    things: list[Any] = [None, None]
    together = threading.Barrier(2)

    def work(me: int) -> Any:
        def ping(n: int) -> int:
            if n:
                together.wait(30)
                loaded[1 - me].use(things[1 - me], 0)
            return n

        loaded[me] = component.load(THINGS, imports={"ping": ping})
        things[me] = loaded[me].make(me)
        together.wait(30)
        return loaded[me].use(things[me], 1)

    loaded: list[Any] = [None, None]
    outcomes = at_once(lambda: work(0), lambda: work(1))
    assert sum(isinstance(outcome, RuntimeError) and FOR_EVER in str(outcome) for outcome in outcomes) == 1
    assert not waits.known


def test_a_long_wait_is_none_for_ever(loaded: component.Component, do: dict[int, Callable[[], object]]) -> None:
    """One waits for another, which waits for a third, which takes its time and calls the first one's component in the end."""
    things: list[Any] = [None] * 3
    together = threading.Barrier(3)

    def meet(me: int) -> None:
        together.wait(30)
        if me < 2:
            loaded.use(things[me + 1], 1000)
        else:
            time.sleep(0.5)
            loaded.answer()

    def work(me: int) -> Any:
        things[me] = loaded.make(me)
        do[me] = lambda: meet(me)
        together.wait(30)
        return loaded.use(things[me], me)

    assert at_once(*(lambda me=me: work(me) for me in range(3))) == [0, 1, 2]  # type: ignore[misc]


def test_finalizers_of_those_that_wait_for_each_other(loaded: component.Component, do: dict[int, Callable[[], object]]) -> None:
    """They leave the resource to whoever has the instance."""
    things: list[list[Any]] = [[], []]
    together = threading.Barrier(2)

    def work(me: int) -> Any:
        mine = loaded.make(me)
        things[me].append(loaded.make(me))

        def meet() -> None:
            together.wait(30)
            things[1 - me].clear()

        do[me] = meet
        together.wait(30)
        return loaded.use(mine, me)

    assert at_once(lambda: work(0), lambda: work(1)) == [0, 1]


def test_no_error_where_all_waits_end(
    loaded: component.Component, do: dict[int, Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that wait for those of higher numbers alone never wait in a circle, whatever else they do: visits, own calls, finalizers."""
    monkeypatch.setattr(instance, "_PATIENCE", 0.0005)
    count, rounds = 6, 150
    things: list[Any] = [None] * count
    together = threading.Barrier(count)
    looked = [0]
    look = waits.Wait.look

    def counted(self: waits.Wait, groups: Any) -> None:
        looked[0] += 1
        look(self, groups)

    monkeypatch.setattr(waits.Wait, "look", counted)

    def work(me: int) -> int:
        chance = random.Random(me)
        mine = things[me] = loaded.make(me)

        def reach(beyond: int) -> None:
            """In a host import, with the instance of `beyond`."""
            if chance.random() < 0.3:
                time.sleep(chance.random() * 0.003)
            loaded.make(1)
            if beyond + 1 < count:
                loaded.use(things[chance.randrange(beyond + 1, count)], 1000)

        do[me] = lambda: reach(me)
        together.wait(30)
        done = 0
        for _ in range(rounds):
            done += loaded.use(mine, me) == me
            # A visit, from outside: nothing is held meanwhile.
            done += loaded.use(things[chance.randrange(count)], 1000) == 1000
            assert loaded.answer() == 42
        together.wait(60)
        return done

    assert at_once(*(lambda me=me: work(me) for me in range(count))) == [2 * rounds] * count  # type: ignore[misc]
    assert looked[0] > 100


def test_an_instance_that_is_given_back_at_the_last_moment(
    loaded: component.Component, do: dict[int, Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread looks whether anybody waits just before the one who found it taken says so: he is not left to wait for no one."""
    monkeypatch.setattr(instance, "_PATIENCE", 300)
    things: list[Any] = []
    began, over = threading.Event(), threading.Event()
    mine = instance.Instance._mine

    def last(self: instance.Instance, me: int) -> bool:
        if began.is_set() and not over.is_set():
            over.set()
            while not self.idle:
                time.sleep(0.01)
            time.sleep(0.2)
        return mine(self, me)

    monkeypatch.setattr(instance.Instance, "_mine", last)

    def own() -> Any:
        things.append(loaded.make(0))
        do[1] = lambda: (began.set(), over.wait(30))
        return loaded.use(things[0], 1)

    assert at_once(own, lambda: began.wait(30) and loaded.see(things[0])) == [1, 7]


def test_interrupts_while_a_gate_is_asked_for(loaded: component.Component) -> None:
    """A signal's handler that raises right after a lock was taken, before anything could be done about it, leaves it taken for ever."""

    class Gate:
        """Interrupts at that moment. A `with` statement has no such moment."""

        def __init__(self) -> None:
            self.lock = threading.RLock()

        def acquire(self, blocking: bool = True) -> bool:
            self.lock.acquire(blocking)
            raise KeyboardInterrupt

        def __enter__(self) -> bool:
            return self.lock.__enter__()

        def __exit__(self, *_: object) -> None:
            self.lock.release()

    thing: Any = loaded.make(0)
    inst = thing._inst
    inst.gate = gate = Gate()
    for ask in (lambda: inst.drop(thing._ptr), lambda: waits._held(threading.get_ident(), instance.groups)):
        with contextlib.suppress(KeyboardInterrupt):
            ask()
    thing._inst = None
    assert at_once(lambda: gate.lock.acquire(blocking=False)) == [True]


def test_components_that_are_loaded_meanwhile(
    loaded: component.Component, do: dict[int, Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits looks at all components, and another thread may load one at that very moment: a set does not let itself be read then."""

    class Changing(weakref.WeakSet[Any]):
        failed = 0

        def __iter__(self) -> Iterator[Any]:
            self.failed += 1
            raise RuntimeError("Set changed size during iteration")

    changing = Changing()
    monkeypatch.setattr(instance, "_groups", changing)
    things: list[Any] = []
    began = threading.Event()

    def own() -> Any:
        things.append(loaded.make(0))
        do[1] = lambda: (began.set(), time.sleep(0.3))
        return loaded.use(things[0], 1)

    assert at_once(own, lambda: began.wait(30) and loaded.see(things[0])) == [1, 7]
    assert changing.failed


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no interval timers to interrupt with")
def test_a_signals_handler_calls_what_its_thread_waits_for(
    loaded: component.Component, do: dict[int, Callable[[], object]]
) -> None:
    """It is the thread's turn, which cannot go on before the handler has returned, and the handler waits for its own turn."""
    things: list[Any] = []
    began, over = threading.Event(), threading.Event()

    def own() -> None:
        things.append(loaded.make(0))
        do[1] = lambda: (began.set(), over.wait(30), time.sleep(0.2))
        loaded.use(things[0], 1)

    seen: list[object] = []

    def handle(*_: Any) -> None:
        if over.is_set():
            raise TimeoutError("it waits for ever")
        signal.setitimer(signal.ITIMER_REAL, 20)
        over.set()
        seen.append(loaded.see(things[0]))
        signal.setitimer(signal.ITIMER_REAL, 0)

    owner = threading.Thread(target=own, daemon=True)
    owner.start()
    assert began.wait(30)
    before = signal.signal(signal.SIGALRM, handle)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        seen.append(loaded.see(things[0]))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert seen == [7, 7]
    owner.join(30)
    assert loaded.see(things[0]) == 7


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no interval timers to interrupt with")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 lets a signal's handler run between any two instructions")
def test_interrupts_while_waiting_lose_nothing(
    loaded: component.Component, do: dict[int, Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is interrupted while another thread has the instance leaves it to those who wait, and nothing locked."""

    class Interrupt(BaseException):
        pass

    def interrupt(*_: Any) -> None:
        raise Interrupt

    monkeypatch.setattr(instance, "_PATIENCE", 0.0003)
    moments = random.Random(3)
    do[1] = lambda: time.sleep(0.0005)
    mine = loaded.make(0)
    over = threading.Event()

    def visit() -> None:
        while not over.is_set():
            loaded.use(mine, 1)

    visitors = [threading.Thread(target=visit, daemon=True) for _ in range(2)]
    before = signal.signal(signal.SIGALRM, interrupt)
    interrupts = 0
    for visitor in visitors:
        visitor.start()
    try:
        while interrupts < 2_000:
            try:
                signal.setitimer(signal.ITIMER_REAL, moments.uniform(1e-5, 2e-3))
                # One that falls into a finalizer is only reported.
                for _ in range(100):
                    assert loaded.answer() == 42
            except Interrupt:
                interrupts += 1
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        over.set()
    for visitor in visitors:
        visitor.join(timeout=30)
    assert not any(visitor.is_alive() for visitor in visitors)
    assert loaded.answer() == 42


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no interval timers to interrupt with")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 lets a signal's handler run between any two instructions")
def test_interrupts_of_a_visitor_lose_nothing(loaded: component.Component) -> None:
    """Whoever is interrupted on the way out of another thread's instance has given it back."""

    class Interrupt(BaseException):
        pass

    def interrupt(*_: Any) -> None:
        raise Interrupt

    moments = random.Random(4)
    made: list[Any] = []
    over = threading.Event()
    owner = threading.Thread(target=lambda: (made.append(loaded.make(0)), over.wait()), daemon=True)
    owner.start()
    while not made:
        time.sleep(0.01)
    before = signal.signal(signal.SIGALRM, interrupt)
    interrupts = 0
    try:
        while interrupts < 1_000:
            try:
                signal.setitimer(signal.ITIMER_REAL, moments.uniform(1e-5, 3e-4))
                for _ in range(1000):
                    assert loaded.see(made[0]) == 7
            except Interrupt:
                interrupts += 1
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        over.set()
