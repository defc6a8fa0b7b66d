"""Faults on demand, the rate limiter, and the transport that carries them."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import anyio
import pytest

from airbyte_agent_notion.errors import ConnectionFailed, InvalidResponse, RequestTimedOut
from airbyte_agent_notion.flow import Request, Response
from airbyte_agent_notion.ports import Transport
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


def test_the_limits_of_connection_and_workspace() -> None:
    clock = Clock()
    sandbox = Sandbox.sample(clock=clock)
    tokens = [sandbox.token, sandbox.oauth.grant().access_token, sandbox.oauth.grant().access_token]
    sandbox.faults.rate_limit(per_minute=2, workspace_per_minute=5)

    def ask(number: int) -> tuple[int, str | None, str | None]:
        headers = {"Authorization": f"Bearer {tokens[number]}", "Notion-Version": "2026-03-11"}
        answer = sandbox.handle(Request(method="GET", path=ME, headers=headers))
        told = body(answer).get("additional_data", {})
        assert told.get("retry_after") == answer.headers.get("retry-after")
        return answer.status, told.get("rate_limit_reason"), told.get("retry_after")

    fine = (200, None, None)
    assert [ask(0), ask(0)] == [fine, fine]
    clock.now += 10.5
    assert [ask(1), ask(1), ask(2)] == [fine, fine, fine]
    assert ask(0) == (429, "public_api_request_rate_limit", "50")
    assert ask(2) == (429, "public_api_space_request_rate_limit", "50")
    clock.now += 50
    # What was refused did not count, neither for the connection nor for the workspace.
    assert [ask(2), ask(0), ask(0)] == [fine, fine, (429, "public_api_space_request_rate_limit", "10")]
    sandbox.faults.rate_limit(per_minute=None)
    assert [ask(0) for _ in range(9)] == [fine] * 9


def test_the_usual_rate_limit() -> None:
    clock = Clock()
    sandbox = Sandbox.sample(clock=clock)
    sandbox.faults.rate_limit()
    answers = [sandbox.handle(request(sandbox)).status for _ in range(181)]
    assert answers == [200] * 180 + [429]
    sandbox.faults.rate_limit(per_minute=None, workspace_per_minute=1)
    assert [sandbox.handle(request(sandbox)).status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("status", [429, 529])
def test_a_refusal_without_a_time(caller: Any, status: int) -> None:
    caller.sandbox.faults.add(status=status)
    caller.sandbox.faults.add(status=status, retry_after=4)
    without, told = caller.raw("GET", ME), caller.raw("GET", ME)
    assert "retry-after" not in without.headers
    assert "retry_after" not in body(without).get("additional_data", {})
    assert (told.headers["retry-after"], body(told)["additional_data"]["retry_after"]) == ("4", "4")


def test_a_date_to_retry_after_and_a_reason_of_ones_own(caller: Any) -> None:
    date = "Fri, 20 Nov 2026 09:00:30 GMT"
    blocked: dict[str, str | list[str]] = {"rate_limit_reason": "public_api_request_blocked"}
    caller.sandbox.faults.add(status=429, headers={"Retry-After": date}, additional_data=blocked)
    answer = caller.raw("GET", ME)
    assert answer.headers["retry-after"] == date
    assert body(answer)["additional_data"] == blocked


def test_what_a_503_says_of_a_write(caller: Any) -> None:
    data: dict[str, str | list[str]] = {
        "retry_guidance": "do_not_retry",
        "committed_resource_id": "a",
        "committed_child_ids": ["b", "c"],
    }
    caller.sandbox.faults.add(status=503, additional_data=data)
    assert body(caller.raw("GET", ME))["additional_data"] == data


def test_a_proxy_s_page(caller: Any) -> None:
    caller.sandbox.faults.add(status=403, content="<html>No.</html>", headers={"CF-Ray": "8f-FRA"})
    answer = caller.raw("GET", ME)
    assert (answer.status, answer.content) == (403, b"<html>No.</html>")
    assert answer.headers == {"content-type": "text/html", "content-length": "16", "cf-ray": "8f-FRA"}


@pytest.mark.parametrize("content", [b"", b'{"object": "us', b"\xff\x00", b"null"])
def test_a_body_of_ones_own(caller: Any, content: bytes) -> None:
    caller.sandbox.faults.add(content=content, content_type="application/json", headers={"x-notion-request-id": "r"})
    answer = caller.raw("GET", ME)
    assert (answer.status, answer.content) == (200, content)
    assert (answer.headers["content-type"], answer.headers["x-notion-request-id"]) == ("application/json", "r")
    assert statuses(caller, 1) == [200]


def test_headers_over_the_request_s_own_answer(caller: Any) -> None:
    caller.sandbox.faults.add(headers={"X-More": "1"})
    answer = caller.raw("GET", ME)
    assert (answer.status, answer.headers["x-more"], body(answer)["object"]) == (200, "1", "user")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("how", [{"drop": True}, {"status": 503}, {"content": "<html>"}])
def test_a_fault_before_or_after_the_effect(sandbox: Sandbox, how: Any, after: bool) -> None:
    pair = sandbox.oauth.grant()
    ask = token_request(sandbox, pair.refresh_token)
    sandbox.faults.add(method="POST", after=after, **how)
    if "drop" in how:
        with pytest.raises(ConnectionFailed):
            sandbox.handle(ask)
    else:
        assert sandbox.handle(ask).status == how.get("status", 200)
    # The refresh token is used up exactly if the lost request had its effect.
    assert sandbox.handle(ask).status == (400 if after else 200)


def test_a_read_after_which_the_fault_answers(caller: Any) -> None:
    caller.sandbox.faults.add(status=504, after=True)
    assert statuses(caller, 2) == [504, 200]


def token_request(sandbox: Sandbox, refresh_token: str) -> Request:
    secret = f"{sandbox.oauth.client_id}:{sandbox.oauth.client_secret}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(secret).decode()}"}
    json_body = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return Request(method="POST", path="/v1/oauth/token", json=json_body, headers=headers)


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
