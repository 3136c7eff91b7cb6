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
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import wasmtime
import wasmtime.component

from likewise.component import wit
from likewise.component._abi import VALUE, C
from likewise.component.check import explain
from likewise.component.codegen import Source
from likewise.component.lifting import Lifting
from likewise.component.lowering import CODES, Lowering, format_of
from likewise.component.lowering import kind as kind_of
from likewise.component.names import snake
from likewise.component.plan import signature
from likewise.component.resources import drain, moved
from likewise.errors import ComponentError

if TYPE_CHECKING:
    from likewise.component.instance import Group, Instance
    from likewise.component.plan import FunctionPlan, Plan

__all__ = ["DirectLane"]

#: What lowering raises on a value that does not fit.
LOWERING_ERRORS = (TypeError, ValueError, OverflowError, AttributeError, LookupError, struct.error)

#: A string result up to this size stays where it is until the instance's next call: freeing it costs a tenth of a call.
_LEAVE = 4096

#: Up to this many words are written one by one; packing more of them at once is faster.
_FEW_WORDS = 6

#: Make C arguments of numbers.
POINTER, SIZE = ctypes.c_void_p.from_param, ctypes.c_size_t.from_param

#: What a slot unpacks to, and the lines that take and give back its instance. Only a resource can be used by another thread than the
#: one whose instance it lives in: without resources, nobody else has the instance, and no lock is needed.
_SLOT = {True: "_inst, _call, _a, _r, _acquire, _release", False: "_inst, _call, _a, _r"}
_ACQUIRE = {True: ["_acquire()"], False: []}
_RELEASE = {True: ["_release()"], False: []}


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
            _f32=_f32,
        )

    # -- instances ---------------------------------------------------------------------------------------------------

    def prepare(self, inst: Instance) -> None:
        """Give a new instance its context and the memory for results."""
        context = ctypes.cast(inst.store._context(), ctypes.c_void_p)
        inst.context = context.value or 0
        result = (ctypes.c_uint64 * (VALUE // 8))()
        inst.result = (result, ctypes.byref(result))

    def slot(self, inst: Instance, function: FunctionPlan) -> Any:
        """What a call needs: the instance, the call with all its arguments, where arguments and result are, and the lock."""
        raw = inst.raw.get_func(inst.store, function.export)
        assert raw is not None
        arguments = (ctypes.c_uint64 * (len(function.template) // 8)).from_buffer_copy(function.template)
        result = inst.result[0]
        inst.buffers += (raw, arguments)
        count, results = SIZE(len(function.params)), SIZE(function.function.result is not None)
        # What is a C argument already is passed on as it is, which takes ctypes half the time that converting does.
        call = partial(
            self.c.call,
            ctypes.byref(raw._func),
            POINTER(inst.context),
            ctypes.byref(arguments),
            count,
            ctypes.byref(result),
            results,
        )
        slot = (inst, call, *(_window(part, code) for part, code in zip((arguments, result), function.notes, strict=True)))
        return (*slot, inst.acquire, inst.release) if inst.group.shared else slot

    def end(self, inst: Instance) -> None:
        """Free what the last result holds."""
        self.c.val_delete(inst.result[1])

    def drop(self, inst: Instance, handle: int) -> None:
        """Run the component's destructor for a handle."""
        failed = self.c.resource_drop(inst.context, handle)
        if failed:
            self.fail(inst, failed)

    def forget(self, handle: int) -> None:
        """Free a handle."""
        self.c.resource_delete(handle)

    def fail(self, inst: Instance, error: int) -> None:
        """A call ended with an error: raise what it means."""
        inst.die(inst.classify(error_at(error)))

    # -- plans -------------------------------------------------------------------------------------------------------

    def plan(self, function: FunctionPlan) -> bytes:
        """Write a function's source. Returns the template of its arguments."""
        function.maker, template, function.notes = self.function(function)
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

    def function(self, made: FunctionPlan) -> tuple[Callable[..., Any], bytes, tuple[str | None, str | None]]:
        """A maker of the function, the template of its arguments, and as what the slot gives arguments and result, see `_window`.

        The maker takes (local, enter, again): the thread's state, and what to ask for a slot where there is none or it is taken.
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
        varying = [word for word in words if not word[2].isdigit()]
        codes = {code for code, _, _ in varying}
        code = codes.pop() if len(codes) == 1 and len(varying) <= _FEW_WORDS else None
        if code is not None:
            # Few words to write: what does not change is written once, when the slot is made.
            for fixed, position, expression in words:
                if expression.isdigit():
                    struct.pack_into("<" + fixed, template, position, int(expression))
            size = struct.calcsize("=" + code)
            before += [
                f"_a[{position // size}] = {f'_f32({expression})' if code == 'f' else expression}"
                for _, position, expression in varying
            ]
        elif words:
            pack = self.source.constant("pack", struct.Struct("<" + format_of(words, len(template))).pack_into)
            before.append(f"{pack}(_MEM, _a, {', '.join(text for _, _, text in words)})")
        lowering = before
        if any("_keep" in line for line in lowering):
            lowering.insert(0, "_keep = [_inst]")
        types = self.source.constant("params", params)
        shared = self.handles.any
        slot, acquire, release = _SLOT[shared], _ACQUIRE[shared], _RELEASE[shared]
        owner = params[0][0] if kind == "method" else next((p for p, t in params if self.handles.lives_in_guest(t)), None)
        # A resource lives in one instance: the call goes there, whichever thread makes it. Others go to the thread's own.
        where, ask = ("_local", "") if owner is None else (f"{owner}._inst", f", {owner}, {made.path!r}")
        busy = f"{slot} = _again({index})" if owner is None else f"_refuse({owner})"
        body = [
            "try:",
            f"    {slot} = {where}.slots[{index}]",
            "except (_AttributeError, _TypeError):",
            f"    {slot} = _enter({index}{ask})",
            *acquire,
            "if _inst.busy:",
            *(f"    {line}" for line in [*release, busy]),
            "_inst.busy = True",
            "try:",
        ]
        if lowering:
            body += [
                "    try:",
                *(f"        {line}" for line in lowering),
                "    except _LOWERING as _error:",
                f"        raise _explain({types}, ({''.join(p + ', ' for p, _ in params)}), _CLASSES, _error) from None",
            ]
        if self.handles.any:
            body.append("    if _inst.dropped: _drain(_inst)")
        if self.metered:
            body.append("    _arm(_inst)")
        body += ["    _failed = _call()", "    if _failed: _fail(_inst, _failed)"]
        if any(self.handles.moves(t) for _, t in params):
            body.append("    _moved(_inst)")
        lines, result_code = self._lift_result(result)
        body += [f"    {line}" for line in lines]
        body += ["finally:", "    _inst.busy = _inst.dead", *(f"    {line}" for line in release)]
        maker = self.source.fresh("make_")
        text = (
            f"def {maker}(_local, _enter, _again, _refuse):\n"
            f"    def {name}{signature(made)}:\n"
            f"        {doc!r}\n" + "".join(f"        {line}\n" for line in body) + f"    return {name}\n"
        )
        make: Callable[..., Any] = self.source.define(maker, text)
        return make, bytes(template), (code, result_code)

    def _lift_result(self, t: wit.Type | None) -> tuple[list[str], str | None]:
        """What reads the result, and as what it wants it."""
        # The kind is in the first byte, and what a value has behind it is not looked at where the kind owns nothing.
        free = ["_free(_inst.result[1])", "_r[0] = 0"]
        match t:
            case None:
                return [], None
            case wit.Primitive(keyword="string"):
                lines = [
                    "_n = _r[1]",
                    "_p = _r[2]",
                    "_value = _str(_MEM[_p : _p + _n], 'utf-8')",
                    f"if _n > {_LEAVE}:",
                    *(f"    {line}" for line in free),
                    "return _value",
                ]
            case wit.Primitive(keyword="bool"):
                return ["return _r[8] != 0"], "B"
            case wit.Primitive(keyword=keyword):
                code, size = CODES[keyword]
                read = f"_r[{8 // size}]"
                return [f"return _chr({read})" if keyword == "char" else f"return {read}"], code
            case wit.Own() if self.handles.lives_in_guest(t):
                # The handle is taken over rather than cloned: nothing is left to be freed.
                lines = [f"_value = {self.handles.adopt(self.source, t)}(_r[1], _inst)", "_r[0] = 0", "return _value"]
            case wit.Result(ok=ok, err=err):
                values = [f"{self.lifting.value(arm)}(_p, _inst)" if arm is not None else "None" for arm in (ok, err)]
                lines = [
                    "_p = _r[2]",
                    "_ok = _r[1] & 1",
                    f"_value = {values[0]} if _ok else _ComponentError({values[1]})",
                    *free,
                    "if _ok: return _value",
                    "raise _value",
                ]
            case _ if _no_memory(t):
                return [f"return {self.lifting.value(t)}(_r, _inst)"], None
            case _:
                free = ["_free(_inst.result[1])", "_MEM[_r] = 0"]
                return [f"_value = {self.lifting.value(t)}(_r, _inst)", *free, "return _value"], None
        return lines, "Q"

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
            "    def callback(_data, _context, _type_, _arguments, _n_arguments, _results, _n_results):\n"
            "        try:\n" + "".join(f"            {line}\n" for line in lines) + "            return 0\n"
            "        except _BaseException as _error:\n"
            "            return _caught(_context, _error)\n"
            "    return callback\n"
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


def _window(memory: Any, code: str | None) -> Any:
    """Memory as a slot has it: as items of a struct code, whose small indices are read and written three times as fast as addresses
    are; or as its address where several codes are needed.
    """
    return ctypes.addressof(memory) if code is None else memoryview(memory).cast("B").cast(cast(Any, code))
