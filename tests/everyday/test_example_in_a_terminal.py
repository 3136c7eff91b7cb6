"""The example command line, used by hand: in a terminal, key by key."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

from terminal import Terminal

EXAMPLE = [sys.executable, str(Path(__file__).parents[2] / "examples" / "actions.py")]


def test_the_prompt_of_the_articles() -> None:
    with Terminal(EXAMPLE) as terminal:
        terminal.expect("Enter your action: ")
        terminal.type("inyt\n")
        terminal.expect("invalid command, were you trying to use init?")
        terminal.expect("Enter your action: ")
        terminal.type("init\n")
        terminal.expect("Environment: ")
        terminal.type("prodction\n")
        terminal.expect("invalid environment, were you trying to use production?")
        terminal.type("production\n")
        terminal.expect("init production")
        assert terminal.end() == 0


def test_the_end_of_input() -> None:
    with Terminal(EXAMPLE) as terminal:
        terminal.expect("Enter your action: ")
        terminal.type("\x04")
        terminal.expect("nothing to do")
        assert terminal.end() == 1


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["inti"], "maybe you meant 'init'?"),
        (["init", "--enviroment-name=x"], "maybe you meant '--environment'?"),
        (["move", "--environment", "stagging"], "maybe you meant 'staging'?"),
    ],
)
def test_wrong_calls(args: list[str], hint: str) -> None:
    with Terminal([*EXAMPLE, *args]) as terminal:
        terminal.expect("usage: actions")
        terminal.expect(hint)
        assert terminal.end() == 2


def test_a_right_call() -> None:
    with Terminal([*EXAMPLE, "delete", "--dry-run"]) as terminal:
        terminal.expect("would delete development")
        assert terminal.end() == 0
