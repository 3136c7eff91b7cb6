"""`cdist` and `cpdist` against RapidFuzz."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rapidfuzz
from hypothesis import given, settings
from hypothesis import strategies as st
from scorers import SCORERS, name_of
from text_pairs import pairs_of

from likewise import _matrix, _scorers, distance, fuzz, process, utils


def is_whole(scorer: Any) -> bool:
    found = _scorers.find(scorer)
    assert found is not None
    return found.whole


def agree(mine: np.ndarray[Any, Any], known: np.ndarray[Any, Any]) -> None:
    assert mine.shape == known.shape
    assert mine.dtype == known.dtype
    np.testing.assert_allclose(mine, known, rtol=0, atol=1e-9 if mine.dtype == np.float64 else 1e-4)
    if mine.dtype.kind in "iu":
        np.testing.assert_array_equal(mine, known)


@pytest.mark.parametrize("scorer", SCORERS, ids=name_of)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), fraction=st.sampled_from([None, 0.3, 0.8]), double=st.booleans())
def test_matrices_agree(scorer: Any, seed: int, fraction: float | None, double: bool) -> None:
    pairs = pairs_of(seed, 30)
    queries, choices = [a for a, _ in pairs], [b for _, b in pairs]
    if fraction is None:
        cutoff = None
    elif is_whole(scorer):
        cutoff = fraction * 20 // 1
    else:
        # RapidFuzz has cutoffs in single precision.
        cutoff = (fraction - 1e-4) * (100 if scorer.__module__ == "likewise.fuzz" else 1)
    options: dict[str, Any] = {"score_cutoff": cutoff, "dtype": np.float64 if double else None}
    known = rapidfuzz.process.cdist(queries[:7], choices, scorer=SCORERS[scorer], **options)
    agree(process.cdist(queries[:7], choices, scorer=scorer, **options), known)
    known = rapidfuzz.process.cpdist(queries, choices, scorer=SCORERS[scorer], **options)
    agree(process.cpdist(queries, choices, scorer=scorer, **options), known)


MISSING = ["test", None, "", float("nan"), "tset", pd.NA]


@pytest.mark.parametrize("multiplier", [1, 3])
@pytest.mark.parametrize(
    "scorer",
    [fuzz.ratio, fuzz.QRatio, fuzz.WRatio, distance.OSA.normalized_distance, distance.Jaro.normalized_similarity],
    ids=name_of,
)
def test_missing_values_score_the_worst(scorer: Any, multiplier: int) -> None:
    """Compared with the scorer: RapidFuzz 3.14.6 leaves the row of a missing query uninitialised where it compares many at once."""
    known = [[multiplier * scorer(query, choice) for choice in MISSING[::-1]] for query in MISSING]
    mine = process.cdist(MISSING, MISSING[::-1], scorer=scorer, score_multiplier=multiplier)
    agree(mine, np.array(known, np.float32))
    mine = process.cpdist(MISSING, MISSING[::-1], scorer=scorer, score_multiplier=multiplier)
    agree(mine, np.array([row[i] for i, row in enumerate(known)], np.float32))


def test_missing_values_have_no_count_of_edits() -> None:
    with pytest.raises(TypeError, match="not NoneType"):
        process.cdist(["a", None], ["a"], scorer=distance.OSA.distance)


@pytest.mark.parametrize(
    "dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"]
)
@pytest.mark.parametrize("multiplier", [1, 2])
def test_dtypes(dtype: str, multiplier: int) -> None:
    queries, choices = ["1 2 33 5", "test", "aaaa"], ["1 22 33 55", "test2", "bbbb"]
    for scorer in [fuzz.ratio, distance.Levenshtein.distance, distance.Jaro.similarity]:
        if scorer is fuzz.ratio and dtype == "int8" and multiplier == 2:
            continue  # 200 does not fit
        options: dict[str, Any] = {"dtype": dtype, "score_multiplier": multiplier}
        agree(
            process.cdist(queries, choices, scorer=scorer, **options),
            rapidfuzz.process.cdist(queries, choices, scorer=SCORERS[scorer], **options),
        )


def test_a_dtype_without_numbers() -> None:
    with pytest.raises(TypeError, match="unsupported dtype: bool"):
        process.cdist(["a"], ["a"], dtype=bool)


@pytest.mark.parametrize("workers", [-1, 1, 2, 3, 50])
@pytest.mark.parametrize("crossing", [1, 100, 1 << 21])
def test_workers_and_crossings_change_nothing(workers: int, crossing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_matrix, "_CROSSING", crossing)
    rng = random.Random(workers)
    queries = ["".join(rng.choices("abc", k=rng.randrange(12))) for _ in range(23)]
    choices = ["".join(rng.choices("abc", k=rng.randrange(12))) for _ in range(40)]
    for scorer in [fuzz.ratio, fuzz.WRatio, distance.Levenshtein.distance]:
        known = rapidfuzz.process.cdist(queries, choices, scorer=SCORERS[scorer])
        agree(process.cdist(queries, choices, scorer=scorer, workers=workers), known)
        known = rapidfuzz.process.cpdist(queries, choices[:23], scorer=SCORERS[scorer])
        agree(process.cpdist(queries, choices[:23], scorer=scorer, workers=workers), known)


@pytest.mark.parametrize(
    "scorer", [fuzz.ratio, distance.Indel.normalized_similarity, distance.Indel.normalized_distance], ids=name_of
)
def test_single_precision_is_rounded_as_the_quotient_is(scorer: Any) -> None:
    """Every distance of every two lengths that add up to a largest one up to the limit."""
    scale, alike = (100.0, True) if scorer is fuzz.ratio else (1.0, scorer is distance.Indel.normalized_similarity)
    for largest in range(1, _matrix._SINGLE + 1):
        distances = np.arange(largest + 1)
        quotients = (1.0 - distances / largest) * scale if alike else distances / largest
        counts = largest - distances if alike else distances
        singles = np.empty(largest + 1, np.float32)
        _matrix.single_quotients(counts.astype(np.uint16), np.array([largest], np.float32), scale, singles)
        assert np.array_equal(singles, quotients.astype(np.float32)), largest


def test_single_precision_is_that_of_the_scorer() -> None:
    queries = ["", *("ab" * (n % 3) + "c" * n for n in range(40)), "é" * 5]
    choices = ["", *("b" * (n % 5) + "ac" * n for n in range(40)), "é" * 70]
    for scorer in [fuzz.ratio, distance.Indel.normalized_distance, distance.OSA.normalized_similarity]:
        known = np.array([[scorer(query, choice) for choice in choices] for query in queries])
        assert np.array_equal(process.cdist(queries, choices, scorer=scorer), known.astype(np.float32))
        assert np.array_equal(process.cdist(queries, choices, scorer=scorer, dtype=np.float64), known)
        pairs = process.cpdist(queries, choices, scorer=scorer, dtype=np.float64)
        assert np.array_equal(pairs, known.diagonal())


def test_texts_that_hold_separators() -> None:
    texts = ["a\0b", "\0", "\x1fa\x1e", "a\nb\ufffe", "", "ab"]
    for scorer in [fuzz.ratio, distance.Levenshtein.distance, distance.Jaro.similarity]:
        known = [[scorer(query, choice) for choice in texts] for query in texts]
        assert np.array_equal(process.cdist(texts, texts, scorer=scorer, dtype=np.float64), known)
        assert np.array_equal(
            process.cpdist(texts, texts[::-1], scorer=scorer, dtype=np.float64), np.array(known)[range(6), range(5, -1, -1)]
        )
        for query, row in zip(texts, known, strict=True):
            found = process.extract(query, texts, scorer=scorer, limit=None)
            assert {index: score for _, score, index in found} == dict(enumerate(row))


def test_distances_of_every_size() -> None:
    """Numbers of one digit, of two and of more."""
    queries = ["a" * length for length in (0, 1, 127, 128, 5000, 17000)]
    choices = ["b" * length for length in (3, 100, 128, 16384)]
    for scorer in [distance.Indel.distance, distance.Prefix.distance, distance.Indel.normalized_distance]:
        agree(process.cdist(queries, choices, scorer=scorer), rapidfuzz.process.cdist(queries, choices, scorer=SCORERS[scorer]))


def test_options_and_sequences() -> None:
    strings = ["test", "test2"]
    weights = {"weights": (1, 2, 1)}
    mine = process.cdist(strings, strings, scorer=distance.Levenshtein.distance, scorer_kwargs=weights)
    assert mine.tolist() == [[0, 1], [2, 0]]
    fractions = process.cdist(strings, strings, scorer=distance.Levenshtein.normalized_distance, scorer_kwargs=weights)
    known = rapidfuzz.process.cdist(
        strings, strings, scorer=rapidfuzz.distance.Levenshtein.normalized_distance, scorer_kwargs=weights
    )
    agree(fractions, known)
    words = [["a", "b"], ("a",), [1, 2, 3], "ab", b"ab", "a\ud800"]
    for scorer in [fuzz.ratio, distance.OSA.distance]:
        agree(process.cdist(words, words, scorer=scorer), rapidfuzz.process.cdist(words, words, scorer=SCORERS[scorer]))
    with pytest.raises(ValueError, match="not the same length"):
        process.cdist(["a"], ["ab"], scorer=distance.Hamming.distance, scorer_kwargs={"pad": False})


@pytest.mark.parametrize("processor", [utils.default_process, str.upper])
def test_processors(processor: Any) -> None:
    theirs = rapidfuzz.utils.default_process if processor is utils.default_process else processor
    queries, choices = ["Test!", None, "abc"], ["test", "ABC", None]
    # RapidFuzz leaves the row of a missing query uninitialised.
    known = rapidfuzz.process.cdist(queries, choices, processor=theirs)
    known[1] = 0
    agree(process.cdist(queries, choices, processor=processor), known)
    agree(process.cpdist(queries, choices, processor=processor), rapidfuzz.process.cpdist(queries, choices, processor=theirs))


def test_empty_collections() -> None:
    assert process.cdist([], ["a", "b"]).shape == (0, 2)
    assert process.cdist(["a", "b"], []).shape == (2, 0)
    assert process.cpdist([], []).shape == (0,)
    with pytest.raises(ValueError, match="must be the same"):
        process.cpdist(["a"], [])


def test_a_function_of_ones_own() -> None:
    def constant(a: Any, b: Any, score_cutoff: Any) -> float:
        return 2.5

    assert process.cdist(["a"], [None], scorer=constant).tolist() == [[2.5]]
    assert process.cpdist(["a"], ["b"], scorer=constant, dtype="uint8", score_multiplier=3).tolist() == [8]
