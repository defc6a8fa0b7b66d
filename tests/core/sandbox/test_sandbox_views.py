"""Views: how data sources are looked at, and what a view shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.sample.markup import database_id, page_id

WORK = database_id("work")


class Clock:
    moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    return Sandbox.sample(now=clock)


@pytest.fixture
def tasks(caller: Any) -> str:
    return caller.source("Tasks").id


@pytest.fixture
def make(caller: Any, tasks: str) -> Callable[..., Any]:
    def create(kind: str = "table", **body: Any) -> Any:
        home = {} if {"view_id", "create_database"} & body.keys() else {"database_id": WORK}
        given = {"data_source_id": tasks, "name": "Mine", "type": kind, **home, **body}
        return caller.ok("POST", "/v1/views", given)

    return create


def ids(caller: Any, **query: str) -> list[str]:
    answer = caller.ok("GET", "/v1/views", query=list(query.items()))
    assert all(set(each) == {"object", "id"} and each["object"] == "view" for each in answer["results"])
    return [each["id"] for each in answer["results"]]


def refused(caller: Any, **body: Any) -> str:
    given = {"data_source_id": caller.source("Tasks").id, "name": "Mine", "type": "table", "database_id": WORK, **body}
    before = ids(caller, database_id=WORK)
    message = caller.error(
        400, "validation_error", "POST", "/v1/views", {key: each for key, each in given.items() if each is not ...}
    )
    assert ids(caller, database_id=WORK) == before
    return message


def test_every_data_source_starts_with_a_table_view(either: Any) -> None:
    database = either.sandbox.workspace.databases[WORK]
    found = ids(either, database_id=WORK)
    assert len(found) == len(database.sources)
    shown = [either.ok("GET", f"/v1/views/{each}") for each in found]
    assert [each["data_source_id"] for each in shown] == database.sources
    assert {each["type"] for each in shown} == {"table"}
    assert shown[0]["parent"] == {"type": "database_id", "database_id": WORK}
    assert shown[0]["configuration"] == {"type": "table"}
    assert shown[0]["url"].endswith(f"?v={found[0].replace('-', '')}")
    made = either.ok("POST", "/v1/databases", {"parent": {"page_id": page_id("home")}})
    assert len(ids(either, database_id=made["id"])) == 1
    assert len(ids(either, data_source_id=made["data_sources"][0]["id"])) == 1


def test_a_view_from_creation_to_deletion(caller: Any, make: Callable[..., Any], clock: Clock) -> None:
    view = make("board", configuration={"type": "board", "group_by": group(caller)}, position={"type": "start"})
    assert view["created_time"] == "2026-11-20T09:00:00.000+00:00"
    assert ids(caller, database_id=WORK)[0] == view["id"]
    clock.moment += timedelta(minutes=1)
    changed = caller.ok("PATCH", f"/v1/views/{view['id']}", {"name": "Board"})
    assert (changed["name"], changed["last_edited_time"]) == ("Board", "2026-11-20T09:01:00.000+00:00")
    assert changed["configuration"] == view["configuration"]
    gone = caller.ok("DELETE", f"/v1/views/{view['id']}")
    assert set(gone) == {"object", "id", "parent", "type", "request_id"}
    assert view["id"] not in ids(caller, database_id=WORK)
    for method in ("GET", "DELETE"):
        caller.error(404, "object_not_found", method, f"/v1/views/{view['id']}")


def group(caller: Any, **more: Any) -> dict[str, Any]:
    prop = caller.source("Tasks").find("Status")
    return {"type": "status", "property_id": prop.id, "sort": {"type": "manual"}, "group_by": "option", **more}


def test_lists_need_a_database_or_data_source(caller: Any, make: Callable[..., Any], tasks: str) -> None:
    message = caller.error(400, "validation_error", "GET", "/v1/views")
    assert "data_source_id" in message
    caller.error(404, "object_not_found", "GET", "/v1/views", query=[("database_id", tasks)])
    caller.error(404, "object_not_found", "GET", "/v1/views", query=[("data_source_id", WORK)])
    linked = make(create_database={"parent": {"type": "page_id", "page_id": page_id("home")}})
    assert linked["id"] in ids(caller, data_source_id=tasks)
    assert linked["id"] not in ids(caller, database_id=WORK)
    assert ids(caller, database_id=linked["parent"]["database_id"]) == [linked["id"]]
    first = caller.ok("GET", "/v1/views", query=[("database_id", WORK), ("page_size", "1")])
    assert first["has_more"]


def test_linked_databases_stand_where_they_were_asked_for(caller: Any, make: Callable[..., Any]) -> None:
    children = caller.ok("GET", f"/v1/blocks/{page_id('gallery')}/children")["results"]
    place = {"type": "after_block", "block_id": children[1]["id"]}
    parent = {"type": "page_id", "page_id": page_id("gallery")}
    linked = make(create_database={"parent": parent, "position": place})
    after = caller.ok("GET", f"/v1/blocks/{page_id('gallery')}/children")["results"]
    assert (after[2]["id"], after[2]["type"]) == (linked["parent"]["database_id"], "child_database")
    elsewhere = {"type": "after_block", "block_id": page_id("home")}
    message = refused(caller, database_id=..., create_database={"parent": parent, "position": elsewhere})
    assert "is not a child" in message


def test_positions_among_tabs(caller: Any, make: Callable[..., Any]) -> None:
    before = ids(caller, database_id=WORK)
    second = make(position={"type": "after_view", "view_id": before[0]})["id"]
    last = make(position={"type": "end"})["id"]
    assert ids(caller, database_id=WORK) == [before[0], second, *before[1:], last]
    assert "is not a view" in refused(caller, position={"type": "after_view", "view_id": page_id("home")})


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ({"data_source_id": ...}, "body.data_source_id"),
        ({"name": ...}, "body.name"),
        ({"type": "pie"}, "body.type"),
        ({"database_id": ...}, "body.database_id"),
        ({"view_id": page_id("home")}, "body.database_id"),
        ({"placement": {"type": "new_row"}}, "body.placement"),
        ({"type": "board", "configuration": {"type": "board"}}, "body.configuration.group_by"),
        ({"type": "calendar", "configuration": {"type": "calendar"}}, "body.configuration.date_property_id"),
        ({"type": "timeline", "configuration": {"type": "timeline"}}, "body.configuration.date_property_id"),
        ({"type": "chart", "configuration": {"type": "chart"}}, "body.configuration.chart_type"),
        ({"type": "chart", "configuration": {"type": "chart", "chart_type": "pie"}}, "chart_type"),
        (
            {"type": "calendar", "configuration": {"type": "calendar", "date_property_id": "title"}},
            "should name a date",
        ),
        ({"type": "dashboard", "configuration": {"type": "dashboard"}}, "read-only"),
        ({"configuration": {"type": "board"}}, "body.configuration.type"),
        ({"configuration": {}}, "body.configuration.type"),
        ({"configuration": {"type": "table", "properties": [{"property_id": "none"}]}}, "Could not find property"),
        ({"configuration": {"type": "table", "properties": [{"property_id": "title", "width": 0}]}}, "width"),
        ({"configuration": {"type": "table", "properties": [{"visible": True}]}}, "property_id"),
        ({"filter": {"property": "Nothing", "number": {"equals": 1}}}, "Could not find property"),
        ({"filter": {"property": "Status", "status": {"equals": "Almost"}}}, "does not exist"),
        ({"filter": {"or": [{"property": "Status", "status": {"equals": ["Done", "Almost"]}}]}}, "does not exist"),
        ({"sorts": [{"timestamp": "created_time", "direction": "ascending"}]}, "timestamp"),
        ({"sorts": [{"property": "Nothing", "direction": "ascending"}]}, "Could not find"),
        ({"quick_filters": {"Nothing": {"number": {"equals": 1}}}}, "Could not find property"),
        ({"columns": 3}, "body.columns"),
    ],
)
def test_views_that_are_refused(caller: Any, body: Any, meant: str) -> None:
    assert meant in refused(caller, **body)


@pytest.mark.parametrize(
    ("change", "meant"),
    [
        ({"sort": ...}, "sort"),
        ({"sort": {"type": "up"}}, "sort.type"),
        ({"type": "date"}, "type"),
        ({"group_by": "x"}, "x"),
    ],
)
def test_groupings_fit_their_property(caller: Any, change: Any, meant: str) -> None:
    given = {key: each for key, each in group(caller, **change).items() if each is not ...}
    assert meant in refused(caller, type="board", configuration={"type": "board", "group_by": given})


def test_configurations_are_laid_over_each_other(caller: Any, make: Callable[..., Any]) -> None:
    view = make("board", configuration={"type": "board", "group_by": group(caller), "cover_size": "large"})
    path = f"/v1/views/{view['id']}"
    assert "group_by" in caller.error(
        400, "validation_error", "PATCH", path, {"configuration": {"type": "board", "cover_size": "small"}}
    )
    given = {"type": "board", "group_by": group(caller, sort={"type": "ascending"})}
    changed = caller.ok("PATCH", path, {"configuration": given})["configuration"]
    assert changed == {**given, "cover_size": "large"}


def test_what_is_saved_can_be_cleared(caller: Any, make: Callable[..., Any]) -> None:
    condition = {"status": {"equals": "Done"}}
    view = make(
        filter={"property": "Status", **condition},
        sorts=[{"property": "Due", "direction": "ascending"}],
        quick_filters={"Status": condition, "Estimate": {"number": {"is_not_empty": True}}},
    )
    path = f"/v1/views/{view['id']}"
    merged = caller.ok("PATCH", path, {"quick_filters": {"Status": None, "Due": {"date": {"is_empty": True}}}})
    assert set(merged["quick_filters"]) == {"Estimate", "Due"}
    assert merged["filter"] == view["filter"]
    cleared = caller.ok("PATCH", path, {"filter": None, "sorts": None, "quick_filters": None})
    assert (cleared["filter"], cleared["sorts"], cleared["quick_filters"]) == (None, None, None)
    message = caller.error(400, "validation_error", "PATCH", path, {"name": "x", "sorts": [{"property": "No"}]})
    assert "direction" in message
    assert caller.ok("GET", path)["name"] == "Mine"


def test_dashboards_hold_views_in_rows(caller: Any, make: Callable[..., Any]) -> None:
    board = make("dashboard")
    assert board["data_source_id"] is None
    widgets = [make("chart", view_id=board["id"], configuration={"type": "chart", "chart_type": "bar"})]
    row = {"type": "existing_row", "row_index": 0}
    widgets += [make(view_id=board["id"], placement=row) for _ in range(3)]
    assert widgets[0]["dashboard_view_id"] == board["id"]
    assert "at most 4" in refused(caller, database_id=..., view_id=board["id"], placement=row)
    assert "row_index" in refused(
        caller, database_id=..., view_id=board["id"], placement={"type": "existing_row", "row_index": 1}
    )
    first = make(view_id=board["id"], placement={"type": "new_row", "row_index": 0})
    rows = caller.ok("GET", f"/v1/views/{board['id']}")["configuration"]["rows"]
    assert [[each["view_id"] for each in row["widgets"]] for row in rows] == [
        [first["id"]],
        [each["id"] for each in widgets],
    ]
    assert "no dashboard holds another" in refused(caller, database_id=..., view_id=board["id"], type="dashboard")
    assert "Only a dashboard" in refused(caller, database_id=..., view_id=first["id"])
    assert "no rows of its own" in caller.error(400, "validation_error", "POST", f"/v1/views/{board['id']}/queries")
    assert first["id"] not in ids(caller, database_id=WORK)
    caller.ok("DELETE", f"/v1/views/{first['id']}")
    assert len(caller.ok("GET", f"/v1/views/{board['id']}")["configuration"]["rows"]) == 1
    caller.ok("DELETE", f"/v1/views/{board['id']}")
    caller.error(404, "object_not_found", "GET", f"/v1/views/{widgets[0]['id']}")


def test_queries_run_what_the_view_has_saved(caller: Any, make: Callable[..., Any], clock: Clock) -> None:
    saved = {"property": "Status", "status": {"equals": "Done"}}
    sorts = [{"property": "Due", "direction": "ascending"}]
    path = f"/v1/views/{make(filter=saved, sorts=sorts)['id']}/queries"
    expected = [row["id"] for row in caller.rows("Tasks", filter=saved, sorts=sorts)]
    assert len(expected) > 10
    query = caller.ok("POST", path, {"page_size": 10})
    assert (query["object"], query["total_count"]) == ("view_query", len(expected))
    assert query["expires_at"] == "2026-11-20T09:15:00.000+00:00"
    found, cursor = list(query["results"]), query["next_cursor"]
    while cursor:
        page = caller.ok("GET", f"{path}/{query['id']}", query=[("start_cursor", cursor), ("page_size", "10")])
        assert (page["object"], page["type"]) == ("list", "page")
        found, cursor = found + page["results"], page["next_cursor"]
    assert found == [{"object": "page", "id": each} for each in expected]
    caller.ok("PATCH", f"/v1/pages/{expected[0]}", {"in_trash": True})
    assert caller.ok("GET", f"{path}/{query['id']}")["results"][0]["id"] == expected[0]
    assert caller.ok("POST", path)["total_count"] == len(expected) - 1
    clock.moment += timedelta(minutes=15)
    assert "view_query" in caller.error(404, "object_not_found", "GET", f"{path}/{query['id']}")


def test_queries_are_dropped_any_number_of_times(caller: Any, make: Callable[..., Any]) -> None:
    path = f"/v1/views/{make()['id']}/queries"
    query = caller.ok("POST", path, {})
    for _ in range(2):
        answer = caller.ok("DELETE", f"{path}/{query['id']}")
        assert {**answer, "request_id": 0} == {
            "object": "view_query",
            "id": query["id"],
            "deleted": True,
            "request_id": 0,
        }
    caller.error(404, "object_not_found", "GET", f"{path}/{query['id']}")
    other = caller.ok("POST", path)["id"]
    elsewhere = f"/v1/views/{make()['id']}/queries/{other}"
    caller.error(404, "object_not_found", "GET", elsewhere)
    assert "body.filter" in caller.error(400, "validation_error", "POST", path, {"filter": {}})


def test_a_group_of_a_status_stands_for_its_options(caller: Any, make: Callable[..., Any]) -> None:
    prop = caller.source("Tasks").find("Status")
    group = next(each for each in prop.groups if len(each.option_ids) > 1)
    names = [each.name for each in prop.options if each.id in group.option_ids]
    assert group.name not in names
    view = make(filter={"property": "Status", "status": {"equals": group.name}})
    total = caller.ok("POST", f"/v1/views/{view['id']}/queries")["total_count"]
    assert total == len(caller.rows("Tasks", filter={"property": "Status", "status": {"equals": names}})) > 0


def test_views_of_what_is_not_shared_are_not_found(caller: Any, make: Callable[..., Any]) -> None:
    view = make()
    caller.sandbox.workspace.shared.clear()
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/queries")):
        caller.error(404, "object_not_found", method, f"/v1/views/{view['id']}{path}")
