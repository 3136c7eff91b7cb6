"""Content codings: round trips against foreign encoders, limits to the byte, damage."""

from __future__ import annotations

import gzip
import random
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likewise.fetch.codings import CodingError, TooLargeError, undo

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def _raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


# RFC 8878 section 3.1.2: a frame to be read past, of no content.
SKIPPABLE = b"\x50\x2a\x4d\x18\0\0\0\0"

ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("coding", ENCODERS)
@given(content=st.binary(max_size=5000))
def test_round_trip(coding: str, content: bytes) -> None:
    assert undo(ENCODERS[coding](content), coding, 5000) == content


@given(content=st.binary(max_size=5000))
def test_deflate_without_its_wrapping(content: bytes) -> None:
    assert undo(_raw_deflate(content), "deflate", 5000) == content


@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("size", [1, 1000, 70_000, 1_000_000])
def test_the_limit_holds_to_the_byte(coding: str, size: int) -> None:
    packed = ENCODERS[coding](b"a" * size)
    assert undo(packed, coding, size) == b"a" * size
    with pytest.raises(TooLargeError, match=f"more than {size - 1} bytes"):
        undo(packed, coding, size - 1)


@pytest.mark.parametrize("coding", ENCODERS)
def test_every_truncation_is_noticed(coding: str) -> None:
    packed = ENCODERS[coding](bytes(range(256)) * 3)
    for length in range(1, len(packed)):
        with pytest.raises(CodingError):
            undo(packed[:length], coding, 10_000)


def test_several_codings_come_off_in_turn() -> None:
    assert undo(gzip.compress(brotli.compress(b"hello")), "br, gzip", 1000) == b"hello"
    assert undo(b"hello", "identity, ", 1000) == b"hello"
    with pytest.raises(CodingError, match="4 content codings"):
        undo(b"x", "gzip, gzip, gzip, gzip", 1000)


def test_members_and_padding() -> None:
    assert undo(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0", "gzip", 100) == b"one two"
    assert undo(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd", 100) == b"one two"
    with pytest.raises(TooLargeError):
        undo(gzip.compress(b"a" * 60) * 2, "gzip", 100)


@pytest.mark.parametrize(
    ("coding", "one"),
    [("gzip", gzip.compress(b"")), ("zstd", zstd.compress(b"")), ("zstd", SKIPPABLE)],
    ids=["gzip", "zstd", "zstd, to be skipped"],
)
def test_members_without_content_do_not_cost_its_square(coding: str, one: bytes) -> None:
    assert undo(one * 16_000, coding, 100) == b""
    # Of the 16 MiB that a response may have, they once took many minutes.
    with pytest.raises(CodingError, match="more than 16,384 parts"):
        undo(one * ((16 << 20) // len(one)), coding, 100)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_large_members_after_small_ones(coding: str) -> None:
    contents = [b"a", bytes(200_000), b"", random.Random(8).randbytes(300_000), b"z"]
    packed = b"".join(ENCODERS[coding](content) for content in contents)
    assert undo(packed, coding, 500_002) == b"".join(contents)
    with pytest.raises(TooLargeError):
        undo(packed, coding, 500_001)
    with pytest.raises(CodingError):
        undo(packed[:-3], coding, 500_002)


def test_empty_content_has_no_coding() -> None:
    for coding in ENCODERS:
        assert undo(b"", coding, 100) == b""


def test_unknown_coding_is_named() -> None:
    with pytest.raises(CodingError, match="'compress'"):
        undo(b"x", "compress", 100)


def test_a_window_beyond_the_standard_is_refused() -> None:
    frame = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    wide = frame.compress(bytes(1 << 20)) + frame.flush()
    with pytest.raises(CodingError):
        undo(wide, "zstd", 1 << 21)
