"""Edit operations against RapidFuzz, and the lists that hold them."""

from __future__ import annotations

import copy
import difflib
import pickle
import random
from typing import Any

import pytest
import rapidfuzz.distance
from hypothesis import given, settings
from text_pairs import BATCHES, Pair, batches, pairs_of, shortest_failure

from likewise import distance
from likewise.distance import Editop, Editops, MatchingBlock, Opcode, Opcodes

METRICS = ["Levenshtein", "Indel", "LCSseq", "Hamming"]


@pytest.mark.parametrize("metric", METRICS)
@settings(max_examples=BATCHES // 2, deadline=None)
@given(pairs=batches())
def test_edits_agree(metric: str, pairs: list[Pair]) -> None:
    ours, theirs = getattr(distance, metric), getattr(rapidfuzz.distance, metric)

    def holds(a: str, b: str) -> bool:
        mine, known = ours.editops(a, b), theirs.editops(a, b)
        codes, known_codes = ours.opcodes(a, b), theirs.opcodes(a, b)
        blocks = [tuple(block) for block in known.as_matching_blocks()]
        return (
            mine.as_list() == known.as_list()
            and codes.as_list() == known_codes.as_list()
            and repr(mine) == repr(known)
            and repr(codes) == repr(known_codes)
            and mine.inverse().as_list() == known.inverse().as_list()
            and codes.inverse().as_list() == known_codes.inverse().as_list()
            and [tuple(block) for block in mine.as_matching_blocks()] == blocks
            and [tuple(block) for block in codes.as_matching_blocks()] == blocks
            and mine.apply(a, b) == codes.apply(a, b) == b
            and codes.as_editops() == mine
            and mine.as_opcodes() == codes
        )

    failure = shortest_failure(pairs, holds)
    assert failure is None, f"{metric}.editops{failure!r}"


@settings(max_examples=BATCHES // 4, deadline=None)
@given(pairs=batches())
def test_removing_a_subsequence_agrees(pairs: list[Pair]) -> None:
    for a, b in pairs:
        mine, known = distance.Levenshtein.editops(a, b), rapidfuzz.distance.Levenshtein.editops(a, b)
        keep = random.Random(a).sample(range(len(mine)), len(mine) // 2)
        for index in sorted(keep, reverse=True):
            del mine[index], known[index]
        all_mine, all_known = distance.Levenshtein.editops(a, b), rapidfuzz.distance.Levenshtein.editops(a, b)
        assert mine.as_list() == known.as_list()
        assert mine.as_opcodes().as_list() == known.as_opcodes().as_list()
        assert mine.apply(a, b) == known.apply(a, b)
        assert all_mine.remove_subsequence(mine).as_list() == all_known.remove_subsequence(known).as_list(), (a, b)


def test_edits_of_other_things() -> None:
    for a, b in pairs_of(3, 200):
        left, right = [c * 2 for c in a], [c * 2 for c in b]
        edits = distance.Levenshtein.editops(left, right)
        assert edits.as_list() == rapidfuzz.distance.Levenshtein.editops(left, right).as_list()
        assert edits.apply(left, right) == edits.as_opcodes().apply(left, right) == right
    assert distance.Levenshtein.editops(b"ab", b"abc").apply(b"ab", b"abc") == "abc"


def test_opcodes_are_difflibs() -> None:
    """What takes difflib's opcodes takes these."""
    codes = distance.Levenshtein.opcodes("qabxcd", "abycdf")
    assert codes.as_list() == difflib.SequenceMatcher(None, "qabxcd", "abycdf").get_opcodes()


def test_rows_are_tuples_with_names() -> None:
    edit = Editop("insert", 2, 3)
    assert edit == ("insert", 2, 3) == tuple(edit)
    assert [*edit] == ["insert", 2, 3]
    assert (edit[0], edit[-1], len(edit)) == ("insert", 3, 3)
    assert edit != ("insert", 2) and edit != 5 and edit != ("insert", 2, 4)
    edit.src_pos = 9
    assert edit.src_pos == 9
    with pytest.raises(IndexError):
        edit[3]
    with pytest.raises(TypeError, match="unhashable"):
        hash(edit)
    assert repr(Opcode("equal", 0, 1, 0, 1)) == "Opcode(tag='equal', src_start=0, src_end=1, dest_start=0, dest_end=1)"
    assert MatchingBlock(1, 2, 3) == (1, 2, 3)


def test_lists_can_be_copied_and_pickled() -> None:
    edits = distance.Levenshtein.editops("spam", "park")
    for same in [pickle.loads(pickle.dumps(edits)), copy.deepcopy(edits), edits.copy(), edits[:]]:
        assert same == edits
        del same[0]
        assert same != edits
    codes = edits.as_opcodes()
    assert pickle.loads(pickle.dumps(codes)) == codes
    assert Opcodes.from_editops(edits) == codes
    assert Editops.from_opcodes(codes) == edits
    assert Editops(codes.as_list(), 4, 4) == edits
    assert Opcodes(edits.as_list(), 4, 4) == codes


def test_lengths_can_be_set() -> None:
    edits = Editops([], 3, 3)
    edits.src_len = 4
    assert edits.as_opcodes().as_list() == [("equal", 0, 4, 0, 3)]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("swap", 0, 0)], "the tag must be one of"),
        ([("delete", 2, 0)], "reaches outside"),
        ([("insert", 0, 2)], "reaches outside"),
        ([("delete", -1, 0)], "reaches outside"),
        ([("delete", 1, 1), ("delete", 0, 0)], "stands before the edit in front of it"),
        ([("delete", 1, 1), ("delete", 1, 1)], "edited already"),
    ],
)
def test_editops_are_checked(rows: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Editops(rows, 2, 2)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("swap", 0, 2, 0, 2)], "the tag must be one of"),
        ([("equal", 0, 2, 0, 1)], "does not have the lengths"),
        ([("insert", 0, 0, 0, 0)], "does not have the lengths"),
        ([("equal", 1, 2, 1, 2)], "does not start where"),
        ([("equal", 0, 1, 0, 1)], "the opcodes end at 1 and 1, the sequences at 2 and 2"),
    ],
)
def test_opcodes_are_checked(rows: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Opcodes(rows, 2, 2)


def test_what_is_no_subsequence() -> None:
    edits = distance.Levenshtein.editops("spam", "park")
    with pytest.raises(ValueError, match="is not a subsequence"):
        edits.remove_subsequence(edits.inverse())
    with pytest.raises(ValueError, match="step sizes below 0"):
        edits[::-1]
    with pytest.raises(TypeError, match="has gaps"):
        edits.as_opcodes()[0:1]  # type: ignore[index]
