"""The `likewise` command with names, words and files that were made to steer a terminal, and in shells that have closed something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from likewise import _terminal
from likewise.component import scaffold

pytestmark = pytest.mark.skipif(os.name == "nt", reason="shells, file names and terminals of Unix")

PROGRAM = [sys.executable, "-m", "likewise"]

# Clears the screen, renames the window, an eight-bit control sequence, turns the line around.
EVIL = "\x1b[2J\x1b]0;x\x07\x9b31m\u202e"
MARKS = ("\x1b[2J", "\x1b]0", "\x9b", "\u202e", "\x07")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cache for all of these programs: what is tested is not the compiler."""
    return str(tmp_path_factory.mktemp("cache") / "compiled")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, compiled: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIKEWISE_CACHE", compiled)
    monkeypatch.setenv("LIKEWISE_WORDS", str(tmp_path / "own.txt"))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    (tmp_path / "own.txt").write_text(f"own{EVIL}\n")
    (tmp_path / f"lines{EVIL}").write_text(f"recieve{EVIL} wrod\n")
    (tmp_path / "bytes").write_bytes(b"\xff\x1b[2J")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "args",
    [
        ["spell", f"almni{EVIL}"],
        ["spell", "--json", f"almni{EVIL}"],
        ["spell", "--words", f"lines{EVIL}", "recieve"],
        ["spell", "--text", f"lines{EVIL}"],
        ["spell", "--text", f"lines{EVIL}", "--json"],
        ["spell", "--text", f"no{EVIL}"],
        ["spell", f"--no{EVIL}"],
        ["spell", "--text", f"lines{EVIL}", "--encoding", f"no{EVIL}"],
        ["match", "recieve", "--in", f"lines{EVIL}"],
        ["match", "recieve", "--in", f"lines{EVIL}", "--json"],
        ["match", "recieve", "--in", f"no{EVIL}"],
        ["words", "list"],
        ["words", "remove", f"no{EVIL}"],
        ["inspect", f"no{EVIL}"],
        ["new", "price-list", "-o", f"folder{EVIL}"],
        ["fetch", "--from", f"no{EVIL}"],
        ["fetch", f"http://10.0.0.1/{EVIL}", "--jsonl"],
        [f"no{EVIL}"],
    ],
    ids=" ".join,
)
def test_nothing_that_is_named_or_found_steers_the_terminal(args: list[str]) -> None:
    from terminal import Terminal

    with Terminal([*PROGRAM, *args], env={"NO_COLOR": "1", "TERM": "dumb"}) as terminal:
        assert terminal.end() in (0, 1, 2)
    assert terminal.written and "Traceback" not in terminal.written
    assert not [mark for mark in MARKS if mark in terminal.written], terminal.written


def test_json_is_what_it_was_before_it_was_escaped() -> None:
    record = {"word": f"é中{EVIL}\u2028\ud800\x7f"}
    line = _terminal.as_line(record)
    assert json.loads(line) == record and "é中" in line
    assert not [mark for mark in (*MARKS, "\u2028", "\ud800", "\x7f") if mark in line]


def test_a_url_that_is_no_text_costs_the_others_nothing(tmp_path: Path) -> None:
    urls = [b"http://10.0.0.1/\xff", b"http://10.0.0.2/"]
    done = subprocess.run([*PROGRAM, "fetch", *urls, "-o", "out.jsonl"], capture_output=True, check=False)
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert sorted(record["error"]["kind"] for record in records) == ["denied", "invalid-url"] and done.returncode == 1
    # And the same command again has nothing left to do.
    assert subprocess.run([*PROGRAM, "fetch", *urls, "-o", "out.jsonl"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("spell <&-", 0, ""),
        ("spell --text - <&-", 0, ""),
        ("match a --in - <&-", 1, ""),
        ("spell almni >&-", 1, "likewise: Bad file descriptor\n"),
        ("--version >&-", 1, "likewise: Bad file descriptor\n"),
        ("spell almni 2>&-", 0, ""),
        ("spell almni <&- >&- 2>&-", 1, ""),
    ],
)
def test_streams_that_are_closed(command: str, status: int, said: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m likewise {command}', sys.executable],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (status, said)


@pytest.mark.skipif(sys.platform != "linux", reason="limits and devices of Linux")
def test_a_file_without_end_is_a_message() -> None:
    limited = 'ulimit -v 6000000; "$0" -m likewise match a --in /dev/zero'
    done = subprocess.run(["sh", "-c", limited, sys.executable], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"likewise: there is not enough memory for that: give less at once\n"


def test_an_output_that_holds_anything_is_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("[" * 200_000 + "\n" + '"url"\n')
    done = subprocess.run([*PROGRAM, "fetch", "http://10.0.0.1/", "-o", "out.jsonl"], capture_output=True, check=False)
    assert done.returncode == 1 and done.stderr.endswith(b"1 of 1 failed\n") and b"Traceback" not in done.stderr
    done = subprocess.run([*PROGRAM, "fetch", "http://10.0.0.1/", "--max-bytes", str(2**63)], capture_output=True, check=False)
    assert done.returncode == 2 and b"Traceback" not in done.stderr


def test_half_a_project_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    write = Path.write_text

    def full(self: Path, *args: object, **kwargs: object) -> int:
        written.append(self)
        if len(written) > 3:
            raise OSError(28, "No space left on device")
        return write(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        scaffold.scaffold("price-list", tmp_path)
    assert len(written) == 4 and not (tmp_path / "price-list").exists()
    # A link to nowhere is something of that name as well.
    (tmp_path / "price-list").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError, match="choose another name"):
        scaffold.scaffold("price-list", tmp_path)


@pytest.mark.parametrize("name", ["../up", "/root", "a/b", "a\0", "..", ".", "", "A", "a\n", "-a", "a--b", "é", "a" * 3 + "\x1b"])
def test_a_project_stays_where_it_is_made(tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ValueError, match="cannot be a component's name"):
        scaffold.scaffold(name, tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
