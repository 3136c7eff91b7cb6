"""What the tests of page extraction share: the fixtures' documents, and the component's `page` interface."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# pytest's importlib mode leaves a test's own folder out; the reference and the generator are modules there.
sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).resolve().parents[2]
COMPONENT = ROOT / "dist" / "likewise.component.wasm"


@pytest.fixture(scope="session")
def page_interface() -> Any:
    """The `page` interface of the built component."""
    component = pytest.importorskip("likewise.component", reason="the package is not installed: ./just build")
    if not COMPONENT.exists():
        pytest.skip("the component is not built: ./just build")
    return component.load(COMPONENT).page


@pytest.fixture(scope="session")
def extract(page_interface: Any) -> Callable[[str, str], dict[str, Any]]:
    """`extract(html, base)` of the component, as plain values with the field names of the `page` record."""

    def plain(html: str, base: str) -> dict[str, Any]:
        page = page_interface.extract(html, base)
        return {
            "title": page.title,
            "description": page.description,
            "canonical": page.canonical,
            "lang": page.lang,
            "links": [(link.url, link.text, link.rel) for link in page.links],
            "meta": [tuple(pair) for pair in page.meta],
            "json_ld": list(page.json_ld),
            "text": page.text,
            "truncated": list(page.truncated),
        }

    return plain


def page_fixtures() -> list[dict[str, Any]]:
    """The documents of fixtures/pages, described in its README."""
    lines = (ROOT / "fixtures" / "pages" / "pages.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each document."""
    if "document" in metafunc.fixturenames:
        documents = page_fixtures()
        assert len(documents) >= 200, "documents were lost"
        metafunc.parametrize("document", documents, ids=[document["name"] for document in documents])
