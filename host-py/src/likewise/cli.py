"""The `likewise` command: data on standard output, progress and errors on standard error.

Exit 0 when all is well, 1 when something that was asked for failed, 2 for a wrong call.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from rich.table import Table

import likewise
from likewise import _terminal
from likewise.dictionary import Dictionary, MetricName
from likewise.didyoumean.typer import Group, _UsageError
from likewise.suggestion import Suggestion

# The commands in the order of the help, and the module whose `register` adds each; None are those of this one.
_HOMES = {
    "spell": "likewise.spelling.command",
    "words": "likewise.spelling.command",
    "match": None,
    "fetch": "likewise.fetch.command",
    "bind": "likewise.component.command",
    "inspect": "likewise.component.command",
    "new": "likewise.component.command",
    "doctor": None,
}


class _Commands(Group):
    """Commands whose modules are imported when they are asked for: who spells need not wait for what fetches."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_HOMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        home = _HOMES.get(cmd_name)
        if home is not None and cmd_name not in self.commands:
            part = typer.Typer(rich_markup_mode="rich")
            # A group, however many commands there are.
            part.callback()(lambda: None)
            try:
                importlib.import_module(home).register(part)
            except ImportError as error:
                _register_missing(part, cmd_name, str(error))
            self.commands.update(typer.main.get_group(part).commands)
        return super().get_command(ctx, cmd_name)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        with _plain_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with _plain_errors():
            return super().invoke(ctx)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Take what would steer a terminal out of a wrong call's message, which repeats what was written."""
    try:
        yield
    except _UsageError as error:
        error.message = _terminal.visible(error.message)  # type: ignore[attr-defined]  # click's
        raise


def _register_missing(part: typer.Typer, name: str, reason: str) -> None:
    """A command that says what it needs and cannot import."""

    def missing() -> None:
        _terminal.complain(reason)
        raise typer.Exit(1)

    anything = {"allow_extra_args": True, "ignore_unknown_options": True}
    part.command(name, help="Not available here: something it needs is missing.", context_settings=anything)(missing)


app = typer.Typer(
    cls=_Commands,
    name="likewise",
    help="String similarity, spell suggestion and web fetching in one sandboxed WebAssembly component.",
    epilog=_terminal.examples(
        ("likewise spell almni", "what was meant"),
        ("likewise spell --text README.md", "the unknown words of a text"),
        ("likewise match 'New Yrok' --in cities.txt", "the lines most like it"),
        ("likewise fetch https://example.com --jsonl", "pages, each with a reason if not"),
        ("likewise COMMAND --help", "the options of a command, with examples"),
        ("likewise --install-completion", "completion for bash, zsh, fish or PowerShell"),
        status="0 all is well; 1 something that was asked for failed; 2 a wrong call; 130 interrupted.",
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"likewise {likewise.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


@app.command(
    epilog=_terminal.examples(
        ("likewise match 'New Yrok' --in cities.txt", "the five most similar lines"),
        ("ls | likewise match raedme --in - --limit 1", "lines from standard input"),
        ("likewise match mve --in commands.txt --metric jaro-winkler --json", "for a program"),
        status="0 something was found; 1 nothing is similar, or something cannot be read; 2 a wrong call.",
    )
)
def match(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.", show_default=False)],
    file: Annotated[
        Path,
        typer.Option(
            "--in",
            metavar="FILE",
            help="Lines to search, '-' being standard input.",
            show_default=False,
        ),
    ],
    metric: Annotated[
        MetricName, typer.Option(metavar="METRIC", help=f"What orders the answers: {_terminal.METRICS}.")
    ] = "indel",
    limit: Annotated[int, typer.Option(min=1, help="Lines to print.")] = 5,
    score_cutoff: Annotated[
        float, typer.Option(min=0, max=100, help="Leave out lines less similar than this, in percent.")
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="One line with a JSON object.")] = False,
) -> None:
    """Find the lines of a file that are most like a query.

    On a terminal the answers are a table; in a pipe they are lines of query, line and similarity in percent, with tabs between them.
    """
    ((query, query_is_utf8),) = _terminal.arguments([query])
    try:
        text, file_is_utf8 = _terminal.read(file)
    except OSError as error:
        raise typer.BadParameter(_terminal.reason(error), param_hint="--in") from None
    with Dictionary.from_text(text) as lines:
        found = lines.search(query, limit, metric=metric, score_cutoff=score_cutoff or None)
    complete = _terminal.show([(query, [Suggestion(match.choice, match.score) for match in found])], as_json)
    if not (complete and query_is_utf8 and file_is_utf8):
        raise typer.Exit(1)


@app.command(
    epilog=_terminal.examples(
        ("likewise doctor", "what is installed and whether it works"),
        ("likewise doctor --json", "the same, one JSON object a line"),
        status="0 everything works; 1 something does not.",
    )
)
def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """Say what is installed and whether it works."""
    from likewise.doctor import examine

    healthy = True
    table = Table(box=None, show_header=False)
    for row in examine():
        healthy &= row.ok
        state = "ok" if row.ok else "missing"
        if as_json:
            print(_terminal.as_line(row._asdict()))
        elif _terminal.stdout.is_terminal:
            table.add_row(_terminal.styled(state, "green" if row.ok else "red"), row.name, _terminal.styled(row.detail, ""))
        else:
            print(f"{state}\t{row.name}\t{row.detail}")
    if table.row_count:
        _terminal.stdout.print(table)
    if not healthy:
        raise typer.Exit(1)


def _open_streams() -> None:
    """What a shell has closed (``likewise spell <&-``) holds nothing to read, and hears no errors. To write to it is an error, as for other
    programs: nothing is there to take the data.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  # as long as the process
    if sys.stdout is None:
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def main() -> None:
    """Run the command line."""
    _open_streams()
    if not sys.stdout.isatty():
        # Data is UTF-8 wherever it goes; a terminal shows what it can.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # a TextIOWrapper here
    try:
        try:
            app(prog_name="likewise")
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has read enough.
        _drop_output()
        sys.exit(1)
    except MemoryError:
        _terminal.complain("there is not enough memory for that: give less at once")
        _drop_output()
        sys.exit(1)
    except (likewise.LikewiseError, ImportError, UnicodeError, OSError) as error:
        _terminal.complain(_terminal.reason(error))
        _drop_output()
        sys.exit(1)


def _drop_output() -> None:
    """What could not be written must not be tried again when Python ends, which has an exit status of its own for that."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
