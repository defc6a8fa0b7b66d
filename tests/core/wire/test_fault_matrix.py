"""Every effect of an operation with every fault of Notion's error table: what is sent, waited and raised.

The expectations are written by hand from Notion's reference (errors and limits), not from the code.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from airbyte_agent_notion.errors import (
    ApiError,
    Conflict,
    ConnectionFailed,
    Forbidden,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    NotionAgentError,
    OutcomeUnknown,
    RateLimited,
    RequestTimedOut,
    ServerError,
    Unauthorized,
)
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.flow import Response
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operation import Effect, Operation, Spec
from airbyte_agent_notion.testing import FakeTransport, json_response

# --- the operations: one of each effect


class ReadGet(Operation[Any]):
    spec = Spec("things", "get", "GET /v1/things/x")


class ReadPost(Operation[Any]):
    spec = Spec("things", "query", "POST /v1/things/query")


class WritePost(Operation[Any]):
    spec = Spec("things", "create", "POST /v1/things", effect=Effect.WRITE, read_back="GET /v1/things/{id}")


class Append(Operation[Any]):
    spec = Spec(
        "things", "append", "PATCH /v1/things/x", effect=Effect.WRITE, read_back="GET /v1/things/{id}", appends=True
    )


class WritePatch(Operation[Any]):
    spec = Spec("things", "update", "PATCH /v1/things/x", effect=Effect.WRITE, read_back="GET /v1/things/{id}")


class DestructiveDelete(Operation[Any]):
    spec = Spec("things", "delete", "DELETE /v1/things/x", effect=Effect.DESTRUCTIVE, read_back="GET /v1/things/{id}")


class DestructivePatch(Operation[Any]):
    spec = Spec("things", "trash", "PATCH /v1/things/x", effect=Effect.DESTRUCTIVE, read_back="GET /v1/things/{id}")


REPEATABLE = {"read GET": ReadGet, "read POST": ReadPost, "destructive DELETE": DestructiveDelete}
READS = {"read GET", "read POST"}
OPERATIONS = {
    "read GET": ReadGet,
    "read POST": ReadPost,
    "write POST": WritePost,
    "write PATCH": WritePatch,
    "destructive DELETE": DestructiveDelete,
    "destructive PATCH": DestructivePatch,
}


# --- the faults


def refused(status, code, *, headers=None, **additional):
    body = {"object": "error", "status": status, "code": code, "message": "Notion's words.", "request_id": "r"}
    return json_response(body | ({"additional_data": additional} if additional else {}), status=status, headers=headers)


def html(status, **headers):
    return Response(status=status, headers={"content-type": "text/html", "cf-ray": "8f", **headers}, content=b"<html>")


def not_sent(error):
    error.sent = False
    return error


def in_seconds(seconds):
    """The header as a date; half a second more, since a date has none."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


LIMITED = "rate_limited"
RECOVERY = {"fix": "fix_arguments", "later": "retry_later", "verify": "verify_first", "ask": "ask_operator"}

# What becomes of an operation, by what it does:
#   never       the reference says: do not retry. One request, and the error.
#   always      any method is retried: five requests at most, and the error.
#   repeatable  reads and DELETE are retried; a write is sent once, and its outcome is unknown.
#   once        one retry for every method: the save was rejected.
#   unclear     no retry helps; of anything but a read the outcome is unknown.
NEVER, ALWAYS, REPEATED, ONCE, UNCLEAR = "never", "always", "repeatable", "once", "unclear"


@dataclass(frozen=True)
class Row:
    name: str
    fault: Any
    rule: str
    kind: type
    code: str
    recovery: str
    first_wait: float = 1.0
    """Seconds before the second request; the draw is 1, so that it is the backoff where Notion says nothing."""
    later: tuple = (2.0, 4.0, 8.0)


SPACE = "public_api_space_request_rate_limit"
FIXED_60 = (60.0, 60.0, 60.0)
ROWS = [
    *(
        Row(f"400 {code}", refused(400, code), NEVER, InvalidRequest, code, "fix")
        for code in (
            "invalid_json", "invalid_request_url", "invalid_request", "missing_version", "validation_error",
            "invalid_beta", "invalid_grant",
        )
    ),
    Row("401 unauthorized", refused(401, "unauthorized"), NEVER, Unauthorized, "unauthorized", "ask"),
    Row("403 restricted_resource", refused(403, "restricted_resource"), NEVER, Forbidden, "restricted_resource", "ask"),
    Row("403 HTML of a network rule", html(403), NEVER, InvalidResponse, "invalid_response", "later"),
    Row("404 object_not_found", refused(404, "object_not_found"), NEVER, NotFound, "object_not_found", "fix"),
    Row("409 conflict_error", refused(409, "conflict_error"), ONCE, Conflict, "conflict_error", "later"),
    Row("409 row_limit_exceeded", refused(409, "row_limit_exceeded"), NEVER, Conflict, "row_limit_exceeded", "ask"),
    Row("413 HTML", html(413), NEVER, InvalidResponse, "invalid_response", "fix"),
    Row("413 empty", Response(status=413), NEVER, InvalidResponse, "invalid_response", "fix"),
    Row("418 unknown", refused(418, "teapot"), NEVER, ApiError, "teapot", "ask"),
    Row("429", refused(429, LIMITED), ALWAYS, RateLimited, LIMITED, "later"),
    Row(
        "429 Retry-After 20", refused(429, LIMITED, headers={"retry-after": "20"}),
        ALWAYS, RateLimited, LIMITED, "later", 20.0, (20.0, 20.0, 20.0),
    ),
    Row(
        "429 Retry-After in the body", refused(429, LIMITED, retry_after="20"),
        ALWAYS, RateLimited, LIMITED, "later", 20.0, (20.0, 20.0, 20.0),
    ),
    Row(
        "429 of an endpoint", refused(429, LIMITED, rate_limit_reason="public_api_endpoint_rate_limit"),
        ALWAYS, RateLimited, LIMITED, "later",
    ),
    Row(
        "429 of the workspace", refused(429, LIMITED, headers={"retry-after": "60"}, rate_limit_reason=SPACE),
        ALWAYS, RateLimited, LIMITED, "later", 60.0, FIXED_60,
    ),
    Row(
        "429 blocked",
        refused(429, LIMITED, headers={"retry-after": "1"}, rate_limit_reason="public_api_request_blocked"),
        NEVER, RateLimited, LIMITED, "ask",
    ),
    Row(
        "429 HTML", html(429, **{"retry-after": "20"}),
        ALWAYS, InvalidResponse, "invalid_response", "later", 20.0, (20.0, 20.0, 20.0),
    ),
    Row("500", refused(500, "internal_server_error"), REPEATED, ServerError, "internal_server_error", "later"),
    Row("502", refused(502, "bad_gateway"), REPEATED, ServerError, "bad_gateway", "later"),
    Row("502 HTML", html(502), REPEATED, InvalidResponse, "invalid_response", "later"),
    Row("503", refused(503, "service_unavailable"), REPEATED, ServerError, "service_unavailable", "later"),
    Row(
        "503 database", refused(503, "database_connection_unavailable"),
        REPEATED, ServerError, "database_connection_unavailable", "later",
    ),
    Row("504", refused(504, "gateway_timeout"), REPEATED, ServerError, "gateway_timeout", "later"),
    Row("529", refused(529, "service_overload"), ALWAYS, RateLimited, "service_overload", "later"),
    Row(
        "529 Retry-After 20", refused(529, "service_overload", headers={"retry-after": "20"}),
        ALWAYS, RateLimited, "service_overload", "later", 20.0, (20.0, 20.0, 20.0),
    ),
    Row("connection refused", not_sent(ConnectionFailed("x")), ALWAYS, ConnectionFailed, "connection_failed", "later"),
    Row("connecting timed out", not_sent(RequestTimedOut("x")), ALWAYS, RequestTimedOut, "timeout", "later"),
    Row("dropped after sending", ConnectionFailed("x"), REPEATED, ConnectionFailed, "connection_failed", "later"),
    Row("reading timed out", RequestTimedOut("x"), REPEATED, RequestTimedOut, "timeout", "later"),
    Row(
        "200 truncated", Response(status=200, content=b'{"object":"pa'),
        UNCLEAR, InvalidResponse, "invalid_response", "later",
    ),
    Row("200 HTML", html(200), UNCLEAR, InvalidResponse, "invalid_response", "later"),
    Row("200 empty", Response(status=200), UNCLEAR, InvalidResponse, "invalid_response", "later"),
    Row(
        "307 redirect", Response(status=307, headers={"location": "https://x"}),
        NEVER, InvalidResponse, "invalid_response", "later",
    ),
]  # fmt: skip
ROWS_BY_NAME = {row.name: row for row in ROWS}

FINE = json_response({"object": "thing", "id": "x"})


def expected(row, name, always):
    """Requests, seconds waited in all, and the error's class, code and recovery; None for a result."""
    error = (row.kind, row.code, RECOVERY[row.recovery])
    unknown = (OutcomeUnknown, "outcome_unknown", RECOVERY["verify"])
    many = (5, row.first_wait + sum(row.later))
    if row.rule == NEVER:
        return (1, 0.0, error)
    if row.rule == UNCLEAR:
        return (1, 0.0, error if name in READS else unknown)
    if row.rule == REPEATED and name not in REPEATABLE:
        return (1, 0.0, unknown)
    if not always:
        return (2, row.first_wait, None)
    if row.rule == ONCE:
        return (2, row.first_wait, error)
    if row.rule == REPEATED and name == "destructive DELETE":
        return (*many, unknown)
    return (*many, error)


def executor(**options):
    credentials = NotionAccessTokenAuthConfig(token="ntn_test")
    return LocalExecutor(credentials, "2026-03-11", draw=lambda: 1.0, **options)


def outcome(run, flow, transport):
    try:
        return run(flow, transport), None
    except NotionAgentError as error:
        return None, error


@pytest.mark.parametrize("always", [False, True], ids=["once", "always"])
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_matrix(run, clock, row, name, always):
    fault = row.fault
    transport = FakeTransport(fault) if always else FakeTransport(fault, FINE)
    data, error = outcome(run, executor().call(OPERATIONS[name]()), transport)
    requests, waited, failure = expected(row, name, always)
    assert len(transport.requests) == requests
    assert clock.passed == pytest.approx(waited)
    assert {(request.method, request.path) for request in transport.requests} == {
        (OPERATIONS[name].spec.method, OPERATIONS[name].spec.path)
    }
    if failure is None:
        assert data == {"object": "thing", "id": "x"}
        return
    assert (type(error), error.code, error.recovery.value) == failure
    if type(error) is OutcomeUnknown:
        assert type(error.__cause__) is row.kind
        assert error.details["operation"] == OPERATIONS[name].spec.name
        assert "Do not repeat it before you have looked" in str(error)
    if isinstance(fault, Response) and "cf-ray" in fault.headers:
        assert error.details["cf_ray"] == "8f"
    elif isinstance(fault, Response) and b"request_id" in fault.content:
        assert error.request_id == "r"


def test_a_date_in_retry_after(run, clock):
    """As seconds, but for the fraction of the present second."""
    fault = refused(429, LIMITED, headers={"retry-after": in_seconds(20)})
    transport = FakeTransport(fault, FINE)
    assert run(executor().call(WritePost()), transport)["id"] == "x"
    assert 18 < clock.passed <= 20


# --- 503 after a write: what was saved is read, never written again


def committed(**additional):
    return refused(503, "service_unavailable", retry_guidance="The page was saved; do not retry.", **additional)


NEW = json_response({"object": "thing", "id": "new"})
WRITES = [name for name in OPERATIONS if name not in REPEATABLE]


@pytest.mark.parametrize("name", WRITES)
def test_what_was_committed_is_returned(run, clock, name):
    transport = FakeTransport(committed(committed_resource_id="new id"), NEW)
    assert run(executor().call(OPERATIONS[name]()), transport) == {"object": "thing", "id": "new"}
    assert [(request.method, request.path) for request in transport.requests][1:] == [("GET", "/v1/things/new%20id")]
    assert clock.waits == []


def test_committed_children_are_returned_in_order(run):
    def child(request):
        return json_response({"object": "block", "id": request.path.rpartition("/")[2]})

    transport = FakeTransport(committed(committed_resource_id="parent", committed_child_ids=["b", "a"]), child)
    data = run(executor().call(Append()), transport)
    assert [item["id"] for item in data["results"]] == ["b", "a"]
    assert (data["object"], data["has_more"], len(transport.requests)) == ("list", False, 3)


def test_without_the_childrens_ids_nothing_is_known_of_them(run):
    transport = FakeTransport(committed(committed_resource_id="parent"), NEW)
    _, error = outcome(run, executor().call(Append()), transport)
    assert (type(error), len(transport.requests)) == (OutcomeUnknown, 1)


@pytest.mark.parametrize("name", WRITES)
def test_children_are_not_taken_for_what_was_changed(run, name):
    transport = FakeTransport(committed(committed_resource_id="new", committed_child_ids=["a"]), NEW)
    assert run(executor().call(OPERATIONS[name]()), transport)["id"] == "new"
    assert len(transport.requests) == 2


@pytest.mark.parametrize("name", WRITES)
def test_what_was_committed_and_cannot_be_read_is_unknown(run, name):
    transport = FakeTransport(committed(committed_resource_id="new"), refused(404, "object_not_found"))
    _, error = outcome(run, executor().call(OPERATIONS[name]()), transport)
    assert type(error) is OutcomeUnknown
    assert error.details["committed_resource_id"] == "new"
    assert error.details["retry_guidance"].endswith("do not retry.")
    assert [request.method for request in transport.requests] == [OPERATIONS[name].spec.method, "GET"]


@pytest.mark.parametrize("value", [None, "", [], 7, [7], {}])
def test_nonsense_is_not_read(run, value):
    transport = FakeTransport(committed(committed_resource_id=value, committed_child_ids=value))
    _, error = outcome(run, executor().call(WritePost()), transport)
    assert (type(error), len(transport.requests)) == (OutcomeUnknown, 1)


def test_reading_back_is_a_read_and_repeated(run):
    busy = refused(500, "internal_server_error")
    transport = FakeTransport(committed(committed_resource_id="new"), busy, busy, NEW)
    assert run(executor().call(WritePost()), transport)["id"] == "new"


# --- deadlines


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_retry_sleeps_past_the_deadline(run, clock, name):
    fault = refused(529, "service_overload", headers={"retry-after": "20"})
    transport = FakeTransport(fault)
    _, error = outcome(run, executor(deadline=50.0).call(OPERATIONS[name]()), transport)
    assert (type(error), len(transport.requests), clock.passed) == (RateLimited, 3, 40.0)
    assert [request.time_left for request in transport.requests] == [50.0, 30.0, 10.0]


def test_a_call_whose_time_is_up_sends_nothing(run, clock):
    def slow(request):
        clock.seconds += 100
        return refused(500, "internal_server_error")

    transport = FakeTransport(slow)
    _, error = outcome(run, executor(deadline=50.0).call(ReadGet()), transport)
    assert (type(error), len(transport.requests), clock.waits) == (ServerError, 1, [])


def test_without_a_deadline(run):
    transport = FakeTransport(FINE)
    run(executor(deadline=None).call(ReadGet()), transport)
    assert transport.requests[0].time_left is None


# --- shown


def said(row, name, always):
    requests, waited, failure = expected(row, name, always)
    end = "ok" if failure is None else f"{failure[0].__name__}"
    return f"{requests}x" + (f" {waited:g}s" if waited else "") + f" {end}"


def test_the_table_is_printed(capsys):
    assert len(ROWS_BY_NAME) == len(ROWS)
    with capsys.disabled():
        print("\nrequests, seconds waited (draw 1) and outcome when the fault happens once / always")  # noqa: T201
        for row in ROWS:
            groups = {}
            for name in OPERATIONS:
                groups.setdefault(f"{said(row, name, False)} / {said(row, name, True)}", []).append(name)
            for index, (text, names) in enumerate(groups.items()):
                who = "all" if len(groups) == 1 else ", ".join(names)
                print(f"{row.name if index == 0 else '':28} {text:44} {who}")  # noqa: T201
