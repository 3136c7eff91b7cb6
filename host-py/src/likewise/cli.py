"""The `likewise` command: data on standard output, progress and errors on standard error.

Exit 0 when all is well, 1 when something that was asked for failed, 2 for a wrong call.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer
from rich.console import Console
from rich.table import Table

import likewise
from likewise.dictionary import Dictionary, MetricName

app = typer.Typer(
    name="likewise",
    help="String similarity, spell suggestion and web fetching in one sandboxed WebAssembly component.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

# Whatever is typed after a command that is not available.
_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}

stdout = Console(highlight=False)
stderr = Console(stderr=True, highlight=False)

Metric = Annotated[str, typer.Option(help="What orders the answers: " + ", ".join(get_args(MetricName)) + ".")]
Limit = Annotated[int, typer.Option(min=1, help="Answers for each word.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a word, one a line.")]
Cutoff = Annotated[float, typer.Option(min=0, max=100, help="Leave out answers less similar than this, in percent.")]


def _metric(name: str) -> MetricName:
    if name not in get_args(MetricName):
        best = likewise.suggest_word(name, get_args(MetricName)).word
        raise typer.BadParameter(f"there is no metric {name!r}; did you mean {best!r}?", param_hint="--metric")
    return name  # type: ignore[return-value]  # checked above


def _show(answers: list[tuple[str, list[tuple[str, float]]]], as_json: bool) -> None:
    """Print each query with its answers: a table on a terminal, tab-separated lines in a pipe, or JSON lines."""
    if as_json:
        for query, found in answers:
            suggestions = [{"word": word, "score": score} for word, score in found]
            print(json.dumps({"query": query, "suggestions": suggestions}, ensure_ascii=False))
    elif stdout.is_terminal:
        table = Table("written", "suggestion", "similarity", box=None)
        for query, found in answers:
            for position, (word, score) in enumerate(found or [("—", 0.0)]):
                mark = "[green]" if score == 100 else "[bold]" if position == 0 else ""
                table.add_row("" if position else query, f"{mark}{word}", f"{score:.2f} %")
        stdout.print(table)
    else:
        for query, found in answers:
            for word, score in found or [("", 0.0)]:
                print(f"{query}\t{word}\t{score:.2f}")


@app.command()
def spell(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words to check; with none, words are read from standard input.")
    ] = None,
    words_file: Annotated[
        Path | None, typer.Option("--words", exists=True, dir_okay=False, help="A word list of your own, one word a line.")
    ] = None,
    size: Annotated[Literal["default", "huge"], typer.Option(help="Which English dictionary.")] = "default",
    metric: Metric = "typo",
    limit: Limit = 1,
    as_json: AsJson = False,
) -> None:
    """Suggest what each word was meant to be.

    A word of the dictionary scores 100. Exit 1 when a word has no suggestion at all.

    [dim]$ likewise spell almni recieve[/]
    """
    if not words:
        words = sys.stdin.read().split()
    dictionary = Dictionary.from_file(words_file) if words_file else Dictionary.english(size)
    answers = [
        (
            word,
            [
                (found.word, found.score)
                for found in likewise.spell_candidates(word, limit, dictionary=dictionary, metric=_metric(metric))
            ],
        )
        for word in words
    ]
    _show(answers, as_json)
    if not all(found for _, found in answers):
        raise typer.Exit(1)


@app.command()
def match(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    file: Annotated[
        Path, typer.Option("--in", exists=True, dir_okay=False, allow_dash=True, help="Lines to search, - for standard input.")
    ],
    metric: Metric = "indel",
    limit: Limit = 5,
    score_cutoff: Cutoff = 0.0,
    as_json: AsJson = False,
) -> None:
    """Find the lines of a file that are most like a query.

    Exit 1 when none is.

    [dim]$ likewise match "New Yrok" --in cities.txt[/]
    """
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    with Dictionary.from_text(data) as lines:
        found = lines.search(query, limit, metric=_metric(metric), score_cutoff=score_cutoff or None)
    _show([(query, [(match.choice, match.score) for match in found])], as_json)
    if not found:
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Say what is installed and whether it works; exit 1 when something does not."""
    from likewise.doctor import examine

    healthy = True
    for row in examine():
        healthy &= row.ok
        stdout.print(
            f"[{'green' if row.ok else 'red'}]{'ok' if row.ok else 'missing':<8}[/] {row.name:<12} {row.detail}", soft_wrap=True
        )
    if not healthy:
        raise typer.Exit(1)


def _register(module: str, names: Sequence[str]) -> None:
    """The commands of a module; where what it needs cannot be imported, commands that say so."""
    try:
        importlib.import_module(module).register(app)
    except ImportError as error:
        reason = str(error)

        def missing() -> None:
            raise ImportError(reason)

        for name in names:
            app.command(name, help="Not available here: it needs what cannot be imported.", context_settings=_ANYTHING)(missing)


def main() -> None:
    """Run the command line."""
    _register("likewise.fetch.command", ["fetch"])
    _register("likewise.component.command", ["bind", "inspect", "new"])
    try:
        app()
    except (likewise.LikewiseError, ImportError, UnicodeError, OSError) as error:
        stderr.print(f"likewise: {error}", style="red", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever reads has read enough.
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()
