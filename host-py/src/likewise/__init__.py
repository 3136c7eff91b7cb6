"""String similarity, spell suggestion and web fetching in one sandboxed WebAssembly component.

>>> import likewise
>>> likewise.suggest_word("mve", ["init", "and", "or", "move"])
Suggestion(word='move', score=85.71428571428572)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from likewise import component as component
    from likewise import didyoumean as didyoumean
    from likewise import distance as distance
    from likewise import fuzz as fuzz
    from likewise import process as process
    from likewise import utils as utils
    from likewise.dictionary import Dictionary as Dictionary
    from likewise.dictionary import DictionaryError as DictionaryError
    from likewise.dictionary import Match as Match
    from likewise.errors import ComponentError as ComponentError
    from likewise.errors import FuelExhausted as FuelExhausted
    from likewise.errors import LikewiseError as LikewiseError
    from likewise.errors import MemoryLimitExceeded as MemoryLimitExceeded
    from likewise.errors import TimeLimitExceeded as TimeLimitExceeded
    from likewise.errors import Trap as Trap
    from likewise.fetch import Fetcher as Fetcher
    from likewise.fetch import FetchError as FetchError
    from likewise.fetch import Page as Page
    from likewise.fetch import Policy as Policy
    from likewise.fetch import Site as Site
    from likewise.spelling import PersonalWords as PersonalWords
    from likewise.spelling import TextChecker as TextChecker
    from likewise.spelling import UnknownWord as UnknownWord
    from likewise.spelling import check_file as check_file
    from likewise.spelling import check_text as check_text
    from likewise.suggestion import Suggestion as Suggestion
    from likewise.suggestion import get_close_matches as get_close_matches
    from likewise.suggestion import spell_candidates as spell_candidates
    from likewise.suggestion import spellcheck as spellcheck
    from likewise.suggestion import suggest_word as suggest_word

__version__ = "0.1.0"

# Where each name comes from. A name's module is imported when the name is first used, so that `import likewise` is quick and a
# program that only compares strings never loads the network's half.
_SOURCES = {
    "errors": ["ComponentError", "FuelExhausted", "LikewiseError", "MemoryLimitExceeded", "TimeLimitExceeded", "Trap"],
    "dictionary": ["Dictionary", "DictionaryError", "Match"],
    "spelling": ["PersonalWords", "TextChecker", "UnknownWord", "check_file", "check_text"],
    "suggestion": ["Suggestion", "get_close_matches", "spell_candidates", "spellcheck", "suggest_word"],
    "fetch": ["FetchError", "Fetcher", "Page", "Policy", "Site"],
}
_HOME = {name: module for module, names in _SOURCES.items() for name in names}
_MODULES = ["component", "didyoumean", "distance", "fuzz", "process", "utils"]

__all__ = sorted([*_HOME, *_MODULES])  # sorted() gives a list of str


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(f"likewise.{_HOME[name]}"), name)
    elif name in _MODULES:
        value = importlib.import_module(f"likewise.{name}")
    else:
        raise AttributeError(f"module 'likewise' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
