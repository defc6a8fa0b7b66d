"""Parameters in whatever names and forms they come, and that none is misread, lost or overridden."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.errors import InvalidParams, NotionAgentError
from airbyte_agent_notion.mending import mended, titled
from airbyte_agent_notion.operations import NotionSurface

CATALOG = Catalog.of(NotionSurface)
ONE = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
TWO = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
URL = f"https://www.notion.so/My-Page-{ONE.replace('-', '')}"
VIEW_URL = f"{URL}?v={TWO.replace('-', '')}"
BLOCK_URL = f"{URL}#{TWO.replace('-', '')}"


def text(content):
    return [{"type": "text", "text": {"content": content}}]


def parsed(name, params):
    operation = CATALOG.find(*name.split("."))
    return CATALOG.parse(operation, mended(operation, params)).model_dump(exclude_unset=True, mode="json")


def refused(name, params):
    with pytest.raises(InvalidParams) as caught:
        parsed(name, params)
    return str(caught.value)


IDS = [
    ("pages.get", {"id": ONE}, {"page_id": ONE}),
    ("pages.get", {"pageId": ONE}, {"page_id": ONE}),
    ("pages.get", {"page-id": ONE}, {"page_id": ONE}),
    ("pages.get", {"PAGE_ID": ONE}, {"page_id": ONE}),
    ("pages.get", {"page": URL}, {"page_id": ONE}),
    ("pages.get", {"url": URL}, {"page_id": ONE}),
    ("pages.get", {"page_id": {"id": ONE}}, {"page_id": ONE}),
    ("pages.get", {"page_id": {"object": "page", "id": ONE, "url": URL}}, {"page_id": ONE}),
    ("pages.get", {"page_id": {"type": "page_id", "page_id": ONE}}, {"page_id": ONE}),
    ("pages.get", {"page_id": [ONE]}, {"page_id": ONE}),
    ("pages.get", {"page_ids": [ONE]}, {"page_id": ONE}),
    ("pages.get", {"page_id": f"<{URL}>"}, {"page_id": ONE}),
    ("pages.get", {"page_id": f"`{ONE}`"}, {"page_id": ONE}),
    ("pages.get", {"page_id": f"[My Page]({URL})"}, {"page_id": ONE}),
    ("pages.get", {"page_id": f'"{ONE}"'}, {"page_id": ONE}),
    ("pages.get", {"page_id": ONE, "id": URL}, {"page_id": ONE}),
    ("pages.get", {"entity": "page", "action": "get", "page_id": ONE}, {"page_id": ONE}),
    ("pages.get", {"params": {"page_id": ONE}}, {"page_id": ONE}),
    ("data_sources.get", {"data_source_id": f"collection://{ONE}"}, {"data_source_id": ONE}),
    ("data_sources.get", {"database_id": ONE}, {"data_source_id": ONE}),
    ("data_sources.update", {"database_id": ONE, "title": "x"}, {"data_source_id": ONE, "title": text("x")}),
    ("databases.get", {"db": VIEW_URL}, {"database_id": ONE}),
    ("blocks.list", {"page_id": ONE}, {"block_id": ONE}),
    ("blocks.list", {"page": BLOCK_URL}, {"block_id": TWO}),
    ("comments.list", {"page_id": ONE}, {"block_id": ONE}),
    ("views.get", {"view": VIEW_URL}, {"view_id": TWO}),
    ("users.get", {"user": {"object": "user", "id": ONE}}, {"user_id": ONE}),
    ("async_tasks.get", {"id": "task-1"}, {"task_id": "task-1"}),
    ("search.resolve", {"title": "Road map"}, {"reference": "Road map"}),
    ("pages.delete", {"id": ONE, "archived": True}, {"page_id": ONE}),
    ("pages.restore", {"page_id": ONE, "in_trash": "false"}, {"page_id": ONE}),
]
LISTS = [
    ("pages.list", {"q": "x", "limit": "20"}, {"query": "x", "page_size": 20}),
    ("pages.list", {"search": 2024, "max_results": 20.0}, {"query": "2024", "page_size": 20}),
    ("pages.list", {"next_cursor": "abc", "page_size": None}, {"start_cursor": "abc"}),
    ("pages.list", {"sort": "", "pageSize": "null"}, {}),
    ("pages.list", {"sort": "desc"}, {"sort": {"timestamp": "last_edited_time", "direction": "descending"}}),
    ("meeting_notes.query", {"count": 5}, {"limit": 5}),
    (
        "search.search",
        {"query": "x", "filter": "page"},
        {"query": "x", "filter": {"property": "object", "value": "page"}},
    ),
    ("search.search", {"object": "database"}, {"filter": {"property": "object", "value": "data_source"}}),
    ("search.search", {"filter": {"value": "Pages"}}, {"filter": {"property": "object", "value": "page"}}),
    (
        "pages.get",
        {"page_id": ONE, "fields": "Name, Status"},
        {"page_id": ONE, "filter_properties": ["Name", "Status"]},
    ),
    (
        "data_sources.query",
        {"data_source_id": ONE, "is_archived": " True "},
        {"data_source_id": ONE, "is_archived": True},
    ),
    ("custom_emojis.list", {"name": "bufo"}, {"name": "bufo"}),
]
SEARCHES = [
    ({"sort": "last_edited_time"}, {"sort": {"timestamp": "last_edited_time"}}),
    (
        {"sort": {"direction": "Descending"}},
        {"sort": {"timestamp": "last_edited_time", "direction": "descending"}},
    ),
    (
        {"sort": {"property": "last_edited_time", "direction": "asc"}},
        {"sort": {"timestamp": "last_edited_time", "direction": "ascending"}},
    ),
    (
        {"filter": {"object": "page", "in_trash": True}},
        {"filter": {"property": "object", "value": "page", "in_trash": True}},
    ),
]
QUERIES = [
    ({"filter": {"property": "Status", "value": "Done"}}, {"filter": {"Status": "Done"}}),
    (
        {"sorts": {"property": "A", "direction": "x", "nulls": 1}},
        {"sorts": [{"property": "A", "direction": "x", "nulls": 1}]},
    ),
    ({"sorts": [{"a": "ascending", "b": "descending"}]}, {"sorts": [{"a": "ascending", "b": "descending"}]}),
    ({"filter": '{"Status": "Done"}'}, {"filter": {"Status": "Done"}}),
    ({"filter": "{'Done': True, 'Owner': None}"}, {"filter": {"Done": True, "Owner": None}}),
    ({"filter": [{"Status": "Done"}]}, {"filter": {"Status": "Done"}}),
    ({"where": {"Tags": '["a", "b"]'}}, {"filter": {"Tags": ["a", "b"]}}),
    ({"filter": {"filter": {"Status": "Done"}}}, {"filter": {"Status": "Done"}}),
    ({"filter": {"property": "Status", "equals": "Done"}}, {"filter": {"Status": {"equals": "Done"}}}),
    (
        {"filter": {"property": "Due", "operator": "before", "value": "2026-12-01"}},
        {"filter": {"Due": {"before": "2026-12-01"}}},
    ),
    (
        {"filter": {"property": "Status", "status": '{"equals": "Done"}'}},
        {"filter": {"property": "Status", "status": {"equals": "Done"}}},
    ),
    ({"filter": {"and": '[{"Status": "Done"}]'}}, {"filter": {"and": [{"Status": "Done"}]}}),
    ({"sort": "Due desc"}, {"sorts": [{"Due desc": ""}]}),
    ({"sorts": "-Due"}, {"sorts": [{"-Due": ""}]}),
    ({"sorts": {"Due": "descending"}}, {"sorts": [{"Due": "descending"}]}),
    ({"order_by": {"field": "Due", "order": "DESC"}}, {"sorts": [{"property": "Due", "direction": "descending"}]}),
    ({"sorts": '[{"property": "Due"}]'}, {"sorts": [{"property": "Due", "direction": "ascending"}]}),
    ({"sorts": {"name": "ascending"}}, {"sorts": [{"name": "ascending"}]}),
]
PARENT = {"parent": {"page_id": ONE}}
PAGES = [
    ({"parent": {"type": "page_id", "page_id": ONE}}, {"parent": {"type": "page_id", "page_id": ONE}}),
    ({"parent": {"type": "page", "id": ONE}}, PARENT),
    ({"parent": {"pageId": ONE}}, PARENT),
    ({"parent": json.dumps({"page_id": ONE})}, PARENT),
    ({"parent": [{"page_id": ONE}]}, PARENT),
    ({"page_id": ONE}, PARENT),
    ({"parent_page_id": URL}, PARENT),
    ({"data_source_id": ONE}, {"parent": {"data_source_id": ONE}}),
    ({"parent": VIEW_URL}, {"parent": {"database_id": ONE}}),
    ({"parent": "workspace"}, {"parent": {"type": "workspace", "workspace": True}}),
    ({"title": "Hi", **PARENT}, {"properties": {"title": "Hi"}, **PARENT}),
    ({"name": "Hi", "properties": '{"Done": true}'}, {"properties": {"title": "Hi", "Done": True}}),
    ({"title": "Hi", "properties": {"title": "Hi"}}, {"properties": {"title": "Hi"}}),
    (
        {"properties": {"Name": '{"title": []}', "Tags": '["a"]'}},
        {"properties": {"Name": {"title": []}, "Tags": ["a"]}},
    ),
    ({"properties": {"Name": "[1]", "Note": '"quoted"', "Price": "{5}"}},) * 2,
    ({"icon": "🚀"}, {"icon": {"type": "emoji", "emoji": "🚀"}}),
    ({"emoji": "👩‍💻"}, {"icon": {"type": "emoji", "emoji": "👩‍💻"}}),
    (
        {"icon": "https://x.example/a.png"},
        {"icon": {"type": "external", "external": {"url": "https://x.example/a.png"}}},
    ),
    (
        {"cover": {"url": "https://x.example/a.png"}},
        {"cover": {"type": "external", "external": {"url": "https://x.example/a.png"}}},
    ),
    ({"template": "default"}, {"template": {"type": "default"}}),
    ({"template": ONE}, {"template": {"type": "template_id", "template_id": ONE}}),
    ({"position": "page_start"}, {"position": {"type": "page_start"}}),
    ({"content": "# Hi"}, {"markdown": "# Hi"}),
    ({"children": "Hi *there*"}, {"markdown": "Hi *there*"}),
    ({"children": ["one", "two"]}, {"markdown": "one\n\ntwo"}),
    ({"markdown": '{"a": 1}'}, {"markdown": '{"a": 1}'}),
    ({"blocks": {"type": "divider", "divider": {}}}, {"children": [{"type": "divider", "divider": {}}]}),
    ({"children": [{"paragraph": "Hi"}]}, {"children": [{"paragraph": {"rich_text": text("Hi")}}]}),
    (
        {"children": [{"type": "to_do", "text": "Hi", "checked": True}]},
        {"children": [{"type": "to_do", "to_do": {"rich_text": text("Hi"), "checked": True}}]},
    ),
    (
        {"children": [{"toggle": {"rich_text": "a", "children": ["b"]}}]},
        {
            "children": [
                {
                    "toggle": {
                        "rich_text": text("a"),
                        "children": [{"type": "paragraph", "paragraph": {"rich_text": text("b")}}],
                    }
                }
            ]
        },
    ),
]
WRITES = [
    ("pages.create", {"parent": {"page_id": ONE, "database_id": None}}, {"parent": {"page_id": ONE}}),
    (
        "search.search",
        {"filter": {"property": "object", "value": "page", "in_trash": "null"}},
        {"filter": {"property": "object", "value": "page"}},
    ),
    (
        "pages.update",
        {"page_id": ONE, "cover": None, "icon": "🚀"},
        {"page_id": ONE, "cover": None, "icon": {"type": "emoji", "emoji": "🚀"}},
    ),
    (
        "pages.create",
        {"cover": {"type": "external", "external": "https://x.example"}},
        {"cover": {"type": "external", "external": {"url": "https://x.example"}}},
    ),
    (
        "pages.create",
        {"children": [{"type": "to_do", "checked": True}]},
        {"children": [{"type": "to_do", "checked": True}]},
    ),
    (
        "pages.create",
        {"parent": {"object": "page", "id": ONE}},
        {"parent": {"page_id": ONE}},
    ),
    (
        "pages.update_markdown",
        {"page_id": ONE, "type": "replace_content", "new_str": "x"},
        {"page_id": ONE, "type": "replace_content", "replace_content": {"new_str": "x"}},
    ),
    (
        "pages.update_markdown",
        {"page_id": ONE, "insert_content": {"content": "x"}},
        {"page_id": ONE, "type": "insert_content", "insert_content": {"content": "x"}},
    ),
    (
        "comments.update",
        {"comment_id": ONE, "rich_text": ["a", {"text": "b"}, {"content": "c"}]},
        {"comment_id": ONE, "rich_text": [{"text": {"content": each}} for each in "abc"]},
    ),
    ("comments.update", {"comment_id": ONE, "rich_text": 5}, {"comment_id": ONE, "rich_text": text("5")}),
    (
        "blocks.append",
        {"block_id": ONE, "children": [{"paragraph": {"color": "red"}, "children": [{"divider": {}}]}]},
        {"block_id": ONE, "children": [{"paragraph": {"color": "red"}, "children": [{"divider": {}}]}]},
    ),
    (
        "pages.create",
        {"parent": {"type": "workspace", "workspace": "true"}},
        {"parent": {"type": "workspace", "workspace": True}},
    ),
    ("pages.update", {"page_id": ONE, "archived": True}, {"page_id": ONE, "in_trash": True}),
    ("pages.update", {"page_id": ONE, "name": "New"}, {"page_id": ONE, "properties": {"title": "New"}}),
    ("pages.update", {"page_id": ONE, "icon": None}, {"page_id": ONE, "icon": None}),
    ("pages.move", {"page_id": ONE, "database_id": TWO}, {"page_id": ONE, "parent": {"database_id": TWO}}),
    ("pages.move", {"page_id": ONE, "to": {"page_id": TWO}}, {"page_id": ONE, "parent": {"page_id": TWO}}),
    ("pages.edit", {"id": ONE, "old_str": "a", "new_str": ""}, {"page_id": ONE, "find": "a", "replace": ""}),
    (
        "pages.update_markdown",
        {"page_id": ONE, "old_str": "a", "new_str": "b"},
        {
            "page_id": ONE,
            "type": "update_content",
            "update_content": {"content_updates": [{"old_str": "a", "new_str": "b"}]},
        },
    ),
    ("blocks.append", {"page_id": ONE, "blocks": ["x"]}, {"block_id": ONE, "markdown": "x"}),
    (
        "blocks.append",
        {"block_id": ONE, "markdown": "x", "after": TWO},
        {"block_id": ONE, "markdown": "x", "position": {"type": "after_block", "after_block": {"id": TWO}}},
    ),
    (
        "blocks.append",
        {"block_id": ONE, "markdown": "x", "position": "top"},
        {"block_id": ONE, "markdown": "x", "position": {"type": "start"}},
    ),
    (
        "blocks.update",
        {"block_id": ONE, "paragraph": "x"},
        {"block_id": ONE, "block": {"paragraph": {"rich_text": text("x")}}},
    ),
    ("blocks.delete", {"id": ONE, "drop": TWO}, {"block_id": ONE, "drop": [TWO]}),
    ("comments.create", {"page_id": ONE, "text": "a_b_c"}, {"parent": {"page_id": ONE}, "rich_text": text("a_b_c")}),
    ("comments.create", {"parent": BLOCK_URL, "text": "x"}, {"parent": {"block_id": TWO}, "rich_text": text("x")}),
    (
        "comments.create",
        {"discussion_id": ONE, "rich_text": {"text": {"content": "x"}}},
        {"discussion_id": ONE, "rich_text": [{"text": {"content": "x"}}]},
    ),
    (
        "comments.create",
        {"discussion_id": ONE, "text": "x", "attachments": TWO},
        {"discussion_id": ONE, "rich_text": text("x"), "attachments": [{"file_upload_id": TWO}]},
    ),
    (
        "comments.create",
        {"discussion_id": ONE, "text": "x", "display_name": "Bot"},
        {"discussion_id": ONE, "rich_text": text("x"), "display_name": {"type": "custom", "custom": {"name": "Bot"}}},
    ),
    (
        "databases.create",
        {"parent": ONE, "title": "Tasks", "properties": {"Name": "title"}},
        {
            "parent": {"page_id": ONE},
            "title": text("Tasks"),
            "initial_data_source": {"properties": {"Name": {"title": {}}}},
        },
    ),
    (
        "data_sources.create",
        {"database_id": ONE, "properties": '{"N": {"title": {}}}'},
        {"parent": {"database_id": ONE}, "properties": {"N": {"title": {}}}},
    ),
    (
        "views.create",
        {"data_source_id": ONE, "database_id": TWO, "title": "V", "type": "Board"},
        {"data_source_id": ONE, "database_id": TWO, "name": "V", "type": "board"},
    ),
]
CASES = [
    *IDS,
    *LISTS,
    *(
        ("data_sources.query", {"data_source_id": ONE, **given}, {"data_source_id": ONE, **want})
        for given, want in QUERIES
    ),
    *(("search.search", given, want) for given, want in SEARCHES),
    *(("pages.create", given, want) for given, want in PAGES),
    *WRITES,
]


@pytest.mark.parametrize(("name", "params", "wanted"), CASES, ids=[f"{n}-{name}" for n, (name, *_) in enumerate(CASES)])
def test_what_is_meant_is_understood(name, params, wanted):
    before = json.dumps(params)
    assert parsed(name, params) == wanted
    assert json.dumps(params) == before


@pytest.mark.parametrize(("name", "params", "wanted"), CASES, ids=[f"{n}-{name}" for n, (name, *_) in enumerate(CASES)])
def test_what_is_right_stays_as_it_is(name, params, wanted):
    operation = CATALOG.find(*name.split("."))
    once = mended(operation, params)
    assert mended(operation, once) == once
    assert CATALOG.parse(operation, mended(operation, wanted)) == CATALOG.parse(operation, wanted)


@pytest.mark.parametrize(
    ("name", "params", "said"),
    [
        ("pages.get", {"page_id": ONE, "id": TWO}, "id and page_id mean the same and differ"),
        ("pages.get", {"page_id": ONE, "page": TWO}, "page and page_id mean the same and differ"),
        ("pages.get", {"page_id": [ONE, TWO]}, "page_id: must be a string"),
        ("pages.get", {"page_id": {"object": "database", "id": ONE}}, "page_id: must be a string"),
        ("pages.get", {"page_id": "..."}, "page_id: not a Notion id"),
        ("pages.get", {"page_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f"}, "page_id: not a Notion id"),
        ("pages.get", {"page_id": ONE, "zzz": 1}, "there is no parameter 'zzz'"),
        ("pages.list", {"page_size": 500}, "page_size must be at most 100; follow next_cursor"),
        ("pages.list", {"limit": 500}, "page_size must be at most 100; follow next_cursor"),
        ("pages.list", {"page_size": True}, "page_size must be a whole number"),
        ("pages.list", {"page_size": "many"}, "page_size must be a whole number"),
        ("pages.list", {"page": 2}, "there is no parameter 'page'"),
        ("databases.query", {"data_source_id": ONE}, "with a data source's id call data_sources.query"),
        ("data_sources.query", {"data_source_id": ONE, "filter": "Status = Done"}, "filter must be an object, e.g. {"),
        ("data_sources.query", {"data_source_id": ONE, "filter": [{"a": 1}, {"b": 1}]}, "filter must be an object"),
        (
            "pages.create",
            {"parent": ONE},
            'parent must say what it is: {"page_id": "..."} or {"data_source_id": "..."}',
        ),
        ("pages.create", {"parent": URL}, "parent must say what it is"),
        ("pages.create", {"parent_id": ONE}, "parent must say what it is"),
        ("pages.create", {"parent": {"id": ONE}}, "parent must say what it is"),
        ("pages.create", {"parent": {"page_id": ONE}, "database_id": TWO}, "mean the same and differ"),
        ("pages.create", {"title": "a", "properties": {"title": "b"}}, "give the title once"),
        ("pages.create", {"parent": {"page_id": ONE}, "Status": "Done"}, 'properties: {"properties": {"Status": ...}}'),
        ("pages.create", {"icon": "rocket"}, 'icon must be an object, e.g. {"'),
        ("pages.move", {"page_id": ONE, "parent": TWO}, "parent must say what it is"),
        ("comments.create", {"parent": ONE, "text": "x"}, '{"page_id": "..."} or {"block_id": "..."}'),
        ("pages.restore", {"page_id": ONE, "in_trash": True}, "there is no parameter 'in_trash'"),
        ("pages.update", {"page_id": ONE}, "nothing to change is given. Give at least one of properties"),
        ("pages.update", {"page_id": ONE, "properties": "{}", "drop": []}, "nothing to change is given"),
        ("pages.update", {"page_id": ONE, "is_locked": None}, "nothing to change is given"),
        ("pages.update", {"page_id": ONE, "content": "x"}, "text is changed with pages.edit"),
        ("databases.update", {"database_id": ONE, "page_id": TWO, "title": "x"}, "there is no parameter 'page_id'"),
        ("databases.update", {"database_id": ONE}, "Give at least one of parent, title"),
        ("blocks.update", {"block_id": ONE, "text": "x"}, 'say the block\'s type: {"paragraph"'),
        ("users.get", {"user_id": "me"}, "users.get_me"),
        ("users.get", {"user_id": [[[[[ONE]]]]]}, "user_id: must be a string"),
        ("blocks.append", {"block_id": ONE, "markdown": "x", "position": 5}, "position must be an object"),
        ("pages.create", {"properties": "Name: x"}, "properties must be an object"),
        ("comments.update", {"comment_id": ONE, "rich_text": True}, "rich_text must be a list"),
        ("comments.update", {"comment_id": ONE, "rich_text": "x" * 300_000}, "rich_text must be a list"),
        ("search.search", {"filter": {"property": "Status", "value": "page"}}, "filter.property must be 'object'"),
        ("search.search", {"sort": "by name"}, "sort must be an object"),
        ("data_sources.query", {"data_source_id": ONE, "filter": 5}, "filter must be an object"),
        ("blocks.append", {"block_id": ONE, "children": 5}, "children must be a list"),
        ("blocks.append", {"block_id": ONE, "children": [5]}, "children.0 must be an object"),
        ("pages.update", {"page_id": ONE, "icon": "none"}, "icon must be an object"),
        ("pages.create", {"parent": 5}, "parent must be an object"),
    ],
)
def test_what_is_not_sure_is_refused_with_the_fix(name, params, said):
    assert said in refused(name, params)


def test_a_handle_of_a_parent_says_what_it_is():
    operation = CATALOG.find("pages", "create")
    for handle, place in (("p123456789", "page_id"), ("ds123456789", "data_source_id"), ("db123456789", "database_id")):
        assert mended(operation, {"parent": handle}) == {"parent": {place: handle}}
    assert titled(operation, {"parent": {"page_id": "p123456789"}}) == []
    with pytest.raises(InvalidParams):
        mended(operation, {"parent": "u123456789"})


def test_what_is_nested_too_deeply_is_left_alone():
    deep = "x"
    for _ in range(60):
        deep = {"a": deep}
    assert mended(CATALOG.find("pages", "create"), {"properties": {"Name": deep}}) == {"properties": {"Name": deep}}
    content = []
    for _ in range(60):
        content = [{"toggle": {"rich_text": [], "children": content}}]
    assert mended(CATALOG.find("blocks", "append"), {"children": content}) == {"children": content}


def test_nothing_is_lost():
    operation = CATALOG.find("pages", "get")
    found = mended(operation, {"page_id": ONE, "zzz": 1, "yyy": None})
    assert found == {"page_id": ONE, "zzz": 1, "yyy": None}


def encoded(value, draw):
    """The value with objects and arrays in it as JSON text, some once, some up to three times."""
    if isinstance(value, dict):
        value = {name: encoded(item, draw) for name, item in value.items()}
    elif isinstance(value, list):
        value = [encoded(item, draw) for item in value]
    else:
        return value
    for _ in range(draw(st.integers(0, 3))):
        value = json.dumps(value)
    return value


RIGHT = [
    (
        "data_sources.query",
        {"data_source_id": ONE, "filter": {"Status": "Done", "Due": {"before": "2026-12-01"}, "Tags": ["a", "b"]}},
    ),
    (
        "data_sources.query",
        {
            "data_source_id": ONE,
            "filter": {"and": [{"property": "A", "status": {"equals": "B"}}, {"or": [{"C": "d"}]}]},
            "sorts": [{"property": "Due", "direction": "ascending"}, {"Name": "descending"}],
            "filter_properties": ["a", "b"],
            "page_size": 5,
        },
    ),
    (
        "search.search",
        {
            "query": "x",
            "filter": {"property": "object", "value": "page"},
            "sort": {"timestamp": "last_edited_time", "direction": "ascending"},
        },
    ),
    (
        "pages.create",
        {
            "parent": {"page_id": ONE},
            "icon": {"type": "external", "external": {"url": "https://x.example"}},
            "properties": {
                "Name": {"title": [{"text": {"content": "x"}}]},
                "Tags": ["a", "b"],
                "Due": {"date": {"start": "2026-12-01"}},
            },
        },
    ),
    (
        "pages.create",
        {
            "parent": {"type": "data_source_id", "data_source_id": ONE},
            "children": [
                {"type": "paragraph", "paragraph": {"rich_text": [{"text": {"content": "x"}}], "color": "red"}},
                {
                    "type": "toggle",
                    "toggle": {
                        "rich_text": [{"text": {"content": "y", "link": {"url": "https://x.example"}}}],
                        "children": [{"type": "divider", "divider": {}}],
                    },
                },
                {
                    "type": "table",
                    "table": {"table_width": 1, "children": [{"table_row": {"cells": [[{"text": {"content": "z"}}]]}}]},
                },
            ],
        },
    ),
    (
        "pages.update_markdown",
        {
            "page_id": ONE,
            "type": "update_content",
            "update_content": {"content_updates": [{"old_str": "a", "new_str": "b"}]},
        },
    ),
    (
        "blocks.append",
        {
            "block_id": ONE,
            "children": [{"type": "heading_1", "heading_1": {"rich_text": [{"text": {"content": "x"}}]}}],
            "position": {"type": "after_block", "after_block": {"id": TWO}},
        },
    ),
    (
        "blocks.update",
        {"block_id": ONE, "block": {"to_do": {"checked": True, "rich_text": [{"text": {"content": "x"}}]}}},
    ),
    (
        "comments.create",
        {
            "parent": {"page_id": ONE},
            "rich_text": [{"text": {"content": "x"}}],
            "attachments": [{"file_upload_id": TWO}],
        },
    ),
    (
        "databases.create",
        {
            "parent": {"page_id": ONE},
            "title": [{"text": {"content": "x"}}],
            "initial_data_source": {
                "properties": {"Name": {"title": {}}, "S": {"select": {"options": [{"name": "a"}]}}}
            },
        },
    ),
    (
        "views.create",
        {
            "data_source_id": ONE,
            "database_id": TWO,
            "name": "x",
            "type": "board",
            "filter": {"A": "b"},
            "configuration": {"type": "board", "group_by": {"type": "select", "property_id": "x"}},
            "position": {"type": "start"},
        },
    ),
    (
        "meeting_notes.query",
        {
            "filter": {
                "operator": "and",
                "filters": [{"property": "title", "filter": {"operator": "string_contains", "value": "x"}}],
            },
            "sort": [{"property": "created_time", "direction": "descending"}],
        },
    ),
]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(("name", "params"), RIGHT, ids=[f"{n}-{name}" for n, (name, _) in enumerate(RIGHT)])
def test_json_text_at_any_depth_is_the_same_call(name, params, data):
    given_params = {key: encoded(value, data.draw) for key, value in params.items()}
    assert parsed(name, given_params) == parsed(name, params)


KEYS = sorted({field for operation in CATALOG.operations() for field in operation.model_fields})
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from([ONE, URL, *KEYS]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(CATALOG.operations()),
    st.dictionaries(st.text(max_size=8) | st.sampled_from([*KEYS, "id", "url", "content", "parent_id", "params"]), ODD),
)
def test_any_parameters_are_understood_or_refused(operation, params):
    with contextlib.suppress(NotionAgentError):
        found = mended(operation, params)
        titled(operation, found)
        CATALOG.parse(operation, found)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_text_is_never_looked_into(content):
    for name, key in (("pages.create", "markdown"), ("pages.list", "query"), ("search.resolve", "reference")):
        assert mended(CATALOG.find(*name.split(".")), {key: content}).get(key) == content
    values = mended(CATALOG.find("pages", "create"), {"properties": {"Name": f"x{content}"}})["properties"]
    assert values == {"Name": f"x{content}"}
