"""Did you mean for argparse, through argparse itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import pytest

from likewise.didyoumean.argparse import ArgumentParser, install


def described(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The same program on any parser class: an option, a choice, two subcommands of which one has its own."""
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--level", type=int, choices=[10, 100])
    parser.add_argument("--secret-mode", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command")
    init = commands.add_parser("init")
    init.add_argument("--template", choices=["minimal", "full"])
    move = commands.add_parser("move", aliases=["mv"])
    kinds = move.add_subparsers()
    kinds.add_parser("file").add_argument("--overwrite", action="store_true")
    return parser


def ours() -> argparse.ArgumentParser:
    return described(ArgumentParser(prog="tool"))


def installed() -> argparse.ArgumentParser:
    class Theirs(argparse.ArgumentParser):
        pass

    parser = install(described(Theirs(prog="tool")))
    assert isinstance(parser, Theirs) and type(parser).__name__ == "Theirs"
    assert install(parser) is parser
    return parser


@pytest.fixture(params=[ours, installed])
def parser(request: pytest.FixtureRequest) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = request.param()
    return made


@pytest.mark.parametrize(
    ("args", "usage", "end"),
    [
        ("intt", "usage: tool ", ", maybe you meant 'init'?"),
        ("vm", "usage: tool ", ")"),
        ("moove", "usage: tool ", ", maybe you meant 'move'?"),
        ("--verbsoe", "usage: tool ", "unrecognized arguments: --verbsoe, maybe you meant '--verbose'?"),
        ("--levle=10 init", "usage: tool ", "unrecognized arguments: --levle=10, maybe you meant '--level'?"),
        ("--level 1000", "usage: tool ", ", maybe you meant '100'?"),
        ("init --templat minimal", "", ""),  # an abbreviation: argparse takes it
        ("init --tempalte minimal", "usage: tool ", ": --tempalte minimal, maybe you meant '--template'?"),
        ("init --template fulll", "usage: tool init ", ", maybe you meant 'full'?"),
        ("move fiel", "usage: tool move ", ", maybe you meant 'file'?"),
        ("mv file --overwite", "usage: tool ", "unrecognized arguments: --overwite, maybe you meant '--overwrite'?"),
        # An option of another parser would be wrong where this one stands.
        ("mv file --verbsoe", "usage: tool ", "unrecognized arguments: --verbsoe"),
        ("--secret-mod3", "usage: tool ", "unrecognized arguments: --secret-mod3"),
        ("zzzzz", "usage: tool ", ")"),
        ("init superfluous", "usage: tool ", "unrecognized arguments: superfluous"),
    ],
)
def test_messages(parser: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str], args: str, usage: str, end: str) -> None:
    if not usage:
        parser.parse_args(args.split())
        return
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(args.split())
    said = capsys.readouterr()
    assert stopped.value.code == 2 and said.out == ""
    assert said.err.startswith(usage)
    assert said.err.endswith(f"{end}\n")
    assert said.err.count("maybe") == end.count("maybe")


def test_right_calls_are_untouched(parser: argparse.ArgumentParser) -> None:
    assert vars(parser.parse_args(["--level", "10", "init", "--template", "full"])) == {
        "verbose": False,
        "version": False,
        "level": 10,
        "secret_mode": None,
        "command": "init",
        "template": "full",
    }
    known, left = parser.parse_known_args(["init", "--tempalte", "x"])
    assert known.command == "init" and left == ["--tempalte", "x"]


def test_a_programs_own_error_is_its_own(parser: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str]) -> None:
    parser.parse_known_args(["--verbsoe"])
    with pytest.raises(SystemExit):
        parser.error("the moon is full")
    assert capsys.readouterr().err.endswith("error: the moon is full\n")


def test_the_error_may_be_raised(capsys: pytest.CaptureFixture[str]) -> None:
    parser = described(ArgumentParser(prog="tool", exit_on_error=False))
    with pytest.raises(argparse.ArgumentError, match=r"maybe you meant 'init'\?$"):
        parser.parse_args(["inti"])
    # Older Pythons end the program in this case all the same.
    with pytest.raises((argparse.ArgumentError, SystemExit)) as stopped:
        parser.parse_args(["--verbsoe"])
    assert "maybe you meant '--verbose'?" in str(stopped.value) + capsys.readouterr().err


def test_intermixed(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser(prog="tool")
    parser.add_argument("--output")
    parser.add_argument("file", nargs="*")
    with pytest.raises(SystemExit):
        parser.parse_intermixed_args(["a", "--otput", "b"])
    assert "maybe you meant '--output'?" in capsys.readouterr().err


def test_other_prefixes(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser(prog="tool", prefix_chars="+")
    parser.add_argument("++output")
    with pytest.raises(SystemExit):
        parser.parse_args(["++otput"])
    assert "maybe you meant '++output'?" in capsys.readouterr().err


def test_subparsers_made_later_have_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser(prog="tool")
    commands = parser.add_subparsers()
    install(parser)
    commands.add_parser("late").add_argument("--shape", choices=["round", "square"])
    with pytest.raises(SystemExit):
        parser.parse_args(["late", "--shape", "rund"])
    assert "maybe you meant 'round'?" in capsys.readouterr().err


@pytest.mark.skipif(sys.version_info < (3, 14), reason="argparse suggests by itself from Python 3.14 on")
def test_there_is_one_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    parser = install(described(argparse.ArgumentParser(prog="tool", suggest_on_error=True)))
    with pytest.raises(SystemExit):
        parser.parse_args(["inti"])
    assert capsys.readouterr().err.count("maybe") == 1


def test_choices_that_cannot_be_listed_raise_nothing_of_their_own() -> None:
    class Choices:
        def __contains__(self, value: object) -> bool:
            return False

        def __iter__(self) -> Iterator[str]:
            return iter(("init", "move"))

        def __bool__(self) -> bool:
            raise RuntimeError("neither true nor false")

    parser = ArgumentParser(prog="p", exit_on_error=False)
    parser.add_argument("word").choices = Choices()
    with pytest.raises(argparse.ArgumentError, match="invalid choice: 'inyt'"):
        parser.parse_args(["inyt"])
