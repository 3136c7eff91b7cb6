"""The commands for spelling: `likewise spell` for words and texts, `likewise words` for one's own words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from likewise import _terminal
from likewise.dictionary import Dictionary, MetricName
from likewise.didyoumean.typer import Group
from likewise.errors import LikewiseError
from likewise.spelling.checker import TextChecker, UnknownWord
from likewise.spelling.personal import PersonalWords
from likewise.suggestion import Suggestion, spell_candidates

__all__ = ["register"]

# Of a text more is shown for each word than of words: nobody is there to ask again.
_WORDS_LIMIT = 1
_TEXT_LIMIT = 3

_Metric = Annotated[MetricName, typer.Option(metavar="METRIC", help=f"What orders the answers: {_terminal.METRICS}.")]


def register(app: typer.Typer) -> None:
    """Add the commands to a command line."""
    app.command(
        epilog=_terminal.examples(
            ("likewise spell almni recieve", "two words"),
            ("likewise spell --limit 5 --json wierd", "five answers, for a program"),
            ("likewise spell < words.txt", "words from standard input"),
            ("likewise spell --words colours.txt grren", "a word list of your own"),
            ("likewise spell --text README.md", "the unknown words of a text"),
            ("git show | likewise spell --text -", "of what a program prints"),
            status="0 all is well; 1 a word has no suggestion, a text has an unknown word, or something cannot be read; 2 a wrong call.",
        )
    )(spell)
    words = typer.Typer(
        cls=Group, no_args_is_help=True, rich_markup_mode="rich", help="Words of your own, which no text check reports."
    )
    words.command("add")(_add)
    words.command("remove")(_remove)
    words.command("list")(_list)
    words.command("path")(_path)
    app.add_typer(words, name="words")


def spell(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD...", help="Words to check; with none, words are read from standard input.", show_default=False
        ),
    ] = None,
    text: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Check a text instead, '-' being standard input; may be repeated.", show_default=False),
    ] = None,
    words_file: Annotated[
        Path | None,
        typer.Option(
            "--words",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="A word list of your own in place of English, one word a line.",
        ),
    ] = None,
    extra: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="With --text: words known besides, one a line; may be repeated."
        ),
    ] = None,
    personal: Annotated[bool, typer.Option(help="With --text: know the words of `likewise words` besides.")] = True,
    size: Annotated[Literal["default", "huge"], typer.Option(help="Which English dictionary.")] = "default",
    metric: _Metric = "typo",
    limit: Annotated[
        int | None, typer.Option(min=0, help="Answers for each word.", show_default=f"{_WORDS_LIMIT}, with --text {_TEXT_LIMIT}")
    ] = None,
    encoding: Annotated[str, typer.Option(help="With --text: how the text is encoded.")] = "utf-8",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a word, one a line.")] = False,
) -> None:
    """Suggest what each word was meant to be, or find the unknown words of a text.

    A word of the dictionary scores 100. On a terminal the answers are a table; in a pipe they are lines of word, suggestion and similarity in percent, with tabs between them.

    With --text each unknown word is a line: FILE:LINE:COLUMN, the word and its suggestions. Code, URLs, e-mail addresses, paths and words with digits are not checked.
    """
    if text and words:
        raise typer.BadParameter("give words or a text, not both", param_hint="--text")
    if extra and not text:
        raise typer.BadParameter("only a text has words known besides; --words gives a list of your own", param_hint="--extra")
    all_well = True
    dictionary = None
    if words_file is not None:
        listed, all_well = _terminal.read(words_file)
        dictionary = Dictionary.from_text(listed)
    elif size == "huge":
        dictionary = Dictionary.english(size)
    if text:
        besides = _known_besides(extra or [], personal)
        checker = TextChecker(dictionary=dictionary, words=besides, limit=_TEXT_LIMIT if limit is None else limit, metric=metric)
        all_well &= _check(checker, text, encoding, as_json)
    else:
        all_well &= _spell(words or [], dictionary, _WORDS_LIMIT if limit is None else limit, metric, as_json)
    if not all_well:
        raise typer.Exit(1)


def _known_besides(files: list[Path], personal: bool) -> Iterator[str]:
    for file in files:
        yield from PersonalWords(file)
    if personal:
        yield from PersonalWords()


def _spell(words: list[str], dictionary: Dictionary | None, limit: int, metric: MetricName, as_json: bool) -> bool:
    all_well = True

    def given() -> Iterator[str]:
        nonlocal all_well
        if words:
            sources = _terminal.arguments(words)
        else:
            if sys.stdin.isatty():
                _terminal.stderr.print("Words to check, please; Ctrl-D ends them.", style="dim")
            text, is_utf8 = _terminal.readable(sys.stdin.buffer.read(), "standard input")
            sources = ((word, is_utf8) for word in text.split())
        for word, is_utf8 in sources:
            all_well &= is_utf8
            yield word

    def answers() -> Iterator[tuple[str, list[Suggestion]]]:
        nonlocal all_well
        for word in given():
            try:
                yield word, spell_candidates(word, limit, dictionary=dictionary, metric=metric)
            except LikewiseError as error:
                _terminal.complain(error)
                all_well = False

    complete = _terminal.show(answers(), as_json)
    return complete and all_well


def _check(checker: TextChecker, files: list[Path], encoding: str, as_json: bool) -> bool:
    all_well = True
    for file in files:
        name = "-" if str(file) == "-" else str(file)
        count = 0
        try:
            # A bar over lines that appear on the same terminal would tear them.
            progress = not _terminal.stdout.is_terminal
            for found in checker.check_file(sys.stdin.buffer if name == "-" else file, encoding=encoding, progress=progress):
                count += 1
                _print_unknown(name, found, as_json)
        except LookupError as error:
            raise typer.BadParameter(str(error), param_hint="--encoding") from None
        except BrokenPipeError:
            raise
        except (LikewiseError, OSError) as error:
            # One file that cannot be read costs the others nothing.
            _terminal.complain(_terminal.reason(error))
            all_well = False
        if count and _terminal.stdout.is_terminal and not as_json:
            _terminal.stderr.print(f"{count:,} unknown in {_terminal.visible(name)}", style="dim", markup=False)
        all_well &= not count
    return all_well


def _print_unknown(name: str, found: UnknownWord, as_json: bool) -> None:
    place = f"{name}:{found.line}:{found.column}"
    meant = ", ".join(suggestion.word for suggestion in found.suggestions)
    if as_json:
        record = {"file": name, **found._asdict(), "suggestions": [suggestion._asdict() for suggestion in found.suggestions]}
        print(_terminal.as_line(record))
    elif _terminal.stdout.is_terminal:
        styled = _terminal.styled
        line = f"{styled(place, 'dim')}  {styled(found.word, 'bold red')}  {styled(meant, '')}"
        _terminal.stdout.print(line, soft_wrap=True)
    else:
        print(f"{place}\t{found.word}\t{meant}")


def _add(words: Annotated[list[str], typer.Argument(metavar="WORD...")]) -> None:
    """Add words to your own."""
    try:
        PersonalWords().add(*words)
    except LikewiseError:
        raise
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _remove(words: Annotated[list[str], typer.Argument(metavar="WORD...")]) -> None:
    """Remove words from your own. Exit status 1 where one is not among them."""
    gone = PersonalWords().remove(*words)
    missing = [word for word in words if word not in gone]
    if missing:
        _terminal.complain(f"not among your words: {', '.join(missing)}")
        raise typer.Exit(1)


def _list() -> None:
    """Print your own words, one a line."""
    for word in PersonalWords():
        _terminal.say(word)


def _path() -> None:
    """Print where they are kept: a text file, one word a line."""
    _terminal.say(PersonalWords().path)
