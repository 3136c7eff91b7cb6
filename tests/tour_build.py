"""The tour (guest/tour), built where it is missing or old: a component that shows every type."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def tour_file() -> Path:
    """The built tour: LIKEWISE_TOUR, or target/tour.component.wasm."""
    chosen = os.environ.get("LIKEWISE_TOUR")
    if chosen:
        return Path(chosen)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    out = target / "tour.component.wasm"
    sources = [file for file in (ROOT / "guest" / "tour").rglob("*") if file.is_file()]
    if not out.exists() or out.stat().st_mtime < max(file.stat().st_mtime for file in sources):
        build = "cargo build --quiet --locked --release --package likewise-tour --target wasm32-unknown-unknown".split()
        subprocess.run(build, cwd=ROOT, check=True)
        core = target / "wasm32-unknown-unknown" / "release" / "likewise_tour.wasm"
        made: list[str | Path] = ["cargo", "xtask", "componentize", core, "-o", out, "--wit", ROOT / "guest" / "tour" / "wit"]
        subprocess.run(made, cwd=ROOT, check=True)
    return out
