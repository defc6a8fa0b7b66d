"""The two drivers: the same flow has the same result, the same exception and the same clean-up under both."""

import asyncio
import contextlib
import threading
import warnings

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.drive import adrive, drive
from airbyte_agent_notion.errors import ConfigurationError, ConnectionFailed, RateLimited
from airbyte_agent_notion.flow import (
    Gather,
    Request,
    Response,
    Send,
    Sleep,
    call,
    gather,
    now,
    send,
    shield,
    sleep,
)
from airbyte_agent_notion.ports import SYSTEM_CLOCK


def request(path="/"):
    return Request(method="GET", path=path)


class Transport:
    """Answers with ``handler(request)``; counts what is under way."""

    def __init__(self, handler=lambda request: Response(status=200, content=request.path.encode())):
        self.handler = handler
        self.sent = []
        self.running = self.most = 0
        self._lock = threading.Lock()

    def send(self, request):
        self._begin(request)
        try:
            return self.handler(request)
        finally:
            self._end()

    async def asend(self, request):
        self._begin(request)
        try:
            for _ in range(5):
                await anyio.sleep(0)
            return self.handler(request)
        finally:
            self._end()

    def _begin(self, request):
        with self._lock:
            self.sent.append(request.path)
            self.running += 1
            self.most = max(self.most, self.running)

    def _end(self):
        with self._lock:
            self.running -= 1


class Crowd(Transport):
    """Holds every request back until ``size`` are under way together."""

    def __init__(self, size):
        super().__init__()
        self._size = size
        self._barrier = threading.Barrier(size, timeout=5)
        self._arrived = 0

    def send(self, request):
        self._begin(request)
        try:
            self._barrier.wait()
            return self.handler(request)
        finally:
            self._end()

    async def asend(self, request):
        self._begin(request)
        try:
            self._arrived += 1
            batch = -(-self._arrived // self._size) * self._size
            for _ in range(1_000):
                if self._arrived >= batch:
                    break
                await anyio.sleep(0)
            assert self._arrived >= batch
            return self.handler(request)
        finally:
            self._end()


class Boom(Exception):
    pass


def fails(error):
    raise error
    yield


def returns(value):
    return value
    yield


def fetch(path):
    return (yield from send(request(path))).content.decode()


def guarded(closed, name, inner):
    try:
        return (yield from inner)
    finally:
        closed.append(name)


# --- single effects


def test_a_flow_of_every_effect_has_one_result_under_both_drivers(run, clock):
    def flow():
        before = yield from now()
        text = yield from fetch("/one")
        yield from sleep(2.5)
        both = yield from gather([fetch("/two"), returns(3)])
        made = yield from call(lambda: "called")
        return text, both, made, (yield from now()) - before

    assert run(flow(), Transport()) == ("/one", ["/two", 3], "called", 2.5)
    assert clock.waits == [2.5]


def test_a_flow_without_effects_returns(run):
    assert run(returns(7)) == 7


def test_an_exception_of_a_flow_is_raised_as_it_is(run):
    error = Boom("x")
    with pytest.raises(Boom) as caught:
        run(fails(error))
    assert caught.value is error


def test_an_exception_of_an_effect_is_thrown_in_and_can_be_caught(run):
    failures = iter([ConnectionFailed("broken")])

    def handler(request):
        for error in failures:
            raise error
        return Response(status=204)

    def flow():
        try:
            yield from send(request())
        except ConnectionFailed as error:
            first = error.message
        return first, (yield from send(request())).status

    assert run(flow(), Transport(handler)) == ("broken", 204)


def test_an_exception_of_an_effect_that_is_not_caught_is_raised(run):
    def handler(request):
        raise ConnectionFailed("broken")

    closed = []
    with pytest.raises(ConnectionFailed, match="broken"):
        run(guarded(closed, "root", fetch("/")), Transport(handler))
    assert closed == ["root"]


def test_call_calls_a_plain_function(run):
    assert run(call(lambda: 42)) == 42
    with pytest.raises(Boom):
        run(call(lambda: next(fails(Boom()))))


async def test_call_awaits_an_async_function():
    async def callback():
        await anyio.sleep(0)
        return "awaited"

    assert await adrive(call(callback), Transport()) == "awaited"


@pytest.mark.parametrize("nested", [False, True])
def test_a_blocking_driver_refuses_an_async_function_and_leaves_no_coroutine(nested):
    async def callback():
        raise AssertionError("never run")

    flow = gather([call(callback)]) if nested else call(callback)
    with pytest.raises(ConfigurationError, match="blocking connector"):
        drive(flow, Transport())


def test_deep_delegation(run):
    def down(depth):
        if depth == 0:
            return (yield from fetch("/deep"))
        return (yield from down(depth - 1))

    assert run(down(300), Transport()) == "/deep"


async def test_drive_works_inside_a_running_loop():
    assert drive(gather([fetch("/a"), fetch("/b")]), Transport()) == ["/a", "/b"]


async def test_the_system_clock_sleeps_both_ways():
    before = SYSTEM_CLOCK.now()
    SYSTEM_CLOCK.sleep(0.001)
    await SYSTEM_CLOCK.asleep(0.001)
    assert SYSTEM_CLOCK.now() > before


# --- gather


@given(values=st.lists(st.integers(), max_size=8), limit=st.integers(-1, 10))
def test_gather_keeps_the_order(values, limit):
    def flows():
        for value in values:
            yield chain(value)

    def chain(value):
        for _ in range(value % 3):
            yield from fetch("/")
        return value

    def flow():
        return (yield Gather(list(flows()), limit))

    assert drive(flow(), Transport()) == values
    assert asyncio.run(adrive(flow(), Transport())) == values


def test_gather_of_nothing(run):
    assert run(gather([])) == []
    assert run(gather([gather([]), returns(1)])) == [[], 1]


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_gather_runs_as_many_as_the_limit_and_no_more(run, limit):
    transport = Crowd(limit)
    flows = [fetch(f"/{number}") for number in range(limit * 3)]
    assert run(gather(flows, limit=limit), transport) == [f"/{number}" for number in range(limit * 3)]
    assert transport.most == limit


def test_gather_bounds_flows_and_not_only_requests(run):
    running, most = [], []

    def flow(number):
        running.append(number)
        most.append(len(running))
        yield from sleep(1)
        yield from fetch("/")
        running.remove(number)

    run(gather([flow(number) for number in range(7)], limit=3), Transport())
    assert max(most) == 3


def test_nested_gather_keeps_the_order_and_does_not_deadlock(run):
    def tree(depth, name):
        if depth == 0:
            return (yield from fetch(f"/{name}"))
        return (yield from gather([tree(depth - 1, f"{name}{number}") for number in range(3)], limit=2))

    result = run(tree(4, ""), Transport())
    assert result[0][0][0] == ["/0000", "/0001", "/0002"]
    assert result[2][1][0] == ["/2100", "/2101", "/2102"]


def test_sleeps_in_a_gather_pass_side_by_side(run, clock):
    order = []

    def nap(seconds):
        yield from sleep(seconds)
        order.append(seconds)
        return (yield from now())

    times = run(gather([nap(3), nap(1), nap(2)]))
    assert order == [1, 2, 3]
    assert [time - 1_000 for time in times] == [3, 1, 2]
    assert clock.passed == 3


def test_sleeps_and_requests_mix_in_a_gather(run, clock):
    def flow(number):
        yield from sleep(number)
        text = yield from fetch(f"/{number}")
        yield from sleep(1)
        return text

    assert run(gather([flow(number) for number in range(4)]), Transport()) == ["/0", "/1", "/2", "/3"]
    assert clock.passed >= 4


def test_the_first_failure_is_raised_bare_and_the_others_are_closed(run):
    closed = []
    error = RateLimited("slow down", status=429)

    def failing():
        yield from sleep(1)
        raise error

    flows = [
        guarded(closed, "sleeping", sleep(100)),
        failing(),
        guarded(closed, "nested", gather([guarded(closed, "inner", sleep(100))])),
    ]
    waiting = guarded(closed, "waiting", sleep(100))
    with pytest.raises(RateLimited) as caught:
        run(gather([*flows, waiting], limit=3))
    assert caught.value is error
    # The waiting one had not begun: it has nothing to clean up, and it is closed as well.
    assert sorted(closed) == ["inner", "nested", "sleeping"]
    assert waiting.gi_frame is None


def test_a_failure_in_a_gather_can_be_caught_and_the_flow_goes_on(run, clock):
    def failing():
        yield from sleep(1)
        raise Boom

    def flow():
        with contextlib.suppress(Boom):
            yield from gather([sleep(50), failing()])
        at = yield from now()
        return (yield from gather([fetch("/a"), fetch("/b")])), at - 1_000

    assert run(flow(), Transport()) == (["/a", "/b"], 1)


def test_after_a_failure_abandoned_sleeps_wake_nobody(run, clock):
    def failing():
        yield from sleep(1)
        raise Boom

    def flow():
        try:
            yield from gather([sleep(5), failing()])
        except Boom:
            yield from gather([sleep(10)])
        return (yield from now()) - 1_000

    assert run(flow()) == 11


def test_a_failed_request_in_a_gather_is_raised_and_the_others_are_closed(run):
    def handler(request):
        if request.path == "/bad":
            raise ConnectionFailed("broken")
        return Response(status=200)

    closed = []

    def endless():
        while True:
            yield from fetch("/good")

    with pytest.raises(ConnectionFailed, match="broken"):
        run(gather([guarded(closed, "endless", endless()), fetch("/bad")]), Transport(handler))
    assert closed == ["endless"]


def test_a_failure_in_a_nested_gather_is_caught_where_the_flow_catches_it(run):
    def outer():
        try:
            return (yield from gather([fails(Boom()), sleep(1)]))
        except Boom:
            return "recovered"

    assert run(gather([outer(), returns("beside")])) == ["recovered", "beside"]


# --- interruption


class Interrupted(BaseException):
    """As KeyboardInterrupt, which pytest itself would take as its own."""


@pytest.mark.parametrize("kind", [KeyboardInterrupt, Interrupted])
@pytest.mark.parametrize("nested", [False, True])
def test_an_interrupt_closes_the_flows(kind, nested):
    closed = []

    def handler(request):
        raise kind

    def flow():
        inner = guarded(closed, "inner", fetch("/"))
        if nested:
            yield from gather([inner, guarded(closed, "beside", sleep(100))])
        else:
            yield from inner

    with pytest.raises(kind):
        drive(guarded(closed, "root", flow()), Transport(handler))
    assert closed[0] in {"inner", "beside"}
    assert sorted(closed) == (["beside", "inner", "root"] if nested else ["inner", "root"])


def test_an_interrupt_while_sleeping_closes_the_flow(clock):
    closed = []

    def interrupted(seconds):
        raise KeyboardInterrupt

    clock.sleep = interrupted
    for inner in (sleep(1), gather([sleep(1)])):
        with pytest.raises(KeyboardInterrupt):
            drive(guarded(closed, "root", inner), Transport(), clock=clock)
    assert closed == ["root", "root"]


@pytest.mark.parametrize("nested", [False, True])
async def test_cancelling_the_task_closes_the_flow_and_passes_through(nested):
    closed = []
    started = asyncio.Event()

    class Hanging(Transport):
        async def asend(self, request):
            started.set()
            await asyncio.Event().wait()

    inner = guarded(closed, "inner", fetch("/"))
    flow = guarded(closed, "root", gather([inner, guarded(closed, "beside", sleep(1_000))]) if nested else inner)
    task = asyncio.ensure_future(adrive(flow, Hanging()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(closed) == (["beside", "inner", "root"] if nested else ["inner", "root"])
    assert closed[-1] == "root"


async def test_a_timeout_around_a_call_is_a_timeout():
    closed = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await adrive(guarded(closed, "root", gather([sleep(1_000), sleep(1_000)])), Transport())
    assert closed == ["root"]


async def test_a_flow_that_is_never_driven_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fetch("/").close()


# --- the effects are plain data


def test_effects_are_comparable_data():
    assert Send(request("/x")) == Send(request("/x"))
    assert Sleep(1) != Sleep(2)
    assert "secret" not in repr(Request(method="GET", path="/", headers={"authorization": "secret"}))


# --- shield


def test_a_shielded_flow_has_its_result_and_its_exception(run, clock):
    def inner():
        text = yield from fetch("/one")
        yield from sleep(2.0)
        return text, (yield from gather([returns(1), fetch("/two")]))

    def outer():
        return (yield from shield(inner())), (yield from gather([shield(returns(3)), shield(fetch("/three"))]))

    assert run(outer(), Transport()) == (("/one", [1, "/two"]), [3, "/three"])
    assert clock.waits == [2.0]
    error = Boom("x")
    with pytest.raises(Boom) as caught:
        run(shield(fails(error)))
    assert caught.value is error


class Gated(Transport):
    """Answers when it is let."""

    def __init__(self):
        super().__init__()
        self.gate = anyio.Event()

    async def asend(self, request):
        self._begin(request)
        await self.gate.wait()
        return self.handler(request)


def shielded(events):
    def inner():
        try:
            yield from fetch("/one")
            yield from fetch("/two")
            events.append("done")
        finally:
            events.append("inner closed")

    def outer():
        try:
            yield from shield(inner())
            events.append("never")
        finally:
            events.append("outer closed")

    return outer()


async def test_a_shielded_flow_outlives_a_cancelled_task():
    events, transport = [], Gated()
    task = asyncio.ensure_future(adrive(shielded(events), transport))
    while not transport.sent:
        await anyio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert events == ["outer closed"]
    transport.gate.set()
    with anyio.fail_after(5):
        while "inner closed" not in events:
            await anyio.sleep(0)
    assert events == ["outer closed", "done", "inner closed"]
    assert transport.sent == ["/one", "/two"]


async def test_a_shielded_flow_outlives_a_cancelled_scope():
    events, transport = [], Gated()
    async with anyio.create_task_group() as group:
        group.start_soon(adrive, shielded(events), transport)
        while not transport.sent:
            await anyio.sleep(0)
        group.cancel_scope.cancel()
    transport.gate.set()
    with anyio.fail_after(5):
        while "inner closed" not in events:
            await anyio.sleep(0)
    assert events == ["outer closed", "done", "inner closed"]


async def test_a_shielded_failure_that_nobody_waits_for_is_not_reported(caplog):
    transport = Gated()
    transport.handler = lambda request: fails(Boom("x")).send(None)
    task = asyncio.ensure_future(adrive(shielded([]), transport))
    while not transport.sent:
        await anyio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    transport.gate.set()
    for _ in range(10):
        await anyio.sleep(0)
    assert "never retrieved" not in caplog.text


def test_a_shielded_flow_outlives_an_interrupt(monkeypatch):
    events, transport, gate = [], Transport(), threading.Event()

    def answer(request):
        assert gate.wait(5)
        return Response(status=200)

    def interrupted(self, timeout=None):
        raise KeyboardInterrupt

    transport.handler = answer
    with monkeypatch.context() as patched:
        patched.setattr("concurrent.futures.Future.result", interrupted)
        with pytest.raises(KeyboardInterrupt):
            drive(shielded(events), transport)
    assert events == ["outer closed"]
    gate.set()
    for _ in range(500):
        if "inner closed" in events:
            break
        threading.Event().wait(0.01)
    assert events == ["outer closed", "done", "inner closed"]
