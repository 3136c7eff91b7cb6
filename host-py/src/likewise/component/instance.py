"""Instances: where a component's memory and resources live.

A group is a component with what was granted to it. It has an instance for each thread that calls it, made at the thread's first
call in tens of microseconds; a call made while the thread's instance is busy (from a host import) gets another one. An instance that
trapped is never entered again: the next call makes a new one.
"""

from __future__ import annotations

import math
import os
import re
import sys
import threading
import time
import weakref
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import wasmtime
import wasmtime.component

from likewise.component import waits, wit
from likewise.component.check import show
from likewise.component.interrupt import WATCH, forget, sheltered, watch
from likewise.component.limits import FOREVER, INSTANCES, MEMORIES, Limits
from likewise.component.mend import close
from likewise.component.resources import HostTable, Resource, living_in, moved, unusable
from likewise.errors import (
    FuelExhausted,
    MemoryLimitExceeded,
    ResourceClosed,
    TimeLimitExceeded,
    Trap,
)

if TYPE_CHECKING:
    from likewise.component.plan import Plan

__all__ = ["HOST_IMPORT", "Group", "Instance", "groups"]

#: Guests that cannot get memory abort; these are the functions in which Rust, C and C++ do it. The component chooses its functions' names:
#: no length of them may take long.
_OUT_OF_MEMORY = re.compile(r"alloc_error|rust_oom|out_of_memory|bad_alloc|raw_vec.{0,80}handle_error|abort_on_oom|no_memory")

#: wasmtime's words for what is beyond the store's limits.
_OVER_LIMIT = re.compile(r"exceeds (?:memory|table) limits|(?:memory|table|instance) count too high|GC heap out of memory")

#: Bytes of a table's element: a table may grow to as many bytes as a memory.
_POINTER = 8

#: Calls of components under way in one thread, each made by a host import of the one before. wasmtime gives each the half megabyte of
#: stack that it gives to any, and the smallest stack of a main thread is 8 MB on Linux and macOS. Python would not notice before.
MAX_DEPTH = 8

#: What the functions are called that components call, on either lane.
HOST_IMPORT = "likewise_host_import"

#: Seconds after which a thread that waits for an instance looks again.
_PATIENCE = 0.05

#: Stores of the instances alive, by the addresses of their contexts. When the garbage collector ends a cycle with an instance and its
#: resources in it, it runs their finalizers in any order: a store that is held here is still there when theirs run.
_stores: dict[int, wasmtime.Store] = {}


def _check_depth() -> None:
    """Raise RecursionError where the thread's stack has no room for another call of a component, of whichever."""
    depth = 0
    frame = sys._getframe()
    while frame is not None:
        depth += frame.f_code.co_name == HOST_IMPORT
        frame = cast(FrameType, frame.f_back)
    if depth > MAX_DEPTH:
        raise RecursionError(
            f"host imports called components that called host imports, {MAX_DEPTH} times over: each call of a component has a stack of its"
            " own, and the thread's would not hold more"
        )


class Instance:
    """A store with one instance of the component. Used by one thread at a time."""

    __slots__ = (
        "__weakref__",
        "buffers",
        "context",
        "dead",
        "deadline",
        "dropped",
        "ended",
        "epitaph",
        "error",
        "gate",
        "given",
        "granted",
        "group",
        "holder",
        "idle",
        "lent",
        "moving",
        "nested",
        "raw",
        "result",
        "slots",
        "store",
        "thread",
        "waiting",
        "watched",
    )

    #: Address of the store's context, by which callbacks know the instance.
    context: int

    def __init__(self, group: Group) -> None:
        footprint, limit = group.plan.world.footprint, group.limits.memory
        if limit is not None and footprint > limit:
            raise MemoryLimitExceeded(
                f"the component's globals, functions and elements need {footprint} bytes in each instance, more than its limit of {limit} bytes;"
                " Limits(memory=...) allows more"
            )
        self.group = group
        #: One item while nobody is in a call: whoever deletes it has the instance to itself, and appends it afterwards. An item of a list
        #: goes or stays in one step and in a third of the time that a lock takes.
        self.idle: list[bool] = []
        #: The thread that the instance was made for, and another one that has it just now.
        self.thread = threading.get_ident()
        self.holder: int | None = None
        #: What the threads that wait for it sleep on, the first one first, and which of them may have it. No `Condition`: its methods are
        #: Python's, and an exception of a signal's handler in one of them may leave its lock taken for ever.
        self.waiting: dict[Any, None] = {}
        self.granted: Any = None
        self.gate = threading.RLock()
        self.dead = False
        #: Why it is dead.
        self.epitaph = ""
        #: The exception that a host import raised in the call under way.
        self.error: BaseException | None = None
        #: Handles to drop, left by finalizers and by who closes a resource in the middle of a call.
        self.dropped: list[Any] = []
        #: Resources that the call under way gives away, and what it gives of the host's until it is made.
        self.moving: list[Resource] = []
        self.given: list[Any] = []
        #: Handles to the host's objects that are lent for the call under way, and their numbers (public lane).
        self.lent: list[tuple[Any, int]] = []
        #: The instance for calls that are made while this one is busy in the same thread.
        self.nested: Instance | None = None
        #: Of each function what a call needs, made at its first call.
        self.slots: list[Any] = [None] * len(group.plan.functions)
        #: What the slots refer to, and where results go (direct lane).
        self.buffers: list[Any] = []
        self.result: Any = None
        #: Whether there is nothing left to free.
        self.ended = True
        self.store = wasmtime.Store(group.plan.engine.raw)
        group.plan.lane.prepare(self)
        _stores[self.context] = self.store
        self.ended = False
        if limit is not None:
            self.store.set_limits(
                memory_size=limit,
                table_elements=limit // _POINTER,
                memories=MEMORIES,
                tables=MEMORIES,
                instances=INSTANCES,
            )
        group.instances[self.context] = self
        self.raw: Any = None
        #: When the call under way has used up its time; whether it comes out before to have signals looked at.
        self.deadline = math.inf
        self.watched = group.plan.engine.timed and watch(self)
        try:
            group.arm(self)
            self.raw = group.linker.instantiate(self.store, group.plan.component)
        except wasmtime.WasmtimeError as error:
            self.die(self.classify(error))
        except BaseException:
            self.dead = True
            raise
        self.idle.append(True)

    def slot(self, index: int) -> Any:
        """What a call of the function needs."""
        slot = self.slots[index]
        if slot is None:
            slot = self.slots[index] = self.group.plan.lane.slot(self, self.group.plan.functions[index])
        return slot

    # -- turns -------------------------------------------------------------------------------------------------------
    #
    # A call from the instance's own thread takes `idle` and gives it back without asking anybody. All others, and those that find
    # it taken, come here. An exception of a signal's handler can come after any call of a function, but not between the return from a
    # Python function and a `try` that follows: what is taken is never lost on the way to where it is given back.

    def hold(self) -> bool:
        """Have the instance to oneself once other threads have left it. False if this very thread is in a call, or if the instance is
        dead.

        Raises:
            RuntimeError: the others wait for this thread.
        """
        me = threading.get_ident()
        taken = late = False
        wait: waits.Wait | None = None
        bell = threading.Lock()
        bell.acquire()
        try:
            try:
                while True:
                    with self.gate:
                        # First: the instance's own thread may give it back at any moment, and asks nobody but those who wait.
                        self.waiting[bell] = None
                        if self.dead or (taken := self._take(me, bell, late=late)) or self._mine(me):
                            break
                    # An interrupt may come between giving back and waking: nobody waits for longer than this.
                    if not bell.acquire(timeout=_PATIENCE):
                        late = True
                        wait = wait or waits.Wait(self, me)
                        wait.look(groups)
            finally:
                # No functions of Python's, which an interrupt would end before they begin; but it may come after each.
                try:
                    self.waiting.pop(bell, None)
                finally:
                    if wait is not None:
                        waits.known.discard(wait)
        except BaseException:
            if taken:
                self.leave()
            raise
        return taken

    def hold_now(self) -> bool:
        """The same without waiting until others have left it, as a finalizer wants it: it may run in the middle of anything."""
        me = threading.get_ident()
        taken = False
        try:
            if me == threading.main_thread().ident:
                # Its signals' handlers may raise between `acquire` and a `try`, but not before the first line of a `with`.
                with self.gate:
                    taken = not self.dead and self._take(me, None, late=False)
            elif self.gate.acquire(blocking=False):
                # Who is in the gate of another instance, where the collector may run too, must not wait for this one: one thread may, not two.
                try:
                    taken = not self.dead and self._take(me, None, late=False)
                finally:
                    self.gate.release()
        except BaseException:
            if taken:
                self.leave()
            raise
        return taken

    def _take(self, me: int, bell: Any, *, late: bool) -> bool:
        # One whose turn it is may have been interrupted, or be in a signal's handler that waits for something else, even for this
        # very instance: who has waited for long does not wait for that.
        if self.granted is not None and (late or self.granted is bell):
            self.granted = None
        else:
            try:
                del self.idle[0]
            except IndexError:
                return False
        self.holder = None if me == self.thread else me
        return True

    def _mine(self, me: int) -> bool:
        """Whether this very thread is in a call."""
        return self.granted is None and (self.holder or self.thread) == me

    def taken_by(self, thread: int) -> bool:
        """Whether a thread is in a call."""
        return not self.dead and not self.idle and self._mine(thread)

    @sheltered
    def leave(self) -> None:
        """Let others have the instance: those who wait first."""
        if not self.dead:
            with self.gate:
                self.holder = None
                # Before anything that an interrupt could end.
                self.idle.append(True)
                self.pass_on()

    def pass_on(self) -> None:
        """Let one of those who wait be next. The thread that was in a call would be back before any of them is awake, and they wake while
        it lets other threads run, which is during its calls.
        """
        with self.gate:
            bells = list(self.waiting)
            if bells and self.granted is None:
                try:
                    del self.idle[0]
                except IndexError:
                    return
                self.granted = bells[0]
                # It is open where it was rung before, and another one took the turn.
                if bells[0].locked():
                    bells[0].release()

    def forked(self) -> None:
        """Go on in a child process. What another thread was in the middle of stays so forever: that instance is over."""
        if self.granted is not None:
            self.idle.append(True)
        if not self.idle and not self.dead and (self.holder or self.thread) != threading.get_ident():
            self.dead = self.ended = True
            self.epitaph = "the process was forked while another thread was calling it"
        self.gate = threading.RLock()
        self.waiting = {}
        self.granted = None

    # -- failures ----------------------------------------------------------------------------------------------------

    def die(self, cause: BaseException) -> None:
        """The instance is over: raise `cause`, or the exception of the host import that ended it."""
        self.dead = True
        raised, self.error = self.error, None
        # What a signal's handler raises need not have words.
        why = next(iter(str(cause).splitlines()), type(cause).__name__)
        self.epitaph = f"{type(raised).__name__} in a host import" if raised is not None else why
        moved(self)
        self.given.clear()
        self.slots[:] = [None] * len(self.slots)
        self.end(self.epitaph)
        if raised is not None:
            # A traceback that grows with each raise of the same object would keep all frames alive.
            raise raised
        raise cause

    def classify(self, error: wasmtime.WasmtimeError) -> BaseException:
        """The typed exception for an error of wasmtime."""
        text = str(error)
        # The last, as what stands before it has the component's names in it.
        head, _, cause = text.rpartition("\n\nCaused by:\n")
        lines = [re.sub(r"^\s*(?:\d+: )?", "", line).strip() for line in cause.splitlines()]
        trap = next((line.removeprefix("wasm trap: ") for line in lines if line.startswith("wasm trap: ")), "")
        backtrace = head.partition("wasm backtrace:\n")[2]
        limits = self.group.limits_now()
        if trap == "interrupt":
            return TimeLimitExceeded(
                f"the call took longer than its limit of {limits.time} s; Limits(time=...) or component.limit(time=...) allows more",
                backtrace,
            )
        if "all fuel consumed" in cause:
            return FuelExhausted(
                f"the call used up its fuel of {limits.fuel}; Limits(fuel=...) or component.limit(fuel=...) allows more",
                backtrace,
            )
        if limits.memory is not None:
            message = f"the component needs more memory than its limit of {limits.memory} bytes; Limits(memory=...) allows more"
            if _OVER_LIMIT.search(cause) or _OUT_OF_MEMORY.search(backtrace):
                return MemoryLimitExceeded(message, backtrace)
        if not trap and self.raw is None and "(os error" in text:
            return Trap(
                f"the system has not enough for another instance of the component ({' '.join(lines)}): use fewer threads, or close components"
            )
        return Trap(f"the component trapped: {trap or ' '.join(lines)}", backtrace)

    # -- resources ---------------------------------------------------------------------------------------------------

    def close(self, resource: Resource) -> None:
        """End a resource, once other threads have left the instance: they may be about to give it away, or to close it too."""
        if self.hold():
            try:
                if resource._inst is self:
                    resource._inst = None
                    self.drop_now(resource._ptr)
            finally:
                self.leave()
            return
        # This very thread is in a call, which may have to do with the resource: it is dropped before the next one.
        with self.gate:
            if resource._inst is not self:
                return
            resource._inst = None
        if self.dead:
            self.forget(resource._ptr)
        else:
            self.dropped.append(resource._ptr)

    def drop(self, handle: Any) -> None:
        """The same for a finalizer, which may run in the middle of anything: nothing is waited for."""
        if self.hold_now():
            try:
                self.drop_now(handle)
            finally:
                self.leave()
        elif self.dead:
            self.forget(handle)
        else:
            self.dropped.append(handle)

    def drop_now(self, handle: Any) -> None:
        """Run the component's destructor. The instance must be ours."""
        try:
            self.group.arm(self)
            self.group.plan.lane.drop(self, handle)
        finally:
            self.forget(handle)

    def forget(self, handle: Any) -> None:
        """Free what the host keeps of a handle."""
        self.group.plan.lane.forget(handle)

    @sheltered
    def __del__(self) -> None:
        # An exception that a signal's handler raises in a finalizer is lost. For an instance that ended before there is no place for it.
        try:
            if self.ended:
                return
        except AttributeError:
            return
        self.end("it was forgotten")

    def end(self, epitaph: str) -> None:
        """Free everything. The instance must not be in a call. Those who wait for it see within their patience that it is over."""
        if not self.ended:
            self.ended = self.dead = True
            self.epitaph = self.epitaph or epitaph
            self.group.plan.lane.end(self)
            while self.dropped:
                self.forget(self.dropped.pop())
            self.group.table.end(self.context)
            self.group.instances.pop(self.context, None)
            forget(self)
            # From here on the address may be that of another store.
            del _stores[self.context]
            close(self.store)


class _Visit:
    """What a thread that is not the instance's own gives back to instead of `idle`."""

    __slots__ = ("inst",)

    def __init__(self, inst: Instance) -> None:
        self.inst = inst

    @sheltered
    def append(self, _: bool) -> None:
        self.inst.leave()


_groups: weakref.WeakSet[Group] = weakref.WeakSet()


def groups() -> list[Group]:
    """All that are alive."""
    return list(_groups)


def _after_fork() -> None:
    waits.known.clear()
    for group in groups():
        for inst in list(group.instances.values()):
            inst.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class Group:
    """A component with what was granted to it: its instances, one for each thread."""

    #: Provides the imports, and the callbacks that it refers to.
    linker: wasmtime.component.Linker
    keep: list[Any]

    def __init__(self, plan: Plan, limits: Limits, table: HostTable) -> None:
        self.plan = plan
        self.limits = limits
        self.table = table
        #: The thread's instance and its slots; limits in force for the thread's calls.
        self.local = threading.local()
        #: Instances by the address of their context, which is what a callback is told.
        self.instances: weakref.WeakValueDictionary[int, Instance] = weakref.WeakValueDictionary()
        self._classes: dict[wit.Resource, type] = {}
        self.closed = False
        self.metered = plan.engine.timed or plan.engine.fueled
        _groups.add(self)
        if plan.engine.timed:
            plan.engine.ticker.groups.add(self)

    # -- slots -------------------------------------------------------------------------------------------------------

    def current(self) -> Instance:
        """The instance of the calling thread."""
        inst: Instance | None = getattr(self.local, "inst", None)
        if self.closed:
            raise ResourceClosed("this component is closed: load it again")
        if inst is None or inst.dead:
            _check_depth()
            inst = Instance(self)
            self.local.inst = inst
            self.local.slots = inst.slots
        return inst

    def enter(self, index: int) -> Any:
        """The slot of a function in an instance of this thread, which is made where there is none that is idle. It is held."""
        inst = self.current()
        while not inst.hold():
            if inst.dead:
                inst = self.current()
                continue
            _check_depth()
            if inst.nested is None or inst.nested.dead:
                inst.nested = Instance(self)
            inst = inst.nested
        try:
            return inst.slot(index)
        except BaseException:
            inst.leave()
            raise

    def enter_resource(self, index: int, resource: Any, function: str) -> Any:
        """The slot of a function in the instance in which a resource lives. It is held."""
        if not isinstance(resource, Resource):
            raise TypeError(f"{function}: expected a resource of a component, got {show(resource)}")
        inst = living_in(resource)
        if inst is not None and inst.group.plan is not self.plan:
            # Its functions have other numbers.
            raise TypeError(
                f"{function}: this {type(resource).__name__} belongs to another component; pass one of this component's"
            )
        if self.closed:
            raise ResourceClosed("this component is closed: load it again")
        if inst is None or not inst.hold():
            raise unusable(resource)
        try:
            slot = inst.slot(index)
            return slot if inst.holder is None else (*slot[:-1], _Visit(inst))
        except BaseException:
            inst.leave()
            raise

    # -- limits ------------------------------------------------------------------------------------------------------

    def limits_now(self) -> Limits:
        """The limits for this thread's calls."""
        limits: Limits = getattr(self.local, "limits", self.limits)
        return limits

    def arm(self, inst: Instance) -> None:
        """Set deadline and fuel for a call that is about to be made."""
        if not self.metered:
            return
        engine = self.plan.engine
        limits = self.limits_now()
        if engine.timed:
            seconds = math.inf if limits.time is None else limits.time
            inst.deadline = time.monotonic() + seconds
            inst.store.set_epoch_deadline(engine.ticker.deadline(min(seconds, WATCH) if inst.watched else seconds))
        if engine.fueled:
            inst.store.set_fuel(FOREVER if limits.fuel is None else limits.fuel)

    def ticks(self, inst: Instance) -> int:
        """For how long the call under way may go on until it is looked after again. Raises TimeoutError where its time is over."""
        seconds = inst.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return self.plan.engine.ticker.deadline(min(seconds, WATCH))

    # -- resources ---------------------------------------------------------------------------------------------------

    def resource_class(self, resource: wit.Resource) -> type:
        """The class of a resource's objects in this group: it makes new ones in this group's instances."""
        cls = self._classes.get(resource)
        if cls is None:
            cls = self._classes.setdefault(resource, self.plan.bind_class(resource, self))
        return cls

    def close(self) -> None:
        """End this thread's instance, and refuse new ones."""
        self.closed = True
        self.reset()
        self.local.__dict__.clear()
        for inst in list(self.instances.values()):
            # The next call of another thread asks for its slot.
            inst.slots[:] = [None] * len(inst.slots)

    def reset(self) -> None:
        """End this thread's instance."""
        inst: Instance | None = self.local.__dict__.pop("inst", None)
        self.local.__dict__.pop("slots", None)
        while inst is not None:
            # Not idle in this very thread: a host import closes the component that called it. It ends when the call does.
            if inst.hold():
                inst.end("the component was closed")
            inst = inst.nested
