"""`likewise fetch` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from servers import Servers, answering, page, path_of

PROGRAM = [sys.executable, "-c", "import typer; from likewise.fetch.command import fetch; typer.run(fetch)"]


def run(*args: str, stdin: str | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *args], capture_output=True, text=True, timeout=60, check=False, env=env, input=stdin)


@pytest.fixture
def base(servers: Servers) -> str:
    asked: list[str] = []

    def answer(head: bytes) -> bytes:
        asked.append(path_of(head))
        if path_of(head) == "/image":
            return page(b"\x89PNG\xff", "Content-Type: image/png")
        return page(f"<title>é {path_of(head)}</title>".encode())

    return f"http://127.0.0.1:{servers.serve(answering(answer))}"


def test_lines_for_people(base: str) -> None:
    result = run(f"{base}/a", "nonsense", "--allow-private", "127.0.0.0/8")
    assert result.returncode == 1
    assert f"{base}/a  é /a" in result.stdout and "200 text/html" in result.stdout
    assert "invalid-url" in result.stdout and "1 of 2 failed" in result.stderr
    assert run(f"{base}/a", "--allow-private", "127.0.0.1").returncode == 0
    denied = run(f"{base}/a")
    assert denied.returncode == 1 and denied.stdout.startswith("denied")


def test_lines_for_programs(base: str, tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text(f"# mine\n{base}/1\n\n{base}/image\nnonsense\n")
    result = run("--from", str(listed), "--jsonl", "--allow-private", "127.0.0.0/8")
    records = {record["url"]: record for record in map(json.loads, result.stdout.splitlines())}
    assert len(records) == 3 and result.returncode == 1
    assert records[f"{base}/1"]["text"] == "<title>é /1</title>" and records[f"{base}/1"]["status_code"] == 200
    assert records[f"{base}/image"]["content_base64"] == "iVBOR/8="
    assert records["nonsense"]["error"]["kind"] == "invalid-url"
    piped = run("--from", "-", "--jsonl", "--allow-private", "127.0.0.0/8", stdin=f"{base}/2\n")
    assert json.loads(piped.stdout)["url"] == f"{base}/2" and piped.returncode == 0


@pytest.mark.parametrize("way", ["output", "append"])
def test_resuming(base: str, tmp_path: Path, way: str) -> None:
    urls = [f"{base}/{number}" for number in range(5)] + [f"{base}/0"]
    out = tmp_path / "out.jsonl"
    kept = [json.dumps({"url": urls[0], "mark": "old"}), json.dumps({"url": urls[3], "mark": "old"})]
    out.write_text("\n".join(kept) + '\n{"url": "' + urls[1] + '", "cut sho')
    args = [*urls, "--jsonl", "--allow-private", "127.0.0.0/8"]
    for _ in range(2):  # the second time there is nothing left to do
        if way == "output":
            assert run(*args, "-o", str(out)).returncode == 0
        else:
            with out.open("a") as stream:
                subprocess.run([*PROGRAM, *args], stdout=stream, check=True, timeout=60)
        records = [json.loads(line) for line in out.read_text().splitlines()]
        assert sorted(record["url"] for record in records) == sorted(urls)
        assert [record.get("mark") for record in records[:2]] == ["old", "old"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "nothing to fetch"),
        (["--from", "/nowhere.txt"], "/nowhere.txt"),
        (["http://a.test/", "--allow-private", "ten"], "'ten'"),
        (["http://a.test/", "--timeout", "0"], "timeout"),
        (["http://a.test/", "-H", "no colon"], "no colon"),
        (["http://a.test/", "--ca-bundle", "/nowhere.pem"], "/nowhere.pem"),
    ],
)
def test_usage(args: list[str], words: str) -> None:
    result = run(*args, env={**os.environ, "COLUMNS": "200"})
    assert result.returncode == 2 and words in result.stderr and result.stdout == ""


def test_interrupted_it_keeps_what_it_has(servers: Servers, base: str, tmp_path: Path) -> None:
    import asyncio
    import signal

    from servers import Reader, Writer

    async def hang(reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(3600)

    port = servers.serve(hang)
    out = tmp_path / "out.jsonl"
    args = [f"{base}/1", f"http://127.0.0.1:{port}/", "-o", str(out), "--allow-private", "127.0.0.0/8"]
    with subprocess.Popen([*PROGRAM, *args], stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 20
        while not (out.exists() and out.read_text().endswith("\n")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        process.communicate(timeout=10)
        assert time.monotonic() - started < 2 and process.returncode != 0
        assert json.loads(out.read_text())["url"] == f"{base}/1"
