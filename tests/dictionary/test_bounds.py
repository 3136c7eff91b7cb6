"""What a dictionary may take of memory, and a hostile query of time."""

from __future__ import annotations

import random
from typing import Any

import pytest

from likewise import Dictionary, _engine, component
from likewise.component import Limits
from likewise.dictionary import longest_query
from likewise.errors import ComponentError

METRICS = [
    "indel", "levenshtein", "osa", "damerau-levenshtein", "hamming", "lcs-seq",
    "prefix", "postfix", "jaro", "jaro-winkler", "sorensen-dice", "typo",
]  # fmt: skip

MIB = 1 << 20

# As many words as the articles' list has.
WORDS = 370_099


@pytest.fixture(scope="module")
def text(alpha: Dictionary) -> str:
    return "\n".join(list(alpha)[:WORDS])


def test_an_index_is_built_in_little_memory(text: str) -> None:
    bounded = component.load(_engine.COMPONENT, limits=Limits(memory=12 * MIB))
    with bounded.dictionary.Dictionary.from_text(text, "\n", None) as words:
        assert words.len() == WORDS
        assert words.memory() <= 5_500_000
        # What the text took is free again for the table of the words' places.
        assert words.get(WORDS - 1) == text.rpartition("\n")[2]
        assert len(words.search("almni", 5, "indel", None)) == 5


def test_an_index_is_loaded_in_little_more_memory_than_it_takes(text: str) -> None:
    saved = component.load(_engine.COMPONENT).dictionary.Dictionary.from_text(text, "\n", None).save()
    bounded = component.load(_engine.COMPONENT, limits=Limits(memory=len(saved) + 2 * MIB)).dictionary
    loader = bounded.Loader(len(saved))
    for start in range(0, len(saved), 1 << 16):
        loader.push(saved[start : start + (1 << 16)])
    with bounded.Loader.load(loader) as words:
        assert words.len() == WORDS
        assert words.memory() <= 5_500_000
        assert len(words.search("almni", 5, "indel", None)) == 5


def test_a_loader_believes_no_size() -> None:
    saved = component.load(_engine.COMPONENT).dictionary.Dictionary.from_text("move\nalumni", "\n", None).save()
    bounded = component.load(_engine.COMPONENT, limits=Limits(memory=4 * MIB)).dictionary
    for size in (0, len(saved), 2**32 - 1):
        loader = bounded.Loader(size)
        loader.push(saved[:50])
        loader.push(saved[50:])
        assert bounded.Loader.load(loader).get(1) == "alumni"
    with pytest.raises(ComponentError, match=r"(?i)not-?a-?dictionary"):
        bounded.Loader.load(bounded.Loader(10))


def hostile(length: int) -> list[str]:
    """Texts of which comparing can make the least: all equal, alternating, all distinct, without order."""
    chance = random.Random(7)
    return [
        "a" * length,
        ("ab" * length)[:length],
        "".join(chr(0x4E00 + i % 20_000) for i in range(length)),
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=length)),
        "".join(chance.choices("etaoinshrdlu ", k=length)),
    ]


# A call that is not over by then is stopped, and the test fails: fifty times what the slowest takes here (docs/untrusted-input.md has its time).
LIMITS = Limits(time=60)

# The ratios of the contract.
RATIOS = [
    "ratio", "partial-ratio", "token-sort-ratio", "token-set-ratio", "token-ratio",
    "partial-token-sort-ratio", "partial-token-set-ratio", "partial-token-ratio", "w-ratio", "q-ratio",
]  # fmt: skip


@pytest.fixture(scope="module")
def bounded(english: Dictionary) -> Any:
    """Each tenth of the default words, in a component whose calls are stopped."""
    engine = component.load(_engine.COMPONENT, limits=LIMITS)
    return engine.dictionary.Dictionary.from_text("\n".join(list(english)[::10]), "\n", None)


@pytest.mark.parametrize("metric", METRICS)
def test_the_longest_queries_end(bounded: Any, metric: Any) -> None:
    for query in hostile(longest_query(metric)):
        assert len(bounded.search(query, 5, metric, None)) <= 5


@pytest.mark.parametrize("ratio", RATIOS)
def test_ratios_of_long_hostile_texts_end(ratio: str) -> None:
    similarity = component.load(_engine.COMPONENT, limits=LIMITS).similarity
    for a, b in pairs():
        assert 0.0 <= similarity.fuzz(ratio, a, b) <= 100.0


@pytest.mark.parametrize("metric", METRICS)
def test_metrics_of_long_hostile_texts_end(metric: str) -> None:
    similarity = component.load(_engine.COMPONENT, limits=LIMITS).similarity
    for a, b in pairs():
        assert similarity.distance(metric, a, b) >= 0
        assert 0.0 <= similarity.similarity(metric, a, b) <= 1.0


def pairs() -> list[tuple[str, str]]:
    """Long texts, and parts of them."""
    texts = hostile(2000)
    return [(a, b) for a in texts for b in (texts[0], texts[3][:1000], texts[4])]
