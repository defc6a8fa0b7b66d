"""The filter grammar: every operator against a naive reading of the rows as the API gives them out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from airbyte_agent_notion.sandbox.sample.markup import page_id, user_id

TODAY = date(2026, 11, 20)
Row = dict[str, Any]
Naive = Callable[[Row], bool]


@pytest.fixture(scope="module")
def tasks(reader: Any) -> list[Row]:
    return reader.rows("Tasks")


def value(row: Row, name: str) -> Any:
    prop = row["properties"][name]
    found = prop[prop["type"]]
    if prop["type"] in ("title", "rich_text"):
        return "".join(each["plain_text"] for each in found)
    if prop["type"] in ("select", "status"):
        return found and found["name"]
    if prop["type"] == "multi_select":
        return [each["name"] for each in found]
    if prop["type"] in ("people", "relation"):
        return [each["id"] for each in found]
    if prop["type"] in ("created_by", "last_edited_by"):
        return [found["id"]]
    return found.get(found["type"]) if prop["type"] in ("formula", "rollup") else found


def day(row: Row, name: str) -> date | None:
    found = value(row, name)
    text = found if isinstance(found, str) else found and found["start"]
    return date.fromisoformat(text[:10]) if text else None


def on(name: str, check: Callable[[date], bool]) -> Naive:
    def naive(row: Row) -> bool:
        found = day(row, name)
        return found is not None and check(found)

    return naive


def has(name: str, check: Callable[[Any], bool]) -> Naive:
    return lambda row: value(row, name) is not None and check(value(row, name))


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


INES, JONAS = user_id("ines"), user_id("jonas")
ATLAS = page_id("project-atlas")

TASKS: list[tuple[Any, Naive]] = [
    (
        {"property": "Task", "title": {"equals": "fix the drift in the tilt sensor"}},
        lambda r: value(r, "Task").startswith("Fix the drift"),
    ),
    ({"property": "Task", "rich_text": {"contains": "ATLAS"}}, lambda r: "atlas" in value(r, "Task").lower()),
    ({"property": "Task", "title": {"does_not_contain": "Atlas"}}, lambda r: "Atlas" not in value(r, "Task")),
    ({"property": "Task", "title": {"starts_with": "Draft"}}, lambda r: value(r, "Task").startswith("Draft")),
    ({"property": "Task", "title": {"ends_with": "buoy"}}, lambda r: value(r, "Task").endswith("buoy")),
    (
        {"property": "Task", "title": {"does_not_equal": "Write the launch announcement"}},
        lambda r: value(r, "Task") != "Write the launch announcement",
    ),
    ({"property": "title", "title": {"contains": "scope"}}, lambda r: "scope" in value(r, "Task").lower()),
    ({"property": "Notes", "rich_text": {"is_empty": True}}, lambda r: value(r, "Notes") == ""),
    (
        {"property": "Notes", "rich_text": {"contains": "atlas launch plan"}},
        lambda r: "Atlas launch plan" in value(r, "Notes"),
    ),
    ({"property": "Ticket", "url": {"is_not_empty": True}}, lambda r: value(r, "Ticket") is not None),
    ({"property": "Ticket", "rich_text": {"ends_with": "/1004"}}, has("Ticket", lambda v: v.endswith("/1004"))),
    ({"property": "Ticket", "url": {"does_not_contain": "/10"}}, lambda r: "/10" not in (value(r, "Ticket") or "")),
    ({"property": "Status", "status": {"equals": "In progress"}}, lambda r: value(r, "Status") == "In progress"),
    (
        {"property": "Status", "status": {"equals": ["Blocked", "In review"]}},
        lambda r: value(r, "Status") in ("Blocked", "In review"),
    ),
    ({"property": "Status", "status": {"does_not_equal": "Done"}}, lambda r: value(r, "Status") != "Done"),
    ({"property": "Priority", "select": {"equals": "High"}}, lambda r: value(r, "Priority") == "High"),
    (
        {"property": "Priority", "select": {"does_not_equal": ["High", "Low"]}},
        lambda r: value(r, "Priority") == "Medium",
    ),
    ({"property": "Tags", "multi_select": {"contains": "software"}}, lambda r: "software" in value(r, "Tags")),
    (
        {"property": "Tags", "multi_select": {"contains": ["software", "customer"]}},
        lambda r: bool({"software", "customer"} & set(value(r, "Tags"))),
    ),
    (
        {"property": "Tags", "multi_select": {"does_not_contain": "software"}},
        lambda r: "software" not in value(r, "Tags"),
    ),
    ({"property": "Tags", "multi_select": {"is_empty": True}}, lambda r: value(r, "Tags") == []),
    ({"property": "Estimate", "number": {"equals": 12}}, has("Estimate", lambda v: v == 12)),
    ({"property": "Estimate", "number": {"does_not_equal": 12}}, lambda r: value(r, "Estimate") != 12),
    ({"property": "Estimate", "number": {"greater_than": 30}}, has("Estimate", lambda v: v > 30)),
    ({"property": "Estimate", "number": {"less_than": 2.5}}, has("Estimate", lambda v: v < 2.5)),
    ({"property": "Estimate", "number": {"greater_than_or_equal_to": 30}}, has("Estimate", lambda v: v >= 30)),
    ({"property": "Estimate", "number": {"less_than_or_equal_to": 2}}, has("Estimate", lambda v: v <= 2)),
    ({"property": "ID", "unique_id": {"less_than": 6}}, lambda r: value(r, "ID")["number"] < 6),
    ({"property": "ID", "unique_id": {"equals": 17}}, lambda r: value(r, "ID")["number"] == 17),
    ({"property": "Needs approval", "checkbox": {"equals": True}}, lambda r: value(r, "Needs approval") is True),
    (
        {"property": "Needs approval", "checkbox": {"does_not_equal": True}},
        lambda r: value(r, "Needs approval") is False,
    ),
    ({"property": "Owner", "people": {"contains": INES}}, lambda r: INES in value(r, "Owner")),
    ({"property": "Owner", "people": {"contains": INES.replace("-", "").upper()}}, lambda r: INES in value(r, "Owner")),
    ({"property": "Owner", "people": {"does_not_contain": INES}}, lambda r: INES not in value(r, "Owner")),
    ({"property": "Owner", "people": {"is_empty": True}}, lambda r: value(r, "Owner") == []),
    ({"property": "Author", "created_by": {"contains": JONAS}}, lambda r: JONAS in value(r, "Author")),
    (
        {"property": "Last editor", "people": {"does_not_contain": JONAS}},
        lambda r: JONAS not in value(r, "Last editor"),
    ),
    ({"property": "Project", "relation": {"contains": ATLAS}}, lambda r: ATLAS in value(r, "Project")),
    ({"property": "Project", "relation": {"does_not_contain": ATLAS}}, lambda r: ATLAS not in value(r, "Project")),
    ({"property": "Project", "relation": {"is_empty": True}}, lambda r: value(r, "Project") == []),
    ({"property": "Overdue", "formula": {"checkbox": {"equals": True}}}, lambda r: value(r, "Overdue") is True),
    ({"property": "Flag", "formula": {"string": {"equals": "🔴"}}}, lambda r: value(r, "Flag") == "🔴"),
    ({"property": "Due", "date": {"equals": "2026-11-18"}}, on("Due", lambda d: d == days(-2))),
    ({"property": "Due", "date": {"before": "2026-11-20"}}, on("Due", lambda d: d < TODAY)),
    ({"property": "Due", "date": {"after": "2026-11-20"}}, on("Due", lambda d: d > TODAY)),
    ({"property": "Due", "date": {"on_or_before": "2026-11-18"}}, on("Due", lambda d: d <= days(-2))),
    ({"property": "Due", "date": {"on_or_after": "2026-12-04"}}, on("Due", lambda d: d >= days(14))),
    ({"property": "Due", "date": {"on_or_after": "2026-12-04T10:00:00Z"}}, on("Due", lambda d: d >= days(14))),
    ({"property": "Due", "date": {"before": "today"}}, on("Due", lambda d: d < TODAY)),
    ({"property": "Due", "date": {"on_or_after": "tomorrow"}}, on("Due", lambda d: d >= days(1))),
    ({"property": "Due", "date": {"on_or_before": "yesterday"}}, on("Due", lambda d: d <= days(-1))),
    ({"property": "Due", "date": {"after": "one_week_ago"}}, on("Due", lambda d: d > days(-7))),
    ({"property": "Due", "date": {"before": "one_week_from_now"}}, on("Due", lambda d: d < days(7))),
    ({"property": "Due", "date": {"on_or_before": "one_month_ago"}}, on("Due", lambda d: d <= date(2026, 10, 20))),
    ({"property": "Due", "date": {"after": "one_month_from_now"}}, on("Due", lambda d: d > date(2026, 12, 20))),
    (
        {"property": "Due", "date": {"this_week": {}}},
        on("Due", lambda d: date(2026, 11, 15) <= d <= date(2026, 11, 21)),
    ),
    ({"property": "Due", "date": {"past_week": {}}}, on("Due", lambda d: days(-7) <= d <= TODAY)),
    ({"property": "Due", "date": {"past_month": {}}}, on("Due", lambda d: date(2026, 10, 20) <= d <= TODAY)),
    ({"property": "Due", "date": {"past_year": {}}}, on("Due", lambda d: d <= TODAY)),
    ({"property": "Due", "date": {"next_week": {}}}, on("Due", lambda d: TODAY <= d <= days(7))),
    ({"property": "Due", "date": {"next_month": {}}}, on("Due", lambda d: TODAY <= d <= date(2026, 12, 20))),
    ({"property": "Due", "date": {"next_year": {}}}, on("Due", lambda d: d >= TODAY)),
    ({"property": "Due", "date": {"is_empty": True}}, lambda r: value(r, "Due") is None),
    ({"property": "Created", "created_time": {"past_month": {}}}, on("Created", lambda d: d >= date(2026, 10, 20))),
    ({"property": "Edited", "date": {"before": "2026-10-01"}}, on("Edited", lambda d: d < date(2026, 10, 1))),
    (
        {"timestamp": "created_time", "created_time": {"before": "2026-06-01"}},
        lambda r: r["created_time"] < "2026-06-01",
    ),
    (
        {"timestamp": "last_edited_time", "last_edited_time": {"on_or_after": "2026-11-01T12:00:00.000Z"}},
        lambda r: r["last_edited_time"] >= "2026-11-01T12:00:00.000Z",
    ),
    (
        {
            "and": [
                {"property": "Status", "status": {"equals": "In progress"}},
                {"property": "Priority", "select": {"equals": "High"}},
            ]
        },
        lambda r: (value(r, "Status"), value(r, "Priority")) == ("In progress", "High"),
    ),
    (
        {
            "or": [
                {"property": "Status", "status": {"equals": "Blocked"}},
                {"property": "Priority", "select": {"equals": "Low"}},
            ]
        },
        lambda r: value(r, "Status") == "Blocked" or value(r, "Priority") == "Low",
    ),
    (
        {
            "and": [
                {"property": "Needs approval", "checkbox": {"equals": True}},
                {
                    "or": [
                        {"property": "Status", "status": {"equals": "Done"}},
                        {"property": "Status", "status": {"equals": "Blocked"}},
                    ]
                },
            ]
        },
        lambda r: value(r, "Needs approval") and value(r, "Status") in ("Done", "Blocked"),
    ),
    (
        {
            "or": [
                {
                    "and": [
                        {"property": "Status", "status": {"equals": "Done"}},
                        {"property": "Priority", "select": {"equals": "Low"}},
                    ]
                },
                {"property": "Owner", "people": {"is_empty": True}},
            ]
        },
        lambda r: (value(r, "Status"), value(r, "Priority")) == ("Done", "Low") or value(r, "Owner") == [],
    ),
]


@pytest.mark.parametrize(
    ("condition", "naive"), TASKS, ids=lambda each: str(each)[:90] if isinstance(each, dict) else ""
)
def test_filters_over_tasks(reader: Any, tasks: list[Row], condition: Any, naive: Naive) -> None:
    expected = [row["id"] for row in tasks if naive(row)]
    assert 0 < len(expected) < len(tasks), "this case tells nothing apart"
    assert [row["id"] for row in reader.rows("Tasks", filter=condition)] == expected


def test_a_filter_by_property_id(caller: Any) -> None:
    prop = caller.source("Tasks").find("Status")
    by_id = caller.rows("Tasks", filter={"property": prop.id, "status": {"equals": "Done"}})
    assert by_id == caller.rows("Tasks", filter={"property": "Status", "status": {"equals": "Done"}}) != []


def test_me_is_nobody_for_an_internal_connection(caller: Any) -> None:
    assert caller.rows("Tasks", filter={"property": "Owner", "people": {"contains": "me"}}) == []
    assert len(caller.rows("Tasks", filter={"property": "Owner", "people": {"does_not_contain": "me"}})) == 250


def test_filters_over_people(caller: Any) -> None:
    rows = caller.rows("People")

    def found(**condition: Any) -> list[str]:
        return [value(row, "Name") for row in caller.rows("People", filter=condition)]

    assert found(property="Email", email={"starts_with": "mei"}) == ["Mei Lin"]
    assert found(property="Phone", phone_number={"ends_with": "0100"}) == ["Ines Carvalho"]
    assert found(property="Phone", rich_text={"contains": "0100"}) == ["Ines Carvalho"]
    assert found(property="Badge photo", files={"is_empty": True}) == []
    assert len(found(property="Badge photo", files={"is_not_empty": True})) == 25
    older = [value(row, "Name") for row in rows if value(row, "Years here") >= 5]
    assert found(property="Years here", formula={"number": {"greater_than_or_equal_to": 5}}) == older != []


def test_moments_compare_by_day_with_days_and_exactly_with_moments(caller: Any) -> None:
    def found(**condition: Any) -> list[str]:
        return [row["id"] for row in caller.rows("Meeting notes", filter={"property": "When", "date": condition})]

    review = page_id("meeting-review-last")  # at 14:00 on 17 November
    assert found(equals="2026-11-17") == [review]
    assert review not in found(after="2026-11-17")
    assert review not in found(before="2026-11-17")
    assert review in found(on_or_after="2026-11-17")
    assert review in found(after="2026-11-17T13:59:00Z")
    assert review not in found(after="2026-11-17T14:00:00Z")
    assert review in found(equals="2026-11-17T15:00:00+01:00")
    assert review in found(before="2026-11-17T14:00:01")


def test_relative_dates_follow_the_injected_now() -> None:
    moments = [datetime.fromisoformat("2026-11-20T09:00:00+00:00"), datetime.fromisoformat("2027-03-01T00:00:00+00:00")]
    counts = [len(_overdue(moment)) for moment in moments]
    assert counts[0] < counts[1]


def _overdue(moment: datetime) -> list[Any]:
    from airbyte_agent_notion.sandbox import Sandbox
    from airbyte_agent_notion.sandbox.filters import FilterCompiler

    workspace = Sandbox.sample(now=lambda: moment).workspace
    source = next(each for each in workspace.sources.values() if workspace.title(each) == "Tasks")
    keep = FilterCompiler(workspace=workspace, source=source).compile({"property": "Due", "date": {"before": "today"}})
    return [page for page in workspace.rows(source) if keep(page)]


def test_rollup_filters(caller: Any) -> None:
    rows = caller.rows("Projects")

    def names(condition: Any) -> list[str]:
        return [value(row, "Project") for row in caller.rows("Projects", filter=condition)]

    def expect(name: str, check: Callable[[Any], bool]) -> list[str]:
        return [value(row, "Project") for row in rows if check(value(row, name))]

    count = {"property": "Task count", "rollup": {"number": {"greater_than": 7}}}
    assert names(count) == expect("Task count", lambda v: v > 7) == ["Atlas launch"]
    late = {"property": "Last due", "rollup": {"date": {"on_or_after": "2027-01-20"}}}
    assert names(late) == expect("Last due", lambda v: bool(v) and v["start"] >= "2027-01-20") != []

    def titles(row: Row) -> list[str]:
        return [each["title"][0]["plain_text"] for each in value(row, "Task names")]

    for quantifier, fold in (
        ("any", any),
        ("every", lambda found: bool(found) and all(found)),
        ("none", lambda found: not any(found)),
    ):
        condition = {"property": "Task names", "rollup": {quantifier: {"rich_text": {"contains": "buoy"}}}}
        expected = [value(row, "Project") for row in rows if fold(["buoy" in each for each in titles(row)])]
        assert names(condition) == expected != []


def test_every_fails_and_none_holds_without_related_rows(caller: Any) -> None:
    atlas = caller.sandbox.workspace.pages[ATLAS]
    atlas.values[caller.source("Projects").find("Tasks").id] = ()

    def found(quantifier: str) -> bool:
        condition = {"property": "Task names", "rollup": {quantifier: {"rich_text": {"contains": "a"}}}}
        return ATLAS in [row["id"] for row in caller.rows("Projects", filter=condition)]

    assert (found("any"), found("every"), found("none")) == (False, False, True)


STATUS = {"property": "Status", "status": {"equals": "Done"}}


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"property": "Nope", "status": {"equals": "Done"}}, "Nope"),
        ({"property": "Status", "select": {"equals": "Done"}}, "Status"),
        ({"property": "Priority", "status": {"equals": "High"}}, "Priority"),
        ({"property": "Due", "rich_text": {"equals": "x"}}, "Due"),
        ({"property": "Estimate", "unique_id": {"equals": 1}}, "Estimate"),
        ({"property": "Overdue", "checkbox": {"equals": True}}, "Overdue"),
        ({"property": "Overdue", "formula": {"string": {"equals": "x"}}}, "Overdue"),
        ({"property": "Overdue", "formula": {"boolean": {"equals": True}}}, "boolean"),
        ({"property": "Status", "status": {"contains": "Done"}}, "contains"),
        ({"property": "Status", "status": {"equals": 3}}, "equals"),
        ({"property": "Status", "status": {"equals": []}}, "equals"),
        ({"property": "Status", "status": {"equals": "Done", "does_not_equal": "x"}}, "one operator"),
        ({"property": "Status", "status": {}}, "one operator"),
        ({"property": "Status", "status": "Done"}, "an object"),
        ({"property": "Status", "magic": {"equals": "Done"}}, "magic"),
        ({"property": "Status"}, "one kind"),
        ({**STATUS, "select": {"equals": "x"}}, "one kind"),
        ({"status": {"equals": "Done"}}, "property"),
        ({"property": 3, "status": {"equals": "Done"}}, "property"),
        ({"property": "Notes", "rich_text": {"is_empty": False}}, "true"),
        ({"property": "Estimate", "number": {"equals": "3"}}, "a number"),
        ({"property": "Estimate", "number": {"equals": True}}, "a number"),
        ({"property": "Needs approval", "checkbox": {"equals": "yes"}}, "a boolean"),
        ({"property": "Needs approval", "checkbox": {"is_empty": True}}, "is_empty"),
        ({"property": "Due", "date": {"before": "next week"}}, "date"),
        ({"property": "Due", "date": {"before": "2026-02-30"}}, "date"),
        ({"property": "Due", "date": {"before": "2026-W47-5"}}, "date"),
        ({"property": "Due", "date": {"before": "0001-01-01T00:00:00+14:00"}}, "date"),
        ({"property": "Due", "date": {"past_week": "now"}}, "empty object"),
        ({"property": "Due", "date": {"past_day": {}}}, "past_day"),
        ({"property": "Owner", "people": {"contains": "Ines"}}, "valid uuid"),
        ({"property": "Project", "relation": {"contains": "me"}}, "valid uuid"),
        ({"timestamp": "edited", "edited": {"before": "today"}}, "timestamp"),
        ({"timestamp": "created_time", "last_edited_time": {"before": "today"}}, "created_time"),
        ({"and": []}, "non-empty"),
        ({"and": {}}, "an array"),
        ({"and": [STATUS], "or": [STATUS]}, "only `and`"),
        ({"and": [STATUS, 3]}, "and[1]"),
        ({"and": [{"or": [{"and": [STATUS]}]}]}, "not present"),
        ({}, "property"),
        ([], "an object"),
        (None, "an object"),
    ],
)
def test_filters_that_are_refused(reader: Any, condition: Any, said: str) -> None:
    path = f"/v1/data_sources/{reader.source('Tasks').id}/query"
    assert said in reader.error(400, "validation_error", "POST", path, {"filter": condition})


@pytest.mark.parametrize(
    "condition",
    [
        {"number": {"equals": 1}},
        {"any": {"number": {"equals": 1}}},
        {"any": {"formula": {"number": {"equals": 1}}}},
        {"some": {"rich_text": {"equals": "x"}}},
        {"any": {"rich_text": {"equals": "x"}}, "none": {"rich_text": {"equals": "x"}}},
        {},
    ],
)
def test_rollup_filters_that_are_refused(caller: Any, condition: Any) -> None:
    path = f"/v1/data_sources/{caller.source('Projects').id}/query"
    body = {"filter": {"property": "Task names", "rollup": condition}}
    caller.error(400, "validation_error", "POST", path, body)


def test_rollups_of_formulas_filter_by_their_result(caller: Any) -> None:
    prop = caller.source("Projects").find("Task names")
    prop.rollup.property_id = caller.source("Tasks").find("Overdue").id
    rows = caller.rows("Projects")
    found = caller.rows(
        "Projects", filter={"property": "Task names", "rollup": {"any": {"checkbox": {"equals": True}}}}
    )
    held = [[each["formula"]["boolean"] for each in row["properties"]["Task names"]["rollup"]["array"]] for row in rows]
    assert (
        [row["id"] for row in found] == [row["id"] for row, flags in zip(rows, held, strict=True) if any(flags)] != []
    )
    path = f"/v1/data_sources/{caller.source('Projects').id}/query"
    wrong = {"property": "Task names", "rollup": {"any": {"rich_text": {"equals": "x"}}}}
    caller.error(400, "validation_error", "POST", path, {"filter": wrong})


def test_scalar_rollups_take_no_quantifier(caller: Any) -> None:
    path = f"/v1/data_sources/{caller.source('Projects').id}/query"
    for condition in ({"any": {"number": {"equals": 1}}}, {"date": {"before": "today"}}):
        caller.error(400, "validation_error", "POST", path, {"filter": {"property": "Task count", "rollup": condition}})
