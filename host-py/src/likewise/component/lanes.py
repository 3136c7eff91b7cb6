"""The two ways to call wasmtime, and which of them this process uses.

direct  the C API, by way of `_abi`: for versions of wasmtime-py that it knows
public  wasmtime-py's documented API: slower, for all others

LIKEWISE_LANE=direct or =public chooses one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from likewise.component import _abi

if TYPE_CHECKING:
    from likewise.component.plan import Plan

__all__ = ["lane", "make"]


def lane() -> str:
    """Which lane this process uses: "direct", or "public", which is slower and works with any version of wasmtime-py."""
    wanted = os.environ.get("LIKEWISE_LANE", "")
    if wanted not in ("", "direct", "public"):
        raise ValueError(f"LIKEWISE_LANE={wanted!r}: choose direct or public, or leave it unset")
    if wanted == "public":
        return "public"
    obstacle = _abi.available()
    if obstacle is None:
        return "direct"
    if wanted == "direct":
        raise RuntimeError(f"LIKEWISE_LANE=direct is not possible here: {obstacle}")
    return "public"


def make(name: str, plan: Plan) -> Any:
    """A component's lane."""
    if name == "direct":
        from likewise.component.calls import DirectLane

        return DirectLane(plan)
    from likewise.component.public import PublicLane

    return PublicLane(plan)
