"""Did you mean without a framework: suggestions, the prompt of the articles, and cmd."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likewise import _engine, didyoumean
from likewise.didyoumean.cmd import Cmd, DidYouMean

COMMANDS = ["init", "move", "delete", "ingest"]


@pytest.mark.parametrize(
    ("word", "options", "expected"),
    [
        ("inyt", COMMANDS, ["init"]),
        ("mve", COMMANDS, ["move"]),
        ("DELETE", COMMANDS, ["delete"]),
        ("del", COMMANDS, ["delete"]),
        ("in", COMMANDS, ["init", "ingest"]),  # the beginning of an option of its own right
        ("xyz", COMMANDS, []),
        ("", COMMANDS, []),
        ("--", COMMANDS, []),
        ("init", [], []),
        ("--verbos", ["-v", "--verbose", "--version", "--help"], ["--verbose"]),
        ("--dry_run", ["--dry-run", "--run"], ["--dry-run"]),
        ("-verbose", ["--verbose"], ["--verbose"]),
        ("stauts", ["status", "stash", "start"], ["status"]),
        ("grn", ["grün", "gran", "green"], ["grün", "gran"]),
        ("\udcff", COMMANDS, []),  # what the shell gives for a byte that is not UTF-8
        ("x" * 100_000, COMMANDS, []),
    ],
)
def test_suggestions(word: str, options: list[str], expected: list[str]) -> None:
    assert sorted(didyoumean.suggestions(word, options)) == sorted(expected)
    assert didyoumean.suggestions(word, iter(options), limit=1) == didyoumean.suggestions(word, options)[:1]


def test_the_cutoff_is_the_callers() -> None:
    assert didyoumean.suggestions("rm", ["remove"]) == []
    assert didyoumean.suggestions("rm", ["remove"], score_cutoff=50) == ["remove"]
    assert didyoumean.suggestions("mve", COMMANDS, limit=0) == []


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=6))
def test_suggestions_are_options_and_never_raise(word: str, options: list[str]) -> None:
    found = didyoumean.suggestions(word, options)
    assert len(found) <= 3
    assert all(option in options for option in found)


def test_without_an_engine_there_is_no_suggestion_and_the_log_says_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise OSError("no component here")

    monkeypatch.setattr(_engine, "component", broken)
    with caplog.at_level(logging.DEBUG, "likewise.didyoumean"):
        assert didyoumean.suggestions("mve", COMMANDS) == []
    assert "no component here" in caplog.text


def test_the_words_of_the_articles() -> None:
    assert didyoumean.correction("inyt", COMMANDS) == "invalid command, were you trying to use init?"
    assert (
        didyoumean.correction("prd", ["dev", "prod"], noun="environment") == "invalid environment, were you trying to use prod?"
    )
    assert didyoumean.correction("zzz", COMMANDS) == "invalid command, expected one of init, move, delete, ingest"


def answers(*given: str) -> Iterator[str]:
    yield from given
    raise EOFError


def test_the_prompt_asks_until_the_answer_is_right() -> None:
    given_, said, asked = answers("inyt", "", "  ", "zzz", " move ", "init"), [], []

    def ask(text: str) -> str:
        asked.append(text)
        return next(given_)

    assert didyoumean.prompt("Enter your action: ", COMMANDS, ask=ask, say=said.append) == "move"
    assert asked == ["Enter your action: "] * 5
    assert said == [
        "invalid command, were you trying to use init?",
        "invalid command, expected one of init, move, delete, ingest",
    ]


def test_a_prompt_that_cannot_end() -> None:
    with pytest.raises(ValueError, match="options"):
        didyoumean.prompt("? ", [])
    ended = answers()
    with pytest.raises(EOFError):
        didyoumean.prompt("? ", COMMANDS, ask=lambda text: next(ended))


class Shell(Cmd):
    prompt = ""
    use_rawinput = False

    def do_init(self, rest: str) -> None:
        self.stdout.write(f"init {rest}\n")

    def do_move(self, rest: str) -> None:
        pass

    def do_EOF(self, rest: str) -> bool:  # cmd's name
        return True


def test_cmd() -> None:
    out = io.StringIO()
    Shell(stdin=io.StringIO("inti a b\ninit a\nquux\n!ls\nmvoe x\n"), stdout=out).cmdloop()
    assert out.getvalue().splitlines() == [
        "*** invalid command, were you trying to use init?",
        "init a",
        "*** invalid command, expected one of help, init, move",
        "*** Unknown syntax: !ls",
        "*** invalid command, were you trying to use move?",
    ]


def test_cmd_mixed_into_a_class_that_exists() -> None:
    import cmd

    class Theirs(cmd.Cmd):
        prompt = ""
        use_rawinput = False

        def do_stop(self, rest: str) -> bool:
            return True

    class Ours(DidYouMean, Theirs):
        pass

    out = io.StringIO()
    Ours(stdin=io.StringIO("stpo\nstop\n"), stdout=out).cmdloop()
    assert out.getvalue() == "*** invalid command, were you trying to use stop?\n"


def broken() -> Iterator[str]:
    yield "init"
    raise RuntimeError("choices that cannot be listed")


@pytest.mark.parametrize("options", [broken(), [None, "init"], 5, [b"init"]])
def test_options_that_are_none_raise_nothing(options: Any) -> None:
    assert didyoumean.suggestions("inyt", options) == []
    assert didyoumean.suggestions("inyt", ["init"], limit=None) == []  # type: ignore[arg-type]


def test_an_option_that_is_no_text_costs_the_others_nothing() -> None:
    assert didyoumean.suggestions("inyt", ["a\udcff", "init"]) == ["init"]
    assert didyoumean.suggestions("in\udcfft", ["init"]) == ["init"]
