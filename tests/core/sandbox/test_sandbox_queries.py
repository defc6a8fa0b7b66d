"""Data source queries beyond filters: sorts, archived and trashed rows, chosen properties; and search."""

from __future__ import annotations

from typing import Any

import pytest

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.sample.markup import page_id


def sort(name: str, direction: str = "ascending") -> dict[str, str]:
    return {"property": name, "direction": direction}


def titles(rows: list[Any]) -> list[str]:
    found: list[str] = []
    for row in rows:
        prop = next(each for each in row["properties"].values() if each["type"] == "title")
        found.append("".join(each["plain_text"] for each in prop["title"]))
    return found


def test_sort_by_text(caller: Any) -> None:
    names = titles(caller.rows("People", sorts=[sort("Name")]))
    assert names == sorted(names, key=str.casefold)
    assert titles(caller.rows("People", sorts=[sort("Name", "descending")])) == names[::-1]


@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_empty_values_come_last(caller: Any, direction: str) -> None:
    rows = caller.rows("Tasks", sorts=[sort("Due", direction)])
    dues = [row["properties"]["Due"]["date"] for row in rows]
    filled = [due["start"] for due in dues if due]
    assert filled == sorted(filled, reverse=direction == "descending")
    assert None in dues
    assert all(due is None for due in dues[len(filled) :])


def test_options_sort_by_their_order(caller: Any) -> None:
    rows = caller.rows("Tasks", sorts=[sort("Priority"), sort("Status", "descending"), sort("Estimate")])
    priorities, states = ["High", "Medium", "Low"], ["Not started", "Blocked", "In progress", "In review", "Done"]

    def key(row: Any) -> tuple[int, int, int]:
        held = row["properties"]
        first, second = held["Priority"]["select"]["name"], held["Status"]["status"]["name"]
        return priorities.index(first), -states.index(second), held["Estimate"]["number"]

    assert [key(row) for row in rows] == sorted(key(row) for row in rows)


def test_sorts_by_timestamp_formula_rollup_and_lists(caller: Any) -> None:
    newest = caller.rows("Tasks", sorts=[{"timestamp": "last_edited_time", "direction": "descending"}])
    edited = [row["last_edited_time"] for row in newest]
    assert edited == sorted(edited, reverse=True)
    counts = [
        row["properties"]["Task count"]["rollup"]["number"]
        for row in caller.rows("Projects", sorts=[sort("Task count", "descending")])
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 25
    years = [
        row["properties"]["Years here"]["formula"]["number"]
        for row in caller.rows("People", sorts=[sort("Years here")])
    ]
    assert years == sorted(years)
    lasts = [
        row["properties"]["Last due"]["rollup"]["date"] for row in caller.rows("Projects", sorts=[sort("Last due")])
    ]
    assert [each["start"] for each in lasts if each] == sorted(each["start"] for each in lasts if each)
    tags = [
        [tag["name"] for tag in row["properties"]["Tags"]["multi_select"]]
        for row in caller.rows("Tasks", sorts=[sort("Tags")])
    ]
    assert tags[-1] == []
    assert "hardware" in tags[0]


@pytest.mark.parametrize(
    ("sorts", "said"),
    [
        ([sort("Nope")], "Nope"),
        ([{"property": "Task", "direction": "up"}], "direction"),
        ([{"property": "Task"}], "direction"),
        ([{"direction": "ascending"}], "either"),
        ([{"property": "Task", "timestamp": "created_time", "direction": "ascending"}], "either"),
        ([{"timestamp": "edited", "direction": "ascending"}], "timestamp"),
        ([{**sort("Task"), "nulls": "last"}], "nulls"),
        ([{"property": 3, "direction": "ascending"}], "property"),
        (["Task"], "an object"),
        ({"property": "Task"}, "an array"),
        (None, "an array"),
    ],
)
def test_sorts_that_are_refused(caller: Any, sorts: Any, said: str) -> None:
    path = f"/v1/data_sources/{caller.source('Tasks').id}/query"
    assert said in caller.error(400, "validation_error", "POST", path, {"sorts": sorts})


def test_archived_and_trashed_rows(caller: Any) -> None:
    archived, trashed = page_id("task-archived"), page_id("task-trashed")
    live = {row["id"] for row in caller.rows("Tasks")}
    assert len(live) == 250
    assert not {archived, trashed} & live
    [row] = caller.rows("Tasks", is_archived=True)
    assert (row["id"], row["is_archived"]) == (archived, True)
    assert caller.ok("GET", f"/v1/pages/{trashed}")["in_trash"] is True


def test_other_options(caller: Any) -> None:
    path = f"/v1/data_sources/{caller.source('Tasks').id}/query"
    assert caller.rows("Tasks", result_type="data_source") == []
    assert len(caller.rows("Tasks", result_type="page")) == 250
    assert caller.ok("POST", path)["has_more"] is True
    for body in ({"is_archived": "yes"}, {"result_type": "wiki"}):
        caller.error(400, "validation_error", "POST", path, body)


def test_filter_properties(caller: Any) -> None:
    source = caller.source("Tasks")
    path = f"/v1/data_sources/{source.id}/query"
    due = source.find("Due")
    query = [("filter_properties", due.id), ("filter_properties[]", "Task")]
    for row in caller.ok("POST", path, {"page_size": 2}, query=query)["results"]:
        assert set(row["properties"]) == {"Task", "Due"}
    page = caller.ok("GET", f"/v1/pages/{page_id('task-0')}", query=[("filter_properties", "title")])
    assert set(page["properties"]) == {"Task"}
    for method, where in (("POST", path), ("GET", f"/v1/pages/{page_id('task-0')}")):
        assert "Nope" in caller.error(400, "validation_error", method, where, query=[("filter_properties", "Nope")])


def test_queries_answer_in_both_versions(either: Any) -> None:
    answer = either.ok("POST", f"/v1/data_sources/{either.source('People').id}/query", {"page_size": 1})
    assert (answer["object"], answer["type"], answer["page_or_data_source"]) == ("list", "page_or_data_source", {})
    assert ("archived" in answer["results"][0]) is (either.version == "2025-09-03")


# Search


def found(caller: Any, **body: Any) -> list[str]:
    results = caller.all("POST", "/v1/search", body)
    rows = [each for each in results if each["object"] == "page"]
    sources = [each["title"][0]["plain_text"] for each in results if each["object"] == "data_source"]
    return titles(rows) + sources


def test_search_matches_words_of_titles_by_their_beginning(caller: Any) -> None:
    assert found(caller, query="HANDB") == ["Company handbook"]
    assert found(caller, query="andbook") == []
    assert found(caller, query="travel expense limit")  # no title says "limit", but two words match
    assert "Travel expense policy" in found(caller, query="expenses")
    assert found(caller, query="東京") == ["東京オフィス案内"]
    assert found(caller, query="Lock your screen") == []  # that is content


def test_search_finds_data_sources(caller: Any) -> None:
    kind = {"property": "object", "value": "data_source"}
    assert sorted(found(caller, filter=kind)) == ["Meeting notes", "People", "Projects", "Tasks"]
    assert found(caller, query="tasks", filter=kind) == ["Tasks"]
    assert "Tasks" not in found(caller, query="tasks", filter={"property": "object", "value": "page"})


def test_search_of_nothing_lists_everything_shared(caller: Any) -> None:
    workspace = caller.sandbox.workspace
    everything = caller.all("POST", "/v1/search")
    pages = [each for each in workspace.pages.values() if workspace.is_shared(each) and not workspace.in_trash(each)]
    assert len(everything) == len(pages) + 4
    assert caller.all("POST", "/v1/search", {"query": ""}) == everything


def test_search_order(caller: Any) -> None:
    edited = [each["last_edited_time"] for each in caller.all("POST", "/v1/search")]
    assert edited == sorted(edited, reverse=True)
    oldest = {"timestamp": "last_edited_time", "direction": "ascending"}
    assert [each["last_edited_time"] for each in caller.all("POST", "/v1/search", {"sort": oldest})] == sorted(edited)
    best = found(
        caller,
        query="Atlas launch plan",
        sort={"property": "relevance"},
        filter={"property": "object", "value": "page"},
    )
    assert best[0] == "Atlas launch plan"


def test_search_in_the_trash(caller: Any) -> None:
    assert found(caller, query="outdated") == []
    assert sorted(found(caller, filter={"in_trash": True})) == [
        "Buy a submarine",
        "Travel expense policy (2024, outdated)",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"query": 3},
        {"filter": {"property": "object", "value": "database"}},
        {"filter": {"property": "object"}},
        {"filter": {"property": "title", "value": "page"}},
        {"filter": {"value": "page"}},
        {"filter": {"in_trash": "yes"}},
        {"filter": "page"},
        {"sort": {"timestamp": "created_time", "direction": "ascending"}},
        {"sort": {"timestamp": "last_edited_time", "direction": "up"}},
        {"sort": {"timestamp": "last_edited_time"}},
        {"sort": []},
    ],
)
def test_searches_that_are_refused(caller: Any, body: Any) -> None:
    caller.error(400, "validation_error", "POST", "/v1/search", body)


# Templates


def templates(caller: Any, title: str, **query: str) -> Any:
    path = f"/v1/data_sources/{caller.source(title).id}/templates"
    return caller.ok("GET", path, query=list(query.items()))


def test_templates_have_an_envelope_of_their_own(either: Any) -> None:
    answer = templates(either, "Tasks")
    assert set(answer) == {"templates", "has_more", "next_cursor"}
    assert [(each["name"], each["is_default"]) for each in answer["templates"]] == [
        ("Task", True),
        ("Bug report", False),
        ("Field inspection", False),
        ("Customer request", False),
    ]
    assert all(set(each) == {"id", "name", "is_default"} for each in answer["templates"])
    assert (answer["has_more"], answer["next_cursor"]) == (False, None)
    assert templates(either, "People")["templates"] == []


def test_templates_page_and_are_filtered_by_name(caller: Any) -> None:
    first = templates(caller, "Tasks", page_size="3")
    assert (len(first["templates"]), first["has_more"]) == (3, True)
    last = templates(caller, "Tasks", page_size="3", start_cursor=first["next_cursor"])
    assert [each["name"] for each in last["templates"]] == ["Customer request"]
    assert [each["name"] for each in templates(caller, "Tasks", name="RE")["templates"]] == [
        "Bug report",
        "Customer request",
    ]
    assert templates(caller, "Tasks", name="nothing")["templates"] == []
    path = f"/v1/data_sources/{caller.source('Tasks').parent.id}/templates"
    caller.error(404, "object_not_found", "GET", path)
    caller.error(400, "validation_error", "GET", path, query=[("filter", "x")])


# The cap


def test_a_query_yields_no_more_rows_than_the_cap(caller: Any) -> None:
    caller.sandbox.row_cap = 120
    path = f"/v1/data_sources/{caller.source('Tasks').id}/query"
    cut = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    first = caller.ok("POST", path)
    assert (len(first["results"]), first["has_more"], first["request_status"]) == (100, True, cut)
    last = caller.ok("POST", path, {"start_cursor": first["next_cursor"]})
    assert (len(last["results"]), last["has_more"], last["next_cursor"]) == (20, False, None)
    assert last["request_status"] == cut
    oldest_first = {"sorts": [{"timestamp": "created_time", "direction": "ascending"}]}
    rows = caller.rows("Tasks", **oldest_first)
    rest = {"timestamp": "created_time", "created_time": {"on_or_after": rows[-1]["created_time"]}}
    more = caller.rows("Tasks", filter=rest, **oldest_first)
    assert len({each["id"] for each in [*rows, *more]}) > 120


@pytest.mark.parametrize("cap", [250, 10_000])
def test_exactly_the_cap_is_complete(caller: Any, cap: int) -> None:
    caller.sandbox.row_cap = cap
    answer = caller.ok("POST", f"/v1/data_sources/{caller.source('Tasks').id}/query")
    assert "request_status" not in answer
    assert len(caller.rows("Tasks")) == 250


def test_the_cap_may_be_set_when_a_sandbox_is_made() -> None:
    assert (Sandbox.sample().row_cap, Sandbox.sample(row_cap=7).row_cap, Sandbox(row_cap=8).row_cap) == (10_000, 7, 8)
