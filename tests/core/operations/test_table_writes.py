"""Writing databases and data sources, and querying a database."""

import pytest
from sending import EMOJI, HEX, HEX2, ID, ID2, NEW, OLD, TEXT, parse, send

from airbyte_agent_notion.errors import AmbiguousReference, InvalidParams, NotFound
from airbyte_agent_notion.operation import Effect

DATABASE = {"object": "database", "id": ID, "title": []}
SOURCE = {"object": "data_source", "id": ID}
COLUMNS = {"Name": {"title": {}}, "Due": {"date": {}}}


@pytest.mark.covers("databases.create")
def test_a_database_is_created(run):
    params = {
        "parent": {"page_id": HEX},
        "title": TEXT,
        "description": None,
        "is_inline": True,
        "initial_data_source": {"properties": COLUMNS},
        "icon": EMOJI,
    }
    sent = send(run, "databases.create", params, DATABASE)
    body = {name: value for name, value in params.items() if value is not None} | {"parent": {"page_id": ID}}
    assert (sent.line, sent.request.json, sent.result) == ("POST /v1/databases", body, DATABASE)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "parent is required"),
        ({"parent": {"database_id": HEX}}, "parent.database_id"),
        ({"parent": {"page_id": HEX, "workspace": True}}, "give exactly one place"),
        ({"parent": {"workspace": False}}, "parent.workspace"),
        ({"parent": {"page_id": HEX}, "properties": COLUMNS}, "there is no parameter 'properties'"),
        ({"parent": {"page_id": HEX}, "title": "Tasks"}, "title must be a list"),
    ],
)
def test_what_is_no_new_database(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("databases.create", params)
    assert said in caught.value.message


@pytest.mark.covers("databases.update")
@pytest.mark.parametrize(
    ("params", "body", "effect"),
    [
        ({"title": TEXT, "is_locked": False}, {"title": TEXT, "is_locked": False}, Effect.WRITE),
        ({"icon": None, "cover": None}, {"icon": None, "cover": None}, Effect.WRITE),
        ({"parent": {"workspace": True}}, {"parent": {"workspace": True}}, Effect.WRITE),
        ({"in_trash": True}, {"in_trash": True}, Effect.DESTRUCTIVE),
        ({"in_trash": False, "title": None}, {"in_trash": False}, Effect.WRITE),
    ],
)
def test_a_database_is_updated(run, params, body, effect):
    sent = send(run, "databases.update", {"database_id": HEX, **params}, DATABASE)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/databases/{ID}", body)
    assert parse("databases.update", {"database_id": HEX, **params}).effect is effect


@pytest.mark.covers("databases.delete", "databases.restore", "data_sources.delete", "data_sources.restore")
@pytest.mark.parametrize("entity", ["databases", "data_sources"])
@pytest.mark.parametrize(
    ("action", "flag", "effect"), [("delete", True, Effect.DESTRUCTIVE), ("restore", False, Effect.WRITE)]
)
@pytest.mark.parametrize(("version", "name"), [(NEW, "in_trash"), (OLD, "archived")])
def test_tables_go_to_the_trash_and_back(run, entity, action, flag, effect, version, name):
    params = {f"{entity[:-1]}_id": HEX}
    sent = send(run, f"{entity}.{action}", params, DATABASE, version=version)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/{entity}/{ID}", {name: flag})
    assert parse(f"{entity}.{action}", params).effect is effect


@pytest.mark.covers("data_sources.create")
def test_a_data_source_is_created(run):
    params = {"parent": {"type": "database_id", "database_id": HEX}, "properties": COLUMNS, "title": TEXT, "icon": None}
    sent = send(run, "data_sources.create", params, SOURCE)
    assert sent.line == "POST /v1/data_sources"
    assert sent.request.json == {
        "parent": {"type": "database_id", "database_id": ID},
        "properties": COLUMNS,
        "title": TEXT,
    }


@pytest.mark.covers("data_sources.update")
@pytest.mark.parametrize(
    ("params", "body", "effect"),
    [
        ({"properties": {"Old": {"name": "New"}}}, {"properties": {"Old": {"name": "New"}}}, Effect.WRITE),
        ({"properties": {"Due": {"date": {}}, "Gone": None}}, None, Effect.DESTRUCTIVE),
        ({"properties": {}}, {"properties": {}}, Effect.WRITE),
        ({"icon": None, "title": TEXT}, {"icon": None, "title": TEXT}, Effect.WRITE),
        ({"parent": {"database_id": HEX2}}, {"parent": {"database_id": ID2}}, Effect.WRITE),
        ({"in_trash": True}, {"in_trash": True}, Effect.DESTRUCTIVE),
        ({"in_trash": False}, {"in_trash": False}, Effect.WRITE),
    ],
)
def test_a_data_source_is_updated(run, params, body, effect):
    sent = send(run, "data_sources.update", {"data_source_id": HEX, **params}, SOURCE)
    assert (sent.line, sent.request.json) == (f"PATCH /v1/data_sources/{ID}", params if body is None else body)
    assert parse("data_sources.update", {"data_source_id": HEX, **params}).effect is effect


# --- a database's rows

ROWS = {"object": "list", "results": [{"object": "page", "id": ID}], "next_cursor": None, "has_more": False}


@pytest.mark.covers("databases.query")
def test_a_databases_rows_are_those_of_its_data_source(run):
    params = {
        "database_id": HEX,
        "filter": {"property": "Done", "checkbox": {"equals": True}},
        "sorts": [{"property": "Due", "direction": "ascending"}],
        "filter_properties": ["%7Ct"],
        "start_cursor": "c",
        "page_size": 7,
    }
    sent = send(run, "databases.query", params, {**DATABASE, "data_sources": [{"id": ID2, "name": "x"}]}, ROWS)
    looked_up, query = sent.requests
    assert (looked_up.method, looked_up.path) == ("GET", f"/v1/databases/{ID}")
    assert (query.method, query.path) == ("POST", f"/v1/data_sources/{ID2}/query")
    assert query.query == (("filter_properties", "|t"),)
    assert query.json == {
        "filter": params["filter"],
        "sorts": params["sorts"],
        "start_cursor": "c",
        "page_size": 7,
    }
    assert [row["id"] for row in sent.result] == [ID]


def test_all_rows_of_a_database_are_read_oldest_first():
    paging = parse("databases.query", {"database_id": HEX}).paging()
    assert paging.upcoming.sorts == [{"timestamp": "created_time", "direction": "ascending"}]


@pytest.mark.parametrize(
    ("sources", "error"),
    [([], NotFound), ([{"id": ID, "name": "A"}, {"id": ID2, "name": "B"}], AmbiguousReference)],
)
def test_a_database_without_just_one_data_source(run, sources, error):
    with pytest.raises(error) as caught:
        send(run, "databases.query", {"database_id": HEX}, {**DATABASE, "data_sources": sources})
    assert [choice["id"] for choice in caught.value.details.get("choices", [])] == [each["id"] for each in sources]
