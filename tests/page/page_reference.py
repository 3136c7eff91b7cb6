"""The facts of a page by html5lib, an independent parser that builds the whole tree, to compare the component's with.

Rules are those that `likewise_page::extract` documents; nothing is shared with it but these words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import html5lib

XHTML = "{http://www.w3.org/1999/xhtml}"
BLANKS = " \t\n\f\r"

UNDISPLAYED = set(
    "annotation annotation-xml audio canvas datalist desc iframe metadata noembed noframes noscript object rp script"
    " style template title video".split()
)
PREFORMATTED = set("listing plaintext pre textarea xmp".split())
CELLS = {"td", "th"}
BLOCKS = set(
    "address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p search"
    " section summary table tbody tfoot thead tr ul br".split()
)

# Private characters stand for separators and for white space that counts, so that expressions can collapse the rest.
LINE, TAB = "\ue000", "\ue001"
KEPT = str.maketrans({" ": "\ue010", "\t": "\ue011", "\n": "\ue012", "\r": "\ue013", "\f": "\ue014"})
RESTORED = str.maketrans({"\ue010": " ", "\ue011": "\t", "\ue012": "\n", "\ue013": "\r", "\ue014": "\f"})


@dataclass
class Facts:
    """What a page says of itself, in the names of the component's `page` record."""

    title: str | None = None
    description: str | None = None
    canonical: str | None = None
    lang: str | None = None
    links: list[tuple[str, str, str]] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    text: str = ""


def resolved(base: str, reference: str) -> str:
    """`urljoin`, and what the URL Standard normalises in the URLs of the tests: empty paths, characters to encode."""
    url = urljoin(base, reference.strip(BLANKS))
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and not parts.path:
        url = parts._replace(path="/").geturl()
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~|{}^`\\")


def name_of(element: Any) -> str:
    """The local name, lower case; html5lib gives `{namespace}name`, and a function for a comment."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def collapsed(text: str) -> str:
    return re.sub(f"[{BLANKS}]+", " ", text).strip(BLANKS)


def displayed(element: Any, preformatted: bool, heed_hidden: bool) -> str:
    """The text of an element, separators and white space that counts as private characters."""
    name = name_of(element)
    if not name or name in UNDISPLAYED or (heed_hidden and "hidden" in element.attrib):
        return ""
    preformatted = preformatted or name in PREFORMATTED
    parts = [element.text or ""]
    for child in element:
        parts += [displayed(child, preformatted, heed_hidden), child.tail or ""]
    # Texts are at the even positions, children at the odd ones.
    parts[::2] = [part.translate(KEPT) if preformatted else re.sub(f"[{BLANKS}]+", " ", part) for part in parts[::2]]
    inner = "".join(parts)
    if name in CELLS:
        return TAB + inner + TAB
    return LINE + inner + LINE if name in BLOCKS or name in PREFORMATTED else inner


def visible_text(root: Any) -> str:
    text = displayed(root, preformatted=False, heed_hidden=True)
    text = re.sub(f"[ {TAB}{LINE}]*{LINE}[ {TAB}{LINE}]*", LINE, text)
    text = re.sub(f"[ {TAB}]*{TAB}[ {TAB}]*", TAB, text)
    text = re.sub(" +", " ", text).strip(f" {LINE}{TAB}")
    # A line end that counts makes the separator after it superfluous.
    text = re.sub(f"\ue012[ {LINE}{TAB}]", "\ue012", text)
    return text.replace(LINE, "\n").replace(TAB, "\t").translate(RESTORED).rstrip(" \t\n")


def inline_text(element: Any) -> str:
    """The text of a link: on one line, hidden or not."""
    text = displayed(element, preformatted=False, heed_hidden=False).translate(RESTORED)
    return collapsed(text.replace(LINE, " ").replace(TAB, " "))


def reference_facts(html: str, document_url: str) -> Facts:
    """Parse and read the facts off the tree."""
    root = html5lib.HTMLParser(namespaceHTMLElements=True).parse(html, scripting=True)
    facts = Facts()
    elements: list[Any] = []
    pending = [root]
    while pending:
        element = pending.pop()
        elements.append(element)
        if name_of(element) != "template":
            pending.extend(reversed([child for child in element if name_of(child)]))
    base = document_url
    for element in elements:
        if element.tag == XHTML + "base" and "href" in element.attrib:
            href = resolved(document_url, element.attrib["href"])
            if not href.startswith(("data:", "javascript:")):
                base = href
            break
    for element in elements:
        name, attributes = name_of(element), element.attrib
        if name in ("a", "area") and "href" in attributes:
            url = resolved(base, attributes["href"])
            facts.links.append((url, inline_text(element) if name == "a" else "", attributes.get("rel", "")))
        elif element.tag == XHTML + "title" and facts.title is None:
            facts.title = collapsed("".join(element.itertext()))
        elif name == "meta":
            for key in ("name", "property", "http-equiv"):
                if key in attributes:
                    facts.meta.append((attributes[key], attributes.get("content", "")))
        elif name == "script":
            kind = attributes.get("type", "").partition(";")[0].strip(BLANKS).lower()
            source = "".join(element.itertext())
            if kind == "application/ld+json" and source:
                facts.json_ld.append(source)
        elif name == "link" and facts.canonical is None and "href" in attributes:
            if "canonical" in attributes.get("rel", "").lower().split():
                facts.canonical = resolved(base, attributes["href"])
        elif name == "html" and facts.lang is None:
            facts.lang = attributes.get("lang") or None
    for wanted in ("description", "og:description"):
        contents = [content for key, content in facts.meta if key.strip(BLANKS).lower() == wanted]
        if facts.description is None:
            facts.description = next((collapsed(c) for c in contents if collapsed(c)), None)
    facts.text = visible_text(root)
    return facts
