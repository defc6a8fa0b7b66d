"""Views, their queries, custom emojis and meeting notes."""

import pytest
from sending import HEX, HEX2, ID, ID2, parse, send

from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.operation import Effect

VIEW = {"object": "view", "id": ID}
BASE = {"data_source_id": HEX, "name": "Mine", "type": "table"}
LIST = {"object": "list", "results": [VIEW], "next_cursor": None, "has_more": False}


@pytest.mark.covers("views.list")
@pytest.mark.parametrize("of", ["database_id", "data_source_id"])
def test_views_are_listed(run, of):
    sent = send(run, "views.list", {of: HEX, "page_size": 3}, LIST)
    assert sent.line == "GET /v1/views"
    assert set(sent.request.query) == {(of, ID), ("page_size", "3")}
    assert sent.result.data == [VIEW]


def test_views_are_of_something():
    with pytest.raises(InvalidParams, match=r"views\.list: give database_id or data_source_id"):
        parse("views.list", {})


@pytest.mark.covers("views.get")
def test_a_view_is_read(run):
    params = {"view_id": f"https://www.notion.so/{HEX2}?v={HEX}"}
    assert send(run, "views.get", params, VIEW).line == f"GET /v1/views/{ID}"


@pytest.mark.covers("views.create")
@pytest.mark.parametrize(
    ("place", "sent_place"),
    [
        (
            {"database_id": HEX2, "position": {"type": "after_view", "view_id": HEX2}},
            {"database_id": ID2, "position": {"type": "after_view", "view_id": ID2}},
        ),
        (
            {"view_id": HEX2, "placement": {"type": "existing_row", "row_index": 0}},
            {"view_id": ID2, "placement": {"type": "existing_row", "row_index": 0}},
        ),
        (
            {"create_database": {"parent": {"type": "page_id", "page_id": HEX2}, "position": None}},
            {"create_database": {"parent": {"type": "page_id", "page_id": ID2}}},
        ),
    ],
)
def test_a_view_is_created(run, place, sent_place):
    more = {"filter": {"property": "x"}, "quick_filters": None, "configuration": {"type": "table"}}
    sent = send(run, "views.create", {**BASE, **place, **more}, VIEW)
    assert sent.line == "POST /v1/views"
    assert sent.request.json == {
        **BASE,
        "data_source_id": ID,
        **sent_place,
        "filter": {"property": "x"},
        "configuration": {"type": "table"},
    }


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "give exactly one of database_id, view_id, create_database"),
        ({"database_id": HEX, "view_id": HEX}, "not database_id and view_id"),
        ({"view_id": HEX, "position": {"type": "end"}}, "position goes with database_id only"),
        ({"database_id": HEX, "placement": {"type": "new_row"}}, "placement goes with view_id only"),
        ({"database_id": HEX, "position": {"type": "after_view"}}, "view_id is given if type is 'after_view'"),
        ({"database_id": HEX, "position": {"type": "end", "view_id": HEX}}, "and only then"),
        ({"view_id": HEX, "placement": {"type": "existing_row"}}, "needs row_index"),
        ({"database_id": HEX, "configuration": {"type": "board"}}, "type is 'board', and the view's type 'table'"),
        ({"database_id": HEX, "type": "grid"}, "type must be 'table'"),
        ({"create_database": {}}, "create_database.parent is required"),
    ],
)
def test_what_is_no_view(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("views.create", {**BASE, **params})
    assert said in caught.value.message


@pytest.mark.covers("views.update")
def test_null_clears_what_it_can_of_a_view(run):
    cleared = {"filter": None, "sorts": None, "quick_filters": None}
    sent = send(run, "views.update", {"view_id": HEX, "name": None, "configuration": None, **cleared}, VIEW)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/views/{ID}", cleared)
    kept = {"name": "x", "quick_filters": {"Status": None}, "configuration": {"type": "board", "group_by": None}}
    assert parse("views.update", {"view_id": HEX, **kept}).request().json == kept
    assert parse("views.update", {"view_id": HEX, **cleared}).effect is Effect.WRITE


@pytest.mark.covers("views.delete")
def test_a_view_is_deleted(run):
    assert send(run, "views.delete", {"view_id": HEX}, VIEW).line == f"DELETE /v1/views/{ID}"
    assert parse("views.delete", {"view_id": HEX}).effect is Effect.DESTRUCTIVE


@pytest.mark.covers("views.query")
def test_a_view_is_queried(run):
    answer = {"object": "view_query", "id": ID2, "results": [], "next_cursor": None, "has_more": False}
    sent = send(run, "views.query", {"view_id": HEX, "page_size": 5}, answer)
    assert (sent.line, sent.request.json) == (f"POST /v1/views/{ID}/queries", {"page_size": 5})
    assert sent.result == answer
    assert parse("views.query", {"view_id": HEX}).effect is Effect.READ


@pytest.mark.covers("views.get_query_results")
def test_a_views_query_is_read_on(run):
    rows = {**LIST, "results": [{"object": "page", "id": ID}]}
    sent = send(run, "views.get_query_results", {"view_id": HEX, "query_id": HEX2, "start_cursor": "c"}, rows)
    assert sent.line == f"GET /v1/views/{ID}/queries/{ID2}"
    assert sent.request.query == (("start_cursor", "c"),)
    assert sent.result.data == rows["results"]


@pytest.mark.covers("views.delete_query")
def test_a_views_query_is_freed(run):
    params = {"view_id": HEX, "query_id": HEX2}
    assert send(run, "views.delete_query", params, VIEW).line == f"DELETE /v1/views/{ID}/queries/{ID2}"
    assert parse("views.delete_query", params).effect is Effect.WRITE


@pytest.mark.covers("custom_emojis.list")
def test_custom_emojis_are_listed(run):
    sent = send(run, "custom_emojis.list", {"name": "party"}, {**LIST, "results": [{"id": "1"}]})
    assert (sent.line, sent.request.query) == ("GET /v1/custom_emojis", (("name", "party"),))
    assert sent.result.data == [{"id": "1"}]


# --- meeting notes

UPLOADED = {"type": "file_upload", "file_upload_id": HEX}
PAGE = {"type": "page_id", "page_id": HEX2}


@pytest.mark.covers("meeting_notes.create")
@pytest.mark.parametrize(
    ("params", "body"),
    [
        (
            {"source": UPLOADED, "parent": PAGE, "title": "Kickoff", "language": "de", "options": {}},
            {
                "source": {**UPLOADED, "file_upload_id": ID},
                "parent": {**PAGE, "page_id": ID2},
                "title": "Kickoff",
                "language": "de",
                "options": {},
            },
        ),
        ({"source": {"type": "block", "block_id": HEX}}, {"source": {"type": "block", "block_id": ID}}),
    ],
)
def test_meeting_notes_are_begun(run, params, body):
    sent = send(run, "meeting_notes.create", params, {"object": "block", "id": ID})
    assert (sent.line, sent.request.json) == ("POST /v1/blocks/meeting_notes", body)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "source is required"),
        ({"source": UPLOADED}, "parent is given for a file_upload"),
        ({"source": {"type": "block", "block_id": HEX}, "parent": PAGE}, "and only for that"),
        ({"source": {}}, "source.type is required"),
        ({"source": {"type": "block", "file_upload_id": HEX}}, "type 'block' needs block_id, and only that"),
        ({"source": {**UPLOADED, "block_id": HEX}, "parent": PAGE}, "needs file_upload_id, and only that"),
        ({"source": {"type": "block", "block_id": HEX}, "language": "xx"}, "language must be 'auto'"),
    ],
)
def test_what_are_no_meeting_notes(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("meeting_notes.create", params)
    assert said in caught.value.message


@pytest.mark.covers("meeting_notes.query")
def test_meeting_notes_are_found(run):
    params = {
        "filter": {"operator": "and", "filters": []},
        "sort": [{"property": "created_time", "direction": "descending"}],
        "limit": 5,
    }
    found = {"results": [], "has_more": False}
    sent = send(run, "meeting_notes.query", params, found)
    assert (sent.line, sent.request.json) == ("POST /v1/blocks/meeting_notes/query", params)
    assert sent.result == found
