"""Draw docs/images/*.svg from bench/results/*.json, which `./just bench` writes: medians, peers beside likewise. Run it with `./just drawings`."""

from __future__ import annotations

import html
import json
import math
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from svg import ROOT, Drawing

RESULTS = ROOT / "bench" / "results"

WIDTH = 880
LEFT = 250  # where bars begin; labels end before it
RIGHT = 220  # room for the value after the longest bar
BAR = 15
GAP = 14
TOP = 62


@dataclass(frozen=True)
class Bar:
    """Who, how much, and how that is written."""

    name: str
    value: float
    written: str

    @property
    def kind(self) -> str:
        return "ours" if self.name.startswith("likewise") else "peer"


Group = tuple[str, list[Bar]]


# Rows of the benchmark, by how their titles begin, and what a reader calls them: a question of each kind. The page's table has all.
SIMILARITY_ROWS = {
    "typo, best, indel": "dictionary: best word for a typo",
    "typo, best 5, levenshtein": "dictionary: best five, Levenshtein",
    "garbage, best, indel": "dictionary: random letters",
    "worst, best, indel": "dictionary: the worst query",
    "typo, for people": "spelling suggestion",
    "extract of 10,000 choices, ratio": "extract from 10,000 choices",
    "cdist 1,000 x 10,000, ratio": "cdist of 1,000 x 10,000",
    "1,000 pairs, ratio": "cpdist of 1,000 pairs",
    "1,000 calls of ratio": "1,000 single calls",
}


def similarity(data: Any) -> tuple[str, str, list[Group]]:
    """Times of single questions: a dictionary's and its peers'."""
    groups = []
    for title, label in SIMILARITY_ROWS.items():
        rows = [row for row in data["rows"] if row["title"].startswith(title)]
        ours = rows[0]["likewise_us"]
        groups.append(
            (
                label,
                [Bar("likewise", ours, spell(ours)), *(Bar(row["peer"], row["peer_us"], spell(row["peer_us"])) for row in rows)],
            )
        )
    return "Similarity and suggestions: time, on a logarithmic scale", f"{data['words']:,} words; shorter is better", groups


def boundary(data: Any) -> tuple[str, str, list[Group]]:
    """Times of single calls into compiled code, by way of calling."""
    groups = [
        (
            html.unescape(row["title"]),
            [Bar(peer, seconds * 1e6, spell(seconds * 1e6)) for peer, seconds in row["seconds"].items()],
        )
        for row in data["rows"]
    ]
    return "A call across the boundary: time, on a logarithmic scale", "shorter is better", groups


def fetch(data: Any) -> tuple[str, str, list[Group]]:
    """Wall time of many pages."""
    groups = [
        (row["title"], [Bar(peer, of["wall"] * 1e6, spell(of["wall"] * 1e6)) for peer, of in row["peers"].items()])
        for row in data["rows"]
    ]
    return "Fetching: time until the last page, on a logarithmic scale", f"{data['rounds']} rounds; shorter is better", groups


def spelling(data: Any) -> tuple[str, str, list[Group]]:
    """How often the word that was meant is found."""
    groups: list[Group] = []
    for title, key in (("the word meant comes first", "top1"), ("it is among the first five", "top5")):
        means = {
            program: statistics.mean(row[key] for row in data if row["program"] == program)
            for program in dict.fromkeys(row["program"] for row in data)
        }
        groups.append((title, [Bar(program, mean, f"{mean:.1f} %") for program, mean in means.items()]))
    return (
        "Suggestions: how often they are right",
        "mean of three sets of human errors, to which the costs of likewise were fitted; longer is better",
        groups,
    )


# For each file of results its plot, and whether the scale is logarithmic.
PLOTS: dict[str, tuple[Callable[[Any], tuple[str, str, list[Group]]], bool]] = {
    "similarity": (similarity, True),
    "boundary": (boundary, True),
    "fetch": (fetch, True),
    "spelling": (spelling, False),
}


def spell(microseconds: float) -> str:
    """A time as people read it."""
    for unit, size in (("s", 1e6), ("ms", 1e3), ("µs", 1.0)):
        if microseconds >= size:
            return f"{microseconds / size:.3g} {unit}"
    return f"{microseconds:.2g} µs"


def draw(name: str) -> Drawing:
    """The plot of a file of results."""
    read, logarithmic = PLOTS[name]
    title, note, groups = read(json.loads((RESULTS / f"{name}.json").read_text("utf-8")))
    height = TOP + sum(len(bars) * BAR + GAP for _, bars in groups) + 24
    drawing = Drawing(WIDTH, height, title)
    drawing.text(20, 26, title, "title")
    drawing.text(20, 44, note, "note")
    values = [bar.value for _, bars in groups for bar in bars]
    low, high = (10 ** math.floor(math.log10(min(values))), max(values)) if logarithmic else (0.0, 100.0)

    def width(value: float) -> float:
        share = math.log(value / low) / math.log(high / low) if logarithmic else value / high
        return max(1.0, share * (WIDTH - LEFT - RIGHT))

    for tick in ticks(low, high) if logarithmic else (0, 25, 50, 75, 100):
        x = round(LEFT + (width(tick) if tick > low else 0), 1)
        drawing.line((x, TOP - 6), (x, height - 24), kind="grid")
        drawing.text(x, height - 10, spell(tick) if logarithmic else f"{tick:g} %", "note", "middle")
    y = float(TOP)
    for label, bars in groups:
        for place, bar in enumerate(bars):
            length = round(width(bar.value), 1)
            drawing.rectangle(LEFT, y + 1, length, BAR - 3, bar.kind, radius=2, hint=f"{label}, {bar.name}: {bar.written}")
            drawing.text(LEFT + length + 6, y + BAR - 4, f"{bar.written}  {bar.name}", "note")
            if place == 0:
                drawing.text(LEFT - 12, y + BAR - 3, label, "", "end")
            y += BAR
        y += GAP
    return drawing


def ticks(low: float, high: float) -> Iterator[float]:
    """Powers of ten, every one or every other, so that their labels have room."""
    decades = math.floor(math.log10(high / low))
    for power in range(0, decades + 1, 1 if decades < 7 else 2):
        yield low * 10**power


if __name__ == "__main__":
    for plot in sys.argv[1:] or PLOTS:
        if (RESULTS / f"{plot}.json").exists():
            draw(plot).save(f"{plot}.svg")
        else:
            print(f"no plot of {plot}: ./just bench {plot} writes its results", file=sys.stderr)
