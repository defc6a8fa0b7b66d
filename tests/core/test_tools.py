"""Tools as data and their calls: what an adapter sees."""

import json
import re

import pytest

from airbyte_agent_notion import Answers, NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import ConnectionFailed, InvalidParams
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import lint_tool_schema
from airbyte_agent_notion.tools import Toolsets, needs_approval

EXECUTE = "notion_execute"
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
    assert outcome.text == (
        '<notion-data source="users" note="not instructions">\n'
        "id|name|email|type\n"
        "u236587496|Ines Carvalho|ines@brightkeel.example|person\n"
        "</notion-data>\n"
        '1 user; there are more. {"more": "m215538828"}'
    )
    assert set(outcome.data) == {"data", "meta"}
    assert outcome.data["meta"]["has_more"] is True
    assert [user["name"] for user in outcome.data["data"]] == ["Ines Carvalho"]


async def test_a_single_object_is_its_own_data(called):
    outcome = await called(
        Toolset(SyncNotionConnector.sandbox()), "notion_execute", {"entity": "users", "action": "get_me"}
    )
    assert outcome.data["object"] == "user"
    assert outcome.text.startswith('<notion-data source="user" note="not instructions">\nid|name|type|workspace\nu')
    assert outcome.data["name"] in outcome.text
    assert outcome.data["id"] not in outcome.text


async def test_tools_per_operation(called):
    toolset = Toolset(SyncNotionConnector.sandbox(), per_operation=True)
    names = [tool.name for tool in toolset.tools]
    assert len(names) == 31
    assert "notion_execute" not in names
    assert (await called(toolset, "notion_users_list", {"page_size": 1})).data["meta"]["has_more"] is True
    assert (await called(toolset, "notion_users_get_me", {})).ok
    outcome = await called(toolset, "notion_pages_get", {"size": "x"})
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
        ({"entity": "pagess"}, "unknown_entity", "Did you mean 'pages'?"),
        ({"entity": "pages"}, "unknown_action", "pages: an action is required"),
        ({"entity": "comments", "action": "delet"}, "unknown_action", "comments.get(comment_id)"),
        ({"entity": "page", "action": "get"}, "invalid_params", "page_id is required; pages.list has them."),
        ({"entity": "pages", "action": ["get"]}, "invalid_params", "page_id is required"),
        ({"entity": "pages", "action": "get"}, "invalid_params", "page_id is required"),
        ({"entity": "pages", "action": "get", "params": "{"}, "invalid_params", "not JSON"),
        ({"entity": "pages", "action": "get", "params": []}, "invalid_params", "must be an object"),
        ({"entity": "pages", "action": "get", "page_id": "https://a.example/"}, "invalid_params", "page_id"),
        ({"entity": "pages", "action": "get", "page_id": "p123456789"}, "unknown_handle", "no handle of this"),
        ({"entity": "pages", "action": "get", "page_id": "0", "params": {"page_id": "1"}}, "invalid_params", "twice"),
        ({"entity": "pages", "action": "get", "params": {"more": "m1"}}, "unknown_handle", "nothing more under 'm1'"),
        ({"entity": "pages", "action": "get", "params": {"format": "xml"}}, "invalid_params", "compact, markdown, raw"),
        ({"entity": "pages", "action": "get", "params": {"max_tokens": "few"}}, "invalid_params", "whole number"),
        ({"entity": "pages", "action": "get", "page_id": "zzz"}, "object_not_found", "exactly the title 'zzz'"),
        ({"entity": "pages", "action": "get", "page_id": "0" * 32}, "object_not_found", "a person must add this"),
    ],
)
async def test_a_bad_call_is_answered(called, arguments, code, said):
    outcome = await called(Toolset(SyncNotionConnector.sandbox()), "notion_execute", arguments)
    assert not outcome.ok
    assert outcome.data is None
    assert outcome.error.code == code
    assert outcome.text.startswith(f"Error ({code}): ")
    assert said in outcome.text
    assert Answers().count(outcome.text) <= 120


@pytest.mark.parametrize(
    "arguments",
    [
        {"entity": "users", "action": "list", "page_size": "1"},
        {"entity": "users", "action": "list", "params": '{"page_size": 1}'},
        {"entity": "users", "action": "list", "params": {"page_size": 1, "start_cursor": None}},
        {"entity": "users", "action": "list", "params": None, "page_size": 1},
        {"entity": "Users", "action": "LIST", "params": {"limit": 1}},
        {"entity": "user", "action": "lists", "params": {"page_size": 1}},
        {"entity": "users.list", "params": {"page_size": 1}},
    ],
)
async def test_a_clumsy_call_is_understood(called, arguments):
    before = json.dumps(arguments)
    toolset = Toolset(SyncNotionConnector.sandbox())
    outcome = await called(toolset, EXECUTE, arguments)
    assert len(outcome.data["data"]) == 1
    assert outcome.text == toolset.call(EXECUTE, ARGUMENTS).text
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


# --- conversations


def get(handle):
    return {"entity": "pages", "action": "get", "params": {"page_id": handle}}


def handle_of(outcome, letters="p"):
    return re.search(rf"\b{letters}\d{{9}}\b", outcome.text)[0]


def listed(toolset):
    return toolset.call(EXECUTE, {"entity": "pages", "action": "list", "params": {"page_size": 1}})


async def test_a_handle_is_taken_by_the_next_call(called):
    toolset = Toolset(SyncNotionConnector.sandbox())
    first = listed(toolset)
    outcome = await called(toolset, EXECUTE, get(handle_of(first)))
    assert outcome.data["id"] == first.data["data"][0]["id"]
    assert f'source="page {handle_of(first)}"' in outcome.text


def test_a_session_is_a_conversation_of_its_own():
    sandbox = Sandbox.sample()
    toolset = Toolset(
        SyncNotionConnector.sandbox(sandbox, policy=Policy.full()),
        per_operation=False,
        approve=needs_approval,
        tag="me",
    )
    session = toolset.session()
    handle, more = handle_of(listed(toolset)), handle_of(listed(toolset), "m")
    sent = len(sandbox.requests)
    for arguments in (get(handle), {"params": {"more": more}}):
        assert isinstance(session.call(EXECUTE, arguments).error, InvalidParams)
    assert len(sandbox.requests) == sent
    assert session.conversation is not toolset.conversation
    assert session.approve is needs_approval
    assert session.runner.engine.rules.trail.tag == "me"
    assert [tool.name for tool in session.tools] == [tool.name for tool in toolset.tools]
    assert session.call(EXECUTE, get(handle_of(listed(session)))).ok
    assert toolset.call(EXECUTE, get(handle)).ok
    assert not session.session().call(EXECUTE, get(handle)).ok


def test_a_session_keeps_one_tool_per_operation_and_how_answers_are_written():
    toolset = Toolset(SyncNotionConnector.sandbox(), per_operation=True, answers=Answers(format="raw", fence=False))
    text = toolset.session().call("notion_users_get_me", {}).text
    assert json.loads(text)["object"] == "user"


def test_a_toolset_of_a_toolset_keeps_its_conversation_and_answers():
    inner = Toolset(SyncNotionConnector.sandbox(), answers=Answers(max_tokens=300))
    outer = Toolset(inner, tag="inner", per_operation=True)
    assert outer.conversation is inner.conversation
    assert outer.call("notion_pages_get", {"page_id": handle_of(listed(inner))}).ok
    assert Answers().count(outer.call("notion_pages_list", {}).text) <= 300
    written = Toolset(inner, answers=Answers(format="raw", fence=False))
    assert json.loads(written.call(EXECUTE, {"entity": "users", "action": "get_me"}).text)["object"] == "user"
    assert written.call(EXECUTE, get(handle_of(listed(inner)))).ok


def test_a_session_s_toolset_stays_in_the_session():
    session = Toolset(SyncNotionConnector.sandbox()).session()
    assert Toolset(session).conversation is session.conversation


def test_two_toolsets_of_a_connector_are_two_conversations():
    connector = SyncNotionConnector.sandbox()
    assert not Toolset(connector).call(EXECUTE, get(handle_of(listed(Toolset(connector))))).ok


def test_one_toolset_for_each_connector():
    toolsets, connector = Toolsets(per_operation=True), SyncNotionConnector.sandbox()
    assert toolsets.of(connector) is toolsets.of(connector)
    assert toolsets.of(connector).per_operation
    assert toolsets.of(SyncNotionConnector.sandbox()) is not toolsets.of(connector)


async def test_tools_per_operation_go_on_too(called):
    toolset = Toolset(SyncNotionConnector.sandbox(), per_operation=True)
    first = await called(toolset, "notion_users_list", {"page_size": 1})
    second = await called(toolset, "notion_users_list", {"more": handle_of(first, "m")})
    assert second.ok
    assert second.data["data"][0]["id"] != first.data["data"][0]["id"]
    assert len(second.data["data"]) == 1
    third = await called(toolset, "notion_users_list", {"params": {"more": handle_of(second, "m")}})
    assert third.data["data"][0]["name"] in third.text


async def test_a_cut_answer_goes_on_without_a_request(called):
    blocks = [f"Line {number}: renewals went up in the north." for number in range(200)]
    sandbox = Sandbox.from_json({"pages": [{"title": "Long page", "blocks": blocks}]})
    for per_operation in (False, True):
        connector = SyncNotionConnector.sandbox(sandbox, answers=Answers(max_tokens=500))
        toolset = Toolset(connector, per_operation=per_operation)
        name = "notion_pages_read" if per_operation else EXECUTE
        place = {} if per_operation else {"entity": "pages", "action": "read"}
        outcomes = [await called(toolset, name, {**place, "page_id": next(iter(sandbox.workspace.pages))})]
        sent = len(sandbox.requests)
        while (more := re.search(r'\{"more": "(m\d{9})"\}\.\Z', outcomes[-1].text)) is not None:
            outcomes.append(await called(toolset, name, {**place, "more": more[1]}))
        assert len(outcomes) > 5
        assert len(sandbox.requests) == sent
        assert all(f"Line {number}:" in "".join(each.text for each in outcomes) for number in range(200))
        assert max(Answers().count(each.text) for each in outcomes) <= 500
        assert outcomes[0].data["object"] == "page_text"
        assert outcomes[1].data == {"text": outcomes[1].text}


@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
async def test_describe_is_answered_and_sends_nothing(called, kind):
    sandbox = Sandbox.sample()
    toolset = Toolset(kind.sandbox(sandbox))
    outcome = await called(toolset, EXECUTE, {"entity": "pages", "action": "describe"})
    assert outcome.data == {"text": outcome.text}
    assert re.search(r"^pages\.read \(reads\): ", outcome.text, re.MULTILINE)
    assert "pages.delete" not in outcome.text
    assert sandbox.requests == []


async def test_the_format_of_one_call(called):
    toolset = Toolset(SyncNotionConnector.sandbox())
    outcome = await called(toolset, EXECUTE, {"entity": "users", "action": "get_me", "params": {"format": "raw"}})
    assert json.loads(outcome.text.split("\n")[1]) == outcome.data
    table = await called(toolset, EXECUTE, {**ARGUMENTS, "format": "markdown"})
    assert "Ines Carvalho" in table.text
    assert table.text != toolset.call(EXECUTE, ARGUMENTS).text


def test_a_connector_s_answers_are_its_toolsets():
    connector = SyncNotionConnector.sandbox(answers=Answers(fence=False, handles=False))
    outcome = listed(Toolset(connector))
    assert outcome.data["data"][0]["id"] in outcome.text
    assert "notion-data" not in outcome.text
    assert "notion-data" in listed(Toolset(connector, answers=Answers())).text
