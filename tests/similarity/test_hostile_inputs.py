"""Texts, sequences and options that break what joins them, numbers them or counts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import rapidfuzz.distance
import rapidfuzz.fuzz
import rapidfuzz.process
from hypothesis import given
from hypothesis import strategies as st

from likewise import fuzz, process
from likewise.distance import Indel, JaroWinkler, Levenshtein

# What stands between texts when they cross, and elements that have the same numbers.
TEXTS = st.one_of(
    st.text(st.sampled_from("ab\0\x1f\x1e\n\ufffe"), max_size=4),
    st.lists(st.sampled_from([0, 1, 97, True, False, "\0", "a"]), max_size=3),
)


@given(query=TEXTS, choices=st.lists(TEXTS, min_size=1, max_size=4))
def test_a_text_may_end_in_what_parts_texts(query: Any, choices: list[Any]) -> None:
    mine = [row[1:] for row in process.extract(query, choices, scorer=fuzz.ratio, limit=None)]
    theirs = [row[1:] for row in rapidfuzz.process.extract(query, choices, scorer=rapidfuzz.fuzz.ratio, limit=None)]
    assert mine == [(pytest.approx(score), key) for score, key in theirs]
    queries = [query] * len(choices)
    for many in ("cdist", "cpdist"):
        got = getattr(process, many)(queries, choices, scorer=Levenshtein.distance)
        assert (got == getattr(rapidfuzz.process, many)(queries, choices, scorer=rapidfuzz.distance.Levenshtein.distance)).all()


def test_the_last_text_keeps_its_end() -> None:
    assert process.extractOne("\0", ["", "x"], scorer=fuzz.ratio) == ("", 0.0, 0)
    assert process.cpdist(["a"], ["a\0"], scorer=Levenshtein.distance).tolist() == [1]
    assert process.cdist([""], ["\0"], scorer=fuzz.ratio).tolist() == [[0.0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint32])
def test_a_multiplied_count_does_not_run_over(dtype: type) -> None:
    for length in (200, 300):
        got = process.cdist(["a" * length], ["b"], scorer=Levenshtein.distance, dtype=dtype, score_multiplier=1000)
        assert got.tolist() == [[length * 1000]]
    assert process.cpdist(["a" * 300], ["b"], scorer=Levenshtein.distance, dtype=np.int32, score_multiplier=-1).tolist() == [-300]


def test_nothing_meets_a_cutoff_that_is_not_a_number() -> None:
    nan = float("nan")
    assert fuzz.ratio("a", "a", score_cutoff=nan) == 0 and process.extract("a", ["a"], scorer=fuzz.ratio, score_cutoff=nan) == []
    assert process.cdist(["a"], ["a", "b"], score_cutoff=nan).tolist() == [[0.0, 0.0]]
    assert process.cpdist(["a"], ["a"], score_cutoff=nan).tolist() == [0.0]


def test_whole_numbers_beyond_floats_are_cutoffs() -> None:
    assert Levenshtein.distance("ab", "cd", score_cutoff=10**400) == 2
    assert fuzz.ratio("a", "a", score_cutoff=10**400) == 0 and fuzz.ratio("a", "b", score_cutoff=-(10**400)) == 0


class Endless:
    """Says that it has three elements, and never ends."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> str:
        return "a"


def test_a_sequence_is_as_long_as_it_says() -> None:
    assert Indel.distance(Endless(), "aa") == 1
    assert process.extractOne("aaa", [Endless()], scorer=fuzz.ratio)[1] == 100  # type: ignore[index]


class Unhashable:
    def __hash__(self) -> int:
        raise RuntimeError("no hash today")


def test_what_elements_raise_comes_out() -> None:
    with pytest.raises(RuntimeError, match="no hash today"):
        fuzz.ratio([Unhashable()], "a")
    with pytest.raises(TypeError, match="a sequence of hashable elements, not this ndarray: unhashable type"):
        fuzz.ratio(np.zeros((2, 2)), "a")
    with pytest.raises(TypeError, match="not this ndarray: len"):
        fuzz.ratio(np.array(3), "a")


def test_texts_of_every_character() -> None:
    most = "".join(map(chr, [*range(0xD800), *range(0xE000, 0xFFFF), *range(0x10000, 0x110000)]))
    assert process.extractOne("b", [most, "b"], scorer=Indel.distance) == ("b", 0, 1)
    with pytest.raises(ValueError, match=r"hold every character that there is.*compare fewer at once"):
        process.extractOne("b", [most + "\uffff", "b"], scorer=Indel.distance)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: process.extract("a", ["a"], limit="1"), "limit: expected an int, got '1'"),  # type: ignore[arg-type]
        (lambda: process.extract("a", ["a"], limit=1.5), "limit: expected an int, got 1.5"),  # type: ignore[arg-type]
        (lambda: process.extract("a", 5), "choices: expected an iterable, or a mapping.*, not int"),  # type: ignore[arg-type]
        (lambda: process.extractOne("a", None), "choices: expected an iterable, or a mapping.*, not NoneType"),  # type: ignore[arg-type]
        (lambda: process.cdist(["a"], ["a"], workers="2"), "workers: expected an int, got '2'"),  # type: ignore[arg-type]
        (lambda: process.cpdist(["a"], ["a"], workers=None), "workers: expected an int, got None"),  # type: ignore[arg-type]
        (lambda: Levenshtein.distance("a", "b", weights=5), "weights: expected the costs of an insertion"),  # type: ignore[call-arg]
        (lambda: JaroWinkler.distance("a", "b", prefix_weight="x"), "prefix_weight has to be in the range"),  # type: ignore[call-arg]
    ],
)
def test_options_of_the_wrong_kind_are_named(call: Callable[[], object], said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        call()
