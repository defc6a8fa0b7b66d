"""Checked writes: child pages are dropped by no edit that does not name them; results say what changed, and what is not
seen yet.
"""

import json
from dataclasses import replace

import pytest

from airbyte_agent_notion import Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.changes import changed
from airbyte_agent_notion.errors import InvalidParams, InvalidRequest, OutcomeUnknown, PolicyDenied
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeTransport, json_response

PAGE, CHILD, TABLE = (f"{digit}a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9" for digit in "012")
HEX = {each: each.replace("-", "") for each in (PAGE, CHILD, TABLE)}
TEXT = [{"text": {"content": "x"}}]


class World:
    def __init__(self, policy=None):
        self.sandbox = Sandbox.sample()
        self.notion = SyncNotionConnector.sandbox(self.sandbox, policy=policy or Policy.full())
        space = self.sandbox.workspace
        self.pages = {space.title(each): each.id for each in space.pages.values()}
        self.handbook = self.pages["Company handbook"]
        self.children = [each.id for each in space.children(space.pages[self.handbook]) if hasattr(each, "values")]
        self.children = [each for each in self.children if each in space.pages]

    def trashed(self, identifier):
        return self.sandbox.workspace.find(identifier).trashed

    def writes(self):
        return [each.method for each in self.sandbox.requests if each.method in {"PATCH", "DELETE"}]


@pytest.fixture
def world():
    return World()


def test_content_is_not_erased_with_child_pages_in_it_that_are_not_named(world):
    with pytest.raises(InvalidParams, match="that drop does not name") as caught:
        world.notion.pages.update(page_id=world.handbook, erase_content=True)
    listed = caught.value.details["children"]
    assert [each["id"] for each in listed] == world.children
    assert listed[0] == {"id": world.children[0], "type": "child_page", "title": "Working here"}
    assert world.writes() == []
    with pytest.raises(InvalidParams) as caught:
        world.notion.pages.update(page_id=world.handbook, erase_content=True, drop=world.children[1:])
    assert [each["id"] for each in caught.value.details["children"]] == world.children[:1]
    named = [f"https://www.notion.so/x-{each.replace('-', '')}" for each in world.children]
    world.notion.pages.update(page_id=world.handbook, erase_content=True, drop=named)
    assert "drop" not in world.sandbox.requests[-1].body
    assert all(world.trashed(each) for each in world.children)


@pytest.mark.parametrize(
    ("entity", "params", "said"),
    [
        ("pages.update", {"page_id": PAGE}, "give erase_content true, or no drop"),
        ("pages.update", {"page_id": PAGE, "erase_content": False}, "give erase_content true, or no drop"),
        ("blocks.update", {"block_id": PAGE, "divider": {}}, "give in_trash true, or no drop"),
        ("blocks.update", {"block_id": PAGE, "in_trash": False}, "give in_trash true, or no drop"),
        (
            "pages.update_markdown",
            {"page_id": PAGE, "type": "insert_content", "insert_content": {"content": "x"}},
            "or give no drop",
        ),
        (
            "pages.update_markdown",
            {"page_id": PAGE, "type": "replace_content", "replace_content": {"new_str": "x"}},
            '"allow_deleting_content": true',
        ),
    ],
)
def test_a_drop_that_would_be_ignored_is_refused(world, entity, params, said):
    name, action = entity.split(".")
    method = getattr(getattr(world.notion, name), action)
    with pytest.raises(InvalidParams) as caught:
        method(**params, drop=[CHILD])
    assert said in caught.value.message
    assert world.sandbox.requests == []


def test_an_edit_that_would_lose_child_pages_is_told_all_that_lets_them_go(world):
    edit = {"page_id": world.handbook, "type": "replace_content"}
    with pytest.raises(InvalidRequest) as refused:
        world.notion.pages.update_markdown(**edit, replace_content={"new_str": "x"})
    assert 'set "allow_deleting_content": true in replace_content and name their ids in drop' in refused.value.hint
    allowed = {"replace_content": {"new_str": "x", "allow_deleting_content": True}}
    with pytest.raises(InvalidParams, match="name them in drop and leave allow_deleting_content true"):
        world.notion.pages.update_markdown(**edit, **allowed)
    world.notion.pages.update_markdown(**edit, **allowed, drop=world.children)
    assert all(world.trashed(each) for each in world.children)


def test_other_refusals_of_an_edit_are_as_they_were(world):
    change = {"content_updates": [{"old_str": "nowhere in it", "new_str": "x"}]}
    with pytest.raises(InvalidRequest) as refused:
        world.notion.pages.update_markdown(page_id=world.handbook, type="update_content", update_content=change)
    assert "drop" not in refused.value.hint


def test_naming_does_not_stand_in_for_the_policy():
    world = World(Policy.write())
    with pytest.raises(PolicyDenied):
        world.notion.pages.update(page_id=world.handbook, erase_content=True, drop=world.children)
    assert world.sandbox.requests == []


def test_a_page_without_children_is_erased_at_once(world):
    page = world.pages["Security basics"]
    world.notion.pages.update(page_id=page, erase_content=True)
    assert world.notion.blocks.list(block_id=page).data == []


@pytest.mark.parametrize("way", ["delete", "update"])
def test_a_block_with_child_pages_in_it(world, way):
    page = world.pages["Security basics"]
    (toggle,) = world.notion.blocks.append(block_id=page, children=[{"toggle": {"rich_text": TEXT}}])
    space = world.sandbox.workspace
    child = world.notion.pages.create(parent={"page_id": page}, properties={"title": {"title": TEXT}})["id"]
    # As a person drags it there: the API cannot put a page into a block.
    space.pages[page].children.remove(child)
    space.blocks[toggle["id"]].children.append(child)
    space.pages[child].parent = replace(space.pages[child].parent, kind="block_id", id=toggle["id"])
    flag = {} if way == "delete" else {"in_trash": True}
    call = getattr(world.notion.blocks, way)
    with pytest.raises(InvalidParams) as caught:
        call(block_id=toggle["id"], **flag)
    assert [each["id"] for each in caught.value.details["children"]] == [child]
    assert not world.trashed(toggle["id"])
    assert call(block_id=toggle["id"], drop=[child], **flag)["in_trash"] is True
    assert dict(world.sandbox.requests[-1].query) == {}


def test_a_page_that_is_itself_named_is_meant(world):
    assert world.notion.blocks.delete(block_id=world.children[0])["in_trash"] is True
    assert world.notion.pages.delete(page_id=world.handbook)["in_trash"] is True


def test_what_cannot_be_read_whole_is_not_deleted(world):
    world.sandbox.faults.add(status=404, path=f"/v1/blocks/{world.pages['Block gallery']}", times=1)
    gallery = world.pages["Block gallery"]
    inner = next(
        each.id
        for each in world.sandbox.workspace.blocks.values()
        if each.parent.id == gallery and world.sandbox.workspace.children(each)
    )
    world.sandbox.faults.clear()
    world.sandbox.faults.add(status=404, path=f"/v1/blocks/{inner}/children", times=9)
    with pytest.raises(InvalidParams, match="could not be read whole"):
        world.notion.pages.update(page_id=gallery, erase_content=True)
    assert world.writes() == []


# --- Markdown


def _markdown(edit, *, children=(CHILD,), drop=None):
    """What an edit of a page with these children sends, or the error."""
    lines = [
        f'<page url="https://www.notion.so/{HEX[CHILD]}">Child</page>',
        "keep",
        f'<database url="{HEX[TABLE]}">T</database>',
    ]
    kinds = {CHILD: "child_page", TABLE: "child_database"}
    blocks = [
        {"object": "block", "id": each, "type": kinds[each], kinds[each]: {"title": "T"}, "has_children": True}
        for each in children
    ]

    def answer(request):
        if request.path.endswith("/children"):
            body = {"object": "list", "results": blocks, "has_more": False, "next_cursor": None}
        else:
            body = {"object": "page_markdown", "id": PAGE, "markdown": "\n".join(lines), "truncated": False}
        return json_response({**body, "unknown_block_ids": []})

    transport = FakeTransport(answer)
    runner = replace(SyncNotionConnector.sandbox(policy=Policy.full()).runner, transport=transport)
    params = {"page_id": PAGE, "type": next(iter(edit)), **edit, **({"drop": drop} if drop else {})}
    operation = runner.parse(runner.engine.catalog.find("pages", "update_markdown"), params)
    try:
        runner.run(operation)
    except InvalidParams as error:
        assert not any(each.method == "PATCH" for each in transport.requests)
        return [each["id"] for each in error.details["children"]]
    sent = transport.requests[-1]
    assert sent.method == "PATCH"
    assert "drop" not in sent.json
    return "sent"


_ALLOW = {"allow_deleting_content": True}
_TAG = f'<page url="https://www.notion.so/{HEX[CHILD]}">'
BOTH = [CHILD, TABLE]


def _updates(old, new):
    return {"update_content": {"content_updates": [{"old_str": old, "new_str": new}], **_ALLOW}}


def _range(where):
    return {"replace_content_range": {"content": "x", "content_range": where, **_ALLOW}}


_KEPT = f'<page url="https://notion.so/{HEX[CHILD]}"/>'


@pytest.mark.parametrize(
    ("edit", "children", "drop", "outcome"),
    [
        ({"replace_content": {"new_str": "all new"}}, [CHILD], None, "sent"),  # Notion refuses it itself
        ({"replace_content": {"new_str": "all new", **_ALLOW}}, [], None, "sent"),
        ({"replace_content": {"new_str": "all new", **_ALLOW}}, BOTH, None, [CHILD, TABLE]),
        ({"replace_content": {"new_str": "all new", **_ALLOW}}, BOTH, [CHILD], [TABLE]),
        ({"replace_content": {"new_str": "all new", **_ALLOW}}, BOTH, [CHILD, HEX[TABLE]], "sent"),
        ({"replace_content": {"new_str": f"a\n{_KEPT}", **_ALLOW}}, [CHILD], None, "sent"),
        ({"replace_content": {"new_str": f"see https://notion.so/{HEX[CHILD]}", **_ALLOW}}, [CHILD], None, [CHILD]),
        (_updates("keep", "x"), BOTH, None, "sent"),
        (_updates(_TAG, ""), BOTH, None, [CHILD]),
        (_range("keep...keep"), [CHILD], None, [CHILD]),
        (_range("ke...ep"), BOTH, None, "sent"),
        (_range("<page...keep"), BOTH, None, [CHILD]),
        ({"insert_content": {"content": "x"}}, [CHILD], None, "sent"),
    ],
)  # fmt: skip
def test_an_edit_of_markdown_names_the_children_that_it_takes_away(edit, children, drop, outcome):
    assert _markdown(edit, children=children, drop=drop) == outcome


# --- what has changed


def test_an_outcome_says_what_has_changed(world):
    tools = Toolset(world.notion)

    def call(entity, action, **params):
        return tools.call("notion_execute", {"entity": entity, "action": action, "params": params})

    page = world.pages["Security basics"]
    made = call("pages", "create", parent={"page_id": page}, properties={"title": {"title": TEXT}})
    assert made.changed == {
        "operation": "pages.create",
        "effect": "write",
        "ids": [made.data["id"]],
        "urls": [made.data["url"]],
    }
    blocks = call("blocks", "append", block_id=page, children=[{"divider": {}}, {"divider": {}}])
    assert blocks.changed["ids"] == [each["id"] for each in blocks.data["data"]]
    assert len(blocks.changed["ids"]) == 2
    assert call("pages", "delete", page_id=page).changed["effect"] == "destructive"
    assert call("pages", "get", page_id=page).changed is None
    assert call("pages", "delete", page_id="x").changed is None


def _answered(action, params, *answers, entity="pages"):
    transport = FakeTransport(*(json_response(each) for each in answers))
    runner = replace(SyncNotionConnector.sandbox(policy=Policy.full()).runner, transport=transport)
    operation = runner.parse(runner.engine.catalog.find(entity, action), params)
    return operation, runner.run(operation)


@pytest.mark.parametrize(
    ("action", "params", "answer"),
    [
        ("delete", {}, {"in_trash": False}),
        ("delete", {}, {"archived": False}),
        ("restore", {}, {"in_trash": True}),
        ("update", {"in_trash": True}, {"in_trash": False}),
        ("move", {"parent": {"page_id": CHILD}}, {"parent": {"type": "page_id", "page_id": TABLE}}),
    ],
)
def test_success_without_effect_is_no_success(action, params, answer):
    with pytest.raises(OutcomeUnknown, match="the answer does not show it"):
        _answered(action, {"page_id": PAGE, **params}, {"object": "page", "id": PAGE, **answer})


@pytest.mark.parametrize(
    ("entity", "action", "params", "answer", "said"),
    [
        ("pages", "delete", {"page_id": PAGE}, {}, "does not say whether it is in the trash"),
        ("pages", "delete", {"page_id": PAGE}, {"in_trash": True}, None),
        ("pages", "move", {"page_id": PAGE, "parent": {"page_id": CHILD}}, {"parent": {"page_id": CHILD}}, None),
        ("pages", "update", {"page_id": PAGE, "template": {"type": "default"}}, {}, "fills the template in"),
        ("pages", "update", {"page_id": PAGE, "is_locked": True}, {}, None),
        (
            "pages",
            "update_markdown",
            {"page_id": PAGE, "type": "insert_content", "insert_content": {"content": "x"}},
            {"truncated": True},
            "too long to be answered whole",
        ),
        (
            "file_uploads",
            "create",
            {"mode": "external_url", "external_url": "https://x.example/y"},
            {},
            "fetches the file",
        ),
        ("file_uploads", "create", {"filename": "a.txt"}, {}, None),
        ("meeting_notes", "create", {"source": {"type": "block", "block_id": PAGE}}, {}, "transcribes after"),
    ],
)
def test_what_cannot_be_seen_yet_is_said(entity, action, params, answer, said):
    operation, result = _answered(action, params, {"object": "page", "id": PAGE, **answer}, entity=entity)
    told = changed(operation, result)
    if said is None:
        assert "unverified" not in result
        assert "unverified" not in told
    else:
        assert said in result["unverified"]
        assert told["unverified"] == result["unverified"]
        assert json.dumps(result)
