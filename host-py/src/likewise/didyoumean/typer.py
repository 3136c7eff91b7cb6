"""Did you mean for typer: a group and a command class.

    app = typer.Typer(cls=likewise.didyoumean.typer.Group)

Suggestions are for unknown commands, unknown options and values that are not a choice, at every level below the app. They stand in typer's own
messages, in its own words; usage line, standard error and exit status 2 stay as they are.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from likewise.didyoumean._usage import improving, unknown_command

__all__ = ["Command", "Group"]

# typer exports BadParameter only; its base, click's UsageError, is in typer's copy of click or in click, as typer's version has it.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


class Command(TyperCommand):
    """A command with suggestions: for ``@app.command(cls=Command)`` in an app of one command. Below a `Group` none is needed."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """As in typer."""
        with improving(_UsageError):
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """As in typer."""
        with improving(_UsageError):
            return super().invoke(ctx)


class Group(TyperGroup):
    """A group with suggestions for everything below it. ``typer.Typer(suggest_commands=False)`` turns those for commands off."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # typer's own, from difflib, give way.
        self._suggests = getattr(self, "suggest_commands", True)
        self.suggest_commands = False

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """As in typer."""
        with improving(_UsageError):
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """As in typer."""
        with improving(_UsageError):
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As in typer."""
        try:
            return super().resolve_command(ctx, args)
        except _UsageError as error:
            if self._suggests:
                unknown_command(error, args[0], self.list_commands(ctx), lambda name: _hidden(self.get_command(ctx, name)))
            raise


def _hidden(command: Any) -> bool:
    return command is None or bool(command.hidden)
