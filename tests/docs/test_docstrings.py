"""The examples of the package's docstrings run, and show what comes out."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import likewise

MODULES = [info.name for info in pkgutil.walk_packages(likewise.__path__, "likewise.") if info.name != "likewise.__main__"]


class Finder(doctest.DocTestFinder):
    """Also finds the functions that other functions made: `likewise.fuzz.ratio` and the like."""

    def _from_module(self, module: ModuleType | None, object: object) -> bool:
        made = inspect.isfunction(object) and module is not None and object.__module__ == module.__name__
        return made or super()._from_module(module, object)  # type: ignore[misc]  # typeshed leaves it out


def examples(name: str) -> list[doctest.DocTest]:
    module = importlib.import_module(name)
    return [test for test in Finder(exclude_empty=True).find(module, name) if test.examples]


@pytest.mark.parametrize("name", ["likewise", *MODULES])
def test_examples(name: str) -> None:
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    try:
        found = examples(name)
    except ModuleNotFoundError as error:
        if str(error.name).startswith("likewise"):
            raise
        pytest.skip(f"{name} needs {error.name}, which is not installed here: tests/scale has it")
    for test in found:
        runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)


def test_examples_are_found() -> None:
    """Those of made functions, of methods and of modules alike."""
    names = {
        test.name for name in ("likewise.fuzz", "likewise.dictionary", "likewise.distance.Levenshtein") for test in examples(name)
    }
    assert {"likewise.fuzz.ratio", "likewise.dictionary.Dictionary", "likewise.distance.Levenshtein"} <= names
