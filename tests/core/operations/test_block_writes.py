"""Writing blocks: bodies, the new blocks among those that are listed, the spelling of positions."""

import pytest
from sending import HEX, HEX2, ID, ID2, NEW, OLD, PARAGRAPH, TEXT, parse, send

from airbyte_agent_notion.errors import InvalidParams, OutcomeUnknown
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.operations.block_writes import UPDATABLE, UpdateBlock

AFTER = {"type": "after_block", "after_block": {"id": HEX2}}
BLOCK = {"object": "block", "id": ID, "type": "paragraph"}


def listed(*ids, **more):
    return {"object": "list", "results": [{"object": "block", "id": each} for each in ids], "has_more": False, **more}


@pytest.mark.covers("blocks.append")
@pytest.mark.parametrize(
    ("position", "new", "old"),
    [
        (None, {}, {}),
        ({"type": "end"}, {"position": {"type": "end"}}, {}),
        ({"type": "start"}, {"position": {"type": "start"}}, {"position": {"type": "start"}}),
        (AFTER, {"position": {"type": "after_block", "after_block": {"id": ID2}}}, {"after": ID2}),
    ],
)
@pytest.mark.parametrize("version", [NEW, OLD])
def test_blocks_are_appended(run, position, new, old, version):
    params = {"block_id": HEX, "children": [PARAGRAPH], "position": position}
    sent = send(run, "blocks.append", params, listed("a"), version=version)
    assert sent.line == f"PATCH /v1/blocks/{ID}/children"
    assert sent.request.json == {"children": [PARAGRAPH], **(new if version == NEW else old)}


def test_only_the_new_blocks_are_answered(run):
    params = {"block_id": HEX, "children": [PARAGRAPH] * 2, "position": AFTER}
    answer = listed("new1", "new2", "old1", "old2", next_cursor="c", has_more=True, request_id="r")
    result = send(run, "blocks.append", params, {**answer, "has_more": True}).result
    assert [block["id"] for block in result] == ["new1", "new2"]
    assert (result.meta.next_cursor, result.meta.has_more, result.meta.request_id) == (None, False, "r")


def test_an_answer_with_too_few_blocks_is_an_unknown_outcome(run):
    with pytest.raises(OutcomeUnknown, match="3 blocks were sent, and Notion's answer lists 1") as caught:
        send(run, "blocks.append", {"block_id": HEX, "children": [PARAGRAPH] * 3}, listed("a"))
    assert caught.value.details["created_ids"] == ["a"]
    assert "blocks.list" in caught.value.hint


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "give exactly one of children, markdown"),
        ({"children": None}, "give exactly one of children, markdown"),
        ({"children": []}, "at least 1 item"),
        ({"children": [PARAGRAPH], "position": {"type": "after_block"}}, "after_block is given if type"),
        ({"children": [PARAGRAPH], "position": {"type": "after_block", "after_block": {"id": "x"}}}, "not a Notion id"),
        ({"children": [PARAGRAPH], "position": {"type": "page_start"}}, "position.type"),
        ({"children": [PARAGRAPH], "after": HEX2}, "there is no parameter 'after'"),
    ],
)
def test_what_cannot_be_appended(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("blocks.append", {"block_id": HEX, **params})
    assert said in caught.value.message


@pytest.mark.covers("blocks.update")
@pytest.mark.parametrize(
    ("params", "body", "effect"),
    [
        ({"block": {"to_do": {"checked": True}}}, {"to_do": {"checked": True}}, Effect.WRITE),
        ({"to_do": {"checked": True}}, {"to_do": {"checked": True}}, Effect.WRITE),
        (
            {"type": "paragraph", "paragraph": {"rich_text": TEXT}, "quote": None, "in_trash": None},
            {"type": "paragraph", "paragraph": {"rich_text": TEXT}},
            Effect.WRITE,
        ),
        ({"block": {"divider": {}}, "in_trash": False}, {"divider": {}, "in_trash": False}, Effect.WRITE),
        ({"in_trash": True}, {"in_trash": True}, Effect.DESTRUCTIVE),
    ],
)
def test_a_block_is_updated(run, params, body, effect):
    sent = send(run, "blocks.update", {"block_id": HEX, **params}, BLOCK)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/blocks/{ID}", body)
    assert parse("blocks.update", {"block_id": HEX, **params}).effect is effect


@pytest.mark.parametrize("kind", sorted(UPDATABLE))
def test_every_type_stands_in_the_body_under_its_name(kind):
    for params in ({kind: {"x": 1}}, {"block": {kind: {"x": 1}}}):
        operation = parse("blocks.update", {"block_id": HEX, **params})
        assert operation.request().json == {kind: {"x": 1}}
        assert operation.params() == {"block_id": ID, "block": {kind: {"x": 1}}}


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "give block, such as"),
        ({"block": {}}, "give exactly one key"),
        ({"block": {"paragraph": {}, "quote": {}}}, "give exactly one key"),
        ({"paragraph": {}, "quote": {}}, "give exactly one key"),
        ({"block": {"child_page": {"title": "x"}}}, "give exactly one key"),
        ({"block": {"type": "quote", "paragraph": {}}}, "type is 'quote', and paragraph is given"),
        ({"block": {"paragraph": {}}, "paragraph": {}}, "paragraph and block exclude each other"),
        ({"paragraf": {}}, "there is no parameter 'paragraf'"),
        ({"archived": True}, "there is no parameter 'archived'"),
    ],
)
def test_what_is_no_update_of_a_block(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("blocks.update", {"block_id": HEX, **params})
    assert said in caught.value.message


def test_parameters_that_are_no_object_are_refused():
    with pytest.raises(ValueError, match="valid dictionary"):
        UpdateBlock.model_validate("x")


@pytest.mark.covers("blocks.delete")
def test_a_block_is_put_into_the_trash(run):
    sent = send(run, "blocks.delete", {"block_id": HEX}, BLOCK)
    assert (sent.line, sent.request.json) == (f"DELETE /v1/blocks/{ID}", None)
    assert parse("blocks.delete", {"block_id": HEX}).effect is Effect.DESTRUCTIVE


@pytest.mark.covers("blocks.restore")
@pytest.mark.parametrize(("version", "name"), [(NEW, "in_trash"), (OLD, "archived")])
def test_a_block_is_taken_out_of_the_trash(run, version, name):
    sent = send(run, "blocks.restore", {"block_id": HEX}, BLOCK, version=version)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/blocks/{ID}", {name: False})
    assert parse("blocks.restore", {"block_id": HEX}).effect is Effect.WRITE
