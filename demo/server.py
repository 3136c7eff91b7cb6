"""A small web of 99 pages on 127.0.0.1 for the demo: 89 behave, each after its own delay, and ten misbehave.

Run as a program it prints its 99 URLs as one JSON line and serves until its standard input closes.
"""

import asyncio
import json
import os
import socket
import struct
import sys

PAGES = 99
# Which page misbehaves, and how: spread over the list, as they come in life.
BAD = {
    7: "refuse",
    16: "reset",
    25: "hang",
    34: "500",
    43: "loop",
    52: "charset",
    61: "refuse",
    70: "reset",
    79: "hang",
    88: "500",
}
# Text in Windows-1252 that calls itself UTF-8.
BAD_CHARSET = "<title>Café naïve</title><p>déjà vu".encode("windows-1252")


def delay_of(page: int) -> float:
    """Seconds that a page takes: 50 to 500 ms, mixed without chance so that every run is the same."""
    return 0.05 + (page * 37 % 91) * 0.005


def html_of(page: int) -> bytes:
    """A page of about 2 KB with a title and links."""
    links = "".join(f'<li><a href="/page/{(page + step) % PAGES}">page {(page + step) % PAGES}</a>' for step in range(1, 20))
    text = " ".join(f"word{page}-{i}" for i in range(120))
    return f"<!doctype html><html lang=en><title>Page {page}</title><p>{text}</p><ul>{links}</ul>".encode()


def response(status: str, body: bytes, *headers: str) -> bytes:
    """A whole HTTP/1.1 response."""
    head = [f"HTTP/1.1 {status}", "Server: demo", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            _, kind, number = head.split(b" ", 2)[1].decode().split("/")[:3]
            page = int(number)
            # A loop turns quickly, so that it is the loop that ends it and not the clock.
            await asyncio.sleep(0.01 if kind == "loop" else delay_of(page))
            if kind == "hang":
                await asyncio.sleep(3600)
            elif kind == "reset":
                # Linger 0: the kernel answers the peer with a reset.
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return
            elif kind == "500":
                writer.write(response("500 Internal Server Error", b"out of order", "Content-Type: text/plain"))
            elif kind == "loop":
                writer.write(response("302 Found", b"", f"Location: /loop/{page}"))
            elif kind == "charset":
                writer.write(response("200 OK", BAD_CHARSET, "Content-Type: text/html; charset=utf-8"))
            else:
                writer.write(response("200 OK", html_of(page), "Content-Type: text/html; charset=utf-8"))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def refusing_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])


async def main() -> None:
    """Serve until standard input closes."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
    port = server.sockets[0].getsockname()[1]
    closed = refusing_port()
    urls = []
    for page in range(PAGES):
        kind = BAD.get(page, "page")
        urls.append(f"http://127.0.0.1:{closed if kind == 'refuse' else port}/{kind}/{page}")
    print(json.dumps(urls), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    # The pages that hang would be reported as cancelled: nobody waits for them any more.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
