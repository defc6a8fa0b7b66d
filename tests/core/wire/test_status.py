"""From an answer to Notion's object, or to one of our errors with everything Notion said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.errors import (
    ApiError,
    Conflict,
    Forbidden,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    NotionAgentError,
    RateLimited,
    Recovery,
    ServerError,
    Unauthorized,
)
from airbyte_agent_notion.flow import Response
from airbyte_agent_notion.testing import json_response
from airbyte_agent_notion.wire.status import decode

FIX, LATER, ASK = Recovery.FIX_ARGUMENTS, Recovery.RETRY_LATER, Recovery.ASK_OPERATOR

# Part 5 of Notion's reference: status, code, our class, who can mend it.
TABLE = [
    (400, "invalid_json", InvalidRequest, FIX),
    (400, "invalid_request_url", InvalidRequest, FIX),
    (400, "invalid_request", InvalidRequest, FIX),
    (400, "missing_version", InvalidRequest, FIX),
    (400, "validation_error", InvalidRequest, FIX),
    (400, "invalid_beta", InvalidRequest, FIX),
    (400, "invalid_grant", InvalidRequest, FIX),
    (401, "unauthorized", Unauthorized, ASK),
    (403, "restricted_resource", Forbidden, ASK),
    (404, "object_not_found", NotFound, FIX),
    (409, "conflict_error", Conflict, LATER),
    (409, "row_limit_exceeded", Conflict, ASK),
    (413, "payload_too_large", ApiError, FIX),
    (418, "teapot", ApiError, ASK),
    (429, "rate_limited", RateLimited, LATER),
    (500, "internal_server_error", ServerError, LATER),
    (502, "bad_gateway", ServerError, LATER),
    (503, "service_unavailable", ServerError, LATER),
    (503, "database_connection_unavailable", ServerError, LATER),
    (504, "gateway_timeout", ServerError, LATER),
    (529, "service_overload", RateLimited, LATER),
]


def refused(response, **options):
    with pytest.raises(NotionAgentError) as caught:
        decode(response, **options)
    return caught.value


@pytest.mark.parametrize(("status", "code", "kind", "recovery"), TABLE)
def test_an_error_keeps_what_notion_said(status, code, kind, recovery):
    body = {
        "object": "error",
        "status": status,
        "code": code,
        "message": "Notion's own words.",
        "request_id": "from-body",
        "additional_data": {"integration_id": "i", "ids": ["a", "b"]},
    }
    error = refused(json_response(body, status=status, headers={"x-notion-request-id": "from-header"}))
    assert type(error) is kind
    assert (error.status, error.code, error.message) == (status, code, "Notion's own words.")
    assert error.request_id == "from-body"
    assert error.details == {"integration_id": "i", "ids": ["a", "b"]}
    assert error.recovery is recovery
    assert str(error).startswith("Notion's own words.")
    data = error.to_dict()
    assert (data["error"], data["status"], data["request_id"]) == (code, status, "from-body")
    assert data["details"] == error.details
    json.dumps(data)


@pytest.mark.parametrize("status", sorted({status for status, *_ in TABLE}))
def test_an_error_that_says_little(status):
    error = refused(json_response({}, status=status, headers={"x-notion-request-id": "from-header"}))
    assert error.message == f"HTTP {status} without a message."
    assert error.code == type(error).code
    assert (error.details, error.request_id) == ({}, "from-header")


def test_an_error_that_says_nonsense():
    body = {"code": 7, "message": ["x"], "additional_data": "text", "request_id": None}
    error = refused(json_response(body, status=400))
    assert (error.code, error.details, error.request_id) == ("validation_error", {}, None)
    assert error.message == "['x']"


def test_a_message_is_kept_within_bounds():
    error = refused(json_response({"message": "many words " * 10_000}, status=400))
    assert len(error.message) < 1_000
    assert error.message.endswith("…")
    assert len(error.details["notion_message"]) == 1_000


def test_the_hint_for_a_404_may_be_the_operations_own():
    assert refused(json_response({}, status=404), not_found="Look here.").hint == "Look here."
    assert "add the connection" in refused(json_response({}, status=404)).hint
    assert "Look here" not in refused(json_response({}, status=400), not_found="Look here.").hint


def test_a_rate_limit_carries_its_wait():
    assert refused(json_response({}, status=429, headers={"retry-after": "9"})).retry_after == 9
    assert refused(json_response({}, status=529)).retry_after is None


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_an_object_is_returned(status):
    assert decode(json_response({"object": "page", "new": [1]}, status=status)) == {"object": "page", "new": [1]}


def test_the_content_type_of_json_does_not_matter():
    assert decode(Response(status=200, headers={"content-type": "text/plain"}, content=b'{"a":1}')) == {"a": 1}


HTML = b"<html><body>Cloudflare says no. canary</body></html>"

UNUSABLE = [
    ("HTML", 200, HTML, "HTTP 200 with text/html that is not JSON"),
    ("HTML of a proxy", 502, HTML, "HTTP 502 with text/html that is not JSON"),
    ("empty", 200, b"", "HTTP 200 with an empty body"),
    ("no content", 204, b"", "HTTP 204 with an empty body"),
    ("empty error", 500, b"", "HTTP 500 with an empty body"),
    ("a list", 200, b"[1]", "HTTP 200 with JSON that is no object but list"),
    ("null", 200, b"null", "no object but NoneType"),
    ("text", 400, b'"canary"', "no object but str"),
    ("truncated", 200, b'{"object":"pa', "that is not JSON"),
    ("not UTF-8", 200, b'{"a":"\xff"}', "that is not JSON"),
    ("too deep", 200, b"[" * 100_000, "that is not JSON"),
    ("too long a number", 200, b"1" * 5_000, "that is not JSON"),
    ("redirect", 302, b'{"object":"page"}', "HTTP 302 with a redirect"),
    ("redirect", 307, HTML, "HTTP 307 with a redirect"),
]


@pytest.mark.parametrize(("status", "content", "said"), [row[1:] for row in UNUSABLE], ids=[row[0] for row in UNUSABLE])
def test_what_is_not_notions_is_refused(status, content, said):
    headers = {"content-type": "text/html; charset=utf-8", "cf-ray": "8f-AMS", "location": "https://canary"}
    error = refused(Response(status=status, headers=headers, content=content))
    assert type(error) is InvalidResponse
    assert said in error.message
    assert "(cf-ray 8f-AMS)" in error.message
    assert error.details == {"status": status, "cf_ray": "8f-AMS"}
    assert "canary" not in str(error.to_dict())
    assert error.__cause__ is None


def test_what_notion_itself_sent_names_no_proxy():
    error = refused(Response(status=200, headers={"x-notion-request-id": "r", "cf-ray": "8f"}, content=b"x"))
    assert error.request_id == "r"
    assert "cf-ray" not in error.message
    assert "no content type" in error.message


@given(st.integers(200, 599), st.binary(max_size=60), st.dictionaries(st.sampled_from(["retry-after"]), st.text()))
def test_nothing_but_our_errors_comes_of_any_bytes(status, content, headers):
    response = Response(status=status, headers=headers, content=content)
    try:
        assert isinstance(decode(response), dict)
    except NotionAgentError as error:
        json.dumps(error.to_dict())
        return
    assert status < 300


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
)


@given(
    st.integers(300, 599),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["code", "message", "additional_data", "request_id", "status"], json_values)
    ),
)
def test_nothing_but_our_errors_comes_of_any_error_body(status, body):
    error = refused(json_response(body, status=status))
    assert isinstance(str(error), str)
    json.dumps(error.to_dict())
