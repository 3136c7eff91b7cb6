"""Which network addresses a fetch may reach: tables of special-purpose blocks, and one pure function over them.

The tables follow the IANA IPv4 and IPv6 Special-Purpose Address Registries. `ipaddress.is_global` is not used: it calls
64:ff9b::7f00:1 (NAT64 for 127.0.0.1), 2002:7f00:1:: (6to4 for the same) and 224.0.0.1 global.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Category = Literal["public", "loopback", "private", "link-local", "cgnat", "multicast", "reserved", "metadata"]

# Reachable only from within: what `allow_private=True` opens.
PRIVATE_CATEGORIES: frozenset[Category] = frozenset({"loopback", "private", "link-local", "cgnat"})

_IPV4: tuple[tuple[str, Category], ...] = (
    ("0.0.0.0/8", "reserved"),  # RFC 791 "this network"; 0.0.0.0 itself reaches the local host on Linux
    ("10.0.0.0/8", "private"),  # RFC 1918
    ("100.64.0.0/10", "cgnat"),  # RFC 6598
    ("127.0.0.0/8", "loopback"),  # RFC 1122
    ("169.254.0.0/16", "link-local"),  # RFC 3927
    ("172.16.0.0/12", "private"),  # RFC 1918
    ("192.0.0.0/24", "reserved"),  # RFC 6890 protocol assignments
    ("192.0.2.0/24", "reserved"),  # RFC 5737 documentation
    ("192.31.196.0/24", "reserved"),  # RFC 7535 AS112
    ("192.52.193.0/24", "reserved"),  # RFC 7450 AMT
    ("192.88.99.0/24", "reserved"),  # RFC 7526 6to4 relays
    ("192.168.0.0/16", "private"),  # RFC 1918
    ("192.175.48.0/24", "reserved"),  # RFC 7534 AS112
    ("198.18.0.0/15", "private"),  # RFC 2544 benchmarking, used inside networks
    ("198.51.100.0/24", "reserved"),  # RFC 5737 documentation
    ("203.0.113.0/24", "reserved"),  # RFC 5737 documentation
    ("224.0.0.0/4", "multicast"),  # RFC 5771
    ("240.0.0.0/4", "reserved"),  # RFC 1112, and 255.255.255.255
)

_IPV6: tuple[tuple[str, Category], ...] = (
    ("::1/128", "loopback"),  # RFC 4291
    ("fc00::/7", "private"),  # RFC 4193 unique local
    ("fe80::/10", "link-local"),  # RFC 4291
    ("fec0::/10", "private"),  # RFC 3879 site-local, deprecated but still routed in places
    ("ff00::/8", "multicast"),  # RFC 4291
    ("64:ff9b:1::/48", "private"),  # RFC 8215 NAT64 of a network's own, leads to its IPv4
    ("2001::/23", "reserved"),  # RFC 2928 protocol assignments: Teredo, ORCHID, benchmarking
    ("2001:db8::/32", "reserved"),  # RFC 3849 documentation
    ("2002::/16", "reserved"),  # RFC 3056 6to4: carries an IPv4 address past the table above; deprecated by RFC 7526
    ("2620:4f:8000::/48", "reserved"),  # RFC 7534 AS112
    ("3fff::/20", "reserved"),  # RFC 9637 documentation
)

# Whatever else is not global unicast (RFC 4291 section 2.4) is reserved: "::", IPv4-compatible ::/96, 100::/64, 5f00::/16.
_GLOBAL_UNICAST = IPv6Network("2000::/3")

# IPv6 that stands for an IPv4 address: judged as that one. ::ffff:0:0/96 (RFC 4291) and 64:ff9b::/96 (RFC 6052).
_EMBEDDING = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))

# Services that hand out a machine's credentials to whoever asks. Open only where named one by one.
_METADATA: frozenset[Address] = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",  # AWS, Azure, Google Cloud, Oracle, DigitalOcean, OpenStack and others
        "169.254.170.2",  # AWS ECS task credentials
        "169.254.170.23",  # AWS EKS pod identity
        "169.254.42.42",  # Scaleway
        "169.254.0.23",  # Tencent Cloud
        "100.100.100.200",  # Alibaba Cloud
        "168.63.129.16",  # Azure's host agent: a public address that only its machines reach
        "192.0.0.192",  # Oracle Cloud, first generation
        "fd00:ec2::254",  # AWS over IPv6
        "fd00:ec2::23",  # AWS EKS pod identity over IPv6
        "fd20:ce::254",  # Google Cloud over IPv6
        "fd00:c1::a9fe:a9fe",  # Oracle Cloud over IPv6
        "fd00:42::42",  # Scaleway over IPv6
    )
)


def _table(rows: tuple[tuple[str, Category], ...]) -> tuple[tuple[int, int, Category], ...]:
    """Rows as (first, last, category) integers, which compare many times faster than network objects."""
    networks = ((ip_network(block), category) for block, category in rows)
    return tuple((int(net.network_address), int(net.broadcast_address), category) for net, category in networks)


_IPV4_RANGES = _table(_IPV4)
_IPV6_RANGES = _table(_IPV6)


def unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped or NAT64 address stands for, any other as it is, without a zone."""
    if isinstance(address, IPv4Address):
        return address
    value = int(address)
    if any(address in block for block in _EMBEDDING):
        return IPv4Address(value & 0xFFFFFFFF)
    return IPv6Address(value)


def categorize(address: Address) -> Category:
    """What kind of address this is. One with a zone id (`fe80::1%eth0`) is link-local whatever its bits say."""
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return "link-local"
    address = unwrap(address)
    if address in _METADATA:
        return "metadata"
    value = int(address)
    ranges = _IPV4_RANGES if isinstance(address, IPv4Address) else _IPV6_RANGES
    for first, last, category in ranges:
        if first <= value <= last:
            return category
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "reserved"
    return "public"


def judge(address: Address, allow: bool | Sequence[Network] = False) -> str | None:
    """None where the address may be reached, otherwise the rule against it, as the end of a sentence.

    `allow` is True for everything private (loopback, private, link-local, CGNAT) or the networks that are open beyond the
    public ones. A metadata address is open only where a network of that one address is named. Multicast never is.
    """
    category = categorize(address)
    if category == "public":
        return None
    plain = unwrap(address)
    rule = f"{address} is a {category} address" + (f" ({plain})" if str(plain) != str(address) else "")
    if category == "multicast":
        return rule
    if isinstance(allow, bool):
        return None if allow and category in PRIVATE_CATEGORIES else rule
    for network in allow:
        named = category != "metadata" or network.num_addresses == 1
        if named and network.version == plain.version and plain in network:
            return None
    return rule
