"""Drawings as SVG, readable on a light and a dark page: each has a ground of its own and follows the reader's preference."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"

# Roles and not colours are what drawings name. Contrast of text to ground is 7:1 and more in both (WCAG AAA).
_STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-size: 13px; fill: #1b1f24 }
.title { font-size: 15px; font-weight: 600 } .note { fill: #4a525c; font-size: 12px } .code { font-family: ui-monospace, Menlo, Consolas, monospace }
.ground { fill: #ffffff } .band { fill: #f2f5f7 } .box { fill: #ffffff; stroke: #4a525c } .file { fill: #e3f1ef; stroke: #00796b }
.ours { fill: #00796b } .peer { fill: #9aa5b1 } .line { stroke: #4a525c; stroke-width: 1.3; fill: none } .grid { stroke: #d5dbe1 }
.tip { fill: #4a525c }
@media (prefers-color-scheme: dark) {
text { fill: #e8ecf1 } .note { fill: #b4bdc8 }
.ground { fill: #14181d } .band { fill: #1d232a } .box { fill: #14181d; stroke: #b4bdc8 } .file { fill: #12302d; stroke: #4db6ac }
.ours { fill: #4db6ac } .peer { fill: #66717d } .line { stroke: #b4bdc8 } .grid { stroke: #333c46 } .tip { fill: #b4bdc8 }
}
"""


class Drawing:
    """Shapes in the order in which they are drawn. Lengths are pixels, from the upper left."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.width = width
        self.height = height
        self.title = title
        self.shapes: list[str] = []

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Words whose baseline is at y; `anchor` is "start", "middle" or "end"."""
        self.shapes.append(f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>')

    def rectangle(self, x: float, y: float, width: float, height: float, kind: str, *, radius: float = 4, hint: str = "") -> None:
        """A filled rectangle; `hint` is shown by viewers that have a pointer."""
        title = f"<title>{escape(hint)}</title>" if hint else ""
        self.shapes.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" class="{kind}">{title}</rect>'
        )

    def line(self, *points: tuple[float, float], kind: str = "line", arrow: bool = False) -> None:
        """A line through points, with a tip at the last one if it is an arrow."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        tip = ' marker-end="url(#tip)"' if arrow else ""
        self.shapes.append(f'<polyline points="{path}" class="{kind}"{tip}/>')

    def __str__(self) -> str:
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}" role="img">',
            f"<title>{escape(self.title)}</title><style>{_STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path d="M0,0 L8,4 L0,8 z" class="tip"/></marker></defs>',
            f'<rect width="{self.width}" height="{self.height}" rx="8" class="ground"/>',
            *self.shapes,
            "</svg>\n",
        ])  # fmt: skip

    def save(self, name: str) -> None:
        """Write it to docs/images."""
        IMAGES.mkdir(parents=True, exist_ok=True)
        (IMAGES / name).write_text(str(self), encoding="utf-8")
