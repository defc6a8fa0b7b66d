"""The rate limiter: never refused, never idle, fair, and the same for everything that uses a token."""

import asyncio
import gc
import sys
import threading
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated import OK, WINDOW, Limited, in_simulated_loop, in_threads

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.drive import adrive, drive
from airbyte_agent_notion.errors import ConnectionFailed, DeadlineExceeded, RateLimited
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.flow import Request, gather
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operations.users import GetMe
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeClock, FakeTransport, json_response
from airbyte_agent_notion.wire import limits
from airbyte_agent_notion.wire.limits import LOOK_AGAIN, RELAX_AFTER, Limiter, send_within

REQUEST = Request(method="GET", path="/v1/users/me")
AUTH = NotionAccessTokenAuthConfig(token="ntn_test")


def admitted(limiter, at):
    """A ticket that was admitted at that moment."""
    ticket = limiter.join()
    assert limiter.wait(ticket, at) == 0.0
    return ticket


def spent(limiter, number, at):
    """The limiter after so many requests, all answered at once."""
    for _ in range(number):
        limiter.leave(admitted(limiter, at), at)
    return limiter


# --- one limiter


def test_a_burst_and_then_a_window():
    limiter = spent(Limiter(180), 180, 5.0)
    waiting = limiter.join()
    assert limiter.wait(waiting, 5.0) == 60.0
    assert limiter.wait(waiting, 64.0) == 1.0
    assert limiter.wait(waiting, 65.0) == 0.0


def test_a_slot_is_free_a_window_after_the_answer():
    limiter = Limiter(1)
    ticket = admitted(limiter, 0.0)
    waiting = limiter.join()
    assert limiter.wait(waiting, 0.0) == 60.0
    assert limiter.wait(waiting, 70.0) == 60.0  # still under way: Notion may count it only now
    limiter.leave(ticket, 71.0)
    assert limiter.wait(waiting, 75.0) == 56.0
    assert limiter.wait(waiting, 131.0) == 0.0


def test_who_came_first_goes_first():
    limiter = spent(Limiter(2), 2, 0.0)
    queue = [limiter.join() for _ in range(5)]
    assert [limiter.wait(ticket, 10.0) for ticket in reversed(queue)] == [170.0, 110.0, 110.0, 50.0, 50.0]
    assert limiter.wait(queue[2], 60.0) == 60.0
    assert [limiter.wait(ticket, 60.0) for ticket in queue[:3]] == [0.0, 0.0, 60.0]


def test_who_leaves_the_queue_gives_its_place_back():
    limiter = spent(Limiter(1), 1, 0.0)
    first, second = limiter.join(), limiter.join()
    assert limiter.wait(second, 0.0) == 120.0
    limiter.leave(first)
    assert limiter.wait(second, 0.0) == 60.0


def test_a_cancelled_request_counts_from_its_admission():
    limiter = Limiter(1)
    limiter.leave(admitted(limiter, 3.0))
    assert limiter.wait(limiter.join(), 10.0) == 53.0


def test_a_pause_holds_everyone():
    limiter = Limiter(None)
    limiter.pause(30.0)
    limiter.pause(20.0)
    tickets = [limiter.join() for _ in range(3)]
    assert [limiter.wait(ticket, 10.0) for ticket in tickets] == [20.0] * 3
    assert [limiter.wait(ticket, 30.0) for ticket in tickets] == [0.0] * 3


def test_no_limit():
    assert len(spent(Limiter(None), 10_000, 0.0)._answered) == 10_000


def test_the_limit_of_a_workspace_is_learned_and_forgotten():
    limiter = spent(Limiter(180), 10, 0.0)
    for ticket in [admitted(limiter, 0.5) for _ in range(4)]:  # side by side, and all of them refused
        limiter.leave(ticket, 1.0, refused=True)
        limiter.learn_workspace_limit(1.0)
    spent(limiter, 10, 61.0)
    waiting = limiter.join()
    assert limiter.wait(waiting, 61.0) == 60.0
    limiter.leave(waiting)
    spent(limiter, 180, 1.0 + RELAX_AFTER)
    assert limiter.wait(limiter.join(), 1.0 + RELAX_AFTER) == 60.0


def test_a_workspace_that_lets_nothing_through_is_asked_now_and_then():
    limiter = Limiter(180)
    limiter.leave(admitted(limiter, 0.0), 0.0, refused=True)
    limiter.learn_workspace_limit(0.0)
    assert limiter.wait(limiter.join(), 0.0) == 60.0
    spent(Limiter(180), 1, 60.0)


# --- whose it is


def test_one_token_one_limiter():
    one, two = NotionConnector(AUTH), SyncNotionConnector(AUTH)
    other = SyncNotionConnector(NotionAccessTokenAuthConfig(token="ntn_other"))
    limiters = [notion.runner.engine.executor.limiter for notion in (one, two, other)]
    assert limiters[0] is limiters[1]
    assert limiters[2] is not limiters[0]
    assert "ntn" not in repr(list(limits._table.items())) + repr(vars(limiters[0]))


def test_the_lowest_budget_holds():
    first = Limiter.shared("t", 600)
    assert first.per_minute == 600
    assert Limiter.shared("t", 180) is first
    assert (first.per_minute, Limiter.shared("t", 600).per_minute) == (180, 180)


def test_what_nobody_holds_is_forgotten():
    Limiter.shared("t", 5)
    gc.collect()
    assert len(limits._table) == 0
    assert Limiter.shared("t", 600).per_minute == 600


def test_the_sandbox_has_no_limit():
    assert SyncNotionConnector.sandbox().runner.engine.executor.limiter.per_minute == float("inf")


# --- sending


def test_a_flow_waits_for_its_turn_and_looks_in_between(run, clock):
    limiter = spent(Limiter(1), 1, clock.now())
    assert run(send_within(limiter, REQUEST), FakeTransport(OK)) == OK
    assert clock.waits == [LOOK_AGAIN] * 12


def test_a_request_that_breaks_counts_until_it_broke(run, clock):
    def breaks(request):
        clock.seconds += 30
        raise ConnectionFailed("x")

    limiter = Limiter(1)
    with pytest.raises(ConnectionFailed):
        run(send_within(limiter, REQUEST), FakeTransport(breaks))
    assert limiter.wait(limiter.join(), clock.now()) == 60.0


def test_the_time_left_is_told_when_it_is_sent(run, clock):
    limiter = spent(Limiter(1), 1, clock.now())
    transport = FakeTransport(OK)
    run(send_within(limiter, REQUEST, ends_at=clock.now() + 100), transport)
    assert [request.time_left for request in transport.requests] == [40.0]


@pytest.mark.parametrize("allowed", [0.0, 30.0, 60.0])
def test_a_wait_beyond_the_deadline_is_not_begun(run, clock, allowed):
    limiter = spent(Limiter(1), 1, clock.now())
    transport = FakeTransport(OK)
    with pytest.raises(DeadlineExceeded):
        run(send_within(limiter, REQUEST, ends_at=clock.now() + allowed), transport)
    assert (clock.waits, transport.requests) == ([], [])
    assert not limiter._queue


def test_a_pause_that_comes_while_waiting_is_noticed(run, clock):
    limiter = spent(Limiter(1), 1, clock.now())
    began = clock.now()

    class Pausing(type(clock)):
        def now(self):
            if self.seconds == began + 30:
                limiter.pause(began + 500)
            return self.seconds

    clock.__class__ = Pausing
    with pytest.raises(DeadlineExceeded, match="asks to wait 470 s; the call has 70 s left"):
        run(send_within(limiter, REQUEST, ends_at=began + 100), FakeTransport(OK))
    assert clock.passed == 30


def test_cancelled_in_the_queue_the_place_is_free():
    async def main(clock):
        limiter = spent(Limiter(1), 1, clock.now())
        tasks = [
            asyncio.ensure_future(adrive(send_within(limiter, REQUEST), Limited(clock), clock=clock)) for _ in "12"
        ]
        await asyncio.sleep(1)
        tasks[0].cancel()
        assert await tasks[1] == OK
        assert tasks[0].cancelled()
        return clock.now() - 1_000.0, len(limiter._queue)

    assert in_simulated_loop(main) == (60.0, 0)


def test_closed_in_the_queue_the_place_is_free():
    limiter = spent(Limiter(1), 1, 0.0)
    flow = send_within(limiter, REQUEST)
    next(flow)
    flow.send(0.0)
    assert len(limiter._queue) == 1
    flow.close()
    assert not limiter._queue


def test_threads_do_not_break_it():
    limiter = Limiter(None)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work():
        for moment in range(200):
            spent(limiter, 1, float(moment))
            limiter.leave(limiter.join())
            limiter.pause(0.0)
            limiter.learn_workspace_limit(-1_000.0)

    threads = [threading.Thread(target=work) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not limiter._queue
    assert not limiter._flying


# --- never refused, whenever Notion counts


@settings(max_examples=150, deadline=None)
@given(
    budget=st.integers(1, 8),
    arrivals=st.lists(st.floats(0, 150), min_size=1, max_size=40),
    longest=st.sampled_from([0.0, 0.3, 5.0, 70.0]),
    seed=st.integers(0, 10_000),
)
def test_no_request_is_refused_whenever_it_is_counted(budget, arrivals, longest, seed):
    random = Random(seed)

    async def main(clock):
        server = Limited(clock, budget, latency=lambda: random.uniform(0, longest), counted=random.random)
        limiter = Limiter(budget)

        async def caller(arrival):
            await asyncio.sleep(arrival)
            flow = send_within(limiter, REQUEST)
            assert (await adrive(flow, server, clock=clock)).status == 200

        await asyncio.gather(*(caller(arrival) for arrival in arrivals))
        return server

    server = in_simulated_loop(main)
    assert (server.refused, server.answered) == (0, len(arrivals))


# --- twenty callers against a server with limits: no 429 reaches one, and no time is lost

CALLERS, CALLS = 20, 35
"""700 requests in all."""


def shortest(requests, limit):
    """Seconds that a limit alone needs for so many requests."""
    return (-(-requests // limit) - 1) * WINDOW


def together(flows):
    return gather(flows, limit=len(flows))


def one_after_the_other(flows):
    for flow in flows:
        yield from flow


def calls(executor, number=CALLS):
    for _ in range(number):
        yield from executor.call(GetMe())


def executors(kind):
    """One executor for each caller: with one budget for all, or, as a control, each with its own."""
    if kind == "shared":
        return [LocalExecutor(AUTH, "2026-03-11", deadline=None, draw=lambda: 0.5) for _ in range(CALLERS)]
    own = [NotionAccessTokenAuthConfig(token=f"ntn_{number}") for number in range(CALLERS)]
    return [LocalExecutor(auth, "2026-03-11", deadline=None, draw=lambda: 0.5) for auth in own]


def measured(way, kind, workspace, *, combine=together):
    """The server and the seconds that all calls took."""
    random = Random(1)
    if way == "gather, awaiting":

        async def main(clock):
            server = Limited(clock, workspace=workspace, latency=lambda: random.uniform(0.1, 0.5))
            await adrive(combine([calls(each) for each in executors(kind)]), server, clock=clock)
            return server, clock.now() - 1_000.0

        return in_simulated_loop(main)
    if way == "gather, blocking":  # its requests are answered at once: threads of a pool know no simulated time
        clock = FakeClock()
        server = Limited(clock, workspace=workspace)
        if combine is one_after_the_other:
            server.latency = lambda: random.uniform(0.1, 0.5)
        drive(combine([calls(each) for each in executors(kind)]), server, clock=clock)
        return server, clock.now()
    servers = []
    each = executors(kind)

    def work(clock, index):
        if index == 0:
            servers.append(Limited(clock, workspace=workspace, latency=lambda: random.uniform(0.1, 0.5)))
        while not servers:
            clock.sleep(0.001)
        drive(calls(each[index]), servers[0], clock=clock)

    clock = in_threads(CALLERS, work)
    return servers[0], clock.now() - 1_000.0


WAYS = ["gather, awaiting", "gather, blocking", "threads"]


@pytest.mark.parametrize("workspace", [None, 120])
@pytest.mark.parametrize("way", WAYS)
def test_twenty_callers_lose_no_time(way, workspace, capsys):
    server, seconds = measured(way, "shared", workspace)
    assert server.answered == CALLERS * CALLS
    least = shortest(server.answered, min(180, workspace or 180))
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{way}, limits 180/min and workspace {workspace}: {server.answered} requests in {seconds:.1f} s,"
            f" least {least:.0f} s, {seconds / least - 1:+.1%}, 429 seen by the wire: {server.refused}"
        )
    assert least <= seconds <= least * 1.05
    assert server.refused == 0 if workspace is None else server.refused <= CALLERS


@pytest.mark.parametrize("way", WAYS)
def test_control_a_limiter_for_each_caller_is_refused(way):
    """The same measure tells a limiter that is not shared from one that is."""
    try:
        server, _ = measured(way, "own", None)
    except RateLimited:
        return
    assert server.refused > 0


@pytest.mark.parametrize("way", ["gather, awaiting", "gather, blocking"])
def test_control_callers_one_after_the_other_are_too_slow(way):
    """The same measure tells a gather that does not gather, where the wire is slower than the limit."""
    server, seconds = measured(way, "shared", None, combine=one_after_the_other)
    assert server.answered == CALLERS * CALLS
    assert seconds > shortest(server.answered, 180) * 1.05


@pytest.mark.parametrize("workspace", [None, 120])
def test_twenty_callers_of_the_sandbox(workspace):
    async def main(clock):
        sandbox = Sandbox.sample(clock=clock.now)
        sandbox.faults.rate_limit(per_minute=180, workspace_per_minute=workspace)
        auth = NotionAccessTokenAuthConfig(token=sandbox.token)
        executor = LocalExecutor(auth, "2026-03-11", deadline=None, draw=lambda: 0.5)
        flows = [calls(executor, 32) for _ in range(CALLERS)]
        await adrive(together(flows), sandbox.transport(), clock=clock)
        statuses = [received.status for received in sandbox.requests]
        return statuses.count(200), statuses.count(429), clock.now() - 1_000.0

    answered, refused, seconds = in_simulated_loop(main)
    assert answered == 640
    least = shortest(640, min(180, workspace or 180))
    assert least <= seconds <= least * 1.05
    assert refused == 0 if workspace is None else refused <= CALLERS


def test_a_429_pauses_all_calls_not_one():
    async def main(clock):
        moments = []

        def answer(request):
            moments.append(clock.now() - 1_000.0)
            return (
                json_response({"code": "rate_limited"}, status=429, headers={"retry-after": "20"})
                if len(moments) == 1
                else OK
            )

        executor = LocalExecutor(AUTH, "2026-03-11", draw=lambda: 0.0)
        transport = FakeTransport(answer)
        first = asyncio.ensure_future(adrive(executor.call(GetMe()), transport, clock=clock))
        await asyncio.sleep(1)
        await asyncio.gather(first, *(adrive(executor.call(GetMe()), transport, clock=clock) for _ in range(3)))
        return moments

    assert in_simulated_loop(main) == [0.0, 20.0, 20.0, 20.0, 20.0]
