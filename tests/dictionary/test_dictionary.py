"""`Dictionary` as its users call it."""

from __future__ import annotations

import csv
import json
import os
import pickle
import random
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import likewise
from likewise import Dictionary, DictionaryError, Match
from likewise.dictionary import longest_query

METRICS = [
    "indel", "levenshtein", "osa", "damerau-levenshtein", "hamming", "lcs-seq",
    "prefix", "postfix", "jaro", "jaro-winkler", "sorensen-dice", "typo",
]  # fmt: skip

COMMANDS = ["init", "move", "delete", "ingest"]


def test_the_words_of_the_articles(alpha: Dictionary) -> None:
    found = alpha.suggest("almni")
    assert found is not None
    assert (found.choice, found.score) == ("alumni", pytest.approx(100 * (1 - 1 / 11)))
    exact = alpha.suggest("alumni")
    assert exact is not None and exact.score == 100.0


def test_it_is_a_sequence_of_its_words() -> None:
    words = Dictionary(COMMANDS)
    assert len(words) == 4
    assert list(words) == COMMANDS
    assert (words[0], words[-1], words[1:3]) == ("init", "ingest", ["move", "delete"])
    assert "move" in words and "mov" not in words and 3 not in words
    with pytest.raises(IndexError, match="4 words"):
        words[4]
    assert repr(words) == "<Dictionary of 4 words>"


@pytest.mark.parametrize(
    "words",
    [
        [],
        [""],
        ["", ""],
        ["a"],
        ["a", "a"],
        ["a\nb", "c"],
        ["a\nb", "c\0d"],
        ["\n\0\x1f\x1e\ufffe", "x"],
        ["é", "e\u0301", "😀", "日本"],
    ],
    ids=repr,
)
def test_every_word_survives_whatever_it_holds(words: list[str]) -> None:
    built = Dictionary(words)
    assert list(built) == words
    assert [built[i] for i in range(len(built))] == words
    assert list(pickle.loads(pickle.dumps(built))) == words


def test_many_words_survive_in_order() -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdeé\n", k=draw.randrange(9))) for _ in range(10_000)]
    assert list(Dictionary(words)) == words


def test_text_has_one_word_a_line() -> None:
    for text in ("a\nb\nc", "a\nb\nc\n", "\ufeffa\r\nb\r\n\r\nc\r\n", "\n\na\n\n\nb\nc\n\n", b"a\nb\nc"):
        assert list(Dictionary.from_text(text)) == ["a", "b", "c"]
    assert list(Dictionary.from_text("")) == []


def test_equals_are_ordered_by_priority_then_index() -> None:
    words = ["bat", "cat", "hat"]
    assert [m.choice for m in Dictionary(words).search("at")] == words
    assert [m.choice for m in Dictionary(words, priority=[2, 1, 1]).search("at")] == ["cat", "hat", "bat"]


def test_a_cutoff_keeps_scores_and_drops_what_is_below() -> None:
    words = Dictionary(COMMANDS)
    everything = words.search("mve", 10, score_cutoff=0)
    assert [m.choice for m in everything] == ["move", "delete", "init", "ingest"] or len(everything) == 4
    best = everything[0]
    assert words.search("mve", 10, score_cutoff=best.score) == [best]
    assert words.suggest("mve", score_cutoff=best.score + 0.001) is None
    assert words.suggest("xyz") is None


@pytest.mark.parametrize("metric", METRICS)
def test_a_word_itself_comes_first(metric: str) -> None:
    words = Dictionary(COMMANDS)
    assert words.suggest("delete", metric=metric) == Match("delete", 100.0, 2)  # type: ignore[arg-type]


def test_many_queries_are_answered_like_each(english: Dictionary) -> None:
    queries = ["almni", "", "zzzzzz", "wrld", b"caf\xc3\xa9", "a\nb", "😀"]
    each = [english.search(query, 3) for query in queries]
    assert english.search_many(queries, 3) == each
    assert english.search_many(queries, 3, workers=3) == each
    assert english.search_many([]) == []


def test_within_gives_all_the_words_so_near() -> None:
    words = Dictionary(["cat", "act", "cut", "cart", "dog"])
    assert [m.choice for m in words.within("cat", 1)] == ["cat", "act", "cut", "cart"]
    assert [m.choice for m in words.within("cat", 0)] == ["cat"]
    with pytest.raises(DictionaryError, match="jaro"):
        words.within("cat", 1, metric="jaro")


def test_saved_and_loaded_it_answers_the_same(tmp_path: Path) -> None:
    words = Dictionary(["cat", "hat", "bät"], priority=[3, 2, 1])
    words.save(tmp_path / "words.index")
    loaded = Dictionary.load(tmp_path / "words.index")
    assert loaded.search("at", 3) == words.search("at", 3)
    assert [path.name for path in tmp_path.iterdir()] == ["words.index"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a file without an end is POSIX's")
def test_what_is_no_dictionary_is_not_read_to_its_end(tmp_path: Path) -> None:
    other = Dictionary(["init", "move"])
    with pytest.raises(likewise.DictionaryError, match="/dev/zero: not a saved dictionary"):
        Dictionary.load("/dev/zero")
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(likewise.DictionaryError, match="large: not a saved dictionary"):
        Dictionary.load(large)
    assert other.suggest("mve").choice == "move"


def test_a_damaged_file_is_a_typed_error(tmp_path: Path) -> None:
    path = tmp_path / "words.index"
    Dictionary(COMMANDS * 50).save(path)
    sound = path.read_bytes()
    draw = random.Random(2)
    for _ in range(200):
        damaged = bytearray(sound)
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        path.write_bytes(bytes(damaged))
        with pytest.raises(DictionaryError):
            Dictionary.load(path)
    for text in (b"", b"a\nb\n", sound[:-1], sound[: len(sound) // 2]):
        path.write_bytes(text)
        with pytest.raises(DictionaryError):
            Dictionary.load(path)


def test_wrong_input_says_what_is_wrong() -> None:
    with pytest.raises(TypeError, match="from_text"):
        Dictionary("words")
    with pytest.raises(TypeError, match=r"words\[1\]: expected str, not int"):
        Dictionary(["a", 1])  # type: ignore[list-item]
    with pytest.raises(DictionaryError, match=r"words\[1\] holds a lone surrogate"):
        Dictionary(["a", "\ud800"])
    with pytest.raises(DictionaryError, match="priorit"):
        Dictionary(["a", "b"], priority=[1])
    with pytest.raises(DictionaryError, match="0 to 255"):
        Dictionary(["a"], priority=[256])
    words = Dictionary(COMMANDS)
    with pytest.raises(TypeError, match="query: expected str or bytes, not int"):
        words.suggest(3)  # type: ignore[arg-type]
    with pytest.raises(UnicodeDecodeError):
        words.suggest(b"\xff")
    with pytest.raises(ValueError, match="limit"):
        words.search("a", -1)
    with pytest.raises(ValueError, match="soundex"):
        words.search("a", metric="soundex")  # type: ignore[arg-type]


def longest_queries() -> list[dict[str, str]]:
    """The file that Rust and JavaScript read as well."""
    file = Path(__file__).resolve().parents[2] / "fixtures" / "vectors" / "dictionary" / "longest-queries.csv"
    with file.open(encoding="ascii", newline="") as lines:
        return list(csv.DictReader(lines, quoting=csv.QUOTE_NONE))


def test_a_query_too_long_to_answer_in_time_is_refused() -> None:
    words = Dictionary(COMMANDS)
    rows = longest_queries()
    assert [row["metric"] for row in rows] == METRICS
    for row in rows:
        metric: Any = row["metric"]
        several = json.loads(f'"{row["message"]}"')
        longest, one = int(row["longest"]), several.replace("queries[1]", "query")
        assert longest_query(metric) == longest
        # Code points count, and not bytes.
        for letter in ("a", "語"):
            assert len(words.search(letter * longest, 1, metric=metric)) <= 1
            query = letter * (longest + 1)
            with pytest.raises(DictionaryError, match=f"^{re.escape(one)}$"):
                words.suggest(query, metric=metric)
            with pytest.raises(DictionaryError, match=f"^{re.escape(one)}$"):
                words.search(query, metric=metric)
            with pytest.raises(DictionaryError, match=f"^{re.escape(several)}$"):
                words.search_many(["a", query], metric=metric)
            with pytest.raises(DictionaryError, match=rf"^{re.escape(one)}$|does not count edits"):
                words.within(query, 1, metric=metric)


def test_of_many_queries_the_one_that_is_too_long_is_named() -> None:
    words = Dictionary(COMMANDS)
    queries = ["mve"] * 2500
    queries[2100] = "a" * 1025
    for workers in (1, 2):
        with pytest.raises(
            DictionaryError, match=r"^queries\[2100\]: 1,025 code points; a search by 'typo' takes at most 1,024$"
        ):
            words.search_many(queries, metric="typo", workers=workers)


def test_closed_it_says_so() -> None:
    with Dictionary(COMMANDS) as words:
        pass
    with pytest.raises(likewise.LikewiseError):
        words.suggest("mve")


def test_threads_share_it(english: Dictionary) -> None:
    queries = ["almni", "wrld", "speling", "helo"] * 25
    expected = [english.suggest(query) for query in queries]
    gate = threading.Barrier(8)

    def ask(_: int) -> list[Match | None]:
        gate.wait()
        return [english.suggest(query) for query in queries]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [expected] * 8


@pytest.mark.parametrize("priority", [3, 10**15, True])
def test_a_number_is_no_priorities(priority: int) -> None:
    """As many zeros as it says would be gigabytes."""
    with pytest.raises(DictionaryError, match="priority: expected integers"):
        Dictionary(["a", "b", "c"], priority=priority)  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", [1.5, "1", None])
def test_limits_that_are_no_integers(limit: object) -> None:
    words = Dictionary(["a", "b"])
    for search in (
        words.search,
        lambda query, limit: words.search_many([query], limit),
        lambda query, limit: words.within(query, 1, limit),
    ):
        with pytest.raises(TypeError, match="limit: expected an int, got"):
            search("a", limit)  # type: ignore[operator]


@pytest.mark.skipif(os.name == "nt", reason="links are POSIX's")
def test_saving_writes_through_no_link(tmp_path: Path) -> None:
    """Where others may write too, a link that waits by a name that can be foreseen would have any file overwritten."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    target = tmp_path / "words.index"
    for waiting in (target, tmp_path / f".words.index.{os.getpid()}-{threading.get_ident()}"):
        waiting.symlink_to(victim)
    Dictionary(["a", "b"]).save(target)
    assert victim.read_text() == "mine"
    assert list(Dictionary.load(target)) == ["a", "b"]
