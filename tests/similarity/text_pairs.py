"""Pairs of texts that tell implementations apart: from one alphabet or several, alike or not, short, long and adversarial.

Hypothesis draws a seed for a hundred pairs at once: drawing every letter would leave no time for the comparisons.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from hypothesis import strategies as st

#: Pairs of a batch, and batches of a test: together the cases that each metric is tested with.
BATCH = 100
BATCHES = 100

Pair = tuple[str, str]


def _range(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


ALPHABETS = [
    "ab",
    "abcdefghijklmnopqrstuvwxyz",
    "abcde   ",
    _range(0x20, 0x7E) + "\t\n",
    _range(0xA0, 0xFF) + "abc \x85",
    _range(0x430, 0x44F) + " ",
    _range(0x4E00, 0x9FFF),
    "😀😁😂🤣😃👍🏽👨‍👩‍👧 ",
    "aé日😀 \u0301\u2003",
]


def _length(rng: random.Random) -> int:
    kind = rng.random()
    if kind < 0.7:
        return rng.randrange(20)
    if kind < 0.95:
        return rng.randrange(100)
    return rng.choice([63, 64, 65, 127, 128, 129, 200, 300])


def _text(rng: random.Random, alphabet: str) -> str:
    shape, length = rng.random(), _length(rng)
    if shape < 0.8:
        return "".join(rng.choices(alphabet, k=length))
    if shape < 0.87:
        return rng.choice(alphabet) * length
    if shape < 0.94:
        return ("".join(rng.sample(alphabet, 2)) * length)[:length]
    return "".join(rng.sample(alphabet, min(length, len(alphabet))))


def _edited(rng: random.Random, text: str, alphabet: str) -> str:
    letters = list(text)
    for _ in range(rng.randrange(5)):
        place = rng.randrange(len(letters) + 1)
        edit = rng.randrange(4)
        if edit == 0:
            letters.insert(place, rng.choice(alphabet))
        elif edit == 1:
            del letters[place : place + 1]
        elif edit == 2:
            letters[place : place + 1] = [rng.choice(alphabet)]
        else:
            letters[place : place + 2] = letters[place : place + 2][::-1]
    return "".join(letters)


def _pair(rng: random.Random) -> Pair:
    alphabet = rng.choice(ALPHABETS)
    text = _text(rng, alphabet)
    kind = rng.random()
    if kind < 0.3:
        return text, _text(rng, alphabet)
    if kind < 0.35:
        return text, _text(rng, rng.choice(ALPHABETS))
    if kind < 0.75:
        return text, _edited(rng, text, alphabet)
    if kind < 0.85:
        words = text.split(" ")
        return text, " ".join(rng.sample(words, len(words)))
    start = rng.randrange(len(text) + 1)
    part = text[start : start + rng.randrange(30)]
    return (text, part) if kind < 0.95 else (text + part, part + text)


def pairs_of(seed: int, count: int = BATCH) -> list[Pair]:
    """``count`` pairs, the same ones for a seed."""
    rng = random.Random(seed)
    return [_pair(rng) for _ in range(count)]


def batches() -> st.SearchStrategy[list[Pair]]:
    """A strategy for lists of pairs."""
    return st.integers(0, 2**32).map(pairs_of)


def shortest_failure(pairs: Iterable[Pair], holds: Callable[[str, str], bool]) -> Pair | None:
    """The shortest of the pairs for which something does not hold."""
    failures = [pair for pair in pairs if not holds(*pair)]
    return min(failures, key=lambda pair: len(pair[0]) + len(pair[1]), default=None)
