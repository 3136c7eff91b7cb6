"""What is read from a component's file: its world, its documentation, and sense out of damaged ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

from likewise import component
from likewise.component import ComponentFormatError
from likewise.component.binary import read_world
from likewise.component.inspect import inspect


def test_the_world_of_the_tour(tour_file: Path) -> None:
    world = read_world(tour_file.read_bytes())
    assert list(world.imports) == ["likewise:tour/host@0.1.0"]
    assert [name for name in world.exports if name] == [
        f"likewise:tour/{name}@0.1.0" for name in ("articles", "types", "objects", "bench")
    ]
    assert list(world.exports[""].functions) == ["version"]


def test_equal_structures_under_two_names_are_two_types(lane: str, tour_file: Path) -> None:
    """Wasmtime cannot tell `test-data` and a record of equal fields apart: the file can."""
    source = """(component
      (type $a' (record (field "x" u32)))
      (type $b' (record (field "x" u32)))
      (import "a" (type $a (eq $a')))
      (import "b" (type $b (eq $b')))
      (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
      (core instance $i (instantiate $m))
      (alias core export $i "f" (core func $f))
      (func (export "turn") (param "v" $a) (result $b) (canon lift (core func $f))))"""
    loaded = component.load(bytes(wasmtime.wat2wasm(source)))
    turned = loaded.turn(loaded.A(3))
    assert type(turned) is loaded.B
    assert turned == loaded.B(3)


def test_the_wit_text_is_what_the_component_was_made_of(tour_file: Path) -> None:
    text = component.load(tour_file).wit()
    assert text == inspect(tour_file).wit
    for line in (
        "    export likewise:tour/articles@0.1.0;",
        "        use host.{tally};",
        "            perhaps: option<option<u32>>,",
        "            count: static func(notebooks: list<borrow<notebook>>) -> u32;",
        "        fail-with-shape: func(shape: shape) -> result<_, shape>;",
        "        /// Half of an even number; an odd one is an error that says so.",
    ):
        assert line in text.splitlines(), line


def test_inspect_says_sizes_and_names(tour_file: Path) -> None:
    report = inspect(tour_file)
    assert report.size == len(tour_file.read_bytes())
    assert sum(report.modules) < report.size
    assert report.imports == ("likewise:tour/host@0.1.0",)
    assert "version" in report.exports
    assert f"// sha256 {report.sha256}" in str(report)
    assert ("wit-docs",) in [(name,) for name, _ in report.custom]


def test_what_is_not_a_component_is_said_to_be_what_it_is(lane: str, tmp_path: Path) -> None:
    with pytest.raises(ComponentFormatError, match="core WebAssembly module, not a component"):
        component.load(bytes(wasmtime.wat2wasm("(module)")))
    with pytest.raises(ComponentFormatError, match="not a WebAssembly file"):
        component.load(b"#!/bin/sh")
    with pytest.raises(ComponentFormatError):
        component.load(b"")
    with pytest.raises(FileNotFoundError):
        component.load(tmp_path / "nothing.wasm")


def test_damaged_files_are_refused_and_nothing_else(tour_file: Path) -> None:
    data = tour_file.read_bytes()
    chance = random.Random(3)
    for _ in range(150):
        cut = data[: chance.randrange(len(data))]
        flipped = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            # The sections that are read here lie behind the code: half of the damage goes there.
            place = chance.randrange(len(data)) if chance.random() < 0.5 else len(data) - 1 - chance.randrange(25_000)
            flipped[place] = chance.randrange(256)
        for damaged in (cut, bytes(flipped)):
            try:
                read_world(damaged)
            except ComponentFormatError:
                pass


@settings(max_examples=300, deadline=None, database=None)
@given(st.binary(max_size=200))
def test_any_bytes_behind_a_proper_beginning_are_refused_or_read(data: bytes) -> None:
    try:
        read_world(b"\0asm\x0d\0\x01\0" + data)
    except ComponentFormatError:
        pass


def test_components_that_multiply_are_refused() -> None:
    """Each component instantiates the one before it twice: forty lines, a million million instantiations."""
    inner = "(component $c0)"
    for i in range(40):
        inner += (
            f" (component $c{i + 1} (alias outer 1 $c{i} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))"
        )
    source = f"(component {inner} (instance (instantiate $c40)))"
    with pytest.raises(ComponentFormatError, match=r"too many instances|too deeply"):
        read_world(bytes(wasmtime.wat2wasm(source)))


def test_async_types_are_named_where_they_cannot_be_carried(lane: str) -> None:
    source = """(component
      (import "f" (func $f (param "v" (tuple u32 u32)))))"""
    loaded = component.load(bytes(wasmtime.wat2wasm(source)))
    assert dir(loaded)
