"""`./just audit` tells a database that cannot be asked from one that knows of something."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import audit

FOUND = {"auditReportVersion": 2, "vulnerabilities": {"vite": {"severity": "high"}}}


def done(answer: Any, code: int) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(
        [], code, answer if isinstance(answer, str) else json.dumps(answer), "npm error audit failed"
    )


def test_what_npm_says() -> None:
    assert audit.npm_outcome(done({"vulnerabilities": {}}, 0)).unreachable is None
    assert "vite" in audit.npm_outcome(done(FOUND, 1)).report
    for answer in ({"message": "405 Method Not Allowed"}, {"error": {"summary": "405 Method Not Allowed"}}):
        assert audit.npm_outcome(done(answer, 1)).unreachable == "405 Method Not Allowed"
    assert audit.npm_outcome(done("", 1)).unreachable == "npm error audit failed"


def test_what_pip_audit_says() -> None:
    def outcome(answer: Any, code: int) -> audit.Outcome:
        return audit.python_outcome(done(answer, code), audit.Outcome("", ""))

    sound = {"name": "rich", "version": "1", "vulns": []}
    assert outcome({"dependencies": [sound]}, 0) == audit.Outcome("", "")
    found = {"name": "ruff", "version": "2", "vulns": [{"id": "PYSEC-1"}]}
    assert outcome({"dependencies": [sound, found]}, 1).report == "ruff 2: PYSEC-1"
    assert outcome("", 1).unreachable == "npm error audit failed"


def test_no_network_is_named_and_is_no_finding(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise urllib.error.URLError("Name or service not known")

    ran: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(
            command, 128, "", "Cloning\nfatal: unable to access: Could not resolve host: github.com\n"
        )

    monkeypatch.setattr(audit.urllib.request, "urlopen", refuse)
    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit.main() == 2
    said = capsys.readouterr().out
    assert (
        "Python packages: not audited. https://pypi.org/pypi/NAME/VERSION/json cannot be asked from here: <urlopen error Name"
        in said
    )
    assert f"crates: not audited. {audit.ADVISORIES} cannot be asked from here: fatal: unable to access" in said
    assert "npm packages: not audited." in said
    assert [command[:2] for command in ran] == [["git", "ls-remote"], ["npm", "audit"]], "no tool is asked in vain"


def test_findings_come_before_what_could_not_be_asked() -> None:
    outcomes = [audit.Outcome("a", "x", unreachable="gone"), audit.Outcome("b", "y", report="known")]
    assert audit.tell(outcomes) == 1
    assert audit.tell(outcomes[:1]) == 2
    assert audit.tell([audit.Outcome("c", "z")]) == 0
