"""When a request is sent again, and after how long."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.errors import (
    ConnectionFailed,
    InvalidParams,
    InvalidResponse,
    NotionAgentError,
    RateLimited,
    Recovery,
    RequestTimedOut,
)
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.flow import Response
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operations.users import GetMe
from airbyte_agent_notion.testing import FakeTransport, json_response
from airbyte_agent_notion.wire.retry import MAX_TRIES, Failure, failure_of, is_ambiguous, wait_before_retry
from airbyte_agent_notion.wire.status import decode, retry_after

OK = json_response({"object": "user", "id": "1"})
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def answer(status, value=None):
    headers = {} if value is None else {"retry-after": value}
    return json_response({"code": "rate_limited", "message": "Slow down."}, status=status, headers=headers)


# --- Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-5", 0.0),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(NOW - timedelta(seconds=30), usegmt=True), 0.0),
        ("Sun, 22 Nov 2026 14:00:10 +0200", 10.0),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("-inf", None),
        ("Sun, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after(answer(429, value), wall_clock=NOW.timestamp()) == seconds


def test_no_retry_after():
    assert retry_after(answer(429)) is None
    assert retry_after(answer(429), {}) is None


def test_a_date_is_compared_with_the_present():
    value = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3_500 < retry_after(answer(429, value)) < 3_700


dates = st.builds(
    "{}, {} {} {} {}:{}:{} {}".format,
    st.sampled_from(["Mon", "Xxx", ""]),
    st.integers(-1, 99),
    st.sampled_from(["Jan", "Foo", "13"]),
    st.integers(-1, 100_000),
    st.integers(-1, 30),
    st.integers(-1, 70),
    st.integers(-1, 70),
    st.sampled_from(["GMT", "-0000", "+9999", "+99999999", "EST", ""]),
)


@given(st.one_of(st.text(), st.from_regex(r"[-+0-9.eE_]{1,12}"), dates))
def test_no_header_breaks_a_call(value):
    with pytest.raises(RateLimited) as caught:
        decode(answer(429, value))
    wait = wait_before_retry(failure_of(caught.value), tries=1, repeatable=False, draw=1.0)
    assert wait == max(1.0, caught.value.retry_after or 0.0)


@pytest.mark.parametrize(
    ("header", "body", "seconds"),
    [(None, "7", 7.0), (None, 7, 7.0), ("3", "7", 3.0), ("soon", "7", 7.0), (None, "soon", None), (None, None, None)],
)
def test_the_body_repeats_the_wait(header, body, seconds):
    assert retry_after(answer(429, header), {} if body is None else {"retry_after": body}) == seconds


# --- the decision


def waits(failure, *, repeatable, draw=1.0):
    return [wait_before_retry(failure, tries=tries, repeatable=repeatable, draw=draw) for tries in range(1, 7)]


EXPONENTIAL = [1, 2, 4, 8, None, None]
NEVER = [None] * 6

DECISIONS = [
    # failure, waits of what is repeatable, waits of a write: with the highest draw
    (Failure(status=429), EXPONENTIAL, EXPONENTIAL),
    (Failure(status=529), EXPONENTIAL, EXPONENTIAL),
    (Failure(status=429, retry_after=7.0), [7, 7, 7, 8, None, None], [7, 7, 7, 8, None, None]),
    (Failure(status=429, reason="something_new"), EXPONENTIAL, EXPONENTIAL),
    (Failure(status=429, reason="public_api_request_blocked", retry_after=1.0), NEVER, NEVER),
    (Failure(status=409, code="conflict_error"), [1, *NEVER[1:]], [1, *NEVER[1:]]),
    (Failure(status=409, code="row_limit_exceeded"), NEVER, NEVER),
    (Failure(status=409), NEVER, NEVER),
    *((Failure(status=status), EXPONENTIAL, NEVER) for status in (500, 502, 503, 504)),
    (Failure(sent=False), EXPONENTIAL, EXPONENTIAL),
    (Failure(sent=True), EXPONENTIAL, NEVER),
    *(
        (Failure(status=status, retry_after=1.0), NEVER, NEVER)
        for status in (0, 200, 202, 302, 400, 401, 403, 404, 408, 413, 418, 425, 501, 520)
    ),
]


@pytest.mark.parametrize(("failure", "read", "write"), DECISIONS, ids=str)
def test_the_decision(failure, read, write):
    assert waits(failure, repeatable=True) == read
    assert waits(failure, repeatable=False) == write


def test_the_wait_is_drawn_from_nothing_to_the_backoff():
    assert waits(Failure(status=500), repeatable=True, draw=0.0) == [0, 0, 0, 0, None, None]
    assert waits(Failure(status=500), repeatable=True, draw=0.5) == [0.5, 1, 2, 4, None, None]


def test_a_long_backoff_is_capped(monkeypatch):
    monkeypatch.setattr("airbyte_agent_notion.wire.retry.BACKOFF_CAP", 3.0)
    assert waits(Failure(status=500), repeatable=True) == [1, 2, 3, 3, None, None]


@given(st.sampled_from([row[0] for row in DECISIONS]), st.integers(1, 10), st.booleans(), st.floats(0, 1))
def test_a_wait_is_never_shorter_than_asked_for(failure, tries, repeatable, draw):
    wait = wait_before_retry(failure, tries=tries, repeatable=repeatable, draw=draw)
    assert wait is None or (tries < MAX_TRIES and wait >= (failure.retry_after or 0) and wait <= 30)


@pytest.mark.parametrize(
    ("failure", "ambiguous"),
    [
        *((Failure(status=status), True) for status in (0, 200, 204, 500, 501, 502, 503, 504, 520, 522, 524)),
        *((Failure(status=status), False) for status in (302, 400, 401, 403, 404, 409, 413, 418, 429, 529)),
        (Failure(sent=True), True),
        (Failure(sent=False), False),
    ],
    ids=str,
)
def test_what_leaves_a_write_in_doubt(failure, ambiguous):
    assert is_ambiguous(failure) is ambiguous


def test_the_failure_that_an_error_stands_for():
    refused = ConnectionFailed("x")
    refused.sent = False
    assert failure_of(refused) == Failure(sent=False)
    assert failure_of(RequestTimedOut("x")) == Failure(sent=True)
    assert failure_of(InvalidResponse("x")) == Failure(status=0)
    assert failure_of(InvalidResponse("x", details={"status": 429, "retry_after": 3.0})) == Failure(
        status=429, retry_after=3.0
    )
    assert failure_of(InvalidParams("x")) is None
    assert failure_of(NotionAgentError("x")) is None


# --- performed by both drivers


def perform(draw=1.0):
    credentials = NotionAccessTokenAuthConfig(token="ntn_test")
    return LocalExecutor(credentials, "2026-03-11", draw=lambda: draw).call(GetMe())


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize(("values", "waits"), [(["3"], 3), (["3", None, "0"], 3 + 2 + 4), ([None] * 4, 1 + 2 + 4 + 8)])
def test_sent_again_until_it_is_answered(run, clock, status, values, waits):
    transport = FakeTransport(*(answer(status, value) for value in values), OK)
    assert run(perform(), transport) == {"object": "user", "id": "1"}
    assert [(request.method, request.path) for request in transport.requests] == [("GET", "/v1/users/me")] * (
        len(values) + 1
    )
    assert clock.passed == waits


@pytest.mark.parametrize("status", [429, 529])
def test_a_refusal_for_good_is_an_error_after_the_last_try(run, clock, status):
    transport = FakeTransport(answer(status, "2"))
    with pytest.raises(RateLimited) as caught:
        run(perform(draw=0.0), transport)
    assert len(transport.requests) == MAX_TRIES
    assert clock.waits == [2, 2, 2, 2]
    assert (caught.value.status, caught.value.retry_after) == (status, 2)
    assert caught.value.hint == "Wait 2 s and call again."
    assert caught.value.recovery is Recovery.RETRY_LATER


def test_an_absurd_wait_is_not_waited_for(run, clock):
    transport = FakeTransport(answer(429, "86400"))
    with pytest.raises(RateLimited, match="Wait 86400 s"):
        run(perform(), transport)
    assert len(transport.requests) == 1
    assert clock.waits == []


def test_a_blocked_connection_is_not_asked_again(run, clock):
    body = {
        "code": "rate_limited",
        "message": "Blocked.",
        "additional_data": {"rate_limit_reason": "public_api_request_blocked"},
    }
    transport = FakeTransport(json_response(body, status=429, headers={"retry-after": "1"}))
    with pytest.raises(RateLimited, match="Blocked") as caught:
        run(perform(), transport)
    assert len(transport.requests) == 1
    assert caught.value.recovery is Recovery.ASK_OPERATOR
    assert caught.value.details == body["additional_data"]
    assert "Do not retry" in str(caught.value)


@pytest.mark.parametrize("reason", ["public_api_space_request_rate_limit", "something_new"])
def test_other_reasons_are_waited_for(run, clock, reason):
    body = {"code": "rate_limited", "message": "Slow.", "additional_data": {"rate_limit_reason": reason}}
    transport = FakeTransport(json_response(body, status=429), OK)
    assert run(perform(), transport)["id"] == "1"
    # What the workspace let through, nothing, is taken for its limit: one request in a window.
    assert clock.passed == (60 if "space" in reason else 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 418])
def test_other_statuses_are_sent_once(run, clock, status):
    transport = FakeTransport(answer(status, "1"))
    with pytest.raises(NotionAgentError, match="Slow down"):
        run(perform(), transport)
    assert len(transport.requests) == 1
    assert clock.waits == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_read_is_sent_again_where_notion_failed(run, clock, status):
    transport = FakeTransport(answer(status))
    with pytest.raises(NotionAgentError, match="Slow down"):
        run(perform(), transport)
    assert len(transport.requests) == MAX_TRIES
    assert clock.waits == [1, 2, 4, 8]


def test_a_connection_that_stays_broken_is_raised(run, clock):
    transport = FakeTransport(ConnectionFailed("broken"))
    with pytest.raises(ConnectionFailed, match="broken"):
        run(perform(), transport)
    assert len(transport.requests) == MAX_TRIES


def test_each_try_carries_the_headers(run):
    transport = FakeTransport(Response(status=429), OK)
    run(perform(), transport)
    assert [dict(request.headers) for request in transport.requests] == [
        {"authorization": "Bearer ntn_test", "notion-version": "2026-03-11"}
    ] * 2
