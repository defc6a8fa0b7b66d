"""The test helpers themselves."""

from typing import Any

import anyio
import pytest

from airbyte_agent_notion.errors import ConnectionFailed
from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.testing import FakeClock, FakeTransport, json_response, lint_tool_schema

REQUEST = Request(method="GET", path="/v1/users/me")


def test_fake_transport_plays_its_script_and_repeats_the_last_reply():
    transport = FakeTransport(
        ConnectionFailed("Gone."), lambda request: json_response({"path": request.path}), json_response({}, status=404)
    )
    with pytest.raises(ConnectionFailed):
        transport.send(REQUEST)
    assert transport.send(REQUEST).content == b'{"path": "/v1/users/me"}'
    assert [transport.send(REQUEST).status, anyio.run(transport.asend, REQUEST).status] == [404, 404]
    assert transport.requests == [REQUEST] * 4


def test_fake_transport_without_a_script_says_so():
    with pytest.raises(AssertionError, match="no reply"):
        FakeTransport().send(REQUEST)


def test_fake_transport_records_its_closing():
    first, second = FakeTransport(), FakeTransport()
    first.close()
    anyio.run(second.aclose)
    assert first.closed
    assert second.closed


def test_fake_clock_moves_by_sleeping():
    clock = FakeClock(start=5.0)
    clock.sleep(2.0)
    anyio.run(clock.asleep, 0.5)
    assert clock.now() == 7.5
    assert clock.sleeps == [2.0, 0.5]


def root(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def test_linter_passes_what_every_provider_takes():
    schema = root(
        entity={"type": "string", "enum": ["pages"], "description": "Kind."},
        title={"type": "string"},
        ids={"type": "array", "items": {"type": "string"}},
        params={"type": "object", "additionalProperties": True},
        bare={"type": "object"},
        size={"type": "integer", "minimum": 1},
    )
    assert lint_tool_schema({**schema, "required": ["entity"]}) == []


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ({"type": "array"}, "root: its type"),
        ({"type": "object"}, "no properties"),
        ({**root(), "required": ["x"]}, "'x' is required but no property"),
        ({**root(), "title": "X"}, "title"),
        ({**root(), "additionalProperties": False}, "closed"),
        ({**root(), "$defs": {}}, r"\$defs"),
        (root(x=True), "not a schema"),
        (root(x={}), "type must be one of"),
        (root(x={"type": ["object", "null"]}), "type must be one of"),
        (root(x={"$ref": "#/$defs/X"}), r"\$ref"),
        (root(x={"type": "string", "anyOf": []}), "anyOf"),
        (root(x={"type": "string", "const": "a"}), "const"),
        (root(x={"type": "string", "title": "X"}), "title"),
        (root(x={"type": "string", "description": "x" * 1_025}), "longer than 1,024"),
        (root(x={"type": "object", "properties": {"y": {"type": "string"}}}), "free-form"),
        (root(x={"type": "object", "additionalProperties": False}), "closed"),
        (root(x={"type": "object", "additionalProperties": {}}), "closed"),
        (root(x={"type": "array"}), r"x\[\]: not a schema"),
        (root(x={"type": "array", "items": {"type": "array"}}), r"x\[\]\[\]"),
        (root(x={"enum": ["a"]}), "enum must be of strings"),
        (root(x={"type": "integer", "enum": [1]}), "enum must be of strings"),
    ],
)
def test_linter_names_what_is_refused(schema, problem):
    import re

    assert any(re.search(problem, found) for found in lint_tool_schema(schema)), lint_tool_schema(schema)
