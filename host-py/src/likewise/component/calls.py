"""The direct lane: source for each function of a component, exported or imported, that speaks to the C API by way of `_abi`.

An exported function becomes a Python function of the same parameters that
    takes a slot: what a call of this function needs in the instance to be called (made on its first call there),
    writes the arguments into the slot's memory,
    calls,
    reads the result.
An imported function becomes a C callback that does the same in reverse.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import wasmtime
import wasmtime.component

from likewise.component import wit
from likewise.component._abi import VALUE, C
from likewise.component.check import explain
from likewise.component.codegen import Source
from likewise.component.instance import HOST_IMPORT
from likewise.component.interrupt import sheltered
from likewise.component.lifting import Lifting
from likewise.component.lowering import CODES, Lowering, format_of
from likewise.component.lowering import kind as kind_of
from likewise.component.names import snake
from likewise.component.plan import signature
from likewise.component.resources import drain, moved, undo
from likewise.errors import ComponentError

if TYPE_CHECKING:
    from likewise.component.instance import Group, Instance
    from likewise.component.plan import FunctionPlan, Plan

__all__ = ["DirectLane"]

#: What lowering raises on a value that does not fit.
LOWERING_ERRORS = (TypeError, ValueError, OverflowError, AttributeError, LookupError, struct.error)

#: A string result up to this size stays where it is until the instance's next call: freeing it costs a tenth of a call.
_LEAVE = 4096

#: Whether handlers of signals run on the way from the end of an `except` to what follows it. What was taken there would be lost. Not to take
#: it there costs every call a fiftieth.
_BACK_FROM_EXCEPT = sys.version_info[:2] == (3, 12)

#: What a slot unpacks to: the instance, its call with all its arguments, where to write and to read, and whether the instance is idle.
_SLOT = "_inst, _call, _a, _r, _idle"

#: Up to so many words are stored one by one. Packing them all at once costs as much as five.
_STORES = 4


def _no_memory(t: wit.Type | None) -> bool:
    """Whether a result of this type owns so little memory that it may stay until the next call."""
    match t:
        case None | wit.Enum() | wit.Flags():
            return True
        case wit.Primitive(keyword=keyword):
            return keyword != "string"
        case wit.Option(payload=inner):
            return _no_memory(inner)
        case _:
            return False


class DirectLane:
    """Makes the functions of one component."""

    name = "direct"

    def __init__(self, plan: Plan) -> None:
        self.classes = plan.classes
        self.metered = plan.engine.timed or plan.engine.fueled
        self.c = C.get()
        self.source = Source({})
        self.handles = plan.handles()
        self._callbacks: dict[tuple[str, str], Callable[..., Any]] = {}
        self.lowering = Lowering(self.source, self.classes, lambda t: self.handles.lowering(self.source, t))
        self.lifting = Lifting(self.source, self.classes, lambda t: self.handles.lifting(self.source, t))
        self.source.namespace.update(
            _AttributeError=AttributeError,
            _IndexError=IndexError,
            _BaseException=BaseException,
            _ComponentError=ComponentError,
            _CLASSES=self.classes,
            _LOWERING=LOWERING_ERRORS,
            _clone=self.c.val_clone,
            _explain=explain,
            _fail=self.fail,
            _free=self.c.val_delete,
            _arm=arm,
            _drain=drain,
            _moved=moved,
            _undo=undo,
            _f32=_f32,
            _sheltered=sheltered,
        )

    # -- instances ---------------------------------------------------------------------------------------------------

    def prepare(self, inst: Instance) -> None:
        """Give a new instance its context and the memory for results."""
        context = ctypes.cast(inst.store._context(), ctypes.c_void_p)
        inst.context = context.value or 0
        result = (ctypes.c_uint64 * (VALUE // 8))()
        inst.result = (context, result, ctypes.byref(result))

    def slot(self, inst: Instance, function: FunctionPlan) -> Any:
        """What a call needs."""
        raw = inst.raw.get_func(inst.store, function.export)
        assert raw is not None
        arguments = (ctypes.c_uint64 * (len(function.template) // 8)).from_buffer_copy(function.template)
        context, result, result_ref = inst.result
        inst.buffers += (raw, arguments)
        # What byref and from_param make is passed as it is; an instance of c_size_t would be converted anew in each call.
        word = ctypes.c_void_p.from_param
        call = partial(
            self.c.call,
            ctypes.byref(raw._func),
            word(context.value),
            ctypes.byref(arguments),
            word(len(function.params)),
            result_ref,
            word(function.function.result is not None),
        )
        write, read = function.views
        return (
            inst,
            call,
            _words(arguments, write) if write else ctypes.addressof(arguments),
            _words(result, read) if read else ctypes.addressof(result),
            inst.idle,
        )

    def end(self, inst: Instance) -> None:
        """Free what the last result holds."""
        self.c.val_delete(inst.result[2])

    def drop(self, inst: Instance, handle: int) -> None:
        """Run the component's destructor for a handle."""
        failed = self.c.resource_drop(inst.context, handle)
        if failed:
            self.fail(inst, failed)

    def forget(self, handle: int) -> None:
        """Free a handle."""
        self.c.resource_delete(handle)

    def undo(self, inst: Instance, given: tuple[int, int]) -> None:
        """Take back what was to be given of the host's."""
        handle, rep = given
        inst.group.table.drop(rep)
        failed = self.c.resource_drop(inst.context, handle)
        if failed:
            raise error_at(failed)

    def fail(self, inst: Instance, error: int) -> None:
        """A call ended with an error: raise what it means."""
        inst.die(inst.classify(error_at(error)))

    # -- plans -------------------------------------------------------------------------------------------------------

    def plan(self, function: FunctionPlan) -> bytes:
        """Write a function's source. Returns the template of its arguments."""
        function.maker, template = self.function(function)
        return template

    def define(
        self,
        linker: wasmtime.component.LinkerInstance,
        interface: wit.Interface,
        function: wit.Function,
        target: Callable[..., Any],
        group: Callable[[], Group],
        keep: list[Any],
    ) -> None:
        """Provide an imported function."""
        params = [(snake(p.name), p.type) for p in function.params]
        if function.unsupported:
            params, result = [], None
        else:
            result = function.result
        key = (interface.name, function.name)
        make = self._callbacks.get(key)
        if make is None:
            make = self._callbacks[key] = self.callback(function.name, params, result)
        current = group()

        def caught(context: int, error: BaseException) -> int:
            inst = current.instances.get(context)
            if inst is not None:
                inst.error = error
            message: int = self.c.error_new(b"a host import raised an exception")
            return message

        callback = self.c.callback(make(target, current.instances, caught))
        keep.append(callback)
        name = function.name.encode()
        failed = self.c.add_func(linker.ptr(), name, ctypes.c_size_t(len(name)), callback, None, None)
        if failed:
            raise error_at(failed)

    # -- exported functions ------------------------------------------------------------------------------------------

    def function(self, made: FunctionPlan) -> tuple[Callable[..., Any], bytes]:
        """A maker of the function, and the template of its arguments.

        The maker takes (local, enter): the thread's state, and what to ask for a slot where there is none or it is taken.
        """
        params, result, kind, index = made.params, made.function.result, made.function.kind, made.index
        name = made.name
        doc = made.interface.docs.functions.get(made.function.name) or f"The WIT function `{made.function.name}`."
        template = bytearray(VALUE * max(1, len(params)))
        before: list[str] = []
        words: list[tuple[str, int, str]] = []
        for i, (param, t) in enumerate(params):
            words.append(("Q", VALUE * i, str(kind_of(t))))
            words += [(code, VALUE * i + 8 + at, text) for code, at, text in self.lowering.words(t, param, before, local=True)]
        constant = [text.isdigit() for _, _, text in words]
        codes = {code for (code, _, _), fixed in zip(words, constant, strict=True) if not fixed}
        write = ""
        if len(codes) == 1 and constant.count(False) <= _STORES:
            # What does not change is written once, when the slot is made; the rest through a view of what it consists of.
            (write,) = codes
            for (code, position, expression), fixed in zip(words, constant, strict=True):
                if fixed:
                    struct.pack_into("<" + code, template, position, int(expression))
                else:
                    value = f"_f32({expression})" if code == "f" else expression
                    before.append(f"_a[{position // struct.calcsize('=' + code)}] = {value}")
        elif words:
            pack = self.source.constant("pack", struct.Struct("<" + format_of(words, len(template))).pack_into)
            before.append(f"{pack}(_MEM, _a, {', '.join(text for _, _, text in words)})")
        lowering = before
        if any("_keep" in line for line in lowering):
            lowering.insert(0, "_keep = [_inst]")
        types = self.source.constant("params", params)
        owner = params[0][0] if kind == "method" else next((p for p, t in params if self.handles.lives_in_guest(t)), None)
        # A resource lives in one instance: the call goes there, whichever thread makes it. Others go to the thread's own.
        where, ask = ("_local", "") if owner is None else (f"{owner}._inst", f", {owner}, {made.path!r}")
        body = [
            "try:",
            f"    {_SLOT} = {where}.slots[{index}]",
            *([] if owner is None else ["    if _inst is not _local.inst: raise _TypeError"]),
            # Neither this nor what follows up to the next `try` is a place at which Python lets a signal's handler run.
            "    del _idle[0]",
            "except (_AttributeError, _TypeError, _IndexError):",
            *(["    _idle = None", "if _idle is None:"] if _BACK_FROM_EXCEPT else []),
            f"    {_SLOT} = _enter({index}{ask})",
            "try:",
        ]
        if self.handles.any:
            # Before arguments are looked at: what is closed while they are is theirs, and must be there when they are read.
            body.append("    if _inst.dropped: _drain(_inst)")
        before_call = []
        if lowering:
            before_call += [
                "try:",
                *(f"    {line}" for line in lowering),
                "except _LOWERING as _error:",
                f"    raise _explain({types}, ({''.join(p + ', ' for p, _ in params)}), _CLASSES, _error) from None",
            ]
        if self.metered:
            before_call.append("_arm(_inst)")
        moves = any(self.handles.moves(t) for _, t in params)
        if moves:
            before_call = [
                "try:",
                *(f"    {line}" for line in before_call),
                "except _BaseException:",
                "    _undo(_inst)",
                "    raise",
            ]
            before_call.append("_inst.given.clear()")
        body += [f"    {line}" for line in before_call]
        body += ["    _failed = _call()", "    if _failed: _fail(_inst, _failed)"]
        if moves:
            body.append("    _moved(_inst)")
        body += [f"    {line}" for line in self._lift_result(result)]
        body += [
            "finally:",
            "    if not _inst.dead:",
            "        _idle.append(True)",
            "        if _inst.waiting: _inst.pass_on()",
        ]
        maker = self.source.fresh("make_")
        text = (
            f"def {maker}(_local, _enter):\n"
            f"    def {name}{signature(made)}:\n"
            f"        {doc!r}\n" + "".join(f"        {line}\n" for line in body) + f"    return {name}\n"
        )
        make: Callable[..., Any] = self.source.define(maker, text)
        made.views = (write, self._view(result))
        return make, bytes(template)

    def _lift_result(self, t: wit.Type | None) -> list[str]:
        forget = "_r[0] = 0" if self._view(t) else "_MEM[_r] = 0"
        free = ["_free(_inst.result[2])", forget]
        match t:
            case None:
                return []
            case wit.Primitive(keyword="string"):
                return [
                    "_n = _r[1]",
                    "_p = _r[2]",
                    "_value = _str(_MEM[_p : _p + _n], 'utf-8')",
                    f"if _n > {_LEAVE}:",
                    *(f"    {line}" for line in free),
                    "return _value",
                ]
            case wit.Primitive():
                return [f"return {_load(t)}"]
            case wit.Own() if self.handles.lives_in_guest(t):
                # The handle is taken over rather than cloned: nothing is left to be freed.
                return [
                    "_value = " + self.handles.adopt(self.source, t) + "(_r[1], _inst)",
                    forget,
                    "return _value",
                ]
            case wit.Result(ok=ok, err=err):
                lines = ["_p = _r[2]", "_ok = _r[1] & 1"]
                values = [f"{self.lifting.value(arm)}(_p, _inst)" if arm is not None else "None" for arm in (ok, err)]
                return [
                    *lines,
                    f"_value = {values[0]} if _ok else _ComponentError({values[1]})",
                    *free,
                    "if _ok: return _value",
                    "raise _value",
                ]
            case _:
                lines = [f"_value = {self.lifting.value(t)}(_r, _inst)"]
                return [*lines, *([] if _no_memory(t) else free), "return _value"]

    def _view(self, result: wit.Type | None) -> str:
        """By what code a result is read: its own where it is a number, words where it has some, nothing where it takes its address."""
        match result:
            case wit.Primitive(keyword="string") | wit.Result():
                return "Q"
            case wit.Own() if self.handles.lives_in_guest(result):
                return "Q"
            case wit.Primitive(keyword=keyword):
                return CODES[keyword][0]
            case _:
                return ""

    # -- imported functions ------------------------------------------------------------------------------------------

    def callback(self, name: str, params: list[tuple[str, wit.Type]], result: wit.Type | None) -> Callable[..., Any]:
        """A maker of a C callback. It takes (target, instances, caught): what to call, instances by context, what to tell of
        exceptions.
        """
        form, names, values = "<", [], []
        for _, t in params:
            inner, words, expression = self.lifting.payload(t)
            form += "8x" + inner
            names += words
            values.append(expression)
        lines: list[str] = []
        handles = any(self.handles.inside(t) for _, t in params) or (result is not None and self.handles.inside(result))
        if handles:
            lines.append("_inst = _instances[_context]")
        elif any("_inst" in value for value in values) or result is not None:
            lines.append("_inst = None")
        if names:
            lines.append(
                f"{', '.join(names)}, = {self.source.constant('unpack', struct.Struct(form).unpack_from)}(_MEM, _arguments)"
            )
        call = f"_target({', '.join(values)})"
        lines += self._lower_result(name, result, call)
        maker = self.source.fresh("make_")
        text = (
            f"def {maker}(_target, _instances, _caught):\n"
            f"    def {HOST_IMPORT}(_data, _context, _type_, _arguments, _n_arguments, _results, _n_results):\n"
            "        try:\n" + "".join(f"            {line}\n" for line in lines) + "            return 0\n"
            "        except _BaseException as _error:\n"
            "            try:\n"
            "                return _caught(_context, _error)\n"
            "            except _BaseException as _error:\n"
            "                return _caught(_context, _error)\n"
            f"    return _sheltered({HOST_IMPORT})\n"
        )
        make: Callable[..., Any] = self.source.define(maker, text)
        return make

    def _lower_result(self, name: str, t: wit.Type | None, call: str) -> list[str]:
        if t is None:
            return [call]
        expected = f"the result of {name}"
        params = self.source.constant("result", [(expected, t)])
        if isinstance(t, wit.Result):
            # The arms of a function's result are a value returned and a ComponentError raised.
            lines = [
                "try:",
                f"    _value = {call}",
                "except _ComponentError as _error:",
                "    _value = _Err(_error.payload)",
                "else:",
                "    if not (_value.__class__ is _Ok or _value.__class__ is _Err): _value = _Ok(_value)",
            ]
        else:
            lines = [f"_value = {call}"]
        before: list[str] = []
        words = self.lowering.words(t, "_value", before)
        simple = isinstance(t, wit.Primitive) and t.keyword != "string"
        if simple:
            ((code, _, expression),) = words
            write = [_store(code, 8, expression, "_results"), f"_MEM[_results] = {kind_of(t)}"]
        else:
            write = ["_keep = [_inst]", f"_clone({self.lowering.value(t)}(_value, _keep), _results)"]
            if self.handles.moves(t):
                write.append("_inst.given.clear()")
        return [
            *lines,
            "try:",
            *(f"    {line}" for line in write),
            "except _LOWERING as _error:",
            f"    raise _explain({params}, (_value,), _CLASSES, _error) from None",
        ]


def arm(inst: Instance) -> None:
    """Set the limits of a call."""
    inst.group.arm(inst)


def error_at(address: int) -> wasmtime.WasmtimeError:
    """The error that a C function returned."""
    from wasmtime import _bindings

    return wasmtime.WasmtimeError._from_ptr(ctypes.cast(address, ctypes.POINTER(_bindings.wasmtime_error_t)))


def _f32(value: Any) -> Any:
    """`value` if it fits 32 bits: assigning to a memoryview would make infinity of what is too large."""
    struct.pack("<f", value)
    return value


def _store(code: str, position: int, expression: str, base: str) -> str:
    """Write one word at `position` bytes behind the address `base`."""
    size = struct.calcsize("=" + code)
    if code == "f":
        expression = f"_f32({expression})"
    start = f"({base} >> {size.bit_length() - 1})" if size > 1 else base
    return f"_{code}[{start} + {position // size}] = {expression}"


def _words(memory: Any, code: str) -> memoryview[Any]:
    """Memory as items of a code, which mypy wants to know beforehand."""
    view: Any = memoryview(memory).cast("B")
    return cast("memoryview[Any]", view.cast(code))


def _load(t: wit.Primitive) -> str:
    """Read a number, bool or char."""
    read = f"_r[{8 // CODES[t.keyword][1]}]"
    return {"bool": f"{read} != 0", "char": f"_chr({read})"}.get(t.keyword, read)
