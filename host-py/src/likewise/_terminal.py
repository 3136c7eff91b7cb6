"""What the commands share: data on standard output, for people on a terminal and for programs in a pipe; errors beside it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from rich.bar import Bar
from rich.console import Console
from rich.table import Table

from likewise.dictionary import MetricName
from likewise.suggestion import Suggestion

# Columns of a bar: a step of an eighth of one is 0.8 percent.
_BAR = 16

METRICS = ", ".join(get_args(MetricName))

stdout = Console(highlight=False)
stderr = Console(stderr=True, highlight=False)


def complain(message: object) -> None:
    """Say on standard error what went wrong."""
    stderr.print(f"likewise: {visible(str(message))}", style="red", markup=False, soft_wrap=True)


def say(text: object) -> None:
    """Print a line of data, to a terminal without what would steer it."""
    print(visible(str(text)) if stdout.is_terminal else text)


def reason(error: BaseException) -> str:
    """What an error says, without the number that the system has for it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    return str(error)


def show(answers: Iterable[tuple[str, Sequence[Suggestion]]], as_json: bool) -> bool:
    """Print each query with its answers: a table with bars on a terminal, tab-separated lines in a pipe, JSON lines on demand.

    In a pipe each is written when it is known. Returns whether every query had an answer.
    """
    complete = True
    table = Table("written", "suggestion", "similarity", "", box=None)
    for query, found in answers:
        complete &= bool(found)
        if as_json:
            print(as_line({"query": query, "suggestions": [suggestion._asdict() for suggestion in found]}))
        elif stdout.is_terminal:
            for position, (word, score) in enumerate(found or [Suggestion("—", 0.0)]):
                style = "green" if score == 100 else "bold" if position == 0 else ""
                table.add_row(
                    "" if position else _plain(query), styled(word, style), f"{score:.2f} %", Bar(100, 0, score, width=_BAR)
                )
        else:
            for word, score in found or [Suggestion("", 0.0)]:
                print(f"{query}\t{word}\t{score:.2f}")
    if table.row_count:
        stdout.print(table)
    return complete


def styled(text: str, style: str) -> str:
    """Text as rich's markup, whatever brackets are in it."""
    return f"[{style}]{_plain(text)}[/]" if style else _plain(text)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(visible(text))


# Controls, lone surrogates, line and paragraph separators; and what turns the direction of text around (Unicode's bidirectional controls),
# which can make one line look like another.
_STEERING = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """A stranger's text for a terminal: what would steer it is replaced by U+FFFD."""
    return _STEERING.sub("\ufffd", text)


def as_line(record: dict[str, Any]) -> str:
    """One line of JSON. What would steer a terminal is escaped, so that it may be shown anywhere; and lone surrogates are, which no file
    can hold.
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(record, ensure_ascii=False))


def readable(data: bytes, name: str) -> tuple[str, bool]:
    """Bytes as text, and whether they are UTF-8. Where they are not, somebody is told, and U+FFFD stands for what cannot be read: a
    wrong byte in one word does not cost the others.
    """
    try:
        return data.decode("utf-8-sig"), True
    except UnicodeDecodeError as error:
        complain(f"{name} is not UTF-8 at byte {error.start:,}; what cannot be read is read as U+FFFD")
        return data.decode("utf-8-sig", "replace"), False


def read(path: Path) -> tuple[str, bool]:
    """The text of a file, '-' being standard input. See `readable`."""
    if str(path) == "-":
        return readable(sys.stdin.buffer.read(), "standard input")
    return readable(path.read_bytes(), str(path))


def arguments(words: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Words of a command line, and whether they are UTF-8. See `readable`."""
    for word in words:
        # Python keeps a byte that it cannot decode as a surrogate.
        yield readable(word.encode("utf-8", "surrogateescape"), repr(word))


def examples(*lines: tuple[str, str], status: str) -> str:
    """The end of a command's help: what to type, what it does, and the exit status. Typer keeps lines apart that blank lines part."""
    shown = [f"[bold]$ {_plain(command)}[/]  [dim]# {_plain(what)}[/]" for command, what in lines]
    return "\n\n".join(["Examples:", *shown, f"Exit status: {status}"])
