"""What griffe, which reads the sources for the reference, does not see by itself. Its extensions."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import griffe

# An interactive session: from a prompt to an empty line or the end.
_SESSION = re.compile(r"^( *)>>> .*(?:\n(?! *$).*)*", re.MULTILINE)
_ROLE = re.compile(r":(?:func|class|meth|mod|exc):`~?([^`]+)`")


class Markup(griffe.Extension):
    """Makes Markdown of docstrings: sessions become blocks of code, roles of Sphinx the names that they hold."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Look at anything that has been read."""
        if obj.docstring is not None:
            obj.docstring.value = markdown(obj.docstring.value)


def markdown(text: str) -> str:
    """A docstring's text as Markdown."""
    text = _SESSION.sub(lambda session: f"{session[1]}```pycon\n{session[0]}\n{session[1]}```", text)
    return _ROLE.sub(r"`\1`", text)


class MadeFunctions(griffe.Extension):
    """Replaces attributes by the functions that they are: `likewise.fuzz` and the modules of `likewise.distance` have functions make theirs."""

    def on_module(self, *, mod: griffe.Module, **kwargs: Any) -> None:
        """Look at the attributes of a module that has been read."""
        if not mod.path.startswith(("likewise.fuzz", "likewise.distance.")) or mod.name.startswith("_"):
            return
        module = importlib.import_module(mod.path)
        for name in module.__all__:
            made, member = getattr(module, name), mod.members.get(name)
            if inspect.isfunction(made) and (member is None or member.is_attribute):
                mod.set_member(name, function(made, mod))


def function(made: Any, mod: griffe.Module) -> griffe.Function:
    """A function as griffe describes one."""
    signature = inspect.signature(made)
    parameters = griffe.Parameters(
        *(
            griffe.Parameter(
                parameter.name,
                annotation=annotation(parameter.annotation),
                kind=getattr(griffe.ParameterKind, parameter.kind.name.lower()),
                default=None if parameter.default is parameter.empty else repr(parameter.default),
            )
            for parameter in signature.parameters.values()
        )
    )
    found = griffe.Function(
        made.__name__, parameters=parameters, returns=annotation(signature.return_annotation), parent=mod, lineno=1, endlineno=1
    )
    if made.__doc__:
        found.docstring = griffe.Docstring(markdown(inspect.cleandoc(made.__doc__)), parent=found)
    return found


def annotation(given: Any) -> str | None:
    """A type as it is written in the source: annotations are strings there."""
    if given is inspect.Parameter.empty:
        return None
    return given if isinstance(given, str) else str(getattr(given, "__name__", given))
