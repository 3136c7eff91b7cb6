"""What is read from a component's file: its world, its documentation, and sense out of damaged ones."""

from __future__ import annotations

import ast
import json
import random
from pathlib import Path

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

from likewise import component
from likewise.component import ComponentFormatError
from likewise.component.binary import read_world
from likewise.component.bind import bind
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


HEAD = b"\0asm\x0d\0\x01\0"


def section(number: int, content: bytes) -> bytes:
    """A section of a component's file; content of less than 16 KB."""
    return bytes([number, len(content) & 0x7F | 0x80, len(content) >> 7]) + content


def importing(name: str) -> bytes:
    """A component that imports a function of this name."""
    data = name.encode()
    return HEAD + section(7, b"\x01\x40\x00\x01\x00") + section(10, bytes([1, 0, len(data)]) + data + b"\x01\x00")


@pytest.mark.parametrize(
    "name", ["x(self): pass\n\nimport os\n\ndef y", "\x1b]0;title\x07", "[x", "[method]x", "a b", "", "a--b", "x.y", "ß", "a_b"]
)
def test_names_that_are_none_become_neither_source_nor_output(name: str, tmp_path: Path) -> None:
    """`bind` writes Python of what it reads, `inspect` shows it, and neither goes on to have it validated."""
    for read in (inspect, component.load, lambda data: bind(data, tmp_path / "package")):
        with pytest.raises(ComponentFormatError) as caught:
            read(importing(name))  # type: ignore[operator]
        assert str(caught.value).replace("\n", "").isprintable()
    assert not (tmp_path / "package").exists()
    assert "import a-b2: func();" in inspect(importing("a-b2")).wit


def test_names_in_types_that_are_none(tmp_path: Path) -> None:
    for kind in (b"\x6d\x01\x03a\nb", b"\x6e\x01\x03a\nb", b"\x72\x01\x03a\nb\x7d", b"\x71\x01\x03a\nb\x00\x00"):
        with pytest.raises(ComponentFormatError, match="is no name"):
            inspect(HEAD + section(7, b"\x01" + kind))


def with_docs(docs: bytes) -> bytes:
    """A component with documentation."""
    base = bytes(wasmtime.wat2wasm('(component (import "x:y/z" (instance (export "f" (func (param "a" u32))))))'))
    return base + section(0, b"\x08wit-docs\x01" + docs)


@pytest.mark.parametrize(
    "text",
    [
        'say "hi"',
        '""""',
        "a\\",
        '\\"""\nimport os',
        "\ud800",
        "\0",
        "a\x1b[31mb\x07",
        "one\rtwo\u2028three\x0cfour",
        "'" * 3,
        "{x}",
    ],
)
def test_documentation_stays_documentation(text: str, tmp_path: Path, lane: str) -> None:
    data = with_docs(json.dumps({"docs": text, "interfaces": {"z": {"docs": text, "funcs": {"f": {"docs": text}}}}}).encode())
    shown = inspect(data).wit
    assert shown.replace("\n", "").isprintable()
    for line in text.split("\n"):
        assert not line.isprintable() or f"/// {line}" in shown
    folder = bind(data, tmp_path / "package")
    for file in folder.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        assert imported == []
    assert component.load(data).imports["x:y/z"].__doc__


@pytest.mark.parametrize(
    "docs",
    [b'{"docs": 7}', b'{"interfaces": {"z": {"docs": [1], "funcs": {"f": {"docs": NaN}}}}}', b"[" * 10_000, b"\xff", b"[]", b""],
)
def test_documentation_that_is_none_is_left_out(docs: bytes, lane: str) -> None:
    data = with_docs(docs)
    assert "f: func(a: u32);" in inspect(data).wit
    assert component.load(data).imports["x:y/z"].__doc__ == "The WIT interface `x:y/z`."


def test_types_that_multiply_are_refused(tmp_path: Path) -> None:
    """Forty types, each of two of the one before: a million million of the first."""
    instances = b"".join(
        # Take the last type from outside; two exports are instances of it.
        b"\x42\x03\x02\x03\x02\x01" + bytes([i]) + b"\x04\x00\x01a\x05\x00\x04\x00\x01b\x05\x00"
        for i in range(40)
    )
    of_instances = section(7, b"\x29\x42\x00" + instances) + section(10, b"\x01\x00\x05a:b/c\x05\x28")
    of_values = section(7, b"\x29\x7d" + b"".join(b"\x6f\x02" + bytes([i, i]) for i in range(40)))
    nowhere = section(6, b"\x01\x03\x02\xff\xff\xff\xff\x0f\x00")
    for sections, readers in ((of_instances, 1), (of_values, 3), (nowhere, 3)):
        for read in (inspect, component.load, lambda data: bind(data, tmp_path / "package"))[:readers]:
            with pytest.raises(ComponentFormatError, match=r"too often|too large|alias to nowhere"):
                read(HEAD + sections)  # type: ignore[operator]


def test_sections_without_end(lane: str) -> None:
    """Those that say nothing take their time as well, each as often as it is passed over."""
    nothing = b"\x00\x01\x00" * 5000
    module = b"\0asm\x01\0\0\0" + nothing
    for kind, inner in ((4, HEAD + nothing), (4, HEAD + section(1, module))):
        data = HEAD + section(kind, inner) + section(5, b"\xd0\x0f" + b"\x00\x00\x00" * 2000)
        with pytest.raises(ComponentFormatError, match="too often"):
            inspect(data)


def test_components_in_components_without_end() -> None:
    data = HEAD
    for _ in range(3000):
        data = HEAD + b"\x04" + bytes([len(data) & 0x7F | 0x80, len(data) >> 7 & 0x7F | 0x80, len(data) >> 14]) + data
    assert inspect(data).modules == ()
    # Versions of wasmtime differ in how many are too many; either is quick.
    try:
        assert not component.load(data).exports
    except ComponentFormatError as error:
        assert "exceeds limit" in str(error)


@pytest.mark.parametrize(
    "kind", ['(variant (case "a" {0}))', '(variant (case "a" {0}) (case "b" bool))', "(option {0})", "(result {0})"]
)
def test_types_of_the_greatest_depth(lane: str, kind: str) -> None:
    """Looking at a type takes as long as it has parts."""
    types, before = [], "u8"
    for i in range(90):
        types.append(f'(type $d{i} {kind.format(before)}) (import "t{i}" (type $t{i} (eq $d{i})))')
        before = f"$t{i}"
    loaded = component.load(
        bytes(
            wasmtime.wat2wasm(f"""(component {" ".join(types)}
      (core module $m (memory (export "memory") 1) (func (export "f") (result i32) (i32.const 0)))
      (core instance $i (instantiate $m))
      (func (export "f") (result (list {before})) (canon lift (core func $i "f") (memory (core memory $i "memory")))))""")
        )
    )
    assert loaded.f() == []


def test_a_core_module_that_is_imported(lane: str) -> None:
    with pytest.raises(ComponentFormatError, match="imports the module 'm'"):
        component.load(bytes(wasmtime.wat2wasm('(component (import "m" (core module)))')))
