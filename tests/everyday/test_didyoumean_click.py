"""Did you mean for click, through click itself."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from likewise.didyoumean._usage import _NOT_A_CHOICE
from likewise.didyoumean.click import Command, Group


@click.group(cls=Group)
@click.option("--verbose/--quiet")
@click.option("--level", type=click.Choice(["low", "high"]))
def tool(verbose: bool, level: str) -> None:
    """A program with everything in it."""


@tool.command()
@click.option("--template", type=click.Choice(["minimal", "it's full", 'a "quoted" one']), envvar="TOOL_TEMPLATE")
@click.option("--secret-mode", hidden=True)
@click.option("-n", "--count", type=int)
def init(template: str, secret_mode: str, count: int) -> None:
    """A plain command."""
    click.echo(f"init {template}")


@tool.command(hidden=True)
def internal() -> None:
    """What help does not show, a suggestion does not either."""


@tool.group()
def remote() -> None:
    """A group within the group."""


@remote.command()
@click.argument("protocol", type=click.Choice(["https", "ssh"]), nargs=-1)
def add(protocol: str) -> None:
    """Two levels down."""


@click.command()
@click.option("--output")
def foreign(output: str) -> None:
    """A command that knows nothing of likewise."""


@click.group()
def theirs() -> None:
    """A group that knows nothing of likewise."""


tool.add_command(foreign)
tool.add_command(theirs)
theirs.add_command(foreign)


def run(*args: str, command: click.Command = tool, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(command, args, prog_name="tool", env=env)


@pytest.mark.parametrize(
    ("args", "usage", "said"),
    [
        (["intt"], "Usage: tool [OPTIONS] COMMAND", "No such command 'intt'. Did you mean 'init'?"),
        (["--verbos"], "Usage: tool [OPTIONS] COMMAND", "No such option '--verbos'. Did you mean '--verbose'?"),
        (["--quiett", "init"], "Usage: tool [OPTIONS] COMMAND", "No such option '--quiett'. Did you mean '--quiet'?"),
        (["--level", "hgih", "init"], "Usage: tool", "'hgih' is not one of 'low', 'high'. Did you mean 'high'?"),
        (["init", "--tempalte", "x"], "Usage: tool init", "No such option '--tempalte'. Did you mean '--template'?"),
        (["init", "--cuont=3"], "Usage: tool init", "No such option '--cuont'. Did you mean '--count'?"),
        (["init", "--template", "minimall"], "Usage: tool init", "Did you mean 'minimal'?"),
        (["init", "--template", "its full"], "Usage: tool init", 'Did you mean "it\'s full"?'),
        (["init", "--template", "a quoted one"], "Usage: tool init", "Did you mean 'a \"quoted\" one'?"),
        (["remote", "ad"], "Usage: tool remote", "No such command 'ad'. Did you mean 'add'?"),
        (["remote", "add", "ssh", "htps"], "Usage: tool remote add", "Did you mean 'https'?"),
        (["foreign", "--ouput", "x"], "Usage: tool foreign", "No such option '--ouput'. Did you mean '--output'?"),
        (["theirs", "foreign", "--ouput"], "Usage: tool theirs foreign", "Did you mean '--output'?"),
    ],
)
def test_messages(args: list[str], usage: str, said: str) -> None:
    result = run(*args)
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.startswith(usage) and result.stderr.endswith(f"{said}\n")
    assert result.stderr.count("Did you mean") == 1


@pytest.mark.parametrize(
    "args",
    [
        ["zzzzz"],
        ["internel"],
        ["init", "--secret-mod3"],
        ["-x"],
        ["init", "--count", "many"],
        ["--level", "zzz", "init"],
        ["init", "extra"],
    ],
)
def test_nothing_to_suggest(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2 and "Did you mean" not in result.stderr and "Error: " in result.stderr


def test_a_choice_from_the_environment() -> None:
    result = run("init", env={"TOOL_TEMPLATE": "minimall"})
    assert result.exit_code == 2 and result.stderr.endswith("Did you mean 'minimal'?\n")


def test_right_calls_are_untouched() -> None:
    assert run("--level", "low", "init", "--template", "minimal").output == "init minimal\n"
    assert "remote" in run("--help").output


def test_a_single_command() -> None:
    @click.command(cls=Command)
    @click.option("--colour", type=click.Choice(["red", "green"]))
    def paint(colour: str) -> None:
        raise click.UsageError("nothing is ever right")

    assert "Did you mean '--colour'?" in run("--color", command=paint).stderr
    assert "Did you mean 'green'?" in run("--colour", "gren", command=paint).stderr
    assert run(command=paint).stderr.endswith("Error: nothing is ever right\n")


def test_without_standalone_mode_the_error_comes_out() -> None:
    with pytest.raises(click.UsageError) as caught:
        tool.main(["intt"], standalone_mode=False)
    assert "Did you mean 'init'?" in caught.value.format_message()


def test_lazy_groups_load_only_what_is_suggested() -> None:
    loaded = []

    class Lazy(Group):
        def list_commands(self, ctx: click.Context) -> list[str]:
            return ["build", "deploy", "test"]

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            loaded.append(cmd_name)
            return click.Command(cmd_name) if cmd_name in self.list_commands(ctx) else None

    result = run("biuld", command=Lazy("tool"))
    assert "Did you mean 'build'?" in result.stderr
    assert set(loaded) == {"biuld", "build"}


class Quoting(click.ParamType):
    """A type of a program's own, which puts what was written between quotes as it is."""

    name = "quoting"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        self.fail(f"'{value}' is not 'a'.")


@pytest.mark.parametrize("word", ["C:\\users\\x", "a\nb", "a\0b", "\\", "it's", "x\\N{no}", "\\x"])
def test_values_between_quotes_that_are_no_literals_are_still_a_usage_error(word: str) -> None:
    @click.command(cls=Command)
    @click.argument("value", type=Quoting())
    def program(value: str) -> None: ...

    result = CliRunner().invoke(program, [word])
    assert result.exit_code == 2 and f"'{word}' is not 'a'." in result.output


def test_a_message_of_many_choices_takes_linear_time() -> None:
    # It took the square of their number: minutes here.
    assert not _NOT_A_CHOICE.fullmatch("'a' is not " + "'', " * 60_000 + "z")
    assert _NOT_A_CHOICE.fullmatch("'a' is not one of " + "'b', " * 60_000 + "'c'.")
