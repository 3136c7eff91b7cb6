"""Texts, files and word lists made to hang, to grow, to mislead or to get lost."""

from __future__ import annotations

import io
import multiprocessing
import os
from pathlib import Path

import pytest

from likewise import Dictionary, PersonalWords, TextChecker, check_file
from likewise.spelling import checker, personal, reader, tokens
from likewise.spelling.reader import TextEncodingError
from likewise.spelling.tokens import Scanner

TINY = TextChecker(dictionary=Dictionary(["hello", "world"]), limit=0)


@pytest.mark.parametrize(
    "text", ["a " + "`" * 400_000, "a " + "`" * 400_000 + " b", "a" + "``" * 200_000 + "b", "`" * 200_000 + "a\n"]
)
def test_a_run_of_backticks_takes_linear_time(text: str) -> None:
    # Tried for a span's beginning at each of them, it took the square: an hour here.
    assert sum(1 for _ in Scanner().tokens(text)) <= 2


def test_a_span_of_code_begins_with_the_whole_run() -> None:
    assert [token.word for token in Scanner().tokens("``one`` two `three` four ``five ` six`` seven")] == ["two", "four", "seven"]


def test_memory_does_not_grow_with_long_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "_REMEMBERED_CHARACTERS", 5000)
    monkeypatch.setattr(reader, "_PART", 1000)
    text = "\n".join(f"é{chr(ord('a') + i % 26) * (500 + i)}" for i in range(100))
    one = checker._Pass(TINY)
    for part in reader.parts(io.BytesIO(text.encode()), "utf-8"):
        assert sum(1 for _ in one.part(part)) > 0
        assert sum(map(len, one._faults)) < 10_000
    before = tokens._plain.cache_info().currsize
    assert tokens.plain("é’" + "a" * 1000) == "é'" + "a" * 1000
    assert tokens._plain.cache_info().currsize == before


@pytest.mark.parametrize("encoding", ["hex", "rot13", "bz2", "no-such", "undefined", "", "\0", "a\udcff"])
def test_what_is_no_encoding_of_text(encoding: str) -> None:
    with pytest.raises(LookupError, match="give a name that Python knows, such as utf-8"):
        list(check_file(io.BytesIO(b"hello"), encoding=encoding, dictionary=Dictionary(["hello"])))


def test_a_codec_that_need_not_name_a_position() -> None:
    with pytest.raises(TextEncodingError, match=r"the stream: .*not utf-16"):
        list(TINY.check_file(io.BytesIO(b"ab"), encoding="utf-16"))


@pytest.mark.parametrize(("read", "said"), [(None, "as if it did not block"), (5, "int"), (memoryview(b"a"), "memoryview")])
def test_a_stream_that_reads_no_text(read: object, said: str) -> None:
    class Stream:
        name = "odd"

        def read(self, size: int) -> object:
            return read

    with pytest.raises(TypeError, match=f"odd: read gave .*{said}"):
        list(TINY.check_file(Stream()))  # type: ignore[arg-type]


def test_a_byte_order_mark_of_a_text_stream_is_no_character() -> None:
    [found] = TINY.check_file(io.StringIO("\ufeffwrold hello"))
    assert (found.word, found.offset, found.column) == ("wrold", 0, 1)


def test_positions_after_everything() -> None:
    text = "\U0001f600\t\0wrold\r\n\u2028\x85\x0bwrold\rwrold\n\ud800 wrold"
    found = TINY.check(text)
    assert [(word.line, word.column) for word in found] == [(1, 4), (2, 4), (3, 1), (4, 3)]
    assert all(text[word.offset : word.offset + 5] == "wrold" for word in found)


@pytest.mark.parametrize("word", ["a\x1b[2J", "a\0b", "a\x9bb", "\ufeffword", "a\ud800", "a\x7f"])
def test_words_that_would_steer_or_not_be_read_again_are_refused(tmp_path: Path, word: str) -> None:
    words = PersonalWords(tmp_path / "words.txt")
    with pytest.raises(ValueError, match="is not one word"):
        words.add("good", word)
    assert not words.path.exists()


def test_a_full_disk_leaves_the_list_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = PersonalWords(tmp_path / "words.txt")
    words.path.write_text("first")

    class Full(io.FileIO):
        def write(self, data: object) -> int:
            if self.tell() > 8:
                raise OSError(28, "No space left on device")
            return super().write(bytes(data)[:4])  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(personal, "open", lambda path, mode, buffering: Full(path, mode), raising=False)
    with pytest.raises(OSError, match="No space"):
        words.add("second", "third")
    monkeypatch.undo()
    assert words.path.read_text() == "first"
    words.add("second")
    assert words.path.read_text() == "first\nsecond\n"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_list_that_is_a_link_stays_one(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "words.txt"
    target.parent.mkdir()
    target.write_text("one\ntwo\n")
    words = PersonalWords(tmp_path / "words.txt")
    words.path.symlink_to(target)
    assert words.remove("one") == ["one"]
    assert words.path.is_symlink() and target.read_text() == "two\n"
    assert sorted(path.name for path in target.parent.iterdir()) == ["words.txt"]


def test_a_list_is_read_once_however_many_words_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = PersonalWords(tmp_path / "words.txt")
    many = [f"w{i}" for i in range(300)]
    words.add(*many)
    reads = 0
    read = PersonalWords._read

    def counted(self: PersonalWords) -> dict[str, None]:
        nonlocal reads
        reads += 1
        return read(self)

    monkeypatch.setattr(PersonalWords, "_read", counted)
    assert words.remove(*many) == many and reads == 1


def _add_and_remove(path: Path, number: int) -> None:
    words = PersonalWords(path)
    for i in range(40):
        words.add(f"keep-{number}-{i}", f"drop-{number}-{i}")
        words.remove(f"drop-{number}-{i}")


@pytest.mark.skipif(os.name == "nt", reason="there is no lock there")
def test_programs_that_add_and_remove_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    context = multiprocessing.get_context("fork")
    programs = [context.Process(target=_add_and_remove, args=(path, number)) for number in range(3)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert sorted(PersonalWords(path)) == sorted(f"keep-{number}-{i}" for number in range(3) for i in range(40))
