"""The component that is in the wheel, under a host that grants it nothing: it computes, and it reaches nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from likewise import _engine, component
from likewise.component import ImportMissing, Limits

OPTIONS = {
    "concurrency": 4,
    "timeout_ms": 1000,
    "max_redirects": 3,
    "max_bytes": 1000,
    "headers": [],
    "extract": False,
}


def test_without_a_transport_nothing_is_fetched(lane: str) -> None:
    from likewise.fetch.guest import SessionOptions

    bare = component.load(_engine.COMPONENT, limits=Limits(time=60, memory=256 << 20))
    assert len(bare.imports) == 1
    for _ in range(2):
        with pytest.raises(ImportMissing, match="which was not granted"):
            session = bare.scraper.Session(["http://192.0.2.1/"], SessionOptions(**OPTIONS))
            session.next()
        assert bare.similarity.similarity("indel", "mve", "move") == pytest.approx(1 - 1 / 7)
        assert bare.page.extract("<title>t</title>", "http://x/").title == "t"
        with bare.dictionary.Dictionary.from_text("init\nmove\n", "\n", None) as words:
            assert words.suggest("mve", "indel", None).choice == "move"


#: Everything twice: what is imported and read at first is the host's business. From then on nothing may happen that reaches out, as
#: Python's own audit events tell.
AUDITED = """
import sys, likewise
from likewise.fetch import guest

def everything():
    assert likewise.spellcheck("mispeling").word == "misspelling"
    assert likewise.fuzz.WRatio("some words", "other words") > 0
    assert likewise.process.cdist(["a", "b"], ["a", "b"]).shape == (2, 2)
    assert likewise.process.extractOne("mve", ["init", "move"])[0] == "move"
    assert guest.extract("<title>t</title><a href=x>y</a>" * 100, "http://x/").title == "t"
    assert likewise.Dictionary(["init", "move"]).suggest("mve").choice == "move"

everything()
seen = set()
sys.addaudithook(lambda event, arguments: seen.add(event))
everything()
reaching = ("open", "socket", "subprocess", "os.", "shutil", "tempfile", "mmap", "import", "urllib", "ctypes.dlopen", "pty", "signal")
print(len(seen), sorted(event for event in seen if event.startswith(reaching)))
"""


def test_computing_opens_no_file_no_socket_and_no_process() -> None:
    done = subprocess.run([sys.executable, "-c", AUDITED], capture_output=True, text=True, check=True)
    assert done.stdout.endswith(" []\n"), done.stdout
