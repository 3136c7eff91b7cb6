"""Which proxy a request goes through: the one given, those of the environment, or none."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from likewise.fetch.target import Target

_PRINTABLE = re.compile(r"[!-~]*")

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
            for name in ("http", "https", "all"):
                if not _PRINTABLE.fullmatch(self._environment.get(name, "")):
                    raise ValueError(
                        f"{name}_proxy of the environment is not a URL in printable ASCII: mend it, or give proxy='' to go without"
                    )
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
        if not proxy or _is_loopback(target) or _is_excepted(target, environment.get("no", "")):
            return ""
        return proxy if "://" in proxy else f"http://{proxy}"


def _check(proxy: str) -> None:
    try:
        parts = urlsplit(proxy)
        if _PRINTABLE.fullmatch(proxy) and parts.scheme in _SCHEMES and parts.hostname and parts.port != 0:
            return
    except ValueError:  # a port or an address that is none
        pass
    shown = re.sub(r"(?s)//.*@", "//…@", proxy)  # a password is for nobody's log
    raise ValueError(f"proxy takes a URL in ASCII such as 'http://host:3128' ({', '.join(_SCHEMES)}), not {shown!r}")


def _is_loopback(target: Target) -> bool:
    if target.literal:
        return ip_address(target.host).is_loopback
    return target.host == "localhost" or target.host.endswith(".localhost")


def _is_excepted(target: Target, exceptions: str) -> bool:
    """Whether `no_proxy` names a target: "*", a host with all below it, host:port, an address or a network."""
    for entry in (part.strip().lower() for part in exceptions.split(",")):
        if entry == "*":
            return True
        host, colon, port = entry.rpartition(":")
        if colon and port.isdigit() and (":" not in host or host.startswith("[")):
            if int(port) != target.port:
                continue
            entry = host
        entry = entry.strip("[]").lstrip("*").lstrip(".")
        if entry and (target.host == entry or target.host.endswith("." + entry)):
            return True
        if target.literal and entry:
            try:
                if ip_address(target.host) in ip_network(entry, strict=False):
                    return True
            except ValueError:  # a name
                continue
    return False
