"""What the tests of this folder share: names with errors, brute force, and a small web."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Web:
    """Pages on 127.0.0.1, and how often each was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(self.path)
                body = f"<html lang=en><title>Page {self.path}</title><p>Text <a href='/next'>next</a>".encode()
                self.send_response(404 if self.path == "/missing" else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever, daemon=True)
    thread.start()
    yield web
    web.server.shutdown()
    thread.join()
    web.server.server_close()


@pytest.fixture
def columns() -> tuple[list[str | None], list[str | None]]:
    """Two columns of names, half of the left ones with errors in a right one, with nulls, empty strings and repetitions."""
    draw = random.Random(7)
    letters = "abcdeé ñ😀"

    def name() -> str:
        return "".join(draw.choices(letters, k=draw.randrange(1, 30)))

    right: list[str | None] = [name() for _ in range(150)]
    left: list[str | None] = []
    for _ in range(200):
        if draw.random() < 0.5:
            source = list(draw.choice(right) or "")
            source[draw.randrange(len(source))] = draw.choice(letters)
            left.append("".join(source))
        else:
            left.append(name())
    left += ["", None, *left[:20], None, ""]
    right += [None, *right[:10], "", None, ""]
    return left, right
