"""Host imports: what they receive and return, and what becomes of their exceptions."""

from __future__ import annotations

import signal
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from tour_host import Host

from likewise import component
from likewise.component import ComponentError, Err, ImportMissing, Ok, ResourceClosed, Trap


def test_values_in_and_out(tour: component.Component, host: Host) -> None:
    asked: list[int] = []
    host.apply = lambda n: asked.append(n) or n * 2
    view = tour.instantiate(imports={"likewise:tour/host@0.1.0": host})
    assert view.bench.ask(21) == 42
    assert view.bench.ask_often(1, 5) == 32
    assert asked == [21, 1, 2, 4, 8, 16]


def test_modules_and_mappings_grant_as_well(lane: str, tour_file: Path) -> None:
    module = types.ModuleType("granted")
    module.apply = lambda n: n + 5  # type: ignore[attr-defined]
    for granted in (module, {"apply": lambda n: n + 5}):
        assert component.load(tour_file, imports={"likewise:tour/host": granted}).bench.ask(1) == 6


def test_the_error_arm_of_a_result(tour: component.Component, host: Host) -> None:
    error = tour.imports["likewise:tour/host@0.1.0"].LookupError
    assert tour.bench.look_up("k") == "the value of k"

    def lookup(key: str) -> Any:
        match key:
            case "ok":
                return Ok("wrapped")
            case "err":
                return Err(error.Denied())
            case "map":
                raise KeyError(key)
        raise ComponentError(error.Missing(key))

    host.lookup = component.maps({KeyError: lambda e: error.Missing(f"mapped {e.args[0]}")})(lookup)
    view = tour.instantiate(imports={"likewise:tour/host": host})
    assert view.bench.look_up("ok") == "wrapped"
    for key, text in [("err", "Denied"), ("map", 'Missing("mapped map")'), ("y", 'Missing("y")')]:
        with pytest.raises(ComponentError) as caught:
            view.bench.look_up(key)
        assert caught.value.payload == f"LookupError::{text}"


class Unusual(BaseException):
    """Not even an Exception."""


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit, Unusual, StopIteration, GeneratorExit])
def test_exceptions_come_out_unchanged(tour: component.Component, host: Host, kind: type[BaseException]) -> None:
    raised = kind("the very one")

    def apply(n: int) -> int:
        raise raised

    host.apply = apply
    view = tour.instantiate(imports={"likewise:tour/host": host})
    book = view.objects.Notebook("x")
    with pytest.raises(kind) as caught:
        view.bench.ask(1)
    assert caught.value is raised
    assert any("apply" in str(entry.name) for entry in caught.traceback)
    with pytest.raises(ResourceClosed, match=rf"{kind.__name__} in a host import"):
        book.title()
    assert view.articles.gauss_sum(3) == 6, "the component goes on in a new instance"


@pytest.mark.parametrize("wrong", ["x", None, -1, 2**32, 1.5])
def test_a_wrong_result_is_named(tour: component.Component, host: Host, wrong: Any) -> None:
    host.apply = lambda n: wrong
    view = tour.instantiate(imports={"likewise:tour/host": host})
    with pytest.raises((TypeError, OverflowError), match=r"^the result of apply: "):
        view.bench.ask(1)


def test_a_wrong_error_arm_is_named(tour: component.Component, host: Host) -> None:
    def lookup(key: str) -> str:
        raise ComponentError("not a LookupError")

    host.lookup = lookup
    view = tour.instantiate(imports={"likewise:tour/host": host})
    with pytest.raises(TypeError, match=r"^the result of lookup\.error: expected LookupError"):
        view.bench.look_up("x")


def test_a_host_import_that_calls_another_component(tour: component.Component, host: Host) -> None:
    adder = component.load(
        bytes(
            wasmtime.wat2wasm(
                """(component
                    (core module $m (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
                    (core instance $i (instantiate $m))
                    (alias core export $i "add" (core func $add))
                    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $add))))"""
            )
        )
    )
    host.apply = lambda n: adder.add(n, 1000)
    view = tour.instantiate(imports={"likewise:tour/host": host})
    assert view.bench.ask_often(0, 50) == 50_000


def test_a_host_import_that_calls_back_gets_another_instance(tour: component.Component, host: Host) -> None:
    view = tour.instantiate(imports={"likewise:tour/host": host})
    depth = 0

    def apply(n: int) -> int:
        nonlocal depth
        depth += 1
        return view.bench.ask(n - 1) + 1 if n else 0

    host.apply = apply
    view = tour.instantiate(imports={"likewise:tour/host": host})
    assert view.bench.calls() == 1
    assert view.bench.ask(5) == 5
    assert depth == 6
    assert view.bench.calls() == 2, "the thread's own instance is again the one that is called"


def test_a_resource_cannot_be_entered_twice(tour: component.Component, host: Host) -> None:
    book: list[Any] = []
    seen: list[str] = []

    def apply(n: int) -> int:
        try:
            book[0].title()
        except RuntimeError as error:
            seen.append(str(error))
        return n

    host.apply = apply
    view = tour.instantiate(imports={"likewise:tour/host": host})
    book.append(view.objects.Notebook("x"))
    assert view.bench.ask(1) == 1
    assert "is in use by the call under way" in seen[0]
    assert book[0].title() == "x"


def test_a_resource_closed_in_a_host_import_is_dropped_after_the_call(tour: component.Component, host: Host) -> None:
    books: list[Any] = []
    host.apply = lambda n: books.clear() or n
    view = tour.instantiate(imports={"likewise:tour/host": host})
    books.append(view.objects.Notebook("x"))
    assert view.bench.ask(1) == 1
    assert view.objects.alive() == 0


def test_a_trap_in_the_middle_of_a_list(tour: component.Component, host: Host) -> None:
    asked: list[int] = []
    host.apply = lambda n: asked.append(n) or n
    view = tour.instantiate(imports={"likewise:tour/host": host})
    with pytest.raises(Trap, match="unreachable") as caught:
        view.bench.trap_midway([1, 2, 3])
    assert asked == [1, 2, 3]
    assert "trap_midway" in caught.value.backtrace
    assert view.bench.calls() == 1


def test_what_was_not_granted_is_missed_only_when_called(lane: str, tour_file: Path) -> None:
    loaded = component.load(tour_file)
    assert loaded.articles.gauss_sum(100) == 5050
    with pytest.raises(ImportMissing, match=r"called likewise:tour/host@0\.1\.0\.apply, which was not granted: pass imports="):
        loaded.bench.ask(1)
    assert loaded.articles.greet("x") == "HELLO x"
    with pytest.raises(ImportMissing, match="has no apply"):
        component.load(tour_file, imports={"likewise:tour/host": object()}).bench.ask(1)
    with pytest.raises(ImportMissing):
        loaded.bench.use_tally(1)


def test_a_grant_for_nothing_is_refused(lane: str, tour_file: Path) -> None:
    with pytest.raises(ValueError, match="does not import 'likewise:tour/hots'; it imports likewise:tour/host"):
        component.load(tour_file, imports={"likewise:tour/hots": object()})


@pytest.mark.skipif(sys.platform == "win32", reason="signals to oneself are POSIX's")
def test_ctrl_c_in_a_host_import(tour: component.Component, host: Host) -> None:
    entered = threading.Event()

    def apply(n: int) -> int:
        entered.set()
        # In short naps: a signal that arrives just before a nap begins does not end it.
        for _ in range(600):
            time.sleep(0.05)
        return n

    host.apply = apply
    view = tour.instantiate(imports={"likewise:tour/host": host})

    def interrupt() -> None:
        entered.wait()
        # To the main thread, as a terminal's would be: another thread's signal does not end the main thread's sleep.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        view.bench.ask(1)
    thread.join()
    assert time.monotonic() - start < 10
    assert view.articles.gauss_sum(100) == 5050
