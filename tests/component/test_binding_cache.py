"""The cache of compiled components: quick, and never trusted further than it may be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import wasmtime

from likewise import component
from likewise.component import ComponentFormatError, cache

SOURCE = """(component
  (core module $m (func (export "f") (result i32) (i32.const 42)))
  (core instance $i (instantiate $m))
  (alias core export $i "f" (core func $f))
  (func (export "answer") (result u32) (canon lift (core func $f))))"""

PROGRAM = """
import sys, wasmtime, wasmtime.component as wc
compiled = []
new = wc.Component.__init__
def noted(self, *args):
    compiled.append(1)
    new(self, *args)
wc.Component.__init__ = noted
from likewise import component
assert component.load(open(sys.argv[1], "rb").read()).answer() == 42
print(len(compiled))
"""


@pytest.fixture
def wasm(tmp_path: Path) -> Path:
    file = tmp_path / "answer.wasm"
    file.write_bytes(bytes(wasmtime.wat2wasm(SOURCE)))
    return file


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache" / "compiled"
    monkeypatch.setenv("LIKEWISE_CACHE", str(place))
    return place


def compilations(wasm: Path) -> int:
    """How often a new process compiles the component, which must answer rightly in any case."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(wasm)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def entry(place: Path) -> Path:
    (found,) = place.glob("*.cwasm")
    return found


def test_the_second_process_does_not_compile(place: Path, wasm: Path) -> None:
    assert compilations(wasm) == 1
    assert compilations(wasm) == 0
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(place).stat().st_mode) == 0o600
    assert [file.name for file in place.iterdir()] == [entry(place).name], "nothing half-written is left"


def test_a_damaged_entry_is_made_again(place: Path, wasm: Path) -> None:
    compilations(wasm)
    good = entry(place).read_bytes()
    for bad in (b"", good[:-1], good[:40] + bytes([good[40] ^ 1]) + good[41:], good + b"x", good[:100], b"x" * len(good)):
        entry(place).write_bytes(bad)
        assert compilations(wasm) == 1
        assert entry(place).read_bytes() == good
    assert compilations(wasm) == 0


def test_an_entry_under_another_name_is_not_used(place: Path, wasm: Path) -> None:
    """The digest covers the key: the code of one component cannot be passed off as another's."""
    compilations(wasm)
    name = entry(place).name.removesuffix(".cwasm")
    assert cache.load(name) is not None
    entry(place).rename(place / "other.cwasm")
    assert cache.load("other") is None


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_what_others_may_write_is_not_used(place: Path, wasm: Path) -> None:
    compilations(wasm)
    entry(place).chmod(0o620)
    assert compilations(wasm) == 1, "a file that a group may write"
    place.chmod(0o777)
    assert compilations(wasm) == 1, "a folder that anyone may write"
    place.chmod(0o700)
    assert compilations(wasm) == 0


@pytest.mark.skipif(os.name == "nt", reason="links are POSIX's")
def test_links_are_not_followed(place: Path, wasm: Path, tmp_path: Path) -> None:
    compilations(wasm)
    elsewhere = tmp_path / "elsewhere"
    entry(place).rename(elsewhere)
    key = elsewhere.name
    compilations(wasm)
    key = entry(place).name.removesuffix(".cwasm")
    entry(place).unlink()
    (place / f"{key}.cwasm").symlink_to(elsewhere)
    assert cache.load(key) is None


def test_a_cache_that_cannot_be_used_is_in_nobodys_way(wasm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for impossible in (str(file), str(file / "below"), "/proc/nothing", ""):
        monkeypatch.setenv("LIKEWISE_CACHE", impossible)
        assert compilations(wasm) == 1


def test_old_entries_make_room(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MAX_ENTRIES", 3)
    for i in range(5):
        cache.store(f"key{i}", b"body")
        os.utime(place / f"key{i}.cwasm", (i, i))
    cache.store("key9", b"body")
    assert cache.load("key9") == b"body"
    assert len(list(place.iterdir())) <= 3


def test_what_was_never_finished_is_removed_in_time(place: Path) -> None:
    """A process that is killed while it writes an entry cannot clean up."""
    cache.store("key", b"body")
    old, new = place / ".new-old", place / ".new-new"
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (1, 1))
    cache.store("another", b"body")
    assert not old.exists()
    assert new.exists(), "somebody may be writing it"


def test_a_file_that_changes_while_it_is_loaded(lane: str, place: Path, wasm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled must be what the digest is of, under which it is kept."""
    assert component.load(wasm).answer() == 42
    other = bytes(wasmtime.wat2wasm(SOURCE.replace("42", "43")))
    monkeypatch.setattr(Path, "read_bytes", lambda self: other)
    for _ in range(2):
        with pytest.raises(ComponentFormatError, match=r"answer\.wasm: the file was changed while it was loaded"):
            component.load(wasm, limits=component.Limits(fuel=1000))
    monkeypatch.undo()
    assert component.load(wasm, limits=component.Limits(fuel=1000)).answer() == 42
    data = bytearray(wasm.read_bytes())
    loaded = component.load(data)
    data[:] = other
    assert loaded.instantiate(limits=component.Limits(time=9)).answer() == 42
