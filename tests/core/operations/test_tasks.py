"""A write that Notion answers with 202 is followed to its end, or said to be unknown."""

import pytest
from sending import HEX, ID, send

from airbyte_agent_notion.errors import (
    ApiError,
    ConnectionFailed,
    DeadlineExceeded,
    Forbidden,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
)
from airbyte_agent_notion.testing import json_response

PAGE = {"object": "page", "id": ID}
MARKDOWN = {"object": "page_markdown", "id": ID, "markdown": "x"}
WRITES = {
    "pages.create": ({"markdown": "x", "allow_async": True}, PAGE),
    "pages.update_markdown": (
        {"page_id": HEX, "type": "replace_content", "replace_content": {"new_str": "x"}, "allow_async": True},
        MARKDOWN,
    ),
}


def task(status, **more):
    body = {"object": "async_task", "id": "t:1", "status": status, **more}
    return json_response(body, status=202 if status == "queued" else 200)


def failed(status, **more):
    error = {"object": "error", "status": status, "code": "some_code", "message": "No match.", **more}
    return task("failed", error=error)


@pytest.mark.covers("async_tasks.get")
def test_a_task_is_read(run):
    body = {"object": "async_task", "id": "t:1", "status": "running", "poll_after_seconds": 1}
    sent = send(run, "async_tasks.get", {"task_id": "t:1"}, body)
    assert (sent.line, sent.result) == ("GET /v1/async_tasks/t%3A1", body)


@pytest.mark.parametrize("name", WRITES)
def test_a_task_is_followed_to_its_end(run, clock, name):
    params, result = WRITES[name]
    sent = send(
        run,
        name,
        params,
        task("queued", poll_after_seconds=2),
        task("running", poll_after_seconds=5),
        task("retrying"),
        task("succeeded", result=result),
    )
    assert sent.result == result
    assert [(each.method, each.path) for each in sent.requests[1:]] == [("GET", "/v1/async_tasks/t%3A1")] * 3
    assert clock.waits == [2, 5, 1]


@pytest.mark.parametrize("name", WRITES)
def test_an_answer_at_once_is_taken_as_it_is(run, clock, name):
    params, result = WRITES[name]
    assert send(run, name, params, result).result == result
    assert clock.waits == []


@pytest.mark.parametrize(("seconds", "waited"), [(0, 0.5), (-1, 0.5), (0.25, 0.5), (30, 30), (None, 1), ("soon", 1)])
def test_how_long_is_waited(run, clock, seconds, waited):
    params, result = WRITES["pages.create"]
    queued = task("queued", poll_after_seconds=seconds)
    send(run, "pages.create", params, queued, task("succeeded", result=result))
    assert clock.waits == [waited]


@pytest.mark.parametrize(
    ("status", "kind"), [(400, InvalidRequest), (403, Forbidden), (404, NotFound), (422, ApiError)]
)
def test_a_task_that_failed_is_the_error_it_failed_with(run, status, kind):
    answer = failed(status, request_id="r", additional_data={"limit_kind": "page_record_count"})
    with pytest.raises(ApiError) as caught:
        send(run, "pages.create", WRITES["pages.create"][0], task("queued"), answer)
    error = caught.value
    assert (type(error), error.status, error.code, error.message) == (kind, status, "some_code", "No match.")
    assert error.request_id == "r"
    assert error.details == {"limit_kind": "page_record_count", "task_id": "t:1"}


@pytest.mark.parametrize(
    "ended",
    [
        failed(503),
        failed(None),
        task("failed"),
        task("succeeded"),
        task("succeeded", result="x"),
        task("cancelled"),
        task(None),
    ],
)
def test_a_task_that_ended_otherwise_is_unknown(run, ended):
    with pytest.raises(OutcomeUnknown) as caught:
        send(run, "pages.create", WRITES["pages.create"][0], task("queued"), ended)
    assert "task t:1" in caught.value.message
    assert caught.value.details["task_id"] == "t:1"
    assert caught.value.details["params"] == WRITES["pages.create"][0]


@pytest.mark.parametrize("name", WRITES)
def test_a_task_that_outlasts_the_deadline_is_unknown(run, clock, name):
    with pytest.raises(OutcomeUnknown) as caught:
        send(run, name, WRITES[name][0], task("queued", poll_after_seconds=20), deadline=50)
    error = caught.value
    assert f"{name} was accepted as task t:1, which still runs" in error.message
    assert "async_tasks.get" in error.hint
    assert isinstance(error.__cause__, DeadlineExceeded)
    assert clock.waits == [20, 20], "the last wait would have ended behind the deadline"


@pytest.mark.parametrize(
    "answer",
    [json_response({"code": "object_not_found", "message": "Gone."}, status=404), ConnectionFailed("Broke.")],
)
def test_a_task_that_cannot_be_seen_is_unknown(run, answer):
    with pytest.raises(OutcomeUnknown, match=r"task t:1, which still runs: (Gone|Broke)\.") as caught:
        send(run, "pages.create", WRITES["pages.create"][0], task("queued"), answer)
    assert "Do not repeat it" in caught.value.hint


def test_a_look_that_fails_is_repeated(run):
    busy = json_response({"code": "service_unavailable"}, status=503)
    done = task("succeeded", result=PAGE)
    assert send(run, "pages.create", WRITES["pages.create"][0], task("queued"), busy, busy, done).result == PAGE
