"""What tests of the transport ask with: requests of one session, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from servers import page

from likewise.component import Err, Ok
from likewise.fetch.message import Failure, Request, Response
from likewise.fetch.transport import Transport

LOCAL = ["127.0.0.0/8"]


def unwrap(outcome: Ok[Response] | Err[Failure]) -> Response | Failure:
    return outcome.value if isinstance(outcome, Ok) else outcome.error


def run(transport: Transport, requests: Iterable[Request]) -> dict[int, Response | Failure]:
    """One session: everything submitted at once, waited for to the end."""
    exchange = transport.open()
    try:
        outcomes: dict[int, Response | Failure] = {}
        completions = exchange.exchange(list(requests), True)
        while completions:
            for completion in completions:
                assert completion.id not in outcomes
                outcomes[completion.id] = unwrap(completion.outcome)
            completions = exchange.exchange([], True)
        return outcomes
    finally:
        exchange.close()


def get(transport: Transport, url: str, **fields: Any) -> Response | Failure:
    return run(transport, [Request(7, url, **fields)])[7]


def good(outcome: Response | Failure) -> Response:
    assert isinstance(outcome, Response), outcome
    return outcome


def bad(outcome: Response | Failure) -> Failure:
    assert isinstance(outcome, Failure), outcome
    return outcome


def echo(head: bytes) -> bytes:
    return page(head, "Content-Type: text/plain")
