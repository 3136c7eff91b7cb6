"""A dictionary's index against comparing every word with RapidFuzz: the same words in the same order, with and without a cutoff."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import rapidfuzz
from hypothesis import given, settings
from hypothesis import strategies as st
from test_metrics import COUNTED, FILES, oracle
from text_pairs import pairs_of

import likewise


def brute_force(
    score: Callable[[str, str], float], query: str, words: list[str], priorities: list[int], limit: int, cutoff: float | None
) -> list[tuple[str, float, int]]:
    """Every word's score in percent; what is not similar at all is left out unless the cutoff is given as 0."""
    scored = [(word, 100 * score(query, word), index) for index, word in enumerate(words)]
    kept = [row for row in scored if (row[1] > 0 if cutoff is None else row[1] >= cutoff)]
    return sorted(kept, key=lambda row: (-row[1], priorities[row[2]], row[2]))[:limit]


@pytest.mark.parametrize("metric", FILES)
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    limit=st.sampled_from([1, 5, 1000]),
    cutoff=st.sampled_from([None, 0.0, 33.0, 70.0, 99.9]),
    prioritised=st.booleans(),
)
def test_searches_agree(metric: str, seed: int, limit: int, cutoff: float | None, prioritised: bool) -> None:
    words = [text for pair in pairs_of(seed, 40) for text in pair]
    words += words[::7]
    priorities = [index * 7 % 5 if prioritised else 0 for index in range(len(words))]
    # The normalized similarity of a metric that counts no edits is its similarity; RapidFuzz's is subtracted from 1 twice, and rounded.
    score = oracle(metric, "similarity" if metric not in COUNTED else "normalized_similarity")
    with likewise.Dictionary(words, priority=priorities if prioritised else None) as dictionary:
        for query in [words[3], words[-1][::-1], "", "abc"]:
            known = brute_force(score, query, words, priorities, limit, cutoff)
            mine = dictionary.search(query, limit, metric=FILES[metric], score_cutoff=cutoff)  # type: ignore[arg-type]
            assert [match.index for match in mine] == [index for _, _, index in known], query
            assert [match.score for match in mine] == pytest.approx([row[1] for row in known], abs=1e-7)
            best = dictionary.suggest(query, metric=FILES[metric], score_cutoff=cutoff)  # type: ignore[arg-type]
            assert best == (mine[0] if mine else None)


def test_ties_are_in_rapidfuzz_order() -> None:
    """Without priorities a dictionary answers what `process.extract` does."""
    words = ["move", "mole", "mode", "more", "mole", "love"]
    with likewise.Dictionary(words) as dictionary:
        mine = [tuple(match) for match in dictionary.search("mome", 6)]
    assert mine == rapidfuzz.process.extract("mome", words, scorer=rapidfuzz.fuzz.ratio, limit=6)


def test_five_million_words() -> None:
    """Of the size of a whole vocabulary, and in its memory."""
    syllables = [start + vowel + end for start in "bdfgklmn" for vowel in "aeiouæ" for end in ("", "r", "st", "й")][:171]
    words = list(map("".join, itertools.islice(itertools.product(syllables, repeat=3), 5_000_000)))
    with likewise.Dictionary(words) as dictionary:
        assert len(dictionary) == 5_000_000
        assert dictionary.memory < 100 * 2**20
        for query, scorer, metric in [
            ("karmostnæй", rapidfuzz.fuzz.ratio, "indel"),
            ("fustdolga", rapidfuzz.distance.Levenshtein.normalized_similarity, "levenshtein"),
        ]:
            mine = dictionary.search(query, 5, metric=metric)  # type: ignore[arg-type]
            known = rapidfuzz.process.extract(query, words, scorer=scorer, limit=5)
            assert [(match.choice, match.index) for match in mine] == [(word, index) for word, _, index in known]
