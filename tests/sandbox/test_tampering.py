"""Files that someone else had in hand: compiled code is not run unless it is this user's own, and data is checked before it is used."""

from __future__ import annotations

import lzma
import os
import random
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import misdeeds
import pytest

import likewise
from likewise import component, words
from likewise.component import cache
from likewise.component.bind import bind
from likewise.component.inspect import inspect
from likewise.errors import LikewiseError

posix = pytest.mark.skipif(os.name == "nt", reason="permissions and links are POSIX's")
KEY = "key"
BODY = b"compiled code" * 100


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with one entry."""
    place = tmp_path / "above" / "cache"
    monkeypatch.setenv("LIKEWISE_CACHE", str(place))
    cache.store(KEY, BODY)
    assert cache.load(KEY) == BODY
    return place


@posix
def test_all_of_it_is_this_users_alone(place: Path) -> None:
    for made in (place, place.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE((place / f"{KEY}.cwasm").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write(place: Path, mode: int) -> None:
    (place / f"{KEY}.cwasm").chmod(mode)
    assert cache.load(KEY) is None


@posix
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
def test_a_directory_that_others_may_write(place: Path, mode: int) -> None:
    place.chmod(mode)
    assert cache.load(KEY) is None
    cache.store("other", BODY)
    assert not (place / "other.cwasm").exists()


@posix
def test_a_directory_that_others_may_replace(place: Path) -> None:
    place.parent.chmod(0o777)
    assert cache.load(KEY) is None
    place.parent.chmod(0o1777)
    assert cache.load(KEY) == BODY, "in a directory like /tmp nobody can rename what is another's"


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("whose", ["file", "directory", "above"])
def test_what_belongs_to_another_user(place: Path, whose: str) -> None:
    os.chown({"file": place / f"{KEY}.cwasm", "directory": place, "above": place.parent}[whose], 65534, 65534)
    assert cache.load(KEY) is None


@posix
def test_links_in_place_of_the_file_or_the_directory(place: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    (place / f"{KEY}.cwasm").rename(moved)
    (place / f"{KEY}.cwasm").symlink_to(moved)
    assert cache.load(KEY) is None
    (place / f"{KEY}.cwasm").unlink()
    moved.rename(place / f"{KEY}.cwasm")
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    assert cache.load(KEY) is None
    cache.store("other", BODY)
    assert not (place / "other.cwasm").exists()


@posix
def test_what_is_no_file(place: Path) -> None:
    entry = place / f"{KEY}.cwasm"
    entry.unlink()
    os.mkfifo(entry, 0o600)
    assert cache.load(KEY) is None, "a pipe would be waited for"
    entry.unlink()
    entry.mkdir()
    assert cache.load(KEY) is None


def test_any_changed_byte(place: Path) -> None:
    entry = place / f"{KEY}.cwasm"
    sound = entry.read_bytes()
    draw = random.Random(8)
    for position in [*range(40), *range(len(sound) - 40, len(sound)), *draw.sample(range(len(sound)), 200)]:
        changed = bytearray(sound)
        changed[position] ^= 1 << draw.randrange(8)
        entry.write_bytes(bytes(changed))
        assert cache.load(KEY) is None, position
    for length in (*range(80), len(sound) - 1):
        entry.write_bytes(sound[:length])
        assert cache.load(KEY) is None, length


def test_another_components_entry(place: Path) -> None:
    """The digest covers the key: one component's code cannot be passed off as another's, or as another version's."""
    shutil.copy(place / f"{KEY}.cwasm", place / "other.cwasm")
    assert cache.load("other") is None


def test_an_entry_that_wasmtime_refuses(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, ours, and not compiled code of this wasmtime at all: the component is compiled."""
    wasm = place.parent / "fresh.wasm"
    wasm.write_bytes(misdeeds.binary(misdeeds.starting("(nop)")))
    program = (
        "import sys; from likewise.component import cache, load\n"
        "store = cache.store\n"
        "cache.store = lambda key, body: store(key, b'not ' + body if sys.argv[2] == 'spoil' else body)\n"
        "print(load(sys.argv[1]).answer())"
    )
    for way in ("spoil", "use", "use"):
        done = subprocess.run([sys.executable, "-c", program, wasm, way], capture_output=True, text=True, check=True)
        assert done.stdout == "42\n"


# -- data of the package -------------------------------------------------------------------------------------------------


def damaged(data: bytes, count: int) -> list[bytes]:
    """The bytes with a bit changed here and there, and cut short."""
    draw = random.Random(count)
    made = [b"", data[:10], data[: len(data) // 2], data + b"more", bytes(len(data))]
    for _ in range(count):
        changed = bytearray(data)
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
        made.append(bytes(changed))
    return made


def test_a_saved_dictionary_is_sound_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.index"
    likewise.Dictionary(["init", "move", "delete", "ingest"] * 5).save(path)
    sound = path.read_bytes()
    for data in damaged(sound, 60):
        path.write_bytes(data)
        with pytest.raises(likewise.DictionaryError, match=r"words\.index"):
            likewise.Dictionary.load(path)
    path.write_bytes(sound)
    assert likewise.Dictionary.load(path).suggest("mve") is not None


def test_the_packages_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = words.WORDS.read_bytes()
    spoiled = tmp_path / "english.words.xz"
    monkeypatch.setattr(words, "WORDS", spoiled)
    monkeypatch.setattr(words, "INDEX", tmp_path / "no index")
    for data in [*damaged(sound, 3), lzma.compress(b"nothing of the kind"), lzma.compress(b"head\n10 99999\n\nword\n")]:
        spoiled.write_bytes(data)
        with pytest.raises(LikewiseError, match="install likewise again"):
            likewise.Dictionary.english()
    spoiled.unlink()
    with pytest.raises(LikewiseError, match="install likewise again"):
        likewise.Dictionary.english()


def test_the_packages_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index only saves time: where it is damaged, the words are indexed anew."""
    spoiled = tmp_path / "english.index"
    spoiled.write_bytes(words.INDEX.read_bytes()[:-5])
    monkeypatch.setattr(words, "INDEX", spoiled)
    with likewise.Dictionary.english() as english:
        assert len(english) == 240_745


@pytest.mark.parametrize("data", [b"", b"\0asm", b"\0asm\1\0\0\0", b"not a component", b"\0asm\x0d\0\1\0" + b"\xff" * 100])
def test_what_is_no_component(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.wasm"
    path.write_bytes(data)
    for use in (component.load, inspect, lambda file: bind(file, tmp_path / "made")):
        with pytest.raises(component.ComponentFormatError, match=r"broken\.wasm: "):
            use(path)
    assert not (tmp_path / "made").exists()
    with pytest.raises(component.ComponentFormatError):
        component.load(data)


def test_a_component_with_any_changed_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused, or it is another component: nothing else may happen."""
    monkeypatch.setenv("LIKEWISE_CACHE", "")
    sound = misdeeds.binary(misdeeds.returning("(list string)", [0, 0]))
    draw = random.Random(4)
    refused = 0
    for _ in range(300):
        changed = bytearray(sound)
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
        try:
            component.load(bytes(changed), limits=component.Limits(fuel=10**6, memory=1 << 20)).give()
        except (component.ComponentFormatError, component.Trap, AttributeError):
            refused += 1
    assert refused > 100
