"""Run RapidFuzz's own test suite against likewise, under RapidFuzz's names.

The suite comes with RapidFuzz's source distribution, which is fetched once and kept in .venv/rapidfuzz. No code of
RapidFuzz is imported: this file is also a pytest plugin that puts likewise's modules where the tests look for
RapidFuzz's. RapidFuzz has every function twice, in C++ (`*_cpp`) and in Python (`*_py`), and its tests compare the two;
here both names mean likewise.

    python scripts/rapidfuzz_suite.py [arguments for pytest]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import types
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".venv" / "rapidfuzz"
VERSION = "3.14.6"
SHA256 = "e13a8160d017b499ec7a2fa9d0ce1ae2e7377080815785819f966fb235d4eb60"

#: At least so many of a hundred tests must pass.
ENOUGH = 99

#: Tests of what likewise does not have, by name: they are taken out of the count, and printed.
NOT_APPLICABLE = {
    "tests/test_cpp_fallback.py": "imports the C++ half of RapidFuzz",
    "tests/test_pure_python_fallback.py": "imports the Python half of RapidFuzz",
}

METRICS = {
    "DamerauLevenshtein": "damerau_levenshtein",
    "Hamming": "hamming",
    "Indel": "indel",
    "Jaro": "jaro",
    "JaroWinkler": "jaro_winkler",
    "LCSseq": "lcs_seq",
    "Levenshtein": "levenshtein",
    "OSA": "osa",
    "Postfix": "postfix",
    "Prefix": "prefix",
}

# A build backend that only says whose distribution this is. pip asks for metadata before it hands over a source
# distribution, and the real backend compiles for minutes to tell.
BACKEND = f"""
from pathlib import Path

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    name = "rapidfuzz-{VERSION}.dist-info"
    Path(directory, name).mkdir()
    Path(directory, name, "METADATA").write_text("Metadata-Version: 2.1\\nName: rapidfuzz\\nVersion: {VERSION}\\n")
    return name
"""


def fetch() -> Path:
    """The unpacked source distribution."""
    source = CACHE / f"rapidfuzz-{VERSION}"
    if source.exists():
        return source
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        backend = Path(temporary, "backend", "scikit_build_core")
        backend.mkdir(parents=True)
        (backend / "build.py").write_text(BACKEND)
        wanted = Path(temporary, "wanted.txt")
        wanted.write_text(f"rapidfuzz=={VERSION} --hash=sha256:{SHA256}\n")
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary=rapidfuzz",
            "--no-build-isolation",
            "--ignore-requires-python",
        ]
        environment = {**os.environ, "PYTHONPATH": str(backend.parent)}
        subprocess.run([*pip, "--require-hashes", "-r", str(wanted), "-d", temporary], check=True, env=environment)
        with tarfile.open(Path(temporary, f"rapidfuzz-{VERSION}.tar.gz")) as archive:
            archive.extractall(temporary, filter="data")
        shutil.move(Path(temporary, source.name), source)
    return source


# -- the plugin --------------------------------------------------------------------------------------------------------


def pretend() -> None:
    """Put likewise's modules where RapidFuzz's are expected."""
    from likewise import distance, fuzz, process, utils

    def module(name: str, **members: Any) -> types.ModuleType:
        made = types.ModuleType(name)
        made.__dict__.update(members)
        sys.modules[name] = made
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, made)
        return made

    def public(of: Any) -> dict[str, Any]:
        return {name: getattr(of, name) for name in of.__all__}

    module("rapidfuzz", __version__=VERSION, __path__=[])
    for name, own in [("fuzz", fuzz), ("process", process), ("utils", utils)]:
        for suffix in ["", "_py", "_cpp"]:
            module(f"rapidfuzz.{name}{suffix}", **public(own))
    # What is asked for are instruction sets that RapidFuzz was compiled for; likewise has one build.
    module("rapidfuzz._feature_detector", AVX2=2, SSE2=1, supports=lambda features: False)
    classes = ["Editop", "Editops", "MatchingBlock", "Opcode", "Opcodes", "ScoreAlignment"]
    module("rapidfuzz.distance", __path__=[], **{name: getattr(distance, name) for name in classes})
    for suffix in ["_py", "_cpp"]:
        module(f"rapidfuzz.distance._initialize{suffix}", **{name: getattr(distance, name) for name in classes})
    functions = {}
    for name, prefix in METRICS.items():
        own = getattr(distance, name)
        for suffix in ["", "_py"]:
            module(f"rapidfuzz.distance.{name}{suffix}", **public(own))
        functions.update({f"{prefix}_{function}": value for function, value in public(own).items()})
        for measure in ["distance", "similarity", "normalized_distance", "normalized_similarity"]:
            mark(getattr(own, measure), measure, whole=not name.startswith("Jaro"))
    for suffix in ["_py", "_cpp"]:
        module(f"rapidfuzz.distance.metrics{suffix}", **functions)
    for name in fuzz.__all__:
        if name != "partial_ratio_alignment":
            mark(getattr(fuzz, name), "ratio", whole=False)


def mark(scorer: Any, measure: str, *, whole: bool) -> None:
    """Give a scorer the attributes by which the tests tell distances from similarities. likewise does not read them."""
    largest = 2**63 - 1 if whole and not measure.startswith("normalized_") else 100 if measure == "ratio" else 1
    best, worst = (0, largest) if measure.endswith("distance") else (largest, 0)
    flags = {"optimal_score": best, "worst_score": worst, "flags": 0}
    scorer._RF_ScorerPy = {"get_scorer_flags": lambda **_: flags}
    scorer._RF_Scorer = scorer._RF_OriginalScorer = scorer


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported from the suite."""
    pretend()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not apply."""
    items[:] = [item for item in items if item.nodeid.split("::")[0] not in NOT_APPLICABLE]


class Count:
    """How many tests passed."""

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.failed: set[str] = set()
        self.skipped: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test's end; one that is skipped or fails before its call counts as such."""
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.skipped:
            self.skipped.add(report.nodeid)
        elif report.when == "call":
            self.passed.add(report.nodeid)


def main(arguments: list[str]) -> int:
    """Run the suite, print the counts, and fail when too little passes."""
    source = fetch()
    os.chdir(source)
    sys.path.insert(0, str(source))
    count = Count()
    plugins = [sys.modules[__name__], count]
    status = pytest.main(["-q", "--no-header", "--import-mode=importlib", "-p", "no:cacheprovider", "tests", *arguments], plugins)
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return int(status)
    total = len(count.passed) + len(count.failed)
    share = 100 * len(count.passed) / max(total, 1)
    print(f"\nRapidFuzz {VERSION}'s suite: {len(count.passed)} of {total} pass ({share:.1f} %), {len(count.skipped)} skipped")
    for name, reason in NOT_APPLICABLE.items():
        print(f"not applicable: {name} ({reason})")
    for name in sorted(count.failed):
        print(f"failed: {name}")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
