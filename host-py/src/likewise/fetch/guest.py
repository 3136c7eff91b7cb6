"""The component's side of a fetch, as few plain functions: the one place that knows how the binding layer shows its values."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from likewise.component import Err, Ok, load
from likewise.errors import ComponentError
from likewise.fetch.message import Completion, RequestLike, Response
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


@dataclass(frozen=True, slots=True)
class _Completion:
    """A completion whose outcome is tagged as the binding layer wants a result within a record."""

    id: int
    outcome: Ok[Any] | Err[Any]


def _granted(exchange: ExchangeFunction) -> Callable[[Any, bool], list[_Completion]]:
    def granted(submit: Any, wait: bool) -> list[_Completion]:
        return [
            _Completion(done.id, Ok(done.outcome) if isinstance(done.outcome, Response) else Err(done.outcome))
            for done in exchange(submit, wait)
        ]

    return granted


def component_file() -> Any:
    """The component that ships with the package."""
    return files("likewise") / "data" / "likewise.component.wasm"


@contextmanager
def session(urls: list[str], options: SessionOptions, exchange: ExchangeFunction) -> Iterator[Iterator[Any]]:
    """A fetch session on an instance of its own; gives the outcomes as they come, each a record of `wit/scraper.wit`."""
    with load(component_file(), imports={TRANSPORT: {"exchange": _granted(exchange)}}) as component:
        with component.scraper.Session(urls, options) as started:
            yield iter(started.next, None)


def succeeded(outcome: Any) -> tuple[int, Any | None, Any | None]:
    """An outcome's index, and its site or its failure."""
    result = outcome.site
    if isinstance(result, Ok):
        return outcome.index, result.value, None
    return outcome.index, None, result.error


class _Parsers(threading.local):
    """An instance for each thread that parses pages, made when first asked for."""

    component: Any = None

    def get(self) -> Any:
        if self.component is None:
            self.component = load(component_file())
        return self.component.page


_parsers = _Parsers()


def extract(html: str, base: str) -> Page:
    """The facts of an HTML text that came from `base`."""
    return Page.from_record(_parsers.get().extract(html, base), html)


def select(html: str, selector: str, limit: int) -> list[Element]:
    """The elements of an HTML text that match a selector. Raises ValueError for a selector that cannot be used."""
    if not html:
        html = " "  # a page that never came still says whether the selector is one
    try:
        found = _parsers.get().select(html, selector, limit)
    except ComponentError as error:
        raise ValueError(f"the selector {selector!r} cannot be used: {error.payload}") from None
    return [Element(element.tag, dict(element.attributes), element.text) for element in found]
