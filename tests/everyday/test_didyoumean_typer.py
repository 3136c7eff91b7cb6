"""Did you mean for typer, through typer itself."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

import pytest
import typer
from typer.testing import CliRunner

from likewise.didyoumean.typer import Command, Group


class Colour(enum.Enum):
    red = "red"
    green = "green"


def program(**options: object) -> typer.Typer:
    app = typer.Typer(cls=Group, **options)  # type: ignore[arg-type]  # of several types

    @app.command()
    def init(
        template: Annotated[Literal["minimal", "full"], typer.Option()] = "full",
        colour: Annotated[Colour, typer.Option()] = Colour.red,
        secret_mode: Annotated[bool, typer.Option(hidden=True)] = False,
    ) -> None:
        print("init", template)

    @app.command(hidden=True)
    def internal() -> None:
        """Not shown."""

    remote = typer.Typer()
    app.add_typer(remote, name="remote")

    @remote.command()
    def add(verbose: bool = False) -> None:
        """Two levels down."""

    @remote.command()
    def remove() -> None:
        """The other one: a single command would be no group."""

    return app


@pytest.fixture(params=["rich", None])
def app(request: pytest.FixtureRequest) -> typer.Typer:
    return program(rich_markup_mode=request.param)


def said(app: typer.Typer, *args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, args, prog_name="tool", env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["intt"], "No such command 'intt'. Did you mean 'init'?"),
        (["init", "--tempalte", "x"], "No such option: --tempalte (Possible options: --template)"),
        (["init", "--template", "minimall"], "'minimall' is not one of 'minimal', 'full'. Did you mean 'minimal'?"),
        (["init", "--colour", "gren"], "'gren' is not one of 'red', 'green'. Did you mean 'green'?"),
        # typer has suggestions for the commands of the app's own groups; the integration leaves them as they are.
        (["remote", "ad"], "No such command 'ad'. Did you mean 'add'?"),
        (["remote", "add", "--verbos"], "No such option: --verbos (Possible options: --verbose)"),
    ],
)
def test_messages(app: typer.Typer, args: list[str], hint: str) -> None:
    code, out, err = said(app, *args)
    assert code == 2 and out == "" and err.lstrip().startswith("Usage: tool")
    assert hint in err and err.count("Did you mean") + err.count("Possible options") == 1


@pytest.mark.parametrize("args", [["zzzzz"], ["internel"], ["init", "--secret-mod3"], ["init", "extra"]])
def test_nothing_to_suggest(app: typer.Typer, args: list[str]) -> None:
    code, _, err = said(app, *args)
    assert code == 2 and "Did you mean" not in err and "Possible" not in err


def test_commands_are_suggested_better_than_by_typer() -> None:
    plain = typer.Typer()
    for name in ("add", "list"):
        plain.command(name)(lambda: None)
    ours = typer.Typer(cls=Group)
    for name in ("add", "list"):
        ours.command(name)(lambda: None)
    assert "Did you mean" not in said(plain, "LIST")[2]
    assert "Did you mean 'list'?" in said(ours, "LIST")[2]


def test_suggestions_for_commands_can_be_turned_off() -> None:
    code, _, err = said(program(suggest_commands=False), "intt")
    assert code == 2 and "Did you mean" not in err


def test_right_calls_are_untouched(app: typer.Typer) -> None:
    assert said(app, "init", "--template", "minimal")[:2] == (0, "init minimal\n")
    assert said(app, "--help")[0] == 0


def test_an_app_of_one_command() -> None:
    app = typer.Typer()

    @app.command(cls=Command)
    def paint(colour: Colour = Colour.red) -> None:
        """One command is no group."""

    assert "(Possible options: --colour)" in said(app, "--color")[2]
    assert "Did you mean 'green'?" in said(app, "--colour", "gren")[2]
