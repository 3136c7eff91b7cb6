"""The public lane: wasmtime-py's documented API, for versions whose inner workings `_abi` does not know.

Values are checked as the direct lane checks them, turned into wasmtime-py's form of them and back. That form: records are bare
objects with kebab-case attributes, enums are strings, flags are sets of strings, and a variant, option or result is its payload
alone where wasmtime-py can tell the cases apart by the payload's class, a `Variant` with a tag where it cannot.

Exceptions of host imports never reach wasmtime-py's one slot for them, which all threads share: they are kept with the instance. What
else it gets wrong is set right in `mend`.
"""

from __future__ import annotations

import ctypes
import operator
import struct
import weakref
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import wasmtime
import wasmtime.component as wc

from likewise.component import wit
from likewise.component.check import as_sequence, check
from likewise.component.codegen import Source
from likewise.component.instance import HOST_IMPORT
from likewise.component.interrupt import contain, take_callbacks
from likewise.component.lowering import nullable
from likewise.component.mend import close, handles, mend
from likewise.component.names import camel, snake
from likewise.component.plan import signature
from likewise.component.resources import Resource, drain, elsewhere, give, moved, undo
from likewise.component.values import Err, Ok, Some
from likewise.errors import ComponentError

if TYPE_CHECKING:
    from likewise.component.instance import Group, Instance
    from likewise.component.plan import FunctionPlan, Plan

__all__ = ["PublicLane"]


@lru_cache(4096)  # types that consist of each other would be looked at again and again
def _classes(t: wit.Type | None) -> frozenset[Any]:
    """The Python classes in which wasmtime-py shows values of this type; `object` for no value."""
    match t:
        case None:
            return frozenset([object])
        case wit.Primitive(keyword="bool"):
            return frozenset([bool])
        case wit.Primitive(keyword="f32" | "f64"):
            return frozenset([float])
        case wit.Primitive(keyword="char" | "string") | wit.Enum():
            return frozenset([str])
        case wit.Primitive():
            return frozenset([int])
        case wit.List(element=wit.Primitive(keyword="u8")):
            return frozenset([bytes])
        case wit.List():
            return frozenset([list])
        case wit.Record():
            return frozenset([wc.Record])
        case wit.Tuple():
            return frozenset([tuple])
        case wit.Flags():
            return frozenset([set])
        case wit.Own() | wit.Borrow():
            return frozenset([wc.ResourceAny, wc.ResourceHost])
    cases = _cases(t)
    if _tagged(cases):
        return frozenset([wc.Variant])
    return frozenset().union(*(_classes(payload) for _, payload in cases))


def _cases(t: wit.Type) -> list[tuple[str, wit.Type | None]]:
    match t:
        case wit.Variant(cases=cases):
            return [(case.name, case.type) for case in cases]
        case wit.Option(payload=payload):
            return [("none", None), ("some", payload)]
        case wit.Result(ok=ok, err=err):
            return [("ok", ok), ("err", err)]
    raise AssertionError(f"a type without cases: {t}")


def _tagged(cases: list[tuple[str, wit.Type | None]]) -> bool:
    """Whether wasmtime-py tags the cases: it does when two of them share a class."""
    seen: set[Any] = set()
    for _, payload in cases:
        classes = _classes(payload)
        if classes & seen:
            return True
        seen |= classes
    return False


Convert = Callable[[Any, Any], Any]


class PublicLane:
    """Makes the functions of one component."""

    name = "public"

    def __init__(self, plan: Plan) -> None:
        mend()
        take_callbacks()
        self.classes = plan.classes
        self.handles = plan.handles()
        self.metered = plan.engine.timed or plan.engine.fueled
        self.host = plan.host
        self.source = Source({"_AttributeError": AttributeError, "_TypeError": TypeError})
        self._outward: dict[int, Convert] = {}
        self._inward: dict[int, Convert] = {}
        self._alive: list[wit.Type] = []

    # -- instances ---------------------------------------------------------------------------------------------------

    def prepare(self, inst: Instance) -> None:
        """Give a new instance the address of its context, by which callbacks know it."""
        inst.context = _address(inst.store)
        contain(inst)

    def slot(self, inst: Instance, function: FunctionPlan) -> Any:
        """What a call needs: the instance, wasmtime-py's function, and whether the instance is idle."""
        raw = inst.raw.get_func(inst.store, function.export)
        assert raw is not None
        return inst, raw, inst.idle

    def end(self, inst: Instance) -> None:
        """Nothing outlives a call."""

    def drop(self, inst: Instance, handle: wc.ResourceAny) -> None:
        """Run the component's destructor for a handle."""
        try:
            handle.drop(inst.store)
        except wasmtime.WasmtimeError as error:
            inst.die(inst.classify(error))

    def forget(self, handle: wc.ResourceAny) -> None:
        """Free a handle."""
        handles.pop(id(handle), None)
        close(handle)

    def undo(self, inst: Instance, rep: int) -> None:
        """Take back what was to be given of the host's."""
        inst.group.table.drop(rep)

    def take_back(self, inst: Instance, handle: wc.ResourceAny, rep: int) -> None:
        """End what was lent for a call."""
        if not inst.dead:
            handle.drop(inst.store)
        close(handle)
        inst.group.table.drop(rep)

    # -- exported functions ------------------------------------------------------------------------------------------

    def plan(self, made: FunctionPlan) -> bytes:
        """Make a function's maker."""
        params, result, lane = made.params, made.function.result, self
        outward = [self.outward(t) for _, t in params]
        inward = self.inward(result) if result is not None and not isinstance(result, wit.Result) else None
        arms: dict[str, Convert | None] = {}
        tagged = False
        if isinstance(result, wit.Result):
            arms = {name: self.inward(arm) if arm is not None else None for name, arm in _cases(result)}
            tagged = _tagged(_cases(result))
        holder = next((i for i, (_, t) in enumerate(params) if self.handles.lives_in_guest(t)), None)

        def maker(local: Any, enter: Any) -> Callable[..., Any]:
            def run(*values: Any) -> Any:
                # As the direct lane does it: from here to the next `try`, Python lets no signal's handler run.
                try:
                    inst, raw, idle = (local if holder is None else values[holder]._inst).slots[made.index]
                    if holder is not None and inst is not local.inst:
                        raise TypeError
                    del idle[0]
                except (AttributeError, TypeError, IndexError):
                    # Not here: Python 3.12 lets handlers run on the way back from `except`.
                    idle = None
                try:
                    if idle is None:
                        inst, raw, idle = enter(made.index) if holder is None else enter(made.index, values[holder], made.path)
                    for (name, t), value in zip(params, values, strict=True):
                        check(t, value, name, lane.classes)
                    if inst.dropped:
                        drain(inst)
                    try:
                        arguments = [convert(value, inst) for convert, value in zip(outward, values, strict=True)]
                        inst.group.arm(inst)
                    except BaseException:
                        undo(inst)
                        raise
                    inst.given.clear()
                    try:
                        answer = raw(inst.store, *arguments)
                    except wasmtime.WasmtimeError as error:
                        inst.die(inst.classify(error))
                    except BaseException as error:
                        # A signal's handler raised in wasmtime-py's code, after a host import had ended the instance.
                        if inst.error is not None:
                            inst.die(error)
                        raise
                    moved(inst)
                    if arms:
                        name, payload = _split(answer, arms, tagged, result)
                        convert_arm = arms[name]
                        value = convert_arm(payload, inst) if convert_arm is not None else None
                        if name == "ok":
                            return value
                        raise ComponentError(value)
                    return inward(answer, inst) if inward is not None else None
                finally:
                    if idle is not None:
                        try:
                            while inst.lent:
                                lane.take_back(inst, *inst.lent.pop())
                        finally:
                            if not inst.dead:
                                idle.append(True)
                                inst.pass_on()

            function: Callable[..., Any] = write(run)
            return function

        names = [name for name, _ in params]
        doc = made.interface.docs.functions.get(made.function.name) or f"The WIT function `{made.function.name}`."
        write_name = self.source.fresh("make_")
        write = self.source.define(
            write_name,
            f"def {write_name}(_run):\n    def {made.name}{signature(made)}:\n        {doc!r}\n"
            f"        return _run({', '.join(names)})\n    return {made.name}\n",
        )
        made.maker = maker
        return b""

    # -- imported functions ------------------------------------------------------------------------------------------

    def define(
        self,
        linker: wc.LinkerInstance,
        interface: wit.Interface,
        function: wit.Function,
        target: Callable[..., Any],
        group: Callable[[], Group],
        keep: list[Any],
    ) -> None:
        """Provide an imported function."""
        # wasmtime-py keeps host functions in a global table until their linker ends: one that held its group would keep it forever.
        current = weakref.ref(group())
        inward = [] if function.unsupported else [self.inward(p.type) for p in function.params]
        result = None if function.unsupported else function.result
        outward = self.outward(result) if result is not None else None

        def likewise_host_import(store: Any, *arguments: Any) -> Any:
            granted = current()
            assert granted is not None
            inst = granted.instances.get(_address(store))
            try:
                values = [convert(argument, inst) for convert, argument in zip(inward, arguments, strict=False)]
                if isinstance(result, wit.Result):
                    try:
                        value = target(*values)
                    except ComponentError as error:
                        value = Err(error.payload)
                    else:
                        value = value if isinstance(value, (Ok, Err)) else Ok(value)
                else:
                    value = target(*values)
                if outward is None:
                    return None
                assert result is not None
                check(result, value, f"the result of {function.name}", self.classes)
                answer = outward(value, inst)
                if inst is not None:
                    inst.given.clear()
                return answer
            except BaseException as error:  # it is raised again by the call
                if inst is not None:
                    inst.error = error
                # Its own kind of error is passed on by wasmtime-py without a look at its slot for exceptions.
                raise wasmtime.WasmtimeError("a host import raised an exception") from None

        assert likewise_host_import.__name__ == HOST_IMPORT
        linker.add_func(function.name, likewise_host_import)

    # -- values ------------------------------------------------------------------------------------------------------

    def outward(self, t: wit.Type) -> Convert:
        """(value, instance) -> wasmtime-py's form, for a value that was checked."""
        if id(t) not in self._outward:
            self._alive.append(t)
            self._outward[id(t)] = self._make_outward(t)
        return self._outward[id(t)]

    def _make_outward(self, t: wit.Type) -> Convert:
        match t:
            # What a class makes of str, int or float is not asked again: wasmtime-py would believe what its methods say.
            case wit.Primitive(keyword="f32" | "f64" as keyword):
                form = struct.Struct("<f" if keyword == "f32" else "<d")
                return lambda value, inst: form.unpack(form.pack(value))[0]
            case wit.Primitive(keyword=keyword) if keyword in wit.Primitive.RANGES:
                return lambda value, inst: int.__index__(operator.index(value))
            case wit.Primitive(keyword="string" | "char"):
                return lambda value, inst: str.__str__(value)
            case wit.Primitive():
                return lambda value, inst: value
            case wit.Enum():
                return lambda value, inst: str.__str__(value) if isinstance(value, str) else value.value
            case wit.Flags(names=names):
                cls = self.classes[t]

                def flags(value: Any, inst: Any) -> set[str]:
                    if isinstance(value, cls):
                        return {name for i, name in enumerate(names) if value.value >> i & 1}
                    return set(map(str.__str__, value))

                return flags
            case wit.List(element=wit.Primitive(keyword="u8")):
                return lambda value, inst: bytes(
                    memoryview(value) if isinstance(value, (bytes, bytearray)) else as_sequence(value)
                )
            case wit.List(element=element):
                convert = self.outward(element)
                return lambda value, inst: [convert(item, inst) for item in as_sequence(value)]
            case wit.Tuple(elements=elements):
                converts = [self.outward(element) for element in elements]
                return lambda value, inst: tuple(
                    convert(item, inst) for convert, item in zip(converts, as_sequence(value), strict=True)
                )
            case wit.Record(fields=fields):
                members = [(field.name, snake(field.name), self.outward(field.type)) for field in fields]

                def record(value: Any, inst: Any) -> wc.Record:
                    made = wc.Record()
                    for name, attribute, convert in members:
                        setattr(made, name, convert(getattr(value, attribute), inst))
                    return made

                return record
            case wit.Own() | wit.Borrow():
                return self._outward_handle(t)
        return self._outward_cases(t)

    def _outward_cases(self, t: wit.Type) -> Convert:
        cases = _cases(t)
        tagged = _tagged(cases)
        converts = {name: self.outward(payload) if payload is not None else None for name, payload in cases}
        # Without tags wasmtime-py takes the first case whose classes fit. An int's also fits a bool, an option's fits anything.
        fits = [(name, None if payload is None else tuple(_classes(payload))) for name, payload in cases]
        every = frozenset().union(*(_classes(payload) for _, payload in cases))
        ambiguous = not tagged and ({bool, int} <= every or any(classes and object in classes for _, classes in fits))

        def make(name: str, payload: Any, inst: Any) -> Any:
            convert = converts[name]
            value = convert(payload, inst) if convert is not None else None
            if ambiguous:
                first = next(case for case, classes in fits if (value is None if classes is None else isinstance(value, classes)))
                if first != name:
                    raise NotImplementedError(
                        f"this version of wasmtime-py cannot pass the case {name!r}: it mistakes it for {first!r}; use a version that"
                        " likewise calls directly"
                    )
            if not tagged:
                return value
            return wc.Variant(name, value) if convert is not None else wc.Variant(name)

        match t:
            case wit.Option(payload=inner):
                wrapped = nullable(inner)
                return lambda value, inst: (
                    make("none", None, inst) if value is None else make("some", value.value if wrapped else value, inst)
                )
            case wit.Result():
                return lambda value, inst: (
                    make("ok", value.value, inst) if isinstance(value, Ok) else make("err", value.error, inst)
                )
        base = self.classes[t]
        names = {getattr(base, camel(name)): name for name, _ in cases}
        return lambda value, inst: make(names[type(value)], getattr(value, "value", None), inst)

    def _outward_handle(self, t: wit.Own | wit.Borrow) -> Convert:
        own = isinstance(t, wit.Own)
        if t.resource in self.handles.guest:

            def guest(value: Resource, inst: Instance) -> Any:
                if own:
                    give(inst, value)
                elif value._inst is not inst:
                    raise elsewhere(inst, value)
                return value._ptr

            return guest
        number = self.host[t.resource]

        def host(value: Any, inst: Instance) -> Any:
            rep = inst.group.table.add(value, inst.context)
            if own:
                inst.given.append(rep)
                return wc.ResourceHost.own(rep, number)
            # Lent from a handle of our own: wasmtime before 50 cannot make a borrowed handle outside of a call.
            handle = wc.ResourceHost.own(rep, number).to_any(inst.store)
            inst.lent.append((handle, rep))
            return handle

        return host

    def inward(self, t: wit.Type) -> Convert:
        """(wasmtime-py's form, instance) -> value."""
        if id(t) not in self._inward:
            self._alive.append(t)
            self._inward[id(t)] = self._make_inward(t)
        return self._inward[id(t)]

    def _make_inward(self, t: wit.Type) -> Convert:
        match t:
            case wit.Primitive() | wit.List(element=wit.Primitive(keyword="u8")):
                return lambda value, inst: value
            case wit.Enum():
                cls = self.classes[t]
                return lambda value, inst: cls(value)
            case wit.Flags(names=names):
                flags = self.classes[t]
                bits = {name: 1 << i for i, name in enumerate(names)}
                return lambda value, inst: flags(sum(bits[name] for name in value))
            case wit.List(element=element):
                convert = self.inward(element)
                return lambda value, inst: [convert(item, inst) for item in value]
            case wit.Tuple(elements=elements):
                converts = [self.inward(element) for element in elements]
                return lambda value, inst: tuple(convert(item, inst) for convert, item in zip(converts, value, strict=True))
            case wit.Record(fields=fields):
                record = self.classes[t]
                members = [(field.name, snake(field.name), self.inward(field.type)) for field in fields]
                return lambda value, inst: record(
                    **{attribute: convert(getattr(value, name), inst) for name, attribute, convert in members}
                )
            case wit.Own() | wit.Borrow():
                return self._inward_handle(t)
        cases = _cases(t)
        tagged = _tagged(cases)
        arms = {name: self.inward(payload) if payload is not None else None for name, payload in cases}
        makers = self._makers(t)

        def lift(value: Any, inst: Any) -> Any:
            name, payload = _split(value, arms, tagged, t)
            convert = arms[name]
            return makers[name](convert(payload, inst)) if convert is not None else makers[name]()

        return lift

    def _makers(self, t: wit.Type) -> Mapping[str, Callable[..., Any]]:
        match t:
            case wit.Option(payload=inner):
                return {"none": lambda: None, "some": Some if nullable(inner) else lambda value: value}
            case wit.Result():
                return {"ok": Ok, "err": Err}
        return {name: getattr(self.classes[t], camel(name)) for name, _ in _cases(t)}

    def _inward_handle(self, t: wit.Own | wit.Borrow) -> Convert:
        resource, own = t.resource, isinstance(t, wit.Own)
        if resource in self.handles.guest:

            def guest(handle: wc.ResourceAny, inst: Instance) -> Resource:
                value: Resource = object.__new__(inst.group.resource_class(resource))
                value._inst = inst
                value._ptr = handles[id(handle)] = handle
                return value

            return guest

        def host(handle: wc.ResourceAny, inst: Instance) -> Any:
            rep = handle.to_host(inst.store).rep
            table = inst.group.table
            return table.take(rep) if own else table.get(rep)

        return host


def _split(value: Any, arms: Mapping[str, Any], tagged: bool, t: wit.Type | None) -> tuple[str, Any]:
    """The case of a value in wasmtime-py's form, and its payload."""
    if tagged:
        return value.tag, value.payload
    assert t is not None
    for name, payload in _cases(t):
        if payload is None:
            if value is None:
                return name, None
        elif type(value) in _classes(payload):
            return name, value
        elif value is None and object in _classes(payload):
            return name, None
    raise AssertionError(f"wasmtime-py gave {value!r} for one of {', '.join(arms)}")


def _address(store: Any) -> int:
    """The address of a store's context."""
    return ctypes.cast(store._context(), ctypes.c_void_p).value or 0
