"""The policy's own rules and their input."""

from __future__ import annotations

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
        ({"allow_private": "10.0.0.0/8"}, TypeError, "list of networks"),
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
