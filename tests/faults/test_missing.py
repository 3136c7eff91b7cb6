"""What likewise is made of is missing, of another version, or forbidden: it says so and names the way out, or does without."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from likewise.component import _abi, lanes

WITHOUT = "import sys; sys.modules[sys.argv[1]] = None\n"


def test_wasmtime_missing(run: Any) -> None:
    done = run(
        WITHOUT + "import likewise\n"
        "for use in (lambda: likewise.spellcheck('mve'), lambda: likewise.component, lambda: likewise.Dictionary(['a'])):\n"
        "    try: use()\n"
        "    except ImportError as error: print(error)",
        "wasmtime",
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert all("cannot be imported here" in line and "pip install 'wasmtime>=" in line for line in lines), lines


def test_a_wasmtime_that_breaks_on_import(run: Any, tmp_path: Path) -> None:
    (tmp_path / "wasmtime.py").write_text("raise RuntimeError('unsupported platform for wasmtime: PDP-11')")
    done = run("import sys; sys.path.insert(0, '.')\nimport likewise.component", check=False)
    assert "ImportError: likewise runs WebAssembly by wasmtime" in done.stderr
    assert "PDP-11" in done.stderr


def test_another_version_of_wasmtime(run: Any, kept_compiled: str) -> None:
    pretend = (
        "import importlib.metadata as m; known = m.version\n"
        "m.version = lambda name: '99.0.0' if name == 'wasmtime' else known(name)\n"
        "import likewise\n"
        "print(likewise.component.lane(), likewise.fuzz.ratio('ab', 'ac'), likewise.Dictionary(['init', 'move']).suggest('mve').choice)"
    )
    assert run(pretend, LIKEWISE_LANE="", LIKEWISE_CACHE=kept_compiled).stdout == "public 50.0 move\n"
    done = run(pretend, check=False, LIKEWISE_LANE="direct")
    assert "RuntimeError: LIKEWISE_LANE=direct is not possible here: wasmtime 99.0.0 is not one of 50." in done.stderr


def test_another_layout_of_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build of a known version whose values are laid out otherwise is not called directly."""
    if _abi.available() is not None:
        pytest.skip(f"no direct lane here: {_abi.available()}")
    monkeypatch.setenv("LIKEWISE_LANE", "")
    monkeypatch.setattr(_abi, "VALUE", 40)
    _abi.available.cache_clear()
    try:
        assert lanes.lane() == "public"
        assert _abi.available() == "the memory layout of values is not the one expected"
    finally:
        monkeypatch.undo()
        _abi.available.cache_clear()


@pytest.mark.parametrize(("name", "value"), [("LIKEWISE_LANE", "fast"), ("LIKEWISE_ENGINE", "jit")])
def test_settings_that_mean_nothing(run: Any, name: str, value: str) -> None:
    done = run("import likewise; likewise.fuzz.ratio('a', 'b')", check=False, **{name: value})
    assert f"ValueError: {name}={value!r}: choose" in done.stderr


def test_pycurl_missing(run: Any, kept_compiled: str) -> None:
    done = run(
        WITHOUT + "import likewise\n"
        "print(likewise.fuzz.ratio('ab', 'ac'), likewise.suggest_word('mve', ['move']).word)\n"
        "for name in ('Site', 'Fetcher'):\n"
        "    try: getattr(likewise, name)\n"
        "    except ImportError as error: print(error)",
        "pycurl",
        LIKEWISE_CACHE=kept_compiled,
    )
    first, *others = done.stdout.splitlines()
    assert first == "50.0 move"
    assert len(others) == 2
    assert all("pip install 'pycurl>=" in line and "works without it" in line for line in others)


@pytest.mark.parametrize("missing", ["pycurl", "wasmtime"])
def test_the_command_line_says_what_is_missing(run: Any, kept_compiled: str, missing: str) -> None:
    command = WITHOUT + "sys.argv[1:] = sys.argv[2:]\nfrom likewise.cli import main\nmain()"

    def likewise(*args: str) -> Any:
        return run(command, missing, *args, check=False, LIKEWISE_CACHE=kept_compiled)

    done = likewise("fetch", "http://x/", "--jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"pip install '{missing}>=" in " ".join(done.stderr.split())
    done = likewise("spell", "mve")
    assert done.returncode == (0 if missing == "pycurl" else 1)
    assert "Traceback" not in done.stderr
    done = likewise("doctor")
    assert done.returncode == 1
    assert "missing" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["legacy", "isolated"])
def test_subinterpreters_are_refused(run: Any, kind: str) -> None:
    if kind == "isolated" and sys.version_info[:2] == (3, 12):
        pytest.skip("CPython 3.12 itself aborts at its end where an isolated interpreter and the main one have imported asyncio")
    if sys.version_info >= (3, 13):
        source = f"import _interpreters as i; here = i.create({kind!r}); execute = lambda code: print(i.exec(here, code))"
    else:
        source = (
            f"import _xxsubinterpreters as i; here = i.create(isolated={kind == 'isolated'})\n"
            "execute = lambda code: i.run_string(here, code)"
        )
    done = run(
        f"{source}\n"
        "code = '''\\ntry:\\n    import likewise; likewise.fuzz.ratio('a', 'b')\\n"
        "except ImportError as error: print(error, flush=True)'''\n"
        "execute(code)\n"
        "import likewise; print(likewise.fuzz.ratio('ab', 'ac'))",
        check=False,
    )
    # Where ctypes itself refuses, it is the message about ctypes.
    assert (
        "use threads or processes instead of subinterpreters" in done.stdout or "use Python's main interpreter" in done.stdout
    ), done
    assert done.stdout.endswith("50.0\n")


#: Forbids this process to make memory executable that was written to, as hardened systems do for all. Linux 6.3 and later.
DENY = "import ctypes; denied = ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0\n"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_no_memory_may_be_executable(run: Any) -> None:
    if run(DENY + "print(denied)").stdout != "True\n":
        pytest.skip("this kernel cannot forbid it (Linux 6.3 can)")
    use = "import likewise; from likewise.component import engine\nprint(likewise.fuzz.ratio('ab', 'ac'), engine.interpreted())"
    assert run(DENY + use).stdout == "50.0 True\n"
    done = run(DENY + use, check=False, LIKEWISE_ENGINE="native")
    assert "RuntimeError: LIKEWISE_ENGINE=native is not possible here" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_no_memory_may_be_executable_where_another_process_compiles(run: Any) -> None:
    if run(DENY + "print(denied)").stdout != "True\n":
        pytest.skip("this kernel cannot forbid it (Linux 6.3 can)")
    done = run(
        DENY + "import misdeeds\nfrom likewise import component\nfrom likewise.component import engine\n"
        "for text in (misdeeds.starting('(nop)'), misdeeds.starting('(nop) (nop)')):\n"
        "    print(component.load(misdeeds.binary(text), limits=component.Limits(compile_time=60)).answer(), engine.interpreted())",
        LIKEWISE_CACHE="",
    )
    assert done.stdout == "42 True\n42 True\n"
