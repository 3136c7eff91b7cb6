"""URLs as the host takes them apart: the plain form, and nothing that two parsers could read in two ways."""

from __future__ import annotations

import pytest

from likewise.fetch.target import Target, parse_target


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://example.com/", Target("http", "example.com", 80, False)),
        ("https://example.com", Target("https", "example.com", 443, False)),
        ("https://example.com:8443/a?b=c;d&e=%20", Target("https", "example.com", 8443, False)),
        ("http://example.com.?q", Target("http", "example.com", 80, False)),
        ("http://under_score.example.com/", Target("http", "under_score.example.com", 80, False)),
        ("http://127.0.0.1:80/", Target("http", "127.0.0.1", 80, True)),
        ("http://127.0.0.1./", Target("http", "127.0.0.1", 80, True)),
        ("http://[::1]:81/", Target("http", "::1", 81, True)),
        ("http://[0:0:0:0:0:ffff:127.0.0.1]/", Target("http", "::ffff:7f00:1", 80, True)),
        ("http://xn--bcher-kva.example/[a]{b}|c'", Target("http", "xn--bcher-kva.example", 80, False)),
        ("http://1.2.3.4.example/", Target("http", "1.2.3.4.example", 80, False)),
    ],
)
def test_plain_urls(url: str, target: Target) -> None:
    parsed = parse_target(url)
    expected = (target.scheme, target.port, target.literal)
    assert (parsed.scheme, parsed.port, parsed.literal) == expected
    if "::ffff" in target.host:
        assert parsed.host.startswith("::ffff:")
    else:
        assert parsed.host == target.host


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "http:/x", "http:///x",
        "HTTP://example.com/", "http://EXAMPLE.com/",
        # user information, and what looks like it
        "http://user@example.com/", "http://user:pw@example.com/", "http://example.com:80@evil.test/", "http://@example.com/",
        "http://example.com\\@evil.test/", "http://evil.test\\.example.com/",
        # fragments and bytes that end or split a line
        "http://example.com/#f", "http://example.com/a b", "http://example.com/\r\nX: y", "http://example.com/\0", "http://exa\tmple.com/",
        "http://example.com/\x7f", "http://example.com/é",
        # numbers that resolvers take for IPv4
        "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/",
        "http://127.0.0.01/", "http://127.0.0.1.1/", "http://256.1.1.1/", "http://1.2.3/", "http://0x7f.0.0.0x1/", "http://127.0.0.0x1/",
        # look-alikes
        "http://１２７.0.0.1/", "http://127。0。0。1/", "http://ⓔxample.com/", "http://exam%70le.com/", "http://127.0.0.1%00.example/",
        # IPv6
        "http://[::1/", "http://::1/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[1.2.3.4]/", "http://[v1.x]/", "http://[]/",
        # ports
        "http://example.com:/", "http://example.com:0/", "http://example.com:65536/", "http://example.com:99999999/", "http://example.com:8o/",
        "http://example.com:-1/", "http://example.com:+80/",
        # names
        "http://.example.com/", "http://a..b/", "http://example.com../", "http://-a.example/", "http://a-.example/", "http://*/", "http://./",
        "http://" + "a" * 64 + ".example/", "http://" + "a." * 127 + "example/",
    ],
)  # fmt: skip
def test_refused(url: str) -> None:
    with pytest.raises(ValueError):
        parse_target(url)


def test_a_long_url_is_cut_in_the_message() -> None:
    with pytest.raises(ValueError) as caught:
        parse_target("http://user@example.com/" + "x" * 100_000)
    assert len(str(caught.value)) < 1000


def test_origin() -> None:
    assert (
        parse_target("http://example.com.:80/a").origin == parse_target("http://example.com/").origin == "http://example.com:80"
    )
    assert parse_target("https://[::1]/").origin == "https://[::1]:443"
