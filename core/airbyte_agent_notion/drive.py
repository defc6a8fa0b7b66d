"""The two drivers: ``drive`` performs a flow's effects blocking, ``adrive`` awaiting.

Both run the same flows with the same results and the same exceptions. ``drive`` steps every generator on the
caller's thread; only ``Send`` goes to a bounded pool, and only while flows run side by side.
"""

from __future__ import annotations

import heapq
import inspect
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .errors import ConfigurationError
from .flow import Call, Effect, Flow, Gather, Now, Request, Response, Send, Shield, Sleep
from .ports import SYSTEM_CLOCK, AsyncTransport, BlockingTransport, Clock

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future, ThreadPoolExecutor

__all__ = ["adrive", "drive"]

T = TypeVar("T")

MAX_THREADS = 16


def drive(flow: Flow[T], transport: BlockingTransport, *, clock: Clock = SYSTEM_CLOCK) -> T:
    """Run a flow to its end on this thread and return its result."""
    value: Any = None
    error: Exception | None = None
    try:
        while True:
            try:
                effect = flow.send(value) if error is None else flow.throw(error)
            except StopIteration as stop:
                return cast("T", stop.value)
            try:
                value, error = _perform(effect, transport, clock), None
            except Exception as failure:
                value, error = None, failure
    finally:
        flow.close()


def _perform(effect: Effect, transport: BlockingTransport, clock: Clock) -> Any:
    match effect:
        case Send(request):
            return transport.send(request)
        case Now():
            return clock.now()
        case Sleep(seconds):
            clock.sleep(seconds)
            return None
        case Call(function):
            return _without_await(function())
        case Shield(flow):
            return _in_thread(flow, transport, clock)
        case Gather():
            return _Loop(transport, clock).run(effect)


@dataclass(eq=False, slots=True)
class _Task:
    flow: Flow[Any]
    group: _Group | None = None
    index: int = 0
    waits_for: _Group | None = None
    done: bool = False


@dataclass(eq=False, slots=True)
class _Group:
    """The children of one Gather."""

    parent: _Task
    waiting: deque[_Task]
    results: list[Any]
    running: list[_Task] = field(default_factory=list[_Task])


def _gathered(effect: Gather) -> Flow[Any]:
    return (yield effect)


class _Loop:
    """One Gather, blocking: ready tasks, requests on the pool, and timers."""

    def __init__(self, transport: BlockingTransport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._pool: ThreadPoolExecutor | None = None
        self._ready: deque[tuple[_Task, Any, Exception | None]] = deque()
        self._sending: dict[Future[Response], _Task] = {}
        self._timers: list[tuple[float, int, _Task]] = []
        self._timer_count = 0
        self._result: Any = None

    def run(self, effect: Gather) -> Any:
        root = _Task(_gathered(effect))
        self._ready.append((root, None, None))
        try:
            while not root.done:
                if not self._ready:
                    self._wait()
                    continue
                task, value, error = self._ready.popleft()
                if not task.done:
                    self._step(task, value, error)
            return self._result
        finally:
            self._cancel(root)
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)

    def _step(self, task: _Task, value: Any, error: Exception | None) -> None:
        while not task.done:
            try:
                effect = task.flow.send(value) if error is None else task.flow.throw(error)
            except StopIteration as stop:
                self._finish(task, stop.value)
                return
            except Exception as failure:
                self._fail(task, failure)
                return
            if self._start(task, effect):
                return
            try:
                value, error = _perform(effect, self._transport, self._clock), None
            except Exception as failure:
                value, error = None, failure

    def _start(self, task: _Task, effect: Effect) -> bool:
        """Begin an effect that ends later; False for one that is to be performed on the spot."""
        if isinstance(effect, Gather):
            self._gather(task, effect)
            return True
        if isinstance(effect, Send):
            self._sending[self._submit(effect.request)] = task
            return True
        if isinstance(effect, Sleep):
            self._timer_count += 1
            heapq.heappush(self._timers, (self._clock.now() + effect.seconds, self._timer_count, task))
            return True
        return False

    def _submit(self, request: Request) -> Future[Response]:
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None:
            self._pool = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="notion")
        return self._pool.submit(self._transport.send, request)

    def _gather(self, parent: _Task, effect: Gather) -> None:
        group = _Group(parent, deque(), [None] * len(effect.flows))
        group.waiting.extend(_Task(flow, group, index) for index, flow in enumerate(effect.flows))
        parent.waits_for = group
        for _ in range(max(1, effect.limit)):
            self._launch(group)
        if not effect.flows:
            self._resume(group, None)

    def _launch(self, group: _Group) -> None:
        if group.waiting:
            child = group.waiting.popleft()
            group.running.append(child)
            self._ready.append((child, None, None))

    def _resume(self, group: _Group, error: Exception | None) -> None:
        group.parent.waits_for = None
        self._ready.append((group.parent, group.results, error))

    def _finish(self, task: _Task, result: Any) -> None:
        task.done = True
        group = task.group
        if group is None:
            self._result = result
            return
        group.results[task.index] = result
        group.running.remove(task)
        self._launch(group)
        if not group.running:
            self._resume(group, None)

    def _fail(self, task: _Task, error: Exception) -> None:
        task.done = True
        if task.group is None:
            raise error
        self._cancel_group(task.group)
        self._resume(task.group, error)

    def _cancel_group(self, group: _Group) -> None:
        for child in (*group.running, *group.waiting):
            self._cancel(child)
        group.running.clear()
        group.waiting.clear()

    def _cancel(self, task: _Task) -> None:
        if task.waits_for is not None:
            self._cancel_group(task.waits_for)
        task.done = True
        task.flow.close()

    def _wait(self) -> None:
        """Block until a request ends or a timer is due."""
        from concurrent.futures import FIRST_COMPLETED, wait

        pause = max(0.0, self._timers[0][0] - self._clock.now()) if self._timers else None
        done: set[Future[Response]] = set()
        if self._sending:
            done, _ = wait(self._sending, timeout=pause, return_when=FIRST_COMPLETED)
        for future in done:
            self._deliver(future)
        if not done and pause is not None:
            self._clock.sleep(max(0.0, self._timers[0][0] - self._clock.now()))
            self._ready.append((heapq.heappop(self._timers)[2], None, None))

    def _deliver(self, future: Future[Response]) -> None:
        task = self._sending.pop(future)
        error = future.exception()
        if error is not None and not isinstance(error, Exception):
            raise error
        self._ready.append((task, None if error else future.result(), error))


def _in_thread(flow: Flow[T], transport: BlockingTransport, clock: Clock) -> T:
    """Run a flow on a thread of its own, which ends its work though the caller be interrupted."""
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(1, thread_name_prefix="notion-shield")
    try:
        return pool.submit(lambda: drive(flow, transport, clock=clock)).result()
    finally:
        pool.shutdown(wait=False)


def _without_await(result: Any) -> Any:
    if inspect.iscoroutine(result):
        result.close()
    if inspect.isawaitable(result):
        raise ConfigurationError("A blocking connector cannot call an async callback.", hint="Pass a plain function.")
    return result


async def adrive(flow: Flow[T], transport: AsyncTransport, *, clock: Clock = SYSTEM_CLOCK) -> T:
    """Run a flow to its end in the running event loop and return its result.

    Cancelling the task cancels the effect under way and closes the flow.
    """
    value: Any = None
    error: Exception | None = None
    try:
        while True:
            try:
                effect = flow.send(value) if error is None else flow.throw(error)
            except StopIteration as stop:
                return cast("T", stop.value)
            value, error = None, None
            try:
                value = await _aperform(effect, transport, clock)
            except Exception as failure:
                error = failure
    finally:
        flow.close()


async def _aperform(effect: Effect, transport: AsyncTransport, clock: Clock) -> Any:
    match effect:
        case Send(request):
            return await transport.asend(request)
        case Sleep(seconds):
            return await clock.asleep(seconds)
        case Now():
            return clock.now()
        case Call(function):
            result = function()
            return await result if inspect.isawaitable(result) else result
        case Shield(flow):
            return await _ashielded(flow, transport, clock)
        case Gather(flows, limit):
            return await _agather(flows, limit, transport, clock)


_shielded: set[object] = set()
"""Tasks whose callers were cancelled: an event loop holds its tasks weakly."""


async def _ashielded(flow: Flow[T], transport: AsyncTransport, clock: Clock) -> T:
    import asyncio

    work = adrive(flow, transport, clock=clock)
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # trio's
        return await _in_scope(work)
    # A task of its own: a shielded scope does not survive task.cancel().
    task = asyncio.ensure_future(work)
    _shielded.add(task)
    task.add_done_callback(_forget)
    return await asyncio.shield(task)


async def _in_scope(work: Coroutine[Any, Any, T]) -> T:
    import anyio

    done: list[T] = []
    with anyio.CancelScope(shield=True):
        done.append(await work)
    return done[0]


def _forget(task: asyncio.Task[Any]) -> None:
    _shielded.discard(task)
    if not task.cancelled():
        task.exception()  # Nobody may be left to ask.


async def _agather(flows: Any, limit: int, transport: AsyncTransport, clock: Clock) -> list[Any]:
    import anyio

    results: list[Any] = [None] * len(flows)
    failures: list[Exception] = []
    slots = anyio.Semaphore(max(1, limit))

    async def run(index: int, flow: Flow[Any]) -> None:
        async with slots:
            try:
                results[index] = await adrive(flow, transport, clock=clock)
            except Exception as error:
                failures.append(error)
                group.cancel_scope.cancel()

    try:
        async with anyio.create_task_group() as group:
            for index, flow in enumerate(flows):
                group.start_soon(run, index, flow)
    finally:
        for flow in flows:
            flow.close()
    if failures:
        raise failures[0]
    return results
