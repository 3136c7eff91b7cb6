"""Did you mean for click: a group and a command class.

    @click.group(cls=likewise.didyoumean.click.Group)

Suggestions are for unknown commands, unknown options and values that are not a choice, at every level below the group. They stand in click's own
messages, in its own words; usage line, standard error and exit status 2 stay as they are.
"""

from __future__ import annotations

from typing import Any

import click

from likewise.didyoumean._usage import improving, unknown_command

__all__ = ["Command", "Group"]


class Command(click.Command):
    """`click.Command` with suggestions. Commands below a `Group` need not be of this class."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """As in click."""
        with improving(click.UsageError):
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """As in click."""
        with improving(click.UsageError):
            return super().invoke(ctx)


class Group(click.Group):
    """`click.Group` with suggestions for everything below it; groups made by its decorators are of this class too."""

    group_class = type

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """As in click."""
        with improving(click.UsageError):
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """As in click."""
        with improving(click.UsageError):
            return super().invoke(ctx)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            unknown_command(error, args[0], self.list_commands(ctx), lambda name: _hidden(self.get_command(ctx, name)))
            raise


def _hidden(command: click.Command | None) -> bool:
    return command is None or command.hidden
