"""What a policy leaves out by name is nowhere to be seen and cannot be reached; and how many writes there may be."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import (
    ConfigurationError,
    InvalidCall,
    InvalidRequest,
    OutcomeUnknown,
    PolicyDenied,
)
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.tool_utils import ToolDecorator

HEX = "0a1b2c3d4e5f40718293a4b5c6d7e8f9"

POLICIES = {
    "read": Policy.read_only(),
    "write without comments": Policy.write(deny=["comments"]),
    "full but no delete": Policy.full(deny=["*.delete", "pages.move"]),
    "only two": Policy.write(allow=["pages.get", "comments.*"]),
    "only two but one": Policy.full(allow=["pages", "users.get_me"], deny=["pages.update*"]),
}


def shown(notion):
    """Everything that a developer or a model is shown of a connector's operations."""
    (tool,) = Toolset(notion).tools
    single = Toolset(notion, per_operation=True).tools

    def notion_execute(entity, action, params=None):
        """Mine."""

    decorated = notion.tool_utils(notion_execute)
    listed = {
        f"{entity['entity_name']}.{action}"
        for entity in notion.list_entities()
        for action in entity["available_actions"]
    }
    described = {
        f"{entity}.{action}"
        for entity in notion.runner.engine.catalog.entities
        for action in notion.entity_schema(entity)["actions"]
    }
    return tool, {each.name for each in single}, str(decorated.__doc__), listed, described


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_what_is_left_out_is_shown_nowhere(kind, policy):
    notion = kind.sandbox(policy=policy)
    catalog = notion.runner.engine.catalog
    allowed = {each.spec.name for each in catalog.operations() if policy.offers(each.spec)}
    tool, single, decorated, listed, described = shown(notion)
    assert listed == described == allowed
    assert {name.removeprefix("notion_") for name in single} == {
        each.spec.entity if each.spec.entity == each.spec.action else f"{each.spec.entity}_{each.spec.action}"
        for each in catalog.operations()
        if each.spec.name in allowed
    }
    enums = tool.parameters["properties"]
    assert set(enums["entity"]["enum"]) == {name.partition(".")[0] for name in allowed}
    assert set(enums["action"]["enum"]) == {name.partition(".")[2] for name in allowed} | {"describe"}
    told = Toolset(notion)
    for entity in enums["entity"]["enum"]:
        text = told.call("notion_execute", {"entity": entity, "action": "describe"}).text
        assert set(re.findall(rf"^({entity}\.\w+) \(", text, re.MULTILINE)) == {
            name for name in allowed if name.partition(".")[0] == entity
        }
    if "comments" not in enums["entity"]["enum"]:
        assert "comments" not in f"{tool.description} {json.dumps(enums['action'])} {decorated}"


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_what_is_left_out_cannot_be_reached(policy):
    sandbox = Sandbox.sample()
    notion = SyncNotionConnector.sandbox(sandbox, policy=policy)
    catalog, tools = notion.runner.engine.catalog, Toolset(notion)
    hidden = [each for each in catalog.operations() if not policy.offers(each.spec)]
    assert hidden
    for operation in hidden:
        entity, action = operation.spec.entity, operation.spec.action
        params = {name: HEX for name, item in operation.model_fields.items() if item.is_required()}
        for given in (params, json.dumps(params)):
            with pytest.raises(PolicyDenied):
                notion.execute(entity, action, given)
        with pytest.raises(PolicyDenied):
            notion.execute(entity, action, params, dry_run=True)
        with pytest.raises(PolicyDenied):
            notion.runner.parse(operation, params)
        called = {"entity": entity, "action": action}
        for written in (
            *({**called, "entity": name} for name in (entity.upper(), f" {entity}", f"{entity}\n", entity.title())),
            *({**called, "action": name} for name in (action.upper(), f" {action}", f"{action}\t")),
            {"entity": f"{entity}.{action}", "action": ""},
            {"entity": entity, "action": f"{entity}.{action}"},
            {"entity": "", "action": f"{action}_{entity}"},
            {"entity": action, "action": entity},
        ):
            for arguments in ({**written, "params": params}, {**written, **params}):
                error = tools.call("notion_execute", arguments).error
                assert isinstance(error, (PolicyDenied, InvalidCall)), arguments
                if isinstance(error, PolicyDenied):
                    assert error.details["operation"] == operation.spec.name
        for written in (
            {**called, "entity": [entity]},
            {**called, "action": {"action": action}},
            {**called, "entity": entity[:-1] + "x"},
            {**called, "action": action[:-1] + "x"},
        ):
            error = tools.call("notion_execute", {**written, "params": params}).error
            assert isinstance(error, (PolicyDenied, InvalidCall)), written
            assert f"{operation.spec.name}(" not in str(error)
        about = tools.call("notion_execute", {**called, "action": "describe", "params": {"action": action}})
        assert f"{operation.spec.name} (" not in about.text
    assert sandbox.requests == []


def test_what_is_denied_is_no_step_of_anything_else():
    sandbox = Sandbox.sample()
    database = next(iter(sandbox.workspace.databases))
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.read_only(deny=["data_sources.query", "blocks.list"]))
    with pytest.raises(PolicyDenied, match=r"data_sources\.query is not allowed"):
        notion.databases.query(database_id=database)
    with pytest.raises(PolicyDenied, match=r"blocks\.list is not allowed"):
        notion.blocks.list_tree(block_id=next(iter(sandbox.workspace.pages)))
    assert not any(each.path.endswith(("/query", "/children")) for each in sandbox.requests)


def test_what_is_allowed_by_name_may_take_the_steps_it_needs():
    sandbox = Sandbox.sample()
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.read_only(allow=["databases.query"]))
    people = next(each.id for each in sandbox.workspace.databases.values() if len(each.sources) == 1)
    assert notion.databases.query(database_id=people).data
    with pytest.raises(PolicyDenied, match="leaves it out by name"):
        notion.databases.get(database_id=people)


@pytest.mark.parametrize(
    "params",
    [
        {"in_trash": True},
        {"in_trash": "true"},
        {"in_trash": 1},
        {"erase_content": "yes"},
        {"is_archived": True},
        {"template": {"type": "default"}},
    ],
)
def test_an_update_that_removes_is_destructive_however_it_is_written(params):
    sandbox = Sandbox.sample()
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.write())
    page = next(iter(sandbox.workspace.pages))
    for given in (params, json.dumps({"page_id": page, **params})):
        call = given if isinstance(given, str) else {"page_id": page, **given}
        with pytest.raises(PolicyDenied, match="destructive"):
            notion.execute("pages", "update", call)
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"allow": ["pages.updat"]}, "pages.update"),
        ({"deny": ["Pages.get"]}, "pages.get"),
        ({"deny": ["comment"]}, "comments"),
        ({"deny": ["pages.x*"]}, "pages"),
        ({"deny": ["nothing.like_it_at_all"]}, "Entities: "),
        ({"allow": ["pages.delete"]}, r"Policy\.full\(allow"),
    ],
)
@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_wrong_names_are_refused_when_the_connector_is_built(kind, options, said):
    with pytest.raises(ConfigurationError, match=said):
        kind.sandbox(policy=Policy.write(**options))


def test_names_of_operations_for_developers_are_names_too():
    notion = SyncNotionConnector.sandbox(policy=Policy.write(deny=["file_uploads.send"]))
    with pytest.raises(PolicyDenied):
        notion.file_uploads.send(file_upload_id=HEX, file=b"x")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Policy.write(allow="pages"), "allow is a string"),
        (lambda: Policy.write(deny=[""]), "not empty"),
        (lambda: Policy.write(roots=["x"]), "not a Notion id"),
        (lambda: Policy.write(roots=["https://example.com/" + HEX]), "not a Notion id"),
        (lambda: Policy.write(roots=[f"https://www.notion.so/x#{HEX}"]), "no id of the kind"),
        (lambda: Policy.write(roots=HEX), "roots is a string"),
        (lambda: Policy.full(max_writes=-1), "max_writes"),
        (lambda: Policy.full(max_writes=True), "max_writes"),
        (lambda: Policy.full(max_writes="3"), "max_writes"),
    ],
)
def test_wrong_options_are_refused(make, said):
    with pytest.raises(ConfigurationError, match=said):
        make()


# --- how many writes


@pytest.fixture
def space():
    return Sandbox.sample()


def _page(space, title="Security basics"):
    return next(each.id for each in space.workspace.pages.values() if space.workspace.title(each) == title)


def test_writes_are_counted_and_reads_are_not(space):
    notion, page = SyncNotionConnector.sandbox(space, policy=Policy.full(max_writes=2)), _page(space)
    notion.pages.update(page_id=page, is_locked=True)
    notion.pages.update.dry_run(page_id=page, is_locked=False)
    with pytest.raises(InvalidRequest):
        notion.pages.update(page_id=page, properties={"title": {"title": "no array"}})
    notion.pages.get(page_id=page)
    notion.pages.delete(page_id=page)
    before = len(space.requests)
    with pytest.raises(PolicyDenied, match="2 writes, and they are used up"):
        notion.pages.restore(page_id=page)
    assert len(space.requests) == before
    assert notion.pages.get(page_id=page)["in_trash"] is True
    assert notion.runner.engine.rules.budget.used == 2


def test_a_write_of_unknown_outcome_counts(space, hurried):
    notion = hurried(SyncNotionConnector.sandbox(space, policy=Policy.write(max_writes=1)))
    space.faults.add(drop=True, after=True, method="PATCH", times=1)
    with pytest.raises(OutcomeUnknown):
        notion.pages.update(page_id=_page(space), is_locked=True)
    with pytest.raises(PolicyDenied, match="used up"):
        notion.pages.update(page_id=_page(space), is_locked=False)


def test_threads_and_toolsets_share_one_count(space):
    notion, page = SyncNotionConnector.sandbox(space, policy=Policy.write(max_writes=20)), _page(space)
    toolsets = [Toolset(notion, tag=str(number)) for number in range(4)]
    call = {"entity": "pages", "action": "update", "params": {"page_id": page, "is_locked": True}}

    def write(number):
        return toolsets[number % 4].call("notion_execute", call).ok

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(write, range(60)))
    assert sum(done) == 20
    assert [each.method for each in space.requests].count("PATCH") == 20


def test_no_writes_at_all(space):
    notion = SyncNotionConnector.sandbox(space, policy=Policy.write(max_writes=0))
    with pytest.raises(PolicyDenied):
        notion.pages.update(page_id=_page(space), is_locked=True)
    assert isinstance(notion.tool_utils, ToolDecorator)
