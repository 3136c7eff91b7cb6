"""Look up what is locked in the databases of known vulnerabilities: PyPI's, RustSec's and npm's.

Each is asked whether it is there before its tool is, so that no network and no vulnerability are told apart. Exit status 1 where something
is known of a locked version, 2 where a database could not be asked: then nothing is known of what it would have been asked about.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

#: Seconds for a database to say that it is there.
PATIENCE = 20

ADVISORIES = "https://github.com/RustSec/advisory-db"
#: pip-audit asks for every package at such an address; mirrors with package files alone have none.
PYPI = "https://pypi.org/pypi/pip/json"


@dataclass
class Outcome:
    """What came of asking one database."""

    about: str
    asked: str
    #: Why it could not be asked, in a line; None where it was.
    unreachable: str | None = None
    #: The tool's report where something is known; empty where nothing is.
    report: str = ""


def _line(text: str) -> str:
    """The line of a tool's output that says why."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (telling or lines or ["no reason was given"])[0]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def python() -> Outcome:
    """requirements.txt, by pip-audit."""
    outcome = Outcome("Python packages", PYPI.replace("pip/json", "NAME/VERSION/json"))
    try:
        with urllib.request.urlopen(PYPI, timeout=PATIENCE) as answer:
            json.load(answer)
    except (OSError, ValueError) as error:
        outcome.unreachable = str(error)
        return outcome
    asking = "-m pip_audit --progress-spinner off --disable-pip --no-deps --strict --format json --requirement requirements.txt"
    return python_outcome(_run([sys.executable, *asking.split()]), outcome)


def python_outcome(done: subprocess.CompletedProcess[str], outcome: Outcome) -> Outcome:
    """What pip-audit's answer means: where it could not ask about one package, it answers about none."""
    try:
        audited = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        # Its errors come after its warnings.
        outcome.unreachable = _line("\n".join(reversed(done.stderr.splitlines())))
        return outcome
    known = [f"{one['name']} {one['version']}: {vulnerability['id']}" for one in audited for vulnerability in one["vulns"]]
    outcome.report = "\n".join(known)
    return outcome


def rust() -> Outcome:
    """Cargo.lock, by cargo-deny."""
    outcome = Outcome("crates", ADVISORIES)
    try:
        there = subprocess.run(
            ["git", "ls-remote", ADVISORIES, "HEAD"], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        outcome.unreachable = f"no answer within {PATIENCE} s"
        return outcome
    if there.returncode:
        outcome.unreachable = _line(there.stderr)
        return outcome
    done = _run([".venv/cargo/bin/cargo-deny", *"--log-level error check advisories".split()])
    outcome.report = done.stdout + done.stderr if done.returncode else ""
    return outcome


def npm() -> Outcome:
    """package-lock.json, by npm."""
    return npm_outcome(_run(["npm", "audit", "--json"]))


def npm_outcome(done: subprocess.CompletedProcess[str]) -> Outcome:
    """What npm's answer means: the registry's address is npm's business, so it asks, and says when it got none."""
    outcome = Outcome("npm packages", "the registry's /-/npm/v1/security/advisories/bulk")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = {}
    if "vulnerabilities" not in answer:
        outcome.unreachable = answer.get("message") or answer.get("error", {}).get("summary") or _line(done.stderr)
    elif done.returncode:
        outcome.report = done.stdout
    return outcome


def tell(outcomes: list[Outcome]) -> int:
    """Say what came of it; the exit status."""
    for one in outcomes:
        if one.unreachable is not None:
            print(f"{one.about}: not audited. {one.asked} cannot be asked from here: {one.unreachable}")
        elif one.report:
            print(f"{one.about}: something is known of a locked version, says {one.asked}\n{one.report}")
        else:
            print(f"{one.about}: nothing is known of any locked version, says {one.asked}")
    if any(one.report for one in outcomes):
        return 1
    if any(one.unreachable for one in outcomes):
        print(
            "Run it again where these addresses can be reached. Licences, sources and digests are checked without them: ./just check"
        )
        return 2
    return 0


def main(asks: tuple[Callable[[], Outcome], ...] = (python, rust, npm)) -> int:
    """Ask them all."""
    return tell([ask() for ask in asks])


if __name__ == "__main__":
    sys.exit(main())
