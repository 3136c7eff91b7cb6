"""The URL of a request, taken apart strictly.

The guest parses URLs by the WHATWG rules and hands over what those rules produce. It is not trusted, so what arrives is
checked against that narrow form here, and anything a lenient parser could read differently is refused.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}

# scheme://host[:port][/path][?query], printable ASCII, no user information, fragment, backslash or space, nor < > " `.
_URL = re.compile(r"(https?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?)(?:[/?][!$-;=?-\[\]^_a-~]*)?", re.ASCII)
_ORIGIN = re.compile(r"(https?)://(\[[^\]]*\]|[^:]*)(?::([0-9]*))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Target:
    """Where a request goes.

    Attributes:
        scheme: "http" or "https".
        host: lower case, no trailing dot, an IPv6 address without brackets.
        port: the port number, the scheme's own where the URL has none.
        literal: whether the host is an IP address.
    """

    scheme: str
    host: str
    port: int
    literal: bool

    @functools.cached_property
    def origin(self) -> str:
        """`scheme://host:port`, the same for every spelling."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def parse_target(url: str) -> Target:
    """Take a request's URL apart. Raises ValueError, saying why, for anything but the plain form."""
    match = _URL.fullmatch(url)
    if match is None:
        raise ValueError(
            "a request needs a URL of the form http[s]://host[:port][/path][?query] in printable ASCII, "
            f"without user name, fragment, backslash or space, not {shorten(url)!r}"
        )
    try:
        return _target(match[1])
    except ValueError as error:
        raise ValueError(f"{error}: {shorten(url)!r}") from None


# A crawl asks the same hosts again and again, and judging a name costs as much as all the rest of a request's preparation.
@functools.lru_cache(maxsize=4096)
def _target(origin: str) -> Target:
    match = _ORIGIN.fullmatch(origin)
    assert match is not None  # it is the beginning of a URL that was
    scheme, host, port_text = match.groups()
    port = int(port_text) if port_text else DEFAULT_PORTS[scheme]
    if not 1 <= port <= 65535:
        raise ValueError(f"port {port} is outside 1 to 65535")
    if host.startswith("["):
        try:
            return Target(scheme, str(IPv6Address(host[1:-1])), port, True)
        except ValueError:
            raise ValueError(f"{host} is not an IPv6 address") from None
    name = host.removesuffix(".")
    labels = name.split(".")
    # The URL standard takes any host whose last label is a number for an IPv4 address; resolvers then accept octal, hex and
    # short forms of it. Only the one form with four decimal parts is let through.
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return Target(scheme, str(IPv4Address(name)), port, True)
        except ValueError:
            raise ValueError(f"the host {shorten(host)!r} is a number but not four decimal parts") from None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{shorten(host)!r} is not a host name")
    return Target(scheme, name, port, False)


def shorten(text: str, limit: int = 200) -> str:
    """A text for a message: cut where it is long."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
