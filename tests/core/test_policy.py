"""Read-only unless the developer says otherwise, by every way to a call."""

import re

import httpx
import pytest
from typing_extensions import override

from airbyte_agent_notion import Effect, NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import ConfigurationError, PolicyDenied, Recovery
from airbyte_agent_notion.fields import PageId
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.namespace import M, method
from airbyte_agent_notion.operation import Operation, Spec
from airbyte_agent_notion.operations.pages import Pages

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


class RenamePage(Operation[dict]):
    """Rename a page."""

    spec = Spec("pages", "rename", "PATCH /v1/pages/{page_id}", effect=Effect.WRITE)
    page_id: PageId
    title: str


class UpdatePage(Operation[dict]):
    """Update a page; with in_trash it is trashed."""

    spec = Spec("pages", "update", "PATCH /v1/pages/{page_id}", effect=Effect.WRITE)
    page_id: PageId
    in_trash: bool | None = None

    @property
    @override
    def effect(self):
        return Effect.DESTRUCTIVE if self.in_trash else Effect.WRITE


class ErasePage(Operation[dict]):
    """Erase a page."""

    spec = Spec("pages", "erase", "DELETE /v1/pages/{page_id}", effect=Effect.DESTRUCTIVE)
    page_id: PageId


class WritablePages(Pages[M]):
    rename = method(RenamePage)
    update = method(UpdatePage)
    erase = method(ErasePage)


class Blocking(SyncNotionConnector):
    pages: WritablePages


class Awaited(NotionConnector):
    pages: WritablePages


RENAME = ("rename", {"page_id": HEX, "title": "x"})
UPDATE = ("update", {"page_id": HEX, "in_trash": False})
TRASH = ("update", {"page_id": HEX, "in_trash": True})
ERASE = ("erase", {"page_id": HEX})

CASES = [
    (Policy.read_only(), RENAME, "write"),
    (Policy.read_only(), UPDATE, "write"),
    (Policy.read_only(), TRASH, "write"),
    (Policy.read_only(), ERASE, "destructive"),
    (Policy.write(), RENAME, None),
    (Policy.write(), UPDATE, None),
    (Policy.write(), TRASH, "destructive"),
    (Policy.write(), ERASE, "destructive"),
    (Policy.full(), RENAME, None),
    (Policy.full(), TRASH, None),
    (Policy.full(), ERASE, None),
]


class Notion:
    def __init__(self):
        self.sent = 0

    def __call__(self, request):
        self.sent += 1
        return httpx.Response(200, json={"object": "page", "id": HEX})


async def by_method(policy, handler, action, params):
    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        return getattr(Blocking(_auth(), http_client=client, policy=policy).pages, action)(**params)


async def by_awaited_method(policy, handler, action, params):
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
        return await getattr(Awaited(_auth(), http_client=client, policy=policy).pages, action)(**params)


async def by_name(policy, handler, action, params):
    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        return Blocking(_auth(), http_client=client, policy=policy).execute("pages", action, params)


async def by_awaited_name(policy, handler, action, params):
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
        return await Awaited(_auth(), http_client=client, policy=policy).execute("pages", action, params)


async def by_tool(policy, handler, action, params):
    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        tools = Toolset(Blocking(_auth(), http_client=client, policy=policy))
        outcome = tools.call("notion_execute", {"entity": "pages", "action": action, "params": params})
    if outcome.error:
        raise outcome.error
    return outcome.data


def _auth():
    return NotionAccessTokenAuthConfig(token="ntn_test")


@pytest.mark.parametrize("way", [by_method, by_awaited_method, by_name, by_awaited_name, by_tool])
@pytest.mark.parametrize(("policy", "call", "refused_as"), CASES)
async def test_a_call_runs_only_where_the_policy_allows_it(way, policy, call, refused_as):
    handler = Notion()
    if refused_as is None:
        assert (await way(policy, handler, *call))["id"] == HEX
        assert handler.sent == 1
        return
    with pytest.raises(PolicyDenied) as caught:
        await way(policy, handler, *call)
    assert handler.sent == 0
    error = caught.value
    assert (error.code, error.recovery) == ("not_allowed", Recovery.ASK_OPERATOR)
    assert error.details == {"operation": f"pages.{call[0]}", "effect": refused_as}
    assert ("Policy.full()" if refused_as == "destructive" else "Policy.write()") in error.hint
    assert "Nothing was sent" in error.message


async def test_a_refused_operation_is_refused_before_its_parameters_are_judged():
    with pytest.raises(PolicyDenied):
        await by_name(None, Notion(), "erase", {"nonsense": 1})


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        (None, set()),
        (Policy.read_only(), set()),
        (Policy.write(), {"rename", "update"}),
        (Policy.full(), {"rename", "update", "erase"}),
    ],
)
def test_tools_and_lists_show_only_what_is_allowed(policy, names):
    writing = {"rename", "update", "erase"}
    for notion in (Blocking.sandbox(policy=policy), Awaited.sandbox(policy=policy)):
        (tool,) = Toolset(notion).tools
        assert writing & set(tool.parameters["properties"]["action"]["enum"]) == names
        told = " ".join(re.findall(r"\bpages(?:\(page_id\))?: ([^;]+)", tool.description))
        assert writing & set(re.findall(r"\w+", told)) == names
        single = {tool.name.rpartition("_")[2] for tool in Toolset(notion, per_operation=True).tools}
        assert writing & single == names
        (pages,) = [entity for entity in notion.list_entities() if entity["entity_name"] == "pages"]
        assert writing & set(pages["available_actions"]) == names
        assert tool.read_only is (not names)
        assert tool.destructive is ("erase" in names)


def test_hints_of_single_tools():
    tools = {tool.name: tool for tool in Toolset(Blocking.sandbox(policy=Policy.full()), per_operation=True).tools}
    assert (tools["notion_pages_get"].read_only, tools["notion_pages_get"].destructive) == (True, False)
    assert (tools["notion_pages_rename"].read_only, tools["notion_pages_rename"].destructive) == (False, False)
    assert (tools["notion_pages_erase"].read_only, tools["notion_pages_erase"].destructive) == (False, True)


def test_an_entity_without_an_allowed_operation_is_not_listed():
    nothing = Policy(frozenset())
    assert Blocking.sandbox(policy=nothing).list_entities() == []
    assert Toolset(Blocking.sandbox(policy=nothing), per_operation=True).tools == []
    with pytest.raises(PolicyDenied):
        Blocking.sandbox(policy=nothing).users.list()


def test_the_policies():
    assert Policy() == Policy.read_only()
    assert Policy.full().effects == set(Effect)
    assert Policy.write().allows(Effect.WRITE)
    assert not Policy.write().allows(Effect.DESTRUCTIVE)
    assert Blocking.sandbox().runner.engine.policy == Policy.read_only()
    assert repr(Blocking.sandbox(policy=Policy.write())).endswith("may read, write>")


@pytest.mark.parametrize("wrong", ["write", Effect.WRITE, {"read"}, True, Policy, Policy.write])
@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_what_is_no_policy_is_refused(kind, wrong):
    with pytest.raises(ConfigurationError, match="policy must be a Policy"):
        kind(_auth(), policy=wrong)
    with pytest.raises(ConfigurationError, match="policy must be a Policy"):
        kind.sandbox(policy=wrong)
