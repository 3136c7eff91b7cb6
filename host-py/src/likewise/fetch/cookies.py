"""How many cookies are kept.

libcurl keeps whatever it is given, and looks through all of a site's for each that it sets: a server that sets 50 with each answer
takes memory without end, and after a thousand answers a tenth of a second for each.
"""

from __future__ import annotations

import threading
from collections import Counter

import pycurl

# Cookies of one host: Chrome's limit. RFC 6265 section 6.1 asks for 50.
MAX_PER_HOST = 180

# Cookies of all hosts whose names have the last two labels in common: names below one's own cost nothing.
MAX_PER_SITE = 1000

# Lines of header between counts, which bounds the cookies that are set meanwhile; more where there are many to count.
_INTERVAL = 2000


class CookieLimits:
    """Takes cookies out of the jar that a share holds where one host has too many. Safe to use from several threads."""

    def __init__(self, share: pycurl.CurlShare) -> None:
        # A handle that has just received 50 cookies takes no more.
        self._curl = pycurl.Curl()
        self._curl.setopt(pycurl.SHARE, share)
        self._curl.setopt(pycurl.COOKIEFILE, "")
        self._lines = 0
        self._interval = _INTERVAL
        self._lock = threading.Lock()

    def heed(self, lines: int) -> None:
        """Count from time to time. So many lines of header have been received, each of which may have set a cookie."""
        self._lines += lines
        if self._lines < self._interval or not self._lock.acquire(blocking=False):
            return
        try:
            self._lines = 0
            cookies = self._curl.getinfo_raw(pycurl.INFO_COOKIELIST)
            expired = _beyond(cookies)
            self._interval = max(_INTERVAL, 2 * (len(cookies) - len(expired)))
            for cookie in expired:
                self._curl.setopt(pycurl.COOKIELIST, cookie)
        finally:
            self._lock.release()


def _beyond(cookies: list[bytes]) -> list[bytes]:
    """Of cookies in the format of Netscape's file, oldest first, those beyond the limits, as they would be had they expired."""
    hosts: Counter[bytes] = Counter()
    sites: Counter[bytes] = Counter()
    expired = []
    for cookie in reversed(cookies):
        fields = cookie.split(b"\t")
        host = fields[0].removeprefix(b"#HttpOnly_").lstrip(b".")
        site = b".".join(host.rsplit(b".", 2)[-2:])
        if hosts[host] >= MAX_PER_HOST or sites[site] >= MAX_PER_SITE:
            fields[4] = b"1"
            expired.append(b"\t".join(fields))
        else:
            hosts[host] += 1
            sites[site] += 1
    return expired
