"""Faults on demand, the rate limiter, and the transport that carries them."""

from __future__ import annotations

import json
import time
from typing import Any

import anyio
import pytest

from airbyte_agent_notion.drive import Transport
from airbyte_agent_notion.errors import ConnectionFailed, InvalidResponse, RequestTimedOut
from airbyte_agent_notion.flow import Request, Response
from airbyte_agent_notion.sandbox import Fault, Sandbox

ME = "/v1/users/me"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def request(sandbox: Sandbox, path: str = ME, method: str = "GET", **more: Any) -> Request:
    headers = {"Authorization": f"Bearer {sandbox.token}", "Notion-Version": "2026-03-11"}
    return Request(method=method, path=path, headers=headers, **more)


def statuses(caller: Any, count: int, path: str = ME) -> list[int]:
    return [caller.raw("GET", path).status for _ in range(count)]


def body(response: Response) -> Any:
    return json.loads(response.content)


def test_a_fault_is_used_up(caller: Any) -> None:
    caller.sandbox.faults.add(status=503, times=2)
    assert statuses(caller, 3) == [503, 503, 200]
    assert caller.sandbox.faults.pending == []
    assert [each.status for each in caller.sandbox.requests] == [503, 503, 200]


def test_faults_are_used_in_order(caller: Any) -> None:
    caller.sandbox.faults.add(status=502)
    caller.sandbox.faults.add(status=429, retry_after=7)
    assert statuses(caller, 3) == [502, 429, 200]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (409, "conflict_error"),
        (500, "internal_server_error"),
        (502, "bad_gateway"),
        (503, "service_unavailable"),
        (504, "gateway_timeout"),
        (529, "service_overload"),
        (429, "rate_limited"),
        (418, "internal_server_error"),
    ],
)
def test_the_code_follows_the_status(caller: Any, status: int, code: str) -> None:
    caller.sandbox.faults.add(status=status)
    answer = caller.raw("GET", ME)
    assert (answer.status, body(answer)["code"], body(answer)["status"]) == (status, code, status)
    assert body(answer)["request_id"] == answer.headers["x-notion-request-id"]
    assert "retry-after" not in answer.headers


def test_a_code_of_ones_own(caller: Any) -> None:
    caller.sandbox.faults.add(status=503, code="database_connection_unavailable", retry_after=3)
    answer = caller.raw("GET", ME)
    assert body(answer)["code"] == "database_connection_unavailable"
    assert answer.headers["retry-after"] == "3"


def test_a_rate_limit_fault_tells_the_reason_and_the_time(caller: Any) -> None:
    caller.sandbox.faults.add(status=429, retry_after=12)
    answer = caller.raw("GET", ME)
    assert answer.headers["retry-after"] == "12"
    assert body(answer)["additional_data"] == {
        "rate_limit_reason": "public_api_request_rate_limit",
        "retry_after": "12",
    }


def test_faults_for_one_method_or_path(caller: Any) -> None:
    faults = caller.sandbox.faults
    faults.add(status=500, path="/v1/users")
    faults.add(status=502, path="/v1/*/me")
    faults.add(status=504, method="post")
    assert statuses(caller, 1, "/v1/invalid") == [400]
    assert statuses(caller, 3) == [500, 502, 200]
    assert caller.raw("POST", "/v1/search").status == 504
    assert caller.raw("POST", "/v1/search").status == 200


def test_clear(caller: Any) -> None:
    caller.sandbox.faults.add(status=500, times=9)
    caller.sandbox.faults.rate_limit(per_minute=0)
    caller.sandbox.faults.clear()
    assert statuses(caller, 2) == [200, 200]


def test_a_fault_is_plain_data() -> None:
    fault = Sandbox().faults.add(status=503, times=3, delay=1.5)
    assert fault == Fault(status=503, times=3, delay=1.5)


def test_the_rate_limit_slides() -> None:
    clock = Clock()
    sandbox = Sandbox.sample(clock=clock)
    sandbox.faults.rate_limit(per_minute=3)

    def ask() -> Response:
        return sandbox.handle(request(sandbox))

    for second in (0, 10, 20):
        clock.now = 100.0 + second
        assert ask().status == 200
    clock.now = 130.5
    refused = ask()
    assert (refused.status, refused.headers["retry-after"]) == (429, "30")
    assert body(refused)["additional_data"]["retry_after"] == "30"
    clock.now = 159.99
    assert (ask().status, ask().headers["retry-after"]) == (429, "1")
    clock.now = 160.5
    assert [ask().status, ask().status] == [200, 429]
    sandbox.faults.rate_limit(per_minute=None)
    assert ask().status == 200


def test_waiting_as_told_is_enough() -> None:
    clock = Clock()
    sandbox = Sandbox.sample(clock=clock)
    sandbox.faults.rate_limit(per_minute=1)
    for _ in range(4):
        answer = sandbox.handle(request(sandbox))
        if answer.status == 429:
            clock.now += int(answer.headers["retry-after"])
            answer = sandbox.handle(request(sandbox))
        assert answer.status == 200
        clock.now += 0.3


def test_handle_does_not_wait_and_raises_for_a_dropped_connection(caller: Any) -> None:
    caller.sandbox.faults.add(delay=30.0)
    caller.sandbox.faults.add(drop=True)
    start = time.monotonic()
    assert caller.raw("GET", ME).status == 200
    assert time.monotonic() - start < 5
    with pytest.raises(ConnectionFailed):
        caller.raw("GET", ME)
    assert [each.status for each in caller.sandbox.requests] == [200, None]


def test_a_delay_may_come_before_an_error(caller: Any) -> None:
    caller.sandbox.faults.add(status=503, delay=2.0)
    exchange = caller.sandbox.exchange(request(caller.sandbox))
    assert exchange.delay == 2.0
    assert exchange.response is not None
    assert exchange.response.status == 503


# The transport


def test_the_transport_answers_both_ways(sandbox: Sandbox) -> None:
    transport: Transport = sandbox.transport()

    async def awaiting() -> Response:
        response = await transport.asend(request(sandbox))
        await transport.aclose()
        return response

    blocking = transport.send(request(sandbox))
    awaited = anyio.run(awaiting)
    transport.close()
    assert blocking.status == awaited.status == 200
    assert isinstance(blocking.content, bytes)
    assert {**body(blocking), "request_id": ""} == {**body(awaited), "request_id": ""}


def test_the_transport_waits(sandbox: Sandbox) -> None:
    transport = sandbox.transport()
    sandbox.faults.add(delay=0.05, times=2)
    start = time.monotonic()
    assert transport.send(request(sandbox)).status == 200
    assert time.monotonic() - start >= 0.05
    start = time.monotonic()
    assert anyio.run(transport.asend, request(sandbox)).status == 200
    assert time.monotonic() - start >= 0.05


def test_the_transport_drops_connections(sandbox: Sandbox) -> None:
    transport = sandbox.transport()
    sandbox.faults.add(drop=True, times=2)
    with pytest.raises(ConnectionFailed):
        transport.send(request(sandbox))
    with pytest.raises(ConnectionFailed):
        anyio.run(transport.asend, request(sandbox))
    assert transport.send(request(sandbox)).status == 200


def test_the_transport_times_out_without_waiting_for_the_whole_delay(sandbox: Sandbox) -> None:
    transport = sandbox.transport(timeout=0.02)
    sandbox.faults.add(delay=30.0, times=2)
    start = time.monotonic()
    with pytest.raises(RequestTimedOut):
        transport.send(request(sandbox))
    with pytest.raises(RequestTimedOut):
        anyio.run(transport.asend, request(sandbox))
    assert time.monotonic() - start < 10
    transport.timeout = None
    assert transport.send(request(sandbox)).status == 200


def test_the_transport_refuses_answers_that_are_too_long(sandbox: Sandbox) -> None:
    short = request(sandbox, max_response_bytes=10)
    with pytest.raises(InvalidResponse):
        sandbox.transport().send(short)
