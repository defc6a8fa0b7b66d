"""Whatever a result is, it becomes text, with no address in it that opens a file; Markdown and raw JSON."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shaped_results import PAGE, SIGNED, Names, block, call, listed, page, rich, shaped, strings, uid, value, words

from airbyte_agent_notion.file_refs import is_signed
from airbyte_agent_notion.shaping.shape import shape, unnamed
from airbyte_agent_notion.shaping.shaped import FORMATS
from airbyte_agent_notion.shaping.text import result_text

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
NAMES = (
    "pages.get", "pages.delete", "data_sources.query", "data_sources.list", "data_sources.list_templates",
    "search.search", "search.resolve", "blocks.list", "blocks.append", "views.query", "meeting_notes.query", "x.y",
)  # fmt: skip
ESCAPED = SIGNED.replace("&", "&amp;")
WHOLE: list[Any] = [
    page(
        1, "T",
        Files=value("files", [{"name": "a", "type": "file", "file": {"url": SIGNED}}]),
        Link=value("url", SIGNED),
        Text=value("rich_text", [words("x", SIGNED), words(f"see {SIGNED}, or not")]),
        Roll=value("rollup", {"type": "array", "array": [value("files", [{"file": {"url": SIGNED}}])]}),
        When=value("date", {"start": "2026-01-01"}), Who=value("people", [{"id": uid(5)}]),
        Odd=value("surprise", {"url": SIGNED}),
    )
    | {"icon": {"type": "file", "file": {"url": SIGNED}}, "cover": {"type": "external", "external": {"url": SIGNED}}},
    {"object": "block_tree", "root_id": PAGE, "blocks": [
        {**block(2, "image", type="file", file={"url": SIGNED}, caption=rich(SIGNED)), "depth": 0},
        {**block(3, "callout", "x", icon={"type": "file", "file": {"url": SIGNED}}), "depth": 1},
        {**block(4, "code", SIGNED), "depth": 0}, {**block(5, "bookmark", url=SIGNED), "depth": 0},
    ], "next_cursor": None, "skipped": []},
    {"object": "comment", "id": uid(6), "rich_text": rich(SIGNED), "parent": {"page_id": PAGE},
     "attachments": [{"category": "image", "file": {"url": SIGNED}}]},
    {"object": "page_markdown", "id": PAGE, "markdown": f"![]({SIGNED})\n<file src=\"{ESCAPED}\">"},
    {"object": "page_text", "id": PAGE, "markdown": SIGNED, "outline": f"# {SIGNED}"},
    {"object": "file", "id": "notion-file:x", "url": SIGNED, "parent": {"type": "page_id", "page_id": PAGE}},
    {"object": "dry_run", "requests": [{"operation": "x", "difference": {"added": [SIGNED]}, "body": {"url": SIGNED}}]},
    {"object": "surprise", "id": "x", "deep": [{"url": SIGNED}], SIGNED: 1},
    {"object": "view", "id": uid(7), "filter": {"x": SIGNED}, "name": SIGNED},
    {"object": "data_source", "id": uid(7), "title": rich(SIGNED),
     "properties": {"A": {"type": "select", "description": SIGNED}}},
    SIGNED.replace("a.png", "a(1).png"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_no_text_holds_an_address_that_opens_a_file(form: Any, number: int):
    result = WHOLE[number]
    for name in NAMES:
        for each in (result, listed(result, result)):
            made = shaped(name, each, form, block_id=PAGE)
            for text in (made.body, made.outline, made.said, made.source):
                assert not is_signed(text.replace("&amp;", "&")), text
                assert "5ecre7" not in text


@given(st.data())
@settings(max_examples=300)
def test_whatever_is_mangled_becomes_text(data: st.DataObject):
    result = deepcopy(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 3))):
        mangle(result, data)
    name, form = data.draw(st.sampled_from(NAMES)), data.draw(st.sampled_from(FORMATS))
    for each in (result, listed(result, cursor="c")):
        made = shaped(name, each, form, block_id=PAGE)
        made.body.encode()
        assert "5ecre7" not in made.body
        unnamed(each)


def mangle(result: Any, data: st.DataObject) -> None:
    """Something at some depth is taken away, or is something else."""
    while isinstance(result, (dict, list)) and result:
        key = data.draw(st.sampled_from(sorted(result) if isinstance(result, dict) else range(len(result))))
        if data.draw(st.booleans()) or not isinstance(result[key], (dict, list)) or not result[key]:
            if data.draw(st.booleans()):
                del result[key]
            else:
                result[key] = data.draw(anything)
            return
        result = result[key]


@given(anything, st.sampled_from(NAMES), st.sampled_from(FORMATS))
def test_any_json_becomes_text(result: Any, name: str, form: Any):
    for each in (result, listed(result)):
        shaped(name, each, form).body.encode()
        unnamed(each)


@pytest.mark.parametrize("form", FORMATS)
def test_what_we_say_holds_nothing_of_the_workspace(form: Any):
    row = page(
        1, "SECRET", SECRET=value("rich_text", [words("SECRET", bold=True)]), V=value("select", {"name": "SECRET|"})
    )
    row |= {
        "incomplete": [{"property": "SECRET", "reason": "SECRET"}],
        "new_options": [{"property": "SECRET", "option": "SECRET"}],
    }
    comment = {"object": "comment", "id": uid(6), "rich_text": rich("SECRET"), "parent": {"page_id": PAGE}}
    source = {"object": "data_source", "id": uid(7), "title": rich("SECRET"), "properties": {}}
    text = {"object": "page_markdown", "id": PAGE, "markdown": "SECRET", "warnings": ["SECRET"]}
    query = {
        "object": "view_query",
        "id": uid(6),
        "view_id": uid(7),
        "has_more": True,
        "next_cursor": "SECRET\n",
        "results": [],
    }
    for each in (row, comment, source, text, query, block(1, "paragraph", "SECRET"), {"object": "SECRET"}):
        for name in NAMES:
            for result in (each, listed(each, reason="SECRET", left_out="SECRET")):
                made = shaped(name, result, form)
                assert "SECRET" not in made.said + made.source


def test_what_cannot_be_written_is_said():
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert shaped("x.y", {"object": "surprise", "deep": deep}).body == "The result has a form that cannot be written."
    assert shaped("x.y", "half \ud83d of it").body == "half \ufffd of it"
    assert "\ufffd" in shaped("pages.get", page(1, "half \ud83d of it")).body


@given(st.dictionaries(st.text(max_size=5), anything, max_size=4))
def test_raw_json_is_as_it_was_where_no_file_is_in_it(result: Any):
    if is_signed(result_text(result)):
        return
    assert shaped("x.y", result, "raw").body == result_text(result)


def test_raw_json_differs_by_references_only():
    result = WHOLE[0]
    again = json.loads(shaped("pages.get", result, "raw").body)
    assert again["properties"]["Files"]["files"][0]["file"]["url"] == "file(p1)"
    assert again["properties"]["Text"]["rich_text"][1]["plain_text"] == "see file(p1), or not"
    assert {*strings(again)} - {*strings(result)} == {"file(p1)", "see file(p1), or not"}
    more = shaped("search.search", listed(result, cursor="c"), "raw")
    assert more.more == {"start_cursor": "c"}
    assert json.loads(more.body)["meta"]["next_cursor"] == "c"


def test_markdown_is_for_people():
    found = [
        page(n, f"Row *{n}*", Tags=value("multi_select", [{"name": "a|b"}]), Due=value("date", None)) for n in (1, 2)
    ]
    result = shaped("data_sources.query", listed(*found), "markdown", data_source_id=uid(2))
    link = "https://app.notion.com/p/0000000000004000800000000000000"
    assert result.body.split("\n") == [
        r"- **All rows:** Tags=a\|b",
        "- **Empty:** Due",
        "",
        "| Name |",
        "| --- |",
        rf"| [Row \*1\*]({link}1) |",
        rf"| [Row \*2\*]({link}2) |",
    ]
    one = shaped("pages.get", page(1, "T", Link=value("url", "https://x.com/a b")), "markdown").body
    assert one.startswith(f"page [T]({link}1) in [ds2]({link}2), edited 2026-06-18T17:51Z\n\n- **Name:** T\n")
    assert "- **Link:** https://x.com/a%20b" in one
    files = [
        {"name": "a", "type": "file", "file": {"url": SIGNED}},
        {"name": "b", "external": {"url": "https://x.com/b"}},
    ]
    many = page(
        1,
        "T",
        F=value("files", files),
        P=value("people", [{"name": "A_B"}]),
        T=value("rich_text", [words("a|b", code=True)]),
    )
    lines = shaped("pages.get", many, "markdown").body.split("\n")
    assert r"- **F:** a (file(p1)), [b](https://x.com/b)" in lines
    assert r"- **T:** `a\|b`" in lines
    assert "- **P:** A_B" in lines
    assert "- **Empty:** E" in shaped("pages.get", page(1, "T", E=value("date", None)), "markdown").body
    blocks = shaped("blocks.list", listed(block(1, "heading_1", "Top"), block(2, "paragraph", "x")), "markdown").body
    assert blocks == "# Top\nx"


def test_equal_results_give_equal_text():
    for result in WHOLE:
        for form in FORMATS:
            first, second = (shape(call("x.y"), deepcopy(result), format=form, refs=Names()) for _ in range(2))
            assert first == second


@given(st.text(st.characters(codec="utf-8", exclude_characters="\\|\n\r,\0"), min_size=1, max_size=20))
def test_every_plain_value_is_in_the_text(text: str):
    found = page(
        1,
        text,
        A=value("rich_text", rich(text)),
        B=value("select", {"name": text}),
        C=value("people", [{"id": uid(5), "name": text}]),
        D=value("rollup", {"type": "array", "array": [value("title", rich(text))]}),
        E=value("formula", {"type": "string", "string": text}),
    )
    if is_signed(text) or "x-amz" in text.casefold():
        return
    assert shaped("pages.get", found).body.count(text) >= 6
    assert text in shaped("search.search", listed(found)).body
