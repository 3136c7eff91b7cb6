"""Documents whose facts are known, because they are made from them.

Every spelling that HTML allows, end tags left out where they may be, and noise in between.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

from page_reference import Facts, resolved

WORDS = [
    "alpha",
    "Beta",
    "gamma",
    "naïve",
    "Straße",
    "日本",
    "текст",
    "🦀",
    "a&b",
    "x<y",
    "1>0",
    'say"so"',
    "it's",
    "50\u00a0%",
]
NOISE = [
    "<!-- a comment with <a href=no>tags</a> -->",
    "<script>if (a < b) document.write('<p>no</p><a href=no>no</a>')</script>",
    "<style>p > a { content: '<title>no</title>' }</style>",
    "<template>no <a href=no>no</a><meta name=no content=no></template>",
    "<noscript><a href=no>no</a></noscript>",
    "<div hidden>no <b>no</b></div>",
    "<svg><title>no</title><path d='M0 0'/></svg>",
    "<input type=hidden value=no>",
]
REFERENCES = [
    "/",
    "/a/b",
    "c",
    "../d",
    "./e/",
    "?q=1",
    "#f",
    "//cdn.example/x",
    "http://other.example/y?z=1#w",
    "mailto:a@b.example",
]


@dataclass
class Document:
    """A document and what is known of it."""

    html: str
    url: str
    facts: Facts = field(default_factory=Facts)


class Generator:
    """Makes one document from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.url = self.random.choice(
            ["https://example.com/", "https://example.com/dir/page.html", "http://h.example:8080/x/y/?q"]
        )
        self.base = self.url
        self.facts = Facts()

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def words(self, least: int = 1) -> list[str]:
        return self.random.choices(WORDS, k=self.random.randint(least, 5))

    def escaped(self, text: str, quote: str = "") -> str:
        """The text in one of its spellings, fit for content, or for an attribute in these quotes."""
        spelt = []
        for char in text:
            must = char in "&<" or char == quote or (not quote and char == ">")
            if must or (char.isalnum() and self.maybe(0.02)):
                names = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
                spellings = [f"&#{ord(char)};", f"&#x{ord(char):x};", f"&#X{ord(char):04X};"]
                spelt.append(self.random.choice([*spellings, names.get(char, spellings[0])]))
            else:
                spelt.append(char)
        return "".join(spelt)

    def blank(self, least: int = 1) -> str:
        return "".join(self.random.choices(" \n\t", k=self.random.randint(least, 3)))

    def name(self, name: str) -> str:
        return "".join(char.upper() if self.maybe(0.1) else char for char in name)

    def tag(self, name: str, /, **attributes: str) -> str:
        parts = [f"<{self.name(name)}"]
        if self.maybe(0.1):
            attributes["class"] = "x y"
        pairs = list(attributes.items())
        self.random.shuffle(pairs)
        for key, value in pairs:
            quote = self.random.choice("\"'")
            equals = "=" if self.maybe(0.8) else " = "
            parts.append(f"{self.blank()}{self.name(key.replace('_', '-'))}{equals}{quote}{self.escaped(value, quote)}{quote}")
        return "".join(parts) + (self.blank() if self.maybe(0.1) else "") + ">"

    def end(self, name: str) -> str:
        return f"</{self.name(name)}{' ' if self.maybe(0.05) else ''}>"

    def noise(self) -> str:
        return self.random.choice(NOISE) if self.maybe(0.15) else ""

    def line(self) -> tuple[str, str]:
        """Markup that makes one line of text, and that line."""
        markup, text = [], []
        for _ in range(self.random.randint(1, 4)):
            words = self.words()
            text += words
            content = self.blank().join(self.escaped(word) for word in words)
            kind = self.random.randrange(6)
            if kind == 0:
                reference = self.random.choice(REFERENCES)
                rel = self.random.choice(["", "nofollow", "next  Prev"])
                content = self.tag("a", href=reference, **({"rel": rel} if rel else {})) + content + self.end("a")
                self.facts.links.append((reference, " ".join(words), rel))
            elif kind == 1:
                inline = self.random.choice(["b", "em", "span", "code", "my-tag"])
                content = self.tag(inline) + content + self.end(inline)
            elif kind == 2:
                content = f"{content}<!-- {self.random.choice(WORDS)} -->"
            markup.append(content)
        return self.blank().join(markup), " ".join(text)

    def block(self, depth: int) -> tuple[str, list[str]]:
        """Markup that makes lines of text, and those lines."""
        kind = self.random.randrange(7 if depth < 3 else 3)
        if kind == 0:
            markup, line = self.line()
            return self.tag("p") + markup + (self.end("p") if self.maybe(0.5) else ""), [line]
        if kind == 1:
            markup, line = self.line()
            name = self.random.choice(["h1", "h2", "div", "section", "address"])
            return self.tag(name) + markup + self.end(name), [line]
        if kind == 2:
            (first, one), (second, two) = self.line(), self.line()
            return self.tag("div") + first + self.random.choice(["<br>", "<br/>", "<BR><br>"]) + second + self.end("div"), [
                one,
                two,
            ]
        if kind == 3:
            name = self.random.choice(["ul", "ol"])
            markup, lines = self.tag(name), []
            for _ in range(self.random.randint(1, 3)):
                inner, more = self.blocks(depth + 1) if self.maybe(0.3) else self.single_line()
                markup += self.tag("li") + inner + (self.end("li") if self.maybe(0.5) else "")
                lines += more
            return markup + self.end(name), lines
        if kind == 4:
            return self.table()
        if kind == 5:
            code = self.random.choice(["a = 1\n  b = 2", "  indented\n\n\tmore", "one line"])
            return "<pre>" + self.escaped(code) + "</pre>", [code]
        inner, lines = self.blocks(depth + 1)
        name = self.random.choice(["div", "main", "blockquote"])
        return self.tag(name) + inner + self.end(name), lines

    def single_line(self) -> tuple[str, list[str]]:
        markup, line = self.line()
        return markup, [line]

    def table(self) -> tuple[str, list[str]]:
        markup, lines = self.tag("table"), []
        for _ in range(self.random.randint(1, 3)):
            markup += self.tag("tr")
            cells = []
            for _ in range(self.random.randint(1, 3)):
                content, line = self.line()
                cells.append(line)
                markup += self.tag(self.random.choice(["td", "th"])) + content
            lines.append("\t".join(cells))
        return markup + self.end("table"), lines

    def blocks(self, depth: int) -> tuple[str, list[str]]:
        markup, lines = "", []
        for _ in range(self.random.randint(1, 4)):
            inner, more = self.block(depth)
            markup += self.blank(0) + self.noise() + inner + self.blank(0)
            lines += more
        return markup, lines

    def head(self) -> str:
        parts = []
        if self.maybe(0.8):
            words = self.words(0)
            self.facts.title = " ".join(words)
            parts.append(self.tag("title") + self.blank(0) + self.blank().join(map(self.escaped, words)) + self.end("title"))
        for key in ("name", "property", "http-equiv"):
            for _ in range(self.random.randint(0, 2)):
                name = self.random.choice(["description", "og:description", "author", "refresh", "og:title"])
                content = " ".join(self.words())
                parts.append(self.tag("meta", **{key.replace("-", "_"): name, "content": content}))
                self.facts.meta.append((name, content))
        contents = dict(reversed(self.facts.meta))
        self.facts.description = contents.get("description", contents.get("og:description"))
        if self.maybe(0.3):
            reference = self.random.choice(["/base/", "https://base.example/x/", "sub/"])
            parts.append(self.tag("base", href=reference))
            self.base = resolved(self.url, reference)
        if self.maybe(0.4):
            reference = self.random.choice(REFERENCES)
            parts.append(self.tag("link", rel="canonical", href=reference))
            self.facts.canonical = resolved(self.base, reference)
        for _ in range(self.random.randint(0, 2)):
            source = json.dumps({"@type": "Thing", "name": self.random.choice(WORDS)}, ensure_ascii=False)
            parts.append(self.tag("script", type="application/ld+json") + source + self.end("script"))
            self.facts.json_ld.append(source)
        return self.blank(0).join(parts)

    def document(self) -> Document:
        head = self.head()
        body, lines = self.blocks(0)
        self.facts.text = "\n".join(lines)
        self.facts.links = [(resolved(self.base, url), text, rel) for url, text, rel in self.facts.links]
        html = "<!DOCTYPE html>" if self.maybe(0.7) else ""
        if self.maybe(0.7):
            self.facts.lang = self.random.choice(["en", "pt-BR", "ja"])
            html += self.tag("html", lang=self.facts.lang)
        if self.maybe(0.5):
            html += f"<head>{head}</head><body>{body}</body></html>"
        else:
            html += f"{head}<body>{body}"
        return Document(html, self.url, self.facts)


def generate(seed: int) -> Document:
    """The document of this seed, the same on every machine."""
    return Generator(seed).document()
