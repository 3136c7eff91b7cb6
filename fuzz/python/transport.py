"""The component's fetch session and its HTTP adapter against a host that answers whatever it likes: every URL ends exactly once, in a
page or in a typed failure, and nothing traps. What is tested runs in wasm, where no coverage is seen: the bytes are random.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import driver
from driver import Draw

from likewise._engine import component
from likewise.component import Err, Ok
from likewise.fetch.errors import Kind
from likewise.fetch.guest import TRANSPORT, SessionOptions
from likewise.fetch.message import Completion, ErrorKind, Failure, Payload, Response

URLS = (
    "http://a.example/", "https://b.example:8443/x?y#z", "http://[::1]/", "http://user:pass@c.example/", "a.example", "",
    "ftp://d.example/", "http://a.example/\0", "//", "http://\u00fc.example/",
)  # fmt: skip
NAMES = (
    "location", "Location", "content-type", "server", "set-cookie", "likewise-elapsed-us", "content-length", "host", "", " ",
    "transfer-encoding", "x\r\ny", "\u00fc",
)  # fmt: skip
VALUES = (
    "/", "//b.example/", "http://a.example/", "https://b.example/y", "file:///etc/passwd", "..", "?q", "#f", "http://", "",
    "text/html", "text/html; charset=utf-16", "image/png", "text/plain;charset=\x00", "\u0100", "\xe9", "a\r\nb", "x" * 5000,
)  # fmt: skip
STATUSES = (200, 200, 200, 301, 302, 303, 307, 308, 204, 304, 100, 404, 500, 0, 999, 65535)
ENDS = ("\n", "\n", "\r\n")
CONTENTS = ("", "<title>t</title><a href=x>y</a>", "\ufeffa", "\0", "\xff\xfe", "\u0100", "<base href=//h>" * 50)
#: More crossings than any session of these URLs takes when each redirect costs one.
CROSSINGS = 2000


class Host:
    """A transport that answers by the input."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._waiting: list[int] = []
        self._crossings = 0
        self.asked: list[Any] = []
        #: The responses of the last crossing, which the session may refer to.
        self.kept: dict[int, Response] = {}

    def exchange(self, submit: Sequence[Any], wait: bool) -> list[Completion]:
        """Whatever the input says, which need not be an answer to what was asked."""
        self._crossings += 1
        assert self._crossings < CROSSINGS, "the session asks for ever"
        for request in submit:
            self.asked.append(request)
            self._waiting.append(request.id)
        draw = self._draw
        if not draw:
            # An input that has ended answers what is open, so that sessions end.
            ids, self._waiting = self._waiting, []
        else:
            count = draw.below(len(self._waiting) + 1) if draw.below(8) else 0
            if wait and not count and draw.below(4):
                count = min(1, len(self._waiting))
            ids = [self._waiting.pop(draw.below(len(self._waiting))) for _ in range(count)]
            # Answers to nothing, and to what was answered before.
            ids += [draw.pick((0, 1, 2, 2**32 - 1)) for _ in range(draw.below(3))]
        completions = [Completion(id, self._outcome()) for id in ids]
        self.kept = {}
        for completion in completions:
            # Of several answers to one request the first counts.
            if isinstance(completion.outcome, Ok):
                self.kept.setdefault(completion.id, completion.outcome.value)
        return completions

    def _outcome(self) -> Ok[Response] | Err[Failure]:
        draw = self._draw
        if draw.below(5) == 4:
            return Err(Failure(draw.pick(get_args(ErrorKind)), draw.pick(("why", "", ": ", "dns: x", "\u00fc", draw.text()))))
        headers = "".join(
            f"{draw.pick(NAMES)}{draw.pick((': ', ':', ' ', ''))}{draw.pick(VALUES)}{draw.pick((*ENDS, ''))}"
            for _ in range(draw.below(5))
        )
        mapped = draw.below(3) == 0
        data = draw.pick((*CONTENTS, draw.text(40)))
        elapsed = draw.pick((0, 1, 2**63, 2**64 - 1))
        return Ok(Response(draw.pick(STATUSES), headers, Payload(data, mapped), elapsed))


def check(draw: Draw) -> int:
    """One session."""
    urls = [draw.pick(URLS) for _ in range(draw.below(7))]
    options = SessionOptions(
        concurrency=draw.pick((0, 1, 2, 2**32 - 1)),
        timeout_ms=draw.pick((None, 0, 1, 1000, 2**32 - 1)),
        max_redirects=draw.pick((None, 0, 1, 5, 20)),
        max_bytes=draw.pick((None, 0, 1, 100, 2**64 - 1)),
        headers=[(draw.pick(NAMES), draw.pick(VALUES)) for _ in range(draw.below(3))],
        extract=bool(draw.below(2)),
    )
    host = Host(draw)
    with component().instantiate(imports={TRANSPORT: host}) as instance:
        session = instance.scraper.Session(urls, options)
        if draw.below(10) == 9:
            session.close()
            return 1
        indices = []
        while (outcome := session.next()) is not None:
            indices.append(outcome.index)
            verify(outcome.site, options, host.kept)
        assert sorted(indices) == list(range(len(urls))), f"{indices} of {len(urls)} URLs ended"
        assert session.next() is None
        session.close()
    for request in host.asked:
        # What is asked for is a URL to send, and every field is one that may stand in a message.
        assert request.url.startswith(("http://", "https://")) and "#" not in request.url and "@" not in request.url, request.url
        assert all(not set("\r\n\0") & set(name + value) for name, value in request.headers), request.headers
    return len(urls) + 1


def verify(site: Any, options: SessionOptions, kept: dict[int, Response]) -> None:
    """A page or a typed failure, which is consistent."""
    followed = options.max_redirects or 0
    # One more is the redirect that was too many.
    history = (site.value if isinstance(site, Ok) else site.error).history
    assert len(history) <= (followed if isinstance(site, Ok) else followed + 1)
    if isinstance(site, Ok):
        page = site.value
        assert page.kept in kept, f"the response {page.kept} is not among {list(kept)}"
        body = kept[page.kept].body
        content = body.data.encode("latin-1" if body.mapped else "utf-8")
        assert page.content is None or page.content.encode("latin-1") == content
        assert options.max_bytes is None or len(content) <= options.max_bytes
        values = (line.partition(":")[2] for line in page.headers.split("\n"))
        assert all(point <= "\xff" for value in values for point in value)
    else:
        assert site.error.kind.value in get_args(Kind), site.error
        assert isinstance(site.error.message, str)


if __name__ == "__main__":
    driver.main(check)
