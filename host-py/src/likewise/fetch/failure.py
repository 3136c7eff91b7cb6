"""libcurl's result codes as the kinds of failure a caller sees."""

from __future__ import annotations

import re

import pycurl

from likewise.fetch.message import ErrorKind, Failure
from likewise.fetch.target import shorten


def _code(name: str, fallback: int) -> int:
    """A code that older builds of pycurl have no name for."""
    value = getattr(pycurl, name, fallback)
    return int(value)


_KINDS: dict[int, ErrorKind] = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "protocol",  # HTTP/0.9, which has no status line
    pycurl.E_URL_MALFORMAT: "protocol",
    pycurl.E_COULDNT_RESOLVE_PROXY: "dns",
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_CONNECT: "connect",
    _code("E_WEIRD_SERVER_REPLY", 8): "protocol",
    pycurl.E_HTTP2: "protocol",
    pycurl.E_PARTIAL_FILE: "connect",  # the connection ended before the content did
    pycurl.E_OUT_OF_MEMORY: "too-large",  # a header line beyond libcurl's limit, in some versions
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_ABORTED_BY_CALLBACK: "canceled",
    _code("E_TOO_MANY_REDIRECTS", 47): "protocol",
    pycurl.E_GOT_NOTHING: "connect",
    pycurl.E_SSL_ENGINE_NOTFOUND: "tls",
    pycurl.E_SSL_ENGINE_SETFAILED: "tls",
    pycurl.E_SEND_ERROR: "connect",
    pycurl.E_RECV_ERROR: "connect",
    pycurl.E_SSL_CERTPROBLEM: "tls",
    pycurl.E_SSL_CIPHER: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
    pycurl.E_FILESIZE_EXCEEDED: "too-large",
    pycurl.E_USE_SSL_FAILED: "tls",
    pycurl.E_SSL_ENGINE_INITFAILED: "tls",
    pycurl.E_SSL_CACERT_BADFILE: "tls",
    pycurl.E_SSL_SHUTDOWN_FAILED: "tls",
    pycurl.E_SSL_CRL_BADFILE: "tls",
    pycurl.E_SSL_ISSUER_ERROR: "tls",
    pycurl.E_SSL_PINNEDPUBKEYNOTMATCH: "tls",
    pycurl.E_SSL_INVALIDCERTSTATUS: "tls",
    92: "protocol",  # CURLE_HTTP2_STREAM
    93: "protocol",  # CURLE_RECURSIVE_API_CALL
    97: "connect",  # CURLE_PROXY
    98: "tls",  # CURLE_SSL_CLIENTCERT
    100: "too-large",  # CURLE_TOO_LARGE
}

# Codes that libcurl uses for several things, told apart by what its message says.
_BY_MESSAGE: tuple[tuple[re.Pattern[str], ErrorKind], ...] = (
    (re.compile(r"too large|too many .*header|header.*too (?:long|big)|too long header", re.IGNORECASE), "too-large"),
    (
        re.compile(r"chunk|hexadecimal|nul byte|unsupported http|invalid (?:header|content-length|status)", re.IGNORECASE),
        "protocol",
    ),
)


# What to say where libcurl says nothing.
_WORDS: dict[ErrorKind, str] = {
    "too-large": "a header line is longer than libcurl takes",
    "timeout": "no connection in time",
    "connect": "the connection broke",
}


def failure_of(code: int, message: str, url: str) -> Failure:
    """The failure that libcurl's result code and message tell of."""
    kind = _KINDS.get(code, "protocol")
    if kind in ("connect", "protocol"):
        for pattern, other in _BY_MESSAGE:
            if pattern.search(message):
                kind = other
                break
    text = message or _WORDS.get(kind, f"libcurl ended with result {code}")
    return Failure(kind, f"{shorten(text)}: {shorten(url)}")
