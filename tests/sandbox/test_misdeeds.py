"""What a hostile component does while it runs ends in its typed error, within its limit, and the next call works."""

from __future__ import annotations

import gc
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import misdeeds
import pytest

from likewise.component import (
    Component,
    FuelExhausted,
    ImportMissing,
    Limits,
    MemoryLimitExceeded,
    TimeLimitExceeded,
    Trap,
    limits,
)

Load = Callable[..., Component]
PING = {"ping": lambda n: n + 1}


def test_endless_loops(load: Load) -> None:
    timed = load(imports=PING, limits=Limits(time=0.1))
    fueled = load(imports=PING, limits=Limits(fuel=10**7))
    for _ in range(3):
        start = time.monotonic()
        with pytest.raises(TimeLimitExceeded):
            timed.spin()
        assert 0.1 <= time.monotonic() - start < 10
        with pytest.raises(FuelExhausted):
            fueled.spin()
        assert (timed.calls(), fueled.calls()) == (1, 1)


def test_endless_loops_on_a_machine_that_is_busy(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread is held up between asking for its deadline and setting it, for longer than the clock goes on without calls."""
    asked = limits.Ticker.deadline

    def held_up(self: limits.Ticker, seconds: float) -> int:
        ticks = asked(self, seconds)
        time.sleep(2)
        return ticks

    limited = load(imports=PING, limits=Limits(time=0.02))
    limited.calls()
    monkeypatch.setattr(limits.Ticker, "deadline", held_up)
    with pytest.raises(TimeLimitExceeded):
        limited.spin()


def test_endless_recursion(load: Load) -> None:
    hostiles = load(imports=PING)
    for _ in range(3):
        with pytest.raises(Trap, match="call stack exhausted"):
            hostiles.recurse(0)
        assert hostiles.calls() == 1


def test_endless_recursion_in_a_thread_with_a_small_stack(load: Load) -> None:
    """A guest's stack is counted: it ends before the thread's own does."""
    hostiles = load(imports=PING)
    outcome: list[type[BaseException]] = []

    def recurse() -> None:
        try:
            hostiles.recurse(0)
        except BaseException as error:
            outcome.append(type(error))

    size = threading.stack_size(1 << 21)
    try:
        thread = threading.Thread(target=recurse)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    assert outcome == [Trap]


@pytest.mark.parametrize("how", range(7))
def test_traps(load: Load, how: int) -> None:
    hostiles = load(imports=PING)
    for _ in range(3):
        with pytest.raises(Trap, match="the component trapped: ") as caught:
            hostiles.trap(how)
        assert caught.value.backtrace
        assert hostiles.calls() == 1


def test_memory_is_limited(load: Load) -> None:
    limit = 4 << 20
    hostiles = load(imports=PING, limits=Limits(memory=limit))
    for pages in (1, 16):
        # `memory.grow` says no: this component takes that for an answer, and has what it was allowed.
        assert hostiles.grow_memory(pages) <= limit // 65536
        assert hostiles.grow_memory(1) < 16
    assert hostiles.calls() == 1


def test_tables_count_as_memory(load: Load) -> None:
    limit = 4 << 20
    hostiles = load(imports=PING, limits=Limits(memory=limit))
    assert hostiles.grow_table(1000) * 8 <= limit
    with pytest.raises(MemoryLimitExceeded):
        load(
            "(component (core module $m (table 10000000 funcref)) (core instance (instantiate $m))"
            '(core module $n (func (export "f"))) (core instance $i (instantiate $n)) (func (export "f") (canon lift (core func $i "f"))))',
            limits=Limits(memory=1 << 20),
        ).f()


def test_many_memories(load: Load) -> None:
    """A component that may have a megabyte cannot have a hundred of them."""
    assert load(misdeeds.many_memories(15, 1), limits=Limits(memory=1 << 20)).answer() == 42
    greedy = load(misdeeds.many_memories(17, 16), limits=Limits(memory=1 << 20))
    for _ in range(2):
        with pytest.raises(MemoryLimitExceeded, match="more memory than its limit of 1048576 bytes"):
            greedy.answer()


def test_many_instances(load: Load) -> None:
    of_globals = f"(core module $m {'(global (mut v128) (v128.const i64x2 0 0))' * 100})"
    answer = """(core module $n (func (export "answer") (result i32) (i32.const 42))) (core instance $i (instantiate $n))
      (func (export "answer") (result u32) (canon lift (core func $i "answer")))"""
    for count in (limits.INSTANCES - 1, limits.INSTANCES):
        loaded = load(
            f"(component {of_globals} {'(core instance (instantiate $m))' * count} {answer})", limits=Limits(memory=1 << 20)
        )
        if count < limits.INSTANCES:
            assert loaded.answer() == 42
            continue
        with pytest.raises(MemoryLimitExceeded):
            loaded.answer()


#: Prints the bytes that an answer has cost, and those that the limit of memory allowed.
MEASURE = """
import os, sys, misdeeds
from pathlib import Path
from likewise import component
from likewise.component.binary import read_world

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

kind, n, instances = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
file = misdeeds.binary(misdeeds.hoarding(kind, n, instances))
needed = read_world(file).footprint
loaded = component.load(file, limits=component.Limits(memory=needed))
before = resident()
assert loaded.answer() == 42
print(resident() - before, needed)
strict = component.load(file, limits=component.Limits(memory=needed - 1))
try:
    strict.answer()
except component.MemoryLimitExceeded as error:
    assert f"need {needed} bytes in each instance, more than its limit of {needed - 1} bytes" in str(error), error
else:
    raise AssertionError("more than its limit")
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory in use is read from /proc")
@pytest.mark.parametrize("kind", misdeeds.HOARDS)
def test_what_instances_keep_counts_as_memory(lane: str, kind: str) -> None:
    """It is no more than what is counted, and the kilobytes that any instance takes."""
    instances = 200
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, kind, "2000", str(instances)],
        env={**os.environ, "PYTHONPATH": str(Path(misdeeds.__file__).parent)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    taken, needed = map(int, done.stdout.split())
    assert taken <= needed + instances * 4096 + (4 << 20)


@pytest.mark.parametrize("kind", misdeeds.HOARDS)
def test_a_small_file_with_large_instances(load: Load, kind: str) -> None:
    hostile = load(misdeeds.hoarding(kind, 5_000, 250), limits=Limits(memory=4 << 20))
    for _ in range(2):
        with pytest.raises(MemoryLimitExceeded, match=r"globals, functions and elements need \d+ bytes in each instance"):
            hostile.answer()


@pytest.mark.parametrize("way", ["of an outer component", "given to it", "exported", "exported by an instance"])
def test_instances_of_modules_that_go_a_long_way(load: Load, way: str) -> None:
    """However a module comes to where it is instantiated, and however often that is, it counts."""
    module = f"(core module $m {misdeeds.HOARDS['globals'](1000)})"
    inner = {
        "of an outer component": "(component $c (alias outer 1 $m (core module $n)) (core instance (instantiate $n)))",
        "given to it": '(component $c (import "m" (core module $n)) (core instance (instantiate $n)))',
        "exported": f"""(component $o {module} (export "m" (core module $m))) (instance $o (instantiate $o))
          (alias export $o "m" (core module $n))
          (component $c (alias outer 1 $n (core module $n)) (core instance (instantiate $n)))""",
        "exported by an instance": """(instance $o (export "m" (core module $m)))
          (component $c
            (core type $t (module))
            (import "i" (instance $i (alias outer 1 $t (core type $t)) (export "m" (core module (type $t)))))
            (alias export $i "m" (core module $n))
            (core instance (instantiate $n)))""",
    }[way]
    given = {"given to it": '(with "m" (core module $m))', "exported by an instance": '(with "i" (instance $o))'}.get(way, "")
    text = f"""(component {module} {inner} {f"(instance (instantiate $c {given}))" * 100}
      (core module $last (func (export "answer") (result i32) (i32.const 42)))
      (core instance $last (instantiate $last))
      (func (export "answer") (result u32) (canon lift (core func $last "answer"))))"""
    needed = 100 * 1000 * 16
    assert load(text, limits=Limits(memory=needed + 1000)).answer() == 42
    with pytest.raises(MemoryLimitExceeded):
        load(text, limits=Limits(memory=needed - 1)).answer()


def test_honest_numbers_of_globals_and_functions(load: Load) -> None:
    """Thousands of each, as large programs have them, in a megabyte."""
    n = 5_000
    text = f"""(component
      (core module $m (memory 1) (table {n} funcref) {"(global (mut i32) (i32.const 0))" * n} {"(func)" * n}
        (elem (i32.const 0) func {" ".join(map(str, range(n)))}) (func (export "answer") (result i32) (i32.const 42)))
      (core instance $i (instantiate $m))
      (func (export "answer") (result u32) (canon lift (core func $i "answer"))))"""
    assert load(text, limits=Limits(memory=1 << 20)).answer() == 42


def test_memory_that_is_collected_as_garbage(load: Load) -> None:
    text = """(component
      (core module $m
        (type $bytes (array i8))
        (type $list (struct (field (ref null $list)) (field (ref $bytes))))
        (global $all (mut (ref null $list)) (ref.null $list))
        (func (export "hoard") (loop $more
          (global.set $all (struct.new $list (global.get $all) (array.new_default $bytes (i32.const 100000))))
          (br $more))))
      (core instance $i (instantiate $m))
      (func (export "hoard") (canon lift (core func $i "hoard"))))"""
    loaded = load(text, limits=Limits(memory=1 << 20))
    for _ in range(2):
        with pytest.raises(MemoryLimitExceeded):
            loaded.hoard()


@pytest.mark.parametrize(
    "name",
    [
        "raw_vec" * 14_000,
        "wasm trap: interrupt",
        "all fuel consumed",
        "exceeds memory limits",
        "x\\0a\\0aCaused by:\\0a    wasm trap: interrupt",
    ],
)
def test_names_that_mislead(load: Load, name: str) -> None:
    """The functions of a backtrace are called what the component calls them."""
    text = f"""(component
      (core module $m (func $f (@name "{name}") (export "f") (param $n i32) (result i32)
        (if (i32.eqz (local.get $n)) (then unreachable))
        (call $f (i32.sub (local.get $n) (i32.const 1)))))
      (core instance $i (instantiate $m))
      (func (export "f") (param "n" u32) (result u32) (canon lift (core func $i "f"))))"""
    loaded = load(text, limits=Limits(memory=1 << 20, time=2, fuel=10**9))
    start = time.monotonic()
    with pytest.raises(Trap, match="unreachable") as caught:
        loaded.f(30)
    assert type(caught.value) is Trap
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("body", "error", "limits"),
    [
        ("(unreachable)", Trap, Limits()),
        ("(loop $l (br $l))", TimeLimitExceeded, Limits(time=0.1)),
        ("(loop $l (br $l))", FuelExhausted, Limits(fuel=10**6)),
        ("(call $s)", Trap, Limits()),
    ],
)
def test_what_happens_at_the_start(load: Load, body: str, error: type[Trap], limits: Limits) -> None:
    bad = load(misdeeds.starting(body), limits=limits)
    for _ in range(3):
        with pytest.raises(error):
            bad.answer()


#: What becomes of an argument's memory: outside, not aligned for texts (which is no mistake), a trap, an endless loop, a call out of
#: the component, and an address near the end of all.
@pytest.mark.parametrize("mode", [1, 3, 4, 5, 6])
def test_no_place_for_an_argument(load: Load, mode: int) -> None:
    pings: list[int] = []
    hostiles = load(imports={"ping": lambda n: pings.append(n) or n}, limits=Limits(time=0.2))
    for text in ("x" * 100, "é" * 100_000):
        hostiles.set_mode(mode)
        with pytest.raises(TimeLimitExceeded if mode == 4 else Trap):
            hostiles.measure(text)
        assert hostiles.measure("abc") == 3, "a new instance"
    assert not pings, "a component cannot be left while an argument is on its way in"


def test_a_text_that_does_not_fit(load: Load) -> None:
    hostiles = load(imports=PING)
    with pytest.raises(Trap):
        hostiles.measure("x" * 100_000)
    assert hostiles.measure("abc") == 3


@pytest.mark.parametrize("mode", [3, 4, 5])
def test_misdeeds_after_the_result(load: Load, mode: int) -> None:
    hostiles = load(imports=PING, limits=Limits(time=0.2))
    hostiles.set_mode(mode)
    try:
        hostiles.late()
    except Trap as error:
        assert isinstance(error, TimeLimitExceeded) == (mode == 4)
    hostiles.set_mode(0)
    assert hostiles.late() == 1


@pytest.mark.parametrize("name", misdeeds.GARBAGE)
def test_garbage_instead_of_a_value(load: Load, name: str) -> None:
    kind, words = misdeeds.GARBAGE[name]
    bad = load(misdeeds.returning(kind, words, name), limits=Limits(memory=1 << 20))
    for _ in range(2):
        start = time.monotonic()
        with pytest.raises(Trap) as caught:
            bad.give()
        assert type(caught.value) is Trap
        assert time.monotonic() - start < 10
        assert bad.answer() == 42


@pytest.mark.parametrize("name", misdeeds.TOLERATED)
def test_what_only_looks_like_garbage(load: Load, name: str) -> None:
    kind, words, meaning = misdeeds.TOLERATED[name]
    bad = load(misdeeds.returning(kind, words, name))
    assert bad.give() == meaning
    assert bad.answer() == 42


@pytest.mark.parametrize(("depth", "length"), [(3, 2000), (4, 1000), (6, 500)])
def test_lists_of_the_same_list_over_and_over(load: Load, depth: int, length: int) -> None:
    """A few kilobytes of the component's memory would be terabytes of the host's."""
    bomb = load(misdeeds.nested_lists(depth, length), limits=Limits(memory=1 << 20))
    start = time.monotonic()
    with pytest.raises(Trap):
        bomb.give()
    assert time.monotonic() - start < 30
    assert bomb.answer() == 42
    small = load(misdeeds.nested_lists(2, 10)).give()
    assert [len(inner) for inner in small] == [10] * 10


def test_calling_back_without_end(load: Load) -> None:
    """A component that the host calls back gets another instance each time, and not without end."""
    text = """(component
      (import "ping" (func $ping (param "n" u32) (result u32)))
      (core func $ping (canon lower (func $ping)))
      (core module $m (import "env" "ping" (func $ping (param i32) (result i32)))
        (func (export "go") (param i32) (result i32) (call $ping (local.get 0))))
      (core instance $i (instantiate $m (with "env" (instance (export "ping" (func $ping))))))
      (func (export "go") (param "n" u32) (result u32) (canon lift (core func $i "go"))))"""
    loaded: list[Component] = []
    loaded.append(load(text, imports={"ping": lambda n: loaded[0].go(n - 1) if n else 7}))
    for _ in range(3):
        assert loaded[0].go(5) == 7
        with pytest.raises(RecursionError, match="called host imports, 8 times over"):
            loaded[0].go(1000)


@pytest.mark.parametrize("way", ["as it starts", "of fresh instances", "of one another"])
def test_calling_back_with_the_stack_used_up(load: Load, way: str) -> None:
    """Each call has half a megabyte of the thread's stack, whichever component and instance it is of."""
    deep = 15_000
    text = f"""(component
      (import "ping" (func $ping (result u32)))
      (core func $ping (canon lower (func $ping)))
      (core module $m (import "env" "ping" (func $ping (result i32)))
        (func $deep (param $n i32) (result i32)
          (if (i32.eqz (local.get $n)) (then (return (call $ping))))
          (i32.add (call $deep (i32.sub (local.get $n) (i32.const 1))) (i32.const 1)))
        (func $s (drop (call $deep (i32.const {deep}))))
        {"(start $s)" if way == "as it starts" else ""}
        (func (export "go") (result i32) (call $deep (i32.const {deep}))))
      (core instance $i (instantiate $m (with "env" (instance (export "ping" (func $ping))))))
      (func (export "go") (result u32) (canon lift (core func $i "go"))))"""
    loaded: list[Component] = []
    calls: list[int] = []

    def ping(number: int) -> int:
        calls.append(number)
        if way == "of one another":
            return int(loaded[(number + 1) % len(loaded)].go())
        return int((loaded[number].instantiate() if way == "of fresh instances" else loaded[number]).go())

    loaded += [load(text, imports={"ping": lambda number=number: ping(number)}) for number in range(4)]
    for _ in range(2):
        calls.clear()
        with pytest.raises(RecursionError, match="called host imports, 8 times over"):
            loaded[0].go()
        assert len(calls) == 9


def test_imports_that_were_not_granted(load: Load) -> None:
    text = """(component
      (import "ping" (func $ping))
      (core func $ping (canon lower (func $ping)))
      (core module $m (import "env" "ping" (func $ping)) (func (export "go") (call $ping)) (func (export "fine")))
      (core instance $i (instantiate $m (with "env" (instance (export "ping" (func $ping))))))
      (func (export "go") (canon lift (core func $i "go")))
      (func (export "fine") (canon lift (core func $i "fine"))))"""
    loaded = load(text)
    for _ in range(3):
        with pytest.raises(ImportMissing, match="ping"):
            loaded.go()
        loaded.fine()


class Thing:
    """The host's object."""

    alive = 0

    def __init__(self) -> None:
        type(self).alive += 1

    def __del__(self) -> None:
        type(self).alive -= 1


class Things:
    """What `HANDLES` imports."""

    Thing = Thing

    def make(self, n: int) -> Thing:
        return Thing()

    def use(self, t: Thing) -> int:
        assert isinstance(t, Thing)
        return 7


@pytest.fixture
def careless(load: Load) -> Any:
    Thing.alive = 0
    return load(misdeeds.HANDLES, imports={"host": Things()}, limits=Limits(time=5))


@pytest.mark.parametrize("misdeed", ["drop_twice", "use_dropped", "confuse", "drop_own_twice"])
def test_careless_with_handles(careless: Any, misdeed: str) -> None:
    for _ in range(3):
        with pytest.raises(Trap):
            getattr(careless, misdeed)()
        assert careless.answer() == 42


@pytest.mark.parametrize("handle", [0, 1, 7, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_forged_handles(careless: Any, handle: int) -> None:
    for call in (careless.forge, careless.give_forged):
        with pytest.raises(Trap):
            call(handle)
        assert careless.answer() == 42


def test_a_borrow_that_is_kept(careless: Any) -> None:
    for _ in range(3):
        with pytest.raises(Trap, match="borrow"):
            careless.keep(Thing())
        assert careless.answer() == 42
    gc.collect()
    assert Thing.alive == 0


def test_objects_that_are_never_dropped(careless: Any) -> None:
    """What a component holds, the host holds: until its instance ends, and no longer."""
    careless.leak(1000)
    gc.collect()
    assert Thing.alive == 1000
    with pytest.raises(Trap):
        careless.drop_twice()
    gc.collect()
    assert Thing.alive == 0
    careless.leak(10)
    careless.close()
    gc.collect()
    assert Thing.alive == 0


@pytest.mark.parametrize(("mode", "error"), [(1, Trap), (2, TimeLimitExceeded)])
def test_destructors_that_fail(load: Load, mode: int, error: type[Trap]) -> None:
    careless = load(misdeeds.HANDLES, imports={"host": Things()}, limits=Limits(time=0.2))
    mine, other = careless.make_own(1), careless.make_own(2)
    careless.on_drop(mode)
    with pytest.raises(error):
        mine.close()
    assert mine.closed
    assert other.closed, "its instance has ended"
    assert careless.answer() == 42


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_destructors_that_fail_for_the_garbage_collector(careless: Any) -> None:
    """It has nobody to raise to: Python reports it as it does for any finalizer, and the next call works."""
    lost, other = careless.make_own(1), careless.make_own(2)
    careless.on_drop(1)
    del lost
    gc.collect()
    assert other.closed
    assert careless.answer() == 42


def test_limits_hold_for_instances_of_all_threads(load: Load) -> None:
    hostiles = load(imports=PING, limits=Limits(time=0.3, memory=2 << 20))
    outcomes: list[type[BaseException] | int] = []

    def work(n: int) -> None:
        try:
            hostiles.spin() if n % 2 else outcomes.append(hostiles.grow_memory(1))
        except BaseException as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert outcomes.count(TimeLimitExceeded) == 4
    assert all(outcome <= 32 for outcome in outcomes if isinstance(outcome, int))


def test_no_limit_of_time_is_still_none(load: Load) -> None:
    assert load(imports=PING, limits=Limits(time=math.inf)).calls() == 1
