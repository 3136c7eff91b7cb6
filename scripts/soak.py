"""Do everything at once for a long time, and draw what memory, descriptors and threads did: dist/soak.svg, dist/soak.csv.

scripts/soak.py [SECONDS]    an hour by default. Exit 1 where an answer is wrong or a line is not flat.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "soak"))

import mixture

if TYPE_CHECKING:
    from mixture import Sample

ROOT = Path(__file__).parent.parent

#: What is drawn: its name, its unit, and by how much it may rise over the second half.
LINES = [("resident", "MiB", 64 * 2**20), ("descriptors", "", 30), ("threads", "", 10)]
WIDTH, HEIGHT, MARGIN = 800, 160, 60
#: Points of a line at most, each the highest of its samples.
POINTS = 400


def drawn(samples: list[Sample]) -> str:
    """The lines as SVG, one above the other."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 2 * MARGIN}" height="{len(LINES) * (HEIGHT + MARGIN) + MARGIN}"'
        ' font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    last = samples[-1].seconds
    each = math.ceil(len(samples) / POINTS)
    for row, (name, unit, _) in enumerate(LINES):
        scale = 2**20 if unit == "MiB" else 1
        values = [getattr(one, name) / scale for one in samples]
        top = max(values) * 1.1 or 1
        below = MARGIN + row * (HEIGHT + MARGIN) + HEIGHT
        points = " ".join(
            f"{MARGIN + WIDTH * samples[at].seconds / last:.1f},{below - HEIGHT * max(values[at : at + each]) / top:.1f}"
            for at in range(0, len(values), each)
        )
        parts += [
            f'<text x="{MARGIN}" y="{below - HEIGHT - 8}">{name}: {values[-1]:.0f} {unit} at the end, {max(values):.0f} at most</text>',
            f'<path d="M{MARGIN},{below - HEIGHT} V{below} H{MARGIN + WIDTH}" fill="none" stroke="#999"/>',
            f'<polyline points="{points}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>',
            f'<text x="{MARGIN - 8}" y="{below - HEIGHT + 10}" text-anchor="end">{top:.0f}</text>',
            f'<text x="{MARGIN - 8}" y="{below}" text-anchor="end">0</text>',
        ]
    parts.append(f'<text x="{MARGIN + WIDTH}" y="{below + 18}" text-anchor="end">{last:.0f} s</text></svg>')
    return "\n".join(parts)


def main() -> None:
    """Soak, draw, judge."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3600
    outcome = mixture.soak(seconds, every=max(0.25, seconds / 2000))
    samples = outcome.samples
    place = ROOT / "dist"
    place.mkdir(exist_ok=True)
    (place / "soak.svg").write_text(drawn(samples))
    rows = [",".join(type(samples[0])._fields), *(",".join(f"{value:g}" for value in one) for one in samples)]
    (place / "soak.csv").write_text("\n".join(rows) + "\n")
    print(
        f"{samples[-1].seconds:.0f} s, {samples[-1].laps} laps; {', '.join(f'{n:,} {k}' for k, n in sorted(outcome.done.items()))}"
    )
    good = not outcome.errors
    for error in outcome.errors:
        print(f"wrong: {error!r}")
    for name, unit, most in LINES:
        scale = 2**20 if unit == "MiB" else 1
        first, last = getattr(samples[len(samples) // 2], name), getattr(samples[-1], name)
        grown = mixture.growth(samples, name)
        good &= grown < most
        print(f"{name}: {first / scale:.0f} half way, {last / scale:.0f} at the end, trend {grown / scale:+.1f} {unit}")
    print("drawn in dist/soak.svg")
    sys.exit(not good)


if __name__ == "__main__":
    main()
