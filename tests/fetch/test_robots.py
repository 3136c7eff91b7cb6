"""robots.txt by the examples and rules of RFC 9309."""

from __future__ import annotations

import pytest

from likewise.fetch.robots import Robots

RFC_EXAMPLE = b"""
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("product", "path", "allowed"),
    [
        ("other", "/", True),
        ("other", "/a.gif", False),
        ("other", "/a.gif?x", True),
        ("other", "/example/page", False),
        ("other", "/publications/a", True),
        ("foobot", "/", False),
        ("foobot", "/example/page.html", True),
        ("FooBot", "/example/allowed.gif", True),
        ("foobot", "/example/", False),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/a.gif", True),
        ("quxbot", "/example/", True),
        ("foobot", "/robots.txt", True),
    ],
)
def test_the_example_of_the_rfc(product: str, path: str, allowed: bool) -> None:
    assert Robots.parse(RFC_EXAMPLE, product).allows(path) is allowed


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish.asp", False),
        ("/fish*", "/fishheads/yummy.html", True),
        ("/fish/", "/fish", False),
        ("/*.php", "/folder/filename.php?parameters", True),
        ("/*.php", "/windows.PHP", False),
        ("/*.php$", "/filename.php", True),
        ("/*.php$", "/filename.php5", False),
        ("/*.php$", "/a.php/b.php", True),
        ("/fish*.php", "/fishheads/catfish.php?x", True),
        ("/a*b*c$", "/abbcc", True),
        ("/a*b*c$", "/acb", False),
        ("/a*a$", "/a", False),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", True),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", True),
        ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", True),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", True),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    rules = Robots.parse(f"user-agent: *\ndisallow: {pattern}".encode(), "likewise")
    assert rules.allows(path) is not matches


def test_longest_wins_and_allow_on_a_tie() -> None:
    rules = Robots.parse(b"user-agent: *\nallow: /p\ndisallow: /\ndisallow: /page\nallow: /page", "likewise")
    assert rules.allows("/page") and rules.allows("/p") and not rules.allows("/x")


def test_groups_of_one_product_are_one() -> None:
    text = b"User-agent: likewise\nDisallow: /a\nUser-agent: other\nDisallow: /c\nUser-agent: Likewise/2.0\nDisallow: /b\n"
    rules = Robots.parse(text, "likewise")
    assert not rules.allows("/a") and not rules.allows("/b") and rules.allows("/c")


def test_rubbish_is_read_past() -> None:
    text = b"\xef\xbb\xbfdisallow: /early\r\n\x00\xff\nUSER-AGENT : *  # all\rnonsense\nSitemap: /x\nDisallow : /a # why\n\nDisallow:"
    rules = Robots.parse(text, "likewise")
    assert rules.allows("/early") and not rules.allows("/a") and rules.allows("/b")


def test_a_hostile_file_costs_linear_time() -> None:
    rules = Robots.parse(b"user-agent: *\ndisallow: /" + b"*a" * 100_000 + b"$", "likewise")
    assert rules.allows("/" + "a" * 50_000 + "b")
