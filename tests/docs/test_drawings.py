"""The documentation's pictures say what the code and the measurements say."""

from __future__ import annotations

import html
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRAWINGS = ROOT / "scripts" / "drawings"
IMAGES = ROOT / "docs" / "images"

sys.path.insert(0, str(DRAWINGS))

import architecture  # noqa: E402  # the path above is for these
import performance  # noqa: E402

import likewise  # noqa: E402


def test_the_architecture_is_that_of_the_code() -> None:
    drawn = (IMAGES / architecture.NAME).read_text("utf-8")
    assert drawn == str(architecture.draw()), "run ./just drawings: imports, crates or the contract have changed"


def test_what_is_drawn_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    architecture.check()
    monkeypatch.setitem(architecture.PYTHON, "telepathy", architecture.Part(0, 0, ""))
    with pytest.raises(ValueError, match="telepathy"):
        architecture.check()


def test_arrows_go_through_what_is_not_drawn_and_leave_out_what_follows() -> None:
    graph = {"a": {"hidden", "c"}, "hidden": {"b"}, "b": {"c"}, "c": set()}
    assert list(architecture.arrows(graph, ["a", "b", "c"])) == [("a", "b"), ("b", "c")]


@pytest.mark.parametrize("name", [file.stem for file in sorted(performance.RESULTS.glob("*.json"))])
def test_the_plots_are_those_of_the_results(name: str) -> None:
    drawn = (IMAGES / f"{name}.svg").read_text("utf-8")
    assert drawn == str(performance.draw(name)), "run ./just drawings: the results have changed"


def test_the_recorded_demo_suggests_what_is_suggested_now() -> None:
    recorded = html.unescape((IMAGES / "demo.svg").read_text("utf-8")).replace("\xa0", " ")
    for written in ("almni", "accomodate", "definately", "recieve"):
        assert written in recorded
        assert f">{likewise.spellcheck(written).word}" in recorded
    assert "99 pages, 92 responses, 7 failures" in recorded
