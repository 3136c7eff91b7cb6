"""Page extraction against html5lib, on the hand-made documents of fixtures/pages and on generated ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from page_generator import generate
from page_reference import reference_facts

Extract = Callable[[str, str], dict[str, Any]]

DOCUMENT_URL = "https://example.com/dir/page.html"
GENERATED = 2000


def as_tuples(facts: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples."""
    return {key: [tuple(item) for item in value] if key in ("links", "meta") else value for key, value in facts.items()}


def test_html5lib_agrees_with_what_is_known(document: dict[str, Any]) -> None:
    """The expectations are right: an independent parser finds the same, but for the differences explained in them."""
    known = as_tuples(document["facts"])
    for fact in document.get("differs", {}):
        del known[fact]
    if not known:
        return
    found = asdict(reference_facts(document["html"], document.get("base", DOCUMENT_URL)))
    assert {key: found[key] for key in known} == known


def test_component_finds_what_is_known(document: dict[str, Any], extract: Extract) -> None:
    known = as_tuples(document["facts"])
    found = extract(document["html"], document.get("base", DOCUMENT_URL))
    assert {key: found[key] for key in known} == known
    assert found["truncated"] == []


def test_html5lib_agrees_on_generated_documents() -> None:
    """The generator is right about what it makes."""
    for seed in range(GENERATED):
        document = generate(seed)
        assert asdict(reference_facts(document.html, document.url)) == asdict(document.facts), f"seed {seed}"


def test_component_agrees_on_generated_documents(extract: Extract) -> None:
    for seed in range(GENERATED):
        document = generate(seed)
        found = extract(document.html, document.url)
        assert found == {**asdict(document.facts), "truncated": []}, f"seed {seed}"
