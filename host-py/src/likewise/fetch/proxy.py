"""Which proxy a request goes through: the one given, those of the environment, or none."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment

from likewise.fetch.target import Target

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


class ProxyChoice:
    """The proxy for each target.

    Args:
        proxy: a proxy's URL for every request, "" for none at all, None for what `http_proxy`, `https_proxy`, `all_proxy` and
            `no_proxy` say at this moment. From the environment, loopback hosts are never proxied.
    """

    def __init__(self, proxy: str | None) -> None:
        self._fixed = proxy
        self._environment: dict[str, str] = {}
        if proxy is None:
            self._environment = getproxies_environment()
        elif proxy:
            _check(proxy)

    def of(self, target: Target) -> str:
        """The proxy's URL for this target, "" for none."""
        if self._fixed is not None:
            return self._fixed
        environment = self._environment
        if not environment:
            return ""
        proxy = environment.get(target.scheme) or environment.get("all") or ""
        if not proxy or _is_loopback(target) or proxy_bypass_environment(f"{target.host}:{target.port}", environment):
            return ""
        return proxy if "://" in proxy else f"http://{proxy}"


def _check(proxy: str) -> None:
    parts = urlsplit(proxy)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError(f"proxy takes a URL such as 'http://host:3128' ({', '.join(_SCHEMES)}), not {proxy!r}")


def _is_loopback(target: Target) -> bool:
    if target.literal:
        return ip_address(target.host).is_loopback
    return target.host == "localhost" or target.host.endswith(".localhost")
