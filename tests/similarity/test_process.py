"""One query against many choices: RapidFuzz's answers, whatever the choices come in."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest
import rapidfuzz
from hypothesis import given, settings
from hypothesis import strategies as st
from scorers import SCORERS, name_of
from text_pairs import pairs_of

from likewise import _scorers, distance, fuzz, process, utils


def choices_of(seed: int) -> tuple[str, list[str]]:
    """A query and choices that are edits of it and of each other, with duplicates."""
    rng = random.Random(seed)
    pairs = pairs_of(seed, rng.randrange(40))
    choices = [text for pair in pairs for text in pair]
    choices += rng.sample(choices, len(choices) // 4)
    return (rng.choice(choices) if choices else "query"), choices


def rounded(rows: Any) -> list[Any]:
    """Scores to ten digits, and what they belong to."""
    return [(choice, round(score, 10), type(score), key) for choice, score, key in rows]


def cutoff_for(scorer: Any, fraction: float) -> float:
    if scorer.__module__ == "likewise.fuzz":
        return 100 * fraction
    return 20 * fraction // 1 if _scorers.find(scorer).whole else fraction  # type: ignore[union-attr]


@pytest.mark.parametrize("scorer", SCORERS, ids=name_of)
@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**32), limit=st.sampled_from([None, 0, 1, 2, 5, 100]), fraction=st.sampled_from([None, 0.2, 0.7, 1.0])
)
def test_extract_agrees(scorer: Any, seed: int, limit: int | None, fraction: float | None) -> None:
    query, choices = choices_of(seed)
    # A cutoff that no score is within rounding of: RapidFuzz has cutoffs in single precision.
    cutoff = None if fraction is None else cutoff_for(scorer, fraction - (1e-4 if not _whole(scorer) else 0))
    ours: dict[str, Any] = {"scorer": scorer, "score_cutoff": cutoff}
    theirs = {**ours, "scorer": SCORERS[scorer]}
    known = rapidfuzz.process.extract(query, choices, limit=limit, **theirs)
    assert rounded(process.extract(query, choices, limit=limit, **ours)) == rounded(known)
    best, best_known = process.extractOne(query, choices, **ours), rapidfuzz.process.extractOne(query, choices, **theirs)
    assert rounded([best] if best else []) == rounded([best_known] if best_known else [])
    every = rounded(rapidfuzz.process.extract_iter(query, choices, **theirs))
    assert rounded(process.extract_iter(query, choices, **ours)) == every


def _whole(scorer: Any) -> bool:
    found = _scorers.find(scorer)
    assert found is not None
    return found.whole


FORMS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "generator": lambda choices: (choice for choice in choices),
    "dict": lambda choices: {f"key {i}": choice for i, choice in enumerate(choices)},
    "series": lambda choices: pd.Series(choices, index=range(100, 100 + len(choices)), dtype=object),
}
QUERY = "new york mets"
CHOICES = ["new york Mets", None, "NEW YORK METS!", "", "mets", float("nan"), "atlanta braves", pd.NA, "new\ud800york", "Ünïcode"]
SEQUENCES = [["new", "york", "mets"], None, ("mets",), "mets", b"mets", [], ["new", 5, -1, -2, "york"]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("processor", [None, utils.default_process, str.upper], ids=["plain", "default_process", "upper"])
@pytest.mark.parametrize(
    "scorer", [fuzz.WRatio, fuzz.ratio, distance.Levenshtein.distance, distance.Jaro.similarity], ids=name_of
)
def test_every_form_of_choices(form: str, processor: Any, scorer: Any) -> None:
    theirs = rapidfuzz.utils.default_process if processor is utils.default_process else processor
    for function in ["extract", "extractOne", "extract_iter"]:
        mine = getattr(process, function)(QUERY, FORMS[form](CHOICES), scorer=scorer, processor=processor)
        known = getattr(rapidfuzz.process, function)(QUERY, FORMS[form](CHOICES), scorer=SCORERS[scorer], processor=theirs)
        rows = [[mine], [known]] if function == "extractOne" else [mine, known]
        assert rounded(rows[0]) == rounded(rows[1])


@pytest.mark.parametrize("scorer", [fuzz.ratio, fuzz.token_sort_ratio, distance.OSA.distance], ids=name_of)
def test_choices_that_are_sequences(scorer: Any) -> None:
    for query in [["new", "york"], ["new", 5, -2, "york"], "mets", b"mets"]:
        mine = process.extract(query, SEQUENCES, scorer=scorer, limit=None)
        assert rounded(mine) == rounded(rapidfuzz.process.extract(query, SEQUENCES, scorer=SCORERS[scorer], limit=None))


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_query_finds_nothing(missing: object) -> None:
    assert process.extract(missing, ["a"]) == []
    assert process.extractOne(missing, ["a"]) is None
    assert list(process.extract_iter(missing, ["a"])) == []


def test_choices_may_hold_every_separator() -> None:
    """Joined texts need a character that is in none of them."""
    choices = ["a\nb", "a\0b", "a\x1fb", "a\x1eb", "a\ufffeb", "\ue000\n", "\n", "", "\n\n"]
    for query in choices:
        mine = process.extract(query, choices, scorer=fuzz.ratio, limit=None)
        assert rounded(mine) == rounded(rapidfuzz.process.extract(query, choices, scorer=rapidfuzz.fuzz.ratio, limit=None))


def test_options_reach_the_scorer() -> None:
    mine = process.extract("abc", ["abd", "ab"], scorer=distance.Levenshtein.distance, scorer_kwargs={"weights": (1, 1, 3)})
    assert mine == [("ab", 1, 1), ("abd", 2, 0)]
    with pytest.raises(TypeError, match="'weight'"):
        process.extract("abc", ["abd"], scorer=distance.Levenshtein.distance, scorer_kwargs={"weight": 1})
    with pytest.raises(ValueError, match="not the same length"):
        process.extract("abc", ["ab"], scorer=distance.Hamming.distance, scorer_kwargs={"pad": False})
    found = process.extractOne("abc", ["abd"], scorer=distance.Hamming.distance, scorer_kwargs={"pad": False})
    assert found == ("abd", 1, 0)


def test_a_function_of_ones_own() -> None:
    asked: list[Any] = []

    def by_length(a: str, b: str, score_cutoff: float, bonus: int = 0) -> float:
        asked.append(score_cutoff)
        return 100 - abs(len(a) - len(b)) + bonus

    assert process.extract("ab", ["abcd", None, "ab", "a"], scorer=by_length, limit=2) == [("ab", 100, 2), ("a", 99, 3)]
    assert process.extract("ab", ["abcd", "ab"], scorer=by_length, score_cutoff=99) == [("ab", 100, 1)]
    assert process.extractOne("ab", ["a", "abc"], scorer=by_length, scorer_kwargs={"bonus": -1}) == ("a", 98, 0)
    assert set(asked) == {0, 99}


def test_a_wrapped_scorer_is_a_function_of_ones_own() -> None:
    from functools import wraps

    @wraps(fuzz.ratio)
    def always(*_: Any, **__: Any) -> float:
        return 50.0

    assert process.extract("a", ["a", "b"], scorer=always) == [("a", 50.0, 0), ("b", 50.0, 1)]


def test_a_generator_is_consumed_as_it_is_asked_for() -> None:
    taken: list[str] = []

    def choices() -> Iterator[str]:
        for choice in ["a", "b", "c"]:
            taken.append(choice)
            yield choice

    assert next(process.extract_iter("a", choices())) == ("a", 100.0, 0)
    assert taken == ["a"]


def test_what_precedes_an_error_is_given_before_it() -> None:
    found = process.extract_iter("a", ["a", 5])
    assert next(found) == ("a", 100.0, 0)
    with pytest.raises(TypeError, match="not int"):
        next(found)


@pytest.mark.parametrize("function", [process.extract, process.extractOne])
def test_errors(function: Any) -> None:
    with pytest.raises(TypeError, match="not int"):
        function("a", ["a", 5])
    with pytest.raises(TypeError, match="not int"):
        function(5, ["a"])
    with pytest.raises(TypeError, match="iterable"):
        function("a", 5)
    with pytest.raises(ValueError, match="0 or more"):
        function("a", ["a"], scorer=distance.OSA.distance, score_cutoff=-1)
    with pytest.raises(ValueError, match="limit"):
        process.extract("a", ["a"], limit=-1)


def test_scorers_can_be_pickled() -> None:
    """What goes to another process, as the scorer of a frame's column does."""
    for scorer in [*SCORERS, distance.Levenshtein.editops, distance.Hamming.opcodes, distance.SorensenDice.distance]:
        assert pickle.loads(pickle.dumps(scorer)) is scorer


def test_threads_do_not_disturb_each_other() -> None:
    choices = [text for pair in pairs_of(5, 60) for text in pair]
    queries = choices[:40]
    alone = [process.extract(query, choices, limit=None) for query in queries]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda query: process.extract(query, choices, limit=None), queries)) == alone


def test_a_plain_list_is_one_crossing(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = _scorers.engine()
    calls: list[str] = []

    class Counted:
        def __getattr__(self, name: str) -> Any:
            member = getattr(engine, name)
            if not callable(member) or isinstance(member, type):
                return member
            return lambda *args: (calls.append(name), member(*args))[1]

    monkeypatch.setattr(_scorers, "engine", Counted)
    choices = [f"choice {i}" for i in range(1000)]
    process.extract("choice 7", choices)
    process.extractOne("choice 7", choices, scorer=distance.Levenshtein.distance)
    process.extract("choice 7", choices, processor=utils.default_process)
    assert calls == ["extract", "extract", "default_process", "extract"]
