"""The `likewise` command in a terminal: tables, bars, colours, interruption."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

from terminal import Terminal

PROGRAM = [sys.executable, "-m", "likewise"]


@pytest.fixture(autouse=True)
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the words of whoever runs it; colours and width are the terminal's."""
    monkeypatch.setenv("LIKEWISE_WORDS", str(tmp_path / "words.txt"))
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)


def test_a_table_with_bars() -> None:
    with Terminal([*PROGRAM, "spell", "almni", "alumni", "--limit", "2"]) as terminal:
        assert terminal.end() == 0
        lines = [line.split() for line in terminal.text.splitlines()]
        assert lines[0] == ["written", "suggestion", "similarity"]
        assert lines[1][:4] == ["almni", "alumni", "90.91", "%"] and "█" in lines[1][4]
        assert "\x1b[" in terminal.written


def test_without_colours_the_table_stays() -> None:
    with Terminal([*PROGRAM, "spell", "almni"], env={"NO_COLOR": "1"}) as terminal:
        assert terminal.end() == 0
        assert "90.91 %" in terminal.text and "█" in terminal.text
        assert "\x1b[3" not in terminal.written and "\x1b[9" not in terminal.written


def test_brackets_are_no_markup(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("[red]colour[/]\n")
    with Terminal([*PROGRAM, "match", "[red]color[/]", "--in", str(lines)]) as terminal:
        assert terminal.end() == 0
        assert "[red]color[/]" in terminal.text and "[red]colour[/]" in terminal.text


def test_words_from_the_keyboard() -> None:
    with Terminal([*PROGRAM, "spell"]) as terminal:
        terminal.expect("Ctrl-D ends them")
        terminal.type("recieve\n\x04")
        terminal.expect("receive")
        assert terminal.end() == 0


def test_a_text(tmp_path: Path) -> None:
    text = tmp_path / "text.md"
    text.write_text("I recieve [teh] end\n")
    with Terminal([*PROGRAM, "spell", "--text", str(text)], columns=400) as terminal:
        assert terminal.end() == 1
        assert f"{text}:1:3  recieve  receive, receiver, relieve\n" in terminal.text
        assert f"{text}:1:12  teh  the, tea, teeth\n" in terminal.text
        assert f"2 unknown in {text}" in terminal.text


def test_a_bar_while_a_long_text_is_read(tmp_path: Path) -> None:
    text, out = tmp_path / "text.txt", tmp_path / "out.txt"
    text.write_text("the end of the line\n" * 500_000)
    command = f"'{sys.executable}' -m likewise spell --text '{text}' > '{out}'"
    with Terminal(["/bin/sh", "-c", command]) as terminal:
        terminal.expect("10.0")  # megabytes
        assert terminal.end() == 0
    assert out.read_text() == ""


def test_doctor() -> None:
    with Terminal([*PROGRAM, "doctor"], columns=200) as terminal:
        terminal.expect("ok")
        terminal.expect("'mve' is 'move'")
        assert terminal.end() == 0


def test_wrong_calls_in_colour() -> None:
    with Terminal([*PROGRAM, "spel"]) as terminal:
        terminal.expect("Usage: ")
        terminal.expect("No such command 'spel'. Did you mean 'spell'?")
        assert terminal.end() == 2


def test_interrupted() -> None:
    with Terminal([*PROGRAM, "spell"]) as terminal:
        terminal.expect("Ctrl-D ends them")
        terminal.type("\x03")
        assert terminal.end() == 130
        assert "Traceback" not in terminal.text


def test_fetching_shows_how_far_it_has_come(tmp_path: Path) -> None:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"page")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        urls = [f"http://127.0.0.1:{server.server_port}/{number}" for number in range(5)]
        out = tmp_path / "pages.jsonl"
        args = ["fetch", *urls, "nonsense", "--jsonl", "-o", str(out), "--allow-private", "127.0.0.0/8"]
        with Terminal([*PROGRAM, *args]) as terminal:
            assert terminal.end() == 1
            assert "6/6" in terminal.text and "1 failed" in terminal.text
        server.shutdown()
    assert len(out.read_text().splitlines()) == 6
