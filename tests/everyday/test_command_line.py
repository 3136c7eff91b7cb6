"""The `likewise` command in processes of its own: in pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import likewise
from likewise.cli import app

PROGRAM = [sys.executable, "-m", "likewise"]


@pytest.fixture(autouse=True)
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the words of whoever runs it."""
    path = tmp_path / "own" / "words.txt"
    monkeypatch.setenv("LIKEWISE_WORDS", str(path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return path


def run(*args: str | bytes, stdin: bytes = b"", code: int = 0, **env: str) -> tuple[str, str]:
    """Standard output and error of a call that ends with an exit status."""
    done = subprocess.run(
        [*PROGRAM, *args], input=stdin, capture_output=True, timeout=300, check=False, env={**os.environ, **env}
    )
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def test_spell_words() -> None:
    assert run("spell", "almni", "recieve", "alumni") == (
        "almni\talumni\t90.91\nrecieve\treceive\t85.71\nalumni\talumni\t100.00\n",
        "",
    )
    out, _ = run("spell", "--json", "--limit", "2", "almni")
    (record,) = map(json.loads, out.splitlines())
    assert record["query"] == "almni" and record["suggestions"][0] == {"word": "alumni", "score": pytest.approx(1000 / 11)}
    assert len(record["suggestions"]) == 2


def test_spell_from_standard_input() -> None:
    assert run("spell", stdin=b"teh\n wierd")[0] == "teh\tthe\t66.67\nwierd\tweird\t80.00\n"
    assert run("spell", stdin=b"") == ("", "")


def test_spell_with_a_list_of_your_own(tmp_path: Path) -> None:
    words = tmp_path / "colours.txt"
    words.write_bytes("\ufeffrot\r\ngrün\r\n".encode())
    assert run("spell", "--words", str(words), "grun")[0] == "grun\tgrün\t75.00\n"
    # The metric decides the order, a word without an answer the exit status; the others have theirs.
    assert run("spell", "--words", str(words), "--metric", "prefix", "ro", "xyz", code=1)[0] == "ro\trot\t80.00\nxyz\t\t0.00\n"
    words.write_bytes(b"rot\ngr\xfcn\n")
    out, err = run("spell", "--words", str(words), "rott", code=1)
    assert out.startswith("rott\trot\t") and f"{words} is not UTF-8 at byte 6" in err
    assert run("spell", "--size", "huge", "aardvrak")[0].startswith("aardvrak\taardvark\t")


def test_one_bad_word_costs_the_others_nothing() -> None:
    out, err = run("spell", "x" * 2000, "teh", code=1)
    assert out == "teh\tthe\t66.67\n" and "2,000 code points" in err
    out, err = run("spell", stdin=b"teh \xff\xfe wierd", code=1)
    assert out.splitlines()[0] == "teh\tthe\t66.67" and out.splitlines()[2] == "wierd\tweird\t80.00"
    assert "standard input is not UTF-8 at byte 4" in err
    out, err = run("spell", b"caf\xe9", "teh", code=1)
    assert "teh\tthe\t66.67" in out and "is not UTF-8" in err


def test_data_is_utf8_whatever_the_locale() -> None:
    assert (
        run("match", "grun", "--in", "-", stdin="grün".encode(), PYTHONIOENCODING="ascii", LC_ALL="C")[0] == "grun\tgrün\t75.00\n"
    )


def test_match(tmp_path: Path) -> None:
    cities = tmp_path / "cities.txt"
    cities.write_text("New York\nNewark\nYork\nParis\n")
    out, _ = run("match", "New Yrok", "--in", str(cities), "--limit", "2")
    assert out == "New Yrok\tNew York\t87.50\nNew Yrok\tNewark\t71.43\n"
    out, _ = run("match", "New Yrok", "--in", "-", "--json", stdin=cities.read_bytes())
    assert json.loads(out)["suggestions"][0]["word"] == "New York"
    assert run("match", "zzz", "--in", str(cities), "--score-cutoff", "50", code=1)[0] == "zzz\t\t0.00\n"
    out, err = run("match", "Paris", "--in", "-", stdin=b"\xff\nParis\n", code=1)
    assert out.startswith("Paris\tParis\t100.00\n") and "standard input is not UTF-8 at byte 0" in err


def test_text(tmp_path: Path) -> None:
    text = tmp_path / "text.md"
    text.write_text("All is well.\n\nI recieve `recieve`\nteh end\n")
    out, err = run("spell", "--text", str(text), code=1)
    assert out == f"{text}:3:3\trecieve\treceive, receiver, relieve\n{text}:4:1\tteh\tthe, tea, teeth\n" and err == ""
    out, _ = run("spell", "--text", str(text), "--json", "--limit", "1", code=1)
    assert json.loads(out.splitlines()[0]) == {
        "file": str(text),
        "word": "recieve",
        "offset": 16,
        "line": 3,
        "column": 3,
        "suggestions": [{"word": "receive", "score": pytest.approx(600 / 7)}],
    }
    assert run("spell", "--text", "-", "--limit", "0", stdin=b"teh end", code=1)[0] == "-:1:1\tteh\t\n"
    assert run("spell", "--text", "-", stdin=b"the end") == ("", "")


def test_text_with_words_known_besides(tmp_path: Path, own_words: Path) -> None:
    extra = tmp_path / "extra.txt"
    extra.write_text("frobnicator # a machine\n")
    text = b"The frobnicator and the Quuxometer"
    assert run("spell", "--text", "-", "--limit", "0", stdin=text, code=1)[0].count("\n") == 2
    assert run("spell", "--text", "-", "--extra", str(extra), "--limit", "0", stdin=text, code=1)[0] == "-:1:25\tQuuxometer\t\n"
    run("words", "add", "Quuxometer")
    assert run("spell", "--text", "-", "--extra", str(extra), stdin=text) == ("", "")
    assert run("spell", "--text", "-", "--no-personal", "--limit", "0", stdin=text, code=1)[0].count("\n") == 2


def test_one_bad_file_costs_the_others_nothing(tmp_path: Path) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes(b"caf\xe9 teh")
    fine = tmp_path / "fine.txt"
    fine.write_text("teh end")
    missing = tmp_path / "missing.txt"
    args = [part for file in (latin, missing, tmp_path, fine) for part in ("--text", str(file))]
    out, err = run("spell", *args, "--limit", "0", code=1)
    assert out == f"{fine}:1:1\tteh\t\n"
    lines = err.splitlines()
    assert lines[0].startswith(f"likewise: {latin}: byte 3 (0xe9) is not utf-8") and "encoding" in lines[0]
    assert lines[1] == f"likewise: {missing}: No such file or directory" and lines[2] == f"likewise: {tmp_path}: Is a directory"
    assert run("spell", "--text", str(latin), "--encoding", "latin-1", "--limit", "0", code=1)[0] == f"{latin}:1:6\tteh\t\n"


def test_own_words(own_words: Path) -> None:
    assert run("words", "list") == ("", "")
    assert run("words", "path")[0] == f"{own_words}\n"
    run("words", "add", "frobnicator", "Grün", "frobnicator")
    assert run("words", "list")[0] == "frobnicator\nGrün\n"
    assert "not among your words: nothing" in run("words", "remove", "frobnicator", "nothing", code=1)[1]
    assert run("words", "list")[0] == "Grün\n"
    assert "is not one word" in run("words", "add", "two words", code=2)[1]
    own_words.write_bytes(b"\xff")
    assert f"{own_words}: byte 0 is not UTF-8" in run("words", "list", code=1)[1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["spel", "x"], "Did you mean 'spell'?"),
        (["insepct", "x"], "Did you mean 'inspect'?"),
        (["words", "ad"], "Did you mean 'add'?"),
        (["spell", "--metirc", "osa", "x"], "--metric"),
        (["spell", "--metric", "levenstein", "x"], "Did you mean 'levenshtein'?"),
        (["spell", "--size", "hugh", "x"], "Did you mean 'huge'?"),
        (["spell", "x", "--text", "y"], "not both"),
        (["spell", "x", "--extra", __file__], "--words gives a list"),
        (["spell", "--text", "-", "--encoding", "klingon"], "no encoding 'klingon'"),
        (["spell", "--words", "/nowhere", "x"], "/nowhere"),
        (["match", "x"], "--in"),
        (["match", "x", "--in", "/nowhere"], "/nowhere"),
        (["match", "x", "--in", "-", "--limit", "0"], "--limit"),
        (["zzzzz"], "No such command 'zzzzz'"),
    ],
)
def test_wrong_calls(args: list[str], said: str) -> None:
    result = invoked(*args)
    assert result.exit_code == 2 and result.stdout == "" and result.stderr.lstrip().startswith("Usage: likewise")
    assert said in " ".join(result.stderr.replace("│", " ").split())


def invoked(*args: str) -> Result:
    """A call within this process, which spares the time to start one."""
    return CliRunner().invoke(app, args, prog_name="likewise", env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})


def test_failures_name_the_input(tmp_path: Path) -> None:
    assert (
        run("inspect", str(tmp_path / "missing.wasm"), code=1)[1]
        == f"likewise: {tmp_path / 'missing.wasm'}: No such file or directory\n"
    )
    broken = tmp_path / "broken.wasm"
    broken.write_bytes(b"\0asm nothing")
    assert "likewise: " in run("inspect", str(broken), code=1)[1]
    assert "likewise: " in run("bind", str(broken), "-o", str(tmp_path / "out"), code=1)[1]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["spell"], b"alumni"),  # written when the program ends
        (["match", "x", "--in", "-", "--limit", "3000"], b"".join(b"xa%d\n" % number for number in range(3000))),  # and before
    ],
)
def test_a_reader_that_leaves_is_no_error(args: list[str], words: bytes) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # before there is anybody to write
    with subprocess.Popen([*PROGRAM, *args], stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        assert process.communicate(words, timeout=300) == (None, b"")
        assert process.returncode == 1


def test_version_and_help() -> None:
    assert run("--version")[0] == f"likewise {likewise.__version__}\n"
    whole = invoked("--help").stdout
    assert invoked("-h").stdout == whole
    for command in ("spell", "words", "match", "fetch", "bind", "inspect", "new", "doctor"):
        assert command in whole
        if command != "words":
            text = invoked(command, "--help").stdout
            assert "Examples:" in text and "Exit status: 0" in text and f"$ likewise {command}" in text


def test_doctor() -> None:
    out, _ = run("doctor")
    rows = [line.split("\t") for line in out.splitlines()]
    assert {"python", "wasmtime", "pycurl", "component", "words", "engine", "network"} <= {name for _, name, _ in rows}
    assert all(state == "ok" and detail for state, _, detail in rows)
    assert all(json.loads(line)["ok"] is True for line in run("doctor", "--json")[0].splitlines())


def test_doctor_says_what_is_wrong() -> None:
    program = (
        "import likewise.words as w, pathlib; w.INDEX = w.WORDS = pathlib.Path('/nowhere'); from likewise.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program, "doctor"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1 and "missing\twords\tLikewiseError" in done.stdout and "ok\tnetwork" in done.stdout
