"""What an HTML page says of itself, as Python values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from likewise.fetch.multidict import MultiDict


class Link(NamedTuple):
    """A link of a page: absolute URL, text between the tags, and the `rel` tokens as written."""

    url: str
    text: str
    rel: str


class Element(NamedTuple):
    """An element found by a selector: tag in lower case, attributes, visible text within."""

    tag: str
    attributes: dict[str, str]
    text: str


@dataclass(frozen=True)
class Page:
    """What an HTML page says of itself. Everything is empty for a page that is not HTML, or that never came.

    Attributes:
        title: the first `title`, white space collapsed.
        description: the `description` of its meta data, or that of OpenGraph.
        canonical: absolute URL of `link rel=canonical`.
        lang: the `lang` of the `html` element.
        links: `a` and `area` elements with an `href`, in order.
        meta: name (or `property`, or `http-equiv`) and content of the `meta` elements; `meta["og:title"]`.
        text: visible text, blocks on lines of their own.
        json_ld: the source of each `script type="application/ld+json"`.
        truncated: what was cut to stay within limits, empty when nothing was.
    """

    title: str | None = None
    description: str | None = None
    canonical: str | None = None
    lang: str | None = None
    links: list[Link] = field(default_factory=list)
    meta: MultiDict = field(default_factory=MultiDict)
    text: str = ""
    json_ld: list[str] = field(default_factory=list)
    truncated: list[str] = field(default_factory=list)
    _source: str = field(default="", repr=False, compare=False)

    @classmethod
    def from_record(cls, record: Any, source: str) -> Page:
        """The page of a record of `wit/page.wit`, and the text it was taken from."""
        return cls(
            title=record.title,
            description=record.description,
            canonical=record.canonical,
            lang=record.lang,
            links=[Link(link.url, link.text, link.rel) for link in record.links],
            meta=MultiDict(record.meta),
            text=record.text,
            json_ld=list(record.json_ld),
            truncated=list(record.truncated),
            _source=source,
        )

    def select(self, selector: str, limit: int = 1000) -> list[Element]:
        """The elements that match a CSS selector, in order, at most `limit`.

        Raises ValueError where the selector is not one, or is one that would need to look ahead.
        """
        from likewise.fetch import guest

        return guest.select(self._source, selector, limit)

    def structured_data(self) -> list[Any]:
        """The JSON-LD blocks, parsed. One that is not JSON is left out; its source is still in `json_ld`."""
        parsed = []
        for source in self.json_ld:
            try:
                parsed.append(parse_json(source))
            except ValueError:
                continue
        return parsed


def parse_json(source: str | bytes, **kwargs: Any) -> Any:
    """`json.loads`, with ValueError for what is nested too deeply as well."""
    try:
        return json.loads(source, **kwargs)
    except RecursionError:
        raise ValueError("the JSON is nested more deeply than Python's recursion limit lets it be read") from None
