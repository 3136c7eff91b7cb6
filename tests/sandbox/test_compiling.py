"""Components that keep the compiler busy end in a typed error within its limits, whatever becomes of the process that compiles."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from multiprocessing import spawn
from pathlib import Path

import misdeeds
import numpy as np
import pytest

from likewise import component
from likewise.component import ComponentFormatError, Limits, MemoryLimitExceeded, TimeLimitExceeded, engine
from likewise.component import plan as plans

#: More than compiling an honest component of these tests takes, on a machine that is busy.
AMPLE = Limits(compile_time=120, compile_memory=1 << 30)

#: A minute of compiling and more, and hundreds of megabytes.
BOMB = misdeeds.binary(misdeeds.nested_loops(300, 3000))


def small(number: int) -> bytes:
    """A component that nobody has compiled yet."""
    return misdeeds.binary(misdeeds.starting(f"(drop (i32.const {number}))"))


@pytest.fixture
def python() -> Iterator[None]:
    """Which Python compiles may be chosen in the test."""
    before = spawn.get_executable()
    yield
    spawn.set_executable(before)


def use(path: Path, script: str) -> None:
    """Have this script compile."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    spawn.set_executable(str(path))


def ends(pid: int) -> bool:
    """Whether a process ends within a time that is short for the compiler; it does not go on afterwards in either case."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return True
        except ChildProcessError:  # it was another process's, or was waited for
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    return False


def test_honest_components_compile_within_limits() -> None:
    assert component.load(small(1), limits=AMPLE).answer() == 42
    limited = component.load(misdeeds.binary(misdeeds.TEXT), imports={"ping": abs}, limits=Limits(time=0.1, compile_time=120))
    with pytest.raises(TimeLimitExceeded, match="the call took longer"):
        limited.spin()
    assert limited.calls() == 1
    again = limited.instantiate(limits=Limits(fuel=10**6, compile_time=120))
    with pytest.raises(component.FuelExhausted):
        again.spin()


def test_a_component_that_takes_the_compiler_minutes() -> None:
    start = time.monotonic()
    for _ in range(2):
        with pytest.raises(TimeLimitExceeded, match=r"compiling the component takes longer than its limit of 0\.5 s"):
            component.load(BOMB, limits=Limits(compile_time=0.5))
    assert time.monotonic() - start < 30


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a process uses")
def test_a_component_that_takes_the_compiler_much_memory() -> None:
    with pytest.raises(MemoryLimitExceeded, match="compiling the component takes more memory than its limit of 67108864 bytes"):
        component.load(BOMB, limits=Limits(compile_memory=64 << 20))


def test_other_threads_load_meanwhile(tmp_path: Path, python: None) -> None:
    """The compiler waits until the other thread is done: the two would wait for each other if only one could load."""
    use(tmp_path / "waiting", f'while [ ! -e "{tmp_path}/done" ]; do sleep 0.05; done; exec "{sys.executable}" "$@"')
    outcomes: list[object] = []

    def load() -> None:
        outcomes.append(component.load(small(2), limits=AMPLE).answer())

    thread = threading.Thread(target=load)
    thread.start()
    assert component.load(small(3)).answer() == 42
    assert outcomes == []
    (tmp_path / "done").touch()
    thread.join()
    assert outcomes == [42]


def test_what_was_compiled_once_needs_no_compiler(tmp_path: Path, python: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKEWISE_CACHE", str(tmp_path / "cache"))
    source = "import sys; from likewise import component\nloaded = component.load(sys.argv[1], limits=component.Limits(compile_time=60))\n"
    file = tmp_path / "small.wasm"
    file.write_bytes(small(4))
    for prepare in ("", "from multiprocessing import spawn; spawn.set_executable('nothing')\n"):
        done = subprocess.run(
            [sys.executable, "-c", prepare + source + "print(loaded.answer())", str(file)], capture_output=True, text=True
        )
        assert done.stdout == "42\n", done.stderr


def test_what_wasmtime_refuses_is_refused_in_its_words() -> None:
    bad = b"\0asm\x0d\x00\x01\x00" + b"\x01\x0e\0asm\x01\0\0\0\x01\x04\x01\x60\x00\x7b"
    for limits in (Limits(), AMPLE):
        with pytest.raises(ComponentFormatError, match="wasmtime refuses this component"):
            component.load(bad, limits=limits)
        with pytest.raises(ComponentFormatError, match="make one of it with wasm-tools"):
            component.load(b"\0asm\x01\0\0\0", limits=limits)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo the compiler panicked >&2; exit 134", "status 134 and 'the compiler panicked'"),
        ("kill -9 $$", "status -9 and 'no word'"),
        ("cat > /dev/null; echo rubbish", "status 0 and 'no word'"),
        ("exec true", "status 0 and 'no word'"),
        (r"cat > /dev/null; printf '\ncompiled\nand ended in the middle'", "status 0 and 'no word'"),
    ],
)
def test_a_compiler_that_fails(tmp_path: Path, python: None, script: str, words: str) -> None:
    use(tmp_path / "failing", script)
    with pytest.raises(ComponentFormatError, match=f"was not compiled: .*failing, which should have done it, ended with {words}"):
        component.load(small(5), limits=AMPLE)
    assert component.load(small(6)).answer() == 42


def test_code_for_another_engine(tmp_path: Path, python: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIKEWISE_ENGINE", raising=False)
    use(tmp_path / "other", f'LIKEWISE_ENGINE=pulley exec "{sys.executable}" "$@"')
    with pytest.raises(RuntimeError, match="other compiled is not for this process"):
        component.load(small(10), limits=AMPLE)
    assert component.load(small(10)).answer() == 42


def test_numbers_of_other_kinds() -> None:
    for seconds in (Fraction(60), np.float32(60)):
        assert component.load(small(int(seconds) + 50), limits=Limits(compile_time=seconds)).answer() == 42


def test_a_path_with_more_than_texts_on_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [tmp_path, "/n\xf6where/\udcff", *sys.path])
    assert component.load(small(11), limits=AMPLE).answer() == 42


def test_a_python_that_talks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says besides is in no message."""
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    assert component.load(small(12), limits=AMPLE).answer() == 42
    bad = b"\0asm\x0d\x00\x01\x00" + b"\x01\x0e\0asm\x01\0\0\0\x01\x04\x01\x60\x00\x7c"
    with pytest.raises(ComponentFormatError, match=r"\Awasmtime refuses this component") as refused:
        component.load(bad, limits=AMPLE)
    assert len(str(refused.value)) < 500


def test_an_isolated_python_is_not_the_environments_in_the_other_process(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"open({str(tmp_path / 'came')!r}, 'w')")
    (tmp_path / "small.wasm").write_bytes(small(13))
    program = (
        "import sys; from likewise import component as c; print(c.load(sys.argv[1], limits=c.Limits(compile_time=60)).answer())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(tmp_path / "small.wasm")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.stdout == "42\n", done.stderr
    assert not (tmp_path / "came").exists()


def test_limits_hold_where_others_load_at_that_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A component that is known is not forgotten on the way, to be compiled without limits."""
    loaded = component.load(small(14), limits=AMPLE)
    assert loaded.answer() == 42
    # The next line leaves it to what is kept of late.
    del loaded

    class Late:
        """Others come first, and as many as are kept."""

        def __enter__(self) -> None:
            plans._plans.clear()
            gc.collect()

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(plans, "_plans_lock", Late())
    monkeypatch.delattr(engine, "translate")
    assert component.load(small(14), limits=AMPLE).answer() == 42


def test_no_python_to_compile_with(tmp_path: Path, python: None, monkeypatch: pytest.MonkeyPatch) -> None:
    spawn.set_executable(str(tmp_path / "missing"))
    with pytest.raises(RuntimeError, match=r"missing cannot be started .* leave compile_time and compile_memory out"):
        component.load(small(7), limits=AMPLE)
    spawn.set_executable(sys.executable)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(RuntimeError, match="this program has none of its own"):
        component.load(small(7), limits=AMPLE)
    assert component.load(small(7)).answer() == 42


def test_modules_of_the_working_directory_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("json", "threading", "likewise", "wasmtime"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('imported from the working directory')")
    monkeypatch.chdir(tmp_path)
    assert component.load(small(8), limits=AMPLE).answer() == 42


@pytest.mark.skipif(sys.platform == "win32", reason="signals to oneself are POSIX's")
def test_ctrl_c_ends_the_compiler(tmp_path: Path, python: None) -> None:
    use(tmp_path / "endless", f'cat > /dev/null; echo $$ > "{tmp_path}/pid"; kill -INT {os.getpid()}; exec sleep 1000')
    with pytest.raises(KeyboardInterrupt):
        component.load(small(9), limits=AMPLE)
    assert ends(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups")
def test_ctrl_c_is_for_the_program_alone(tmp_path: Path, python: None) -> None:
    """A terminal sends it to all of the program's group: a program that goes on after it does not lose what it loads."""
    group = f'"{sys.executable}" -c "import os; print(os.getpgrp())" > "{tmp_path}/group"'
    use(tmp_path / "noting", f'{group}; exec "{sys.executable}" "$@"')
    assert component.load(small(15), limits=AMPLE).answer() == 42
    assert int((tmp_path / "group").read_text()) != os.getpgrp()


@pytest.mark.skipif(sys.platform == "win32", reason="asks for signals of POSIX")
def test_a_compiler_whose_program_died_ends(tmp_path: Path) -> None:
    """It would go on for minutes, and nobody would have its answer."""
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys, threading, time\n"
        "from multiprocessing import spawn\n"
        "from likewise import component\n"
        "spawn.set_executable(sys.argv[1])\n"
        "data = open(sys.argv[2], 'rb').read()\n"
        "load = lambda: component.load(data, limits=component.Limits(compile_memory=1 << 40))\n"
        "threading.Thread(target=load, daemon=True).start()\n"
        "while not os.path.exists('pid'): time.sleep(0.05)\n"
        "time.sleep(2)\n"
        "os._exit(0)\n"
    )
    noting = tmp_path / "noting"
    noting.write_text(f'#!/bin/sh\necho $$ > pid; exec "{sys.executable}" "$@"\n')
    noting.chmod(0o755)
    (tmp_path / "bomb.wasm").write_bytes(BOMB)
    subprocess.run([sys.executable, str(program), str(noting), "bomb.wasm"], cwd=tmp_path, check=True)
    assert ends(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(sys.platform == "win32", reason="SIGCHLD is POSIX's")
def test_a_program_that_ignores_its_children(tmp_path: Path) -> None:
    """The system then tells it nothing of how they ended."""
    (tmp_path / "small.wasm").write_bytes(small(20))
    (tmp_path / "bomb.wasm").write_bytes(BOMB)
    program = (
        "import signal\nfrom likewise import component\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "limits = [component.Limits(compile_time=60), component.Limits(compile_time=0.5), component.Limits(compile_memory=64 << 20)]\n"
        "print(component.load('small.wasm', limits=limits[0]).answer())\n"
        "for limit in limits[1:]:\n"
        "    try: component.load('bomb.wasm', limits=limit)\n"
        "    except component.Trap as error: print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == ["42", "TimeLimitExceeded", "MemoryLimitExceeded"], done.stderr
