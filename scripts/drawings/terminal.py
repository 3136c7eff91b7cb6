"""Draw docs/images/demo.svg: what `./just demo` prints, as it prints it. Run it with `./just drawings`."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "demo.svg"
# Wide enough for the demo's tables and its sentences.
WIDTH = 120

sys.path.insert(0, str(ROOT / "demo"))

import demo  # noqa: E402  # the path above is for this

# rich's own template loads a font from a server of others. What a reader has will do.
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Run the demo on a console that records, and save the record."""
    demo.console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True)
    demo.spelling()
    demo.options()
    demo.fetching()
    demo.artifact()
    drawing = demo.console.export_svg(title="./just demo", unique_id="demo")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(FONT.sub("", drawing).replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace"))


if __name__ == "__main__":
    main()
