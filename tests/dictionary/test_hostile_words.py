"""Words and calls made to mislead a dictionary, and files that it must not put aside."""

from __future__ import annotations

import os
import pickle
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from likewise import Dictionary
from likewise.dictionary import DictionaryError, _unpickle

EVERY = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))


def test_words_of_every_character_are_told_apart_or_refused() -> None:
    most = "\n\0\x1f\x1e\ufffe" + "".join(map(chr, range(0xE000, 0xF900)))
    assert list(Dictionary([most, "b\n", "\0"])) == [most, "b\n", "\0"]
    with pytest.raises(DictionaryError, match=r"every character that there is.*leave some out"):
        Dictionary([EVERY, "b"])


def test_a_lone_surrogate_is_in_no_word() -> None:
    words = Dictionary(["a\uffff", "b"])
    assert "a\uffff" in words and "a\ud800" not in words
    assert words.contains_many(["a\ud800", "a\uffff", b"b", "\ud800" * 9000]) == [False, True, True, False]


def test_an_iterable_that_fails_half_way_fails_as_it_is() -> None:
    def half() -> Iterator[str]:
        yield "a"
        raise KeyError("half")

    with pytest.raises(KeyError, match="half"):
        Dictionary(half())


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda words: Dictionary(5), "words: expected an iterable of words, not int"),  # type: ignore[arg-type]
        (lambda words: words.search_many("abc"), "queries: expected an iterable of queries, not str; search takes one"),
        (lambda words: words.search_many(None), "queries: expected an iterable of queries, not NoneType"),
        (lambda words: words.contains_many("abc"), "words: expected an iterable of words, not str"),
        (lambda words: words.search_many(["a"], workers="2"), "workers: expected an int, got '2'"),
        (lambda words: words.search_many(["a"], workers=1.5), "workers: expected an int, got 1.5"),
        (lambda words: words["a"], "index: expected an int, got 'a'"),
        (lambda words: words[1.0], "index: expected an int, got 1.0"),
    ],
)
def test_calls_of_the_wrong_kind_are_named(call: Callable[[Dictionary], object], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        call(Dictionary(["a"]))


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of Unix")
def test_saving_to_a_pipe_or_a_device_writes_to_it(tmp_path: Path) -> None:
    words = Dictionary(["receive", "relieve"])
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    words.save(pipe)
    reader.join()
    assert stat.S_ISFIFO(pipe.stat().st_mode) and list(tmp_path.iterdir()) == [pipe]
    (tmp_path / "saved").write_bytes(read[0])
    assert list(Dictionary.load(tmp_path / "saved")) == ["receive", "relieve"]
    with pytest.raises(OSError, match="directory"):
        words.save(tmp_path)


def test_readers_see_a_whole_dictionary_while_others_save(tmp_path: Path) -> None:
    path = tmp_path / "words"
    sets = [[f"{letter}{number}" for number in range(100)] for letter in "abc"]
    made = [Dictionary(words) for words in sets]
    made[0].save(path)
    savers = [threading.Thread(target=lambda words=words: [words.save(path) for _ in range(50)]) for words in made]  # type: ignore[misc]
    for saver in savers:
        saver.start()
    while any(saver.is_alive() for saver in savers):
        assert list(Dictionary.load(path)) in sets
    assert [file.name for file in tmp_path.iterdir()] == ["words"]


def test_pickled_state_that_was_cut_or_changed_is_an_error() -> None:
    words = Dictionary(["receive", "a\nb", ""])
    ((saved,),) = [words.__reduce__()[1]]
    for end in range(len(saved)):
        with pytest.raises(DictionaryError, match="a pickled dictionary: "):
            _unpickle(saved[:end])
    assert list(pickle.loads(pickle.dumps(words))) == list(words)
