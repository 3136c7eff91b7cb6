"""Use any WebAssembly component from Python: load it, call its functions, give it what it imports.

```python
from likewise import component

shop = component.load("shop.wasm", limits=component.Limits(time=1.0))
shop.price_list.find("tea")
```

`values` says what WIT types are in Python, `Limits` what a call may use. Compiled code is cached, on disk and in the process;
threads may call freely; errors name the argument that is wrong.
"""

from __future__ import annotations

from likewise.component import _prerequisites  # noqa: F401  # first of all: it says what is missing
from likewise.component.component import Component, Interface, load
from likewise.component.lanes import lane
from likewise.component.limits import Limits
from likewise.component.resources import Resource
from likewise.component.values import Err, Ok, Some, WitEnum, maps
from likewise.errors import (
    ComponentError,
    ComponentFormatError,
    FuelExhausted,
    ImportMissing,
    LikewiseError,
    MemoryLimitExceeded,
    ResourceClosed,
    TimeLimitExceeded,
    Trap,
)

__all__ = [
    "Component",
    "ComponentError",
    "ComponentFormatError",
    "Err",
    "FuelExhausted",
    "ImportMissing",
    "Interface",
    "LikewiseError",
    "Limits",
    "MemoryLimitExceeded",
    "Ok",
    "Resource",
    "ResourceClosed",
    "Some",
    "TimeLimitExceeded",
    "Trap",
    "WitEnum",
    "lane",
    "load",
    "maps",
]
