"""Resources: the component's, held from Python, and Python's, held by the component."""

from __future__ import annotations

import gc
import pickle
import threading
from typing import Any

import pytest
from tour_host import Host, Tally

from likewise import component
from likewise.component import ComponentError, ResourceClosed, Trap


def test_constructor_methods_statics_and_with(tour: component.Component) -> None:
    notebook = tour.objects.Notebook
    with notebook("diary") as diary:
        assert diary.note("one") == 1
        assert diary.note(line="two") == 2
        assert diary.lines() == ["one", "two"]
        assert diary.title() == "diary"
        assert tour.objects.alive() == 1
        assert not diary.closed
    assert diary.closed
    assert tour.objects.alive() == 0
    with pytest.raises(ResourceClosed, match="this Notebook is closed"):
        diary.lines()
    diary.close()
    other = notebook.of("other", ["a"])
    assert isinstance(other, notebook)
    assert other.lines() == ["a"]


def test_a_reset_ends_the_instance_and_its_resources(tour: component.Component) -> None:
    notebook = tour.objects.Notebook
    before = notebook("diary")
    tour.reset()
    assert before.closed
    with pytest.raises(ResourceClosed, match="lost when its instance ended"):
        before.lines()
    before.close()
    assert tour.objects.alive() == 0
    with notebook("another") as after:
        assert after.lines() == []
    tour.reset()
    tour.reset()
    assert tour.objects.alive() == 0


def test_a_reset_leaves_the_instances_of_other_threads(tour: component.Component) -> None:
    kept = tour.objects.Notebook("mine")
    thread = threading.Thread(target=tour.reset)
    thread.start()
    thread.join()
    assert kept.title() == "mine"


def test_a_result_that_holds_a_resource(tour: component.Component) -> None:
    opened = tour.objects.Notebook.try_open("x")
    assert opened.title() == "x"
    with pytest.raises(ComponentError, match="a notebook needs a title"):
        tour.objects.Notebook.try_open("")


def test_the_garbage_collector_ends_what_nobody_holds(tour: component.Component) -> None:
    for i in range(10):
        tour.objects.Notebook(str(i))
    gc.collect()
    assert tour.objects.alive() == 0


def test_borrowed_and_given_away(tour: component.Component) -> None:
    objects = tour.objects
    a, b = objects.Notebook.of("a", ["1"]), objects.Notebook.of("b", ["2", "3"])
    assert objects.Notebook.count([a, b, a]) == 4
    twin = objects.copy(a)
    assert twin.lines() == ["1"]
    assert objects.shred(a) == ["1"]
    with pytest.raises(ResourceClosed, match="closed, or was given away"):
        a.lines()
    with pytest.raises(ResourceClosed, match="closed, or was given away"):
        objects.shred(a)
    with pytest.raises(ResourceClosed, match="closed, or was given away"):
        objects.Notebook.count([b, a])
    assert objects.alive() == 2


def test_what_no_component_made(tour: component.Component) -> None:
    objects = tour.objects
    nothing = object.__new__(objects.Notebook)
    book = objects.Notebook("a")
    for call in (
        lambda: nothing.lines(),
        lambda: objects.shred(nothing),
        lambda: objects.copy(nothing),
        lambda: objects.Notebook.count([book, nothing]),
    ):
        with pytest.raises(ResourceClosed, match="this Notebook was not made by its component"):
            call()
    assert nothing.closed
    assert repr(nothing) == "<Notebook (closed)>"
    nothing.close()
    with nothing:
        pass
    assert book.title() == "a"
    with pytest.raises(TypeError, match="expected a resource of a component, got int "):
        objects.Notebook.lines(10**5000)


def test_wrong_things_instead_of_a_resource(tour: component.Component) -> None:
    objects = tour.objects
    book = objects.Notebook("x")
    for wrong in (None, 3, "x", object()):
        with pytest.raises(TypeError, match="expected"):
            objects.shred(wrong)
        with pytest.raises(TypeError, match=r"notebooks\[1\]: expected Notebook"):
            objects.Notebook.count([book, wrong])
    with pytest.raises(TypeError, match="cannot be copied or pickled"):
        pickle.dumps(book)
    with pytest.raises(TypeError, match="title: expected str"):
        objects.Notebook(3)


def test_resources_of_another_instance_are_refused(tour: component.Component) -> None:
    other = tour.instantiate()
    mine, theirs = tour.objects.Notebook("a"), other.objects.Notebook("b")
    with pytest.raises((ValueError, TypeError), match=r"belongs to another instance|expected"):
        tour.objects.Notebook.count([mine, theirs])
    assert theirs.title() == "b"
    assert other.objects.alive() == 1


def test_a_resource_is_usable_from_another_thread(tour: component.Component) -> None:
    book = tour.objects.Notebook("shared")
    errors: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for i in range(200):
                book.note(f"{name}{i}")
                tour.objects.copy(book).close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for _ in range(100):
        assert tour.bench.likeness("a", "a") == 1.0
    for thread in threads:
        thread.join()
    assert not errors
    assert len(book.lines()) == 800


def test_after_a_trap_resources_say_that_they_are_gone_and_new_ones_work(tour: component.Component) -> None:
    book = tour.objects.Notebook("lost")
    with pytest.raises(Trap):
        tour.bench.recurse()
    assert book.closed
    with pytest.raises(ResourceClosed, match="was lost when its instance ended"):
        book.title()
    book.close()
    assert tour.objects.Notebook("new").title() == "new"
    assert tour.objects.alive() == 0


def test_the_hosts_resources_are_lent_given_and_dropped(tour: component.Component, host: Host) -> None:
    tally = Tally(7)
    assert tour.bench.bump(tally, 3) == 10
    assert tally.number == 10
    back = tour.bench.exchange(tally)
    assert (type(back), back.number) == (Tally, 11)
    assert tour.bench.use_tally(5) == 24
    assert not tour._group.table.objects, "the component holds none of them any more"


def test_two_borrowed_handles_in_one_callback(tour: component.Component, host: Host) -> None:
    seen: list[tuple[Any, Any]] = []

    def larger(a: Any, b: Any) -> int:
        seen.append((a, b))
        return 0

    host.larger = larger  # type: ignore[method-assign]
    view = tour.instantiate(imports={"likewise:tour/host": host})
    assert view.bench.use_tally(1) == 4
    ((a, b),) = seen
    assert (a.number, b.number) == (2, 4)
