"""Writing pages: what is sent, what is refused before that, and which calls count as destructive."""

import pytest
from sending import EMOJI, HEX, HEX2, ID, ID2, NEW, OLD, PARAGRAPH, TEXT, parse, send

from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.operation import Effect

PAGE = {"object": "page", "id": ID, "properties": {}}
TITLE = {"Name": {"title": TEXT}}


@pytest.mark.covers("pages.create")
def test_a_row_is_created(run):
    sent = send(
        run,
        "pages.create",
        {
            "parent": {"data_source_id": HEX},
            "properties": {**TITLE, "Due": {"date": None}},
            "icon": EMOJI,
            "cover": None,
            "children": [PARAGRAPH],
            "filter_properties": ["%7Ct"],
        },
        PAGE,
    )
    assert sent.line == "POST /v1/pages"
    assert sent.request.query == (("filter_properties", "|t"),)
    assert sent.request.json == {
        "parent": {"data_source_id": ID},
        "properties": {**TITLE, "Due": {"date": None}},
        "icon": EMOJI,
        "children": [PARAGRAPH],
    }
    assert sent.result == PAGE


@pytest.mark.parametrize(
    ("params", "body"),
    [
        ({}, {}),
        (
            {"parent": {"type": "page_id", "page_id": HEX, "database_id": None}, "markdown": "# Hi"},
            {"parent": {"type": "page_id", "page_id": ID}, "markdown": "# Hi"},
        ),
        ({"parent": {"workspace": True}}, {"parent": {"workspace": True}}),
        (
            {"markdown": "x", "markdown_version": "v2", "allow_async": True},
            {"markdown": "x", "markdown_version": "v2", "allow_async": True},
        ),
        (
            {
                "parent": {"page_id": f"https://www.notion.so/Team-{HEX}"},
                "position": {"type": "after_block", "after_block": {"id": HEX2}},
            },
            {"parent": {"page_id": ID}, "position": {"type": "after_block", "after_block": {"id": ID2}}},
        ),
        (
            {"template": {"type": "template_id", "template_id": HEX, "timezone": "Europe/Berlin"}},
            {"template": {"type": "template_id", "template_id": ID, "timezone": "Europe/Berlin"}},
        ),
        ({"template": {"type": "none"}, "children": []}, {"template": {"type": "none"}, "children": []}),
        ({"icon": None, "cover": None}, {}),
    ],
)
def test_bodies_of_pages(params, body):
    assert parse("pages.create", params).request().json == body


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"children": [PARAGRAPH], "markdown": "x"}, "children and markdown exclude each other"),
        ({"children": [PARAGRAPH], "template": {"type": "default"}}, "children and template exclude each other"),
        ({"markdown_version": "v2"}, "markdown_version goes with markdown only"),
        ({"allow_async": True, "children": []}, "allow_async goes with markdown only"),
        ({"parent": {}}, "parent: give exactly one place"),
        ({"parent": HEX}, "parent must be an object"),
        ({"parent": {"page_id": HEX, "data_source_id": HEX}}, "parent: give exactly one place"),
        ({"parent": {"type": "page_id", "data_source_id": HEX}}, "parent: type is 'page_id', and data_source_id"),
        ({"parent": {"page_id": "Team"}}, "parent.page_id: not a Notion id"),
        ({"parent": {"block_id": HEX}}, "parent.block_id"),
        ({"position": {"type": "after_block"}}, "position: after_block is given if type is 'after_block'"),
        ({"position": {"type": "page_end", "after_block": {"id": HEX}}}, "and only then"),
        ({"template": {"type": "template_id"}}, "template: template_id is given if type is 'template_id'"),
        ({"properties": {"x": float("nan")}}, "properties"),
        ({"markdown": "\ud83d"}, "markdown"),
        ({"template": {"type": "default", "timezone": "\ud83d"}}, "template.timezone"),
        ({"content": []}, "there is no parameter 'content'"),
    ],
)
def test_what_is_refused_before_a_page_is_created(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("pages.create", params)
    assert said in caught.value.message.replace("pages.create: ", "")
    assert "pages.create(" in caught.value.hint


@pytest.mark.covers("pages.update")
@pytest.mark.parametrize(
    ("params", "body", "effect"),
    [
        ({"properties": TITLE}, {"properties": TITLE}, Effect.WRITE),
        ({"icon": None, "cover": None}, {"icon": None, "cover": None}, Effect.WRITE),
        ({"icon": EMOJI, "properties": None, "in_trash": None}, {"icon": EMOJI}, Effect.WRITE),
        ({"is_locked": True}, {"is_locked": True}, Effect.WRITE),
        ({"in_trash": True}, {"in_trash": True}, Effect.DESTRUCTIVE),
        ({"in_trash": False}, {"in_trash": False}, Effect.WRITE),
        ({"is_archived": True}, {"is_archived": True}, Effect.DESTRUCTIVE),
        ({"is_archived": False}, {"is_archived": False}, Effect.WRITE),
        ({"erase_content": True}, {"erase_content": True}, Effect.DESTRUCTIVE),
        ({"erase_content": False}, {"erase_content": False}, Effect.WRITE),
        ({"template": {"type": "default"}}, {"template": {"type": "default"}}, Effect.DESTRUCTIVE),
    ],
)
def test_a_page_is_updated(run, params, body, effect):
    sent = send(run, "pages.update", {"page_id": HEX, "filter_properties": ["title"], **params}, PAGE)
    assert sent.line == f"PATCH /v1/pages/{ID}"
    assert sent.request.query == (("filter_properties", "title"),)
    assert sent.request.json == body
    assert parse("pages.update", {"page_id": HEX, **params}).effect is effect


@pytest.mark.covers("pages.delete", "pages.restore")
@pytest.mark.parametrize(
    ("action", "flag", "effect"), [("delete", True, Effect.DESTRUCTIVE), ("restore", False, Effect.WRITE)]
)
@pytest.mark.parametrize(("version", "name"), [(NEW, "in_trash"), (OLD, "archived")])
def test_a_page_goes_to_the_trash_and_back(run, action, flag, effect, version, name):
    sent = send(run, f"pages.{action}", {"page_id": HEX}, PAGE, version=version)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/pages/{ID}", {name: flag})
    assert parse(f"pages.{action}", {"page_id": HEX}).effect is effect
    assert sent.result == PAGE


@pytest.mark.covers("pages.move")
@pytest.mark.parametrize(
    "parent", [{"page_id": ID2}, {"data_source_id": ID2}, {"type": "data_source_id", "data_source_id": ID2}]
)
def test_a_page_is_moved(run, parent):
    sent = send(run, "pages.move", {"page_id": HEX, "parent": parent}, PAGE)
    assert (sent.line, sent.request.json) == (f"POST /v1/pages/{ID}/move", {"parent": parent})


@pytest.mark.parametrize("parent", [{"workspace": True}, {}, None])
def test_where_a_page_cannot_be_moved(parent):
    with pytest.raises(InvalidParams, match="parent"):
        parse("pages.move", {"page_id": HEX, "parent": parent})


def test_the_same_words_within_values_are_left_alone(run):
    """What the versions spell differently is spelled so at the top of the body only."""
    params = {"page_id": HEX, "properties": {"in_trash": {"checkbox": True}, "position": {"number": 1}}}
    sent = send(run, "pages.update", params, PAGE, version=OLD)
    assert sent.request.json == {"properties": params["properties"]}


def test_what_is_cut_off_is_marked_in_answers_to_writes(run):
    people = {"Team": {"id": "x", "type": "people", "people": [{"object": "user", "id": ID}] * 25}}
    for name, params in (("pages.create", {}), ("pages.update", {"page_id": HEX})):
        assert send(run, name, params, {**PAGE, "properties": people}).result["incomplete"][0]["property"] == "Team"
