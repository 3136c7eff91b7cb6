"""The catalogue of hostile servers: how each misbehaves, and the kind of failure (or the page) that must come of it."""

from __future__ import annotations

import asyncio
import gzip
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli
from certificates import Certificates
from servers import Reader, Serve, Servers, Writer, closed_port, page, path_of, read_head, reset

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@dataclass(frozen=True)
class Case:
    """A hostile server.

    Attributes:
        name: what it does.
        serve: how; None for a port where nobody listens.
        kinds: the kinds of failure that are right; empty for a page.
        status: the page's status, where it is one.
        check: what the page's content must satisfy, given as bytes.
        tls: the kind of certificate, where it speaks TLS.
        scheme: of the URL asked; None for the one that fits.
    """

    name: str
    serve: Serve | None
    kinds: tuple[str, ...] = ()
    status: int = 200
    check: Callable[[bytes], bool] = field(default=lambda content: True)
    tls: str | None = None
    scheme: str | None = None

    def start(self, servers: Servers, certificates: Certificates) -> str:
        """Start the server; the URL to ask for."""
        context = certificates.context(self.tls) if self.tls else None
        port = closed_port() if self.serve is None else servers.serve(self.serve, context)
        scheme = self.scheme or ("https" if self.tls else "http")
        return f"{scheme}://127.0.0.1:{port}/"


def _say(*parts: bytes | float, then: str = "close") -> Serve:
    """A server that reads a head, writes the parts (a number sleeps), then closes, resets or hangs."""

    async def serve(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        for part in parts:
            if isinstance(part, float):
                await asyncio.sleep(part)
            else:
                writer.write(part)
                await writer.drain()
        if then == "reset":
            await asyncio.sleep(0.02)
            reset(writer)
        elif then == "hang":
            await asyncio.sleep(3600)

    return serve


def _for_ever(head: bytes, chunk: bytes, pause: float = 0.0) -> Serve:
    async def serve(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(head)
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(pause)

    return serve


async def _silent(reader: Reader, writer: Writer) -> None:
    await asyncio.sleep(3600)


async def _reset_at_once(reader: Reader, writer: Writer) -> None:
    reset(writer)


async def _plain_answer(reader: Reader, writer: Writer) -> None:
    await reader.read(1)
    writer.write(page())
    await writer.drain()


def _redirect(target: str) -> Serve:
    async def serve(reader: Reader, writer: Writer) -> None:
        while True:
            await read_head(reader)
            writer.write(page(b"", f"Location: {target}", status="302 Found"))

    return serve


async def _endless_redirects(reader: Reader, writer: Writer) -> None:
    while True:
        number = int(path_of(await read_head(reader)).strip("/") or 0)
        writer.write(page(b"", f"Location: /{number + 1}", status="302 Found"))


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ZEROS = b"\0" * (1 << 20)


def _gzip_bomb() -> bytes:
    """200 MB of zeros as 200 KB, made piece by piece."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(ZEROS) for _ in range(200)) + packer.flush()


def _brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=5)
    return b"".join(bytes(packer.process(ZEROS)) for _ in range(200)) + bytes(packer.finish())


def _zstd_bomb() -> bytes:
    packer = zstd.ZstdCompressor()
    return b"".join([*(packer.compress(ZEROS) for _ in range(200)), packer.flush()])


def _coded(coding: str, content: bytes) -> Serve:
    return _say(page(content, f"Content-Encoding: {coding}"))


def _sized(length: int, content: bytes, then: str = "close") -> Serve:
    return _say(OK + f"Content-Length: {length}\r\n\r\n".encode() + content, then=then)


_MARKED = b"<title>all of it</title>" + b"x" * 5000

CATALOGUE: tuple[Case, ...] = (
    # Connections
    Case("refuse", None, ("connect",)),
    Case("reset at once", _reset_at_once, ("connect",)),
    Case("close without a word", _say(), ("connect",)),
    Case("reset mid-header", _say(b"HTTP/1.1 200 OK\r\nContent-Ty", then="reset"), ("connect",)),
    Case("reset mid-body", _sized(10_000, b"x" * 100, then="reset"), ("connect",)),
    Case("close mid-header", _say(b"HTTP/1.1 200 OK\r\nContent-Ty"), ("connect",)),
    # Time
    Case("hang before headers", _silent, ("timeout",)),
    Case("hang within headers", _say(b"HTTP/1.1 200 OK\r\nContent-", then="hang"), ("timeout",)),
    Case("hang within body", _sized(10_000, b"x" * 100, then="hang"), ("timeout",)),
    Case("one byte a second", _for_ever(OK + b"\r\n", b"x", pause=1.0), ("timeout",)),
    Case("one header byte at a time", _for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause=0.3), ("timeout",)),
    # Sizes
    Case("endless body", _for_ever(OK + b"\r\n", b"x" * 65536), ("too-large",)),
    Case("endless chunks", _for_ever(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), ("too-large",)),
    Case("endless headers", _for_ever(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 1000 + b"\r\n"), ("too-large",)),
    Case("10 MB header", _say(b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 10_000_000 + b"\r\n\r\n"), ("too-large",)),
    Case("huge Content-Length", _sized(10**12, b"x" * 100, then="hang"), ("too-large",)),
    Case("a 50 MB attribute", _say(page(b"<a href='" + b"x" * 50_000_000 + b"'>a</a>")), ("too-large",)),
    # Framing
    Case("Content-Length too large", _sized(10_000, b"x" * 100), ("connect",)),
    Case("Content-Length too small", _sized(4, b"good and more"), check=lambda content: content == b"good"),
    Case("Content-Length missing", _say(OK + b"\r\n" + _MARKED), check=lambda content: content == _MARKED),
    Case("Content-Length not a number", _say(OK + b"Content-Length: many\r\n\r\nx"), ("protocol",)),
    Case("Content-Length negative", _say(OK + b"Content-Length: -5\r\n\r\nx"), ("protocol",)),
    Case("chunk size not hexadecimal", _say(CHUNKED + b"zz\r\nxx\r\n0\r\n\r\n"), ("protocol",)),
    Case("chunk size beyond 64 bits", _say(CHUNKED + b"fffffffffffffffffff\r\nx"), ("protocol", "too-large")),
    Case("chunks cut short", _say(CHUNKED + b"100\r\nxx"), ("connect",)),
    Case(
        "trailer with a status line",
        _say(CHUNKED + b"2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n"),
        check=lambda content: content == b"ok",
    ),
    Case(
        "204 with body", _say(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"), status=204, check=lambda c: c == b""
    ),
    Case(
        "304 with body",
        _say(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello"),
        status=304,
        check=lambda c: c == b"",
    ),
    Case("HTTP/0.9", _say(b"<title>no head</title>"), ("protocol",)),
    Case("not HTTP", _say(b"SSH-2.0-OpenSSH_9.6\r\n"), ("protocol",)),
    Case("HTTP/9.9", _say(b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\nok"), ("protocol",)),
    Case("status not a number", _say(b"HTTP/1.1 OK fine\r\n\r\n"), ("protocol",)),
    Case("NUL in a header", _say(OK + b"X: a\0b\r\nContent-Length: 2\r\n\r\nok"), ("protocol",)),
    Case("NULs in the body", _say(page(b"a\0b\0\0c")), check=lambda content: content == b"a\0b\0\0c"),
    Case(
        "some 1xx",
        _say(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 5 + page(b"ok")),
        check=lambda content: content == b"ok",
    ),
    Case("100 flood", _for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), ("too-large", "timeout", "protocol")),
    Case(
        "103 flood",
        _for_ever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 500),
        ("too-large", "timeout", "protocol"),
    ),
    Case("101 unasked", _say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", then="hang"), ("timeout", "protocol")),
    # Codings
    Case("gzip bomb", _coded("gzip", _gzip_bomb()), ("too-large",)),
    Case("br bomb", _coded("br", _brotli_bomb()), ("too-large",)),
    Case("zstd bomb", _coded("zstd", _zstd_bomb()), ("too-large",)),
    Case("gzip in gzip bomb", _coded("gzip, gzip", gzip.compress(_gzip_bomb())), ("too-large",)),
    Case("codings without end", _coded(", ".join(["gzip"] * 50), b"x"), ("decode",)),
    Case("truncated gzip", _coded("gzip", gzip.compress(_MARKED)[:-9]), ("decode",)),
    Case("gzip without its check sum", _coded("gzip", gzip.compress(_MARKED)[:-4]), ("decode",)),
    Case("gzip with a wrong check sum", _coded("gzip", gzip.compress(_MARKED)[:-8] + b"12345678"), ("decode",)),
    Case("truncated br", _coded("br", brotli.compress(_MARKED)[:-3]), ("decode",)),
    Case("truncated zstd", _coded("zstd", zstd.compress(_MARKED)[:-3]), ("decode",)),
    Case("gzip that is none", _coded("gzip", b"not gzip at all"), ("decode",)),
    Case("unknown coding", _coded("rot13", b"uryyb"), ("decode",)),
    # Redirects
    Case("redirect loop", _redirect("/"), ("too-many-redirects",)),
    Case("endless redirects", _endless_redirects, ("too-many-redirects",)),
    Case("redirect to file:", _redirect("file:///etc/passwd"), ("denied",)),
    Case("redirect to another scheme", _redirect("gopher://127.0.0.1:70/_x"), ("denied",)),
    Case("redirect to metadata", _redirect("http://169.254.169.254/latest/meta-data/"), ("denied",)),
    Case("redirect to private", _redirect("http://10.1.2.3/"), ("denied",)),
    Case("redirect to octal loopback", _redirect("http://0300.0250.1/"), ("denied",)),
    Case("redirect to mapped metadata", _redirect("http://[::ffff:a9fe:a9fe]/"), ("denied",)),
    Case("redirect with CR LF", _redirect("/a%0d%0aX: y"), ("too-many-redirects",)),
    # Text
    Case(
        "unknown charset", _say(page("é".encode(), "Content-Type: text/html; charset=klingon")), check=lambda c: c == "é".encode()
    ),
    Case("wrong charset", _say(page(b"caf\xe9", "Content-Type: text/html; charset=utf-8")), check=lambda c: c == b"caf\xe9"),
    Case("mixed encodings", _say(page("é".encode() + b"\xe9\xff")), check=lambda c: c == "é".encode() + b"\xe9\xff"),
    Case("UTF-16 without BOM", _say(page("<p>hi".encode("utf-16-le"))), check=lambda c: c == "<p>hi".encode("utf-16-le")),
    Case("200,000 nested tags", _say(page(b"<div>" * 200_000)), check=lambda content: len(content) == 1_000_000),
    # TLS
    Case("expired certificate", _say(page()), ("tls",), tls="expired"),
    Case("self-signed certificate", _say(page()), ("tls",), tls="self-signed"),
    Case("wrong-host certificate", _say(page()), ("tls",), tls="wrong-host"),
    Case("plain HTTP to a TLS port", _say(page()), ("connect", "protocol"), tls="good", scheme="http"),
    Case("TLS to a plain port", _plain_answer, ("tls",), scheme="https"),
)
