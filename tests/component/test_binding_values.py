"""Values of every type: what Python passes, what the component sees, what comes back, and what is refused in which words."""

from __future__ import annotations

import array
import dataclasses
import enum
import inspect
import math
import sys
from typing import Any

import pytest
from tour_host import Host

from likewise import component
from likewise.component import ComponentError, Err, Ok, Some


def test_the_examples_of_the_articles(tour: component.Component, host: Host) -> None:
    articles = tour.articles
    assert articles.gauss_sum(100) == 5050
    assert articles.greeting() == "Hello from Rust!"
    assert articles.greet("Kieran") == "HELLO Kieran"
    answer = articles.hello_there(articles.TestData(data="test", len=0))
    assert (answer.data, answer.len) == ("Hello there from Rust code 'test';", 34)
    assert articles.print_this(articles.BindStruct(4, "tintin")) == 10
    assert [(entry.level.value, entry.text) for entry in host.entries] == [("info", "4, tintin")]
    assert articles.get_data_info(articles.Pack("ok doki", 101)) == articles.Pack("Hi from Rust, your input was 'ok doki'", 38)
    ada = articles.User(id=1, name="Ada", age=36, score=0.5, active=True)
    assert articles.birthday(ada) == dataclasses.replace(ada, age=37)
    assert articles.birthdays([ada] * 3) == [dataclasses.replace(ada, age=37)] * 3
    assert tour.version() == "0.1.0"


def everything(types: Any, **changes: Any) -> Any:
    shape = types.Shape
    value = types.Everything(
        flag=True,
        integers=(255, -128, 65535, -32768, 2**32 - 1, -(2**31), 2**64 - 1, -(2**63)),
        floats=(0.5, math.inf),
        letter="\N{CROCODILE}",
        texts=["", "a\0b", "ü", "\U0010ffff"],
        bytes=b"\0\x7f\xff",
        colour=types.Colour.DEEP_BLUE,
        permissions=types.Permissions.READ | types.Permissions.EXECUTE_AS_OWNER,
        shapes=[
            shape.Empty(),
            shape.Circle(2.0),
            shape.Polygon([types.Point(0.0, -0.0), types.Point(1.5, 2.5)]),
            shape.Label((types.Point(3.0, 4.0), "hi")),
        ],
        maybe="x",
        perhaps=Some(None),
        outcome=Err("no"),
        done=Ok(),
        origin=types.Point(0.0, 1.0),
    )
    return dataclasses.replace(value, **changes)


def test_everything_in_one_value_comes_back_and_is_seen(tour: component.Component) -> None:
    types = tour.types
    value = everything(types)
    assert types.echo_everything(value) == value
    assert types.show_everything(value) == (
        "Everything { flag: true, integers: (255, -128, 65535, -32768, 4294967295, -2147483648, 18446744073709551615,"
        ' -9223372036854775808), floats: (0.5, inf), letter: \'\N{CROCODILE}\', texts: ["", "a\\0b", "ü", "\\u{10ffff}"],'
        " bytes: [0, 127, 255], colour: Colour::DeepBlue, permissions: Permissions { bits: 5 }, shapes: [Shape::Empty,"
        " Shape::Circle(2.0), Shape::Polygon([Point { x: 0.0, y: -0.0 }, Point { x: 1.5, y: 2.5 }]), Shape::Label((Point {"
        ' x: 3.0, y: 4.0 }, "hi"))], maybe: Some("x"), perhaps: Some(None), outcome: Err("no"), done: Ok(()), origin: Point'
        " { x: 0.0, y: 1.0 } }"
    )


class EndlessOnceRead:
    """Says that it has one item, and never ends."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, at: int) -> str:
        return str(at)


@pytest.mark.parametrize(
    ("changes", "complaint", "kind"),
    [
        ({"flag": 1}, "value.flag: expected bool, got int 1", TypeError),
        ({"integers": (256, 0, 0, 0, 0, 0, 0, 0)}, "value.integers[0]: 256 is out of range for u8 (0 to 255)", OverflowError),
        (
            {"integers": (0, -129, 0, 0, 0, 0, 0, 0)},
            "value.integers[1]: -129 is out of range for s8 (-128 to 127)",
            OverflowError,
        ),
        ({"integers": (0,) * 7 + (2**63,)}, "value.integers[7]: 9223372036854775808 is out of range for s64", OverflowError),
        ({"integers": (0,) * 7}, "value.integers: expected 8 values, got 7", ValueError),
        ({"integers": None}, "value.integers: expected tuple[int, int, int, int, int, int, int, int], got None", TypeError),
        ({"floats": (1e39, 0.0)}, "value.floats[0]: float 1e+39 is out of range for f32", OverflowError),
        ({"floats": ("1", 0.0)}, "value.floats[0]: expected float, got str '1'", TypeError),
        ({"letter": "ab"}, "value.letter: expected one character, got 2: str 'ab'", ValueError),
        ({"letter": ""}, "value.letter: expected one character, got 0", ValueError),
        ({"letter": "\ud800"}, "value.letter: a lone surrogate, U+D800", ValueError),
        ({"texts": ["a", "b\udfff"]}, "value.texts[1]: a lone surrogate, U+DFFF, at position 1", ValueError),
        ({"texts": "abc"}, "value.texts: expected list[str], got str 'abc'", TypeError),
        ({"texts": {"a"}}, "value.texts: expected list[str], got set", TypeError),
        ({"bytes": [1, 256]}, "value.bytes[1]: 256 is out of range for u8", OverflowError),
        ({"bytes": "abc"}, "value.bytes: expected bytes, got str 'abc'", TypeError),
        ({"colour": "blue"}, "value.colour: 'blue' is not one of red, green, deep-blue", ValueError),
        ({"colour": 1}, "value.colour: expected Colour, got int 1", TypeError),
        ({"permissions": ["fly"]}, "value.permissions: 'fly' is not one of read, write, execute-as-owner", ValueError),
        ({"permissions": 3}, "value.permissions: expected Permissions, got int 3", TypeError),
        ({"permissions": iter(["read"])}, "value.permissions: expected Permissions, got list_iterator", TypeError),
        ({"permissions": b""}, "value.permissions: expected Permissions, got bytes b''", TypeError),
        ({"texts": EndlessOnceRead()}, "value.texts: expected list[str], got EndlessOnceRead", TypeError),
        ({"shapes": [3]}, "value.shapes[0]: expected Shape.Empty or .Circle or .Polygon or .Label, got int 3", TypeError),
        ({"maybe": 3}, "value.maybe: expected str | None, got int 3", TypeError),
        ({"perhaps": 3}, "value.perhaps: expected Some[int | None] | None, got int 3", TypeError),
        ({"perhaps": Some(-1)}, "value.perhaps.value: -1 is out of range for u32", OverflowError),
        ({"outcome": 3}, "value.outcome: expected Ok[int] | Err[str], got int 3", TypeError),
        ({"outcome": Ok("x")}, "value.outcome.value: expected int, got str 'x'", TypeError),
        ({"outcome": Err(3)}, "value.outcome.error: expected str, got int 3", TypeError),
        ({"done": Ok(3)}, "value.done.value: expected None, got int 3", TypeError),
        ({"origin": (0, 1)}, "value.origin: expected Point (an object with x, y), got tuple (0, 1)", TypeError),
    ],
)
def test_wrong_values_at_any_depth_are_named(
    tour: component.Component, changes: dict[str, Any], complaint: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        tour.types.echo_everything(everything(tour.types, **changes))
    assert str(caught.value).startswith(complaint)
    value = everything(tour.types)
    assert tour.types.echo_everything(value) == value, "the next call is none the worse"


def test_wrong_values_deep_in_variants_are_named(tour: component.Component) -> None:
    types = tour.types
    bad = [types.Shape.Empty(), types.Shape.Polygon([types.Point(0, 0), types.Point(0, "y")])]
    with pytest.raises(TypeError, match=r"^value\[1\]\.value\[1\]\.y: expected float, got str 'y'$"):
        types.echo_shapes(bad)
    with pytest.raises(TypeError, match=r"^value\[0\]\.value\[1\]: expected str, got int 5$"):
        types.echo_shapes([types.Shape.Label((types.Point(0, 0), 5))])


def test_what_is_accepted_beside_the_exact_type(tour: component.Component) -> None:
    types, bench = tour.types, tour.bench
    assert types.echo_floats((1, 2.5, True)) == [1.0, 2.5, 1.0]
    assert types.echo_floats(array.array("d", [1.5])) == [1.5]
    assert types.echo_integers(range(3)) == [0, 1, 2]
    assert types.echo_strings(("a", "b")) == ["a", "b"]
    for data in (b"\1\2", bytearray(b"\1\2"), memoryview(b"\1\2"), [1, 2], (1, 2)):
        assert types.echo_bytes(data) == b"\1\2"
    assert types.echo_bytes(memoryview(b"\1\2\3\4")[::2]) == b"\1\3"
    assert types.echo_colour("green") is types.Colour.GREEN
    assert types.echo_permissions({"read", "write"}) == types.Permissions.READ | types.Permissions.WRITE
    assert bench.likeness("", "") == 1.0

    @dataclasses.dataclass
    class Other:
        x: float
        y: float

    assert types.echo_shape(types.Shape.Polygon([Other(1, 2)])) == types.Shape.Polygon([types.Point(1.0, 2.0)])

    class Index:
        def __index__(self) -> int:
            return 100

    assert tour.articles.gauss_sum(Index()) == 5050


def test_numpy_arrays_are_sequences_of_numbers(tour: component.Component) -> None:
    numpy = pytest.importorskip("numpy", reason="numpy is not a dependency")
    types = tour.types
    assert types.echo_floats(numpy.arange(4.0)) == [0.0, 1.0, 2.0, 3.0]
    assert types.echo_floats(numpy.arange(8.0)[::2]) == [0.0, 2.0, 4.0, 6.0]
    assert types.echo_integers(numpy.arange(3)) == [0, 1, 2]
    assert types.echo_singles(numpy.array([0.5], dtype="float32")) == [0.5]
    with pytest.raises((TypeError, OverflowError), match="value"):
        types.echo_floats(numpy.ones((2, 2)))


def test_integers_of_every_width_refuse_what_does_not_fit(tour: component.Component) -> None:
    gauss = tour.articles.gauss_sum
    for wrong in (-1, 2**32, 2**64, 10**30):
        with pytest.raises(OverflowError, match=r"^n: -?\d+ is out of range for u32 \(0 to 4294967295\)$"):
            gauss(wrong)
    for wrong in (1.0, "1", None, b"1", [1]):
        with pytest.raises(TypeError, match=r"^n: expected int, got "):
            gauss(wrong)


def test_strings_of_all_kinds(tour: component.Component) -> None:
    types = tour.types
    for text in ("", "\0", "a" * 100_000, "é" * 5000, "\N{CROCODILE}" * 3, "e\u0301", "\u202e", "\ufeff"):
        assert types.echo_string(text) == text
        assert tour.bench.measure(text) == len(text.encode())
    assert types.show_string('a"\n') == '"a\\"\\n"'

    class Sub(str):
        __slots__ = ()

    assert types.echo_string(Sub("x")) == "x"


def test_long_lists(tour: component.Component) -> None:
    types, bench = tour.types, tour.bench
    n = 20_000
    assert bench.ramp(n) == [float(i) for i in range(n)]
    assert bench.total(list(range(n))) == n * (n - 1) / 2
    numbers = [(-1) ** i * i**4 for i in range(n)]
    assert types.echo_integers(numbers) == numbers
    data = bytes(range(256)) * 40
    assert types.echo_bytes(data) == data
    assert bench.checksum(data) == sum(data)
    words = [str(i) * (i % 5) for i in range(2000)]
    assert types.echo_strings(words) == words
    assert types.echo_floats([]) == []
    assert types.echo_bytes(b"") == b""
    assert types.echo_strings([]) == []


def test_nan_crosses(tour: component.Component) -> None:
    (back,) = tour.types.echo_floats([math.nan])
    assert math.isnan(back)


def test_options(tour: component.Component) -> None:
    types = tour.types
    assert types.echo_option() is None, "an option at the end may be left out"
    assert types.echo_option("x") == "x"
    for value in (None, Some(None), Some(3)):
        assert types.echo_nested_option(value) == value
    assert [types.show_nested_option(v) for v in (None, Some(None), Some(3))] == ["None", "Some(None)", "Some(Some(3))"]


def test_results_return_or_raise(tour: component.Component) -> None:
    types = tour.types
    assert types.halve(4) == 2
    with pytest.raises(ComponentError) as caught:
        types.halve(3)
    assert caught.value.payload == "3 is odd"
    assert str(caught.value) == "3 is odd"
    with pytest.raises(ComponentError) as caught:
        types.fail_with_shape(types.Shape.Circle(1))
    match caught.value.payload:
        case types.Shape.Circle(value=radius):
            assert radius == 1.0
        case other:
            pytest.fail(f"not a circle: {other}")


def test_classes_are_what_python_expects(tour: component.Component) -> None:
    types = tour.types
    point = types.Point(1.0, 2.0)
    assert repr(point) == "Point(x=1.0, y=2.0)"
    assert hash(point) == hash(types.Point(1.0, 2.0))
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 3
    back = types.echo_shape(types.Shape.Polygon([point])).value[0]
    assert type(back) is types.Point
    with pytest.raises(dataclasses.FrozenInstanceError):
        back.x = 3
    assert isinstance(types.Shape.Empty(), types.Shape)
    assert issubclass(types.Colour, enum.Enum)
    assert issubclass(types.Permissions, enum.Flag)
    assert list(types.Colour) == [types.Colour.RED, types.Colour.GREEN, types.Colour.DEEP_BLUE]


def test_signatures_and_docstrings_come_from_the_contract(tour: component.Component) -> None:
    function = tour.bench.likeness
    signature = inspect.signature(function)
    assert list(signature.parameters) == ["a", "b"]
    assert function(b="x", a="x") == 1.0
    assert "two strings in, a float out" in inspect.getdoc(function)
    assert "A point of the plane." in tour.types.Point.__doc__
    assert "x: To the right." in tour.types.Point.__doc__
    assert "Like the sky." in tour.types.Colour.__doc__
    assert tour.objects.__doc__ == "Objects that live in the component."
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'b'"):
        function("x")
    with pytest.raises(TypeError, match="unexpected keyword argument 'c'"):
        function("x", c="y")


def test_names_that_do_not_exist_are_said_with_those_that_do(tour: component.Component) -> None:
    with pytest.raises(AttributeError, match="has no 'gaus_sum'; it has gauss_sum, greeting"):
        _ = tour.articles.gaus_sum
    with pytest.raises(AttributeError, match="the component has no 'nothing'; it has close"):
        _ = tour.nothing


def test_a_str_that_lies_about_itself(tour: component.Component) -> None:
    """Large texts are read in place: what claims to be larger than it is would show what lies behind it."""

    class Liar(str):
        __slots__ = ()
        __class__ = property(lambda self: str)  # type: ignore[assignment]

        def __len__(self) -> int:
            return 1 << 20

        def isascii(self) -> bool:
            return True

        def __sizeof__(self) -> int:
            return sys.getsizeof("") + (1 << 20) - 16

        def encode(self, *_: object) -> bytes:
            return b"something else"

    for outer in (tour.types.echo_string, lambda text: tour.types.echo_strings([text])[0]):
        assert outer(Liar("abc")) == "abc"


def test_what_classes_make_of_texts_and_numbers_is_not_asked(tour: component.Component) -> None:
    """A value is what it is: one whose `encode` gives something that is not UTF-8 would end the process in wasmtime."""

    class Text(str):
        def encode(self, *_: object) -> bytes:
            return b"\xff\xff"

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    class Whole(int):
        def __index__(self) -> int:
            return -5

        def __int__(self) -> int:
            return -5

    class Real(float):
        def __float__(self) -> float:
            return 9.0

    class Octets(bytes):
        def __bytes__(self) -> bytes:
            return b"something else"

    types = tour.types
    assert types.echo_string(Text("é")) == "é"
    assert types.echo_strings([Text("é")]) == ["é"]
    assert types.echo_char(Text("é")) == "é"
    assert types.echo_colour(Text("red")) is types.Colour.RED
    assert types.echo_permissions({Text("read")}) == types.Permissions.READ
    assert tour.articles.gauss_sum(Whole(10)) == 55
    assert types.echo_singles([Real(1.5)]) == [1.5]
    assert types.echo_bytes(Octets(b"abc")) == b"abc"
    with pytest.raises(ValueError, match="'purple' is not one of red"):
        types.echo_colour(Text("purple"))
    assert tour.articles.gauss_sum(4) == 10


def test_bytes_are_numbers_whatever_they_stand_in(tour: component.Component) -> None:
    for code in "bBhHiIqQ":
        assert tour.types.echo_bytes(memoryview(array.array(code, [1, 2]))) == b"\x01\x02"
    with pytest.raises(TypeError, match="value: expected bytes, got memoryview"):
        tour.types.echo_bytes(memoryview(b"abcd").cast("B", (2, 2)))


def test_values_that_cannot_be_shown_are_refused_by_name(tour: component.Component) -> None:
    class Shy:
        def __repr__(self) -> str:
            raise LookupError

    with pytest.raises(OverflowError, match=r"n: \(it cannot be shown\) is out of range for u32"):
        tour.articles.gauss_sum(10**5000)
    for value, kind in ((10**5000, "int"), (Shy(), "Shy")):
        with pytest.raises(TypeError, match=rf"value: expected str, got {kind} \(it cannot be shown\)"):
            tour.types.echo_string(value)
