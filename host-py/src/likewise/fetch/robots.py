"""robots.txt (RFC 9309): which paths of a site a crawler may ask for."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

# RFC 9309 section 2.5 asks crawlers to read at least 500 KiB.
MAX_BYTES = 500 * 1024

# RFC 9309 section 2.4: not to be kept longer than a day.
MAX_AGE = 24 * 3600.0

# RFC 9309 section 2.3.1.2: at least five redirects are followed.
MAX_REDIRECTS = 5

# What comparing a path with the patterns that have a "*" may cost: the characters of each one's longest part times those of the path, a
# tenth of a second at most. 500 KiB of patterns pass with a path of 260 characters. Without a limit, they cost seconds for each long path.
MAX_WORK = 1 << 27

# Rules kept for all sites together, some 60 MB. A site may have 60,000.
MAX_RULES = 500_000

_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TOKEN = re.compile(r"[a-zA-Z_-]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: a path pattern and whether it allows."""

    pattern: str
    allow: bool

    def matches(self, path: str) -> bool:
        """Whether a normalised path with its query falls under the pattern ("*" any run, a final "$" the end)."""
        pattern = self.pattern
        anchored = pattern.endswith("$")
        parts = (pattern[:-1] if anchored else pattern).split("*")
        if not path.startswith(parts[0]):
            return False
        position = len(parts[0])
        if len(parts) == 1:
            return not anchored or position == len(path)
        for part in parts[1:-1]:
            found = path.find(part, position)
            if found < 0:
                return False
            position = found + len(part)
        if anchored:
            return len(path) - len(parts[-1]) >= position and path.endswith(parts[-1])
        return path.find(parts[-1], position) >= 0


@dataclass(frozen=True)
class Robots:
    """The rules that hold for one crawler at one site, in the order in which they decide.

    Attributes:
        rules: the longest pattern first; of two as long, the one that allows.
        wild: what comparing them with one character of a path may cost: the characters of the longest part of each that has a "*".
    """

    rules: tuple[Rule, ...]
    wild: int = 0

    @classmethod
    def parse(cls, content: bytes, product: str) -> Robots:
        """The rules for the product token `product`: those of its groups together, otherwise those for "*"."""
        text = content[:MAX_BYTES].decode("utf-8-sig", errors="replace")
        product = product.lower()
        own: list[Rule] = []
        common: list[Rule] = []
        named = False
        groups: list[list[Rule]] = []
        in_names = False
        for key, value in _fields(text):
            if key == "user-agent":
                if not in_names:
                    groups = []
                    in_names = True
                token = _TOKEN.match(value)
                if value.startswith("*"):
                    group = common
                elif token is not None and token.group().lower() == product:
                    named = True
                    group = own
                else:
                    continue
                # Said a thousand times, it is said once: otherwise each rule that follows would be kept a thousand times.
                if not any(group is other for other in groups):
                    groups.append(group)
            elif key in ("allow", "disallow"):
                in_names = False
                if value:  # an empty pattern matches nothing
                    for group in groups:
                        group.append(Rule(_normalize(value), key == "allow"))
        rules = sorted(dict.fromkeys(own if named else common), key=lambda rule: (-len(rule.pattern), not rule.allow))
        return cls(tuple(rules), sum(max(map(len, rule.pattern.split("*"))) for rule in rules if "*" in rule.pattern))

    def can_judge(self, path: str) -> bool:
        """Whether comparing a path with the patterns stays within `MAX_WORK`."""
        return self.wild * len(path) <= MAX_WORK

    def allows(self, path: str) -> bool:
        """Whether a path with its query may be asked for: the longest matching pattern decides, allow on a tie.

        One that cannot be judged may not.
        """
        if path == "/robots.txt":
            return True
        if not self.can_judge(path):
            return False
        path = _normalize(path)
        return next((rule.allow for rule in self.rules if rule.matches(path)), True)


EVERYTHING = Robots(())
"""No robots.txt: all is allowed."""

NOTHING = Robots((Rule("/", False),))
"""A robots.txt that cannot be had: nothing is."""


def _fields(text: str) -> Iterable[tuple[str, str]]:
    for line in re.split(r"[\r\n]+", text):
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _normalize(path: str) -> str:
    """RFC 9309 section 2.2.2: octets compared after undoing needless percent-encoding and adding what is needed."""

    def undo(match: re.Match[str]) -> str:
        character = chr(int(match.group(1), 16))
        return character if character in _UNRESERVED else match.group().upper()

    return "".join(
        character if character.isascii() else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in _ESCAPE.sub(undo, path)
    )


class RobotsCache:
    """The rules of the sites met, each for at most a day. Safe to use from several threads."""

    def __init__(self, capacity: int = 4096) -> None:
        self._capacity = capacity
        self._known: dict[str, tuple[float, Robots]] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, origin: str) -> Robots | None:
        """The rules of an origin, None where they are to be asked for."""
        entry = self._known.get(origin)
        if entry is None or entry[0] < time.monotonic():
            return None
        return entry[1]

    def put(self, origin: str, rules: Robots) -> None:
        """Keep the rules of an origin. Those met first make room."""
        with self._lock:
            self._drop(origin)
            while self._known and (len(self._known) >= self._capacity or self._size + len(rules.rules) > MAX_RULES):
                self._drop(next(iter(self._known)))
            self._known[origin] = (time.monotonic() + MAX_AGE, rules)
            self._size += len(rules.rules)

    def _drop(self, origin: str) -> None:
        entry = self._known.pop(origin, None)
        if entry is not None:
            self._size -= len(entry[1].rules)
