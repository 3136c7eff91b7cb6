"""The end of one URL: a page, or the reason why there is none."""

from __future__ import annotations

import datetime
import http
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, TypeVar, cast

from likewise.fetch.errors import FetchError, StatusError, printable, without_password
from likewise.fetch.message import from_lines
from likewise.fetch.multidict import Headers
from likewise.fetch.page import Page, parse_json
from likewise.fetch.policy import Policy

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from likewise.fetch.fetcher import Fetcher
    from likewise.fetch.table import Sites

S = TypeVar("S", bound="Site")


class Options(TypedDict, total=False):
    """What every call of a `Fetcher` takes."""

    concurrency: int | None
    timeout: float | None
    total_timeout: float | None
    max_bytes: int | None
    follow_redirects: bool
    headers: Mapping[str, str] | Iterable[tuple[str, str]] | None
    extract: bool
    progress: bool | Callable[[int, int, Site], object]


class SiteOptions(Options, total=False):
    """What every call of `Site` takes."""

    policy: Policy | None


class Hop(NamedTuple):
    """A redirect on the way to a page."""

    url: str
    status_code: int
    headers: Headers


class Site:
    """The end of one URL: a page, or the reason why there is none.

    Every field is there for both. `ok` tells them apart; where it is False, `error` says why and the fields that a response
    would have filled are empty ("" or 0). A page with status 404 is a page: see `is_success` and `raise_for_status`.

    Attributes:
        url: the URL as given.
        domain: the host that answered, in lower case and ASCII.
        server: the `Server` field of the answer.
        protocol: "http" or "https".
        content_type: media type in lower case, without parameters; `contentType` as well.
        body: the content as text; `text` as well.
        port: the port that answered.
        status_code: HTTP's status code.
        encoding: the character encoding found for the text (WHATWG name).
        final_url: the URL that answered, after redirects.
        history: the redirects followed, in order.
        replaced: whether bytes had to be replaced by U+FFFD to make the text.
        error: why there is no page, None where there is one.

    `content` may be given as a string, too: bytes as code points U+0000 to U+00FF. So may `headers`: lines "name: value"; and
    `elapsed` in microseconds.
    """

    __slots__ = (
        "_content", "_elapsed", "_headers", "_page", "body", "content_type", "domain", "encoding", "error", "final_url", "history",
        "port", "protocol", "replaced", "server", "status_code", "url",
    )  # fmt: skip

    def __init__(
        self,
        url: str,
        *,
        domain: str = "",
        server: str = "",
        protocol: str = "",
        content_type: str = "",
        body: str = "",
        port: int = 0,
        status_code: int = 0,
        headers: Iterable[tuple[str, str]] | str = (),
        encoding: str = "",
        final_url: str = "",
        history: Iterable[Hop] = (),
        elapsed: datetime.timedelta | int = 0,
        replaced: bool = False,
        content: bytes | str | None = None,
        error: FetchError | None = None,
    ) -> None:
        self.url = url
        self.domain = domain
        self.server = server
        self.protocol = protocol
        self.content_type = content_type
        self.body = body
        self.port = port
        self.status_code = status_code
        self._headers: Headers | Iterable[tuple[str, str]] | str = headers  # most are never looked at
        self.encoding = encoding
        self.final_url = final_url or url
        self.history = list(history)
        self._elapsed = elapsed
        self.replaced = replaced
        self.error = error
        self._content = content
        self._page: Page | None = None

    # -- fetching

    @classmethod
    def from_str(cls, url: str, **options: Unpack[SiteOptions]) -> Self:
        """Fetch one URL. Raises FetchError (a ValueError) where there is no page.

        Options, all by name and all optional:
            policy: what is allowed, a `Policy`; public addresses only by default.
            timeout: seconds for the URL, redirects included.
            total_timeout: seconds for the whole call.
            max_bytes: content of one page, on the wire and decoded.
            follow_redirects: False gives the redirect itself.
            headers: fields to send with every request.
            concurrency: requests in flight at once.
            extract: take `page` from the content in the same pass.
            progress: True for a bar on a terminal, or a function called with done, total and the site.
        """
        with _fetcher(cls, options) as fetcher:
            return fetcher.get(url, **_rest(options))

    @classmethod
    def from_urls(cls, urls: Iterable[str], **options: Unpack[SiteOptions]) -> Sites[Self]:
        """Fetch many URLs at once: one site for each, in their order, duplicates kept. Never raises for one URL.

        Options: see `from_str`.
        """
        with _fetcher(cls, options) as fetcher:
            return fetcher.get_many(urls, **_rest(options))

    @classmethod
    def iter_urls(cls, urls: Iterable[str], **options: Unpack[SiteOptions]) -> Iterator[Self]:
        """Fetch many URLs at once and give each site as soon as it is complete. Options: see `from_str`."""
        fetcher = _fetcher(cls, options)
        stream = fetcher.stream(urls, **_rest(options))
        return _closing(fetcher, stream)

    @classmethod
    async def afrom_str(cls, url: str, **options: Unpack[SiteOptions]) -> Self:
        """`from_str` for a running event loop."""
        with _fetcher(cls, options) as fetcher:
            return await fetcher.aget(url, **_rest(options))

    @classmethod
    async def afrom_urls(cls, urls: Iterable[str], **options: Unpack[SiteOptions]) -> Sites[Self]:
        """`from_urls` for a running event loop."""
        with _fetcher(cls, options) as fetcher:
            return await fetcher.aget_many(urls, **_rest(options))

    @classmethod
    async def aiter_urls(cls, urls: Iterable[str], **options: Unpack[SiteOptions]) -> AsyncGenerator[Self, None]:
        """`iter_urls` for a running event loop."""
        with _fetcher(cls, options) as fetcher:
            async with aclosing(fetcher.astream(urls, **_rest(options))) as sites:  # left half way, it has ended when this has
                async for site in sites:
                    yield site

    # -- the answer

    @property
    def ok(self) -> bool:
        """Whether a page arrived, of whatever status."""
        return self.error is None

    @property
    def contentType(self) -> str:
        """`content_type`."""
        return self.content_type

    @property
    def text(self) -> str:
        """The content as text; `body` as well."""
        return self.body

    @property
    def content(self) -> bytes:
        """The content as bytes, content codings removed."""
        if not isinstance(self._content, bytes):
            self._content = self.body.encode("utf-8") if self._content is None else self._content.encode("latin-1")
        return self._content

    @property
    def elapsed(self) -> datetime.timedelta:
        """Time from the first request to the last byte."""
        if not isinstance(self._elapsed, datetime.timedelta):
            self._elapsed = datetime.timedelta(microseconds=self._elapsed)
        return self._elapsed

    @property
    def headers(self) -> Headers:
        """The answer's header fields: a mapping whatever the case of letters, with `get_list` for repeated ones."""
        headers = self._headers
        if not isinstance(headers, Headers):
            headers = self._headers = Headers(from_lines(headers) if isinstance(headers, str) else headers)
        return headers

    @property
    def reason_phrase(self) -> str:
        """The standard's words for the status code, "" where it has none."""
        try:
            return http.HTTPStatus(self.status_code).phrase
        except ValueError:
            return ""

    @property
    def is_informational(self) -> bool:
        """Whether the status is 1xx."""
        return 100 <= self.status_code < 200

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    @property
    def is_redirect(self) -> bool:
        """Whether the status is 3xx."""
        return 300 <= self.status_code < 400

    @property
    def is_error(self) -> bool:
        """Whether the status is 4xx or 5xx, or there is no page at all."""
        return self.error is not None or self.status_code >= 400

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that this answer and the redirects before it set, by name."""
        found: dict[str, str] = {}
        for headers in (*(hop.headers for hop in self.history), self.headers):
            for field in headers.get_list("set-cookie"):
                name, equals, value = field.partition(";")[0].partition("=")
                if equals and name.strip():
                    found[name.strip()] = value.strip().strip('"')
        return found

    @property
    def links(self) -> dict[str, dict[str, str]]:
        """The answer's `Link` fields (RFC 8288), by `rel` or else by URL. The links within the page are `page.links`."""
        return _parse_links(self.headers.get("link", ""))

    @property
    def page(self) -> Page:
        """What the page says of itself: title, links and so on. Extracted when first asked for."""
        if self._page is None:
            if self.error is not None or not _is_html(self.content_type, self.body):
                self._page = Page()
            else:
                from likewise.fetch import guest

                self._page = guest.extract(self.body, self.final_url)
        return self._page

    def set_page(self, record: Any) -> None:
        """Take the facts that the guest extracted in the same pass."""
        self._page = Page.from_record(record, self.body)

    def json(self, **kwargs: Any) -> Any:
        """The content as JSON; arguments as for `json.loads`. Raises ValueError where it is none, FetchError without a page."""
        if self.error is not None:
            raise self.error
        return parse_json(self.content, **kwargs)

    def raise_for_status(self) -> Self:
        """The site itself, for chaining. Raises FetchError where there is no page, StatusError (one of those) for 4xx and 5xx."""
        if self.error is not None:
            raise self.error
        if self.status_code >= 400:
            raise StatusError(self.url, self.status_code, self.reason_phrase)
        return self

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain values that JSON can carry."""
        return {
            "url": self.url,
            "ok": self.ok,
            "error": None if self.error is None else {"kind": self.error.kind, "message": self.error.message},
            "status_code": self.status_code,
            "final_url": self.final_url,
            "domain": self.domain,
            "protocol": self.protocol,
            "port": self.port,
            "server": self.server,
            "content_type": self.content_type,
            "encoding": self.encoding,
            "headers": [list(pair) for pair in self.headers.multi_items()],
            "history": [{"url": hop.url, "status_code": hop.status_code} for hop in self.history],
            "elapsed": self.elapsed.total_seconds(),
            "text": self.body,
        }

    def __repr__(self) -> str:
        outcome = f"[{self.error.kind}]" if self.error is not None else f"[{self.status_code} {self.reason_phrase}".rstrip() + "]"
        return printable(f"<{type(self).__name__} {outcome} {without_password(self.url)}>")


_HTML = frozenset(("text/html", "application/xhtml+xml"))


def _is_html(content_type: str, body: str) -> bool:
    # A server that says nothing may still send HTML.
    return content_type in _HTML or (not content_type and body.lstrip()[:1] == "<")


# A "<" within would let each of many that nothing closes look through all that follows.
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\";,]*))?)*)")
_PARAMETER = re.compile(r";\s*([^\s=;,]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]*)))?")


def _parse_links(field: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for url, rest in _LINK.findall(field):
        link = {"url": url}
        for name, quoted, plain in _PARAMETER.findall(rest):
            link.setdefault(name.lower(), quoted or plain)
        found[link.get("rel") or url] = link
    return found


def _fetcher(site: type[S], options: SiteOptions) -> Fetcher[S]:
    from likewise.fetch.fetcher import Fetcher

    return Fetcher(options.get("policy"), site=site)


def _rest(options: SiteOptions) -> Options:
    rest: Any = {name: value for name, value in options.items() if name != "policy"}
    return cast("Options", rest)


def _closing(fetcher: Fetcher[S], stream: Iterator[S]) -> Iterator[S]:
    with fetcher:
        yield from stream
