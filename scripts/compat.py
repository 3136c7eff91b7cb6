"""Run the Python tests against the built wheel on every Python and wasmtime-py that the package is for.

Each gets a virtual environment of its own in .venv/compat/. What is not on this machine is named, not left out silently.

    scripts/compat.py [NAME...] [-- PYTEST_ARGUMENT...]

NAME is one of the targets: py3.10, py3.11, py3.12, py3.13; wasmtime48, wasmtime49 (earlier ones, on wasmtime-py's public API);
pulley (interpreted rather than compiled).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLACE = ROOT / ".venv" / "compat"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
#: The two majors before the one that the tests otherwise run with.
WASMTIMES = {"wasmtime48": "48.0.0", "wasmtime49": "49.0.0"}

#: Not of the host but of the build, of documentation, or with a recipe of their own.
ELSEWHERE = ("docs", "typing", "scale", "js")


@dataclass
class Target:
    """A set-up to run the tests in."""

    name: str
    python: str | None
    #: Packages that take the place of the pinned ones.
    instead: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """What the tests of a target came to."""

    target: str
    #: What they ran on, as it says itself.
    ran_on: str = "not on this machine"
    passed: bool = True
    #: pytest's counts: passed, failed, skipped and so on.
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0
    #: What failed, and why tests were skipped, in pytest's words.
    said: list[str] = field(default_factory=list)


#: Asked of a target's Python.
ASK = """
import platform, importlib.metadata as m, likewise.component as c
print(f"Python {platform.python_version()}, wasmtime {m.version('wasmtime')}, {c.lane()} lane")
"""


def find_python(version: str) -> str | None:
    """A Python of this version: on PATH, or one of pyenv's."""
    candidates = [found] if (found := shutil.which(f"python{version}")) else []
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates += [str(made / "bin" / "python") for made in sorted(pyenv.glob(f"versions/{version}.*"), reverse=True)]
    for candidate in candidates:
        asked = [candidate, "-c", "import sys, venv, ensurepip; print('.'.join(map(str, sys.version_info[:2])))"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return candidate
    return None


def targets() -> list[Target]:
    """All of them, those that cannot run here included."""
    made = [Target(f"py{version}", find_python(version)) for version in PYTHONS]
    made += [Target(name, sys.executable, [f"wasmtime=={version}"]) for name, version in WASMTIMES.items()]
    # Its answers are what is compared; the rest of the suite is about what is around the engine.
    return [*made, Target("pulley", sys.executable, [], {"LIKEWISE_ENGINE": "pulley"})]


def prepare(target: Target, wheel: Path) -> Path:
    """The target's environment, made where it is missing or old; its Python."""
    place = PLACE / ("py" if target.name == "pulley" else target.name)
    python = place / "bin" / "python"
    pins = (ROOT / "requirements.txt").read_text()
    wanted = hashlib.sha256((pins + str(target.instead)).encode() + wheel.read_bytes()).hexdigest()
    stamp = place / "wanted"
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    assert target.python is not None
    if not python.exists():
        # The real interpreter, not the one of the environment that this runs in.
        real = getattr(sys, "_base_executable", sys.executable) if target.python == sys.executable else target.python
        subprocess.run([real, "-m", "venv", str(place)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    replaced = tuple(package.partition("==")[0] for package in target.instead)
    lines = [line for line in pins.splitlines() if not line.startswith(replaced or ("\0",))]
    chosen = place / "requirements.txt"
    chosen.write_text("\n".join([*lines, *target.instead]) + "\n")
    subprocess.run([*pip, "-r", str(chosen)], check=True)
    subprocess.run([*pip, "--no-deps", "--force-reinstall", str(wheel)], check=True)
    stamp.write_text(wanted)
    return python


def run(target: Target, wheel: Path, arguments: list[str]) -> Outcome:
    """Run the tests; pytest's report is in the target's log."""
    python = prepare(target, wheel)
    ignored = [f"--ignore={ROOT / 'tests' / folder}" for folder in ELSEWHERE]
    # What a run compiles serves all processes of that run, and no other.
    cache = PLACE / f"{target.name}.cache"
    shutil.rmtree(cache, ignore_errors=True)
    environment = {
        **os.environ,
        "LIKEWISE_CACHE": str(cache),
        **target.environment,
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    }
    environment.pop("VIRTUAL_ENV", None)
    ran_on = subprocess.run([str(python), "-c", ASK], env=environment, capture_output=True, text=True, check=True).stdout.strip()
    if "LIKEWISE_ENGINE" in target.environment:
        ran_on += f", {target.environment['LIKEWISE_ENGINE']}"
    log = PLACE / f"{target.name}.log"
    print(f"{target.name}: {ran_on} ({log.relative_to(ROOT)})", flush=True)
    start = time.monotonic()
    with log.open("w") as file:
        # A line for each test: what a run came to can be read where it did not end.
        command = [str(python), "-m", "pytest", "--verbosity=1", *ignored, *arguments]
        code = subprocess.run(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT, check=False).returncode
    lines = log.read_text().splitlines()
    said = [line for line in lines if line.startswith(("FAILED ", "ERROR ", "SKIPPED "))]
    last = next((line for line in reversed(lines) if re.search(r"\d+ (passed|failed|error|skipped)", line)), "")
    counts = {
        what.removesuffix("s"): int(number)
        for number, what in re.findall(r"(\d+) (passed|failed|errors?|skipped|deselected)", last)
    }
    if not counts:
        said.append(f"ERROR pytest ended with {code} before its count")
    return Outcome(target.name, ran_on, code == 0, counts, time.monotonic() - start, said)


def show(outcomes: list[Outcome]) -> None:
    """What came of it: a line for each target, then what failed and why tests were skipped."""
    columns = ("passed", "failed", "error", "skipped")
    print(f"\n{'target':<12}{''.join(f'{name:>9}' for name in columns)}{'seconds':>9}  ran on")
    for one in outcomes:
        numbers = "".join(f"{one.counts.get(name, 0) if one.counts else '-':>9}" for name in columns)
        print(f"{one.target:<12}{numbers}{one.seconds:>9.0f}  {one.ran_on}")
    for one in outcomes:
        for line in one.said:
            print(f"{one.target:<12}{line}")


def main() -> None:
    """Run what was asked for, or all."""
    arguments = sys.argv[1:]
    passed_on: list[str] = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, passed_on = arguments[:at], arguments[at + 1 :]
    known = targets()
    unknown = set(arguments) - {target.name for target in known}
    if unknown:
        sys.exit(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(target.name for target in known)}")
    wheels = list((ROOT / "dist").glob("likewise-*.whl"))
    if len(wheels) != 1:
        sys.exit("dist/ should hold one wheel: ./just build")
    PLACE.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for target in known:
        if arguments and target.name not in arguments:
            continue
        if target.python is None:
            outcomes.append(Outcome(target.name))
            continue
        outcomes.append(run(target, wheels[0], passed_on))
        print(f"{target.name}: {'passed' if outcomes[-1].passed else 'FAILED'}", flush=True)
    show(outcomes)
    sys.exit(not all(one.passed for one in outcomes))


if __name__ == "__main__":
    main()
