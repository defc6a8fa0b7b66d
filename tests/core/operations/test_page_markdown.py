"""A page's content as Markdown: reading, and the four edits."""

import pytest
from sending import HEX, ID, parse, send

from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.operation import Effect

MARKDOWN = {"object": "page_markdown", "id": ID, "markdown": "x", "truncated": False, "unknown_block_ids": []}
EDIT = {"content_updates": [{"old_str": "a", "new_str": "b"}]}


@pytest.mark.covers("pages.get_markdown")
def test_markdown_is_read(run):
    params = {"page_id": HEX, "include_transcript": False, "markdown_version": "v2"}
    sent = send(run, "pages.get_markdown", params, MARKDOWN)
    assert sent.line == f"GET /v1/pages/{ID}/markdown"
    assert sent.request.query == (("include_transcript", "false"), ("markdown_version", "v2"))
    assert sent.result == MARKDOWN


@pytest.mark.covers("pages.update_markdown")
@pytest.mark.parametrize(
    ("edit", "effect"),
    [
        ({"type": "update_content", "update_content": EDIT}, Effect.WRITE),
        ({"type": "insert_content", "insert_content": {"content": "x", "position": {"type": "start"}}}, Effect.WRITE),
        ({"type": "insert_content", "insert_content": {"content": "x", "after": "a...b"}}, Effect.WRITE),
        ({"type": "replace_content", "replace_content": {"new_str": "x"}}, Effect.DESTRUCTIVE),
        (
            {"type": "replace_content_range", "replace_content_range": {"content": "x", "content_range": "a...b"}},
            Effect.DESTRUCTIVE,
        ),
    ],
)
def test_markdown_is_edited(run, edit, effect):
    params = {"page_id": HEX, "allow_async": True, "markdown_version": "v1", **edit}
    sent = send(run, "pages.update_markdown", params, MARKDOWN)
    assert sent.line == f"PATCH /v1/pages/{ID}/markdown"
    assert sent.request.json == {"allow_async": True, "markdown_version": "v1", **edit}
    assert sent.result == MARKDOWN
    assert parse("pages.update_markdown", params).effect is effect


@pytest.mark.parametrize(
    ("old", "new", "more", "effect"),
    [
        ("a", "b", {}, Effect.WRITE),
        ("a\nb", "a\n\nc", {}, Effect.WRITE),
        ("a", "a\nb", {}, Effect.WRITE),
        ("a\nb", "a", {}, Effect.DESTRUCTIVE),
        ("a", "", {}, Effect.DESTRUCTIVE),
        ("a", " \n ", {}, Effect.DESTRUCTIVE),
        ("a", "b", {"allow_deleting_content": True}, Effect.DESTRUCTIVE),
        ("a", "b", {"allow_deleting_content": False}, Effect.WRITE),
    ],
)
def test_an_edit_is_destructive_where_a_line_may_go(old, new, more, effect):
    updates = [{"old_str": "x", "new_str": "y"}, {"old_str": old, "new_str": new}]
    edit = {"type": "update_content", "update_content": {"content_updates": updates, **more}}
    assert parse("pages.update_markdown", {"page_id": HEX, **edit}).effect is effect


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({}, "type is required"),
        ({"type": "update_content"}, "give exactly one of update_content, replace_content"),
        ({"type": "replace_content", "update_content": EDIT}, "type is 'replace_content': give replace_content"),
        (
            {"type": "update_content", "update_content": EDIT, "replace_content": {"new_str": "x"}},
            "not update_content and replace_content",
        ),
        ({"type": "update_content", "update_content": {"content_updates": []}}, "at least 1 item"),
        (
            {"type": "update_content", "update_content": {"content_updates": [{"old_str": "", "new_str": "x"}]}},
            "old_str must not be empty",
        ),
        ({"type": "update_content", "update_content": {**EDIT, "more": 1}}, "there is no parameter"),
        (
            {
                "type": "insert_content",
                "insert_content": {"content": "x", "after": "a", "position": {"type": "end"}},
            },
            "after and position exclude each other",
        ),
        ({"type": "insert_content", "insert_content": {"content": "\ud83d"}}, "insert_content.content"),
        ({"type": "rewrite"}, "type must be 'update_content'"),
    ],
)
def test_what_is_no_edit(edit, said):
    with pytest.raises(InvalidParams) as caught:
        parse("pages.update_markdown", {"page_id": HEX, **edit})
    assert said in caught.value.message
