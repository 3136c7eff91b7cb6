"""What wasmtime keeps for each instance of a core module, besides its memories and tables.

A module of a few megabytes may define a million globals, and wasmtime has memory for them in each of the module's instances; no limit of a
store counts it. The module's file bounds it: how many there are of each thing stands at the beginning of its section. Elements are
not counted one by one. Each takes a byte or more, and each segment of them three, so that a section's length bounds their number.
"""

from __future__ import annotations

from likewise.component.reader import Reader

__all__ = ["footprint"]

#: Bytes that an instance has for each of these, as wasmtime 50 was measured with a hundred thousand of each, or a little more.
_IMPORT = 32
_GLOBAL = 16
_TAG = 8
_DATA = 16
#: A segment of elements that is not in a table yet, and each of its elements.
_SEGMENT = 112
_ELEMENT = 16
#: A function that something refers to: an export, an element or a global.
_REFERENCE = 32


def footprint(module: memoryview) -> tuple[int, int]:
    """Bytes that an instance of a core module takes at most besides memories and tables, and how many sections the module has."""
    r = Reader(module)
    r.take(8)
    imports = functions = globals_ = tags = exports = segments = elements = data = sections = 0
    while r.more():
        kind = r.byte()
        section = Reader(r.take(r.u32()))
        sections += 1
        match kind:
            case 2:
                imports += section.u32()
            case 3:
                functions += section.u32()
            case 6:
                globals_ += section.u32()
            case 7:
                exports += section.u32()
            case 9:
                count = section.u32()
                segments += count
                elements += max(len(section.data) - 3 * count, 0)
            case 11:
                data += section.u32()
            case 13:
                tags += section.u32()
    references = min(imports + functions, exports + elements + globals_)
    size = (
        _IMPORT * imports
        + _GLOBAL * globals_
        + _TAG * tags
        + _DATA * data
        + _SEGMENT * segments
        + _ELEMENT * elements
        + _REFERENCE * references
    )
    return size, sections
