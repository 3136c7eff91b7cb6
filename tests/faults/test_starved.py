"""Disks that are full or may not be written to, and address space that is rationed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import likewise

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of processes are POSIX's")

COMPILE = """
import sys, misdeeds
from likewise import component
print(component.load(misdeeds.binary(misdeeds.starting("(nop)"))).answer())
"""
#: No file may grow beyond these bytes: what a full disk says, without one.
SMALL_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"


def test_no_room_for_the_cache(run: Any, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    assert run(SMALL_FILES + COMPILE, LIKEWISE_CACHE=str(place)).stdout == "42\n"
    assert list(place.iterdir()) == [], "nothing half-written is left"
    assert run(COMPILE, LIKEWISE_CACHE=str(place)).stdout == "42\n"
    assert len(list(place.iterdir())) == 1


def test_no_room_for_a_dictionary(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "words.index"
    likewise.Dictionary(["before"]).save(path)
    done = run(
        "import sys, likewise\nwords = likewise.Dictionary(f'word{n}' for n in range(10_000))\n"
        + SMALL_FILES
        + "try: words.save(sys.argv[1])\n"
        "except OSError as error: print(type(error).__name__)\n"
        "print(words.suggest('wrd17').choice)",
        path,
    )
    assert done.stdout.split()[0] == "OSError"
    assert list(likewise.Dictionary.load(path)) == ["before"]
    assert [file.name for file in tmp_path.iterdir()] == ["words.index"]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A file system without room."""
    place = tmp_path / "full"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", place], check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        (place / "filler").write_bytes(bytes(56 << 10))
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_disk_that_is_full(run: Any, full: Path) -> None:
    assert run(COMPILE, LIKEWISE_CACHE=str(full / "cache")).stdout == "42\n"
    assert list((full / "cache").iterdir()) == []
    with likewise.Dictionary(f"word{n}" for n in range(10_000)) as words, pytest.raises(OSError, match="No space left"):
        words.save(full / "words.index")
    assert sorted(file.name for file in full.iterdir()) == ["cache", "filler"]


def test_a_disk_that_may_only_be_read(run: Any, full: Path) -> None:
    (full / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,ro", full], check=True)
    assert run(COMPILE, LIKEWISE_CACHE=str(full / "cache")).stdout == "42\n"


#: A number of megabytes in all, or so many more than there are.
RATIONED = """
import resource, sys
limit = int(sys.argv[1]) << 20
if sys.argv[2:]:
    limit += int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
"""


def test_little_address_space(run: Any) -> None:
    """wasmtime would like six gigabytes of addresses for each memory: under `ulimit -v` it does without."""
    done = run(
        RATIONED + "import likewise\n"
        "print(likewise.fuzz.ratio('ab', 'ac'), likewise.Dictionary(['init', 'move']).suggest('mve').choice)",
        1000,
    )
    assert done.stdout == "50.0 move\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_address_space_for_another_instance(run: Any) -> None:
    """It is refused by a typed error, and those that there are go on."""
    done = run(
        "import likewise; from likewise import _engine; likewise.fuzz.ratio('a', 'b')\n" + RATIONED + "held = []\n"
        "try:\n"
        "    while len(held) < 1000:\n"
        "        held.append(_engine.component().instantiate())\n"
        "        held[-1].similarity.similarity('indel', 'a', 'b')\n"
        "except (likewise.Trap, MemoryError) as error: print(error)\n"
        "print(likewise.fuzz.ratio('ab', 'ac'), held[0].similarity.similarity('indel', 'a', 'a'))\n"
        "held.clear()\n"
        "import gc; gc.collect()\n"
        "print(_engine.component().instantiate().similarity.similarity('indel', 'a', 'a'))",
        30_000,
        "more",
    )
    first, second, third = done.stdout.splitlines()
    assert first.startswith("the system has not enough for another instance of the component")
    assert (second, third) == ("50.0 1.0", "1.0")
