"""Tools as data and their calls: what an adapter sees."""

import json

import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import ConnectionFailed, InvalidParams
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import lint_tool_schema

ARGUMENTS = {"entity": "users", "action": "list", "params": {"page_size": 1}}


@pytest.fixture(params=["call", "acall"])
def called(request):
    """``await called(toolset, name, arguments)`` by either way."""

    async def either(toolset, name, arguments):
        if request.param == "call":
            return toolset.call(name, arguments)
        return await toolset.acall(name, arguments)

    return either


@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
async def test_either_connector_can_be_called_both_ways(called, kind):
    toolset = Toolset(kind.sandbox())
    outcome = await called(toolset, "notion_execute", ARGUMENTS)
    assert outcome.ok
    assert outcome.error is None
    assert str(outcome) == outcome.text
    assert json.loads(outcome.text) == outcome.data
    assert set(outcome.data) == {"data", "meta"}
    assert outcome.data["meta"]["has_more"] is True
    assert len(outcome.data["data"]) == 1


async def test_a_single_object_is_its_own_data(called):
    outcome = await called(
        Toolset(SyncNotionConnector.sandbox()), "notion_execute", {"entity": "users", "action": "get_me"}
    )
    assert outcome.data["object"] == "user"
    assert json.loads(outcome.text) == outcome.data


async def test_tools_per_operation(called):
    toolset = Toolset(SyncNotionConnector.sandbox(), per_operation=True)
    names = [tool.name for tool in toolset.tools]
    assert len(names) == 29
    assert "notion_execute" not in names
    assert (await called(toolset, "notion_users_list", {"page_size": 1})).data["meta"]["has_more"] is True
    assert (await called(toolset, "notion_users_get_me", {})).ok
    outcome = await called(toolset, "notion_pages_get", {"page": "x"})
    assert isinstance(outcome.error, InvalidParams)
    assert "page_id is required" in outcome.text


@pytest.mark.parametrize("per_operation", [False, True])
def test_every_tool_fits_every_provider(per_operation):
    for tool in Toolset(SyncNotionConnector.sandbox(), per_operation=per_operation).tools:
        assert lint_tool_schema(tool.parameters) == []
        assert len(tool.name) <= 64
        assert 0 < len(tool.description) <= 1_024
        assert "\n" not in tool.description
        assert tool.effect is Effect.READ
        assert tool.read_only
        assert not tool.destructive


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ({}, "unknown_entity", "An entity is required"),
        ({"entity": "page", "action": "get"}, "unknown_entity", "Did you mean 'pages'?"),
        ({"entity": "pages"}, "unknown_action", "pages: an action is required"),
        ({"entity": "pages", "action": ["get"]}, "unknown_action", "pages.get(page_id"),
        ({"entity": "pages", "action": "get"}, "invalid_params", "page_id is required"),
        ({"entity": "pages", "action": "get", "params": "{"}, "invalid_params", "not JSON"),
        ({"entity": "pages", "action": "get", "params": []}, "invalid_params", "must be an object"),
        ({"entity": "pages", "action": "get", "page_id": "zzz"}, "invalid_params", "not a Notion id"),
        ({"entity": "pages", "action": "get", "page_id": "0", "params": {"page_id": "1"}}, "invalid_params", "twice"),
        ({"entity": "pages", "action": "get", "page_id": "0" * 32}, "object_not_found", "not shared"),
    ],
)
async def test_a_bad_call_is_answered(called, arguments, code, said):
    outcome = await called(Toolset(SyncNotionConnector.sandbox()), "notion_execute", arguments)
    assert not outcome.ok
    assert outcome.data is None
    assert outcome.error.code == code
    assert outcome.text.startswith(f"Error ({code}): ")
    assert said in outcome.text


@pytest.mark.parametrize(
    "arguments",
    [
        {"entity": "users", "action": "list", "page_size": "1"},
        {"entity": "users", "action": "list", "params": '{"page_size": 1}'},
        {"entity": "users", "action": "list", "params": {"page_size": 1, "start_cursor": None}},
        {"entity": "users", "action": "list", "params": None, "page_size": 1},
    ],
)
async def test_a_clumsy_call_is_understood(called, arguments):
    before = json.dumps(arguments)
    outcome = await called(Toolset(SyncNotionConnector.sandbox()), "notion_execute", arguments)
    assert len(outcome.data["data"]) == 1
    assert json.dumps(arguments) == before


async def test_an_error_of_the_network_is_an_outcome_and_a_bug_is_not(called, hurried):
    sandbox = Sandbox.sample()
    toolset = Toolset(hurried(SyncNotionConnector.sandbox(sandbox)))
    sandbox.faults.add(drop=True, times=1_000)
    assert isinstance((await called(toolset, "notion_execute", ARGUMENTS)).error, ConnectionFailed)
    with pytest.raises(KeyError):
        await called(toolset, "notion_delete_everything", ARGUMENTS)


def test_the_list_of_tools_is_a_copy():
    toolset = Toolset(SyncNotionConnector.sandbox())
    toolset.tools.clear()
    assert len(toolset.tools) == 1


async def test_both_ways_send_the_same():
    sandboxes = Sandbox.sample(), Sandbox.sample()
    Toolset(SyncNotionConnector.sandbox(sandboxes[0])).call("notion_execute", ARGUMENTS)
    await Toolset(NotionConnector.sandbox(sandboxes[1])).acall("notion_execute", ARGUMENTS)
    assert sandboxes[0].requests == sandboxes[1].requests
    assert len(sandboxes[0].requests) == 1
