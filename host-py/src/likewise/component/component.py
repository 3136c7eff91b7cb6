"""Loading a component and using it: `load`, and the objects it gives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from typing_extensions import Self

from likewise.component import lanes, wit
from likewise.component.imports import check_grants, link
from likewise.component.instance import Group
from likewise.component.limits import Limits
from likewise.component.names import camel, snake
from likewise.component.plan import Plan, digest_of, read_file
from likewise.component.plan import plan as make_plan
from likewise.component.printing import print_world
from likewise.component.resources import HostTable
from likewise.component.source import naming

__all__ = ["Component", "Interface", "load"]


class Interface:
    """An interface of a component: its functions and types as attributes."""

    def __init__(self, interface: wit.Interface, plan: Plan, group: Group | None) -> None:
        self._interface = interface
        self._plan = plan
        #: None for an interface that the component imports: its types are of use, its functions are the host's.
        self._group = group
        self.__doc__ = interface.docs.own or f"The WIT interface `{interface.name}`."

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = self._find(name)
        if found is None:
            known = ", ".join(n for n in self.__dir__() if not n.startswith("_"))
            raise AttributeError(f"the interface {self._interface.name!r} has no {name!r}; it has {known or 'nothing'}")
        setattr(self, name, found)
        return found

    def _find(self, name: str) -> Any:
        interface, plan, group = self._interface, self._plan, self._group
        if group is not None:
            for function in interface.functions.values():
                if function.kind == "function" and snake(function.name) == name:
                    return plan.bind(plan.by_name[interface.name, function.name], group)
        for exported, t in interface.types.items():
            if camel(exported) == name and wit.has_class(t):
                if isinstance(t, wit.Resource) and t in plan.guest and group is not None:
                    return group.resource_class(t)
                return plan.classes[t]
        return None

    def __dir__(self) -> list[str]:
        interface = self._interface
        functions = [snake(f.name) for f in interface.functions.values() if f.kind == "function"]
        return functions + [camel(name) for name, t in interface.types.items() if wit.has_class(t)]

    def __repr__(self) -> str:
        return f"<interface {self._interface.name or 'of the world'}>"


class Component:
    """A loaded component.

    Functions of its world, and the interfaces that it exports, are attributes in Python's spelling: `gauss-sum` is
    `component.gauss_sum`, `acme:shop/price-list@1.0.0` is `component.price_list`. Any thread may call: each has an instance of
    its own, so that what a component keeps in memory is kept for each thread.
    """

    def __init__(self, plan: Plan, grants: Mapping[str, Any], limits: Limits) -> None:
        check_grants(plan.world, grants)
        self._plan = plan
        self._grants = dict(grants)
        table = HostTable()
        group = Group(plan, limits, table)
        group.linker, group.keep = link(plan, grants, table, lambda: group)
        self._group = group
        #: The interfaces that the component exports, by their full names. Functions of the world itself stand under "".
        self.exports: Mapping[str, Interface] = {
            name: Interface(interface, plan, group) for name, interface in plan.world.exports.items()
        }
        #: The interfaces that the component imports, by their full names: their types are what a host import receives and returns.
        self.imports: Mapping[str, Interface] = {
            name: Interface(interface, plan, None) for name, interface in plan.world.imports.items()
        }

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = self._find(name)
        if found is None:
            known = ", ".join(n for n in self.__dir__() if not n.startswith("_"))
            raise AttributeError(f"the component has no {name!r}; it has {known or 'nothing'}")
        setattr(self, name, found)
        return found

    def _find(self, name: str) -> Any:
        root = self.exports.get("")
        if root is not None:
            found = root._find(name)
            if found is not None:
                return found
        matches = [
            interface for full, interface in self.exports.items() if full and snake(interface._interface.short_name) == name
        ]
        if len(matches) > 1:
            full = ", ".join(repr(m._interface.name) for m in matches)
            raise AttributeError(f"{name!r} is the name of several interfaces: use component.exports[...] with one of {full}")
        if matches:
            return matches[0]
        imported = self._plan.world.imports.get("")
        return Interface(imported, self._plan, None)._find(name) if imported is not None else None

    def __dir__(self) -> list[str]:
        names = ["close", "exports", "imports", "instantiate", "limit", "reset", "wit"]
        for full, interface in self.exports.items():
            names += [snake(interface._interface.short_name)] if full else interface.__dir__()
        return names

    def instantiate(self, *, imports: Mapping[str, Any] | None = None, limits: Limits | None = None) -> Component:
        """The same component with instances of its own, and other imports or limits where they are given.

        Compiled code is shared: this takes microseconds.
        """
        limits = self._group.limits if limits is None else limits
        grants = self._grants if imports is None else imports
        engine = self._plan.engine
        if (limits.time is not None, limits.fuel is not None) == (engine.timed, engine.fueled):
            return Component(self._plan, grants, limits)
        plan = make_plan(
            self._plan.digest,
            lambda: self._plan.data,
            limits=limits,
            lane=self._plan.lane.name,
            types=self._plan.types,
        )
        return Component(plan, grants, limits)

    @contextmanager
    def limit(self, *, time: float | None = None, fuel: int | None = None) -> Iterator[None]:
        """Other limits for the calls that this thread makes in a `with` block. What is not given stays as loaded.

        The component must have been loaded with a limit of that kind, since its code is compiled with checks or without;
        `Limits(time=math.inf)` asks for checks without a limit.
        """
        group = self._group
        for name, value, checked in (("time", time, group.plan.engine.timed), ("fuel", fuel, group.plan.engine.fueled)):
            if value is not None and not checked:
                raise ValueError(
                    f"{name}: the component was loaded without a limit of {name}: load it with limits=Limits({name}=...)"
                )
        before = group.limits_now()
        group.local.limits = replace(
            before, time=before.time if time is None else time, fuel=before.fuel if fuel is None else fuel
        )
        try:
            yield
        finally:
            group.local.limits = before

    def wit(self) -> str:
        """What the component imports and exports, as WIT text with its documentation."""
        return print_world(self._plan.world)

    def reset(self) -> None:
        """End the calling thread's instance: what it remembers, and its resources. The next call makes a new one."""
        self._group.reset()

    def close(self) -> None:
        """End the calling thread's instance and refuse further calls, whichever thread makes them. The memory of other threads' instances is
        freed when these threads end, or when the component is forgotten.
        """
        self._group.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        exports = [name or "functions" for name in self._plan.world.exports]
        return f"<component with {', '.join(exports) or 'no exports'}>"


def load(
    source: str | os.PathLike[str] | bytes,
    *,
    imports: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    types: Mapping[tuple[str, str, str], type] | None = None,
) -> Component:
    """Load a WebAssembly component.

    Its compiled form is kept on disk (see `likewise.component.cache`) and in the process: loading again is quick.

    Args:
        source: path of the component's file, or its bytes.
        imports: for each interface that the component imports (`"acme:shop/clock"`, with or without version) an object or module with
            its functions; for a function that the world itself imports, that function. What is left out raises `ImportMissing`
            when the component calls it.
        limits: what each call may use, and what compiling may.
        types: classes to use for named types, by ("imports" or "exports", interface, name); `likewise bind` writes them. The others are
            made.

    Raises:
        ComponentFormatError: not a component.
        TimeLimitExceeded, MemoryLimitExceeded: compiling it takes more than `Limits.compile_time` or `Limits.compile_memory`.
        OSError: the file cannot be read.
        ValueError: something is granted that the component does not import.
    """
    limits = limits or Limits()
    if isinstance(source, (bytes, bytearray, memoryview)):
        content = bytes(source)
        digest, data = digest_of(content), lambda: content
    else:
        digest, data = read_file(Path(source))
    with naming(source):
        plan = make_plan(digest, data, limits=limits, lane=lanes.lane(), types=types or {})
    return Component(plan, imports or {}, limits)
