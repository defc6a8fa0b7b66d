"""Writing comments: one place and one text, both checked before anything is sent."""

import pytest
from sending import HEX, ID, TEXT, parse, send

from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.operation import Effect

COMMENT = {"object": "comment", "id": ID}


@pytest.mark.covers("comments.create")
@pytest.mark.parametrize(
    ("params", "body"),
    [
        ({"parent": {"page_id": HEX}, "rich_text": TEXT}, {"parent": {"page_id": ID}, "rich_text": TEXT}),
        (
            {"parent": {"type": "block_id", "block_id": HEX, "page_id": None}, "markdown": "**x**"},
            {"parent": {"type": "block_id", "block_id": ID}, "markdown": "**x**"},
        ),
        (
            {
                "discussion_id": HEX,
                "markdown": "x",
                "markdown_version": "v2",
                "attachments": [{"file_upload_id": HEX, "type": "file_upload"}],
                "display_name": {"type": "custom", "custom": {"name": "Robo"}},
            },
            {
                "discussion_id": ID,
                "markdown": "x",
                "markdown_version": "v2",
                "attachments": [{"file_upload_id": ID, "type": "file_upload"}],
                "display_name": {"type": "custom", "custom": {"name": "Robo"}},
            },
        ),
    ],
)
def test_a_comment_is_made(run, params, body):
    sent = send(run, "comments.create", params, COMMENT)
    assert (sent.line, sent.request.json, sent.result) == ("POST /v1/comments", body, COMMENT)


PLACE = {"parent": {"page_id": HEX}}


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"rich_text": TEXT}, "give exactly one of parent, discussion_id"),
        ({**PLACE, "discussion_id": HEX, "rich_text": TEXT}, "not parent and discussion_id"),
        ({**PLACE}, "give exactly one of rich_text, markdown"),
        ({**PLACE, "rich_text": TEXT, "markdown": "x"}, "not rich_text and markdown"),
        ({**PLACE, "rich_text": TEXT, "markdown_version": "v2"}, "markdown_version goes with markdown only"),
        ({"parent": {"page_id": HEX, "block_id": HEX}, "markdown": "x"}, "parent: give exactly one place"),
        ({**PLACE, "markdown": "x", "attachments": [{"file_upload_id": HEX}] * 4}, "at most 3 items"),
        ({**PLACE, "markdown": "x", "display_name": {"type": "custom"}}, "custom is given if type is 'custom'"),
        ({**PLACE, "markdown": "x", "display_name": {"type": "user", "custom": {"name": "x"}}}, "and only then"),
    ],
)
def test_what_is_no_comment(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("comments.create", params)
    assert said in caught.value.message


@pytest.mark.covers("comments.update")
@pytest.mark.parametrize("text", [{"rich_text": TEXT}, {"markdown": "x", "markdown_version": "v1"}])
def test_a_comment_is_changed(run, text):
    sent = send(run, "comments.update", {"comment_id": HEX, **text}, COMMENT)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/comments/{ID}", text)


@pytest.mark.parametrize(
    "text", [{}, {"rich_text": TEXT, "markdown": "x"}, {"rich_text": [], "markdown_version": "v1"}]
)
def test_what_changes_no_comment(text):
    with pytest.raises(InvalidParams, match="markdown"):
        parse("comments.update", {"comment_id": HEX, **text})


@pytest.mark.covers("comments.delete")
def test_a_comment_is_deleted(run):
    sent = send(run, "comments.delete", {"comment_id": HEX}, COMMENT)
    assert (sent.line, sent.request.json) == (f"DELETE /v1/comments/{ID}", None)
    assert parse("comments.delete", {"comment_id": HEX}).effect is Effect.DESTRUCTIVE
