"""Clusters on one machine: Ray, Dask and Spark, each with two workers whose package lacks the component."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import likewise

HERE = Path(__file__).parent

# The helpers beside this file are modules of the tests; workers find them by PYTHONPATH.
sys.path.insert(0, str(HERE))


@pytest.fixture(scope="session", autouse=True)
def worker_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What workers import: the package without its component, which therefore has to come with the task."""
    place = tmp_path_factory.mktemp("worker")
    shutil.copytree(Path(likewise.__file__).parent, place / "likewise", ignore=shutil.ignore_patterns("*.wasm"))
    # Dask's workers take over the path of this process, which has imported what it needs.
    sys.path.insert(0, str(place))
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(place), str(HERE)])
    yield place
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="session")
def ray_cluster(worker_package: Path) -> Iterator[Any]:
    import ray
    import ray.data

    # Ray gives its workers the lowest priority, with which they get next to nothing on a machine that does other things too.
    os.environ.setdefault("RAY_worker_niceness", "0")
    # A processor more than there are workers, for the operators between them.
    ray.init(num_cpus=4, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray
    ray.shutdown()


@pytest.fixture(scope="session")
def dask_cluster(worker_package: Path) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        yield client


@pytest.fixture(scope="session")
def spark(worker_package: Path) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


class Hosts:
    """Six hosts on addresses of their own, which count how many requests each has at once."""

    ADDRESSES = tuple(f"127.0.0.{number}" for number in range(1, 7))

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()
        hosts = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = self.server.server_address[0]
                with hosts._lock:
                    hosts.asked[f"{host}{self.path}"] += 1
                    hosts._now[host] += 1
                    hosts.most[host] = max(hosts.most[host], hosts._now[host])
                # Long enough for a second worker's request to arrive meanwhile, if there were one.
                time.sleep(0.05)
                body = f"<title>{host}{self.path}</title>".encode()
                with hosts._lock:
                    hosts._now[host] -= 1
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.servers = [ThreadingHTTPServer((address, 0), Handler) for address in self.ADDRESSES]
        self.urls = [
            f"http://{server.server_address[0]}:{server.server_port}/{page}" for page in range(8) for server in self.servers
        ]


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosts]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    hosts = Hosts()
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in hosts.servers]
    for thread in threads:
        thread.start()
    yield hosts
    for server in hosts.servers:
        server.shutdown()
        server.server_close()
