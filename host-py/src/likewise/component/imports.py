"""What a component imports, granted by Python objects.

An interface is granted by any object or module whose attributes are named like its functions (snake_case), or by a mapping with
such keys; a resource that the interface defines is granted by a class of its name (CamelCase), whose instances the component then
holds. What is not granted does not keep a component from loading: calling it raises `ImportMissing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import wasmtime.component

from likewise.component import wit
from likewise.component.names import camel, snake
from likewise.component.plan import Plan
from likewise.component.resources import HostTable
from likewise.errors import ImportMissing

__all__ = ["check_grants", "link"]

Grants = Mapping[str, Any]


def check_grants(world: wit.World, grants: Grants) -> None:
    """Raise ValueError where something is granted that the component does not ask for."""
    known = {interface.unversioned for interface in world.imports.values() if interface.name}
    root = world.imports.get("")
    functions = {function.name for function in root.functions.values()} if root is not None else set()
    for name in grants:
        if name.partition("@")[0] not in known and name not in functions:
            asked = ", ".join(sorted(known | functions)) or "nothing"
            raise ValueError(f"imports: the component does not import {name!r}; it imports {asked}")


def _grant(grants: Grants, interface: wit.Interface) -> Any:
    """What was granted for an interface: by its full name, or without its version."""
    for name in (interface.name, interface.unversioned):
        if name in grants:
            granted = grants[name]
            return SimpleNamespace(**granted) if isinstance(granted, Mapping) else granted
    return None


def link(plan: Plan, grants: Grants, table: HostTable, group: Callable[[], Any]) -> tuple[wasmtime.component.Linker, list[Any]]:
    """A linker that provides all imports, and what must live as long as it. `group` gives the group, once there is one."""
    linker = wasmtime.component.Linker(plan.engine.raw)
    keep: list[Any] = []
    for interface in plan.world.imports.values():
        granted = _grant(grants, interface) if interface.name else None
        with linker.root() as root:
            if interface.name:
                with root.add_instance(interface.name) as instance:
                    _define(plan, instance, interface, granted, table, group, keep)
            else:
                _define(plan, root, interface, _Root(grants), table, group, keep)
    return linker, keep


class _Root:
    """The functions of the world itself, which are granted one by one under their own names."""

    def __init__(self, grants: Grants) -> None:
        self.grants = {snake(name): value for name, value in grants.items() if ":" not in name}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.grants[name]
        except KeyError:
            raise AttributeError(name) from None


def _define(
    plan: Plan,
    instance: wasmtime.component.LinkerInstance,
    interface: wit.Interface,
    granted: Any,
    table: HostTable,
    group: Callable[[], Any],
    keep: list[Any],
) -> None:
    for name, resource in interface.resources().items():
        kind = wasmtime.component.ResourceType.host(plan.host[resource])
        instance.add_resource(name, kind, lambda store, rep: table.drop(rep))
    for function in interface.functions.values():
        target = _target(granted, interface, function)
        plan.lane.define(instance, interface, function, target, group, keep)


def _target(granted: Any, interface: wit.Interface, function: wit.Function) -> Callable[..., Any]:
    """What to call for an imported function."""
    name = f"{interface.name}.{function.name}" if interface.name else function.name
    if function.unsupported:
        return _missing(f"the component called {name}, which uses {function.unsupported}: this binding cannot carry them")
    where = f"imports={{{interface.unversioned or function.name!r}: ...}}"
    if granted is None:
        return _missing(f"the component called {name}, which was not granted: pass {where} to load")
    if function.kind == "method":
        attribute = snake(function.short_name)

        def method(resource: Any, *args: Any) -> Any:
            return getattr(resource, attribute)(*args)

        return method
    holder = granted
    attribute = snake(function.short_name)
    if function.kind in ("constructor", "static"):
        cls = camel(function.resource_name)
        holder = getattr(granted, cls, None)
        if function.kind == "constructor":
            holder, attribute = granted, cls
    target = getattr(holder, attribute, None)
    if not callable(target):
        return _missing(f"the component called {name}, but what was granted for it has no {attribute}: {granted!r:.80}")
    return target  # type: ignore[no-any-return]


def _missing(message: str) -> Callable[..., Any]:
    def missing(*_: Any) -> Any:
        raise ImportMissing(message)

    return missing
