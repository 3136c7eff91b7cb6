"""Did you mean for argparse: a parser class, and one call for a parser that exists.

    parser = likewise.didyoumean.argparse.ArgumentParser()     # or, for a parser of any class:
    likewise.didyoumean.argparse.install(parser)

Suggestions are added to argparse's own messages; usage line, standard error, exit status 2 and `exit_on_error` stay as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

from likewise.didyoumean import suggestions

__all__ = ["ArgumentParser", "install"]

_P = TypeVar("_P", bound=argparse.ArgumentParser)


class _Parse:
    """What happens within one `parse_args`: which parser left which words over, the innermost first, and what to say of them."""

    def __init__(self) -> None:
        self.left_over: list[tuple[argparse.ArgumentParser, list[str]]] = []

    def hint(self, words: Iterable[str]) -> str:
        hints = []
        for word in words:
            name = word.partition("=")[0]
            parser = next((parser for parser, left in self.left_over if word in left), None)
            if parser is None or not name.strip("-") or name[0] not in parser.prefix_chars:
                continue
            found = suggestions(name, _options(parser))
            if found:
                hints.append(_hint(found))
        return "".join(hints)


# A parse of one thread, or task, knows nothing of another's.
_parse: ContextVar[_Parse | None] = ContextVar("parse", default=None)


class _DidYouMean(argparse.ArgumentParser):
    """The methods that any parser class can be given."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        return self._hinting(super().parse_args, args, namespace)

    def parse_intermixed_args(self, args: Any = None, namespace: Any = None) -> Any:
        return self._hinting(super().parse_intermixed_args, args, namespace)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        parsed, left = super().parse_known_args(args, namespace)
        parse = _parse.get()
        if parse is not None:
            parse.left_over.append((self, list(left)))
        return parsed, left

    def error(self, message: str) -> Any:
        parse = _parse.get()
        # Of the parsers that can end here, the one whose words were left over is the outermost and the last.
        if parse is not None and parse.left_over and parse.left_over[-1][0] is self:
            message += parse.hint(parse.left_over[-1][1])
        return super().error(message)

    def _hinting(self, parse_args: Any, args: Any, namespace: Any) -> Any:
        token = _parse.set(_Parse())
        try:
            return parse_args(args, namespace)
        except argparse.ArgumentError as error:
            # With exit_on_error=False newer Pythons raise this of what is left over, in place of a call of error().
            parse = _parse.get()
            if error.argument_name is None and parse is not None and parse.left_over:
                error.message += parse.hint(parse.left_over[-1][1])
            raise
        finally:
            _parse.reset(token)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            # Private, the same from Python 3.10 to 3.14, and the one place that knows both the value and the choices.
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            found = suggestions(str(value), _choices(action))
            if found:
                error.message += _hint(found)
            raise


class ArgumentParser(_DidYouMean):
    """`argparse.ArgumentParser` with suggestions for a wrong subcommand, option or choice.

    Subparsers are of this class as well unless ``add_subparsers(parser_class=...)`` says otherwise.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_voice(self)


def install(parser: _P) -> _P:
    """Give suggestions to a parser that exists, of whatever class, to its subparsers, and to those that it will get.

    Returns the parser. A second call changes nothing.
    """
    if not isinstance(parser, _DidYouMean):
        parser.__class__ = _derived(type(parser))
        _one_voice(parser)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for subparser in set(action.choices.values()):
                install(subparser)
            action._parser_class = _derived(action._parser_class)
    return parser


def _derived(base: type[_P]) -> type[_P]:
    if issubclass(base, _DidYouMean):
        return base
    # The name stays: it is what a person sees in repr().
    derived: Any = type(base.__name__, (_DidYouMean, base), {"__module__": base.__module__, "__doc__": base.__doc__})
    made: type[_P] = derived
    return made


def _one_voice(parser: argparse.ArgumentParser) -> None:
    """Python 3.14 can suggest as well (difflib), and from 3.15 does: two suggestions in one message are too many."""
    if hasattr(parser, "suggest_on_error"):
        parser.suggest_on_error = False


def _options(parser: argparse.ArgumentParser) -> list[str]:
    """The option strings of a parser, but for what its help hides."""
    return [option for action in parser._actions if action.help != argparse.SUPPRESS for option in action.option_strings]


def _choices(action: argparse.Action) -> Iterator[str]:
    # Any container may be choices; what it raises, it raises where suggestions are looked for.
    yield from map(str, action.choices or ())


def _hint(found: Sequence[str]) -> str:
    # The words and the form of Python 3.14's suggestions.
    return f", maybe you meant {' or '.join(map(repr, found))}?"
