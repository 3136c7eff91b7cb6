"""The Python blocks of docs/coming-from.md that show this binding run, and say what the page says they return."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from tour_host import Host

from likewise import component

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coming-from.md"


def blocks() -> list[str]:
    found = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return [block for block in found if "tour." in block and "import tour" not in block]


def test_the_page_says_what_happens(lane: str, tour_file: Path, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    real = component.load

    def load(source: Any, **options: Any) -> component.Component:
        options.setdefault("imports", {"likewise:tour/host": host})
        return real(tour_file, **options)

    monkeypatch.setattr(component, "load", load)
    names: dict[str, Any] = {"component": component, "tour": load("")}
    checked = 0
    for block in blocks():
        lines = block.splitlines()
        for node in ast.parse(block).body:
            source = ast.get_source_segment(block, node)
            assert source is not None
            end = lines[(node.end_lineno or 1) - 1][node.end_col_offset or 0 :]
            following = lines[node.end_lineno] if node.end_lineno is not None and node.end_lineno < len(lines) else ""
            said = end.partition("#")[2].strip() or (following[2:] if following.startswith("# ") else "")
            raised = re.match(r"(\w+)(?:: (.*))?$", said)
            kind = raised and (getattr(component, raised[1], None) or {"OverflowError": OverflowError}.get(raised[1]))
            if isinstance(kind, type) and issubclass(kind, Exception):
                with pytest.raises(kind, match=".*".join(map(re.escape, (raised[2] or "").split("..."))) if raised else ""):
                    exec(source, names)
                checked += 1
            elif isinstance(node, ast.Expr) and said:
                value = eval(source, names)
                literal = re.match(r"[^;,]*$|\[.*\]|\w+\(.*\)|'.*'|\d+", said)
                if said != "every digit":
                    assert literal is not None
                    assert repr(value) == literal[0], source
                checked += 1
            elif not isinstance(node, ast.With):
                exec(source, names)
    assert checked >= 12
