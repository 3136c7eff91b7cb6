"""Tasks in other processes: what travels, what is checked on arrival, and what is imported when."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import likewise
from likewise import _engine
from likewise.tables import Fetch, Link, Partition, Suggest

TABLE = pa.table({"t": ["almni", None, "mve", "http://example.com"]})
TASKS = [
    Suggest("t"),
    Suggest("t", likewise.Dictionary(["move", "alumni"], priority=[1, 0]), metric="osa"),
    Link("t", pa.table({"t": ["move", "alumni", "alumni"], "n": [1, 2, 3]}).slice(1), score_cutoff=60, how="left"),
    Partition("t", parts=9),
    Fetch("t", columns=["ok", "error_kind"], policy=likewise.Policy(deny_hosts=["example.com"])),
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
def test_a_task_does_the_same_elsewhere(task: Suggest) -> None:
    here = task(TABLE)
    assert pickle.loads(pickle.dumps(task))(TABLE).equals(here)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(task, [TABLE, TABLE.slice(1)])[0].equals(here)


def test_a_slice_travels_without_the_rest() -> None:
    words = pa.array([f"word {i}" for i in range(200_000)])
    whole, slice = (len(pickle.dumps(Link("t", pa.table({"t": part}), score_cutoff=90))) for part in (words, words[:10]))
    assert whole - slice > 5_000_000


ARRIVAL = """
import pickle, sys
from likewise import _engine
assert not _engine.COMPONENT.exists()
task = pickle.load(sys.stdin.buffer)
assert _engine._loaded is None, "the engine is made when the first batch comes"
import pyarrow as pa
print(task(pa.table({"t": ["mve"]})).to_pylist())
"""


def elsewhere(package: Path, task: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run a pickled task in a process whose package is another."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    return subprocess.run([sys.executable, "-c", ARRIVAL], input=task, capture_output=True, env=environment, check=False)


@pytest.fixture
def without_component(tmp_path: Path) -> Path:
    """A copy of the package that lacks its component."""
    shutil.copytree(Path(likewise.__file__).parent, tmp_path / "likewise", ignore=shutil.ignore_patterns("*.wasm", "english.*"))
    return tmp_path


def test_a_worker_needs_no_component_of_its_own(without_component: Path) -> None:
    done = elsewhere(without_component, pickle.dumps(Suggest("t", ["init", "move"], metric="indel")))
    assert done.returncode == 0, done.stderr.decode()
    assert "'suggestion': 'move'" in done.stdout.decode()


def test_a_damaged_component_is_refused(without_component: Path) -> None:
    data, digest = _engine.sent()
    task = Suggest("t", ["move"])
    task._sent = (data[:-1] + b"\0", digest)
    done = elsewhere(without_component, pickle.dumps(task))
    assert done.returncode != 0
    assert "ComponentFormatError: the component was damaged on its way here" in done.stderr.decode()
    assert digest in done.stderr.decode()


def test_another_version_of_the_package_is_refused(without_component: Path) -> None:
    source = without_component / "likewise" / "__init__.py"
    source.write_text(source.read_text().replace(f'__version__ = "{likewise.__version__}"', '__version__ = "0.0.9"'))
    done = elsewhere(without_component, pickle.dumps(Suggest("t", ["move"])))
    assert f"made with likewise {likewise.__version__} and this process has 0.0.9" in done.stderr.decode()


def test_a_process_has_one_component() -> None:
    _engine.component()
    other = b"\0asm and so on"
    with pytest.raises(likewise.LikewiseError, match="this process runs the component"):
        _engine.provide(other, hashlib.sha256(other).hexdigest())


def test_what_is_not_used_is_not_imported() -> None:
    frameworks = ["pyarrow", "pandas", "polars", "duckdb", "ray", "dask", "pyspark", "numpy"]
    code = f"import sys, likewise; print(*[name for name in {frameworks} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
    code = f"import sys, likewise.tables; print(*[name for name in {frameworks} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(found) <= {"pyarrow", "numpy"}
