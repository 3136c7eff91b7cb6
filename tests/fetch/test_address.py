"""Which addresses may be reached: every block of the registries, at both of its ends and just beyond."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likewise.fetch.address import categorize, judge, unwrap
from likewise.fetch.policy import Policy

BLOCKS = [
    ("0.0.0.0/8", "reserved"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "cgnat"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "reserved"),
    ("192.31.196.0/24", "reserved"),
    ("192.52.193.0/24", "reserved"),
    ("192.88.99.0/24", "reserved"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "reserved"),
    ("198.18.0.0/15", "private"),
    ("198.51.100.0/24", "reserved"),
    ("203.0.113.0/24", "reserved"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::1/128", "loopback"),
    ("::/128", "reserved"),
    ("::8.8.8.8/128", "reserved"),
    ("64:ff9b:1::/48", "private"),
    ("100::/64", "reserved"),
    ("2001::/32", "reserved"),
    ("2001:2::/48", "reserved"),
    ("2001:20::/28", "reserved"),
    ("2001:db8::/32", "reserved"),
    ("2002::/16", "reserved"),
    ("2620:4f:8000::/48", "reserved"),
    ("3fff::/20", "reserved"),
    ("4000::/3", "reserved"),
    ("5f00::/16", "reserved"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private"),
    ("ff00::/8", "multicast"),
]

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255",
    "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2606:4700::1111", "2a00:1450:4001::1",
    "2003::1", "3ffe:ffff::1",
]  # fmt: skip

METADATA = [
    "169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192",
    "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
]  # fmt: skip


@pytest.mark.parametrize(("block", "category"), BLOCKS)
def test_both_ends_of_a_block(block: str, category: str) -> None:
    network = ip_network(block)
    for address in (network.network_address, network.broadcast_address):
        assert categorize(address) == category
        assert judge(address) is not None


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert categorize(ip_address(address)) == "public"
    assert judge(ip_address(address)) is None


@pytest.mark.parametrize(("block", "category"), BLOCKS[:18])
@pytest.mark.parametrize("form", ["::ffff:{}", "64:ff9b::{}"])
def test_ipv4_in_ipv6_is_judged_as_what_it_stands_for(block: str, category: str, form: str) -> None:
    address = ip_address(form.format(ip_network(block).network_address))
    assert categorize(address) == category


@pytest.mark.parametrize("form", ["::ffff:{}", "64:ff9b::{}"])
def test_public_ipv4_in_ipv6_is_public(form: str) -> None:
    assert judge(ip_address(form.format("8.8.8.8"))) is None


@pytest.mark.parametrize("address", ["2002:7f00:1::", "2002:808:808::1", "2001:0:808:808::1", "::127.0.0.1", "::8.8.8.8"])
def test_tunnels_are_closed_whatever_they_carry(address: str) -> None:
    assert judge(ip_address(address), True) is not None


def test_zone_makes_an_address_link_local() -> None:
    assert categorize(ip_address("fe80::1%eth0")) == "link-local"
    assert categorize(ip_address("2606:4700::1111%1")) == "link-local"
    assert judge(ip_address("fe80::1%eth0"), [ip_network("fe80::/10")]) is None


@pytest.mark.parametrize("address", METADATA)
def test_metadata_is_closed_until_named_by_itself(address: str) -> None:
    parsed = ip_address(address)
    plain = unwrap(parsed)
    assert judge(parsed) is not None
    assert judge(parsed, True) is not None
    assert judge(parsed, [ip_network("0.0.0.0/0"), ip_network("::/0")]) is not None
    assert judge(parsed, [ip_network(plain)]) is None


def test_true_opens_what_is_private_and_no_more() -> None:
    for block, category in BLOCKS:
        opened = judge(ip_network(block).network_address, True) is None
        assert opened == (category in ("loopback", "private", "link-local", "cgnat")), block


def test_networks_open_themselves_and_no_more() -> None:
    allowed = [ip_network("127.0.0.0/8"), ip_network("fd00::/8")]
    assert judge(ip_address("127.0.0.1"), allowed) is None
    assert judge(ip_address("::ffff:127.0.0.1"), allowed) is None
    assert judge(ip_address("fd12::1"), allowed) is None
    assert judge(ip_address("10.0.0.1"), allowed) is not None
    assert judge(ip_address("::1"), allowed) is not None
    assert judge(ip_address("224.0.0.1"), [ip_network("224.0.0.0/4")]) is not None


@given(st.ip_addresses())
def test_nothing_that_the_standard_library_calls_private_is_public(address: object) -> None:
    parsed = ip_address(str(address))
    plain = unwrap(parsed)
    if judge(parsed) is None:
        assert plain.is_global or str(plain) in ("192.0.0.9", "192.0.0.10"), parsed
        assert not plain.is_multicast


def test_a_rule_names_the_address_and_its_kind() -> None:
    assert judge(ip_address("127.0.0.1")) == "127.0.0.1 is a loopback address"
    assert judge(ip_address("64:ff9b::7f00:1")) == "64:ff9b::7f00:1 is a loopback address (127.0.0.1)"


def test_policy_keeps_its_verdicts() -> None:
    policy = Policy()
    assert policy.judge_address("127.0.0.1") == policy.judge_address("127.0.0.1") == "127.0.0.1 is a loopback address"
    assert policy.judge_address("1.1.1.1") is None
    assert policy.judge_address("not an address") is not None
