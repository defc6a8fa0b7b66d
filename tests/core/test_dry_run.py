"""Dry runs: what would be sent and changed, and nothing that writes is sent."""

import asyncio
import json

import pytest

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.differences import plain_value
from airbyte_agent_notion.errors import InvalidParams, NotFound, PolicyDenied
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeTransport, json_response

READS = {"GET /v1/pages", "GET /v1/blocks"}


class World:
    def __init__(self, policy=None, **options):
        self.sandbox = Sandbox.sample()
        self.notion = SyncNotionConnector.sandbox(self.sandbox, policy=policy or Policy.full(), **options)
        space = self.sandbox.workspace
        self.pages = {space.title(each): each.id for each in space.pages.values()}
        self.sources = {space.title(each): each.id for each in space.sources.values()}
        self.page = self.pages["Security basics"]
        self.task = next(each.id for each in space.pages.values() if each.parent.id == self.sources["Tasks"])

    def text_block(self):
        blocks = self.notion.blocks.list(block_id=self.page).data
        return next(each for each in blocks if each["type"] in {"paragraph", "bulleted_list_item"})


@pytest.fixture
def world():
    made = World()
    before = made.sandbox.snapshot()
    start = repr(before)
    yield made
    assert repr(made.sandbox.snapshot()) == start
    assert {each.method for each in made.sandbox.requests if not each.path.endswith("/query")} <= {"GET"}


def step(planned):
    assert planned["object"] == "dry_run"
    assert planned["sent"] is False
    (only,) = planned["requests"]
    return only


def test_an_update_shows_old_and_new_values(world):
    made = world.notion.pages.update.dry_run(
        page_id=world.task,
        properties={"Task": {"title": [{"text": {"content": "New"}}]}, "Estimate": {"number": 99}},
        icon={"type": "emoji", "emoji": "🚀"},
    )
    only = step(made)
    assert (only["operation"], only["effect"], only["method"]) == ("pages.update", "write", "PATCH")
    assert only["path"] == f"/v1/pages/{world.task}"
    assert only["body"]["properties"]["Estimate"] == {"number": 99}
    present = world.notion.pages.get(page_id=world.task)["properties"]
    assert only["difference"]["properties"] == {
        "Task": {"from": present["Task"]["title"][0]["plain_text"], "to": "New"},
        "Estimate": {"from": present["Estimate"]["number"], "to": 99},
    }
    assert only["difference"]["icon"] == {"from": None, "to": {"type": "emoji", "emoji": "🚀"}}


def test_what_stays_is_no_difference(world):
    present = world.notion.pages.get(page_id=world.task)["properties"]
    same = {"Task": present["Task"], "Status": {"status": {"name": present["Status"]["status"]["name"]}}}
    assert step(world.notion.pages.update.dry_run(page_id=world.task, properties=same))["difference"] == {
        "properties": {}
    }


def test_the_trash_is_counted(world):
    handbook = world.pages["Company handbook"]
    page = step(world.notion.pages.delete.dry_run(page_id=handbook))
    assert page["difference"]["trashed"]["title"] == "Company handbook"
    assert page["difference"]["trashed"]["pages"] == 4
    assert page["difference"]["trashed"]["blocks"] == 7
    assert page["body"] == {"in_trash": True}
    by_flag = step(world.notion.pages.update.dry_run(page_id=handbook, in_trash=True))
    assert (by_flag["effect"], by_flag["difference"]) == ("destructive", page["difference"])
    rows = step(world.notion.data_sources.delete.dry_run(data_source_id=world.sources["Tasks"]))["difference"][
        "trashed"
    ]
    assert (rows["rows"], rows["at_least"]) == (100, True)
    database = next(iter(world.sandbox.workspace.databases))
    assert step(world.notion.databases.delete.dry_run(database_id=database))["difference"]["trashed"]["rows"] > 0
    block = step(world.notion.blocks.delete.dry_run(block_id=world.text_block()["id"]))
    assert block["method"] == "DELETE"
    assert "body" not in block
    assert block["difference"]["trashed"]["object"] == "block"


def test_blocks_that_would_be_added_and_changed(world):
    nested = {"toggle": {"rich_text": [], "children": [{"divider": {}}, {"type": "divider", "divider": {}}]}}
    added = step(world.notion.blocks.append.dry_run(block_id=world.page, children=[nested, {"divider": {}}]))
    assert added["difference"] == {"added": {"blocks": 4, "types": {"toggle": 1, "divider": 3}, "to": world.page}}
    block = world.text_block()
    text = [{"text": {"content": "Rewritten"}}]
    changed = step(world.notion.blocks.update.dry_run(block_id=block["id"], block={block["type"]: {"rich_text": text}}))
    assert changed["difference"][block["type"]]["to"] == {"rich_text": "Rewritten"}
    assert changed["difference"][block["type"]]["from"]["rich_text"]


def test_other_writes_say_what_they_would_do(world):
    notion = world.notion
    parent = {"page_id": world.page}
    text = [{"text": {"content": "Hello"}}]
    created = step(notion.pages.create.dry_run(parent=parent, properties={"title": {"title": text}}))
    assert created["difference"]["created"] == {"object": "page", "in": parent, "properties": {"title": "Hello"}}
    moved = step(notion.pages.move.dry_run(page_id=world.page, parent={"page_id": world.pages["Product"]}))
    assert moved["difference"]["moved"]["to"] == {"page_id": world.pages["Product"]}
    assert moved["difference"]["moved"]["from"]["page_id"] == world.pages["Company handbook"]
    restored = step(notion.pages.restore.dry_run(page_id=world.page))
    assert restored["difference"]["restored"]["id"] == world.page
    comment = notion.comments.list(block_id=world.pages["Atlas launch plan"]).data[0]["id"]
    said = step(notion.comments.update.dry_run(comment_id=comment, rich_text=text))["difference"]
    assert said["rich_text"]["to"] == "Hello"
    assert step(notion.comments.delete.dry_run(comment_id=comment))["difference"]["deleted"]["id"] == comment
    column = step(
        notion.data_sources.update.dry_run(
            data_source_id=world.sources["Tasks"], properties={"Due": None, "New": {"date": {}}}
        )
    )
    assert column["effect"] == "destructive"
    assert set(column["difference"]["properties"]) == {"Due", "New"}
    assert column["difference"]["properties"]["Due"]["to"] is None
    upload = step(notion.file_uploads.create.dry_run(filename="a.txt"))
    assert upload["difference"]["created"]["object"] == "file_upload"


def test_reads_run_and_checks_hold(world):
    notion = world.notion
    assert notion.pages.get.dry_run(page_id=world.page)["id"] == world.page
    with pytest.raises(NotFound):
        notion.pages.delete.dry_run(page_id="9f1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9")
    with pytest.raises(InvalidParams):
        notion.execute("pages", "update", {"nonsense": 1}, dry_run=True)
    with pytest.raises(InvalidParams, match="drop does not name"):
        notion.pages.update.dry_run(page_id=world.pages["Company handbook"], erase_content=True)
    writer = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.write(roots=[world.page]))
    with pytest.raises(PolicyDenied, match="destructive"):
        writer.pages.delete.dry_run(page_id=world.page)
    with pytest.raises(PolicyDenied, match="roots"):
        writer.pages.update.dry_run(page_id=world.task, is_locked=True)


def test_what_may_not_be_read_is_not_shown(world):
    notion = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full(deny=["pages.get", "blocks.list"]))
    found = step(notion.pages.update.dry_run(page_id=world.page, is_locked=True))["difference"]
    assert found == {"unknown": "The present state may not be read: not_allowed."}


@pytest.mark.parametrize("per_operation", [False, True])
def test_a_connector_and_a_toolset_for_showing_only(world, per_operation):
    showing = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full(), dry_run=True)
    toolsets = [
        Toolset(showing, per_operation=per_operation),
        Toolset(world.notion, per_operation=per_operation, dry_run=True),
        Toolset(Toolset(world.notion, per_operation=per_operation, dry_run=True)),
    ]
    for tools in toolsets:
        params = {"page_id": world.page, "is_locked": True}
        call = params if per_operation else {"entity": "pages", "action": "update", "params": params}
        outcome = tools.call("notion_pages_update" if per_operation else "notion_execute", call)
        assert step(outcome.data)["difference"] == {"is_locked": {"from": False, "to": True}}
        assert "is_locked" in outcome.text
        assert "not sent" in outcome.text.lower() or "nothing was sent" in outcome.text.lower()
        assert outcome.changed is None
    assert step(showing.pages.delete(page_id=world.page))["effect"] == "destructive"
    assert step(showing.execute("pages", "delete", {"page_id": world.page}))["effect"] == "destructive"
    assert showing.users.get_me()["object"] == "user"


def test_the_async_connector(world):
    async def story():
        notion = NotionConnector.sandbox(world.sandbox, policy=Policy.full())
        return [
            await notion.pages.delete.dry_run(page_id=world.page),
            await notion.execute("pages", "delete", {"page_id": world.page}, dry_run=True),
        ]

    first, second = asyncio.run(story())
    assert step(first) == step(second)


def test_an_operation_of_several_steps_goes_on(world):
    from airbyte_agent_notion.drive import drive
    from airbyte_agent_notion.operation import Effect, Operation, Spec
    from airbyte_agent_notion.operations.block_writes import AppendBlocks
    from airbyte_agent_notion.operations.blocks import GetBlock
    from airbyte_agent_notion.operations.children import ListBlocks
    from airbyte_agent_notion.operations.page_writes import CreatePage, MovePage

    class Report(Operation[dict]):
        """Make a page with blocks in blocks."""

        spec = Spec("pages", "report", "POST /v1/pages", effect=Effect.WRITE)
        parent: str

        def flow(self, api):
            page = yield from api.call(CreatePage(parent={"page_id": self.parent}))
            made = yield from api.call(AppendBlocks(block_id=page["id"], children=[{"toggle": {"rich_text": []}}]))
            assert (yield from api.call(GetBlock(block_id=made.data[0]["id"])))["toggle"] == {"rich_text": []}
            assert (yield from api.call(ListBlocks(block_id=page["id"]))).data == []
            yield from api.call(AppendBlocks(block_id=made.data[0]["id"], children=[{"divider": {}}] * 2))
            return (yield from api.call(MovePage(page_id=page["id"], parent={"page_id": self.parent})))

    roots = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full(roots=[world.page]))
    planned = drive(roots.runner.engine.call(Report(parent=world.page), dry_run=True), world.sandbox.transport())
    assert [each["operation"] for each in planned["requests"]] == [
        "pages.create",
        "blocks.append",
        "blocks.append",
        "pages.move",
    ]
    first, second = (each["path"] for each in planned["requests"][1:3])
    assert first.startswith("/v1/blocks/00000000-")
    assert first != second


def _deep(levels):
    inner = {"children": [_deep(levels - 1)]} if levels else {}
    return {"type": "toggle", "toggle": {"rich_text": [{"text": {"content": str(levels)}}], **inner}}


@pytest.mark.parametrize("kind", ["column", "tab"])
@pytest.mark.parametrize("rooted", [False, True])
def test_frames_whose_content_needs_more_requests(world, kind, rooted):
    if kind == "column":
        columns = [{"type": "column", "column": {"children": [_deep(5)]}} for _ in range(2)]
        frame = {"type": "column_list", "column_list": {"children": columns}}
    else:
        label = [{"text": {"content": "A"}}]
        tabs = [{"type": "paragraph", "paragraph": {"rich_text": label, "children": [_deep(5)]}} for _ in range(2)]
        frame = {"type": "tab", "tab": {"children": tabs}}
    policy = Policy.full(roots=[world.page]) if rooted else Policy.full()
    notion = SyncNotionConnector.sandbox(world.sandbox, policy=policy)
    planned = notion.blocks.append.dry_run(block_id=world.page, children=[frame])
    requests = planned["requests"]
    assert len(requests) > 2
    assert requests[0]["path"] == f"/v1/blocks/{world.page}/children"
    assert len({each["path"] for each in requests}) == len(requests)
    told = json.dumps([each["body"] for each in requests])
    assert all(told.count(f'"content": "{level}"') == 2 for level in range(6))


def test_markdown_shows_the_lines():
    page = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"
    answer = {
        "object": "page_markdown",
        "id": page,
        "markdown": "# A\nold\nstays",
        "truncated": False,
        "unknown_block_ids": [],
    }
    transport = FakeTransport(json_response(answer))
    from dataclasses import replace

    notion = SyncNotionConnector.sandbox(policy=Policy.full())
    runner = replace(notion.runner, transport=transport)
    edit = {
        "type": "update_content",
        "update_content": {"content_updates": [{"old_str": "old", "new_str": "new\nmore"}]},
    }
    operation = runner.parse(runner.engine.catalog.find("pages", "update_markdown"), {"page_id": page, **edit})
    only = step(runner.run(operation, dry_run=True))
    assert only["difference"] == {"removed": ["old"], "added": ["new", "more"]}
    assert [each.method for each in transport.requests] == ["GET"]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"type": "title", "title": [{"plain_text": "a"}, {"text": {"content": "b"}}]}, "ab"),
        ({"rich_text": []}, ""),
        ({"select": {"id": "x", "name": "High", "color": "red"}}, "High"),
        ({"select": None}, None),
        ({"multi_select": [{"name": "a"}, {"id": "b"}]}, ["a", "b"]),
        ({"relation": [{"id": "1"}], "has_more": False}, ["1"]),
        ({"date": {"start": "2026-01-01", "end": None, "time_zone": None}}, {"start": "2026-01-01"}),
        ({"id": "x", "type": "number", "number": 3}, 3),
        ({"checkbox": False}, False),
        ("Done", "Done"),
        (None, None),
    ],
)
def test_plain_values(value, plain):
    assert plain_value(value) == plain
