"""Pages: created under pages and as rows, updated, moved, emptied."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from writes import BOT, HOME, PERSON, PRIVATE, UNKNOWN, Writes, paragraph, small, text


@pytest.fixture
def writes() -> Writes:
    return small()


def title(page: Any) -> str:
    found = next(each for each in page["properties"].values() if each["type"] == "title")
    return "".join(each["plain_text"] for each in found["title"])


def test_a_page_under_a_page(writes: Writes) -> None:
    page = writes.page(
        "Plan", icon={"emoji": "🚀"}, cover={"type": "external", "external": {"url": "https://x.example/a"}}
    )
    assert title(page) == "Plan"
    assert page["parent"] == {"type": "page_id", "page_id": HOME}
    assert page["icon"] == {"type": "emoji", "emoji": "🚀"}
    assert page["cover"] == {"type": "external", "external": {"url": "https://x.example/a"}}
    assert page["created_by"] == page["last_edited_by"] == {"object": "user", "id": BOT}
    assert page["created_time"] == page["last_edited_time"] == "2026-11-20T09:00:00.000Z"
    assert (page["in_trash"], page["is_archived"], page["is_locked"]) == (False, False, False)
    got = writes.ok("GET", f"pages/{page['id']}")
    assert {**got, "request_id": ""} == {**page, "request_id": ""}
    home = writes.ok("GET", f"pages/{HOME}")
    assert (home["last_edited_time"], home["last_edited_by"]["id"]) == ("2026-11-20T09:00:00.000Z", BOT)
    assert [each["id"] for each in writes.children(HOME)] == [page["id"]]


def test_a_page_with_content(writes: Writes) -> None:
    for key in ("children", "content"):
        page = writes.page(**{key: [paragraph("One"), paragraph("Two", children=[paragraph("Nested")])]})
        assert writes.texts(page["id"]) == ["One", "Two"]
        assert writes.texts(writes.children(page["id"])[1]["id"]) == ["Nested"]


def test_a_page_needs_no_title(writes: Writes) -> None:
    page = writes.ok("POST", "pages", {"parent": {"page_id": HOME}})
    assert title(page) == ""
    assert page["url"].endswith(page["id"].replace("-", ""))


def test_a_title_may_stand_without_its_type(writes: Writes) -> None:
    body = {"parent": {"page_id": HOME.replace("-", "")}, "properties": {"title": text("Short")}, "children": []}
    assert title(writes.ok("POST", "pages", body)) == "Short"


def test_a_row_by_data_source_or_database(writes: Writes) -> None:
    source = writes.source(Done={"checkbox": {}})
    row = writes.row(source, Name={"title": text("Row")}, Done={"checkbox": True})
    database = row["parent"]["database_id"]
    assert row["parent"] == {"type": "data_source_id", "data_source_id": source, "database_id": database}
    assert row["properties"]["Done"]["checkbox"] is True
    other = writes.ok("POST", "pages", {"parent": {"database_id": database}, "properties": {"title": text("By id")}})
    assert other["parent"]["data_source_id"] == source
    assert title(other) == "By id"
    writes.ok("POST", "data_sources", {"parent": {"database_id": database}, "properties": {"N": {"title": {}}}})
    message = writes.refused("POST", "pages", {"parent": {"database_id": database}, "properties": {}})
    assert "2 data sources" in message


def test_only_some_properties_come_back(writes: Writes) -> None:
    source = writes.source(A={"number": {}}, B={"number": {}})
    body = {"parent": {"data_source_id": source}, "properties": {"A": {"number": 1}}}
    page = writes.ok("POST", "pages", body, query=[("filter_properties", "A")])
    assert list(page["properties"]) == ["A"]
    page = writes.ok(
        "PATCH", f"pages/{page['id']}", {"properties": {"B": {"number": 2}}}, query=[("filter_properties[]", "B")]
    )
    assert page["properties"]["B"]["number"] == 2
    assert list(page["properties"]) == ["B"]


@pytest.mark.parametrize(
    ("position", "order"),
    [
        ({"type": "page_start"}, "n12"),
        ({"type": "page_end"}, "12n"),
        (None, "12n"),
        ({"type": "after_block", "after_block": {"id": "first"}}, "1n2"),
    ],
)
def test_where_a_page_stands(writes: Writes, position: Any, order: str) -> None:
    blocks = {"1": writes.append(HOME, paragraph("1"))[0]["id"], "2": writes.append(HOME, paragraph("2"))[0]["id"]}
    if position and "after_block" in position:
        position = {**position, "after_block": {"id": blocks["1"]}}
    blocks["n"] = writes.page(**({} if position is None else {"position": position}))["id"]
    assert [each["id"] for each in writes.children(HOME)] == [blocks[each] for each in order]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "body failed validation: body.parent should be defined, instead was `undefined`."),
        ({"parent": {"workspace": True}}, "body failed validation: body.parent.page_id should be defined"),
        ({"parent": {"page_id": "x"}}, 'body.parent.page_id should be a valid uuid, instead was `"x"`'),
        ({"parent": {"page_id": HOME, "data_source_id": HOME}}, "body.parent.data_source_id should be not present"),
        ({"parent": {"page_id": HOME}, "propertys": {}}, "body.propertys should be not present, instead was `{}`"),
        ({"parent": {"page_id": HOME}, "archived": True}, "body.archived should be not present"),
        ({"parent": {"page_id": HOME}, "properties": {"Due": {"date": None}}}, "Due is not a property that exists."),
        ({"parent": {"page_id": HOME}, "properties": {"title": {"rich_text": []}}}, "title is expected to be title."),
        ({"parent": {"page_id": HOME}, "children": [paragraph()] * 101}, "body.children.length should be ≤ `100`"),
        ({"parent": {"page_id": HOME}, "children": [], "content": []}, "body.content should be not present"),
        ({"parent": {"page_id": HOME}, "icon": {"emoji": "word"}}, "body.icon.emoji should be an emoji"),
        ({"parent": {"page_id": HOME}, "icon": {}}, "body.icon should be an object with exactly one kind of icon"),
        ({"parent": {"page_id": HOME}, "cover": {"emoji": "🚀"}}, "body.cover.emoji should be not present"),
        ({"parent": {"page_id": HOME}, "cover": {"external": {"url": "nowhere"}}}, "should be a valid URL"),
        ({"parent": {"page_id": HOME}, "position": {"type": "end"}}, "body.position.type should be"),
    ],
)
def test_what_cannot_be_created(writes: Writes, body: Any, message: str) -> None:
    assert message in writes.refused("POST", "pages", body)


@pytest.mark.parametrize("parent", [{"page_id": UNKNOWN}, {"page_id": PRIVATE}, {"data_source_id": HOME}])
def test_a_parent_must_be_there_and_shared(writes: Writes, parent: Any) -> None:
    message = writes.refused("POST", "pages", {"parent": parent}, status=404, code="object_not_found")
    [[kind, identifier]] = parent.items()
    assert message.startswith(f"Could not find {kind.removesuffix('_id')} with ID: {identifier}.")


def test_a_position_needs_a_page(writes: Writes) -> None:
    source = writes.source()
    body = {"parent": {"data_source_id": source}, "position": {"type": "page_end"}}
    assert "body.position should be not present" in writes.refused("POST", "pages", body)


def test_a_public_connection_may_write_at_the_top(writes: Writes) -> None:
    client = writes.sandbox.oauth
    assert client is not None
    from airbyte_agent_notion.flow import Request

    for body in ({}, {"parent": {"workspace": True}}, {"parent": {"type": "workspace", "workspace": True}}):
        token = granted(writes)
        headers = {"Authorization": f"Bearer {token}", "Notion-Version": writes.version}
        response = writes.sandbox.handle(Request(method="POST", path="/v1/pages", json=body, headers=headers))
        assert response.status == 200, response.content
    tops = [each for each in writes.sandbox.workspace.pages.values() if each.parent.kind == "workspace"]
    assert len(tops) == 2 + 3
    assert all(writes.sandbox.workspace.is_shared(each) for each in tops if each.id != PRIVATE)


def granted(writes: Writes) -> str:
    return str(writes.sandbox.oauth.grant().access_token)


def test_an_update_changes_only_what_it_names(writes: Writes) -> None:
    page = writes.page("Before", icon={"emoji": "🚀"})
    writes.now += timedelta(minutes=5)
    changed = writes.ok("PATCH", f"pages/{page['id']}", {"properties": {"title": text("After")}, "is_locked": True})
    assert (title(changed), changed["icon"], changed["is_locked"]) == ("After", page["icon"], True)
    assert (changed["created_time"], changed["last_edited_time"]) == (page["created_time"], "2026-11-20T09:05:00.000Z")
    same = writes.ok("PATCH", f"pages/{page['id']}", {})
    assert {**same, "request_id": ""} == {**changed, "request_id": ""}


def test_icons_and_covers(writes: Writes) -> None:
    page = writes.page()["id"]

    def icon(value: Any) -> Any:
        return writes.ok("PATCH", f"pages/{page}", {"icon": value})["icon"]

    assert icon({"type": "icon", "icon": {"name": "snake"}}) == {
        "type": "icon",
        "icon": {"name": "snake", "color": "gray"},
    }
    external = {"type": "external", "external": {"url": "https://x.example/i.png"}}
    assert icon(external) == external
    own = {"type": "external", "external": {"url": "https://www.notion.so/icons/snake_purple.svg"}}
    assert icon(own) == {"type": "icon", "icon": {"name": "snake", "color": "purple"}}
    assert icon(None) is None
    writes.refused("PATCH", f"pages/{page}", {"icon": {"icon": {"name": "snake", "color": "mauve"}}})
    writes.refused(
        "PATCH",
        f"pages/{page}",
        {"icon": {"custom_emoji": {"id": UNKNOWN}}},
        status=404,
        code="object_not_found",
    )
    cover = {"type": "external", "external": {"url": "https://x.example/c.png"}}
    assert writes.ok("PATCH", f"pages/{page}", {"cover": cover})["cover"] == cover
    assert writes.ok("PATCH", f"pages/{page}", {"cover": None})["cover"] is None
    writes.refused(
        "PATCH", f"pages/{page}", {"cover": {"file_upload": {"id": UNKNOWN}}}, status=404, code="object_not_found"
    )


def test_archiving_is_not_trashing(writes: Writes) -> None:
    source = writes.source()
    row = writes.row(source)["id"]
    assert writes.ok("PATCH", f"pages/{row}", {"is_archived": True})["in_trash"] is False
    assert writes.ok("POST", f"data_sources/{source}/query", {})["results"] == []
    assert len(writes.ok("POST", f"data_sources/{source}/query", {"is_archived": True})["results"]) == 1


def test_erasing_keeps_child_pages_in_the_trash(writes: Writes) -> None:
    page = writes.page(children=[paragraph("Gone", children=[paragraph("Too")])])["id"]
    block = writes.children(page)[0]["id"]
    child = writes.page("Child", parent=page)["id"]
    writes.ok("POST", "comments", {"parent": {"block_id": block}, "rich_text": text("Hm")})
    writes.ok("PATCH", f"pages/{page}", {"erase_content": True})
    assert writes.children(page) == []
    writes.refused("GET", f"blocks/{block}", status=404, code="object_not_found")
    assert writes.ok("GET", f"pages/{child}")["in_trash"] is True
    assert writes.ok("PATCH", f"pages/{child}", {"in_trash": False})["in_trash"] is False
    assert [each["id"] for each in writes.children(page)] == [child]
    assert not writes.sandbox.workspace.discussions
    writes.ok("PATCH", f"pages/{page}", {"erase_content": False})
    assert len(writes.children(page)) == 1


def test_moving(writes: Writes) -> None:
    first, second = writes.page("First")["id"], writes.page("Second")["id"]
    child = writes.page("Child", parent=first)["id"]
    writes.now += timedelta(minutes=1)
    moved = writes.ok("POST", f"pages/{child}/move", {"parent": {"type": "page_id", "page_id": second}})
    assert moved["parent"]["page_id"] == second
    assert (writes.children(first), [each["id"] for each in writes.children(second)]) == ([], [child])
    for each in (first, second, child):
        assert writes.ok("GET", f"pages/{each}")["last_edited_time"] == "2026-11-20T09:01:00.000Z"
    source = writes.source(Status={"status": {}}, ID={"unique_id": {"prefix": None}})
    row = writes.ok("POST", f"pages/{child}/move", {"parent": {"data_source_id": source}})
    assert (title(row), row["properties"]["Status"]["status"]["name"]) == ("Child", "Not started")
    assert row["properties"]["ID"]["unique_id"]["number"] == 1
    assert writes.children(second) == []
    back = writes.ok("POST", f"pages/{child}/move", {"parent": {"page_id": first}})
    assert list(back["properties"]) == ["title"]
    assert title(back) == "Child"
    for target in (child, writes.page("Below", parent=child)["id"]):
        message = writes.refused("POST", f"pages/{child}/move", {"parent": {"page_id": target}})
        assert "into itself" in message
    for parent in ({"database_id": row["parent"]["database_id"]}, {"workspace": True}):
        writes.refused("POST", f"pages/{child}/move", {"parent": parent})
    writes.refused("POST", f"pages/{child}/move", {"parent": {"page_id": PRIVATE}}, status=404, code="object_not_found")
    writes.refused("POST", f"pages/{child}/move", {})
    writes.refused("PATCH", f"pages/{child}", {"parent": {"page_id": second}})


def test_a_row_takes_values_along_where_they_fit(writes: Writes) -> None:
    options = {"select": {"options": [{"name": "A"}, {"name": "B"}]}}
    one = writes.source("One", Kind=options, Size={"number": {}}, Who={"people": {}})
    two = writes.source(
        "Two", Kind={"select": {"options": [{"name": "B"}]}}, Size={"rich_text": {}}, Who={"people": {}}
    )
    row = writes.row(one, Kind={"select": {"name": "B"}}, Size={"number": 3}, Who={"people": [{"id": PERSON}]})["id"]
    moved = writes.ok("POST", f"pages/{row}/move", {"parent": {"data_source_id": two}})["properties"]
    assert moved["Kind"]["select"]["name"] == "B"
    assert moved["Kind"]["select"]["id"] == writes.schema(two)["Kind"]["select"]["options"][0]["id"]
    assert moved["Size"]["rich_text"] == []
    assert [each["id"] for each in moved["Who"]["people"]] == [PERSON]
    assert writes.ok("POST", f"data_sources/{one}/query", {})["results"] == []
