"""Pages as Markdown: read, created from, and edited in place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airbyte_agent_notion.sandbox.sample.markup import page_id
from airbyte_agent_notion.sandbox.state_views import CustomEmoji

TEXT = "# Plan\nHello **you**\n- one\n\t- two\n\t\t- three\n\t\t\t- four\n> quoted"


@pytest.fixture
def page(caller: Any) -> Any:
    return caller.ok("POST", "/v1/pages", {"parent": {"page_id": page_id("home")}, "markdown": TEXT})


def text(caller: Any, identifier: str, **query: str) -> str:
    answer = caller.ok("GET", f"/v1/pages/{identifier}/markdown", query=list(query.items()))
    assert (answer["object"], answer["id"]) == ("page_markdown", identifier)
    return answer["markdown"]


def edited(caller: Any, identifier: str, kind: str, **command: Any) -> str:
    answer = caller.ok("PATCH", f"/v1/pages/{identifier}/markdown", {"type": kind, kind: command})
    assert answer["markdown"] == text(caller, identifier)
    return answer["markdown"]


def refused(caller: Any, identifier: str, body: Any) -> str:
    before = text(caller, identifier)
    message = caller.error(400, "validation_error", "PATCH", f"/v1/pages/{identifier}/markdown", body)
    assert text(caller, identifier) == before
    return message


def ids(caller: Any, holder: str) -> list[str]:
    return [each["id"] for each in caller.ok("GET", f"/v1/blocks/{holder}/children")["results"]]


def test_an_empty_page_is_empty_text(either: Any) -> None:
    page = either.ok("POST", "/v1/pages", {"parent": {"page_id": page_id("home")}, "children": []})
    answer = either.ok("GET", f"/v1/pages/{page['id']}/markdown")
    assert {**answer, "request_id": 0} == {
        "object": "page_markdown",
        "id": page["id"],
        "markdown": "",
        "truncated": False,
        "unknown_block_ids": [],
        "request_id": 0,
    }


def test_the_first_heading_is_the_title_of_a_page_without_one(caller: Any, page: Any) -> None:
    assert page["properties"]["title"]["title"][0]["plain_text"] == "Plan"
    assert text(caller, page["id"]) == TEXT.removeprefix("# Plan\n")
    titled = {"title": {"title": [{"text": {"content": "Mine"}}]}}
    body = {"parent": {"page_id": page_id("home")}, "markdown": TEXT, "properties": titled}
    other = caller.ok("POST", "/v1/pages", body)
    assert other["properties"]["title"]["title"][0]["plain_text"] == "Mine"
    assert text(caller, other["id"]) == TEXT
    row = caller.ok("POST", "/v1/pages", {"parent": {"data_source_id": caller.source("Tasks").id}, "markdown": "# Row"})
    name = next(each for each in row["properties"].values() if each["type"] == "title")
    assert name["title"][0]["plain_text"] == "Row"


def test_edits_keep_the_blocks_that_stay(caller: Any, page: Any) -> None:
    before = ids(caller, page["id"])
    updates = [{"old_str": "Hello", "new_str": "Goodbye"}, {"old_str": "\t- two", "new_str": "\t- new\n\t- two"}]
    after = edited(caller, page["id"], "update_content", content_updates=updates)
    assert after == "Goodbye **you**\n- one\n\t- new\n\t- two\n\t\t- three\n\t\t\t- four\n> quoted"
    assert ids(caller, page["id"]) == before
    assert edited(caller, page["id"], "replace_content", new_str="> quoted\n---") == "> quoted\n---"
    assert ids(caller, page["id"])[0] == before[-1]
    assert caller.ok("GET", f"/v1/blocks/{before[0]}")["in_trash"] is True


def test_the_older_commands(caller: Any, page: Any) -> None:
    assert edited(caller, page["id"], "insert_content", content="End").endswith("> quoted\nEnd")
    assert edited(caller, page["id"], "insert_content", content="Begin", position={"type": "start"}).startswith(
        "Begin\n"
    )
    shown = edited(caller, page["id"], "replace_content_range", content="Hi", content_range="Hello...**you**")
    assert shown.startswith("Begin\nHi\n- one")


def test_pages_within_are_guarded(caller: Any) -> None:
    gallery = page_id("gallery")
    replace = {"type": "replace_content", "replace_content": {"new_str": "x"}}
    assert page_id("gallery-child") in refused(caller, gallery, replace)
    replace["replace_content"] = {"new_str": "x", "allow_deleting_content": True}
    assert caller.ok("PATCH", f"/v1/pages/{gallery}/markdown", replace)["markdown"] == "x"
    assert caller.ok("GET", f"/v1/pages/{page_id('gallery-child')}")["in_trash"] is True


def test_every_block_of_the_gallery_survives_a_small_edit(caller: Any) -> None:
    gallery = page_id("gallery")
    before = [caller.ok("GET", f"/v1/blocks/{each}") for each in ids(caller, gallery)]
    edited(caller, gallery, "update_content", content_updates=[{"old_str": "Second", "new_str": "2nd"}])
    after = [caller.ok("GET", f"/v1/blocks/{each}") for each in ids(caller, gallery)]
    assert [each["id"] for each in after] == [each["id"] for each in before]
    changed = [old["id"] for old, new in zip(before, after, strict=True) if _words(old) != _words(new)]
    assert len(changed) == 1


def _words(block: Any) -> Any:
    return {key: each for key, each in block.items() if key not in ("request_id", "last_edited_time", "last_edited_by")}


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ({}, "body.type"),
        ({"type": "rewrite"}, "body.type"),
        ({"type": "replace_content"}, "body.replace_content"),
        ({"type": "replace_content", "replace_content": {}}, "new_str"),
        ({"type": "replace_content", "replace_content": {"new_str": 1}}, "new_str"),
        ({"type": "replace_content", "replace_content": {"new_str": "", "force": True}}, "force"),
        ({"type": "replace_content", "replace_content": {"new_str": ""}, "insert_content": {}}, "insert_content"),
        ({"type": "update_content", "update_content": {}}, "content_updates"),
        ({"type": "update_content", "update_content": {"content_updates": [{"old_str": "one"}]}}, "new_str"),
        (
            {"type": "update_content", "update_content": {"content_updates": [{"old_str": "", "new_str": ""}]}},
            "old_str",
        ),
        ({"type": "update_content", "update_content": {"content_updates": [{"old_str": "o", "new_str": ""}]}}, "o"),
        ({"type": "update_content", "update_content": {"content_updates": [{"old_str": "zz", "new_str": ""}]}}, "zz"),
        (
            {"type": "insert_content", "insert_content": {"content": "x", "after": "y", "position": {"type": "end"}}},
            "after",
        ),
        ({"type": "replace_content", "replace_content": {"new_str": ""}, "markdown_version": "v2"}, "v2"),
    ],
)
def test_edits_that_are_refused(caller: Any, page: Any, body: Any, meant: str) -> None:
    assert meant in refused(caller, page["id"], body)


def test_blocks_are_read_by_their_id(caller: Any, page: Any) -> None:
    assert text(caller, ids(caller, page["id"])[1]) == "- two\n\t- three\n\t\t- four"
    hidden = "00000000-0000-4000-8000-000000000000"
    caller.error(404, "object_not_found", "GET", f"/v1/pages/{hidden}/markdown")
    for query in (("include_transcript", "yes"), ("markdown_version", "v3")):
        caller.error(400, "validation_error", "GET", f"/v1/pages/{page['id']}/markdown", query=[query])


def test_custom_emojis_are_known_by_name(caller: Any) -> None:
    identifier = "00000000-0000-4000-8000-0000000000e1"
    caller.sandbox.workspace.emojis[identifier] = CustomEmoji(id=identifier, name="buoy", url="https://e.example/b.png")
    body = {"parent": {"page_id": page_id("home")}, "markdown": "No :such: emoji"}
    assert text(caller, caller.ok("POST", "/v1/pages", body)["id"]) == "No :such: emoji"


def test_comments_take_markdown(caller: Any) -> None:
    parent = {"page_id": page_id("gallery")}
    comment = caller.ok("POST", "/v1/comments", {"parent": parent, "markdown": "See **this**"})
    assert [(each["plain_text"], each["annotations"]["bold"]) for each in comment["rich_text"]] == [
        ("See ", False),
        ("this", True),
    ]
    both = {"parent": parent, "markdown": "x", "rich_text": [{"text": {"content": "x"}}]}
    assert "body.markdown" in caller.error(400, "validation_error", "POST", "/v1/comments", both)


def test_edits_by_a_task(caller: Any, page: Any) -> None:
    command = {"type": "replace_content", "replace_content": {"new_str": "Later"}, "allow_async": True}
    response = caller.raw("PATCH", f"/v1/pages/{page['id']}/markdown", command)
    assert response.status == 202
    task = json.loads(response.content)
    assert task["operation"]["name"] == "update_page_markdown"
    states = [caller.ok("GET", f"/v1/async_tasks/{task['id']}") for _ in range(3)]
    assert states[-1]["result"]["markdown"] == text(caller, page["id"]) == "Later"
