"""What crosses the boundary with a response: its header fields as lines, and content that does not cross back."""

from __future__ import annotations

import zlib
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from servers import Servers, answering, page

from likewise.fetch import Fetcher, Policy, guest
from likewise.fetch.exchange import Exchange
from likewise.fetch.message import Payload, from_lines, to_lines, values_of
from likewise.fetch.transfer import header_lines, parse_header_lines

LINE = st.one_of(
    st.sampled_from(
        [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n", b"\r\n", b"\n", b"X-Folded: a\r\n", b" b\r\n", b"no colon\r\n"]
    ),
    st.binary(max_size=20).map(lambda value: b"X: " + value.replace(b"\n", b"").replace(b"\r", b"") + b"\r\n"),
)


@given(st.lists(LINE, max_size=8))
@example([b"HTTP/1.1 200 OK\r\n", b"\n", b"X: \r\n", b"\r\n"])
@example([b"HTTP/1.1 200 OK\r\n", b"X: a\n", b"\r\n", b"X: b\r\n", b"\r\n"])
def test_the_short_way_gives_what_the_long_one_does(lines: list[bytes]) -> None:
    fields = parse_header_lines(lines)
    text = header_lines(lines)
    assert (None if text is None else from_lines(text)) == fields


def test_lines_hold_fields_and_find_them() -> None:
    fields = [("Set-Cookie", "a=1: b"), ("X-Empty", ""), ("set-cookie", "caf\xe9\xa0"), ("X-Cookie", "set-cookie: no")]
    lines = to_lines(fields)
    assert from_lines(lines) == fields
    assert values_of(lines, "set-cookie") == ["a=1: b", "caf\xe9\xa0"]
    assert values_of(lines, "cookie") == []


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"plain <b>", "text/html", "plain <b>"),
        ("déjà".encode(), "text/plain; charset=utf-8", "déjà"),
        (b"\xef\xbb\xbfmarked", "text/plain", "marked"),
        (b"d\xe9j\xe0", "text/plain; charset=windows-1252", "déjà"),
        ("déjà".encode(), "image/png", ""),
        (bytes(range(256)) * 400, "image/png", ""),
        (b"", "text/html", ""),
        (b"\x1b$B$F\x1b(B", "text/plain; charset=iso-2022-jp", "て"),
    ],
)
def test_every_kind_of_content_arrives(servers: Servers, body: bytes, content_type: str, text: str) -> None:
    port = servers.serve(answering(lambda head: page(body, f"Content-Type: {content_type}")))
    with Fetcher(Policy(allow_private=True)) as fetcher:
        [site] = fetcher.get_many([f"http://127.0.0.1:{port}/"])
    assert (site.ok, site.content, site.text) == (True, body, text)


def test_what_the_guest_names_is_given_once_and_only_if_it_is_there() -> None:
    kept = {7: Payload("text", False)}
    record = SimpleNamespace(kept=7, text=None, content=None)
    assert guest.content(record, lambda identity: kept.pop(identity, None)) == ("text", None)
    with pytest.raises(LookupError, match="7"):
        guest.content(record, lambda identity: kept.pop(identity, None))


def test_a_guest_that_names_what_is_not_there_fails_that_page_alone(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    port = servers.serve(answering(lambda head: page(b"text")))
    urls = [f"http://127.0.0.1:{port}/{number}" for number in range(5)]
    kept = Exchange.kept
    monkeypatch.setattr(Exchange, "kept", lambda self, identity: kept(self, identity) if identity != 3 else None)
    with Fetcher(Policy(allow_private=True)) as fetcher:
        sites = fetcher.get_many(urls)
    assert sorted(site.error.kind if site.error else "" for site in sites) == ["", "", "", "", "protocol"]


def test_a_status_line_in_lower_case_has_fields(servers: Servers) -> None:
    coded = page(zlib.compress(b"text"), "Content-Encoding: deflate").replace(b"HTTP/1.1", b"http/1.1", 1)
    with Fetcher(Policy(allow_private=True)) as fetcher:
        [site] = fetcher.get_many([f"http://127.0.0.1:{servers.serve(answering(lambda head: coded))}/"])
    assert (site.text, site.headers["content-encoding"]) == ("text", "deflate")
