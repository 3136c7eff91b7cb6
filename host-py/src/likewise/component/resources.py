"""Resources: objects that live in the component and are held from Python, and objects of Python that are held by the component.

A guest's resource belongs to one instance, that of the thread that made it, and dies with it. Its methods may be called from any
thread: each call has the instance to itself. Closing it, by `close`, `with` or the garbage collector, runs the component's
destructor at once, or right after the call under way where the instance is busy.
"""

from __future__ import annotations

import ctypes
import itertools
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from likewise.component import wit
from likewise.component.codegen import Source
from likewise.errors import ResourceClosed

if TYPE_CHECKING:
    from likewise.component.instance import Instance

__all__ = [
    "Handles",
    "HostTable",
    "Resource",
    "check_made",
    "drain",
    "elsewhere",
    "give",
    "living_in",
    "moved",
    "undo",
    "unusable",
]


class Resource:
    """Base of the classes of a component's resources.

    Where the component has a method `close` of its own, that is what `close` calls; the end of a `with` statement, and the garbage
    collector, end the resource all the same.
    """

    __slots__ = ("__weakref__", "_inst", "_ptr")
    _inst: Instance | None
    #: Address of the handle, or wasmtime-py's object on the public lane.
    _ptr: Any

    @property
    def closed(self) -> bool:
        """Whether it was closed, given away or lost with its instance."""
        return _is_closed(self)

    def close(self) -> None:
        """End the resource and free what it holds in the component. Closing twice does nothing."""
        _close(self)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        _close(self)

    def __del__(self, *, _ending: Callable[[], bool] = sys.is_finalizing) -> None:
        inst = getattr(self, "_inst", None)
        # At the end of the interpreter nothing is left that could free it, nor need it be.
        if inst is not None and not _ending():
            self._inst = None
            inst.drop(self._ptr)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{' (closed)' if _is_closed(self) else ''}>"

    def __reduce__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} lives in its component instance and cannot be copied or pickled")


def living_in(resource: Resource) -> Instance | None:
    """The instance in which a resource lives; None where there is none, as for one that `object.__new__` made."""
    return getattr(resource, "_inst", None)


def _is_closed(resource: Resource) -> bool:
    inst = living_in(resource)
    return inst is None or inst.dead


def _close(resource: Resource) -> None:
    inst = living_in(resource)
    if inst is not None:
        inst.close(resource)


def drain(inst: Instance) -> None:
    """Drop the handles whose objects were finalized while the instance was busy."""
    while inst.dropped:
        inst.drop_now(inst.dropped.pop())


def moved(inst: Instance) -> None:
    """The resources given away in the call just made are the component's."""
    while inst.moving:
        inst.forget(inst.moving.pop()._ptr)


def undo(inst: Instance) -> None:
    """The call that was to give resources away is not made: they are whose they were."""
    while inst.moving:
        inst.moving.pop()._inst = inst
    while inst.given:
        inst.group.plan.lane.undo(inst, inst.given.pop())


def unusable(resource: Resource) -> Exception:
    """Why a resource cannot be used now: its instance is dead, or in the middle of a call by this very thread."""
    inst = living_in(resource)
    if inst is None or inst.dead:
        return ResourceClosed(closed_message(resource))
    return RuntimeError(
        f"this {type(resource).__name__} is in use by the call under way: a host import cannot call back into the instance that called it"
    )


def check_made(resource: Any) -> None:
    """Raise ResourceClosed for a resource that no component made."""
    if isinstance(resource, Resource) and not hasattr(resource, "_inst"):
        raise ResourceClosed(closed_message(resource))


def closed_message(resource: Any) -> str:
    name = type(resource).__name__
    if not hasattr(resource, "_inst"):
        return f"this {name} was not made by its component: use one that a constructor or function of the component returned"
    inst = resource._inst
    if inst is None:
        return f"this {name} is closed, or was given away: make a new one"
    return f"this {name} was lost when its instance ended ({inst.epitaph}): make a new one"


class HostTable:
    """The Python objects that a component's instances hold, by the number that they know them by."""

    def __init__(self) -> None:
        #: Each with the context of the instance that holds it.
        self.objects: dict[int, tuple[Any, int]] = {}
        self._numbers = itertools.count(1)

    def add(self, value: Any, context: int) -> int:
        """Keep an object for an instance; its number."""
        # 32 bits: at a million objects a second the numbers repeat after an hour.
        number = next(self._numbers) & 0xFFFF_FFFF
        while number in self.objects:
            number = next(self._numbers) & 0xFFFF_FFFF
        self.objects[number] = value, context
        return number

    def get(self, number: int) -> Any:
        """The object of this number."""
        return self.objects[number][0]

    def take(self, number: int) -> Any:
        """The object of this number, which nobody holds any more."""
        return self.objects.pop(number)[0]

    def drop(self, number: int) -> None:
        """Let an object go, if it is still held."""
        self.objects.pop(number, None)

    def end(self, context: int) -> None:
        """Let go of what an instance held: no destructor runs for it any more."""
        for number in [number for number, (_, holder) in list(self.objects.items()) if holder == context]:
            self.drop(number)


class _Guard:
    """Ends a handle to a Python object that was lent or copied, when the call is over."""

    __slots__ = ("delete", "pointer", "rep", "table")

    def __init__(self, delete: Callable[[int], None], pointer: int, table: HostTable | None, rep: int) -> None:
        self.delete, self.pointer, self.table, self.rep = delete, pointer, table, rep

    def __del__(self) -> None:
        self.delete(self.pointer)
        if self.table is not None:
            self.table.drop(self.rep)


class Handles:
    """What the direct lane does about handles in the types of one component."""

    def __init__(self, classes: Mapping[wit.Type, Any], guest: frozenset[wit.Resource], host: Mapping[wit.Resource, int]) -> None:
        self.classes = classes
        #: Resources that the component exports.
        self.guest = guest
        #: Resources that the host provides, each with the number of its type.
        self.host = host
        #: Whether calls may leave handles to be dropped.
        self.any = bool(guest)

    def lives_in_guest(self, t: wit.Type) -> bool:
        """Whether `t` is a handle to a resource of the component."""
        return isinstance(t, (wit.Own, wit.Borrow)) and t.resource in self.guest

    def moves(self, t: wit.Type) -> bool:
        """Whether a value of this type gives a resource away."""
        return any(isinstance(x, wit.Own) for x in wit.walk(t))

    def inside(self, t: wit.Type) -> bool:
        """Whether a value of this type may hold a handle."""
        return any(isinstance(x, (wit.Own, wit.Borrow)) for x in wit.walk(t))

    def adopt(self, source: Source, t: wit.Own) -> str:
        """Name of a function (handle, instance) -> object that takes the handle of a guest's resource over."""
        resource = t.resource

        def adopt(pointer: int, inst: Instance) -> Resource:
            cls = inst.group.resource_class(resource)
            value: Resource = object.__new__(cls)
            value._inst = inst
            value._ptr = pointer
            return value

        return source.constant("adopt", adopt)

    def lifting(self, source: Source, t: wit.Type) -> str:
        """Name of a function (handle, instance) -> object that leaves the handle to its owner."""
        from likewise.component._abi import C
        from likewise.component.calls import error_at

        assert isinstance(t, (wit.Own, wit.Borrow))
        c = C.get()
        resource = t.resource
        if resource in self.guest:

            def lift_guest(pointer: int, inst: Instance) -> Resource:
                value: Resource = object.__new__(inst.group.resource_class(resource))
                value._inst = inst
                value._ptr = c.resource_clone(pointer)
                return value

            return source.constant("lift_guest", lift_guest)
        own = isinstance(t, wit.Own)

        def lift_host(pointer: int, inst: Instance) -> Any:
            found = ctypes.c_void_p()
            error = c.resource_to_host(inst.context, pointer, ctypes.byref(found))
            if error:
                raise error_at(error)
            rep = c.host_rep(found)
            c.host_delete(found)
            table = inst.group.table
            return table.take(rep) if own else table.get(rep)

        return source.constant("lift_host", lift_host)

    def lowering(self, source: Source, t: wit.Type) -> str:
        """Name of a function (object, keep) -> address of a handle."""
        from likewise.component._abi import C
        from likewise.component.calls import error_at

        assert isinstance(t, (wit.Own, wit.Borrow))
        c = C.get()
        resource = t.resource
        own = isinstance(t, wit.Own)
        if resource in self.guest:
            cls = self.classes[resource]

            def lower_guest(value: Any, keep: list[Any]) -> int:
                if not isinstance(value, cls):
                    raise TypeError("not the resource")
                inst = keep[0]
                if own:
                    give(inst, value)
                elif value._inst is not inst:
                    raise elsewhere(inst, value)
                pointer: int = value._ptr
                return pointer

            return source.constant("lower_guest", lower_guest)
        number = self.host[resource]

        def lower_host(value: Any, keep: list[Any]) -> int:
            inst = keep[0]
            table = inst.group.table
            rep = table.add(value, inst.context)
            host = c.host_new(own, rep, number)
            found = ctypes.c_void_p()
            error = c.host_to_any(inst.context, host, ctypes.byref(found))
            c.host_delete(host)
            if error:
                raise error_at(error)
            keep.append(_Guard(c.resource_delete, found.value or 0, None if own else table, rep))
            if own:
                inst.given.append((found.value, rep))
            return found.value or 0

        return source.constant("lower_host", lower_host)


def give(inst: Instance, value: Resource) -> None:
    """Let the call under way take a resource with it: from here on nobody else can close it or pass it."""
    if value._inst is not inst:
        raise elsewhere(inst, value)
    inst.moving.append(value)
    value._inst = None


def elsewhere(inst: Instance, value: Resource) -> Exception:
    """Why a resource cannot be passed to an instance that it does not live in."""
    if any(value is other for other in inst.moving):
        return ValueError(f"the same {type(value).__name__} is given away twice: pass each once")
    if _is_closed(value):
        return ResourceClosed(closed_message(value))
    return ValueError(
        f"this {type(value).__name__} belongs to another instance of the component: pass resources made by one thread"
    )
