"""Did you mean: what a person meant by a command, an option or a choice that does not exist.

This module knows no framework. `likewise.didyoumean.argparse`, `.click`, `.typer` and `.cmd` put it to work, each importing its own
framework and no other. The engine is loaded when the first suggestion is asked for: a program that is used well never pays for it.

>>> suggestions("inyt", ["init", "move", "delete", "ingest"])
['init']
>>> correction("inyt", ["init", "move", "delete", "ingest"])
'invalid command, were you trying to use init?'
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

__all__ = ["SCORE_CUTOFF", "correction", "prompt", "suggestions"]

SCORE_CUTOFF = 60.0
"""What is less similar (indel, percent) is no suggestion: difflib's cutoff, which argparse, click and typer use as well."""

# One edit more, in names of five letters. What is further behind the best is noise beside it: "--verbos" is not "--version".
_BEHIND_THE_BEST = 10.0

# Nobody reads more of them.
_LIMIT = 3

# A name of a program is shorter; what is longer is not a name.
_LONGEST = 256

_log = logging.getLogger(__name__)


def suggestions(word: str, options: Iterable[str], *, limit: int = _LIMIT, score_cutoff: float = SCORE_CUTOFF) -> list[str]:
    """The options that ``word`` was probably meant to be, best first, at most ``limit``.

    Options are compared without their leading dashes (``"--verbos"`` with ``"verbose"``), without regard to case, ``-`` and
    ``_`` being the same. They are ordered by likely typing errors (the metric ``"typo"``). One is left out when its indel similarity is under
    ``score_cutoff`` (percent) or far behind the best one's. An option that begins with ``word`` (of two letters or more) always counts.

    Made for error messages: it never raises. Where the engine cannot work, there are no suggestions, and the logger
    ``likewise.didyoumean`` says why.
    """
    try:
        by_key: dict[str, list[str]] = {}
        for option in options:
            by_key.setdefault(_key(option), []).append(option)
        wanted = _key(word)
        if not wanted or len(wanted) > _LONGEST or limit < 1:
            return []
        found = _nearest(wanted, [key for key in by_key if key], score_cutoff)
        return [option for key in found for option in by_key[key]][:limit]
    except Exception:
        # The caller is about to tell a person what they did wrong. That must not turn into a report of what went wrong here.
        _log.debug("no suggestions for %r", word, exc_info=True)
        return []


def correction(word: str, options: Iterable[str], *, noun: str = "command") -> str:
    """What to tell somebody who wrote ``word`` where one of ``options`` was expected.

    >>> correction("prodd", ["dev", "staging", "prod"], noun="environment")
    'invalid environment, were you trying to use prod?'
    >>> correction("xyz", ["init", "move"])
    'invalid command, expected one of init, move'
    """
    known = list(options)
    found = suggestions(word, known)
    if found:
        return f"invalid {noun}, were you trying to use {' or '.join(found)}?"
    return f"invalid {noun}, expected one of {', '.join(known)}"


def prompt(
    text: str,
    options: Iterable[str],
    *,
    noun: str = "command",
    ask: Callable[[str], str] = input,
    say: Callable[[str], object] = print,
) -> str:
    """Ask until the answer is one of ``options``, and return it; each wrong answer is met with `correction`.

    Blanks around an answer do not count, and an empty one is asked for again. ``ask`` and ``say`` take the place of ``input`` and ``print``.

    Raises:
        EOFError: the input has ended, as from ``input``.
        ValueError: there are no options: no answer could be right.
    """
    known = list(options)
    if not known:
        raise ValueError("options: expected at least one, or no answer is right")
    while True:
        answer = ask(text).strip()
        if answer in known:
            return answer
        if answer:
            say(correction(answer, known, noun=noun))


def _key(name: str) -> str:
    return name.lstrip("-").replace("_", "-").casefold()


def _nearest(wanted: str, keys: list[str], score_cutoff: float) -> list[str]:
    from likewise._sequences import has_surrogates
    from likewise.dictionary import Dictionary

    # A file's name that is no text, among choices that are names of files, costs the others nothing.
    keys = [key for key in keys if not has_surrogates(key)]
    with Dictionary(keys) as known:
        found = known.search(wanted, len(keys), metric="typo", score_cutoff=score_cutoff)
    # By typing cost the first need not be the most similar; what is not far behind the most similar stays.
    least = max((match.score for match in found), default=0.0) - _BEHIND_THE_BEST
    near = [match.choice for match in found if match.score >= least]
    begun = [key for key in keys if len(wanted) > 1 and key.startswith(wanted) and key not in near]
    return near + begun
