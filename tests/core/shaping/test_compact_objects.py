"""Schemas, databases, views, people, comments, files, plans and what else is no page, as compact text."""

from typing import Any

import pytest
from shaped_results import (
    BLOCK,
    DATABASE,
    PAGE,
    SIGNED,
    SOURCE,
    STAMP,
    USER,
    listed,
    page,
    rich,
    shaped,
    uid,
    value,
    words,
)

from airbyte_agent_notion.shaping.shape import unnamed

OPTIONS = [{"id": "a", "name": "Open", "color": "red"}, {"id": "b", "name": "Done, really", "description": "All of it"}]


def column(name: str, kind: str, settings: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": name.upper(), "name": name, "type": kind, kind: settings or {}, **more}


SCHEMA = {
    "object": "data_source",
    "id": SOURCE,
    "title": rich("Tasks"),
    "description": rich("All tasks"),
    "parent": {"type": "database_id", "database_id": DATABASE},
    "last_edited_time": STAMP,
    "properties": {
        column["name"]: column
        for column in (
            column("Tags", "multi_select", {"options": OPTIONS}),
            column("Name", "title"),
            column(
                "State",
                "status",
                {
                    "options": OPTIONS,
                    "groups": [{"name": "To-do", "option_ids": ["a"]}, {"name": "Complete", "option_ids": ["b"]}],
                },
            ),
            column("Price", "number", {"format": "euro"}, description="Net"),
            column("Count", "number", {"format": "number"}),
            column("Twin", "relation", {"data_source_id": uid(8), "dual_property": {"synced_property_name": "Back"}}),
            column("Sum", "rollup", {"function": "sum", "rollup_property_name": "A", "relation_property_name": "Twin"}),
            column("Calc", "formula", {"expression": "{{notion:block_property:COUNT:x:y}} + 1"}),
            column("No", "unique_id", {"prefix": "T"}),
            column("Odd", "new_kind", {"setting": 1}),
        )
    },
}
SCHEMA_TEXT = r"""data source ds2 in db3
title: Tasks
description: All tasks
Columns:
Name: title
Calc: formula: prop("Count") + 1
Count: number
No: unique_id T-
Odd: new_kind {"setting":1}
Price: number euro (Net)
State: status: To-do [Open], Complete [Done\, really (All of it)]
Sum: rollup: sum of A via Twin
Tags: multi_select: Open, Done\, really (All of it)
Twin: relation to ds8, there Back"""


def test_a_schema_has_a_line_for_every_column():
    result = shaped("data_sources.get", SCHEMA)
    assert result.body == SCHEMA_TEXT
    assert result.source == "data source ds2"


def test_several_data_sources_have_one_line_each():
    result = shaped("data_sources.list", listed({**SCHEMA, "properties": {"N": column("N", "title")}}, cursor="c"))
    assert result.body == "id|title|in|columns\nds2|Tasks|db3|N title"
    assert result.said == "1 data source; there are more."


def test_a_database_names_its_data_sources():
    found = {
        "object": "database",
        "id": DATABASE,
        "title": rich("Hub"),
        "description": [],
        "parent": {"type": "page_id", "page_id": PAGE},
        "data_sources": [{"id": SOURCE, "name": "Tasks"}, {"id": uid(8), "name": "A, B"}],
        "is_inline": True,
        "last_edited_time": STAMP,
    }
    assert "outside the allowed roots" in shaped("databases.get", {**found, "left_out": "x"}).said
    assert "Not verified: Why." in shaped("databases.get", {**found, "unverified": "Why."}).said
    body = shaped("databases.get", found).body
    assert (
        body == "database db3 in p1, edited 2026-06-18T17:51Z, inline\ntitle: Hub\ndata sources: ds2 Tasks, ds8 A\\, B"
    )


def test_a_view_says_what_it_shows():
    found = {
        "object": "view",
        "id": uid(6),
        "parent": {"type": "database_id", "database_id": DATABASE},
        "data_source_id": SOURCE,
        "name": "Mine",
        "type": "table",
        "filter": {"property": "S", "status": {"equals": "Done"}},
        "sorts": None,
        "configuration": {"type": "table"},
    }
    lines = shaped("views.get", found).body.split("\n")
    assert lines == [
        "view v6 in db3",
        "name: Mine",
        "type: table",
        "rows of: ds2",
        'filter: {"property":"S","status":{"equals":"Done"}}',
    ]
    listing = shaped("views.list", listed({"object": "view", "id": uid(6)}), database_id=DATABASE)
    assert (listing.body, listing.said, listing.source) == ("v6", "1 view; no more.", "views of db3")


def test_a_views_query_says_how_to_go_on():
    found = {
        "object": "view_query",
        "id": uid(6),
        "view_id": uid(7),
        "total_count": 120,
        "results": [{"object": "page", "id": PAGE}],
        "has_more": True,
        "next_cursor": "abc",
    }
    result = shaped("views.query", found, view_id=uid(7))
    assert result.body == "p1"
    assert "120 in all" in result.said
    assert "start_cursor abc" in result.said
    freed = shaped("views.delete_query", {"object": "view_query", "id": uid(6), "deleted": True})
    assert (freed.body, freed.said) == ("", "The query was freed.")


def comment(number: int, text: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "object": "comment",
        "id": uid(number),
        "parent": {"type": "page_id", "page_id": PAGE},
        "discussion_id": uid(50),
        "rich_text": text,
        "created_by": {"object": "user", "id": USER},
        "created_time": STAMP,
        "last_edited_time": STAMP,
        **more,
    }


def test_comments_have_one_line_each():
    named = comment(11, [words("Yes, "), words("really", bold=True)], display_name={"resolved_name": "Jane"})
    attached = comment(12, rich("a|b\nc"), attachments=[{"category": "image", "file": {"url": SIGNED}}])
    result = shaped("comments.list", listed(named, attached), block_id=BLOCK)
    assert result.body.split("\n") == [
        "All: at 2026-06-18T17:51Z|in p1|discussion d50",
        "id|by|text|attached",
        "c11|Jane|Yes, **really**|",
        r"c12|u5|a\|b<br>c|image (file(p12))",
    ]
    assert unnamed(listed(named, attached)) == {USER}
    assert unnamed(named) == set()


def test_users_have_one_line_each():
    person = {"object": "user", "id": USER, "name": "Jane", "type": "person", "person": {"email": "j@x.com"}}
    bot = {"object": "user", "id": uid(6), "name": "Bot", "type": "bot", "bot": {"workspace_name": "W"}}
    assert shaped("users.list", listed(person, bot)).body.split("\n") == [
        "id|name|email|type|workspace",
        "u5|Jane|j@x.com|person|",
        "u6|Bot||bot|W",
    ]
    assert shaped("users.get", person).body == "id|name|email|type\nu5|Jane|j@x.com|person"


def test_names_to_be_looked_up():
    found = page(
        1,
        People=value("people", [{"id": uid(60)}, {"id": uid(61), "name": "Known"}]),
        By=value("created_by", {"object": "user", "id": uid(62)}),
        Roll=value("rollup", {"type": "array", "array": [{"type": "people", "people": [{"id": uid(63)}]}]}),
        Check=value("verification", {"state": "verified", "verified_by": {"id": uid(64)}}),
    )
    assert unnamed(found) == {uid(60), uid(62), uid(63), uid(64)}
    assert unnamed(listed(found)) == unnamed(found)
    assert unnamed(listed({"object": "property_item", "type": "people", "people": {"id": uid(65)}})) == {uid(65)}
    meeting = {
        "type": "meeting_notes",
        "meeting_notes": {"calendar_event": {"attendees": [uid(66)]}},
        "object": "block",
    }
    assert unnamed({"results": [meeting]}) == {uid(66)}
    assert unnamed("text") == unnamed(None) == set()


def test_uploads_and_files():
    found = {
        "object": "file_upload",
        "id": uid(9),
        "status": "pending",
        "filename": "a.txt",
        "content_type": "text/plain",
        "content_length": 25,
        "expiry_time": "2026-07-04T10:11:00.000Z",
        "upload_url": "https://api.notion.com/v1/file_uploads/x/send",
    }
    assert shaped("file_uploads.get", found).body == (
        "id|filename|status|content_type|content_length|until\nf9|a.txt|pending|text/plain|25|2026-07-04T10:11Z"
    )
    kept = {
        "object": "file",
        "id": "notion-file:x/y",
        "name": "a.png",
        "type": "image",
        "url": SIGNED,
        "parent": {"type": "page_id", "page_id": PAGE},
    }
    result = shaped("files.get", kept)
    assert result.body == "file file(p1)\nname: a.png\ntype: image\nin: p1"
    assert "Python" in result.said


def test_property_items_are_one_value():
    items = [{"object": "property_item", "type": "relation", "relation": {"id": uid(n)}} for n in (7, 8)]
    assert shaped("pages.get_property", listed(*items)).body == "p7, p8"
    text = {"object": "property_item", "type": "rich_text", "rich_text": words("Hi")}
    assert shaped("pages.get_property", listed(text, text)).body == "HiHi"
    total = {"type": "rollup", "rollup": {"type": "number", "number": 5, "function": "sum"}}
    assert shaped("pages.get_property", listed(*items, property_item=total)).body == "p7, p8\nsum: 5"
    assert shaped("pages.get_property", {"object": "property_item", "type": "number", "number": 5}).body == "5"


def test_templates_emojis_and_tasks():
    template = {"id": uid(9), "name": "Weekly", "is_default": True}
    other = {"id": uid(8), "name": "Blank", "is_default": False}
    assert shaped("data_sources.list_templates", listed(template, other)).body == (
        "id|name|default\np9|Weekly|yes\np8|Blank|"
    )
    emoji = {"id": uid(9), "name": "bufo", "url": "https://x/y.png"}
    assert shaped("custom_emojis.list", listed(emoji)).body == "id|name\no9|bufo"
    done = {
        "object": "async_task",
        "id": "t",
        "status": "succeeded",
        "operation": {"name": "x"},
        "result": page(1, "T"),
    }
    assert shaped("async_tasks.get", done).body.startswith("task t\nstatus: succeeded\noperation: x\npage p1 in ds2")
    failed = {"object": "async_task", "id": "t", "status": "failed", "error": {"code": "c", "message": "m"}}
    assert (
        shaped("async_tasks.get", {"object": "async_task", "id": "t", "status": "queued"}).body
        == "task t\nstatus: queued"
    )
    assert shaped("async_tasks.get", failed).body == "task t\nstatus: failed\nerror: c m"


def plan(*requests: Any) -> dict[str, Any]:
    return {"object": "dry_run", "operation": "x.y", "effect": "write", "sent": False, "requests": [*requests]}


def test_a_plan_says_what_would_change():
    update = {
        "operation": "pages.update",
        "method": "PATCH",
        "path": f"/v1/pages/{uid(1).replace('00000000-', '10000000-')}",
        "body": {"properties": {"Status": "no matter"}},
        "difference": {
            "properties": {
                "Status": {"from": "Open", "to": "Done"},
                "Note": {"from": None, "to": "a\nb"},
                "Tags": {"from": ["a", "b, c"], "to": []},
                "Due": {"from": {"start": "2026-01-01"}, "to": {"start": "2026-01-01", "end": "2026-01-02"}},
                "Size": {"from": 1, "to": 2.5},
            },
            "moved": None,
            "pages": [{"object": "page", "id": "10000000-0000-4000-8000-000000000007"}],
            "trashed": {"blocks": 3, "block_id": "10000000-0000-4000-8000-000000000004"},
        },
    }
    result = shaped("pages.update", plan(update))
    assert result.body.split("\n") == [
        "pages.update p1",
        'pages: [{"id":"p7"}]',
        "Due: 2026-01-01 -> 2026-01-01/2026-01-02",
        r"Note: (empty) -> a\nb",
        "Size: 1 -> 2.5",
        "Status: Open -> Done",
        r"Tags: a, b\, c -> (empty)",
        'trashed: {"block_id":"b4","blocks":3}',
    ]
    assert result.said.startswith("Nothing was sent")


def test_a_plan_names_what_is_made_and_says_what_is_sent_where_it_knows_no_more():
    create = {
        "operation": "pages.create",
        "path": "/v1/pages",
        "difference": {
            "created": {
                "object": "page",
                "in": {"data_source_id": "10000000-0000-4000-8000-000000000002"},
                "properties": {"Name": "A"},
                "blocks": 2,
            }
        },
    }
    later = {"operation": "blocks.append", "path": f"/v1/blocks/{uid(9)}/children", "body": {"x": 1}, "difference": {}}
    top = {"operation": "comments.create", "path": "/v1/c", "difference": {"created": {"in": {"workspace": True}}}}
    assert shaped("pages.create", plan(create, later, top)).body.split("\n") == [
        "pages.create",
        "created: page in ds2",
        "blocks: 2",
        "Name: A",
        "blocks.append (new)",
        'body: {"x":1}',
        "comments.create",
        'created: {"workspace":true}',
    ]


def test_what_a_reference_means():
    found = {
        "object": "database",
        "id": DATABASE,
        "title": "Hub",
        "url": None,
        "data_sources": [{"id": SOURCE, "name": "T"}],
    }
    assert shaped("search.resolve", found).body == "database db3\ntitle: Hub\ndata sources: ds2 T"
    unsure = shaped(
        "search.resolve", {"object": "page", "id": PAGE, "title": "A", "url": "https://x.y/a", "complete": False}
    )
    assert unsure.body == "page p1, https://x.y/a\ntitle: A"
    assert "more hits" in unsure.said


def test_text_of_pages():
    text = f"# One\n<page https://app.notion.com/p/{PAGE.replace('-', '')}>P</page>\n```\n# code\n```\n## Two"
    result = shaped(
        "pages.read", {"object": "page_text", "id": PAGE, "markdown": text, "complete": True, "missing": []}
    )
    assert "<page p1>P</page>" in result.body
    assert (result.source, result.said) == ("text of page p1", "")
    assert result.outline == "- One (45 chars)\n  - Two (6 chars)"
    lost = {"object": "page_text", "id": PAGE, "markdown": "x", "complete": False, "missing": [BLOCK, PAGE]}
    assert shaped("pages.read", lost).said == (
        "The end of the page could not be read. Not shown: b4; each can be read by itself."
    )
    outline = {"object": "page_text", "id": PAGE, "outline": "# One", "complete": True, "missing": []}
    assert shaped("pages.read", outline).body == "# One"
    edited = {"object": "page_text", "id": PAGE, "markdown": "", "changed": False, "complete": True, "missing": []}
    assert shaped("pages.edit", edited).said == "There was nothing to change."
    notions = {"object": "page_markdown", "id": PAGE, "markdown": f"![]({SIGNED})\n", "unknown_block_ids": [BLOCK]}
    assert shaped("pages.get_markdown", notions).body == "![](file(p1))\n"
    assert "b4" in shaped("pages.get_markdown", notions).said
    warned = {"object": "page_markdown", "id": PAGE, "markdown": "x", "warnings": ["a\nb"], "truncated": True}
    result = shaped("pages.update_markdown", warned)
    assert (result.body, result.said) == (r"x" + "\n" + r"Warning: a\nb", "The text is not complete.")
    changed = {"object": "page_text", "id": PAGE, "markdown": "x", "changed": True, "complete": True, "missing": []}
    assert shaped("pages.edit", changed).said == "This is the part that has changed."
    empty = {"object": "page_markdown", "id": PAGE, "markdown": "", "truncated": False, "unknown_block_ids": []}
    assert shaped("pages.get_markdown", empty).said == "The page has no text."


@pytest.mark.parametrize("result", [{"object": "surprise", "id": "x", "none": None}, ["a", 1], 5, True])
def test_what_is_unknown_is_lean_json(result: Any):
    body = shaped("x.y", result).body
    assert body == {"dict": '{"id":"x"}', "list": '["a",1]', "int": "5", "bool": "true"}[type(result).__name__]
