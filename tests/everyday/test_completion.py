"""Shell completion, in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Each shell completes a line that is given to it, the way it does when Tab is pressed.
BASH = r"""
complete_line() { COMP_LINE="$1"; read -ra COMP_WORDS <<< "$1"; [[ "$1" == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_POINT=${#1}
  _likewise_completion likewise "${COMP_WORDS[COMP_CWORD]}"; printf '%s\n' "${COMPREPLY[@]}"; }
eval "$(likewise --show-completion)"
complete_line "$1"
"""
FISH = r"""
likewise --show-completion | source
complete --do-complete $argv[1]
"""
# zsh completes only with a line editor: one in a terminal of its own, that prints what it would offer.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT="READY> "; autoload -U compinit; compinit -u; zstyle ":completion:*" list-colors ""; LISTMAX=10000; setopt no_list_beep'
zpty -w shell 'eval "$(likewise --show-completion)"; print COMPLETION; print LOADED'
zpty -r shell output '*LOADED*READY> '
zpty -w -n shell "$1"$'\t'
zpty -r -t shell output
for attempt in {1..300}; do
  zpty -r -t shell part && output+=$part
  [[ $output == *"$2"* ]] && break
  sleep 0.1
done
zpty -d shell
print -r -- "$output"
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A `likewise` on the path, and a home in which there is nothing."""
    program = tmp_path / "bin" / "likewise"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m likewise \"$@\"\n")
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "xterm"}


def offered(shell: str, script: str, line: str, environment: dict[str, str], *more: str) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    arguments = {
        "bash": ["bash", "--norc", "-c", script, "bash", line],
        "zsh": ["zsh", "-f", "-c", script, "zsh", line, *more],
        "fish": ["fish", "--no-config", "-c", script, line],
    }
    done = subprocess.run(arguments[shell], capture_output=True, text=True, timeout=300, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("shell", "script"), [("bash", BASH), ("fish", FISH)])
def test_bash_and_fish(shell: str, script: str, environment: dict[str, str]) -> None:
    def names(line: str) -> list[str]:
        return [offer.split("\t")[0] for offer in offered(shell, script, line, environment).splitlines()]

    assert names("likewise s") == ["spell"]
    assert set(names("likewise spell --me")) == {"--metric"}
    assert set(names("likewise spell --metric jaro")) == {"jaro", "jaro-winkler"}
    assert names("likewise words re") == ["remove"]


def test_zsh(environment: dict[str, str]) -> None:
    assert "likewise doctor" in offered("zsh", ZSH, "likewise doc", environment, "likewise doctor")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_installing(shell: str, environment: dict[str, str], tmp_path: Path) -> None:
    # The shell that asks is the one that gets it. A last command keeps it from making way for the program.
    out = offered(shell, "likewise --install-completion; true", "", environment)
    assert f"{shell} completion installed in {tmp_path}" in out.replace("\n", " ")
    assert "likewise" in "".join(file.read_text() for file in tmp_path.rglob("*") if file.is_file() and file.name != "likewise")
