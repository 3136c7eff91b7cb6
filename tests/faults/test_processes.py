"""Forks, spawned processes, signals, and the end of the interpreter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and signals are POSIX's")

#: A function for the processes of a pool: everything that the parent did as well, and what it did not.
WORK = """
import os, sys, signal, threading, time
import misdeeds, likewise
from likewise import component

def work(n):
    assert likewise.fuzz.ratio("ab", "ac") == 50.0
    assert likewise.spellcheck("mispeling").word == "misspelling"
    assert likewise.Dictionary(["init", f"move{n}"]).suggest("mve").choice == f"move{n}"
    fresh = component.load(misdeeds.binary(misdeeds.TEXT), imports={"ping": lambda n: n}, limits=component.Limits(time=0.2))
    try:
        fresh.spin()
    except component.TimeLimitExceeded:
        return n + fresh.calls()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(run: Any, tmp_path: Any, kept_compiled: str, method: str) -> None:
    (tmp_path / "program.py").write_text(
        WORK + "if __name__ == '__main__':\n"
        "    import multiprocessing\n"
        "    assert work(1) == 2\n"
        "    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:\n"
        "        print(pool.map(work, range(4)))\n"
        "    assert work(1) == 2\n"
    )
    source = "import runpy, sys; sys.path.insert(0, '.'); import program; sys.argv[0] = 'program.py'\n"
    done = run(source + "runpy.run_path('program.py', run_name='__main__')", method, LIKEWISE_CACHE=kept_compiled)
    assert done.stdout.startswith("["), done


def test_a_fork_compiles_what_is_new(run: Any) -> None:
    """wasmtime compiles with threads of its own, which do not come along."""
    done = run(
        WORK + "component.load(misdeeds.binary(misdeeds.starting('(nop)'))).answer()\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    signal.alarm(60)\n"
        "    print(component.load(misdeeds.binary(misdeeds.starting('(unreachable) (unreachable)')), limits=component.Limits(fuel=9)), flush=True)\n"
        "    os._exit(0)\n"
        "print(os.waitpid(pid, 0)[1])",
        LIKEWISE_CACHE="",
    )
    assert done.stdout.split("\n")[-2] == "0", done


def test_forks_from_a_pool_of_busy_threads(run: Any, kept_compiled: str) -> None:
    """Threads load, compile and call while others fork: no child waits for a thread that is not there."""
    done = run(
        WORK + "from concurrent.futures import ThreadPoolExecutor\n"
        "shared = likewise.Dictionary(f'word{n}' for n in range(2000))\n"
        "stop = time.monotonic() + 4\n"
        "def busy(n):\n"
        "    k = 0\n"
        "    while time.monotonic() < stop:\n"
        "        k += 1\n"
        "        component.load(misdeeds.binary(misdeeds.starting(f'(drop (i32.const {1000 * n + k}))'))).answer()\n"
        "        shared.search(f'wrd{k}', 50)\n"
        "def fork(n):\n"
        "    outcomes = []\n"
        "    while time.monotonic() < stop:\n"
        "        pid = os.fork()\n"
        "        if not pid:\n"
        "            signal.alarm(60)\n"
        "            try:\n"
        "                assert likewise.fuzz.ratio('ab', 'ac') == 50.0\n"
        "                new = component.load(misdeeds.binary(misdeeds.starting(f'(drop (i64.const {os.getpid()}))')))\n"
        "                assert new.answer() == 42\n"
        "                try: shared.suggest('wrd17')\n"
        "                except component.ResourceClosed as error: assert 'forked' in str(error)\n"
        "                os._exit(0)\n"
        "            except BaseException as error:\n"
        "                print(repr(error), file=sys.stderr, flush=True)\n"
        "            os._exit(1)\n"
        "        outcomes.append(os.waitpid(pid, 0)[1])\n"
        "    return outcomes\n"
        "likewise.fuzz.ratio('a', 'b')\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    jobs = [pool.submit(busy, n) for n in range(2)] + [pool.submit(fork, n) for n in range(2)]\n"
        "    outcomes = jobs[2].result() + jobs[3].result()\n"
        "    [job.result() for job in jobs[:2]]\n"
        "print(len(outcomes) > 2, set(outcomes))",
        LIKEWISE_CACHE=kept_compiled,
    )
    assert done.stdout == "True {0}\n", done


def test_a_fork_within_a_host_import(run: Any) -> None:
    done = run(
        WORK + "def ping(n):\n"
        "    pid = os.fork()\n"
        "    if not pid:\n"
        "        return 7\n"
        "    assert os.waitpid(pid, 0)[1] == 0\n"
        "    return 8\n"
        'text = \'\'\'(component (import "ping" (func $p (param "n" u32) (result u32))) (core func $p (canon lower (func $p)))\n'
        '  (core module $m (import "e" "p" (func $p (param i32) (result i32))) (func (export "f") (result i32) (call $p (i32.const 1))))\n'
        '  (core instance $i (instantiate $m (with "e" (instance (export "p" (func $p))))))\n'
        '  (func (export "go") (result u32) (canon lift (core func $i "f"))))\'\'\'\n'
        "c = component.load(misdeeds.binary(text), imports={'ping': ping})\n"
        "print(c.go(), c.go() if False else '', flush=True)",
    )
    assert sorted(done.stdout.split()) == ["7", "8"]


# -- the end of the interpreter ------------------------------------------------------------------------------------------


def test_the_end_while_threads_are_in_a_component(run: Any) -> None:
    start = time.monotonic()
    done = run(
        WORK + "c = component.load(misdeeds.binary(misdeeds.TEXT), imports={'ping': lambda n: n})\n"
        "timed = c.instantiate(limits=component.Limits(time=0.05))\n"
        "def often():\n"
        "    while True:\n"
        "        try: timed.spin()\n"
        "        except component.TimeLimitExceeded: pass\n"
        "for target in (c.spin, often, lambda: [c.calls() for _ in iter(int, 1)]):\n"
        "    threading.Thread(target=target, daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "print('end', flush=True)"
    )
    assert done.stdout == "end\n"
    assert time.monotonic() - start < 60


def test_use_at_the_very_end(run: Any, kept_compiled: str) -> None:
    done = run(
        "import atexit, likewise\n"
        "atexit.register(lambda: print(likewise.fuzz.ratio('ab', 'ac')))\n"
        "words = likewise.Dictionary(['init', 'move'])\n"
        "class Last:\n"
        "    def __del__(self):\n"
        "        print(words.suggest('mve').choice)\n"
        "last = Last()\n"
        "import sys; sys.modules['keeps it to the end'] = last\n",
        LIKEWISE_CACHE=kept_compiled,
    )
    assert done.stdout.splitlines()[0] == "50.0"
    assert "Fatal" not in done.stderr


@pytest.mark.parametrize("imported", ["likewise", "likewise.cli, rich.console"])
def test_the_end_says_nothing(run: Any, kept_compiled: str, lane: str, imported: str) -> None:
    """Whatever is still alive, and in whichever order modules go: nobody wants to read of finalizers."""
    done = run(
        f"import threading, {imported}, likewise\n"
        "words = likewise.Dictionary(['init', 'move'])\n"
        "kept = [words, likewise.Dictionary.english()]\n"
        "kept.append(kept)\n"
        "end = threading.Event()\n"
        "def elsewhere():\n"
        "    kept.append(likewise.Dictionary(['x']))\n"
        "    ready.set()\n"
        "    end.wait()\n"
        "ready = threading.Event()\n"
        "threading.Thread(target=elsewhere, daemon=True).start()\n"
        "ready.wait()\n"
        "print(likewise.spellcheck('almni').word, words.suggest('mve').choice)\n"
        "raise SystemExit\n",
        LIKEWISE_CACHE=kept_compiled,
        LIKEWISE_LANE=lane,
    )
    assert (done.stdout, done.stderr) == ("alumni move\n", "")


# -- signals -------------------------------------------------------------------------------------------------------------


@contextmanager
def started(source: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A program that has printed a line."""
    environment = {**os.environ, "PYTHONPATH": os.path.join(os.path.dirname(__file__), "..", "sandbox"), **env}
    command = [sys.executable, "-X", "faulthandler", "-c", source]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(0.3)
            yield process
        finally:
            process.kill()


SPIN = (
    WORK + "c = component.load(misdeeds.binary(misdeeds.TEXT), imports={'ping': lambda n: n}%s)\nprint(c.calls(), flush=True)\n"
)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signals_that_end_a_process_end_it_in_a_long_call(name: str) -> None:
    default = "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
    with started(SPIN.replace("%s", "").replace("print", default + "print") + "c.spin()") as process:
        process.send_signal(signal.Signals[name])
        assert process.wait(timeout=20) == -signal.Signals[name]
