"""Objects as they are given out: truncation, property items, rollups, times, versions, blocks and comments."""

from __future__ import annotations

import re
import statistics
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.ids import derived_id
from airbyte_agent_notion.sandbox.sample.markup import database_id, page_id, user_id
from airbyte_agent_notion.sandbox.state import DateValue, Formula, Rollup, Span

ATLAS = page_id("project-atlas")
MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z")
MILLISECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


def wire(caller: Any, page: str, name: str) -> str:
    return caller.ok("GET", f"/v1/pages/{page}")["properties"][name]["id"]


def items(caller: Any, page: str, name: str, *, size: int = 100) -> list[Any]:
    return caller.all("GET", f"/v1/pages/{page}/properties/{wire(caller, page, name)}", size=size)


def test_relations_stop_at_25_and_say_so(either: Any) -> None:
    tasks = either.ok("GET", f"/v1/pages/{ATLAS}")["properties"]["Tasks"]
    assert (len(tasks["relation"]), tasks["has_more"]) == (25, True)
    full = items(either, ATLAS, "Tasks", size=9)
    assert len(full) == 40
    assert [each["relation"] for each in full[:25]] == tasks["relation"]
    lead = either.ok("GET", f"/v1/pages/{ATLAS}")["properties"]["Lead"]
    assert (len(lead["relation"]), lead["has_more"]) == (1, False)


def test_texts_and_people_stop_at_25_and_do_not_say_so(caller: Any) -> None:
    source, page = caller.source("Tasks"), caller.sandbox.workspace.pages[page_id("task-0")]
    page.values["title"] = page.values[source.find("Notes").id] = tuple(Span(text=str(index)) for index in range(30))
    page.values[source.find("Owner").id] = tuple(derived_id("someone", str(index)) for index in range(30))
    props = caller.ok("GET", f"/v1/pages/{page.id}")["properties"]
    for name, kind in (("Task", "title"), ("Notes", "rich_text"), ("Owner", "people")):
        assert len(props[name][kind]) == 25
        assert "has_more" not in props[name]
        full = items(caller, page.id, name, size=8)
        assert [each[kind] for each in full[:25]] == props[name][kind]
        assert len(full) == 30
        assert {(each["object"], each["type"], each["id"]) for each in full} == {
            ("property_item", kind, props[name]["id"])
        }


def test_exactly_25_is_not_more(caller: Any) -> None:
    source, page = caller.source("Projects"), caller.sandbox.workspace.pages[ATLAS]
    prop = source.find("Tasks")
    page.values[prop.id] = page.values[prop.id][:25]
    tasks = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]["Tasks"]
    assert (len(tasks["relation"]), tasks["has_more"]) == (25, False)


def test_the_property_item_envelope(caller: Any) -> None:
    identifier = wire(caller, ATLAS, "Tasks")
    answer = caller.ok("GET", f"/v1/pages/{ATLAS}/properties/{identifier}", query=[("page_size", "30")])
    assert (answer["object"], answer["type"]) == ("list", "property_item")
    assert answer["property_item"]["type"] == "relation"
    assert answer["property_item"]["relation"] == {}
    assert answer["property_item"]["id"] == identifier
    assert answer["next_cursor"] in answer["property_item"]["next_url"]
    empty = caller.ok(
        "GET", f"/v1/pages/{page_id('task-249')}/properties/{wire(caller, page_id('task-249'), 'Project')}"
    )
    assert (empty["results"], empty["property_item"]["next_url"]) == ([], None)


@pytest.mark.parametrize(
    "name",
    [
        "Status",
        "Priority",
        "Due",
        "Estimate",
        "Tags",
        "Needs approval",
        "Ticket",
        "ID",
        "Overdue",
        "Flag",
        "Created",
        "Edited",
        "Author",
        "Last editor",
    ],
)
def test_single_property_items(caller: Any, name: str) -> None:
    shown = caller.ok("GET", f"/v1/pages/{page_id('task-4')}")["properties"][name]
    answer = caller.ok("GET", f"/v1/pages/{page_id('task-4')}/properties/{shown['id']}")
    answer.pop("request_id")
    assert answer == {"object": "property_item", **shown}


def test_property_ids_are_decoded_once(caller: Any) -> None:
    schema = caller.ok("GET", f"/v1/data_sources/{caller.source('Tasks').id}")["properties"]
    encoded = {each["id"] for each in schema.values() if "%" in each["id"]}
    assert encoded
    for identifier in encoded:
        assert caller.ok("GET", f"/v1/pages/{page_id('task-0')}/properties/{identifier}")
        twice = identifier.replace("%", "%25")
        message = caller.error(400, "validation_error", "GET", f"/v1/pages/{page_id('task-0')}/properties/{twice}")
        assert "is not a property that exists" in message


def roll(caller: Any, function: str, of: str = "Estimate") -> Any:
    """Replace the function of a rollup and return its value in the page, and its aggregate in the property item."""
    prop = caller.source("Projects").find("Hours planned")
    prop.rollup = Rollup(
        relation_id=prop.rollup.relation_id, property_id=caller.source("Tasks").find(of).id, function=function
    )
    value = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]["Hours planned"]["rollup"]
    answer = caller.ok("GET", f"/v1/pages/{ATLAS}/properties/{wire(caller, ATLAS, 'Hours planned')}")
    assert value["function"] == answer["property_item"]["rollup"]["function"] == function
    return value, answer


def related(caller: Any) -> list[Any]:
    """The tasks of the project, in the order of its relation."""
    rows = {row["id"]: row for row in caller.rows("Tasks")}
    items = caller.all("GET", f"/v1/pages/{ATLAS}/properties/{wire(caller, ATLAS, 'Tasks')}")
    return [rows[each["relation"]["id"]] for each in items]


def test_rollups_see_25_rows_in_pages_and_all_in_property_items(caller: Any) -> None:
    hours = [row["properties"]["Estimate"]["number"] for row in related(caller)][:40]
    checks = {
        "sum": sum,
        "min": min,
        "max": max,
        "average": statistics.fmean,
        "range": lambda n: max(n) - min(n),
        "count": len,
    }
    for function, expected in checks.items():
        value, answer = roll(caller, function)
        assert value == {"type": "number", "number": pytest.approx(expected(hours[:25])), "function": function}
        assert answer["property_item"]["rollup"]["number"] == pytest.approx(expected(hours))
    assert roll(caller, "median")[0]["number"] == statistics.median(hours[:25])


def test_counting_rollups(caller: Any) -> None:
    rows = related(caller)[:25]
    empty = sum(1 for row in rows if row["properties"]["Due"]["date"] is None)
    assert empty
    expected = {
        "empty": empty,
        "not_empty": 25 - empty,
        "percent_empty": round(empty / 25, 4),
        "percent_not_empty": round((25 - empty) / 25, 4),
        "count_values": 25 - empty,
    }
    assert {function: roll(caller, function, "Due")[0]["number"] for function in expected} == expected
    unique = {row["properties"]["Status"]["status"]["name"] for row in rows}
    assert roll(caller, "unique", "Status")[0]["number"] == len(unique)
    checked = sum(1 for row in rows if row["properties"]["Needs approval"]["checkbox"])
    assert roll(caller, "checked", "Needs approval")[0]["number"] == checked
    assert roll(caller, "unchecked", "Needs approval")[0]["number"] == 25 - checked
    assert roll(caller, "percent_checked", "Needs approval")[0]["number"] == round(checked / 25, 4)


def test_date_rollups(caller: Any) -> None:
    dues = sorted(
        row["properties"]["Due"]["date"]["start"] for row in related(caller)[:25] if row["properties"]["Due"]["date"]
    )
    first, last = dues[0], dues[-1]
    assert roll(caller, "earliest_date", "Due")[0]["date"] == {"start": first, "end": None, "time_zone": None}
    assert roll(caller, "latest_date", "Due")[0]["date"]["start"] == last
    assert roll(caller, "date_range", "Due")[0]["date"] == {"start": first, "end": last, "time_zone": None}


def test_rollups_without_rows(caller: Any) -> None:
    caller.sandbox.workspace.pages[ATLAS].values[caller.source("Projects").find("Tasks").id] = ()
    assert roll(caller, "sum")[0]["number"] == 0
    assert roll(caller, "max")[0]["number"] is None
    assert roll(caller, "percent_empty")[0]["number"] is None
    assert roll(caller, "latest_date", "Due")[0] == {"type": "date", "date": None, "function": "latest_date"}
    assert roll(caller, "show_original")[0] == {"type": "array", "array": [], "function": "show_original"}


def test_rollup_arrays_hold_bare_values_and_flatten_in_property_items(caller: Any) -> None:
    names = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]["Task names"]["rollup"]
    assert len(names["array"]) == 25
    assert {tuple(each) for each in names["array"]} == {("type", "title")}
    flat = items(caller, ATLAS, "Task names", size=15)
    assert [each["title"] for each in flat[:25]] == [each["title"][0] for each in names["array"]]
    assert len(flat) == 40
    numbers = roll(caller, "show_original")[1]
    assert [each["number"] for each in numbers["results"]] == [
        row["properties"]["Estimate"]["number"] for row in related(caller)[:40]
    ]
    assert numbers["property_item"]["rollup"] == {"type": "array", "array": [], "function": "show_original"}


def test_rollup_property_items_are_incomplete_until_the_last_page(caller: Any) -> None:
    path = f"/v1/pages/{ATLAS}/properties/{wire(caller, ATLAS, 'Hours planned')}"
    first = caller.ok("GET", path, query=[("page_size", "30")])
    assert first["property_item"]["rollup"] == {"type": "incomplete", "incomplete": {}, "function": "sum"}
    last = caller.ok("GET", path, query=[("page_size", "30"), ("start_cursor", first["next_cursor"])])
    assert last["property_item"]["rollup"]["type"] == "number"
    for function in ("show_unique", "unique", "median"):
        assert roll(caller, function)[1]["property_item"]["rollup"]["type"] == "unsupported"


def test_formulas_are_computed(caller: Any) -> None:
    task = caller.sandbox.workspace.pages[page_id("task-4")]
    due = caller.source("Tasks").find("Due")

    def overdue() -> Any:
        return caller.ok("GET", f"/v1/pages/{task.id}")["properties"]["Overdue"]["formula"]

    assert overdue() == {"type": "boolean", "boolean": True}
    task.values[due.id] = DateValue(start="2026-11-20")
    assert overdue()["boolean"] is False
    atlas = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]
    assert atlas["Summary"]["formula"] == {"type": "string", "string": "Active: 25 tasks"}


def test_formulas_see_numbers_and_rollups(caller: Any) -> None:
    summary = caller.source("Projects").find("Summary")
    summary.formula = Formula(
        expression="...",
        kind="number",
        compute=lambda row: (row.number("Budget") or 0) + (row.number("Task count") or 0),
    )
    props = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]
    assert props["Summary"]["formula"] == {"type": "number", "number": 480025}
    summary.formula = Formula(expression="...", kind="date", compute=lambda row: row.date("Dates"))
    props = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]
    assert props["Summary"]["formula"]["date"] == props["Dates"]["date"]
    summary.formula = None
    props = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]
    assert props["Summary"]["formula"] == {"type": "unsupported", "unsupported": {}}


def test_rollups_of_timestamps_and_formulas(caller: Any) -> None:
    rows = related(caller)[:25]
    assert roll(caller, "latest_date", "Created")[0]["date"]["start"] == max(row["created_time"] for row in rows)
    assert roll(caller, "earliest_date", "Edited")[0]["date"]["start"] == min(row["last_edited_time"] for row in rows)
    overdue = sum(1 for row in rows if row["properties"]["Overdue"]["formula"]["boolean"])
    assert roll(caller, "checked", "Overdue")[0]["number"] == overdue > 0


def test_what_points_nowhere_does_not_break_the_rest(caller: Any) -> None:
    tasks = caller.source("Tasks")
    projects = caller.source("Projects")
    projects.properties.remove(projects.find("Tasks"))
    page = caller.ok("GET", f"/v1/pages/{ATLAS}")["properties"]
    assert page["Summary"]["formula"]["string"] == "Active: 0 tasks"
    assert page["Task count"]["rollup"] == {"type": "unsupported", "unsupported": {}, "function": "count"}
    schema = caller.ok("GET", f"/v1/data_sources/{projects.id}")["properties"]
    assert schema["Task count"]["rollup"] == {}
    there = caller.ok("GET", f"/v1/data_sources/{tasks.id}")["properties"]["Project"]
    assert there["relation"]["type"] == "single_property"
    tasks.find("Project").relation.source_id = derived_id("gone")
    assert caller.ok("GET", f"/v1/data_sources/{tasks.id}")["properties"]["Project"]["relation"] == {}


def test_times_are_truncated_to_the_minute_but_for_databases(either: Any) -> None:
    record = either.sandbox.workspace.pages[page_id("handbook")]
    assert record.created.second or record.created.microsecond
    comment = either.ok("GET", "/v1/comments", query=[("block_id", page_id("atlas-plan"))])["results"][0]
    objects = [
        either.ok("GET", f"/v1/pages/{record.id}"),
        either.ok("GET", f"/v1/blocks/{record.id}"),
        either.ok("GET", f"/v1/data_sources/{either.source('Tasks').id}"),
        comment,
    ]
    for each in objects:
        assert MINUTE.fullmatch(each["created_time"])
        assert MINUTE.fullmatch(each["last_edited_time"])
    assert objects[0]["created_time"][:16] == record.created.isoformat()[:16]
    database = either.ok("GET", f"/v1/databases/{database_id('work')}")
    assert MILLISECOND.fullmatch(database["created_time"])


def test_archived_stands_beside_in_trash_in_the_older_version_only(either: Any) -> None:
    old = either.version == "2025-09-03"
    for path in ("pages", "blocks"):
        body = either.ok("GET", f"/v1/{path}/{page_id('old-travel')}")
        assert body["in_trash"] is True
        assert ("archived" in body) is old
        assert body.get("archived", True) is True
    for path in (f"databases/{database_id('work')}", f"data_sources/{either.source('Tasks').id}"):
        body = either.ok("GET", f"/v1/{path}")
        assert body["in_trash"] is False
        assert body.get("archived") is (False if old else None)


def test_the_trash_reaches_down(caller: Any) -> None:
    workspace = caller.sandbox.workspace
    workspace.pages[page_id("product")].trashed = True
    assert caller.ok("GET", f"/v1/pages/{page_id('atlas-plan')}")["in_trash"] is True
    assert page_id("product") not in {
        block["id"] for block in caller.all("GET", f"/v1/blocks/{page_id('home')}/children")
    }
    assert page_id("atlas-plan") not in {each["id"] for each in caller.all("POST", "/v1/search", {"query": "atlas"})}


def test_has_children_is_truthful(caller: Any) -> None:
    seen = 0

    def walk(identifier: str) -> None:
        nonlocal seen
        for block in caller.all("GET", f"/v1/blocks/{identifier}/children"):
            seen += 1
            below = caller.all("GET", f"/v1/blocks/{block['id']}/children")
            assert block["has_children"] is bool(below)
            assert caller.ok("GET", f"/v1/blocks/{block['id']}").items() >= block.items()
            if block["type"] != "child_page":
                walk(block["id"])

    walk(page_id("gallery"))
    walk(page_id("travel-policy"))
    assert seen > 60


def test_a_page_id_answers_with_its_child_page_block(either: Any) -> None:
    block = either.ok("GET", f"/v1/blocks/{page_id('handbook')}")
    assert (block["type"], block["child_page"]) == ("child_page", {"title": "Company handbook"})
    assert block["parent"] == {"type": "page_id", "page_id": page_id("home")}
    database = either.ok("GET", f"/v1/blocks/{database_id('work')}")
    assert (database["type"], database["child_database"], database["has_children"]) == (
        "child_database",
        {"title": "Work"},
        False,
    )
    assert either.ok("GET", f"/v1/blocks/{database_id('work')}/children")["results"] == []


def test_a_synced_copy_shows_its_original(caller: Any) -> None:
    blocks = caller.all("GET", f"/v1/blocks/{page_id('gallery')}/children")
    original, copy = [block for block in blocks if block["type"] == "synced_block"]
    assert original["synced_block"] == {"synced_from": None}
    assert copy["synced_block"] == {"synced_from": {"type": "block_id", "block_id": original["id"]}}
    assert copy["has_children"] is True
    paths = [f"/v1/blocks/{each['id']}/children" for each in (original, copy)]
    assert caller.all("GET", paths[0]) == caller.all("GET", paths[1])


def test_rows_name_data_source_and_database(caller: Any) -> None:
    parent = caller.ok("GET", f"/v1/pages/{ATLAS}")["parent"]
    source = caller.source("Projects").id
    assert parent == {"type": "data_source_id", "data_source_id": source, "database_id": database_id("work")}
    assert caller.ok("GET", f"/v1/pages/{page_id('home')}")["parent"] == {"type": "workspace", "workspace": True}


def test_databases_and_data_sources(either: Any) -> None:
    database = either.ok("GET", f"/v1/databases/{database_id('work')}")
    assert [each["name"] for each in database["data_sources"]] == ["Projects", "Tasks"]
    assert "properties" not in database
    source = either.ok("GET", f"/v1/data_sources/{database['data_sources'][0]['id']}")
    assert source["parent"] == {"type": "database_id", "database_id": database["id"]}
    assert source["database_parent"] == {"type": "page_id", "page_id": page_id("home")}
    assert "is_locked" not in source
    assert either.ok("GET", f"/v1/databases/{database_id('meetings')}")["is_inline"] is True


def test_relation_and_rollup_schemas(caller: Any) -> None:
    tasks = caller.ok("GET", f"/v1/data_sources/{caller.source('Tasks').id}")
    projects = caller.ok("GET", f"/v1/data_sources/{caller.source('Projects').id}")
    there, back = tasks["properties"]["Project"], projects["properties"]["Tasks"]
    assert there["relation"]["data_source_id"] == projects["id"]
    assert there["relation"]["dual_property"] == {"synced_property_name": "Tasks", "synced_property_id": back["id"]}
    assert back["relation"]["dual_property"]["synced_property_id"] == there["id"]
    people = caller.ok("GET", f"/v1/data_sources/{caller.source('People').id}")["properties"]
    assert (people["Manager"]["relation"]["type"], people["Manager"]["relation"]["single_property"]) == (
        "single_property",
        {},
    )
    rollup = projects["properties"]["Hours planned"]["rollup"]
    assert rollup["relation_property_id"] == caller.source("Projects").find("Tasks").id  # not percent-encoded
    assert rollup["rollup_property_name"] == "Estimate"
    groups = tasks["properties"]["Status"]["status"]["groups"]
    options = {each["id"]: each["name"] for each in tasks["properties"]["Status"]["status"]["options"]}
    grouped = {group["name"]: [options[each] for each in group["option_ids"]] for group in groups}
    assert grouped == {
        "To-do": ["Not started", "Blocked"],
        "In progress": ["In progress", "In review"],
        "Complete": ["Done"],
    }


def test_both_sides_of_a_relation_agree(caller: Any) -> None:
    ahead = {
        (row["id"], each["id"]) for row in caller.rows("Tasks") for each in row["properties"]["Project"]["relation"]
    }
    name = wire(caller, ATLAS, "Tasks")
    back = {
        (each["relation"]["id"], row["id"])
        for row in caller.rows("Projects")
        for each in caller.all("GET", f"/v1/pages/{row['id']}/properties/{name}")
    }
    assert ahead == back
    assert len(ahead) == 243


def test_hosted_files_are_signed_for_an_hour() -> None:
    moment = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
    sandbox = Sandbox.sample(now=lambda: moment)
    from airbyte_agent_notion.sandbox.render import Renderer

    page = Renderer(workspace=sandbox.workspace, version="2026-03-11").page(sandbox.workspace.pages[ATLAS])
    hosted, external = page["properties"]["Contract"]["files"]
    assert hosted["file"]["expiry_time"] == "2026-12-01T11:30:00.000Z"
    query = parse_qs(urlsplit(hosted["file"]["url"]).query)
    assert (query["X-Amz-Expires"], query["X-Amz-Date"]) == (["3600"], ["20261201T103000Z"])
    assert external == {
        "name": "supplier.html",
        "type": "external",
        "external": {"url": "https://supplier.example/atlas"},
    }


def test_comments(either: Any) -> None:
    plan = either.ok("GET", "/v1/comments", query=[("block_id", page_id("atlas-plan"))])
    texts = ["".join(each["plain_text"] for each in comment["rich_text"]) for comment in plan["results"]]
    assert len(texts) == 3
    assert not any("cover" in text for text in texts)  # resolved
    names = {comment["display_name"]["type"]: comment["display_name"]["resolved_name"] for comment in plan["results"]}
    assert names["integration"] == "Brightkeel Assistant"
    assert [comment["created_time"] for comment in plan["results"]] == sorted(
        c["created_time"] for c in plan["results"]
    )
    limit = either.ok("GET", f"/v1/blocks/{page_id('travel-policy')}/children")["results"][1]["id"]
    block = either.ok("GET", "/v1/comments", query=[("block_id", limit)])["results"]
    assert [comment["created_by"]["id"] for comment in block] == [user_id("jonas"), user_id("ines")]
    assert block[0]["parent"] == {"type": "block_id", "block_id": limit}
    assert len({comment["discussion_id"] for comment in block}) == 1
    # Not recursive: the page of a commented block has none of its own.
    assert either.ok("GET", "/v1/comments", query=[("block_id", page_id("travel-policy"))])["results"] == []
    assert either.ok("GET", f"/v1/comments/{block[0]['id']}").items() >= block[0].items()


def test_a_resolved_comment_can_still_be_retrieved(caller: Any) -> None:
    assert caller.ok("GET", f"/v1/comments/{derived_id('comment', 'atlas-old', '0')}")["object"] == "comment"


def test_comments_page(caller: Any) -> None:
    query = [("block_id", page_id("atlas-plan")), ("page_size", "2")]
    first = caller.ok("GET", "/v1/comments", query=query)
    last = caller.ok("GET", "/v1/comments", query=[*query, ("start_cursor", first["next_cursor"])])
    assert (len(first["results"]), len(last["results"])) == (2, 1)
