"""Property values: what each type takes, keeps and refuses."""

from __future__ import annotations

from typing import Any

import pytest
from writes import BOT, HOME, PERSON, PRIVATE, UNKNOWN, Writes, small, text

URL = "https://x.example/dir/a.pdf"
OPTIONS = {"options": [{"name": "A", "color": "red"}, {"name": "B"}]}
COLUMNS: dict[str, Any] = {
    "text": {"rich_text": {}},
    "number": {"number": {"format": "euro"}},
    "select": {"select": OPTIONS},
    "multi": {"multi_select": OPTIONS},
    "status": {"status": {}},
    "date": {"date": {}},
    "people": {"people": {}},
    "files": {"files": {}},
    "check": {"checkbox": {}},
    "url": {"url": {}},
    "email": {"email": {}},
    "phone": {"phone_number": {}},
    "place": {"place": {}},
    "id": {"unique_id": {"prefix": "T"}},
    "formula": {"formula": {"expression": 'prop("Name")'}},
    "created": {"created_time": {}},
    "edited": {"last_edited_time": {}},
    "author": {"created_by": {}},
    "editor": {"last_edited_by": {}},
}


@pytest.fixture
def writes() -> Writes:
    return small()


@pytest.fixture
def source(writes: Writes) -> str:
    return writes.source(**COLUMNS)


DAY = {"start": "2026-01-02", "end": None, "time_zone": None}
GOOD: list[tuple[str, Any, Any]] = [
    ("number", 1.5, 1.5),
    ("number", 0, 0),
    ("number", None, None),
    ("select", None, None),
    ("status", None, None),
    ("date", None, None),
    ("date", {"start": "2026-01-02"}, DAY),
    ("date", {"start": "2026-01-02", "end": "2026-01-05"}, {**DAY, "end": "2026-01-05"}),
    ("date", {"start": "2026-01-02T10:30:45.123Z"}, {**DAY, "start": "2026-01-02T10:30:00.000+00:00"}),
    ("date", {"start": "2026-01-02T10:30:00"}, {**DAY, "start": "2026-01-02T10:30:00.000+00:00"}),
    ("date", {"start": "2026-01-02T10:30:00+02:00"}, {**DAY, "start": "2026-01-02T10:30:00.000+02:00"}),
    (
        "date",
        {"start": "2026-01-02T10:30:00", "time_zone": "Europe/Lisbon"},
        {**DAY, "start": "2026-01-02T10:30:00.000+00:00"},
    ),
    (
        "date",
        {"start": "2026-07-02T10:30:00Z", "time_zone": "Asia/Tokyo"},
        {**DAY, "start": "2026-07-02T10:30:00.000+09:00"},
    ),
    ("check", True, True),
    ("url", "anything", "anything"),
    ("url", None, None),
    ("email", "a@x.example", "a@x.example"),
    ("phone", "+351 1", "+351 1"),
    ("place", None, None),
    (
        "place",
        {"lat": 1, "lon": 2.5, "name": "X"},
        {"lat": 1, "lon": 2.5, "name": "X", "address": None, "aws_place_id": None, "google_place_id": None},
    ),
    (
        "files",
        [{"name": "a.pdf", "external": {"url": URL}}],
        [{"name": "a.pdf", "type": "external", "external": {"url": URL}}],
    ),
    ("files", [], []),
]


def kind_of(column: str) -> str:
    return str(next(iter(COLUMNS[column])))


@pytest.mark.parametrize(("column", "sent", "expected"), GOOD)
def test_values_come_back(writes: Writes, source: str, column: str, sent: Any, expected: Any) -> None:
    kind = kind_of(column)
    made = writes.row(source, **{column: {kind: sent}})
    assert made["properties"][column][kind] == expected
    row = writes.row(source)["id"]
    echoed = {"id": "x", "type": kind, kind: sent}
    changed = writes.ok("PATCH", f"pages/{row}", {"properties": {column: echoed}})
    assert changed["properties"][column][kind] == expected == writes.values(row)[column][kind]


BAD: list[tuple[str, Any, str]] = [
    ("Name", "text", "body.properties.Name.title should be an array"),
    ("Name", text("x" * 2001), "≤ `2000`"),
    ("text", None, "should be an array"),
    ("number", "1", 'body.properties.number.number should be a number, instead was `"1"`.'),
    ("number", True, "should be a number"),
    ("select", "A", "should be an object"),
    ("select", {"name": "A, B"}, "Invalid select option, commas not allowed: A, B"),
    ("select", {"name": ""}, "≥ `1`"),
    ("select", {"name": "x" * 101}, "≤ `100`"),
    ("select", {"id": UNKNOWN}, "does not exist"),
    ("select", {"name": "New", "color": "mauve"}, "color should be"),
    ("select", {}, "select.id should be defined"),
    ("multi", {"name": "A"}, "should be an array"),
    ("multi", [{"name": "new"}, {"name": "a,b"}], "commas not allowed"),
    ("multi", [{"name": str(index)} for index in range(101)], "≤ `100`"),
    ("status", {"name": "Nowhere"}, 'Invalid status option. Status option "Nowhere" does not exist.'),
    ("date", "2026-01-02", "should be an object"),
    ("date", {}, "date.start should be defined"),
    ("date", {"start": "tomorrow"}, "valid ISO 8601 date string"),
    ("date", {"start": "2026-02-30"}, "valid ISO 8601 date string"),
    ("date", {"start": "2026-01-02", "end": "2026-01-01"}, "should not be before"),
    ("date", {"start": "2026-01-02T10:00:00", "time_zone": "Mars/Olympus"}, "a valid time zone"),
    ("people", [{"id": "x"}], "a valid uuid"),
    ("people", [{"name": "Ada"}], "id should be a valid uuid, instead was `undefined`"),
    ("people", [{"id": PERSON}] * 101, "≤ `100`"),
    ("files", [{"external": {"url": URL}}], "files[0].name should be defined"),
    ("files", [{"name": "x"}], "files[0].external should be defined"),
    ("files", [{"name": "x", "file": {"url": URL}}], "a file that the property holds already"),
    ("check", "yes", "should be a boolean"),
    ("check", None, "should be a boolean"),
    ("url", "", "≥ `1`"),
    ("url", "x" * 2001, "≤ `2000`"),
    ("email", "x" * 201, "≤ `200`"),
    ("phone", 7, "should be a string"),
    ("place", {"lat": 91, "lon": 0}, "a place on Earth"),
    ("place", {"lat": 1}, "place.lon should be defined"),
    ("id", {"number": 5}, "unique_id property, which cannot be written"),
    ("formula", {"string": "x"}, "formula property, which cannot be written"),
    ("created", "2026-01-02", "created_time property, which cannot be written"),
    ("author", {"id": BOT}, "created_by property, which cannot be written"),
]


@pytest.mark.parametrize(("column", "sent", "message"), BAD)
def test_values_that_are_refused(writes: Writes, source: str, column: str, sent: Any, message: str) -> None:
    kind = "title" if column == "Name" else kind_of(column)
    row = writes.row(source)["id"]
    good = {"select": {"select": {"name": "New"}}, "check": {"checkbox": True}}
    body = {"properties": {**{key: value for key, value in good.items() if key != column}, column: {kind: sent}}}
    assert message in writes.refused("PATCH", f"pages/{row}", body)
    writes.refused("POST", "pages", {"parent": {"data_source_id": source}, **body})


def test_people_must_be_known(writes: Writes, source: str) -> None:
    body = {"parent": {"data_source_id": source}, "properties": {"people": {"people": [{"id": UNKNOWN}]}}}
    writes.refused("POST", "pages", body, status=404, code="object_not_found")
    row = writes.row(source, people={"people": [{"id": PERSON, "object": "user"}, {"id": BOT}]})
    assert [each["name"] for each in row["properties"]["people"]["people"]] == ["Ada", "Writer"]


def test_types_must_match(writes: Writes, source: str) -> None:
    body: dict[str, Any] = {"parent": {"data_source_id": source}}
    for entry in ({"rich_text": text("x")}, {}, {"type": "rich_text", "number": 1}):
        assert "number is expected to be number." in writes.refused(
            "POST", "pages", {**body, "properties": {"number": entry}}
        )
    assert "should be an object" in writes.refused("POST", "pages", {**body, "properties": {"number": 1}})
    assert "not present" in writes.refused("POST", "pages", {**body, "properties": {"number": {"number": 1, "x": 1}}})
    twice = {"Name": {"title": []}, "title": {"title": []}}
    assert "twice" in writes.refused("POST", "pages", {**body, "properties": twice})
    assert "body.properties should be an object" in writes.refused("POST", "pages", {**body, "properties": []})


def test_properties_by_id(writes: Writes, source: str) -> None:
    schema = writes.schema(source)
    row = writes.row(source, **{schema["number"]["id"]: {"number": 1}})
    assert row["properties"]["number"]["number"] == 1


def test_selects_make_options(writes: Writes, source: str) -> None:
    row = writes.row(
        source,
        select={"select": {"name": "C", "color": "pink"}},
        multi={"multi_select": [{"name": "A"}, {"name": "X"}]},
    )
    select, multi = row["properties"]["select"]["select"], row["properties"]["multi"]["multi_select"]
    assert (select["name"], select["color"]) == ("C", "pink")
    assert [each["name"] for each in multi] == ["A", "X"]
    schema = writes.schema(source)
    assert [each["name"] for each in schema["select"]["select"]["options"]] == ["A", "B", "C"]
    assert [each["name"] for each in schema["multi"]["multi_select"]["options"]] == ["A", "B", "X"]
    again = writes.row(
        source, select={"select": {"id": select["id"]}}, multi={"multi_select": [{"name": "X"}, {"name": "X"}]}
    )
    assert again["properties"]["select"]["select"] == select
    assert again["properties"]["multi"]["multi_select"] == [multi[1]]
    assert writes.schema(source) == schema


def test_a_hundred_in_one_request(writes: Writes) -> None:
    source = writes.source(one={"multi_select": {}}, two={"multi_select": {}})
    many = [{"name": str(index)} for index in range(60)]
    body = {"parent": {"data_source_id": source}, "properties": {key: {"multi_select": many} for key in ("one", "two")}}
    assert "≤ `100` in one request, instead was `120`" in writes.refused("POST", "pages", body)


def test_a_new_row_has_a_status_and_a_number(writes: Writes, source: str) -> None:
    rows = [writes.row(source)["properties"] for _ in range(3)]
    assert [each["status"]["status"]["name"] for each in rows] == ["Not started"] * 3
    assert [each["id"]["unique_id"] for each in rows] == [{"prefix": "T", "number": number} for number in (1, 2, 3)]
    last = writes.ok("POST", f"data_sources/{source}/query", {})["results"][-1]["id"]
    writes.ok("PATCH", f"pages/{last}", {"in_trash": True})
    assert writes.row(source)["properties"]["id"]["unique_id"]["number"] == 4
    done = writes.row(source, status={"status": {"name": "Done"}})["properties"]["status"]["status"]
    assert writes.row(source, status={"status": {"id": done["id"]}})["properties"]["status"]["status"] == done


def test_a_formula_that_cannot_be_computed_says_so(writes: Writes, source: str) -> None:
    row = writes.row(source)["properties"]
    assert row["formula"]["formula"] == {"type": "unsupported", "unsupported": {}}
    assert writes.schema(source)["formula"]["formula"] == {"expression": 'prop("Name")'}


def test_times_and_people_of_a_row(writes: Writes, source: str) -> None:
    row = writes.row(source)
    assert row["properties"]["created"]["created_time"] == row["created_time"]
    assert row["properties"]["editor"]["last_edited_by"]["id"] == BOT


def test_hosted_files_may_be_sent_back(writes: Writes) -> None:
    from airbyte_agent_notion.sandbox.state import FileValue

    source = writes.source(files={"files": {}})
    row = writes.row(source)["id"]
    column = writes.sandbox.workspace.sources[source].find("files")
    assert column is not None
    writes.sandbox.workspace.pages[row].values[column.id] = (FileValue(name="mine.pdf"),)
    held = writes.values(row)["files"]["files"]
    added = [*held, {"name": "b.pdf", "external": {"url": URL}}]
    got = writes.ok("PATCH", f"pages/{row}", {"properties": {"files": {"files": added}}})["properties"]["files"][
        "files"
    ]
    assert [(each["name"], each["type"]) for each in got] == [("mine.pdf", "file"), ("b.pdf", "external")]


@pytest.fixture
def related(writes: Writes) -> tuple[str, str]:
    """Items, and Orders with a dual relation to them and a rollup over it."""
    items = writes.source("Items", Price={"number": {}})
    relation = {"data_source_id": items, "dual_property": {"synced_property_name": "Orders"}}
    rollup = {"function": "sum", "relation_property_name": "Items", "rollup_property_name": "Price"}
    return items, writes.source("Orders", Items={"relation": relation}, Total={"rollup": rollup})


def ids(row: Any, column: str) -> list[str]:
    return [each["id"] for each in row["properties"][column]["relation"]]


def test_both_sides_of_a_relation(writes: Writes, related: tuple[str, str]) -> None:
    items, orders = related
    one, two = (writes.row(items, Price={"number": price})["id"] for price in (3, 4))
    order = writes.row(orders, Items={"relation": [{"id": one}, {"id": two}], "has_more": False})
    assert ids(order, "Items") == [one, two]
    assert order["properties"]["Total"]["rollup"] == {"type": "number", "number": 7, "function": "sum"}
    assert ids(writes.ok("GET", f"pages/{one}"), "Orders") == [order["id"]]
    writes.ok("PATCH", f"pages/{order['id']}", {"properties": {"Items": {"relation": [{"id": two}]}}})
    assert ids(writes.ok("GET", f"pages/{one}"), "Orders") == []
    writes.ok("PATCH", f"pages/{one}", {"properties": {"Orders": {"relation": [{"id": order["id"]}]}}})
    assert ids(writes.ok("GET", f"pages/{order['id']}"), "Items") == [two, one]
    writes.ok("PATCH", f"pages/{two}", {"in_trash": True})
    assert writes.values(order["id"])["Total"]["rollup"]["number"] == 3
    writes.ok("PATCH", f"pages/{two}", {"in_trash": False})
    assert writes.values(order["id"])["Total"]["rollup"]["number"] == 7
    writes.ok("POST", f"pages/{one}/move", {"parent": {"page_id": HOME}})
    assert ids(writes.ok("GET", f"pages/{order['id']}"), "Items") == [two]


def test_relations_go_to_visible_rows_of_their_own(writes: Writes, related: tuple[str, str]) -> None:
    items, orders = related
    other = writes.row(orders)["id"]
    body: dict[str, Any] = {"parent": {"data_source_id": orders}}

    def refused(identifier: str, **facts: Any) -> str:
        return writes.refused(
            "POST", "pages", {**body, "properties": {"Items": {"relation": [{"id": identifier}]}}}, **facts
        )

    for unknown in (UNKNOWN, PRIVATE, items):
        refused(unknown, status=404, code="object_not_found")
    for elsewhere in (other, HOME):
        assert "is not in the data source" in refused(elsewhere)
    row = writes.row(items)["id"]
    many = [{"id": row}] * 101
    assert "≤ `100`" in writes.refused("POST", "pages", {**body, "properties": {"Items": {"relation": many}}})
    assert ids(writes.row(orders, Items={"relation": [{"id": row}] * 2}), "Items") == [row]
    rollup = {"properties": {"Total": {"rollup": {"number": 1}}}}
    assert "cannot be written" in writes.refused("POST", "pages", {**body, **rollup})


def test_verification(writes: Writes) -> None:
    from airbyte_agent_notion.sandbox.state import Property

    source = writes.source()
    writes.sandbox.workspace.sources[source].properties.append(
        Property(id="verification", name="Verification", type="verification")
    )
    end = {"start": "2026-11-01", "end": "2026-11-10"}
    row = writes.row(source, Verification={"verification": {"state": "verified", "date": end}})
    value = row["properties"]["Verification"]["verification"]
    assert (value["state"], value["verified_by"]["id"], value["date"]["end"]) == ("expired", BOT, "2026-11-10")

    def state(sent: Any) -> Any:
        body = {"properties": {"Verification": {"verification": sent}}}
        return writes.ok("PATCH", f"pages/{row['id']}", body)["properties"]["Verification"]["verification"]["state"]

    assert state({"state": "verified"}) == "verified"
    assert state({"state": "unverified"}) == "unverified"
    body = {"properties": {"Verification": {"verification": {"state": "expired"}}}}
    assert "state should be" in writes.refused("PATCH", f"pages/{row['id']}", body)
