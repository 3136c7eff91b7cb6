"""Text made comparable before it is compared."""

from __future__ import annotations

import re

from likewise._scorers import engine

__all__ = ["default_process"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def default_process(sentence: str | bytes) -> str:
    """``sentence`` in lower case with a space for everything that is neither a letter nor a number, and none at its
    ends.

    Nothing in this package does so unless it is passed as ``processor``. Marks are not letters: scripts that write
    vowels as marks lose them.

    >>> default_process("  Fuzzy, Wuzzy! was 1 BÄR?")
    'fuzzy  wuzzy  was 1 bär'

    Raises:
        TypeError: neither str nor bytes.
    """
    if isinstance(sentence, bytes):
        sentence = sentence.decode("latin-1")
    if not isinstance(sentence, str):
        raise TypeError(f"sentence must be a String, not {type(sentence).__name__}")
    try:
        processed: str = engine().default_process(sentence, None)
    except ValueError:
        # A surrogate is no letter either.
        processed = engine().default_process(_SURROGATE.sub(" ", sentence), None)
    return processed
