"""A write that Notion saved although it answered 503: what it names is read and answered, or the outcome is unknown."""

import pytest
from sending import CATALOG, HEX, ID, ID2, PARAGRAPH, parse, send

from airbyte_agent_notion.errors import OutcomeUnknown
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.testing import json_response

APPEND = {"block_id": HEX, "children": [PARAGRAPH] * 2}
CREATES = {
    "pages.create": ({"parent": {"page_id": HEX}}, f"/v1/pages/{ID2}"),
    "databases.create": ({"parent": {"page_id": HEX}}, f"/v1/databases/{ID2}"),
    "data_sources.create": ({"parent": {"database_id": HEX}, "properties": {}}, f"/v1/data_sources/{ID2}"),
    "comments.create": ({"parent": {"page_id": HEX}, "markdown": "x"}, f"/v1/comments/{ID2}"),
}
CHANGES = {
    "pages.update": ({"page_id": HEX, "is_locked": True}, f"/v1/pages/{ID2}"),
    "pages.move": ({"page_id": HEX, "parent": {"page_id": HEX}}, f"/v1/pages/{ID2}"),
    "blocks.update": ({"block_id": HEX, "divider": {}}, f"/v1/blocks/{ID2}"),
}


def saved(**additional):
    body = {"object": "error", "code": "service_unavailable", "message": "Sorry.", "additional_data": additional}
    return json_response(body, status=503)


def block(request):
    return json_response({"object": "block", "id": request.path.rpartition("/")[2]})


@pytest.mark.parametrize("name", {**CREATES, **CHANGES})
def test_what_was_saved_is_answered(run, name):
    params, path = (CREATES | CHANGES)[name]
    new = {"object": "x", "id": ID2}
    sent = send(run, name, params, saved(committed_resource_id=ID2, committed_child_ids=[ID]), new)
    assert sent.result == new
    assert [(each.method, each.path) for each in sent.requests[1:]] == [("GET", path)]


def test_blocks_that_were_saved_are_answered_in_order(run):
    answer = saved(committed_resource_id=ID, committed_child_ids=["b", "a"])
    sent = send(run, "blocks.append", APPEND, answer, block)
    assert [each["id"] for each in sent.result] == ["b", "a"]
    assert sorted(each.path for each in sent.requests[1:]) == ["/v1/blocks/a", "/v1/blocks/b"]


@pytest.mark.parametrize("children", [{}, {"committed_child_ids": []}, {"committed_child_ids": None}])
def test_the_parent_is_never_taken_for_the_new_blocks(run, children):
    with pytest.raises(OutcomeUnknown) as caught:
        send(run, "blocks.append", APPEND, saved(committed_resource_id=ID, **children), block)
    assert caught.value.details["committed_resource_id"] == ID
    assert "blocks.list" in caught.value.hint


def test_some_of_the_blocks_are_not_taken_for_all(run):
    with pytest.raises(OutcomeUnknown) as caught:
        send(run, "blocks.append", APPEND, saved(committed_resource_id=ID, committed_child_ids=["a"]), block)
    assert caught.value.details["created_ids"] == ["a"]


IDEMPOTENT = [operation for operation in CATALOG.operations() if operation.spec.repeatable]


def params_of(operation):
    return dict.fromkeys((name for name, item in operation.model_fields.items() if item.is_required()), HEX)


@pytest.mark.parametrize("operation", IDEMPOTENT, ids=lambda operation: operation.spec.name)
def test_what_can_be_sent_twice_is_sent_again(run, operation):
    done = {"object": "x", "id": ID}
    sent = send(run, operation.spec.name, params_of(operation), saved(), saved(), done)
    assert sent.result == done
    assert len({(each.method, each.path, str(each.json)) for each in sent.requests}) == 1


def test_only_the_trash_can_be_sent_twice():
    assert {operation.spec.name for operation in IDEMPOTENT} == {
        "blocks.restore",
        "data_sources.delete",
        "data_sources.restore",
        "databases.delete",
        "databases.restore",
        "pages.delete",
        "pages.restore",
    }


@pytest.mark.parametrize(
    "operation",
    [each for each in CATALOG.operations() if each.spec.effect is not Effect.READ],
    ids=lambda operation: operation.spec.name,
)
def test_every_write_says_what_to_look_at(operation):
    assert operation.spec.verify != type(operation.spec)("x", "y", "GET /z").verify
    assert operation.spec.verify[-1] == "."
    if operation.spec.read_back is not None:
        assert operation.spec.read_back.startswith("GET /v1/")
        assert operation.spec.read_back.endswith("/{id}")


def test_a_write_is_never_sent_twice(run):
    lost = ("pages.create", "blocks.append", "pages.update", "views.update", "comments.create")
    for name in lost:
        params = {"blocks.append": APPEND, "views.update": {"view_id": HEX, "name": "x"}}.get(name)
        given = params or (CREATES | CHANGES)[name][0]
        with pytest.raises(OutcomeUnknown) as caught:
            send(run, name, given, saved(), {"object": "x"})
        assert caught.value.details["params"] == parse(name, given).params()
