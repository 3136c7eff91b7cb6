"""The component's side of a fetch, as few plain functions: the one place that knows how the binding layer shows its values."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from likewise._engine import component
from likewise.component import Ok
from likewise.errors import ComponentError
from likewise.fetch.interrupt import Interrupts
from likewise.fetch.message import Completion, Payload, RequestLike, content_of
from likewise.fetch.page import Element, Page

TRANSPORT = "likewise:engine/transport"

ExchangeFunction = Callable[[Iterable[RequestLike], bool], Sequence[Completion]]


@dataclass(frozen=True)
class SessionOptions:
    """The record `options` of `wit/scraper.wit`."""

    concurrency: int
    timeout_ms: int | None
    max_redirects: int | None
    max_bytes: int | None
    headers: list[tuple[str, str]]
    extract: bool


class _Sandbox:
    """The component with its one import granted, to one session after another.

    What the component is bound to is made once; each session has a new instance, so that nothing of one is there for the next.
    """

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.transport: ExchangeFunction = _refused
        self.component = component().instantiate(imports={TRANSPORT: self})
        self.session = self.component.scraper.Session

    def exchange(self, submit: Iterable[RequestLike], wait: bool) -> Sequence[Completion]:
        """The one function of `wit/transport.wit`."""
        return self.transport(submit, wait)


def _refused(submit: Iterable[RequestLike], wait: bool) -> Sequence[Completion]:
    """The exchange of a session that has ended."""
    return []


# Sandboxes that no session uses. Each takes a tenth of a millisecond to make, as much as two small pages.
_idle: list[_Sandbox] = []
_MAX_IDLE = 8


class Session:
    """A fetch session on an instance of its own."""

    def __init__(self, urls: list[str], options: SessionOptions, exchange: ExchangeFunction, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        with interrupts:
            self._sandbox = sandbox = _sandbox()
            sandbox.transport = exchange
            self._session = sandbox.session(urls, options)

    def next(self) -> Any:
        """Wait for the next URL to end: a record `outcome` of `wit/scraper.wit`, None when all have ended."""
        with self._interrupts:
            return self._session.next()

    def close(self) -> None:
        """End the session and its instance."""
        with self._interrupts:
            self._session.close()
            sandbox = self._sandbox
            sandbox.transport = _refused
            # An instance is its thread's: from another thread, which closes a stream that was left, it cannot be ended.
            if sandbox.thread == threading.get_ident() and len(_idle) < _MAX_IDLE:
                sandbox.component.reset()
                _idle.append(sandbox)
            else:
                sandbox.component.close()


def _sandbox() -> _Sandbox:
    try:
        sandbox = _idle.pop()
    except IndexError:
        return _Sandbox()
    sandbox.thread = threading.get_ident()
    return sandbox


def succeeded(outcome: Any) -> tuple[int, Any | None, Any | None]:
    """An outcome's index, and its site or its failure."""
    result = outcome.site
    if isinstance(result, Ok):
        return outcome.index, result.value, None
    return outcome.index, None, result.error


def content(record: Any, kept: Callable[[int], Payload | None]) -> tuple[str, bytes | str | None]:
    """The text of a record `site` of `wit/scraper.wit`, and its content where that is not the text in UTF-8.

    `kept` gives the body of a response that did not cross again. Raises LookupError where it has none.
    """
    if record.kept is None:
        return record.text, record.content
    payload = kept(record.kept)
    if payload is None:
        raise LookupError(f"the guest names a response that is not there: {record.kept}")
    if record.text is None:
        return payload.data, None
    return record.text, content_of(payload)


def extract(html: str, base: str) -> Page:
    """The facts of an HTML text that came from `base`."""
    return Page.from_record(component().page.extract(html, base), html)


def select(html: str, selector: str, limit: int) -> list[Element]:
    """The elements of an HTML text that match a selector. Raises ValueError for a selector that cannot be used."""
    if not html:
        html = " "  # a page that never came still says whether the selector is one
    try:
        found = component().page.select(html, selector, limit)
    except ComponentError as error:
        raise ValueError(f"the selector {selector!r} cannot be used: {error.payload}") from None
    return [Element(element.tag, dict(element.attributes), element.text) for element in found]
