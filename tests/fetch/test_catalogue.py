"""The catalogue of hostile servers, one by one and all at once among 500 good pages."""

from __future__ import annotations

import gc
import resource
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from certificates import Certificates
from hostile import CATALOGUE, Case
from servers import Servers, answering, page, path_of

from likewise.fetch import Fetcher, Policy, Site

if TYPE_CHECKING:
    from typing_extensions import Self

MIB = 1 << 20
POLICY = Policy(allow_private=["127.0.0.0/8"], timeout=1.5, max_bytes=8 * MIB, max_decoded_bytes=16 * MIB)


def verify(case: Case, site: Site) -> None:
    if case.kinds:
        assert not site.ok, f"{case.name}: a page of status {site.status_code} came, not one of {case.kinds}"
        assert site.error is not None and site.error.kind in case.kinds, f"{case.name}: {site.error}"
        assert site.error.url == site.url and len(site.error.message) < 2000
        assert site.text == "" and site.content == b"" and site.status_code == 0
    else:
        assert site.ok, f"{case.name}: {site.error}"
        assert site.status_code == case.status, case.name
        assert case.check(site.content), f"{case.name}: {site.content[:100]!r}"


@pytest.mark.parametrize("case", CATALOGUE, ids=lambda case: case.name)
def test_alone(servers: Servers, certificates: Certificates, case: Case) -> None:
    url = case.start(servers, certificates)
    with Fetcher(POLICY, ca_bundle=certificates.ca) as fetcher:
        [site] = fetcher.get_many([url])
    verify(case, site)


class Watermark(threading.Thread):
    """The most memory resident while it runs, above what was there at first."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        gc.collect()
        self._first = resident()
        self._over = threading.Event()
        self.most = 0

    def run(self) -> None:
        while not self._over.wait(0.005):
            self.most = max(self.most, resident() - self._first)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def resident() -> int:
    """Bytes resident now; where the system does not tell, the most there ever were."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def test_all_at_once_among_500_good_pages(servers: Servers, certificates: Certificates) -> None:
    def content(number: str) -> bytes:
        return f"<title>page {number}</title>".encode() + number.encode() * 500

    port = servers.serve(answering(lambda head: page(content(path_of(head)[1:]))))
    wanted: list[tuple[Case | None, str]] = [(None, f"http://127.0.0.1:{port}/{number}") for number in range(500)]
    step = 500 // len(CATALOGUE)
    for position, case in enumerate(CATALOGUE):
        wanted.insert(position * (step + 1), (case, case.start(servers, certificates)))
    with Fetcher(POLICY, ca_bundle=certificates.ca) as fetcher, Watermark() as memory:
        sites = fetcher.get_many([url for _, url in wanted], timeout=5)
    assert len(sites) == len(wanted)
    for (hostile, url), site in zip(wanted, sites, strict=True):
        assert site.url == url
        if hostile is None:
            assert site.ok, site.error
            assert site.status_code == 200 and site.content == content(url.rpartition("/")[2])
        else:
            verify(hostile, site)
    # The endless and the huge are few; each may hold what the policy allows one response, on the wire or decoded. The servers,
    # with their own buffers, share the process and are allowed as much again.
    hungry = sum(1 for case in CATALOGUE if case.kinds == ("too-large",))
    bound = 2 * (hungry * POLICY.max_bytes + POLICY.max_decoded_bytes + 64 * MIB)
    assert memory.most < bound, f"{memory.most / MIB:.0f} MiB, more than {bound / MIB:.0f}"
