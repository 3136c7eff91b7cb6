"""Python source made for one component's types, compiled once.

A call takes about a microsecond, in which Python executes some forty instructions. There is no room for looking at types: what
a type needs is decided when the component is loaded, and written down as source in which constants are constants. Each
composite type becomes one function; scalars and strings are written in place.
"""

from __future__ import annotations

import linecache
import weakref
from itertools import count
from typing import Any

__all__ = ["Source"]

_FILES = count()


def _forget(files: list[str]) -> None:
    for file in files:
        linecache.cache.pop(file, None)


class Source:
    """Functions that are defined as text and share one namespace.

    Internal names begin with an underscore. Names from WIT never do, so that a parameter called `len` or `id` hides nothing.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self._numbers = count()
        self._files: list[str] = []
        weakref.finalize(self, _forget, self._files)

    def fresh(self, prefix: str) -> str:
        """A name that is not in use."""
        return f"_{prefix}{next(self._numbers)}"

    def constant(self, prefix: str, value: Any) -> str:
        """A name for `value`."""
        name = self.fresh(prefix)
        self.namespace[name] = value
        return name

    def define(self, name: str, text: str) -> Any:
        """Compile `text` and return what it calls `name`. Tracebacks show its lines."""
        file = f"<likewise.component {next(_FILES)}: {name}>"
        self._files.append(file)
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), self.namespace)  # our own text, names from WIT are made identifiers first
        return self.namespace[name]
