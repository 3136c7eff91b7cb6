"""Text spelling: which words are checked, where they stand, what is suggested."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import likewise
from likewise import Dictionary, PersonalWords, TextChecker, UnknownWord, check_file, check_text
from likewise.spelling import TextEncodingError, WordListError, checker, reader
from likewise.spelling.tokens import Scanner

TINY = Dictionary(["init", "move", "Ada", "naïve", "don't", "e-mail", "grün", "hello", "world", "we", "the", "हिन्दी", "iPhone"])


def unknown(text: str, **options: object) -> list[str]:
    """The unknown words, each held to its position."""
    found = check_text(text, **options)  # type: ignore[arg-type]  # of several types
    lines = re.split("\r\n|\r|\n", text)
    for word in found:
        assert text[word.offset : word.offset + len(word.word)] == word.word
        assert lines[word.line - 1][word.column - 1 :].startswith(word.word)
    assert [word.offset for word in found] == sorted({word.offset for word in found})
    return [word.word for word in found]


@pytest.mark.parametrize(
    "text",
    [
        "I recieved it".replace("recieved", "received"),
        "Word WORD word, Words; “Quoted” ‘single’ (brackets) [list] — dash…",
        "London, monday's".replace("monday", "Monday") + " NASA's HTTP URLs, PDFs, OSes",
        "it's don't we'll I've they're you'd dogs' boss's O'Brien",
        "it’s don’t we’ll I’ve the dogs’ itʼs",
        "well-known, up-to-date, non\u2011breaking, X-ray",
        "café cafe naïve naive cafe\u0301 CAFÉ résumé co\u00adoperate",
        "https://exampel.com/recieve?q=wrods http://x.y www.wrods.com ftp://a.bb mailto:recieve@wrods.com",
        "Write to recieve@wrods.com or @recieve about #recieve.",
        "/usr/locla/bin ./recieve ../recieve ~/recieve ~wrods/x C:\\Wrods\\x \\\\wrods\\x src/likewsie/fiel.py a/recieve/b",
        "snake_csae camelCsae PascalCsae HTTPSrever __initt__ _priv_atee recieve() os.pathh README.mdd exampel.com --recieve $RECIEVE &nbps;",
        "`recieve` and ``recieve `wrods` `` and ```recieve```",
        "10kg 3rd x86 1,000 v1.2.3 0xdeadbeef 2nd mp3 12:30 1990s",
        "a b c x y I",
        "e.g. i.e. U.S.A. a.m. etc.",
        "Henry VIII, Louis XIV, MCMXCIX",
        "and/or his/her",
        "Привет 你好 नमस्ते",
        "",
        "   \n\t\r\n",
    ],
)
def test_texts_without_a_mistake(text: str) -> None:
    assert unknown(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I recieve you.", ["recieve"]),
        ("Recieve RECIEVE recieve", ["Recieve", "RECIEVE", "recieve"]),
        ("london and Lodnon", ["london", "Lodnon"]),
        ("it's recieve's and recieve’s", ["recieve's", "recieve’s"]),
        ("‘recieve’ 'recieve' \"recieve\" “recieve” (recieve) *recieve* **recieve** _recieve_", ["recieve"] * 8),
        ("well-knwon wrods-known", ["knwon", "wrods"]),
        ("wrods—recieve wrods–recieve wrods--recieve", ["wrods", "recieve"] * 3),
        ("recieve/wrods", ["recieve", "wrods"]),
        ("the recieve.Next wrods", ["recieve", "wrods"]),
        ("recieve, recieve. recieve; recieve: recieve! recieve?", ["recieve"] * 6),
        ("a lone ` recieve and another", ["recieve"]),
        ("```\nrecieve\n```\nwrods", ["wrods"]),
        ("~~~~ py\nrecieve\n~~~\n~~~~\nwrods", ["wrods"]),
        ("wrods\n```\nrecieve, to the end", ["wrods"]),
        ("``` recieve ``` is a span\nwrods", ["wrods"]),
        ("re\u00adcieve", ["re\u00adcieve"]),
        ("nai\u0308vve", ["nai\u0308vve"]),
        ("WOrd THe", ["WOrd", "THe"]),
        ("NASSAs wrodss", ["NASSAs", "wrodss"]),
        ("see <https://x.yy>recieve", ["recieve"]),
        ("x" * 5000, ["x" * 5000]),
        ("рrecieve", ["рrecieve"]),  # begins with a Cyrillic letter
    ],
)
def test_texts_with_mistakes(text: str, expected: list[str]) -> None:
    assert unknown(text) == expected


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("recieve", "receive"),
        ("Recieve", "Receive"),
        ("RECIEVE", "RECEIVE"),
        ("teh", "the"),
        ("Teh", "The"),
        ("dont", "don't"),
        ("Didnt", "Didn't"),
        ("didnt’s", "didn’t"),
        ("monday", "Monday"),
        ("Lodnon", "London"),
        ("LODNON", "LONDON"),
        ("WOrd", "Word"),
        ("emphassis", "emphasis"),
    ],
)
def test_the_first_suggestion_is_written_as_the_word_is(word: str, meant: str) -> None:
    (found,) = check_text(word)
    assert found.suggestions[0].word == meant
    assert all(0 < suggestion.score <= 100 for suggestion in found.suggestions)


def test_suggestions_are_those_of_spell_candidates_where_only_words_can_be_meant() -> None:
    for word in ("recieve", "definately", "accomodate", "knwon"):
        (found,) = check_text(word, limit=3)
        assert list(found.suggestions) == likewise.spell_candidates(word, 3)


def test_the_result_is_typed_and_can_become_json() -> None:
    (found,) = check_text("one\ntwo recieve", limit=1)
    assert isinstance(found, UnknownWord)
    assert found == ("recieve", 8, 2, 5, (likewise.Suggestion("receive", pytest.approx(600 / 7)),))
    assert json.loads(json.dumps(found._asdict()))["suggestions"] == [["receive", pytest.approx(600 / 7)]]


def test_your_own_dictionary() -> None:
    assert unknown("Hello WORLD, Ada; we don’t MOVE grün e-mail e-move हिन्दी IPHONE", dictionary=TINY) == ["IPHONE"]
    assert unknown("ada grun the-wurld हिन्दि", dictionary=TINY) == ["ada", "grun", "wurld", "हिन्दि"]
    (found,) = check_text("mvoe", dictionary=TINY)
    assert found.suggestions[0].word == "move"
    assert check_text("init", dictionary=Dictionary([]))[0].suggestions == ()


def test_words_of_your_own() -> None:
    text = "The frobnicator of Wasmtime frobnicates; FROBNICATOR's, wasmtimes"
    assert unknown(text) == ["frobnicator", "Wasmtime", "frobnicates", "FROBNICATOR's", "wasmtimes"]
    assert unknown(text, words=["frobnicator", "Wasmtime"]) == ["frobnicates", "wasmtimes"]
    assert check_text("frobnicatr", words=["frobnicator"])[0].suggestions[0].word == "frobnicator"
    assert unknown("ÜberWort cafés", words=["überwort ", "", "cafés"], dictionary=TINY) == []


def test_limits() -> None:
    assert check_text("recieve", limit=0)[0].suggestions == ()
    assert len(check_text("recieve", limit=7)[0].suggestions) == 7
    assert check_text("recieve", metric="levenshtein")[0].suggestions[0].word == "relieve"
    for wrong, error in [({"limit": -1}, ValueError), ({"words": "abc"}, TypeError), ({"metric": "psychic"}, ValueError)]:
        with pytest.raises(error):
            check_text("recieve", **wrong)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match="text"):
        check_text(None)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(UnicodeDecodeError):
        check_text(b"\xff")
    assert check_text(b"recieve")[0].word == "recieve"


def test_each_distinct_word_is_looked_up_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []
    searched: list[list[str]] = []
    contains, search = Dictionary.contains_many, Dictionary.search_many
    monkeypatch.setattr(Dictionary, "contains_many", lambda self, words: (asked.append(list(words)), contains(self, words))[1])
    monkeypatch.setattr(
        Dictionary,
        "search_many",
        lambda self, words, *args, **more: (searched.append(list(words)), search(self, words, *args, **more))[1],
    )
    check_text("move mvoe ini " * 1000, dictionary=TINY)
    assert len(asked) == len(searched) == 1
    assert sorted(asked[0]) == ["ini", "move", "mvoe"] and sorted(searched[0]) == ["ini", "mvoe"]


# Pieces of text that meet in every order: words, punctuation, line ends, code, marks.
WORDS = ["recieve", "the", "wrods", "don't", "it’s", "Grün", "well-knwon", "e\u0301", "हिन्दी", "😀", "ß", "İ", "ﬁ", "\ud800"]
BETWEEN = [
    " ",
    "\n",
    "\r\n",
    "\r",
    "\u2028",
    "\x00",
    "\ufeff",
    ".",
    ",",
    "'",
    "’",
    "-",
    "_",
    "/",
    "@",
    "`",
    "```\n",
    "\u00ad",
    "9",
    "a.b",
    "https://x.y",
]
PIECES = st.sampled_from([*WORDS, *BETWEEN])
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_positions_hold_in_every_text(text: str) -> None:
    unknown(text, limit=1)
    unknown(text, limit=1, dictionary=TINY)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(1, 7))
@example("\ufeff\ufeffrecieve", 1)
def test_a_file_in_parts_is_the_text_at_once(text: str, size: int) -> None:
    # A file's first mark of byte order is none of its text.
    text = text.replace("\ud800", "").lstrip("\ufeff")
    whole = CHECKER.check(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_PART", size)
        assert list(CHECKER.check_file(io.BytesIO(text.encode()))) == whole
        assert list(CHECKER.check_file(io.StringIO(text, newline=""))) == whole


CHECKER = TextChecker(limit=1, words=["frobnicator"])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["move", "mvoe", "Ada", "", "x" * 9000, "a\nb", "\ud800", "hello"]) | st.text(max_size=5), max_size=20
    )
)
def test_contains_many_is_contains_of_each(words: list[str]) -> None:
    assert TINY.contains_many(words) == [word in TINY for word in words]


def test_a_word_that_was_written_right_is_never_reported() -> None:
    words = likewise.Dictionary.english()[:3000]
    assert unknown(" ".join(words), limit=0) == []
    assert unknown("\n".join(word.title() for word in words), limit=0) == []
    assert unknown(", ".join(word.upper() for word in words), limit=0) == []


@pytest.mark.parametrize(
    "evil",
    [
        "`",
        "`a",
        "a/",
        "a.b",
        "a",
        "a-",
        "/",
        "x@",
        "a'",
        ".../",
        "``` a\n",
        "http:",
        "\\",
        "_",
        "--",
        "`a``b```c",
        "a\u0301",
        "<",
        "'",
    ],
)
def test_no_text_takes_more_than_linear_time(evil: str) -> None:
    # A quadratic pattern takes minutes here, a linear one less than a second.
    assert sum(1 for _ in Scanner().tokens(evil * (400_000 // len(evil)))) <= 400_000


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "_REMEMBERED", 100)
    monkeypatch.setattr(reader, "_PART", 1000)
    text = "\n".join(
        f"wrod{'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10 % 10]}{'uvwxyzabcd'[i // 100 % 10]} recieve" for i in range(1000)
    )
    one = checker._Pass(CHECKER)
    seen = 0
    for part in reader.parts(io.BytesIO(text.encode()), "utf-8"):
        seen += sum(1 for _ in one.part(part))
        assert len(one._faults) < 300 and len(one._suggestions) < 300
    assert seen == 2000


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes("\ufeffHello recieve\r\nwrods".encode())
    found = list(check_file(file, limit=0))
    assert found == [("recieve", 6, 1, 7, ()), ("wrods", 15, 2, 1, ())]
    assert list(check_file(str(file), limit=0)) == found
    file.write_bytes("Grüße recieve".encode("utf-16"))
    assert [word.word for word in check_file(file, encoding="utf-16", dictionary=TINY)] == ["Grüße", "recieve"]


def test_a_file_in_another_encoding_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(b"a" * 70_000 + b" caf\xe9 x")
    monkeypatch.setattr(reader, "_PART", 1000)
    with pytest.raises(TextEncodingError, match=r"latin\.txt: byte 70,004 \(0xe9\) is not utf-8"):
        list(check_file(file))
    assert [len(word.word) for word in check_file(file, encoding="latin-1", limit=0)] == [70_000]
    file.write_bytes("é".encode()[:1])
    with pytest.raises(TextEncodingError, match="byte 0 "):
        list(check_file(file))
    with pytest.raises(LookupError):
        list(check_file(file, encoding="klingon"))
    with pytest.raises(FileNotFoundError):
        list(check_file(tmp_path / "missing"))
    with pytest.raises(TypeError, match="file"):
        list(check_file(3))  # type: ignore[arg-type]  # that is the point


def test_progress_is_told_bytes_and_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "text.txt"
    file.write_text("hello recieve\n" * 100)
    monkeypatch.setattr(reader, "_PART", 500)
    told: list[tuple[int, int | None]] = []
    assert len(list(check_file(file, progress=lambda done, total: told.append((done, total))))) == 100
    assert told == [(500, 1400), (1000, 1400), (1400, 1400), (1400, 1400)]


def test_a_line_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_PART", 10)
    monkeypatch.setattr(reader, "_LONGEST_LINE", 50)
    text = "hello recieve " * 50 + "\nwrods"
    found = list(check_file(io.StringIO(text), limit=0))
    assert found == check_text(text, limit=0)
    assert found[-2].column == 14 * 49 + 7 and found[-1][2:4] == (2, 1)


def test_personal_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "words.txt"
    words = PersonalWords(path)
    assert list(words) == [] and len(words) == 0 and words.remove("x") == []
    assert words.add("frobnicator", "Wasmtime", "frobnicator") == ["frobnicator", "Wasmtime"]
    assert words.add("Wasmtime") == [] and path.read_text() == "frobnicator\nWasmtime\n"
    path.write_text("# mine\r\nfrobnicator  # a machine\n\nWasmtime", newline="")
    assert list(words) == ["frobnicator", "Wasmtime"] and "Wasmtime" in words
    assert words.add("grün") == ["grün"]
    assert words.remove("Wasmtime", "nothing") == ["Wasmtime"]
    assert path.read_bytes().decode() == "# mine\r\nfrobnicator  # a machine\n\ngrün\n"
    assert [file.name for file in path.parent.iterdir()] == ["words.txt"]
    assert unknown("The frobnicator", words=words) == []
    for wrong in ("", "two words", "a\nb", "#x", " x"):
        with pytest.raises(ValueError, match="is not one word"):
            words.add(wrong)
    path.write_bytes(b"caf\xe9\n")
    with pytest.raises(WordListError, match="byte 3 is not UTF-8"):
        list(words)


def test_where_the_personal_words_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKEWISE_WORDS", str(tmp_path / "mine.txt"))
    assert PersonalWords().path == tmp_path / "mine.txt"
    monkeypatch.delenv("LIKEWISE_WORDS")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert PersonalWords().path == tmp_path / "likewise" / "words.txt"
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert PersonalWords().path == Path.home() / ".config" / "likewise" / "words.txt"


def test_programs_that_add_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path = tmp_path / "words.txt"
    names = [f"word{'abcdefghij'[i // 10]}{'abcdefghij'[i % 10]}" for i in range(100)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: PersonalWords(path).add(name), names))
    assert sorted(PersonalWords(path)) == names
