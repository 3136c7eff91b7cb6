"""Programs run in a Python of their own, so that they may be forked, killed and starved."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# pytest's importlib mode leaves a test's own folder out; the hostile components are modules of another one.
sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a program's source with arguments. It must end within a minute, without a signal."""

    def run(source: str, *args: object, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "sandbox"), **env}
        done = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", source, *map(str, args)],
            capture_output=True,
            text=True,
            timeout=120,
            env=environment,
            cwd=tmp_path,
        )
        assert done.returncode >= 0, done.stderr
        if check:
            assert done.returncode == 0, done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def kept_compiled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cache with the package's component in it: what is tested here is not the compiler."""
    place = str(tmp_path_factory.mktemp("cache") / "compiled")
    source = "import likewise; likewise.fuzz.ratio('a', 'b')"
    for lane in ("direct", "public"):
        subprocess.run(
            [sys.executable, "-c", source], env={**os.environ, "LIKEWISE_CACHE": place, "LIKEWISE_LANE": lane}, check=False
        )
    return place
