"""The plain WASI-HTTP variant on wasmtime's own `wasi:http`, from Python and under the `wasmtime` command: the same guest gives the same answers.

The command is that of LIKEWISE_WASMTIME, or on the path; without one its tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hostile import CATALOGUE
from servers import Servers, answering, closed_port, page, path_of

from likewise.fetch import Fetcher, Policy, Site

COMPONENT = Path(__file__).parent.parent.parent / "dist" / "likewise-wasi.component.wasm"
OPEN = Policy(allow_private=True, timeout=3, retries=0)

# What both transports must tell alike. Left out: content codings and TLS to an authority of one's own, which wasi:http lacks, and
# what wasmtime's HTTP library is more or less lenient with than libcurl.
ALIKE = [
    case
    for case in CATALOGUE
    if case.name
    in (
        "refuse", "hang before headers", "hang within headers", "Content-Length missing",
        "NULs in the body", "redirect loop", "endless redirects", "unknown charset", "wrong charset",
        "mixed encodings", "UTF-16 without BOM", "200,000 nested tags", "endless body",
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def component() -> Path:
    path = Path(os.environ.get("LIKEWISE_WASI_COMPONENT", COMPONENT))
    assert path.exists(), f"{path} is missing: ./just build makes it"
    return path


def fetcher(component: Path, **fields: Any) -> Fetcher[Site]:
    return Fetcher(OPEN, transport="wasi", wasi_component=component, **fields)


def respond(head: bytes) -> bytes:
    path = path_of(head)
    if path == "/hop":
        return page(b"", "Location: /page/end", status="302 Found")
    if path == "/latin":
        return page("déjà".encode("windows-1252"), "Content-Type: text/plain; charset=windows-1252", "X-Two: 1", "X-Two: 2")
    if path == "/image":
        return page(bytes(range(256)), "Content-Type: image/png")
    if path == "/echo":
        return page((b"yes" if b"x-asked: 1" in head.lower() else b"no"), "Content-Type: text/plain")
    if path == "/missing":
        return page(b"no", status="404 Not Found")
    return page(f"<title>{path}</title><a href=/x>x</a>".encode(), "Server: test")


def facts(record: dict[str, Any]) -> dict[str, Any]:
    record.pop("elapsed", None)
    if record["error"]:
        del record["error"]["message"]  # each transport has its own words
    record["headers"] = sorted((name.lower(), value) for name, value in record["headers"])
    return record


def test_the_same_answers(servers: Servers, component: Path) -> None:
    base = f"http://127.0.0.1:{servers.serve(answering(respond))}"
    paths = ["/page/1", "/hop", "/latin", "/image", "/echo", "/missing", "/page/1"]
    urls = [base + path for path in paths] + ["nonsense", f"http://127.0.0.1:{closed_port()}/"]
    with fetcher(component) as wasi, Fetcher(OPEN) as curl:
        one = wasi.get_many(urls, headers={"X-Asked": "1"}, extract=True)
        other = curl.get_many(urls, headers={"X-Asked": "1"}, extract=True)
    assert [facts(site.to_dict()) for site in one] == [facts(site.to_dict()) for site in other]
    assert [site.page for site in one] == [site.page for site in other]
    assert [site.content for site in one] == [site.content for site in other]
    assert one[4].text == "yes" and one[1].history[0].status_code == 302


@pytest.fixture(scope="module")
def wasmtime() -> str:
    found = os.environ.get("LIKEWISE_WASMTIME") or shutil.which("wasmtime")
    if found is None:
        pytest.skip("there is no `wasmtime` command on the path, and LIKEWISE_WASMTIME names none")
    return found


def by_command(wasmtime: str, component: Path, urls: list[str]) -> dict[str, dict[str, Any]]:
    """What the component prints as a program, by URL."""
    command = [wasmtime, "run", "-S", "http", str(component), *urls]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == len(urls), done.stderr
    assert done.returncode == (0 if all(record["ok"] for record in records) else 1), done.stderr
    return {record["url"]: record for record in records}


def test_the_same_answers_under_the_command(servers: Servers, component: Path, wasmtime: str) -> None:
    base = f"http://127.0.0.1:{servers.serve(answering(respond))}"
    paths = ["/page/1", "/hop", "/latin", "/echo", "/missing", *(f"/page/{number}" for number in range(2, 150))]
    urls = [base + path for path in paths] + ["nonsense", f"http://127.0.0.1:{closed_port()}/"]
    found = by_command(wasmtime, component, urls)
    with Fetcher(OPEN) as curl:
        for site in curl.get_many(urls):
            assert facts(found[site.url]) == facts(site.to_dict())
    assert all(record["ok"] for record in by_command(wasmtime, component, urls[:3]).values())


def test_hostile_servers_under_the_command(servers: Servers, component: Path, wasmtime: str) -> None:
    # It takes no options, and waits for half a minute where a server hangs.
    cases = {case.start(servers, None): case for case in ALIKE if not case.name.startswith("hang")}
    for url, record in by_command(wasmtime, component, list(cases)).items():
        case = cases[url]
        if case.kinds:
            assert not record["ok"] and record["error"]["kind"] in case.kinds, (case.name, record["error"])
        else:
            assert record["ok"] and record["status_code"] == case.status, (case.name, record["error"])


@pytest.mark.parametrize("case", ALIKE, ids=lambda case: case.name)
def test_hostile_servers(servers: Servers, component: Path, case: Any) -> None:
    url = case.start(servers, None)
    with fetcher(component) as wasi:
        [site] = wasi.get_many([url], timeout=1.5, max_bytes=8 << 20)
    if case.kinds:
        assert site.error is not None and site.error.kind in case.kinds, (site, site.error)
    else:
        assert site.ok, site.error
        assert site.status_code == case.status and case.check(site.content)


def test_many_at_once(servers: Servers, component: Path) -> None:
    base = f"http://127.0.0.1:{servers.serve(answering(respond))}"
    with fetcher(component) as wasi:
        sites = wasi.get_many([f"{base}/page/{number}" for number in range(120)])
    assert [site.page.title for site in sites] == [f"/page/{number}" for number in range(120)]


@pytest.mark.parametrize(
    ("policy", "options", "words"),
    [
        (None, {}, "trusted networks"),
        (Policy(allow_private=["10.0.0.0/8"]), {}, "trusted networks"),
        (Policy(allow_private=True, deny_hosts=["a.test"]), {}, "deny_hosts"),
        (Policy(allow_private=True, respect_robots=True), {}, "respect_robots"),
        (OPEN, {"proxy": "http://127.0.0.1:1"}, "proxy"),
    ],
)
def test_what_it_cannot_hold_it_refuses(component: Path, policy: Policy | None, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Fetcher(policy, transport="wasi", wasi_component=component, **options)
    with pytest.raises(FileNotFoundError, match="just build"):
        Fetcher(OPEN, transport="wasi", wasi_component="/nowhere.wasm")
