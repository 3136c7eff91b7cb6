"""What the integrations for click and typer share: suggestions put into a usage error on its way out.

Typer has its own copy of click, so that the classes differ and what is in an error does not: nothing here imports either.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from likewise.didyoumean import suggestions

# Enough that some are left when hidden commands are taken out.
_CANDIDATES = 10
_LIMIT = 3

_LITERAL = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# "'x' is not one of 'a', 'b'." and "'x' is not 'a'.": the one place where value and choices stand together. In a translation that
# differs in more than its words there is no suggestion. Nothing but a literal holds quotes, so that there is one way to read a message.
_NOT_A_CHOICE = re.compile(rf"[^'\"]*{_LITERAL}[^'\"]+(?:{_LITERAL}, )*{_LITERAL}[^\w'\"]*", re.DOTALL)

# Set on an error that has been dealt with: it passes every group between the command and the program.
_DONE = "_likewise_suggested"


@contextmanager
def improving(usage_error: type[Exception]) -> Iterator[None]:
    """Add suggestions to a usage error that leaves the block: to an unknown option, and to a value that is not a choice."""
    try:
        yield
    except usage_error as error:
        if not hasattr(error, _DONE):
            setattr(error, _DONE, True)
            _improve(error)
        raise


def unknown_command(error: Any, word: str, names: Sequence[str], hidden: Callable[[str], bool]) -> None:
    """Add suggestions to the error that says that there is no command ``word``."""
    if hasattr(error, "option_name") or hasattr(error, _DONE):
        return
    setattr(error, _DONE, True)
    found = [name for name in suggestions(word, names, limit=_CANDIDATES) if not hidden(name)][:_LIMIT]
    if hasattr(error, "possibilities"):  # click's own way to say it, since 8.4
        error.possibilities = found
    elif found:
        error.message = _with(error.message, found)


def _improve(error: Any) -> None:
    if hasattr(error, "option_name") and hasattr(error, "possibilities"):
        if error.ctx is not None:
            error.possibilities = suggestions(error.option_name, _options(error.ctx))
    elif hasattr(error, "param_hint") and isinstance(error.message, str) and _NOT_A_CHOICE.fullmatch(error.message):
        try:
            value, *choices = (ast.literal_eval(literal) for literal in re.findall(_LITERAL, error.message, re.DOTALL))
        except (SyntaxError, ValueError):
            # A type of the program's own may put a value between quotes as it was written.
            return
        found = suggestions(value, choices)
        if found:
            error.message = _with(error.message, found)


def _options(context: Any) -> list[str]:
    """The option strings of a context's command, but for what its help hides."""
    options: list[str] = []
    for param in context.command.get_params(context):
        if param.param_type_name == "option" and not getattr(param, "hidden", False):
            options += [*param.opts, *param.secondary_opts]
    return options


def _with(message: str, found: list[str]) -> str:
    """A message with suggestions, in typer's words and form."""
    return f"{message.rstrip('.')}. Did you mean {', '.join(map(repr, found))}?"
