"""`spellcheck`, `spell_candidates`, `suggest_word` and `get_close_matches`, with the articles' examples."""

from __future__ import annotations

import subprocess
import sys

import pytest

import likewise
from likewise import Dictionary, Suggestion


def test_the_articles_prompt() -> None:
    best = likewise.suggest_word("mve", ["init", "and", "or", "move"])
    assert best == Suggestion("move", pytest.approx(100 * 6 / 7))
    assert likewise.suggest_word("inyt", ["init", "move", "delete", "ingest"]).word == "init"


def test_the_articles_spellcheck(english: Dictionary) -> None:
    assert likewise.spellcheck("almni") == Suggestion("alumni", pytest.approx(1000 / 11))
    assert likewise.spellcheck(b"almni") == likewise.spellcheck("almni")
    assert likewise.spellcheck("alumni") == Suggestion("alumni", 100.0)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("recieve", "receive"),
        ("definately", "definitely"),
        ("accomodate", "accommodate"),
        ("tommorow", "tomorrow"),
        ("teh", "the"),
    ],
)
def test_common_errors(written: str, meant: str) -> None:
    assert likewise.spellcheck(written).word == meant


def test_candidates_are_best_first_and_scored_by_indel(english: Dictionary) -> None:
    for metric in ("typo", "indel", "levenshtein", "jaro-winkler"):
        found = likewise.spell_candidates("speling", 5, metric=metric)  # type: ignore[arg-type]
        assert len(found) == 5
        assert found[0].word == "spelling"
        for word, score in found:
            lcs = 2 * len("speling") / (len("speling") + len(word))
            assert 0 < score <= 100 * lcs + 1e-9
    assert likewise.spell_candidates("speling", 0) == []


def test_nothing_similar() -> None:
    assert likewise.suggest_word("xyz", ["and", "or"]) == Suggestion("", 0.0)
    assert likewise.suggest_word("mve", []) == Suggestion("", 0.0)
    assert likewise.suggest_word("", ["and"]) == Suggestion("", 0.0)


def test_a_cutoff_is_on_the_indel_similarity_whatever_the_order() -> None:
    options = ["prefixed", "preen"]
    assert likewise.suggest_word("pre", options, metric="prefix").word == "preen"
    assert likewise.suggest_word("pre", options, score_cutoff=90) == Suggestion("", 0.0)
    for metric in ("prefix", "levenshtein", "indel", "typo"):
        assert likewise.suggest_word("preens", options, metric=metric, score_cutoff=60).word == "preen"  # type: ignore[arg-type]


def test_your_own_dictionary() -> None:
    words = Dictionary(["grün", "blau", "weiß"])
    assert likewise.spellcheck("weis", dictionary=words).word == "weiß"


def test_the_signature_of_difflib() -> None:
    assert likewise.get_close_matches("appel", ["ape", "apple", "peach", "puppy"]) == ["apple", "ape"]
    assert likewise.get_close_matches("zzz", ["ape"]) == []
    with pytest.raises(ValueError, match="n must be > 0"):
        likewise.get_close_matches("a", ["a"], n=0)
    with pytest.raises(ValueError, match="cutoff"):
        likewise.get_close_matches("a", ["a"], cutoff=1.1)


@pytest.mark.parametrize(
    "word", ["\0", "a\0b", "\ud800", "x" * 1_000_000, "é" * 1_000_000, "", " ", "\n", "ALUMNI", "😀"], ids=lambda w: repr(w[:4])
)
def test_odd_words_get_an_answer_or_a_typed_error(word: str) -> None:
    try:
        found = likewise.spellcheck(word)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(found, Suggestion) and 0.0 <= found.score <= 100.0


def test_wrong_types_say_so() -> None:
    with pytest.raises(TypeError, match="word: expected str or bytes, not NoneType"):
        likewise.spellcheck(None)  # type: ignore[arg-type]
    with pytest.raises(UnicodeDecodeError):
        likewise.spellcheck(b"\xff\xfe")
    with pytest.raises(TypeError, match="one string"):
        likewise.suggest_word("a", "abc")


def test_importing_loads_neither_wasmtime_nor_the_network() -> None:
    program = "import likewise, sys; print([m for m in ('wasmtime', 'pycurl', 'typer', 'rich', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
