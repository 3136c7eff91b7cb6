"""Every ratio, alignments and `default_process` against RapidFuzz."""

from __future__ import annotations

import sys
from array import array
from typing import Any

import pytest
import rapidfuzz.fuzz
import rapidfuzz.utils
from hypothesis import given, settings
from hypothesis import strategies as st
from text_pairs import BATCHES, Pair, batches, pairs_of, shortest_failure

from likewise import fuzz, utils
from likewise.distance import ScoreAlignment

RATIOS = [
    "ratio",
    "partial_ratio",
    "token_sort_ratio",
    "token_set_ratio",
    "token_ratio",
    "partial_token_sort_ratio",
    "partial_token_set_ratio",
    "partial_token_ratio",
    "WRatio",
    "QRatio",
]


@pytest.mark.parametrize("name", RATIOS)
@settings(max_examples=BATCHES, deadline=None)
@given(pairs=batches())
def test_ratios_agree(name: str, pairs: list[Pair]) -> None:
    ours, theirs = getattr(fuzz, name), getattr(rapidfuzz.fuzz, name)
    failure = shortest_failure(pairs, lambda a, b: abs(ours(a, b) - theirs(a, b)) <= 1e-9)
    assert failure is None, f"{name}{failure!r}"


@pytest.mark.parametrize("name", RATIOS)
@settings(max_examples=BATCHES // 4, deadline=None)
@given(pairs=batches())
def test_a_cutoff_never_changes_a_surviving_score(name: str, pairs: list[Pair]) -> None:
    ratio = getattr(fuzz, name)

    def holds(a: str, b: str) -> bool:
        score = ratio(a, b)
        for cutoff in [0, score - 1e-6, score, score + 1e-6, 60, 90, 100, 100.5]:
            if ratio(a, b, score_cutoff=cutoff) != (score if score >= cutoff else 0.0):
                return False
        return True

    failure = shortest_failure(pairs, holds)
    assert failure is None, f"{name}{failure!r}"


@settings(max_examples=BATCHES, deadline=None)
@given(pairs=batches())
def test_alignments_agree(pairs: list[Pair]) -> None:
    def holds(a: str, b: str) -> bool:
        mine, known = fuzz.partial_ratio_alignment(a, b), rapidfuzz.fuzz.partial_ratio_alignment(a, b)
        return mine is not None and mine[1:] == tuple(known)[1:] and abs(mine.score - known.score) <= 1e-9

    failure = shortest_failure(pairs, holds)
    assert failure is None, f"partial_ratio_alignment{failure!r}"


def test_alignments_below_the_cutoff_and_of_missing_values() -> None:
    assert fuzz.partial_ratio_alignment("test", "tesx", score_cutoff=90) is None
    assert fuzz.partial_ratio_alignment(None, "test") is None
    assert fuzz.partial_ratio_alignment("abc", "xABCx", processor=str.lower) == ScoreAlignment(100.0, 0, 3, 1, 4)


@pytest.mark.parametrize("name", RATIOS)
def test_sequences_of_other_things_agree(name: str) -> None:
    """White space separates tokens wherever it stands for a character, and tokens are sorted by their elements."""
    ours, theirs = getattr(fuzz, name), getattr(rapidfuzz.fuzz, name)
    typecode = "w" if sys.version_info >= (3, 13) else "u"
    # RapidFuzz takes the code points 0x85 and 0xa0 for white space in a list, and not in a string without larger ones.
    without = str.maketrans("", "", "\x85\xa0")
    for a, b in pairs_of(11, 200):
        a, b = a.translate(without), b.translate(without)
        for left, right in [
            (list(a), b),
            (array(typecode, a), b),
            ([*a, " ", 10**15, "word"], [*b, " ", "word", 10**15]),
            (array("q", [3, 32, 7, 2**40]), [2**40, 32, *map(ord, a)]),
            (a.encode(), b.encode()),
        ]:
            assert ours(left, right) == pytest.approx(theirs(left, right), abs=1e-9), (left, right)


@pytest.mark.parametrize("missing", [None, float("nan")])
@pytest.mark.parametrize("name", RATIOS)
def test_missing_values_score_nothing(name: str, missing: object) -> None:
    assert getattr(fuzz, name)(missing, "a") == getattr(fuzz, name)("a", missing) == 0.0


def test_pandas_na_is_missing() -> None:
    import pandas as pd

    assert fuzz.ratio(pd.NA, "a") == 0.0


@settings(max_examples=500, deadline=None)
@given(text=st.text(st.characters(codec=None)))
def test_default_process_agrees(text: str) -> None:
    assert utils.default_process(text) == rapidfuzz.utils.default_process(text)


def test_default_process_agrees_on_every_code_point() -> None:
    for first in range(0, 0x110000, 0x1000):
        text = "a" + "".join(map(chr, range(first, first + 0x1000))) + "a"
        assert utils.default_process(text) == rapidfuzz.utils.default_process(text), hex(first)


@pytest.mark.parametrize("wrong", [None, 1, ["a"]])
def test_default_process_takes_text(wrong: Any) -> None:
    assert utils.default_process(b"B\xc4R!") == "bär"
    with pytest.raises(TypeError, match="must be a String"):
        utils.default_process(wrong)


@pytest.mark.parametrize("name", RATIOS)
def test_functions_describe_themselves(name: str) -> None:
    function = getattr(fuzz, name)
    assert (function.__name__, function.__module__) == (name, "likewise.fuzz")
    assert function.__doc__
