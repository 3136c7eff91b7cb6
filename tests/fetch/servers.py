"""Servers written on raw sockets, so that they can break every rule there is."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Serve = Callable[[Reader, Writer], Awaitable[None]]


class Servers:
    """An event loop on a thread, and servers on it. Leaving the context ends them all."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        # What a hostile server meets when its client leaves is no news.
        self._loop.set_exception_handler(lambda loop, context: None)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._servers: list[asyncio.Server] = []
        self.connections = 0
        return self

    def __exit__(self, *_: object) -> None:
        async def end() -> None:
            for server in self._servers:
                server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def serve(self, handler: Serve, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> int:
        """Serve each connection by `handler`; the port."""

        async def connected(reader: Reader, writer: Writer) -> None:
            self.connections += 1
            try:
                await handler(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
                pass
            finally:
                writer.close()

        async def start() -> int:
            server = await asyncio.start_server(connected, host, 0, ssl=tls, backlog=1024, limit=2**22)
            self._servers.append(server)
            return int(server.sockets[0].getsockname()[1])

        return self.run(start())


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])


async def read_head(reader: Reader) -> bytes:
    """A request's head. Raises IncompleteReadError when the client has gone."""
    return await reader.readuntil(b"\r\n\r\n")


def path_of(head: bytes) -> str:
    return head.split(b" ", 2)[1].decode("latin-1")


def field_of(head: bytes, name: str) -> str | None:
    for line in head.decode("latin-1").split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return None


def page(body: bytes = b"<title>good</title>", *fields: str, status: str = "200 OK") -> bytes:
    """A whole response."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
    if not any(field.lower().startswith("content-type") for field in fields):
        head.append("Content-Type: text/html; charset=utf-8")
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def answering(make: Callable[[bytes], bytes]) -> Serve:
    """A server that answers each request with `make(head)`, keeping connections."""

    async def serve(reader: Reader, writer: Writer) -> None:
        while True:
            head = await read_head(reader)
            length = int(field_of(head, "content-length") or 0)
            body = await reader.readexactly(length)
            writer.write(make(head + body))
            await writer.drain()

    return serve


def reset(writer: Writer) -> None:
    """End a connection with a reset: linger 0 makes the kernel send one."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
