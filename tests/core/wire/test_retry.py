"""When a request is sent again, and after how long."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.errors import ConnectionFailed, RateLimited, Recovery
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.flow import Request, Response
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operations.users import GetMe
from airbyte_agent_notion.testing import FakeTransport, json_response
from airbyte_agent_notion.wire.retry import MAX_TRIES, MAX_WAIT, retry_after, send_with_retry, wait_before_retry

REQUEST = Request(method="POST", path="/v1/pages", json={})
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
    wait = wait_before_retry(answer(429, value), 1)
    assert wait is None or 0 <= wait <= MAX_WAIT


# --- the decision


@pytest.mark.parametrize("status", [429, 529])
def test_a_refusal_to_start_is_repeated(status):
    assert [wait_before_retry(answer(status), tries) for tries in range(1, 7)] == [1, 2, 4, 8, None, None]
    assert wait_before_retry(answer(status, "7"), 4) == 7
    assert wait_before_retry(answer(status, "7"), MAX_TRIES) is None
    assert wait_before_retry(answer(status, str(MAX_WAIT)), 1) == MAX_WAIT
    assert wait_before_retry(answer(status, str(MAX_WAIT + 1)), 1) is None


@pytest.mark.parametrize("status", [200, 202, 302, 400, 401, 403, 404, 408, 409, 413, 425, 500, 502, 503, 504])
def test_nothing_else_is_repeated(status):
    assert wait_before_retry(answer(status), 1) is None
    assert wait_before_retry(answer(status, "1"), 1) is None


# --- performed by both drivers


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize(("values", "waits"), [(["3"], [3]), (["3", None, "0"], [3, 2, 0]), ([None] * 4, [1, 2, 4, 8])])
def test_sent_again_until_it_is_answered(run, clock, status, values, waits):
    transport = FakeTransport(*(answer(status, value) for value in values), OK)
    assert run(send_with_retry(REQUEST), transport) == OK
    assert transport.requests == [REQUEST] * (len(values) + 1)
    assert clock.waits == waits


def perform():
    executor = LocalExecutor(NotionAccessTokenAuthConfig(token="ntn_test"), "2026-03-11")
    return executor.call(GetMe())


@pytest.mark.parametrize("status", [429, 529])
def test_a_refusal_for_good_is_an_error_after_the_last_try(run, clock, status):
    transport = FakeTransport(answer(status, "2"))
    with pytest.raises(RateLimited) as caught:
        run(perform(), transport)
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
    assert clock.waits == [1]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 502, 503, 504])
def test_other_statuses_are_sent_once(run, clock, status):
    transport = FakeTransport(answer(status, "1"))
    with pytest.raises(Exception, match="Slow down"):
        run(perform(), transport)
    assert len(transport.requests) == 1
    assert clock.waits == []


def test_a_broken_connection_is_raised(run):
    with pytest.raises(ConnectionFailed, match="broken"):
        run(send_with_retry(REQUEST), FakeTransport(ConnectionFailed("broken")))


def test_each_try_carries_the_headers(run):
    transport = FakeTransport(Response(status=429), OK)
    run(perform(), transport)
    assert [dict(request.headers) for request in transport.requests] == [
        {"authorization": "Bearer ntn_test", "notion-version": "2026-03-11"}
    ] * 2
