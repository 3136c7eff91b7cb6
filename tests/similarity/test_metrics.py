"""Every metric against RapidFuzz, and what a cutoff may and may not do."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import rapidfuzz.distance
from hypothesis import given, settings
from text_pairs import BATCHES, Pair, batches, pairs_of, shortest_failure

from likewise import distance

COUNTED = ["Indel", "Levenshtein", "OSA", "DamerauLevenshtein", "Hamming", "LCSseq", "Prefix", "Postfix"]
FRACTIONS = ["Jaro", "JaroWinkler"]
MEASURES = ["distance", "similarity", "normalized_distance", "normalized_similarity"]
FILES = {
    "Indel": "indel",
    "Levenshtein": "levenshtein",
    "OSA": "osa",
    "DamerauLevenshtein": "damerau-levenshtein",
    "Hamming": "hamming",
    "LCSseq": "lcs-seq",
    "Prefix": "prefix",
    "Postfix": "postfix",
    "Jaro": "jaro",
    "JaroWinkler": "jaro-winkler",
    "SorensenDice": "sorensen-dice",
}
VECTORS = Path(__file__).resolve().parents[2] / "fixtures" / "vectors"


def dice(a: str, b: str) -> float:
    """Sørensen-Dice by its definition; RapidFuzz lacks it."""
    a, b = "".join(a.split()), "".join(b.split())
    if a == b:
        return 1.0
    if len(a) < 2 or len(b) < 2:
        return 0.0
    shared = Counter(pairwise(a)) & Counter(pairwise(b))
    return 2 * sum(shared.values()) / (len(a) + len(b) - 2)


def oracle(metric: str, measure: str) -> Callable[[str, str], float]:
    """What RapidFuzz has under the same name."""
    if metric != "SorensenDice":
        found: Callable[[str, str], float] = getattr(getattr(rapidfuzz.distance, metric), measure)
        return found
    return dice if measure.endswith("similarity") else lambda a, b: 1.0 - dice(a, b)


def scorer(metric: str, measure: str) -> Any:
    return getattr(getattr(distance, metric), measure)


def agree(ours: Callable[..., float], theirs: Callable[..., float], **options: Any) -> Callable[[str, str], bool]:
    """Equal where whole, to 1e-9 otherwise, and of the same type."""

    def holds(a: str, b: str) -> bool:
        mine, known = ours(a, b, **options), theirs(a, b, **options)
        return type(mine) is type(known) and abs(mine - known) <= (0 if isinstance(known, int) else 1e-9)

    return holds


@pytest.mark.parametrize("metric", FILES)
@settings(max_examples=BATCHES, deadline=None)
@given(pairs=batches())
def test_all_measures_agree(metric: str, pairs: list[Pair]) -> None:
    for measure in MEASURES:
        failure = shortest_failure(pairs, agree(scorer(metric, measure), oracle(metric, measure)))
        assert failure is None, f"{metric}.{measure}{failure!r}"


@pytest.mark.parametrize("metric", FILES)
@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=BATCHES // 4, deadline=None)
@given(pairs=batches())
def test_a_cutoff_never_changes_a_surviving_score(metric: str, measure: str, pairs: list[Pair]) -> None:
    compare = scorer(metric, measure)
    whole = metric in COUNTED and "normalized" not in measure
    alike = measure.endswith("similarity")

    def holds(a: str, b: str) -> bool:
        score = compare(a, b)
        near = [score - 1, score, score + 1] if whole else [score - 1e-6, score, score + 1e-6]
        for cutoff in [*near, 0, (len(a) + len(b)) // 3 if whole else 0.5]:
            if cutoff < 0 or (not whole and cutoff > 1):
                continue
            survives = score >= cutoff if alike else score <= cutoff
            worst = 0 if alike else cutoff + 1 if whole else 1.0
            if compare(a, b, score_cutoff=cutoff) != (score if survives else worst):
                return False
        return True

    failure = shortest_failure(pairs, holds)
    assert failure is None, f"{metric}.{measure}{failure!r}"


@pytest.mark.parametrize("metric", COUNTED)
@settings(max_examples=BATCHES // 4, deadline=None)
@given(pairs=batches())
def test_cutoffs_of_counts_agree(metric: str, pairs: list[Pair]) -> None:
    for measure in ["distance", "similarity"]:
        for cutoff in [0, 1, 2, 5, 30]:
            ours, theirs = scorer(metric, measure), oracle(metric, measure)
            failure = shortest_failure(pairs, agree(ours, theirs, score_cutoff=cutoff))
            assert failure is None, f"{metric}.{measure}{failure!r} with score_cutoff={cutoff}"


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("weights", [(1, 1, 2), (1, 2, 3), (5, 1, 1), (0, 1, 1), (1, 1, 0), (3, 7, 5), (2, 2, 2)])
@settings(max_examples=BATCHES // 10, deadline=None)
@given(pairs=batches())
def test_weighted_levenshtein_agrees(measure: str, weights: tuple[int, int, int], pairs: list[Pair]) -> None:
    ours, theirs = scorer("Levenshtein", measure), oracle("Levenshtein", measure)
    failure = shortest_failure(pairs, agree(ours, theirs, weights=weights))
    assert failure is None, f"Levenshtein.{measure}{failure!r} with weights={weights}"


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("weight", [0.0, 0.05, 0.25])
@settings(max_examples=BATCHES // 10, deadline=None)
@given(pairs=batches())
def test_weighted_jaro_winkler_agrees(measure: str, weight: float, pairs: list[Pair]) -> None:
    ours, theirs = scorer("JaroWinkler", measure), oracle("JaroWinkler", measure)
    failure = shortest_failure(pairs, agree(ours, theirs, prefix_weight=weight))
    assert failure is None, f"JaroWinkler.{measure}{failure!r} with prefix_weight={weight}"


@pytest.mark.parametrize("metric", FILES)
def test_long_texts_agree(metric: str) -> None:
    """Past a machine word in both texts, past 1,000 code points, and with nothing in common."""
    rng = random.Random(metric)
    long = ["".join(rng.choices(alphabet, k=1200)) for alphabet in ("ab", "abcdefghij ", "日本語中文字", "abcdefghij ")]
    edited = [text[:500] + text[503:900] + "x" + text[900:] for text in long]
    pairs = [*zip(long, edited, strict=True), *pairwise(long), ("a" * 1500, "a" * 1000), ("ab" * 700, "ba" * 700)]
    for measure in MEASURES:
        failure = shortest_failure(pairs, agree(scorer(metric, measure), oracle(metric, measure)))
        assert failure is None, f"{metric}.{measure}"


@pytest.mark.parametrize("metric", FILES)
def test_vectors(metric: str) -> None:
    """The file that Rust and JavaScript read as well."""
    with (VECTORS / f"{FILES[metric]}.csv").open(encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file, quoting=csv.QUOTE_NONE))
    assert len(rows) > 100
    for row in rows:
        a, b = json.loads(f'"{row["a"]}"'), json.loads(f'"{row["b"]}"')
        assert scorer(metric, "distance")(a, b) == pytest.approx(float(row["distance"]), abs=1e-9), (a, b)
        similarity = scorer(metric, "normalized_similarity")(a, b)
        assert similarity == pytest.approx(float(row["similarity"]), abs=1e-9), (a, b)


@pytest.mark.parametrize("metric", [*COUNTED, *FRACTIONS])
def test_sequences_of_other_things_agree(metric: str) -> None:
    """Elements are compared by their hashes; what stands for a character is that character."""
    for a, b in pairs_of(7, 200):
        for left, right in [
            (list(a), b),
            ([f"{c}{c}" for c in a], [f"{c}{c}" for c in b]),
            ([ord(c) * 10**12 for c in a], tuple(ord(c) * 10**12 for c in b)),
            (a.encode(), b.encode()),
            (a.encode("utf-16", "surrogatepass"), b),
            ([(c, 1) for c in a], [(c, 1) for c in b]),
        ]:
            for measure in MEASURES:
                assert agree(scorer(metric, measure), oracle(metric, measure))(left, right), (measure, left, right)


@pytest.mark.parametrize("metric", [*COUNTED, *FRACTIONS])
def test_lone_surrogates_are_elements_like_others(metric: str) -> None:
    for a, b in [("a\ud800b", "a\ud800b"), ("\ud800\udc00", "\U00010000"), ("\udfff", "\ud800"), ("\ue000\ud800", "\ue000")]:
        for measure in MEASURES:
            assert agree(scorer(metric, measure), oracle(metric, measure))(a, b), (measure, a, b)


@pytest.mark.parametrize("missing", [None, float("nan")])
@pytest.mark.parametrize("metric", FILES)
def test_missing_values(metric: str, missing: object) -> None:
    assert scorer(metric, "normalized_similarity")(missing, "a") == 0.0
    assert scorer(metric, "normalized_distance")("a", missing) == 1.0
    for measure in ["distance", "similarity"]:
        with pytest.raises(TypeError, match="expected a string or a sequence of hashable elements, not"):
            scorer(metric, measure)("a", missing)


@pytest.mark.parametrize("wrong", [1, {"a": 1}, {"a"}, object()])
def test_what_is_no_sequence_is_an_error(wrong: object) -> None:
    with pytest.raises(TypeError, match=type(wrong).__name__):
        distance.Levenshtein.distance(wrong, "a")


def test_elements_must_have_hashes() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        distance.Levenshtein.distance([["a"]], "a")


def test_options_are_checked() -> None:
    with pytest.raises(ValueError, match="costs of an insertion, a deletion and a substitution"):
        distance.Levenshtein.distance("a", "b", weights=(1, 1))
    with pytest.raises(OverflowError):
        distance.Levenshtein.distance("a", "b", weights=(1, 1, 2**32))
    with pytest.raises(ValueError, match=r"0\.0 - 1\.0"):
        distance.JaroWinkler.similarity("a", "b", prefix_weight=1.5)
    with pytest.raises(TypeError, match="'weights'"):
        distance.OSA.distance("a", "b", weights=(1, 1, 1))
    with pytest.raises(ValueError, match="not the same length"):
        distance.Hamming.distance("a", "ab", pad=False)
    with pytest.raises(ValueError, match="0 or more"):
        distance.OSA.distance("a", "b", score_cutoff=-1)
    with pytest.raises(ValueError, match=r"0\.0 - 1\.0"):
        distance.OSA.normalized_distance("a", "b", score_cutoff=90)
    with pytest.raises(TypeError, match="score_cutoff"):
        distance.OSA.distance("a", "b", score_cutoff="1")


def test_a_processor_makes_what_is_compared() -> None:
    assert distance.Levenshtein.distance("ABC", "abc", processor=str.lower) == 0
    assert distance.Levenshtein.editops("ABC", "abc", processor=str.lower).as_list() == []
    assert distance.Jaro.similarity({"name": "x"}, {"name": "x"}, processor=lambda row: row["name"]) == 1.0
