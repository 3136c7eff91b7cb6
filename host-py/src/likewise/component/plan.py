"""What is known of a component once it is read: its world, the Python classes of its types, and a plan for each function."""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wasmtime.component

from likewise.component import engine as engines
from likewise.component import lanes, wit
from likewise.component.binary import read_world
from likewise.component.check import spell
from likewise.component.limits import Limits
from likewise.component.names import camel, snake
from likewise.component.resources import Handles, Resource
from likewise.component.values import make_class, optional_tail
from likewise.errors import ComponentFormatError

if TYPE_CHECKING:
    from likewise.component.instance import Group

__all__ = ["FunctionPlan", "Plan", "plan"]

#: Classes given for named types, by ("imports" or "exports", interface, name).
Types = Mapping[tuple[str, str, str], type]

_resource_numbers = itertools.count(1)


@dataclass
class FunctionPlan:
    """One exported function, as Python sees it."""

    #: Position among the plan's functions.
    index: int
    interface: wit.Interface
    function: wit.Function
    #: Python's name, parameters without `self`, and signature for `def`.
    name: str
    params: list[tuple[str, wit.Type]]
    #: Where wasmtime finds it.
    export: wasmtime.component.ExportIndex
    maker: Callable[..., Any] | None = None
    template: bytes = b""
    #: By which codes the direct lane writes arguments and reads results; empty for an address.
    views: tuple[str, str] = ("", "")

    @property
    def path(self) -> str:
        """For messages: "dictionary.Dictionary.suggest"."""
        parts = [self.interface.short_name] if self.interface.name else []
        if self.function.kind != "function":
            parts.append(camel(self.function.resource_name))
        if self.function.kind != "constructor":
            parts.append(self.name)
        return ".".join(parts)


class _Classes(dict[wit.Type, Any]):
    """The Python classes of named types, each made when it is first asked for: a program uses few of a large component's."""

    def __init__(self, make: Callable[[wit.Type], type]) -> None:
        super().__init__()
        self._make = make
        self._lock = threading.RLock()

    def renew_lock(self) -> None:
        """See `Plan.renew_locks`."""
        self._lock = threading.RLock()

    def __missing__(self, t: wit.Type) -> type:
        with self._lock:
            if not dict.__contains__(self, t):
                self[t] = self._make(t)
            found: type = dict.__getitem__(self, t)
            return found


class Plan:
    """Everything about a component that instances and grants share."""

    def __init__(self, digest: bytes, data: bytes, on: engines.Engine, lane: str, types: Types) -> None:
        self.digest = digest
        self.data = data
        self.engine = on
        self.world = read_world(data)
        for name, kind in self.world.other_imports.items():
            raise ComponentFormatError(
                f"the component imports the {kind} {name!r}: compose it with that {kind}, which no host can grant"
            )
        self.component = engines.compiled(digest, data, on)
        self.guest = frozenset(r for i in self.world.exports.values() for r in i.resources().values())
        self.host = {r: next(_resource_numbers) for i in self.world.imports.values() for r in i.resources().values()}
        self.types = types
        self.classes = _Classes(self._make_class)
        self.lane = lanes.make(lane, self)
        self.functions: list[FunctionPlan] = []
        #: Functions by interface and WIT name.
        self.by_name: dict[tuple[str, str], FunctionPlan] = {}
        for interface in self.world.exports.values():
            scope = self.component.get_export_index(interface.name) if interface.name else None
            for function in interface.functions.values():
                self._add(interface, function, scope)
        self._lock = threading.Lock()
        _alive.add(self)

    def renew_locks(self) -> None:
        """New locks, in a process that was forked while others held these."""
        self._lock = threading.Lock()
        self.classes.renew_lock()

    def handles(self) -> Handles:
        """What lanes need to know of resources."""
        return Handles(self.classes, self.guest, self.host)

    def _make_class(self, t: wit.Type) -> type:
        interface = t.interface
        assert interface is not None and t.name is not None
        side = "exports" if any(interface is mine for mine in self.world.exports.values()) else "imports"
        given = self.types.get((side, interface.name, t.name))
        if given is not None:
            return given
        if not isinstance(t, wit.Resource):
            return make_class(t, module_name(interface))
        if t not in self.guest:
            return object
        doc = interface.docs.types.get(t.name) or f"The WIT resource `{t.name}`."
        return type(camel(t.name), (Resource,), {"__slots__": (), "__doc__": doc, "__module__": module_name(interface)})

    def _add(self, interface: wit.Interface, function: wit.Function, scope: wasmtime.component.ExportIndex | None) -> None:
        export = self.component.get_export_index(function.name, scope)
        assert export is not None
        name = "__new__" if function.kind == "constructor" else snake(function.short_name)
        params = [(snake(p.name), p.type) for p in function.params]
        made = FunctionPlan(len(self.functions), interface, function, name, params, export)
        self.functions.append(made)
        self.by_name[interface.name, function.name] = made

    def make(self, made: FunctionPlan) -> Callable[..., Any]:
        """The maker of a function, written at its first use."""
        if made.maker is None:
            with self._lock:
                if made.maker is None:
                    if made.function.unsupported:
                        raise NotImplementedError(
                            f"{made.path} uses {made.function.unsupported}, which this binding cannot carry"
                        )
                    made.template = self.lane.plan(made)
        assert made.maker is not None
        return made.maker

    def bind(self, made: FunctionPlan, group: Group) -> Callable[..., Any]:
        """The function, calling the instances of a group."""
        owned = made.function.kind == "method" or self._owner(made) is not None
        function = self.make(made)(group.local, group.enter_resource if owned else group.enter)
        function.__qualname__ = made.path
        function.__module__ = module_name(made.interface)
        return function  # type: ignore[no-any-return]

    def _owner(self, made: FunctionPlan) -> str | None:
        """The first parameter that is a handle to a guest's resource: it says which instance to call."""
        for name, t in made.params:
            if isinstance(t, (wit.Own, wit.Borrow)) and t.resource in self.guest:
                return name
        return None

    def bind_class(self, resource: wit.Resource, group: Group) -> type:
        """A resource's class whose constructor and static functions call the instances of a group."""
        base: type = self.classes[resource]
        interface = resource.interface
        assert interface is not None and resource.name is not None
        members: dict[str, Any] = {"__slots__": (), "__module__": base.__module__, "__doc__": base.__doc__}
        constructed = False
        for function in interface.functions.values():
            if function.kind == "function" or function.resource_name != resource.name:
                continue
            made = self.by_name[interface.name, function.name]
            bound = self.bind(made, group) if not made.function.unsupported else _refusal(made)
            if function.kind == "static":
                members[made.name] = staticmethod(bound)
            else:
                members[made.name] = bound
            constructed = constructed or function.kind == "constructor"
        if not constructed:
            members["__new__"] = _no_constructor(base.__name__)
        return type(base.__name__, (base,), members)


def module_name(interface: wit.Interface) -> str:
    """What classes and functions of an interface name as their module."""
    return interface.name or "component"


def _refusal(made: FunctionPlan) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NotImplementedError(f"{made.path} uses {made.function.unsupported}, which this binding cannot carry")

    return refuse


def _no_constructor(name: str) -> Callable[..., Any]:
    def __new__(cls: type, *_: Any, **__: Any) -> Any:  # it becomes one
        raise TypeError(f"{name} has no constructor: functions of the component return it")

    return __new__


def signature(made: FunctionPlan) -> str:
    """The parameters and result as `def` wants them. Options at the end may be left out."""
    params = list(made.params)
    first = ""
    if made.function.kind == "method":
        first, params = "self", params[1:]
    elif made.function.kind == "constructor":
        first = "_cls"
    required = len(params) - optional_tail(t for _, t in params)
    spelled = [f"{name}: {spell(t)!r}" + (" = None" if i >= required else "") for i, (name, t) in enumerate(params)]
    result = made.function.result
    returns = spell(result.ok if isinstance(result, wit.Result) else result)
    return f"({', '.join([first] * bool(first) + spelled)}) -> {returns!r}"


#: The plans of late, the last one used behind all others. Those of components in use live on without it.
_plans: dict[tuple[Any, ...], Plan] = {}
#: How many. A plan is 50 KB and more, and a process may load any number of components.
_MAX_PLANS = 64
_plans_lock = threading.RLock()
#: All there are.
_alive: weakref.WeakSet[Plan] = weakref.WeakSet()


def _after_fork() -> None:
    """The locks of plans may be held by threads that are not in this process; what they were writing is written again."""
    for made in list(_alive):
        made.renew_locks()
    _plans_lock.release()


if hasattr(os, "register_at_fork"):
    # Before the engine's lock, which is taken by whoever has this one: hooks run in reverse.
    os.register_at_fork(before=_plans_lock.acquire, after_in_parent=_plans_lock.release, after_in_child=_after_fork)


def digest_of(data: bytes | bytearray | memoryview) -> bytes:
    """What a component is known by."""
    return hashlib.sha256(data).digest()


_files: dict[tuple[str, int, int, int, int], bytes] = {}


def read_file(path: Path) -> tuple[bytes, Callable[[], bytes]]:
    """The digest of a file's content, and what gives the content of this digest. The file is read where it was not, or has changed."""
    status = path.stat()
    key = (str(path), status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    known = _files.get(key)
    if known is None:
        content = path.read_bytes()
        digest = _files[key] = digest_of(content)
        return digest, lambda: content

    def again() -> bytes:
        content = path.read_bytes()
        # Compiled code is kept under the digest: what comes to be known as this component must be this component.
        if digest_of(content) != known:
            raise ComponentFormatError("the file was changed while it was loaded: load it again")
        return content

    return known, again


def plan(digest: bytes, data: Callable[[], bytes], *, limits: Limits, lane: str, types: Types) -> Plan:
    """The plan of a component: that of an earlier load of the same bytes, or a new one. `data` gives the bytes where they are needed."""
    timed, fueled = limits.time is not None, limits.fuel is not None
    key = (digest, timed, fueled, lane, *types.items())
    # What is compiled is kept until it is asked for below, whatever other threads load meanwhile.
    kept: object = _plans.get(key)
    if limits.of_compiling and kept is None:
        # Few programs need it.
        from likewise.component import apart

        # Before the lock is taken: other threads go on.
        kept = apart.compiled(digest, data, limits)
    with _plans_lock:
        found = _plans.pop(key, None)
        if found is None:
            content = data()
            try:
                found = Plan(digest, content, engines.engine(timed=timed, fueled=fueled), lane, types)
            except engines.NoMachineCode:
                found = Plan(digest, content, engines.engine(timed=timed, fueled=fueled), lane, types)
        _plans[key] = found
        while len(_plans) > _MAX_PLANS:
            del _plans[next(iter(_plans))]
    del kept
    return found
