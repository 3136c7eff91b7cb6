"""Content codings (RFC 9110 section 8.4) undone within a limit.

libcurl could do this, but its builds differ in what they know (zstd is often missing), take a truncated gzip for a whole
one and count only what comes out. Here each decoder is told how much it may produce before it produces it.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

# A server may list codings twice or more; honest ones apply one, and each more multiplies a bomb.
MAX_CODINGS = 3

# RFC 9659: a zstd content coding uses windows of at most 8 MiB.
_ZSTD_WINDOW_LOG = 23


class CodingError(ValueError):
    """Content that is not what its coding says."""


class TooLargeError(ValueError):
    """Content that decodes to more bytes than allowed."""


def _zlib(content: bytes, limit: int, wbits: int) -> bytes:
    parts: list[bytes] = []
    produced = 0
    while True:
        decoder = zlib.decompressobj(wbits)
        part = decoder.decompress(content, limit - produced + 1)
        parts.append(part)
        produced += len(part)
        if produced > limit:
            raise TooLargeError
        if not decoder.eof:
            raise CodingError("it ends before its end mark")
        # RFC 1952: a gzip file may have several members. What follows the last one and is none is padding.
        content = decoder.unused_data
        if wbits < 0 or not content.startswith(b"\x1f\x8b"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


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
    parts: list[bytes] = []
    produced = 0
    while content:
        decoder = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
        part = decoder.decompress(content, limit - produced + 1)
        parts.append(part)
        produced += len(part)
        if produced > limit:
            raise TooLargeError
        if not decoder.eof:
            raise CodingError("it ends before its end mark")
        content = decoder.unused_data
    return b"".join(parts)


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
