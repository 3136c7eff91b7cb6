"""`likewise bind`, `likewise inspect` and `likewise new`: what they write is right, and works."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import typer
import wasmtime
from typer.testing import CliRunner

from likewise.component.bind import bind
from likewise.component.command import register
from likewise.component.scaffold import scaffold

ROOT = Path(__file__).resolve().parents[2]

USE = '''
"""What a user writes; mypy and this file's own run agree on it."""

import tour
from likewise.component import ComponentError, Limits, Ok
from tour.articles import TestData, User
from tour.host import Entry, LookupError
from tour.objects import Notebook
from tour.types import AnyShape, Colour, Permissions, Point, Shape


class Number:
    def __init__(self, start: int) -> None:
        self.number = start

    def add(self, n: int) -> int:
        self.number += n
        return self.number

    def value(self) -> int:
        return self.number

    @staticmethod
    def sum(a: "Number", b: "Number") -> "Number":
        return Number(a.number + b.number)


class Host:
    Tally = Number

    def log(self, entry: Entry) -> None:
        print("log", entry.level.value, entry.text)

    def apply(self, n: int) -> int:
        return n * 2

    def lookup(self, key: str) -> str:
        raise ComponentError(LookupError.Missing(key))

    def larger(self, a: Number, b: Number) -> int:
        return max(a.number, b.number)


def area(shape: AnyShape) -> float:
    match shape:
        case Shape.Empty():
            return 0.0
        case Shape.Circle(value=radius):
            return 3 * radius * radius
        case Shape.Polygon(value=corners):
            return float(len(corners))
        case Shape.Label(value=(at, _)):
            return at.x


with tour.load(host=Host(), limits=Limits(time=5)) as component:
    total: int = component.articles.gauss_sum(100)
    answer: TestData = component.articles.hello_there(TestData("test", 0))
    older: list[User] = component.articles.birthdays([User(1, "Ada", 36, 0.5, True)])
    shapes: list[AnyShape] = component.types.echo_shapes([Shape.Circle(2), Shape.Label((Point(4, 5), "x")), Shape.Empty()])
    colour: Colour = component.types.echo_colour(Colour.DEEP_BLUE)
    permissions: Permissions = component.types.echo_permissions(Permissions.READ | Permissions.WRITE)
    maybe: str | None = component.types.echo_option()
    with component.objects.Notebook("diary") as book:
        book.note("a line")
        copy: Notebook = component.objects.copy(book)
        lines: list[str] = component.objects.shred(copy)
        assert isinstance(book, Notebook)
    try:
        component.types.halve(3)
    except ComponentError as error:
        print(error)
    component.articles.print_this(tour.articles.BindStruct(4, "tintin"))
    print(total, answer.data, older[0].age, [area(s) for s in shapes], colour.name, permissions.value, maybe, lines)
    print(component.bench.ask(21), component.version(), type(shapes[0]) is Shape.Circle, type(answer) is TestData)
'''

PRINTED = """\
3 is odd
log info 4, tintin
5050 Hello there from Rust code 'test'; 37 [12.0, 4.0, 0.0] DEEP_BLUE 3 None ['a line']
42 0.1.0 True True
"""


#: As for an installed package: its own sources are not what is checked.
MYPY = [sys.executable, "-m", "mypy", "--strict", "--follow-imports", "silent", "--python-version", "3.10", "--cache-dir"]
MYPYPATH = str(ROOT / "host-py" / "src")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(list(command), cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bound(tour_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package `tour` and a program that uses it."""
    folder = tmp_path_factory.mktemp("bound")
    bind(tour_file, folder / "tour")
    (folder / "use.py").write_text(textwrap.dedent(USE))
    return folder


def test_a_bound_package_behaves_as_the_dynamic_form(bound: Path, lane: str) -> None:
    assert run(sys.executable, "use.py", cwd=bound, LIKEWISE_LANE=lane) == PRINTED


def test_a_bound_package_and_its_use_pass_mypy(bound: Path) -> None:
    out = run(*MYPY, str(bound / "cache"), "tour", "use.py", cwd=bound, MYPYPATH=MYPYPATH)
    assert "Success: no issues found" in out


def test_mypy_finds_what_is_wrong(bound: Path) -> None:
    """The types are not Any: each of these lines is an error."""
    wrong = [
        "component.articles.gauss_sum('100')",
        "component.articles.greet(3)",
        "component.types.echo_colour('blue')",
        "component.objects.Notebook(3)",
        "component.objects.shred('x')",
        "component.nothing",
        "tour.load(host=3)",
        "x: str = component.articles.gauss_sum(3)",
    ]
    (bound / "wrong.py").write_text("import tour\ncomponent = tour.load()\n" + "\n".join(wrong) + "\n")
    environment = {**os.environ, "MYPYPATH": MYPYPATH}
    done = subprocess.run(
        [*MYPY, str(bound / "cache"), "wrong.py"], cwd=bound, env=environment, capture_output=True, text=True, check=False
    )
    lines = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert lines == set(range(3, 3 + len(wrong))), done.stdout


def test_a_bound_package_has_docstrings_and_no_names_of_the_runtime(bound: Path) -> None:
    text = "".join(file.read_text() for file in (bound / "tour").glob("*.py"))
    assert "Half of an even number; an odd one is an error that says so." in text
    assert '"""The number of the user' in text or '"""Number of the user."""' in text
    assert "wasmtime" not in text
    assert (bound / "tour" / "py.typed").exists()


#: Names that Python, the standard library, or the package itself has other uses for.
WORDS = (
    "any ok err some flag sequence protocol type-alias wit-enum list int str property staticmethod bool tuple type object self cls load cast"
    " limits close exports imports file value none true class import mro dataclass path init typing world"
).split()


def names_of_others(*, exported: bool) -> str:
    """A component whose interfaces, types, functions, parameters, fields and cases are called so."""

    def numbered(form: str, words: list[str] = WORDS) -> str:
        return " ".join(form.format(word, "u8" if i % 2 else "(list string)") for i, word in enumerate(words))

    types = f"""
      (type $record' (record {numbered('(field "{0}" {1})')})) (export "any" (type $record (eq $record')))
      (type $enum' (enum {numbered('"{0}"')})) (export "ok" (type $enum (eq $enum')))
      (type $flags' (flags {numbered('"{0}"', WORDS[:32])})) (export "flag" (type $flags (eq $flags')))
      (type $variant' (variant {numbered('(case "{0}" {1})')})) (export "protocol" (type $variant (eq $variant')))
      (export "resource" (type $resource (sub resource)))
      (type $maybe (option (option u8)))"""
    functions = numbered('(export "{0}" (func (param "self" (list string)) (param "cls" {1}) (result (list {1}))))', WORDS[5:])
    functions = functions.replace('(export "flag"', '(export "flags"').replace('(export "protocol"', '(export "protocols"')
    functions += """ (export "all" (func (param "a" $record) (param "b" (tuple $enum $flags)) (param "c" $maybe) (param "d" (list u8))
      (result (result $variant (error (list $record))))))
      (export "[constructor]resource" (func (param "self" u8) (param "cls" u8) (result (own $resource))))"""
    functions += numbered(
        '(export "[method]resource.{0}" (func (param "self" (borrow $resource)) (param "cls" {1}) (result (list {1}))))',
        WORDS[:18],
    )
    functions += numbered('(export "[static]resource.{0}" (func (param "self" {1}) (result (own $resource))))', WORDS[18:])
    some = ["any", "protocol", "list", "property", "load", "limits", "world"]
    imports = numbered(f'(import "a:b/{{0}}@1.0.0" (instance ${{0}} {types} {functions}))', some)
    imports += numbered(
        '(import "a:b/{0}@2.0.0" (instance (export "f" (func)))) (import "c:d/{0}" (instance (export "f" (func))))'
    )
    imports += numbered('(import "{0}" (func (param "{0}" {1}) (result (list {1}))))')
    exports = numbered('(export "a:b/{0}@1.0.0" (instance ${0}))', some) if exported else ""
    return f"(component {imports} {exports})"


def test_names_that_have_other_uses(bound: Path, tmp_path: Path) -> None:
    """A package with them is imported, and accepted by mypy. wasmtime does not load components that export what they import."""
    for folder, exported in (("plain", False), ("exporting", True)):
        data = bytes(wasmtime.wat2wasm(names_of_others(exported=exported)))
        bind(data, tmp_path / folder)
        run(sys.executable, "-c", f"import {folder}" + f"; {folder}.load()" * (not exported), cwd=tmp_path)
    out = run(*MYPY, str(bound / "cache"), "exporting", cwd=tmp_path, MYPYPATH=MYPYPATH)
    assert "Success: no issues found" in out


def test_a_component_of_nothing(tmp_path: Path) -> None:
    bind(bytes(wasmtime.wat2wasm("(component)")), tmp_path / "nothing")
    run(sys.executable, "-c", "import nothing; nothing.load()", cwd=tmp_path)


def test_names_that_cannot_be_classes(tour_file: Path, tmp_path: Path) -> None:
    for name in ("a b", "class", "x: pass\nimport os", "Limits"):
        with pytest.raises(ValueError, match="cannot be the name of the package's class"):
            bind(tour_file, tmp_path / "tour", name=name)
    bind(tour_file, tmp_path / "limits")
    run(sys.executable, "-c", "import limits; limits.load(limits=limits.Limits(time=1)).articles.greeting()", cwd=tmp_path)


def test_a_name_that_cannot_be_a_packages(tour_file: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a Python package"):
        bind(tour_file, tmp_path / "my-package")


def test_the_commands(tour_file: Path, tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)
    runner = CliRunner()
    shown = runner.invoke(app, ["inspect", str(tour_file)])
    assert shown.exit_code == 0
    assert "export likewise:tour/articles@0.1.0;" in shown.stdout
    made = runner.invoke(app, ["bind", str(tour_file), "-o", str(tmp_path / "tour")])
    assert made.exit_code == 0
    assert (tmp_path / "tour" / "articles.py").exists()
    assert runner.invoke(app, ["bind", str(tour_file), "-o", str(tmp_path / "a-b")]).exit_code == 2
    assert runner.invoke(app, ["new", "Not_A_Name", "-o", str(tmp_path)]).exit_code == 2


@pytest.mark.parametrize("name", ["", "A", "a_b", "1a", "a--b", "-a", "fn", "../a", "list"])
def test_names_that_cannot_be_components(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be a component's name"):
        scaffold(name, tmp_path)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    scaffold("word-count", tmp_path)
    with pytest.raises(FileExistsError, match="word-count exists"):
        scaffold("word-count", tmp_path)


def test_what_is_scaffolded_builds_and_passes_its_test(tmp_path: Path) -> None:
    """With the registry's crates and nothing of this repository but the package."""
    folder = scaffold("word-count", tmp_path)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "scaffold"
    environment = {"CARGO_TARGET_DIR": str(target), "PYTHONPATH": os.pathsep.join([str(ROOT / "host-py" / "src"), str(folder)])}
    run(sys.executable, "build.py", cwd=folder, **environment)
    assert run(sys.executable, "example.py", cwd=folder, **environment) == "the 3\nand 2\n"
    run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=folder, **environment)
    run(*MYPY, str(tmp_path / "cache"), "word_count_component", "example.py", cwd=folder, MYPYPATH=MYPYPATH)
