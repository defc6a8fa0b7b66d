"""Whatever an id or a property id holds: no request leaves that is not below /v1/ with the intended path."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sending import least

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.drive import drive
from airbyte_agent_notion.errors import InvalidParams, OutcomeUnknown
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig, NotionOAuthCredentials
from airbyte_agent_notion.oauth import SyncNotionOAuth
from airbyte_agent_notion.operation import Effect, Operation, Spec
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.databases import QueryDatabase
from airbyte_agent_notion.operations.files import GetFile
from airbyte_agent_notion.testing import FakeClock, FakeTransport, json_response
from airbyte_agent_notion.wire.transport import HttpTransport

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
CATALOG = Catalog.of(NotionSurface)
PLACEHOLDER = re.compile(r"\{(\w+)\}")
OPERATIONS = [each for each in CATALOG.operations() if each not in {GetFile, QueryDatabase}]  # which send others'
WITH_PARTS = [operation for operation in OPERATIONS if PLACEHOLDER.search(operation.spec.path)]
TRANSPORTS = [
    (HttpTransport(base_url=f"https://api.notion.com{prefix}", timeout=1, user_agent="x"), prefix.encode())
    for prefix in ("", "/a/proxy")
]

bits = st.sampled_from(
    [
        HEX, ID, HEX.upper(), "title", "abc", ".", "..", "...", "/", "//", "\\", "%", "%2e", "%2E%2e", "%2f", "%5c",
        "%00",
        "%25", "%252e", "?", "#", ";", "@", ":", "&", "=", " ", "\t", "\n", "\r\n", "\0", "v1", "users", "me", "ü", "‮",
        "https://www.notion.so/", "https://evil.example/", "//evil.example/", "Page-", "?v=", "|t", "~", "+", "*",
        "[", "{",
    ]
)  # fmt: skip
values = st.one_of(
    st.lists(bits, min_size=1, max_size=6).map("".join),
    st.text(min_size=1, max_size=40),
    st.text("./%2eEfF5cC\\", min_size=1, max_size=12),
    st.tuples(st.sampled_from(["", "https://www.notion.so/x-", "https://app.notion.com/p/"]), bits).map(
        lambda pair: f"{pair[0]}{HEX}{pair[1]}"
    ),
    st.uuids().map(str),
)


def check(request, template):
    """The request's address is the template with one harmless segment in each place, also after httpx's own reading."""
    for transport, prefix in TRANSPORTS:
        url = transport._built(request).url
        assert (url.scheme, url.host, url.port) == ("https", "api.notion.com", None)
        raw = url.raw_path.partition(b"?")[0]
        assert raw == prefix + request.path.encode()
        segments = raw.removeprefix(prefix).decode().split("/")
        wanted = template.split("/")
        assert segments[:2] == ["", "v1"]
        assert len(segments) == len(wanted)
        for segment, want in zip(segments, wanted, strict=True):
            if not PLACEHOLDER.fullmatch(want):
                assert segment == want
                continue
            assert segment
            assert not set(segment) & set("/\\?# \t\r\n\0")
            assert set(unquote(segment)) != {"."}
        assert not url.fragment


def sent(operation, params):
    """The request; None if the parameters were refused."""
    try:
        return Catalog.parse(operation, params).request()
    except InvalidParams:
        return None


def required(operation):
    """Good values for what the path holds, and for what is needed beside."""
    return least(operation.spec.name) | dict.fromkeys(PLACEHOLDER.findall(operation.spec.path), HEX)


EXAMPLES, EACH = 500, 20
"""10,000 values in all."""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(WITH_PARTS), values, st.integers(0, 3)), min_size=EACH, max_size=EACH))
def test_ten_thousand_ids_and_property_ids(cases):
    for operation, value, which in cases:
        names = PLACEHOLDER.findall(operation.spec.path)
        request = sent(operation, required(operation) | {names[which % len(names)]: value})
        if request is not None:
            check(request, operation.spec.path)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(OPERATIONS), values)
def test_what_goes_into_the_query_stays_there(operation, value):
    for name in ("start_cursor", "block_id", "filter_properties", "name", "query"):
        if name in operation.model_fields and f"{{{name}}}" not in operation.spec.path:
            given_value = [value] if name == "filter_properties" else value
            request = sent(operation, required(operation) | {name: given_value})
            if request is not None:
                check(request, operation.spec.path)


@pytest.mark.parametrize("operation", WITH_PARTS, ids=lambda operation: operation.spec.name)
def test_good_ids_are_let_through(operation):
    """The test above is not empty: what is meant gets there."""
    request = sent(operation, required(operation))
    check(request, operation.spec.path)
    for name in PLACEHOLDER.findall(operation.spec.path):
        part = HEX if name in {"property_id", "task_id"} else ID
        assert f"/{part}" in request.path


@pytest.mark.parametrize(
    ("wrong", "template"),
    [("/v1/pages/..", "/v1/pages/{id}"), ("/v1/pages/a/b", "/v1/pages/{id}"), ("/v1/pages/a?b", "/v1/pages/{id}")],
)
def test_control_a_path_that_leads_elsewhere_is_noticed(wrong, template):
    request = Catalog.parse(WITH_PARTS[0], required(WITH_PARTS[0])).request()
    object.__setattr__(request, "path", wrong)
    with pytest.raises(AssertionError):
        check(request, template)


class Create(Operation[dict]):
    """Write something."""

    spec = Spec("things", "create", "POST /v1/things", effect=Effect.WRITE, read_back="GET /v1/things/{id}")


@settings(max_examples=200, deadline=None)
@given(values)
def test_an_id_that_an_error_names_stays_in_its_place(value):
    body = {"code": "service_unavailable", "additional_data": {"committed_resource_id": value}}
    transport = FakeTransport(json_response(body, status=503), json_response({"object": "thing"}))
    executor = LocalExecutor(NotionAccessTokenAuthConfig(token="ntn_test"), "2026-03-11", per_minute=None)
    try:
        drive(executor.call(Create()), transport, clock=FakeClock())
    except OutcomeUnknown:
        assert len(transport.requests) == 1
        return
    check(transport.requests[1], "/v1/things/{id}")


APP = SyncNotionOAuth(NotionOAuthCredentials(client_id="i", client_secret="s"), base_url="https://api.notion.com")


@settings(max_examples=50, deadline=None)
@given(values, values)
def test_an_authorization_url_keeps_its_path(redirect_uri, state):
    try:
        url = APP.authorization_url(redirect_uri=redirect_uri, state=state)
    except UnicodeEncodeError:
        return
    assert re.fullmatch(r"https://api\.notion\.com/v1/oauth/authorize\?[\w%.~&=+*-]+", url, re.ASCII)
