"""Blocks: appended, updated, put into the trash; what each type takes and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from writes import BOT, HOME, PRIVATE, UNKNOWN, Writes, paragraph, small, text

from airbyte_agent_notion.sandbox.parse.block_types import BLOCK_TYPES, LANGUAGES


@pytest.fixture
def writes() -> Writes:
    return small()


URL = "https://x.example/dir/a%20b.png?x=1"
FILE = {"type": "external", "external": {"url": URL}}
ROW = {"table_row": {"cells": [text("a"), []]}}
COLUMNS = {"column_list": {"children": [{"column": {"children": []}}, {"column": {"children": [paragraph("In")]}}]}}

# What is sent, and what comes back beside rich text.
CREATED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "paragraph": ({"rich_text": text("x")}, {"color": "default", "icon": None}),
    "heading_1": ({"rich_text": text("x")}, {"color": "default", "is_toggleable": False}),
    "heading_2": (
        {"rich_text": text("x"), "color": "red_background"},
        {"color": "red_background", "is_toggleable": False},
    ),
    "heading_3": ({"rich_text": [], "is_toggleable": True}, {"color": "default", "is_toggleable": True}),
    "heading_4": ({"rich_text": text("x")}, {"color": "default", "is_toggleable": False}),
    "bulleted_list_item": ({"rich_text": text("x")}, {"color": "default"}),
    "numbered_list_item": ({"rich_text": text("x")}, {"color": "default"}),
    "quote": ({"rich_text": text("x"), "children": [paragraph("y")]}, {"color": "default"}),
    "toggle": ({"rich_text": text("x")}, {"color": "default"}),
    "to_do": ({"rich_text": text("x"), "checked": True}, {"color": "default", "checked": True}),
    "callout": (
        {"rich_text": text("x"), "icon": {"emoji": "💡"}},
        {"color": "default", "icon": {"type": "emoji", "emoji": "💡"}},
    ),
    "code": ({"rich_text": text("x"), "language": "c++"}, {"caption": [], "language": "c++"}),
    "equation": ({"expression": "e"}, {"expression": "e"}),
    "divider": ({}, {}),
    "breadcrumb": ({}, {}),
    "table_of_contents": ({}, {"color": "default"}),
    "tab": ({"children": [paragraph("Tab", icon={"emoji": "🌊"}, children=[paragraph("In")])]}, {}),
    "column_list": (COLUMNS["column_list"], {}),
    "table": (
        {"table_width": 2, "children": [ROW]},
        {"table_width": 2, "has_column_header": False, "has_row_header": False},
    ),
    "synced_block": ({"synced_from": None, "children": [paragraph("x")]}, {"synced_from": None}),
    "link_to_page": ({"page_id": HOME}, {"type": "page_id", "page_id": HOME}),
    "bookmark": ({"url": URL}, {"url": URL, "caption": []}),
    "embed": ({"url": URL}, {"url": URL, "caption": []}),
    **{kind: (dict(FILE), {**FILE, "caption": []}) for kind in ("image", "video", "audio", "pdf")},
    "file": (dict(FILE), {**FILE, "caption": [], "name": "a b.png"}),
}
ELSEWHERE = {"column", "table_row"}
READ_ONLY = {"template", "link_preview", "child_page", "child_database", "meeting_notes", "unsupported"}


def test_every_type_is_accounted_for() -> None:
    assert set(CREATED) | ELSEWHERE | READ_ONLY == set(BLOCK_TYPES)
    assert len(LANGUAGES) == len(set(LANGUAGES)) > 85


@pytest.mark.parametrize("kind", CREATED)
def test_creating_every_type(writes: Writes, kind: str) -> None:
    sent, expected = CREATED[kind]
    [made] = writes.append(HOME, {"object": "block", "type": kind, kind: sent})
    assert (made["object"], made["type"], made["in_trash"]) == ("block", kind, False)
    assert made["parent"] == {"type": "page_id", "page_id": HOME}
    assert made["created_by"] == made["last_edited_by"] == {"object": "user", "id": BOT}
    payload = dict(made[kind])
    if "rich_text" in sent:
        assert [each["plain_text"] for each in payload.pop("rich_text")] == ["x"] * len(sent["rich_text"])
    assert payload == expected
    assert made["has_children"] is bool(sent.get("children"))
    [without_type] = writes.append(HOME, {kind: sent})
    assert without_type["type"] == kind
    assert [each["id"] for each in writes.children(HOME)] == [made["id"], without_type["id"]]


@pytest.mark.parametrize("kind", sorted(READ_ONLY | ELSEWHERE))
def test_types_that_cannot_be_created(writes: Writes, kind: str) -> None:
    message = writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [{kind: {}}]})
    assert message == f"body failed validation: body.children[0].{kind} should be not present, instead was `{{}}`."


def test_the_older_version_knows_transcriptions(writes: Writes) -> None:
    writes.version = "2025-09-03"
    body = {"children": [{"transcription": {}}]}
    assert "transcription should be not present" in writes.refused("PATCH", f"blocks/{HOME}/children", body)
    assert "type should be defined" in writes.refused(
        "PATCH", f"blocks/{HOME}/children", {"children": [{"meeting_notes": {}}]}
    )


CONTENT = "body.children[0].paragraph.rich_text[0].text.content.length should be ≤ `2000`, instead was `2001`."
WRONG: list[tuple[Any, str]] = [
    ({}, "body.children[0].type should be defined, instead was `undefined`."),
    ({"type": "paragraph"}, "body.children[0].paragraph should be defined"),
    ({"type": "paragraf", "paragraf": {}}, 'body.children[0].type should be `"paragraph"`, '),
    ({"paragraph": {}}, "body.children[0].paragraph.rich_text should be defined"),
    ({"paragraph": {"rich_text": "x"}}, 'body.children[0].paragraph.rich_text should be an array, instead was `"x"`.'),
    ({"paragraph": {"rich_text": text("x" * 2001)}}, CONTENT),
    ({"paragraph": {"rich_text": text("🐟" * 1001)}}, "instead was `2002`"),
    ({"paragraph": {"rich_text": text("x") * 101}}, "body.children[0].paragraph.rich_text.length should be ≤ `100`"),
    ({"paragraph": {"rich_text": [{"text": {}}]}}, "rich_text[0].text.content should be defined"),
    ({"paragraph": {"rich_text": [{"text": {"content": "x", "link": {"url": "no url"}}}]}}, "Invalid URL for link."),
    (
        {"paragraph": {"rich_text": [{"text": {"content": "x", "link": {"url": "https://x/" + "y" * 1991}}}]}},
        "≤ `2000`",
    ),
    ({"paragraph": {"rich_text": [{"equation": {"expression": "x" * 1001}}]}}, "≤ `1000`"),
    ({"paragraph": {"rich_text": [{"text": {"content": "x"}, "annotations": {"color": "mauve"}}]}}, "color should be"),
    (
        {"paragraph": {"rich_text": [{"text": {"content": "x"}, "annotations": {"bold": 1}}]}},
        "bold should be a boolean",
    ),
    ({"paragraph": {"rich_text": [{"mention": {"link_preview": {"url": URL}}}]}}, "rich_text[0].mention."),
    ({"paragraph": {"rich_text": [{"mention": {"date": {"start": "soon"}}}]}}, "valid ISO 8601 date string"),
    ({"paragraph": {"rich_text": [{"mention": {"page": {"id": "x"}}}]}}, "a valid uuid"),
    ({"paragraph": {"rich_text": [], "colour": "red"}}, "paragraph.colour should be not present"),
    ({"paragraph": {"rich_text": [], "color": "mauve"}}, "paragraph.color should be"),
    ({"paragraph": {"rich_text": [], "icon": {"emoji": "🌊"}}}, "paragraph.icon should be not present"),
    (
        {"paragraph": {"rich_text": []}, "heading_1": {"rich_text": []}},
        "body.children[0].heading_1 should be not present",
    ),
    ({"paragraph": {"rich_text": []}, "has_children": False}, "body.children[0].has_children should be not present"),
    ({"paragraph": {"rich_text": []}, "in_trash": False}, "body.children[0].in_trash should be not present"),
    ({"heading_1": {"rich_text": [], "children": [paragraph()]}}, "heading_1.children should be not present"),
    ({"divider": {"children": []}}, "divider.children should be not present"),
    ({"to_do": {"rich_text": [], "checked": "yes"}}, "to_do.checked should be a boolean"),
    ({"code": {"rich_text": []}}, "code.language should be defined"),
    ({"code": {"rich_text": [], "language": "klingon"}}, 'code.language should be `"abap"`, '),
    ({"equation": {}}, "equation.expression should be defined"),
    ({"table": {"table_width": 2}}, "table.children should be defined"),
    ({"table": {"table_width": 2, "children": []}}, "table.children.length should be ≥ `1`"),
    (
        {"table": {"table_width": 3, "children": [ROW]}},
        "cells.length should be `3`, the width of the table, instead was `2`",
    ),
    ({"table": {"table_width": 0, "children": [ROW]}}, "table_width should be a whole number"),
    ({"table": {"table_width": 2, "children": [paragraph()]}}, "table.children[0].paragraph should be not present"),
    ({"column_list": {"children": [{"column": {"children": []}}]}}, "column_list.children.length should be ≥ `2`"),
    ({"column_list": {"children": [paragraph(), paragraph()]}}, "children[0].paragraph should be not present"),
    ({"column_list": {"children": [{"column": {"width_ratio": 2}}] * 2}}, "width_ratio should be a number above 0"),
    ({"tab": {"children": [{"divider": {}}]}}, "tab.children[0].divider should be not present"),
    ({"synced_block": {}}, "synced_from should be defined"),
    ({"link_to_page": {}}, "link_to_page should be an object with exactly one of"),
    ({"bookmark": {}}, "bookmark.url should be defined"),
    ({"bookmark": {"url": ""}}, "bookmark.url.length should be ≥ `1`"),
    ({"embed": {}}, "embed.url should be defined"),
    ({"image": {}}, "image.external should be defined"),
    ({"image": {"external": {"url": "x.png"}}}, "should be a valid URL"),
    ({"image": {"type": "file", "file": {"url": URL}}}, "image.file should be not present"),
    ({"image": {"external": {"url": URL}, "name": "x"}}, "image.name should be not present"),
    (7, "body.children[0] should be an object, instead was `7`."),
]


@pytest.mark.parametrize(("block", "message"), WRONG)
def test_what_is_refused(writes: Writes, block: Any, message: str) -> None:
    good = paragraph("Not written either")
    assert message in writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [block, good]})
    elsewhere = writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [good, block]})
    assert message.replace("body.children[0]", "body.children[1]") in elsewhere
    writes.refused("POST", "pages", {"parent": {"page_id": HOME}, "children": [block]})


@pytest.mark.parametrize(
    "inner",
    [
        {"mention": {"page": {"id": PRIVATE}}},
        {"mention": {"database": {"id": HOME}}},
        {"mention": {"user": {"id": UNKNOWN}}},
    ],
)
def test_mentions_must_be_known(writes: Writes, inner: Any) -> None:
    body = {"children": [{"paragraph": {"rich_text": [inner]}}]}
    writes.refused("PATCH", f"blocks/{HOME}/children", body, status=404, code="object_not_found")


def test_rich_text_comes_back_as_it_was_sent(writes: Writes) -> None:
    sent: list[Any] = [
        {"text": {"content": "Bold", "link": {"url": URL}}, "annotations": {"bold": True, "color": "blue"}},
        {"type": "equation", "equation": {"expression": "e"}, "plain_text": "e", "href": None},
        {"mention": {"user": {"id": BOT, "object": "user"}}},
        {"type": "mention", "mention": {"type": "page", "page": {"id": HOME.replace("-", "")}}},
        {"mention": {"date": {"start": "2026-01-02", "end": "2026-01-03"}}},
        {"mention": {"template_mention": {"template_mention_date": "today"}}},
        {"mention": {"template_mention": {"type": "template_mention_user", "template_mention_user": "me"}}},
    ]
    got = writes.append(HOME, {"paragraph": {"rich_text": sent}})[0]["paragraph"]["rich_text"]
    assert [each["type"] for each in got] == ["text", "equation", *["mention"] * 5]
    assert [each["plain_text"] for each in got] == [
        "Bold",
        "e",
        "@Writer",
        "Home",
        "2026-01-02 → 2026-01-03",
        "@Today",
        "@Me",
    ]
    assert (got[0]["href"], got[0]["annotations"]["bold"], got[0]["annotations"]["color"]) == (URL, True, "blue")
    assert got[3]["mention"] == {"type": "page", "page": {"id": HOME}}
    assert got[5]["mention"] == {
        "type": "template_mention",
        "template_mention": {"type": "template_mention_date", "template_mention_date": "today"},
    }


def nested(depth: int) -> dict[str, Any]:
    return paragraph(str(depth), children=[nested(depth - 1)]) if depth else paragraph("0")


def test_two_levels_below_the_first(writes: Writes) -> None:
    [top] = writes.append(HOME, nested(2))
    [middle] = writes.children(top["id"])
    assert writes.texts(middle["id"]) == ["0"]
    assert middle["parent"] == {"type": "block_id", "block_id": top["id"]}
    message = writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [nested(3)]})
    where = "body.children[0].paragraph.children[0].paragraph.children[0].paragraph.children"
    assert message.startswith(f"body failed validation: {where} should be not present")
    writes.append(middle["id"], nested(2))


def test_how_many_blocks(writes: Writes) -> None:
    ten = paragraph("", children=[paragraph()] * 9)
    assert len(writes.append(HOME, *[ten] * 100)) == 100
    eleven = paragraph("", children=[paragraph()] * 10)
    message = writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [eleven] * 100})
    assert "≤ `1000` blocks, instead was `1100`" in message
    assert "≤ `100`" in writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [paragraph()] * 101})
    assert "≥ `1`" in writes.refused("PATCH", f"blocks/{HOME}/children", {"children": []})
    assert "body.children should be defined" in writes.refused("PATCH", f"blocks/{HOME}/children", {})


def test_how_many_bytes(writes: Writes) -> None:
    body = {"children": [paragraph("x" * 2000)] * 100, "pad": "y" * 320_000}
    writes.refused("PATCH", f"blocks/{HOME}/children", body, status=413)


@pytest.mark.parametrize("version", ["2025-09-03", "2026-03-11"])
def test_positions(writes: Writes, version: str) -> None:
    writes.version = version
    one, two, three = writes.append(HOME, paragraph("1"), paragraph("2"), paragraph("3"))
    listed = writes.append(HOME, paragraph("a"), position={"type": "after_block", "after_block": {"id": one["id"]}})
    assert [each["id"] for each in listed[1:]] == [two["id"], three["id"]]
    listed = writes.append(HOME, paragraph("b"), position={"type": "after_block", "after_block": {"id": three["id"]}})
    assert len(listed) == 1
    assert len(writes.append(HOME, paragraph("c"), position={"type": "start"})) == 1
    writes.append(HOME, paragraph("d"), position={"type": "end"})
    assert writes.texts(HOME) == ["c", "1", "a", "2", "3", "b", "d"]
    for position in (
        {"type": "page_start"},
        {"type": "after_block"},
        {"type": "start", "after_block": {"id": one["id"]}},
    ):
        writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [paragraph()], "position": position})
    for foreign in (UNKNOWN, HOME):
        position = {"type": "after_block", "after_block": {"id": foreign}}
        message = writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [paragraph()], "position": position})
        assert "is not a child of" in message


def test_after_belongs_to_the_older_version(writes: Writes) -> None:
    one, _ = writes.append(HOME, paragraph("1"), paragraph("2"))
    body = {"children": [paragraph("n")], "after": one["id"]}
    assert "body.after should be not present" in writes.refused("PATCH", f"blocks/{HOME}/children", body)
    writes.version = "2025-09-03"
    assert len(writes.append(HOME, paragraph("n"), after=one["id"])) == 2
    assert writes.texts(HOME) == ["1", "n", "2"]
    both = {**body, "position": {"type": "end"}}
    assert "body.after should be not present" in writes.refused("PATCH", f"blocks/{HOME}/children", both)


def test_what_a_block_holds(writes: Writes) -> None:
    table = writes.append(HOME, {"table": {"table_width": 2, "children": [ROW]}})[0]["id"]
    assert len(writes.append(table, ROW)) == 1
    wide = {"table_row": {"cells": [[], [], []]}}
    assert "cells.length" in writes.refused("PATCH", f"blocks/{table}/children", {"children": [wide]})
    assert "not present" in writes.refused("PATCH", f"blocks/{table}/children", {"children": [paragraph()]})
    columns = writes.append(HOME, COLUMNS)[0]["id"]
    writes.append(columns, {"column": {"width_ratio": 0.25}})
    assert writes.children(columns)[2]["column"] == {"width_ratio": 0.25}
    writes.refused("PATCH", f"blocks/{columns}/children", {"children": [paragraph()]})
    tab = writes.append(HOME, CREATED_TAB)[0]["id"]
    assert writes.append(tab, paragraph("T", icon={"emoji": "🌊"}))[0]["paragraph"]["icon"]["emoji"] == "🌊"
    for closed in ({"divider": {}}, {"heading_1": {"rich_text": []}}, {"code": {"rich_text": [], "language": "c"}}):
        identifier = writes.append(HOME, closed)[0]["id"]
        message = writes.refused("PATCH", f"blocks/{identifier}/children", {"children": [paragraph()]})
        assert message == "Block does not support children."
    writes.append(writes.append(HOME, {"heading_1": {"rich_text": [], "is_toggleable": True}})[0]["id"], paragraph())


CREATED_TAB = {"tab": CREATED["tab"][0]}


def test_synced_copies(writes: Writes) -> None:
    original = writes.append(HOME, {"synced_block": {"synced_from": None, "children": [paragraph("Once")]}})[0]["id"]
    copy = writes.append(HOME, {"synced_block": {"synced_from": {"block_id": original}}})[0]
    assert copy["synced_block"] == {"synced_from": {"type": "block_id", "block_id": original}}
    assert writes.texts(copy["id"]) == ["Once"]
    writes.append(original, paragraph("Twice"))
    assert writes.texts(copy["id"]) == ["Once", "Twice"]
    writes.refused("PATCH", f"blocks/{copy['id']}/children", {"children": [paragraph()]})
    for wrong in (
        {"synced_from": {"block_id": copy["id"]}},
        {"synced_from": {"block_id": original}, "children": [paragraph()]},
    ):
        writes.refused("PATCH", f"blocks/{HOME}/children", {"children": [{"synced_block": wrong}]})
    body = {"children": [{"synced_block": {"synced_from": {"block_id": UNKNOWN}}}]}
    writes.refused("PATCH", f"blocks/{HOME}/children", body, status=404, code="object_not_found")


def test_links_to_what_is_there(writes: Writes) -> None:
    source = writes.source()
    database = writes.ok("GET", f"data_sources/{source}")["parent"]["database_id"]
    comment = writes.ok("POST", "comments", {"parent": {"page_id": HOME}, "rich_text": text("c")})["id"]
    for payload in ({"database_id": database}, {"comment_id": comment}):
        assert writes.append(HOME, {"link_to_page": payload})[0]["link_to_page"] == {
            "type": next(iter(payload)),
            **payload,
        }
    for payload in ({"page_id": database}, {"page_id": PRIVATE}, {"database_id": HOME}, {"comment_id": UNKNOWN}):
        body = {"children": [{"link_to_page": payload}]}
        writes.refused("PATCH", f"blocks/{HOME}/children", body, status=404, code="object_not_found")


CHANGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("paragraph", {"color": "blue"}, {"color": "blue"}),
    ("heading_3", {"is_toggleable": False}, {"is_toggleable": False}),
    ("to_do", {"checked": False}, {"checked": False}),
    ("callout", {"icon": {"emoji": "🚀"}}, {"icon": {"type": "emoji", "emoji": "🚀"}}),
    ("code", {"language": "rust"}, {"language": "rust"}),
    ("equation", {"expression": "f"}, {"expression": "f"}),
    ("table_of_contents", {"color": "pink"}, {"color": "pink"}),
    ("table", {"has_row_header": True}, {"has_row_header": True, "table_width": 2}),
    ("bookmark", {"url": "https://y.example"}, {"url": "https://y.example", "caption": []}),
    ("image", {"external": {"url": "https://y.example/i.png"}}, {"external": {"url": "https://y.example/i.png"}}),
    ("file", {"name": "new.txt"}, {"name": "new.txt", **FILE}),
    ("link_to_page", {"page_id": HOME}, {"page_id": HOME}),
]


@pytest.mark.parametrize(("kind", "change", "expected"), CHANGES)
def test_updates_change_only_what_they_name(
    writes: Writes, kind: str, change: dict[str, Any], expected: dict[str, Any]
) -> None:
    made = writes.append(HOME, {kind: CREATED[kind][0]})[0]
    writes.now += timedelta(minutes=3)
    changed = writes.ok("PATCH", f"blocks/{made['id']}", {"type": kind, kind: change})
    assert changed[kind] == {**made[kind], **expected}
    assert changed["last_edited_time"] == "2026-11-20T09:03:00.000Z"
    assert writes.ok("GET", f"pages/{HOME}")["last_edited_time"] == "2026-11-20T09:03:00.000Z"
    assert writes.children(HOME)[0][kind] == changed[kind]


def test_texts_are_replaced_whole(writes: Writes) -> None:
    block = writes.append(HOME, {"code": {"rich_text": text("a", "b"), "caption": text("c"), "language": "c"}})[0]["id"]
    changed = writes.ok("PATCH", f"blocks/{block}", {"code": {"rich_text": text("z")}})["code"]
    assert [each["plain_text"] for each in changed["rich_text"] + changed["caption"]] == ["z", "c"]


def test_table_rows_and_columns(writes: Writes) -> None:
    table = writes.append(HOME, {"table": {"table_width": 2, "children": [ROW]}})[0]["id"]
    row = writes.children(table)[0]["id"]
    got = writes.ok("PATCH", f"blocks/{row}", {"type": "table_row", "table_row": {"cells": [[], text("new")]}})
    assert [[each["plain_text"] for each in cell] for cell in got["table_row"]["cells"]] == [[], ["new"]]
    assert "cells.length" in writes.refused("PATCH", f"blocks/{row}", {"table_row": {"cells": [[]]}})
    assert "not present" in writes.refused("PATCH", f"blocks/{table}", {"table": {"table_width": 3}})
    columns = writes.append(HOME, COLUMNS)[0]["id"]
    column = writes.children(columns)[0]["id"]
    assert writes.ok("PATCH", f"blocks/{column}", {"column": {"width_ratio": 0.5}})["column"] == {"width_ratio": 0.5}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"heading_1": {"rich_text": []}}, "cannot be updated as heading_1"),
        ({"type": "heading_1"}, "cannot be updated as heading_1"),
        ({"paragraph": {}, "heading_1": {}}, "body.heading_1 should be not present"),
        ({"paragraph": {"children": []}}, "body.paragraph.children should be not present"),
        ({"paragraph": {"icon": {"emoji": "🌊"}}}, "body.paragraph.icon should be not present"),
        ({"paragraph": {"rich_text": text("x" * 2001)}}, "≤ `2000`"),
        ({"paragraph": None}, "body.paragraph should be an object, instead was `null`."),
        ({"is_archived": True}, "body.is_archived should be not present"),
        ({"archived": True}, "body.archived should be not present"),
        ({"in_trash": "yes"}, "body.in_trash should be a boolean"),
        ({"parent": {"page_id": HOME}}, "body.parent should be not present"),
    ],
)
def test_updates_that_are_refused(writes: Writes, body: Any, message: str) -> None:
    block = writes.append(HOME, paragraph("x"))[0]["id"]
    assert message in writes.refused("PATCH", f"blocks/{block}", body)


def test_more_updates_that_are_refused(writes: Writes) -> None:
    callout = writes.append(HOME, {"callout": {"rich_text": []}})[0]["id"]
    assert "icon should be an object" in writes.refused("PATCH", f"blocks/{callout}", {"callout": {"icon": None}})
    toggle = writes.append(HOME, {"heading_1": {"rich_text": [], "is_toggleable": True, "children": [paragraph()]}})[0]
    assert "has children" in writes.refused("PATCH", f"blocks/{toggle['id']}", {"heading_1": {"is_toggleable": False}})
    page = writes.page()["id"]
    assert "its own endpoint" in writes.refused("PATCH", f"blocks/{page}", {"child_page": {"title": "x"}})
    writes.refused("PATCH", f"blocks/{UNKNOWN}", {"paragraph": {}}, status=404, code="object_not_found")
    writes.refused(
        "PATCH", f"blocks/{PRIVATE}/children", {"children": [paragraph()]}, status=404, code="object_not_found"
    )
    database = writes.ok("GET", f"data_sources/{writes.source()}")["parent"]["database_id"]
    assert "does not support children" in writes.refused(
        "PATCH", f"blocks/{database}/children", {"children": [paragraph()]}
    )
