"""Resources that end, or are given away, in the middle of a call that has to do with them."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import wasmtime

from likewise import component
from likewise.component import ResourceClosed


def things(functions: list[str]) -> bytes:
    """A component with a resource `thing`, that exports these of its functions, in this order. `use` and `eat` ask the host for `ping` in
    the middle.
    """
    exported = {
        "make": '(func (export "make") (param "n" u32) (result (own $thing)) (canon lift (core func $main "make")))',
        "use": '(func (export "use") (param "thing" (borrow $thing)) (param "n" u8) (result u32) (canon lift (core func $main "use")))',
        "eat": '(func (export "eat") (param "thing" (own $thing)) (param "n" u8) (result u32) (canon lift (core func $main "eat")))',
        "dropped": '(func (export "dropped") (result u32) (canon lift (core func $dtor "dropped")))',
        "take": '(func (export "take") (param "tool" (own $tool)) (param "n" u8) (canon lift (core func $main "take")))',
        "many": '(func (export "many") (param "thing" (borrow $thing)) '
        + " ".join(f'(param "n{i}" u64)' for i in range(12))
        + ' (result u64) (canon lift (core func $main "many")))',
    }
    return bytes(
        wasmtime.wat2wasm(f"""(component
  (import "host" (instance $host (export "tool" (type (sub resource)))))
  (alias export $host "tool" (type $tool))
  (import "ping" (func $ping (param "n" u32) (result u32)))
  (core func $ping (canon lower (func $ping)))
  (core func $drop-tool (canon resource.drop $tool))
  (core module $dtor
    (global $n (mut i32) (i32.const 0))
    (func (export "dropped") (result i32) (global.get $n))
    (func (export "dtor") (param i32) (global.set $n (i32.add (global.get $n) (i32.const 1)))))
  (core instance $dtor (instantiate $dtor))
  (alias core export $dtor "dtor" (core func $destroy))
  (type $thing' (resource (rep i32) (dtor (core func $destroy))))
  (export $thing "thing" (type $thing'))
  (core func $new (canon resource.new $thing'))
  (core func $drop (canon resource.drop $thing'))
  (core module $main
    (import "env" "new" (func $new (param i32) (result i32)))
    (import "env" "drop" (func $drop (param i32)))
    (import "env" "drop-tool" (func $drop-tool (param i32)))
    (import "env" "ping" (func $ping (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "use") (param i32 i32) (result i32) (drop (call $ping (local.get 1))) (local.get 0))
    (func (export "eat") (param i32 i32) (result i32)
      (drop (call $ping (local.get 1))) (call $drop (local.get 0)) (i32.const 7))
    (func (export "take") (param i32 i32) (call $drop-tool (local.get 0)))
    (func (export "many") (param i32 {"i64 " * 12}) (result i64) (local.get 12)))
  (core instance $main (instantiate $main (with "env" (instance
    (export "new" (func $new)) (export "drop" (func $drop)) (export "drop-tool" (func $drop-tool)) (export "ping" (func $ping))))))
  {" ".join(exported[name] for name in functions)})""")
    )


THINGS = things(["make", "use", "eat", "dropped", "take"])
#: As often as memory that was freed needs to be used by somebody else.
OFTEN = 100


class Number:
    """A number that does something before it tells what it is."""

    def __init__(self, value: int, before: Callable[[], object]) -> None:
        self.value, self.before = value, before

    def __index__(self) -> int:
        self.before()
        return self.value


@pytest.fixture
def pings() -> list[Callable[[], object]]:
    """What happens in the host import."""
    return []


@pytest.fixture
def loaded(lane: str, pings: list[Callable[[], object]]) -> component.Component:
    def ping(n: int) -> int:
        for do in pings:
            do()
        return n

    return component.load(THINGS, imports={"ping": ping})


@pytest.mark.parametrize("function", ["use", "eat"])
def test_closed_by_another_argument(loaded: component.Component, function: str) -> None:
    """What was passed lives until the call is over, or the call is refused."""
    for _ in range(OFTEN):
        thing = loaded.make(1)
        try:
            getattr(loaded, function)(thing, Number(3, thing.close))
        except ResourceClosed as error:
            assert "this Thing is closed" in str(error)
        assert thing.closed
    assert loaded.dropped() == OFTEN


@pytest.mark.parametrize("function", ["use", "eat"])
def test_closed_by_a_host_import(loaded: component.Component, pings: list[Callable[[], object]], function: str) -> None:
    for _ in range(OFTEN):
        thing = loaded.make(1)
        pings[:] = [thing.close]
        getattr(loaded, function)(thing, 3)
        assert thing.closed
    assert loaded.dropped() == OFTEN


@pytest.mark.parametrize("function", ["use", "eat"])
def test_closed_by_another_thread_meanwhile(
    loaded: component.Component, pings: list[Callable[[], object]], function: str
) -> None:
    """The other thread waits for its turn, and then finds out what has become of the resource."""
    failures: list[BaseException] = []

    def close(thing: Any) -> None:
        try:
            thing.close()
        except BaseException as error:
            failures.append(error)

    for _ in range(OFTEN):
        thing = loaded.make(1)
        closer = threading.Thread(target=close, args=(thing,))
        begun = threading.Event()
        pings[:] = [closer.start, lambda event=begun: event.wait(0.002)]  # type: ignore[misc]
        getattr(loaded, function)(thing, 3)
        closer.join()
        assert thing.closed
    pings.clear()
    assert not failures
    assert loaded.dropped() == OFTEN


def test_a_call_that_is_refused_gives_nothing_away(loaded: component.Component) -> None:
    thing, other = loaded.make(1), loaded.make(2)
    with pytest.raises(OverflowError):
        loaded.eat(thing, 300)
    assert not thing.closed
    assert loaded.eat(other, 1) == 7
    assert loaded.use(thing, 1) == 1
    assert loaded.eat(thing, 1) == 7
    assert loaded.dropped() == 2


def test_a_call_that_is_refused_keeps_nothing_of_the_hosts(loaded: component.Component) -> None:
    class Tool:
        pass

    tools = [Tool() for _ in range(OFTEN)]
    alive = weakref.WeakSet(tools)
    for tool in tools:
        with pytest.raises(OverflowError):
            loaded.take(tool, 300)
    del tool, tools
    gc.collect()
    assert not alive
    loaded.take(Tool(), 1)


def test_a_resource_of_another_component(loaded: component.Component) -> None:
    """Its instance has other functions, under the same numbers."""
    for number in range(20):
        other = component.load(things(["make", "many"] if number % 2 else ["many", "make"]), imports={"ping": lambda n: n})
        foreign = other.make(1)
        for function in (loaded.use, loaded.eat):
            with pytest.raises(TypeError, match=r"this Thing belongs to another component"):
                function(foreign, 1)
        assert other.many(foreign, *range(12)) == 11
        assert not foreign.closed


def test_methods_of_the_components_own_called_close(lane: str) -> None:
    """They hide the binding's, but not what ends a resource."""
    loaded = component.load(
        bytes(
            wasmtime.wat2wasm("""(component
      (core module $m
        (global $n (mut i32) (i32.const 0))
        (func (export "dtor") (param i32) (global.set $n (i32.add (global.get $n) (i32.const 1))))
        (func (export "dropped") (result i32) (global.get $n))
        (func (export "close") (param i32 i32) (result i32) (local.get 1))
        (func (export "closed") (param i32) (result i32) (i32.const 5)))
      (core instance $i (instantiate $m))
      (alias core export $i "dtor" (core func $dtor))
      (type $door' (resource (rep i32) (dtor (core func $dtor))))
      (export $door "door" (type $door'))
      (core func $new (canon resource.new $door'))
      (func (export "[constructor]door") (param "n" u32) (result (own $door)) (canon lift (core func $new)))
      (func (export "[method]door.close") (param "self" (borrow $door)) (param "code" u32) (result u32)
        (canon lift (core func $i "close")))
      (func (export "[method]door.closed") (param "self" (borrow $door)) (result u32) (canon lift (core func $i "closed")))
      (func (export "dropped") (result u32) (canon lift (core func $i "dropped"))))""")
        )
    )
    with loaded.Door(1) as door:
        assert (door.close(3), door.closed(), repr(door)) == (3, 5, "<Door>")
        assert loaded.dropped() == 0
    assert loaded.dropped() == 1
    assert repr(door) == "<Door (closed)>"
    with pytest.raises(ResourceClosed, match="this Door is closed"):
        door.close(3)
