"""What servers and URLs say, where it comes out: terminals, logs, tables, and the readers of header fields and JSON."""

from __future__ import annotations

import traceback

import pytest
from servers import Servers, answering, page
from test_command import run

from likewise.fetch import Fetcher, FetchError, Policy, Site

HERE = Policy(allow_private=["127.0.0.0/8"])


def test_a_title_does_not_steer_the_terminal(servers: Servers) -> None:
    # Clears the screen, renames the window, and turns the line around.
    title = b"<title>a&#27;[2Jb\x1b]0;c\x07d\xc2\x9b31m\xe2\x80\xae e \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb</title>"
    url = f"http://127.0.0.1:{servers.serve(answering(lambda head: page(title)))}/"
    line = run(url, "--allow-private", "127.0.0.0/8").stdout
    assert line.endswith("a\ufffd[2Jb\ufffd]0;c\ufffdd\ufffd31m\ufffd e \U0001f469\u200d\U0001f4bb\n"), line
    line = run("http://a\x1b[2J.test/").stdout
    assert "\x1b" not in line and "invalid-url" in line


@pytest.mark.parametrize(
    "url",
    [
        "http://me:s3cret@10.0.0.1/",
        "http://me:s3cret@[::1/",
        "http://me:s3:cr@s3cret@127.0.0.1:99999/",
        "http://:s3cret@10.0.0.1/",
    ],
)
def test_a_password_in_a_url_is_in_no_log(url: str) -> None:
    [site] = Site.from_urls([url])
    error = site.error
    assert error is not None and error.url == site.url == url
    shown = [repr(site), str(error), repr(error), error.message, "".join(traceback.format_exception(error))]
    assert not any("cret" in text or "s3" in text for text in shown), shown
    assert "@" in str(error)


@pytest.mark.parametrize("value", ["Bearer s3cret\n", b"Bearer s3cret"])
def test_a_header_that_cannot_be_sent_is_in_no_log(value: str) -> None:
    with pytest.raises((ValueError, TypeError)) as raised:
        Site.from_urls([], headers={"Authorization": value})
    assert "Authorization" in str(raised.value) and "s3cret" not in str(raised.value)


def test_messages_do_not_grow_with_what_a_server_sends(servers: Servers) -> None:
    targets = ["/" + "a" * 60_000, "/" + "a" * 70_000, "file:///" + "a" * 60_000, "http://10.0.0.1/" + "a" * 60_000]
    for target in targets:
        port = servers.serve(answering(lambda head, to=target: page(b"", f"Location: {to}", status="302 Found")))  # type: ignore[misc]
        with Fetcher(HERE) as fetcher, pytest.raises(FetchError) as raised:
            fetcher.get(f"http://127.0.0.1:{port}/")
        assert raised.value.kind in ("denied", "too-many-redirects") and len(raised.value.message) < 1000


def test_fields_and_json_made_to_exhaust_their_readers(servers: Servers) -> None:
    # Links that nothing closes: each once looked through all that follow, for minutes in all.
    links = ["Link: " + "<" * 90_000] * 3
    deep = b"[" * 200_000
    body = b"<script type=application/ld+json>" + deep + b"</script><script type=application/ld+json>{}</script>"

    def answer(head: bytes) -> bytes:
        return page(deep, *links, "Content-Type: application/json") if head.startswith(b"GET /json") else page(body)

    base = f"http://127.0.0.1:{servers.serve(answering(answer))}"
    with Fetcher(HERE) as fetcher:
        site = fetcher.get(f"{base}/json")
        assert site.links == {}
        with pytest.raises(ValueError, match="nested"):
            site.json()
        assert fetcher.get(f"{base}/page").page.structured_data() == [{}]


def test_a_url_that_is_not_text_has_its_row() -> None:
    table = Site.from_urls(["http://a.test/\ud800"]).to_arrow()
    assert table.to_pylist()[0]["url"] == "http://a.test/\\ud800"
