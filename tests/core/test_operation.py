"""Each operation's request on the wire, written by hand from Notion's reference, and its result."""

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json, to_jsonable_python

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.errors import InvalidParams, InvalidResponse
from airbyte_agent_notion.listing import ListMeta, ListOperation, ListResult
from airbyte_agent_notion.operation import Effect, Operation, Spec
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.users import ListUsers

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
CATALOG = Catalog.of(NotionSurface)
LAST_EDITED = {"timestamp": "last_edited_time", "direction": "ascending"}
PAGED = {"start_cursor": "c", "page_size": 7}
IN_QUERY = (("start_cursor", "c"), ("page_size", "7"))
ONLY_PAGES = {"property": "object", "value": "page"}
ONLY_TABLES = {"property": "object", "value": "data_source"}

# entity, action, params, method, path, query, body
WIRE = [
    ("users", "list", {}, "GET", "/v1/users", (), None),
    ("users", "list", PAGED, "GET", "/v1/users", IN_QUERY, None),
    ("users", "get", {"user_id": HEX}, "GET", f"/v1/users/{ID}", (), None),
    ("users", "get_me", {}, "GET", "/v1/users/me", (), None),
    ("pages", "list", {}, "POST", "/v1/search", (), {"filter": ONLY_PAGES}),
    (
        "pages",
        "list",
        {"query": "Road map", "sort": LAST_EDITED, **PAGED},
        "POST",
        "/v1/search",
        (),
        {"query": "Road map", "sort": LAST_EDITED, **PAGED, "filter": ONLY_PAGES},
    ),
    ("pages", "get", {"page_id": HEX}, "GET", f"/v1/pages/{ID}", (), None),
    (
        "pages",
        "get",
        {"page_id": HEX, "filter_properties": ["title", "%7Ct", "a%3Bb", "Due date"]},
        "GET",
        f"/v1/pages/{ID}",
        (
            ("filter_properties", "title"),
            ("filter_properties", "|t"),
            ("filter_properties", "a;b"),
            ("filter_properties", "Due date"),
        ),
        None,
    ),
    (
        "pages",
        "get",
        {"page_id": HEX, "filter_properties": ["title"], "complete": True},
        "GET",
        f"/v1/pages/{ID}",
        (("filter_properties", "title"),),
        None,
    ),
    (
        "pages",
        "get_property",
        {"page_id": HEX, "property_id": "%7Ct", **PAGED},
        "GET",
        f"/v1/pages/{ID}/properties/%7Ct",
        IN_QUERY,
        None,
    ),
    ("data_sources", "list", {}, "POST", "/v1/search", (), {"filter": ONLY_TABLES}),
    (
        "data_sources",
        "list",
        {"query": "x", "sort": {"timestamp": "last_edited_time"}, **PAGED},
        "POST",
        "/v1/search",
        (),
        {"query": "x", "sort": {"timestamp": "last_edited_time"}, **PAGED, "filter": ONLY_TABLES},
    ),
    ("data_sources", "get", {"data_source_id": HEX}, "GET", f"/v1/data_sources/{ID}", (), None),
    ("data_sources", "query", {"data_source_id": HEX}, "POST", f"/v1/data_sources/{ID}/query", (), {}),
    (
        "data_sources",
        "query",
        {
            "data_source_id": HEX,
            "filter": {"property": "Done", "checkbox": {"equals": True}},
            "sorts": [{"property": "Due", "direction": "ascending"}],
            "filter_properties": ["%7Ct", "title"],
            "is_archived": False,
            "result_type": "page",
            **PAGED,
        },
        "POST",
        f"/v1/data_sources/{ID}/query",
        (("filter_properties", "|t"), ("filter_properties", "title")),
        {
            "filter": {"property": "Done", "checkbox": {"equals": True}},
            "sorts": [{"property": "Due", "direction": "ascending"}],
            "is_archived": False,
            "result_type": "page",
            **PAGED,
        },
    ),
    (
        "data_sources",
        "list_templates",
        {"data_source_id": HEX, "name": "Bug", **PAGED},
        "GET",
        f"/v1/data_sources/{ID}/templates",
        (("name", "Bug"), *IN_QUERY),
        None,
    ),
    ("databases", "get", {"database_id": HEX}, "GET", f"/v1/databases/{ID}", (), None),
    ("blocks", "list", {"block_id": HEX}, "GET", f"/v1/blocks/{ID}/children", (), None),
    ("blocks", "list", {"block_id": HEX, **PAGED}, "GET", f"/v1/blocks/{ID}/children", IN_QUERY, None),
    ("blocks", "get", {"block_id": HEX}, "GET", f"/v1/blocks/{ID}", (), None),
    ("comments", "list", {"block_id": HEX}, "GET", "/v1/comments", (("block_id", ID),), None),
    ("comments", "list", {"block_id": HEX, **PAGED}, "GET", "/v1/comments", (*IN_QUERY, ("block_id", ID)), None),
    ("comments", "get", {"comment_id": HEX}, "GET", f"/v1/comments/{ID}", (), None),
    ("search", "search", {}, "POST", "/v1/search", (), {}),
    (
        "search",
        "search",
        {"query": "x", "filter": ONLY_TABLES, "sort": LAST_EDITED, **PAGED},
        "POST",
        "/v1/search",
        (),
        {"query": "x", "filter": ONLY_TABLES, "sort": LAST_EDITED, **PAGED},
    ),
]
COMPOSITE = {("blocks", "list_tree"), ("files", "get"), ("pages", "read"), ("search", "resolve")}
"""They send other operations' requests; each has tests of its own in operations/."""
ELSEWHERE = {
    ("pages", "get_markdown"),
    ("databases", "query"),
    ("views", "list"),
    ("views", "get"),
    ("views", "query"),
    ("views", "get_query_results"),
    ("file_uploads", "list"),
    ("file_uploads", "get"),
    ("meeting_notes", "query"),
    ("custom_emojis", "list"),
    ("async_tasks", "get"),
}
"""In operations/, beside the writes of their entity."""

each_call = pytest.mark.parametrize(
    ("entity", "action", "params", "method", "path", "query", "body"),
    WIRE,
    ids=[f"{entity}.{action}-{len(params)}" for entity, action, params, *_ in WIRE],
)


def parse(entity, action, params):
    return Catalog.parse(CATALOG.find(entity, action), params)


def test_every_operation_is_in_the_table():
    named = {(operation.spec.entity, operation.spec.action) for operation in CATALOG.operations()}
    reads = {(each.spec.entity, each.spec.action) for each in CATALOG.operations() if each.spec.effect is Effect.READ}
    assert {(entity, action) for entity, action, *_ in WIRE} | COMPOSITE == reads - ELSEWHERE
    assert reads <= named


@pytest.mark.covers(
    "users.list",
    "users.get",
    "users.get_me",
    "pages.list",
    "pages.get",
    "pages.get_property",
    "data_sources.list",
    "data_sources.get",
    "data_sources.query",
    "data_sources.list_templates",
    "databases.get",
    "blocks.list",
    "blocks.get",
    "comments.list",
    "comments.get",
    "search.search",
)
@each_call
def test_the_request_on_the_wire(entity, action, params, method, path, query, body):
    request = parse(entity, action, params).request()
    assert (request.method, request.path, request.json) == (method, path, body)
    assert sorted(request.query) == sorted(query)
    assert [value for name, value in request.query if name == "filter_properties"] == [
        value for name, value in query if name == "filter_properties"
    ]
    assert not request.headers


@each_call
def test_null_is_unset(entity, action, params, method, path, query, body):
    operation = CATALOG.find(entity, action)
    nulls = dict.fromkeys(operation.model_fields)
    assert parse(entity, action, {**nulls, **params}).request() == parse(entity, action, params).request()


@each_call
def test_a_parameter_too_many_is_refused(entity, action, params, method, path, query, body):
    with pytest.raises(InvalidParams, match="there is no parameter 'archived'"):
        parse(entity, action, {**params, "archived": True})


@pytest.mark.parametrize("entity", ["pages", "data_sources"])
@pytest.mark.parametrize("value", [{"property": "object", "value": "page"}, {}, "x"])
def test_the_filter_of_a_list_is_ours(entity, value):
    with pytest.raises(InvalidParams, match="there is no parameter 'filter'"):
        parse(entity, "list", {"filter": value})
    assert parse(entity, "list", {"filter": None}).request().json["filter"]["property"] == "object"


def test_the_fixed_body_is_not_shared():
    parse("pages", "list", {}).request().json["more"] = 1
    assert parse("pages", "list", {}).request().json == {"filter": ONLY_PAGES}


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"sort": {"timestamp": "created_time"}}, "sort.timestamp"),
        ({"sort": {"direction": "ascending"}}, "sort.timestamp"),
        ({"sort": {**LAST_EDITED, "more": 1}}, "sort.more"),
        ({"sort": "last_edited_time"}, "sort"),
        ({"filter": {"property": "object", "value": "database"}}, "filter.value"),
        ({"filter": {"property": "object", "value": "page", "created_by": "me"}}, "filter.created_by"),
        ({"query": 7}, "query"),
    ],
)
def test_what_a_search_does_not_take(params, named):
    with pytest.raises(InvalidParams) as caught:
        parse("search", "search", params)
    assert named in caught.value.details["parameters"]


def test_parameters_that_are_no_object_are_refused():
    with pytest.raises(ValueError, match="valid dictionary"):
        CATALOG.find("users", "get_me").model_validate("x")


def test_operations_are_frozen():
    with pytest.raises(Exception, match="frozen"):
        parse("users", "get", {"user_id": HEX}).user_id = ID


# --- a runtime-defined operation shows what the base class does


class Sample(Operation[dict[str, Any]]):
    """Do something."""

    spec = Spec("samples", "do", "DELETE /v1/samples/{name}/of/{other}", effect=Effect.WRITE)
    name: str
    other: str
    flag: bool | None = None
    number: int | None = None


def test_path_parts_are_quoted():
    request = Sample(name="a/../b c", other="ü?#%").request()
    assert request.path == "/v1/samples/a%2F..%2Fb%20c/of/%C3%BC%3F%23%25"


@pytest.mark.parametrize("dots", ["", ".", "..", "..."])
def test_dot_segments_never_reach_the_path(dots):
    with pytest.raises(ValueError, match="not a path segment"):
        Sample(name=dots, other="x").request()


def test_booleans_and_numbers_in_the_query():
    request = Sample(name="n", other="o", flag=True, number=5).request()
    assert request.query == (("flag", "true"), ("number", "5"))
    assert request.json is None
    assert Sample(name="n", other="o", flag=False).request().query == (("flag", "false"),)


def test_the_facts_of_a_spec():
    assert (Sample.spec.name, Sample.spec.method) == ("samples.do", "DELETE")
    assert Sample.spec.path == "/v1/samples/{name}/of/{other}"
    assert Sample(name="n", other="o").effect is Effect.WRITE


# --- results of lists

LIST = {
    "object": "list",
    "results": [{"object": "user", "id": "1"}, {"object": "user", "id": "2"}],
    "next_cursor": "next",
    "has_more": True,
    "type": "user",
    "user": {},
    "request_status": {"type": "incomplete"},
    "request_id": "r",
}


def test_a_list_is_iterable_and_loses_nothing_of_the_envelope():
    result = ListUsers().result(LIST)
    assert [user["id"] for user in result] == ["1", "2"]
    assert len(result) == 2
    assert result.data == LIST["results"]
    assert (result.meta.next_cursor, result.meta.has_more, result.meta.request_id) == ("next", True, "r")
    again = {
        "results": result.data,
        "next_cursor": result.meta.next_cursor,
        "has_more": result.meta.has_more,
        "request_id": result.meta.request_id,
        **result.meta.envelope,
    }
    assert again == LIST


def test_a_list_serialises_as_data_and_meta():
    result = ListUsers().result(LIST)
    plain = {
        "data": LIST["results"],
        "meta": {
            "next_cursor": "next",
            "has_more": True,
            "complete": False,
            "incomplete_reason": "incomplete",
            "request_status": {"type": "incomplete"},
        },
    }
    assert result.to_dict() == plain
    assert json.loads(json.dumps(result.to_dict())) == plain
    anything = TypeAdapter(Any)
    assert json.loads(anything.dump_json(result)) == plain
    assert anything.dump_python(result, mode="json") == plain
    assert anything.dump_python({"return_value": [result]}, mode="json") == {"return_value": [plain]}
    assert json.loads(to_json(result)) == plain
    assert to_jsonable_python({"x": result}) == {"x": plain}


def test_a_list_serialises_inside_a_model():
    class ToolReturn(BaseModel):
        content: Any

    result = ListUsers().result(LIST)
    assert json.loads(ToolReturn(content=result).model_dump_json())["content"]["meta"]["next_cursor"] == "next"


def test_an_empty_last_page():
    result = ListUsers().result({"results": [], "next_cursor": None, "has_more": False})
    assert list(result) == []
    assert result.to_dict() == {"data": [], "meta": {"next_cursor": None, "has_more": False}}


@pytest.mark.parametrize("body", [{}, {"results": None}, {"results": {}}, {"data": []}])
def test_a_list_without_results_is_refused(body):
    with pytest.raises(InvalidResponse, match=r"users\.list holds no list under 'results'") as caught:
        ListUsers().result({**body, "request_id": "r"})
    assert caught.value.request_id == "r"


def test_a_list_under_another_key():
    class Templates(ListOperation[dict[str, Any]]):
        """List templates."""

        spec = Spec("templates", "list", "GET /v1/templates")
        items_key = "templates"

    result = Templates().result({"templates": [{"id": "1"}], "has_more": False, "next_cursor": None})
    assert result.data == [{"id": "1"}]
    assert "templates" not in result.meta.envelope


def test_results_are_frozen():
    result = ListResult(data=[1], meta=ListMeta(next_cursor=None, has_more=False))
    with pytest.raises((FrozenInstanceError, AttributeError)):
        result.data = []
    with pytest.raises(TypeError):
        result.meta.envelope["x"] = 1
