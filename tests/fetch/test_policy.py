"""The policy's own rules and their input."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import Any

import pytest

from likewise.fetch.policy import Policy


def test_hosts() -> None:
    policy = Policy(allow_hosts=["example.com", "*.Example.org.", "bücher.example"], deny_hosts=["bad.example.org"])
    assert policy.judge_target("https", "example.com", 443) is None
    assert policy.judge_target("https", "a.b.example.org", 443) is None
    assert policy.judge_target("https", "xn--bcher-kva.example", 443) is None
    for host in ("www.example.com", "example.org", "notexample.com", "bad.example.org", "example.com.evil.test"):
        assert policy.judge_target("https", host, 443) is not None, host


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        # IDNA 2003, Python's own, makes "strasse.test" of the first two: another name, which may be another's.
        ("straße.test", "xn--strae-oqa.test"),
        ("*.Straße.test", "a.xn--strae-oqa.test"),
        ("βόλος.test", "xn--nxasmm1c.test"),
        ("ΒΌΛΟΣ", "xn--nxasmq6b"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("[0:0::0:1]", "::1"),
        ("2001:DB8::0:A", "2001:db8::a"),
        ("example.com.", "example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"),
    ],
)
def test_a_pattern_means_the_host_that_a_url_of_it_has(pattern: str, host: str) -> None:
    assert Policy(deny_hosts=[pattern]).judge_target("http", host, 80) is not None
    assert Policy(allow_hosts=[pattern]).judge_target("http", host, 80) is None


def test_a_denied_address_is_denied_behind_a_name_and_in_disguise() -> None:
    policy = Policy(allow_private=["10.0.0.0/8"], deny_hosts=["10.0.0.5", "93.184.216.34"])
    for address in ("10.0.0.5", "::ffff:10.0.0.5", "64:ff9b::a00:5", "93.184.216.34"):
        assert "denied by" in str(policy.judge_address(address)), address
    assert policy.judge_address("10.0.0.6") is None and policy.judge_address("8.8.8.8") is None


def test_schemes_and_ports() -> None:
    policy = Policy(schemes=["HTTPS"], ports=[443, 8443])
    assert policy.judge_target("https", "example.com", 8443) is None
    assert "scheme" in str(policy.judge_target("http", "example.com", 443))
    assert "port 80" in str(policy.judge_target("https", "example.com", 80))


def test_networks() -> None:
    policy = Policy(allow_private=["10.0.0.0/8", "127.0.0.1"])
    assert policy.judge_address("10.255.0.1") is None
    assert policy.judge_address("127.0.0.1") is None
    assert policy.judge_address("127.0.0.2") is not None


@pytest.mark.parametrize(
    ("fields", "error", "words"),
    [
        ({"allow_hosts": "example.com"}, TypeError, "list of host names"),
        ({"deny_hosts": ["http://example.com/"]}, ValueError, "takes 'example.com'"),
        ({"deny_hosts": [""]}, ValueError, "takes 'example.com'"),
        ({"deny_hosts": ["example.com:80"]}, ValueError, "'example.com:80'"),
        ({"deny_hosts": ["example.com#x"]}, ValueError, "'example.com#x'"),
        ({"deny_hosts": ["300.1.1.1"]}, ValueError, "'300.1.1.1'"),
        ({"allow_hosts": ["*.*.test"]}, ValueError, "'[*].[*].test'"),
        ({"allow_private": "10.0.0.0/8"}, TypeError, "list of networks"),
        ({"max_bytes": 1.5}, TypeError, "whole number"),
        ({"max_concurrency": math.inf}, TypeError, "whole number"),
        ({"max_decoded_bytes": 2**64}, ValueError, "at most"),
        ({"allow_private": ["10.0.0.1/8"]}, ValueError, "host bits"),
        ({"allow_private": ["ten"]}, ValueError, "'ten'"),
        ({"schemes": ["ftp"]}, ValueError, "'ftp'"),
        ({"schemes": "https"}, TypeError, "list"),
        ({"timeout": 0}, ValueError, "timeout"),
        ({"max_bytes": -1}, ValueError, "max_bytes"),
        ({"max_concurrency": 0}, ValueError, "max_concurrency"),
        ({"rate_per_host": 0}, ValueError, "rate_per_host"),
        ({"max_redirects": -1}, ValueError, "max_redirects"),
    ],
)
def test_bad_fields_are_named(fields: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        Policy(**fields)


def test_a_policy_is_a_value() -> None:
    policy = Policy(allow_private=["10.0.0.0/8"], deny_hosts=["a.test"])
    policy.judge_address("10.0.0.1")
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert replace(policy, timeout=1).judge_address("10.0.0.1") is None
    assert policy != replace(policy, timeout=1)
    with pytest.raises(AttributeError):
        policy.timeout = 3  # type: ignore[misc]  # what is tested
