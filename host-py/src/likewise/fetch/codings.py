"""Content codings (RFC 9110 section 8.4) undone within a limit.

libcurl could do this, but its builds differ in what they know (zstd is often missing), take a truncated gzip for a whole
one and count only what comes out. Here each decoder is told how much it may produce before it produces it.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

# A server may list codings twice or more; honest ones apply one, and each more multiplies a bomb.
MAX_CODINGS = 3

# RFC 9659: a zstd content coding uses windows of at most 8 MiB.
_ZSTD_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}

# Gzip members or zstd frames in one content. Files written in blocks have one for each 64 KiB; empty ones, of which a content within the
# limits could have millions, cost microseconds each.
MAX_MEMBERS = 16 * 1024

# Bytes given at first to the decoder of a member that is not the first. What it leaves over is copied: given all there is, small
# members would cost the square of the content.
_PIECE = 4096


class CodingError(ValueError):
    """Content that is not what its coding says."""


class TooLargeError(ValueError):
    """Content that decodes to more bytes than allowed."""


class _Decoder(Protocol):
    """A decoder of one gzip member or zstd frame."""

    @property
    def eof(self) -> bool:
        """Whether its end was reached."""

    @property
    def unused_data(self) -> bytes:
        """What was given beyond its end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Go on with more content."""


def _members(content: bytes, limit: int, make: Callable[[], _Decoder], goes_on: Callable[[bytes], bool]) -> bytes:
    """What follows one another in the content, decoded by a decoder each. `goes_on` is asked about the next two bytes."""
    parts: list[bytes] = []
    produced = 0
    rest = memoryview(content)
    size = len(content)  # nearly always there is one
    for _ in range(MAX_MEMBERS):
        decoder = make()
        while not decoder.eof:
            if not rest:
                raise CodingError("it ends before its end mark")
            piece = rest[:size]
            part = decoder.decompress(bytes(piece) if len(piece) < len(content) else content, limit - produced + 1)
            parts.append(part)
            produced += len(part)
            if produced > limit:
                raise TooLargeError
            rest = rest[len(piece) - len(decoder.unused_data) :]
            size *= 2
        if not goes_on(bytes(rest[:2])):
            return parts[0] if len(parts) == 1 else b"".join(parts)
        size = _PIECE
    raise CodingError(f"it has more than {MAX_MEMBERS:,} parts")


def _zlib(content: bytes, limit: int, wbits: int) -> bytes:
    # RFC 1952: a gzip file may have several members. What follows the last one and is none is padding.
    return _members(content, limit, lambda: zlib.decompressobj(wbits), lambda start: wbits > 0 and start == b"\x1f\x8b")


def _gzip(content: bytes, limit: int) -> bytes:
    return _zlib(content, limit, 31)


def _deflate(content: bytes, limit: int) -> bytes:
    # RFC 9110 means the zlib format; some servers send the bare stream. A zlib header is a multiple of 31.
    zlib_format = len(content) >= 2 and content[0] & 0x0F == 8 and int.from_bytes(content[:2], "big") % 31 == 0
    return _zlib(content, limit, 15 if zlib_format else -15)


def _brotli(content: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    # The limit is a floor for the buffer's last growth: see its documentation. Growth is by blocks of at most 16 MiB.
    result: bytes = decoder.process(content, output_buffer_limit=limit + 1)
    if len(result) > limit:
        raise TooLargeError
    if not decoder.is_finished():
        raise CodingError("it ends before its end mark")
    return result


def _zstd(content: bytes, limit: int) -> bytes:
    return _members(content, limit, lambda: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS), bool)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def undo(content: bytes, codings: str, limit: int) -> bytes:
    """Content with the codings of a `Content-Encoding` field removed.

    Raises CodingError where that cannot be done and TooLargeError where a step gives more than `limit` bytes.
    """
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name not in ("", "identity")]
    if len(names) > MAX_CODINGS:
        raise CodingError(f"{len(names)} content codings are listed, more than {MAX_CODINGS}")
    for name in reversed(names):
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise CodingError(f"the content coding {name!r} is not one of {ACCEPT_ENCODING}")
        if not content:  # the answer to HEAD, 204 and 304 names a coding and has no content
            return content
        try:
            content = decoder(content, limit)
        except CodingError as error:
            raise CodingError(f"the content is not whole {name}: {error}") from None
        except TooLargeError:
            raise TooLargeError(f"the {name} content decodes to more than {limit} bytes") from None
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise CodingError(f"the content is not {name}: {error}") from None
    return content
