"""What a fetch may do: hosts, addresses, sizes, times and manners. The host enforces it, whatever the guest asks."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from ipaddress import IPv6Address, ip_address, ip_network

from likewise.fetch.address import Address, Network, judge, unwrap

MIB = 1024 * 1024


@dataclass(frozen=True)
class Policy:
    """What a fetch may do. The default reaches public addresses only.

    Attributes:
        allow_hosts: host names that may be asked; None for any. "example.com" is that name, "*.example.com" every name
            below it. Listing a name does not open a private address behind it.
        deny_hosts: host names that may not, in the same form; an address denies what resolves to it, too. Stronger than `allow_hosts`.
        allow_private: False for public addresses only; True opens loopback, private, link-local and CGNAT addresses; a list
            such as ["10.0.0.0/8", "127.0.0.1"] opens those networks. Cloud metadata addresses stay closed unless one is
            listed by itself.
        schemes: of "http" and "https", those allowed.
        ports: port numbers that may be asked; None for any.
        max_redirects: redirects followed for one URL.
        max_bytes: content of one response on the wire, in bytes.
        max_decoded_bytes: content of one response after gzip, br or zstd is undone, in bytes.
        timeout: seconds for one request, from its start to the last byte: looking its name up, robots.txt and retries included.
            Waiting for a turn under `max_per_host` or `rate_per_host` does not count, nor does decoding.
        max_concurrency: requests in flight at once.
        max_per_host: requests in flight at once to one host (name and port); None for no limit of its own.
        rate_per_host: requests started a second to one host; None for no limit.
        respect_robots: whether to ask for robots.txt (RFC 9309) first and keep to it.
        retries: further attempts after a connection that could not be made, or a 429 or 503 with `Retry-After`.

    Responses that are unfinished, or not handed over yet, hold at most `max_concurrency * max_bytes` of memory; one at a time is
    decoded.
    """

    allow_hosts: Sequence[str] | None = None
    deny_hosts: Sequence[str] = ()
    allow_private: bool | Sequence[str | Network] = False
    schemes: Sequence[str] = ("http", "https")
    ports: Sequence[int] | None = None
    max_redirects: int = 10
    # Browsers and crawlers stop in this region: Googlebot reads 2 MB of HTML, Scrapy 1 GB, browsers keep going.
    max_bytes: int = 16 * MIB
    max_decoded_bytes: int = 64 * MIB
    timeout: float = 30.0
    # Half of the usual limit of 1024 open files.
    max_concurrency: int = 512
    max_per_host: int | None = None
    rate_per_host: float | None = None
    respect_robots: bool = False
    retries: int = 2

    _networks: bool | tuple[Network, ...] = field(init=False, repr=False, compare=False, default=False)
    _verdicts: dict[str, str | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "allow_hosts", None if self.allow_hosts is None else _patterns("allow_hosts", self.allow_hosts))
        put(self, "deny_hosts", _patterns("deny_hosts", self.deny_hosts))
        put(self, "schemes", _schemes(self.schemes))
        put(self, "ports", None if self.ports is None else tuple(self.ports))
        if not isinstance(self.allow_private, bool):
            networks = _networks(self.allow_private)
            put(self, "allow_private", tuple(str(network) for network in networks))
            put(self, "_networks", networks)
        else:
            put(self, "_networks", self.allow_private)
        for name, most in _WHOLE.items():
            _whole(name, getattr(self, name), most)
        for name in ("max_bytes", "max_decoded_bytes", "timeout", "max_concurrency"):
            _positive(name, getattr(self, name))
        for name in ("max_per_host", "rate_per_host"):
            if getattr(self, name) is not None:
                _positive(name, getattr(self, name))
        for name in ("max_redirects", "retries"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more, not {getattr(self, name)!r}")

    def __reduce__(self) -> tuple[object, ...]:
        # Without this, the memo of verdicts would travel with a pickle.
        return (_rebuild, (type(self), {field.name: getattr(self, field.name) for field in fields(self) if field.init}))

    def judge_target(self, scheme: str, host: str, port: int) -> str | None:
        """None where a request to this scheme, host and port may be made as far as names go, otherwise the rule against."""
        if scheme not in self.schemes:
            return f"the scheme {scheme!r} is not among {', '.join(self.schemes)}"
        if self.ports is not None and port not in self.ports:
            return f"port {port} is not among {', '.join(map(str, self.ports))}"
        for pattern in self.deny_hosts:
            if _matches(pattern, host):
                return f"the host {host!r} is denied by {pattern!r}"
        if self.allow_hosts is not None and not any(_matches(pattern, host) for pattern in self.allow_hosts):
            return f"the host {host!r} is not among the allowed hosts"
        return None

    def judge_address(self, address: str | Address) -> str | None:
        """None where a socket to this address may be opened, otherwise the rule against it."""
        key = str(address)
        try:
            return self._verdicts[key]
        except KeyError:
            pass
        try:
            verdict = self._judge(ip_address(key))
        except ValueError:
            verdict = f"{key!r} is not an IP address"
        if len(self._verdicts) >= 4096:  # keeps a long crawl's memory flat
            self._verdicts.clear()
        self._verdicts[key] = verdict
        return verdict

    def _judge(self, address: Address) -> str | None:
        plain = str(unwrap(address))
        if plain in self.deny_hosts:
            return f"{address} is denied by {plain!r}"
        return judge(address, self._networks)


def _rebuild(kind: type[Policy], values: dict[str, object]) -> Policy:
    return kind(**values)  # type: ignore[arg-type]  # the fields of a Policy, checked again by its constructor


# What libcurl and the contract can hold.
_WHOLE = {"max_bytes": 2**63 - 1, "max_decoded_bytes": 2**63 - 2, "max_concurrency": 2**31 - 1, "max_redirects": 2**32 - 1}


def _whole(name: str, value: int, most: int) -> None:
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number > most:
        raise ValueError(f"{name} must be at most {most}, not {value!r}")


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f"{name} must be more than 0, not {value!r}")


def _schemes(schemes: Iterable[str]) -> tuple[str, ...]:
    if isinstance(schemes, str):
        raise TypeError(f"schemes takes a list such as ['https'], not the string {schemes!r}")
    result = tuple(scheme.lower() for scheme in schemes)
    for scheme in result:
        if scheme not in ("http", "https"):
            raise ValueError(f"schemes can hold 'http' and 'https', not {scheme!r}")
    return result


def _patterns(name: str, patterns: Iterable[str]) -> tuple[str, ...]:
    if isinstance(patterns, str):
        raise TypeError(f"{name} takes a list of host names such as [{patterns!r}], not a string")
    return tuple(_pattern(name, pattern) for pattern in patterns)


# A host in the form that URLs end up in: nothing to do. A last label of digits could be a way to write an address.
_PLAIN = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z_][a-z0-9_-]*", re.ASCII)


def _pattern(name: str, pattern: str) -> str:
    prefix, host = ("*.", pattern[2:]) if pattern.startswith("*.") else ("", pattern)
    host = host.strip("[]").removesuffix(".")
    host = host.lower() if host.isascii() else host
    if not _PLAIN.fullmatch(host):
        try:
            host = _normal(host)
        except ValueError:
            raise ValueError(f"{name} takes 'example.com' or '*.example.com', not {pattern!r}") from None
    return prefix + host


def _normal(host: str) -> str:
    """A host as the guest writes it, whose URLs it is compared with: by rules of its own, another name could be denied than is asked."""
    if ":" in host:
        return str(IPv6Address(host))
    if not host or any(character in host for character in "*/\\?#@ "):
        raise ValueError(host)
    from likewise._engine import component
    from likewise.errors import ComponentError

    try:
        return str(component().scraper.parse_url(f"http://{host}/").domain).removesuffix(".")
    except ComponentError:
        raise ValueError(host) from None


def _matches(pattern: str, host: str) -> bool:
    """Whether a host (lower case, no trailing dot) is that of a pattern."""
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern


def _networks(items: Iterable[str | Network]) -> tuple[Network, ...]:
    if isinstance(items, str):
        raise TypeError(f"allow_private takes True, False or a list of networks such as [{items!r}], not a string")
    networks = []
    for item in items:
        try:
            networks.append(ip_network(item))
        except ValueError as error:
            raise ValueError(f"allow_private takes networks such as '10.0.0.0/8': {error}") from None
    return tuple(networks)
