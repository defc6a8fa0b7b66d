"""Read, write, read: what Markdown keeps, for blocks of every kind with any text in them."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_blocks import blocks, rich_text, texts

from airbyte_agent_notion.shaping.markdown import RenderOptions, normal, parse, postable, render
from airbyte_agent_notion.shaping.markdown.inline import _quick, _woven, settled
from airbyte_agent_notion.shaping.markdown.runs import to_runs

Json = dict[str, Any]
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
ID = "12345678-9abc-4def-8123-456789abcdef"
FORMS = {
    "notion": RenderOptions(),
    "extended": RenderOptions(extended=True),
    "compact": RenderOptions(compact=True),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_back(form):
    options = FORMS[form]

    @MANY
    @given(blocks)
    def check(page: list[Json]) -> None:
        markdown = render(page, options=options)
        read = parse(markdown)
        assert read == normal(page, options=options)
        assert render(read, options=options) == markdown

    check()


@MANY
@given(texts)
@pytest.mark.parametrize("form", ["extended", "compact"])
def test_any_text_is_read_and_then_stays_the_same(form, text):
    options = FORMS[form]
    read = parse(text)
    markdown = render(read, options=options)
    assert parse(markdown) == normal(read, options=options)
    assert normal(read, options=options) == normal(parse(markdown), options=options)


@MANY
@given(st.text())
def test_text_without_any_markup_is_read_too(text):
    parse(text)


LETTERS = "абвгдеёжзий"
PIECES = [
    *LETTERS,
    *LETTERS,
    " ",
    "\n",
    "\n\t",
    "\n  ",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "$",
    "$$",
    "[",
    "](",
    ")",
    "![",
    "<",
    ">",
]
PIECES += [
    "\n- ",
    "\n1. ",
    "\n# ",
    "\n> ",
    "\n| ",
    "|",
    "\n|-|-|\n",
    "\n```\n",
    "\n$$\n",
    "\n---\n",
    "\\",
    "&",
    ";",
    "{",
    "}",
]
PIECES += [
    f"<{tag}>"
    for tag in ("details", "summary", "callout", "columns", "column", "table", "tr", "td", "span", "br", "tabs", "tab")
]
PIECES += [
    f"</{tag}>"
    for tag in ("details", "summary", "callout", "columns", "column", "table", "tr", "td", "span", "tabs", "tab")
]
PIECES += [
    "<synced_block>",
    "</synced_block>",
    "<meeting-notes>",
    "</meeting-notes>",
    "<notes>",
    "</notes>",
    '<video src="',
    '">',
    "</video>",
]
PIECES += [
    "<page>",
    "</page>",
    "<mention-user url=",
    '{color="red"}',
    "<template>",
    "</template>",
    '<span color="red">',
    "\t",
    "\n\n",
]


def strings(value: Any) -> str:
    """All text anywhere in JSON."""
    if isinstance(value, dict):
        return "".join(strings(inner) for inner in value.values())
    return "".join(strings(inner) for inner in value) if isinstance(value, list) else str(value)


@MANY
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_letter_is_lost(text):
    read = strings(parse(text))
    # What stands within a tag, and in no text, is no text: <br ...>.
    shown = re.sub(r"<[^<>]*>", "", text)
    for letter in LETTERS:
        assert read.count(letter) >= shown.count(letter)


@MANY
@given(texts)
@pytest.mark.parametrize(
    "kind", ["paragraph", "heading_2", "bulleted_list_item", "quote", "to_do", "toggle", "callout"]
)
def test_any_text_in_a_block_survives(kind, text):
    (block,) = parse(render([{"type": kind, kind: {"rich_text": [{"type": "text", "text": {"content": text}}]}}]))
    assert block["type"] == kind
    assert "".join(item["text"]["content"] for item in block[kind]["rich_text"]) == text


@MANY
@given(texts.map(lambda text: text.replace("\r\n", "\n").replace("\r", "\n")))
def test_any_text_in_code_an_equation_a_cell_a_link_and_a_name_survives(text):
    items = [{"type": "text", "text": {"content": text}}]
    link = [{"type": "text", "text": {"content": text or "x", "link": {"url": "https://a.b"}}}]
    mention = [{"type": "mention", "mention": {"type": "page", "page": {"id": ID}}, "plain_text": text}]
    page = [
        {"type": "code", "code": {"rich_text": items, "language": "python"}},
        {"type": "equation", "equation": {"expression": text}},
        {"type": "table", "table": {"children": [{"type": "table_row", "table_row": {"cells": [items]}}]}},
        {"type": "paragraph", "paragraph": {"rich_text": link}},
        {"type": "paragraph", "paragraph": {"rich_text": mention}},
    ]
    code, equation, table, linked, mentioned = parse(render(page))
    assert strings([item["text"]["content"] for item in code["code"]["rich_text"]]) == text
    assert equation["equation"]["expression"] == text
    (row,) = table["table"]["children"]
    assert strings([item["text"]["content"] for item in row["table_row"]["cells"][0]]) == text
    assert [item["text"] for item in linked["paragraph"]["rich_text"]] == [link[0]["text"]]
    assert mentioned["paragraph"]["rich_text"][0].get("plain_text", "") == text


@MANY
@given(rich_text)
@pytest.mark.parametrize("short", [False, True])
def test_the_short_way_writes_what_the_long_way_writes(short, items):
    def url(kind: str, identifier: str) -> str:
        return f" {kind}://{identifier}"

    runs = to_runs(items)
    quick = _quick(runs, url, short)
    assert quick is None or quick == _woven(settled(runs), url, short)


@MANY
@given(blocks)
def test_what_can_be_posted_has_no_ids_and_only_what_notion_takes(page):
    made, refused = postable(parse(render(page, options=RenderOptions(extended=True))))
    kinds = re.findall(r"'type': '(unsupported|child_page|child_database|meeting_notes|link_preview)'", str(made))
    assert kinds == []
    assert "list_start_index" not in str(made).replace("'content': 'list_start_index'", "")
    assert all(one.reason for one in refused)
