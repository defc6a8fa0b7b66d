"""Databases and data sources: created, renamed, moved, and their columns made, changed and dropped."""

from __future__ import annotations

from typing import Any

import pytest
from writes import BOT, HOME, PRIVATE, UNKNOWN, Writes, small, text


@pytest.fixture
def writes() -> Writes:
    return small()


def names(schema: Any) -> set[str]:
    return set(schema)


def database_of(writes: Writes, source: str) -> str:
    return str(writes.ok("GET", f"data_sources/{source}")["parent"]["database_id"])


def plain(title: Any) -> str:
    return "".join(each["plain_text"] for each in title)


def test_a_database_comes_with_a_data_source(writes: Writes) -> None:
    body = {
        "parent": {"type": "page_id", "page_id": HOME},
        "title": text("Things"),
        "description": text("All of them"),
        "is_inline": True,
        "icon": {"emoji": "📦"},
        "initial_data_source": {"properties": {"Name": {"type": "title", "title": {}}, "Cost": {"number": {}}}},
    }
    database = writes.ok("POST", "databases", body)
    assert (plain(database["title"]), plain(database["description"]), database["is_inline"]) == (
        "Things",
        "All of them",
        True,
    )
    assert database["created_time"] == "2026-11-20T09:00:30.000+00:00"
    [listed] = database["data_sources"]
    assert listed["name"] == "Things"
    source = writes.ok("GET", f"data_sources/{listed['id']}")
    assert names(source["properties"]) == {"Name", "Cost"}
    assert (plain(source["title"]), plain(source["description"])) == ("Things", "All of them")
    assert source["properties"]["Name"]["id"] == "title"
    assert source["properties"]["Cost"]["number"] == {"format": "number"}
    assert source["database_parent"] == {"type": "page_id", "page_id": HOME}
    assert source["created_by"]["id"] == BOT
    assert writes.children(HOME)[0]["child_database"] == {"title": "Things"}


def test_what_a_database_without_a_title_is_called(writes: Writes) -> None:
    database = writes.ok("POST", "databases", {"parent": {"page_id": HOME}})
    assert plain(database["title"]) == database["data_sources"][0]["name"] == "New database"
    source = database["data_sources"][0]["id"]
    assert writes.ok("GET", f"data_sources/{source}")["title"] == []
    assert names(writes.schema(source)) == {"Name"}
    writes.ok("PATCH", f"data_sources/{source}", {"title": text("Named")})
    assert plain(writes.ok("GET", f"databases/{database['id']}")["title"]) == "Named"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "body.parent should be defined"),
        ({"parent": {"workspace": True}}, "body.parent.page_id should be defined"),
        ({"parent": {"page_id": HOME}, "properties": {}}, "body.properties should be not present"),
        ({"parent": {"page_id": HOME}, "initial_data_source": {"properties": {}}}, "Title is not provided."),
        (
            {
                "parent": {"page_id": HOME},
                "initial_data_source": {"properties": {"A": {"title": {}}, "B": {"title": {}}}},
            },
            "exactly one title",
        ),
        ({"parent": {"page_id": HOME}, "is_inline": 1}, "body.is_inline should be a boolean"),
        ({"parent": {"page_id": HOME}, "title": "Things"}, "body.title should be an array"),
        ({"parent": {"page_id": HOME}, "archived": False}, "body.archived should be not present"),
    ],
)
def test_databases_that_are_refused(writes: Writes, body: Any, message: str) -> None:
    assert message in writes.refused("POST", "databases", body)


SCHEMAS: list[tuple[Any, str]] = [
    ({"text": {}}, "body.properties.X.type should be"),
    ({}, "X is not a property that exists."),
    (None, "X is not a property that exists."),
    ({"name": "Y"}, "X is not a property that exists."),
    ({"type": "number"}, "body.properties.X.number should be defined"),
    ({"type": "url", "number": {}}, 'body.properties.X.type should be `"number"`'),
    ({"number": {}, "url": {}}, "body.properties.X.url should be not present"),
    ({"number": {"format": "shells"}}, "number.format should be"),
    ({"number": {"currency": "euro"}}, "number.currency should be not present"),
    ({"checkbox": {"x": 1}}, "checkbox.x should be not present"),
    ({"select": {"options": [{"name": "a,b"}]}}, "commas not allowed"),
    ({"select": {"options": [{"name": "a"}, {"name": "a"}]}}, "twice"),
    ({"select": {"options": [{"name": "a", "color": "red_background"}]}}, "color should be"),
    ({"select": {"options": [{"name": str(index)} for index in range(101)]}}, "≤ `100`"),
    ({"select": {"options": [{"color": "red"}]}}, "options[0].name should be defined"),
    ({"status": {"options": [{"name": "a", "group": "Later"}]}}, "group should be"),
    ({"status": {"groups": []}}, "groups should be not present"),
    ({"formula": {}}, "formula.expression should be defined"),
    ({"relation": {"data_source_id": HOME}}, "relation.single_property should be defined"),
    ({"relation": {"data_source_id": "x", "single_property": {}}}, "a valid uuid"),
    ({"relation": {"database_id": HOME, "single_property": {}}}, "relation.data_source_id should be defined"),
    ({"rollup": {"function": "sum"}}, "rollup.relation_property_name should be defined"),
    ({"rollup": {"function": "add", "relation_property_name": "Name"}}, "rollup.function should be"),
    (
        {"rollup": {"function": "sum", "relation_property_name": "Name", "rollup_property_name": "Name"}},
        "Name is not a relation",
    ),
    (
        {"rollup": {"function": "sum", "relation_property_name": "Gone", "rollup_property_name": "Name"}},
        "Gone is not a property that exists.",
    ),
    ({"button": {}}, "body.properties.X.type should be"),
    ({"verification": {}}, "body.properties.X.type should be"),
    ({"title": {}}, "exactly one title"),
    (7, "body.properties.X should be an object"),
]


@pytest.mark.parametrize(("entry", "message"), SCHEMAS)
def test_columns_that_are_refused(writes: Writes, entry: Any, message: str) -> None:
    source = writes.source()
    body = {"properties": {"Good": {"checkbox": {}}, "X": entry}}
    assert message in writes.refused("PATCH", f"data_sources/{source}", body)


@pytest.mark.parametrize("target", [UNKNOWN, HOME, PRIVATE])
def test_relations_need_a_data_source(writes: Writes, target: str) -> None:
    entry = {"relation": {"data_source_id": target, "single_property": {}}}
    body = {"properties": {"R": entry}}
    writes.refused("PATCH", f"data_sources/{writes.source()}", body, status=404, code="object_not_found")


def test_columns_are_added_renamed_described_and_dropped(writes: Writes) -> None:
    source = writes.source()
    schema = writes.reschema(source, Cost={"type": "number", "number": {"format": "euro"}, "description": "Each"})
    cost = schema["Cost"]
    assert (cost["number"], cost["description"]) == ({"format": "euro"}, "Each")
    row = writes.row(source, Cost={"number": 5})["id"]
    schema = writes.reschema(source, **{cost["id"]: {"name": "Price"}})
    assert schema["Price"] == {**cost, "name": "Price"}
    assert writes.values(row)["Price"]["number"] == 5
    schema = writes.reschema(source, Name={"name": "Title"}, Price={"description": None})
    assert (schema["Title"]["id"], schema["Price"]["description"]) == ("title", None)
    assert names(writes.reschema(source, Price=None)) == {"Title"}
    assert list(writes.values(row)) == ["Title"]
    again = writes.reschema(source, Price={"number": {}})["Price"]
    assert writes.values(row)["Price"]["number"] is None
    assert again["id"] != cost["id"] or writes.values(row)["Price"]["number"] is None
    assert "already a property named Title" in writes.refused(
        "PATCH", f"data_sources/{source}", {"properties": {"Price": {"name": "Title"}}}
    )


def test_the_title_stays(writes: Writes) -> None:
    source = writes.source(Text={"rich_text": {}}, Spot={"place": {}})
    for entry in ({"Name": None}, {"title": None}, {"Name": {"rich_text": {}}}, {"Text": {"title": {}}}):
        assert "title" in writes.refused("PATCH", f"data_sources/{source}", {"properties": entry})
    for entry in ({"Spot": {"rich_text": {}}}, {"Text": {"place": {}}}):
        assert "cannot be converted" in writes.refused("PATCH", f"data_sources/{source}", {"properties": entry})


def test_types_change_and_values_follow_where_they_can(writes: Writes) -> None:
    option = {"select": {"options": [{"name": "A", "color": "red"}]}}
    source = writes.source(Number={"number": {}}, Select=option, Date={"date": {}})
    row = writes.row(
        source, Number={"number": 12}, Select={"select": {"name": "A"}}, Date={"date": {"start": "2026-01-01"}}
    )["id"]
    before = writes.schema(source)
    after = writes.reschema(source, Number={"rich_text": {}}, Select={"multi_select": {}}, Date={"checkbox": {}})
    assert {name: each["id"] for name, each in after.items()} == {name: each["id"] for name, each in before.items()}
    assert [after[name]["type"] for name in ("Number", "Select", "Date")] == ["rich_text", "multi_select", "checkbox"]
    values = writes.values(row)
    assert plain(values["Number"]["rich_text"]) == "12"
    assert [each["name"] for each in values["Select"]["multi_select"]] == ["A"]
    assert values["Date"]["checkbox"] is False
    writes.reschema(source, Number={"number": {}}, Select={"status": {}})
    values = writes.values(row)
    assert (values["Number"]["number"], values["Select"]["status"]["name"]) == (12, "A")


def test_options_are_matched_kept_and_removed(writes: Writes) -> None:
    source = writes.source(S={"select": {"options": [{"name": "A", "color": "red"}, {"name": "B"}]}})
    first = {each["name"]: each for each in writes.schema(source)["S"]["select"]["options"]}
    row = writes.row(source, S={"select": {"name": "B"}})["id"]
    options = [{"name": "A", "color": "red"}, {"name": "B", "id": first["B"]["id"], "color": "default"}, {"name": "C"}]
    got = {
        each["name"]: each
        for each in writes.reschema(source, S={"select": {"options": options}})["S"]["select"]["options"]
    }
    assert {"A": got["A"], "B": got["B"]} == first
    writes.reschema(source, S={"select": {"options": [{"name": "C"}]}})
    assert writes.values(row)["S"]["select"] is None
    assert "Cannot update color" in writes.refused(
        "PATCH",
        f"data_sources/{source}",
        {"properties": {"S": {"select": {"options": [{"name": "C", "color": "red"}]}}}},
    )


def test_status_options_stand_in_groups(writes: Writes) -> None:
    source = writes.source(State={"status": {}})
    status = writes.schema(source)["State"]["status"]
    ids = {each["name"]: each["id"] for each in status["options"]}
    assert {group["name"]: group["option_ids"] for group in status["groups"]} == {
        "To-do": [ids["Not started"]],
        "In progress": [ids["In progress"]],
        "Complete": [ids["Done"]],
    }
    row = writes.row(source, State={"status": {"name": "Done"}})["id"]
    options = [{"name": "Not started"}, {"name": "New"}, {"name": "Shipped", "group": "Complete"}]
    status = writes.reschema(source, State={"status": {"options": options}})["State"]["status"]
    ids = {each["name"]: each["id"] for each in status["options"]}
    groups = {group["name"]: group["option_ids"] for group in status["groups"]}
    assert groups == {"To-do": [ids["Not started"], ids["New"]], "In progress": [], "Complete": [ids["Shipped"]]}
    assert writes.values(row)["State"]["status"]["name"] == "Not started"
    assert writes.reschema(source, State={"status": {"groups": status["groups"]}})["State"]["status"] == status


def test_both_sides_of_a_relation_appear_and_part(writes: Writes) -> None:
    a, b = writes.source("A"), writes.source("B")
    dual = {"relation": {"type": "dual_property", "data_source_id": a, "dual_property": {}}}
    schema = writes.reschema(b, Link=dual)
    [mirror] = [each for each in writes.schema(a).values() if each["type"] == "relation"]
    assert mirror["name"] == "Related to B (Link)"
    assert schema["Link"]["relation"]["dual_property"] == {
        "synced_property_name": mirror["name"],
        "synced_property_id": mirror["id"],
    }
    assert mirror["relation"]["data_source_id"] == b
    assert mirror["relation"]["dual_property"]["synced_property_name"] == "Link"
    writes.reschema(a, **{mirror["id"]: {"name": "Back"}})
    assert writes.reschema(b)["Link"]["relation"]["dual_property"]["synced_property_name"] == "Back"
    assert writes.reschema(b, Link=dual) == writes.reschema(b)
    row = writes.row(a)["id"]
    other = writes.row(b, Link={"relation": [{"id": row}]})["id"]
    single = {"relation": {"data_source_id": a, "single_property": {}}}
    assert writes.reschema(b, Link=single)["Link"]["relation"]["type"] == "single_property"
    assert writes.schema(a)["Back"]["relation"]["type"] == "single_property"
    assert writes.values(row)["Back"]["relation"] == [{"id": other}]
    assert names(writes.reschema(a, Back=None)) == {"Name"}
    named = {"relation": {"data_source_id": a, "dual_property": {"synced_property_name": "Again"}}}
    writes.reschema(b, Link=named)
    assert writes.values(row)["Again"]["relation"] == [{"id": other}]
    c = writes.source("C")
    writes.reschema(b, Link={"relation": {"data_source_id": c, "single_property": {}}})
    assert writes.values(other)["Link"]["relation"] == []
    assert writes.schema(a)["Again"]["relation"]["type"] == "single_property"


def test_a_relation_of_a_data_source_to_itself(writes: Writes) -> None:
    source = writes.source("Tasks")
    entry = {"relation": {"data_source_id": source, "dual_property": {"synced_property_name": "Subtasks"}}}
    schema = writes.reschema(source, Parent=entry)
    assert schema["Parent"]["relation"]["dual_property"]["synced_property_id"] == schema["Subtasks"]["id"]
    parent = writes.row(source)["id"]
    child = writes.row(source, Parent={"relation": [{"id": parent}]})["id"]
    assert writes.values(parent)["Subtasks"]["relation"] == [{"id": child}]
    assert writes.reschema(source, Parent=None)["Subtasks"]["relation"]["type"] == "single_property"


def test_rollups_name_columns_of_the_same_request(writes: Writes) -> None:
    items = writes.source("Items", Price={"number": {}})
    relation = {"relation": {"data_source_id": items, "single_property": {}}}
    rollup = {
        "rollup": {
            "function": "max",
            "relation_property_name": "Items",
            "rollup_property_id": writes.schema(items)["Price"]["id"],
        }
    }
    orders = writes.source("Orders", Top=rollup, Items=relation)
    schema = writes.schema(orders)
    assert schema["Top"]["rollup"]["rollup_property_name"] == "Price"
    row = writes.row(orders, Items={"relation": [{"id": writes.row(items, Price={"number": 9})["id"]}]})
    assert row["properties"]["Top"]["rollup"]["number"] == 9
    writes.reschema(items, Price=None)
    assert writes.values(row["id"])["Top"]["rollup"]["type"] == "unsupported"


def test_rows_get_numbers_when_the_column_comes(writes: Writes) -> None:
    source = writes.source()
    rows = [writes.row(source)["id"] for _ in range(3)]
    writes.reschema(source, ID={"unique_id": {"prefix": "X"}})
    assert [writes.values(each)["ID"]["unique_id"]["number"] for each in rows] == [1, 2, 3]
    writes.reschema(source, ID={"unique_id": {"prefix": "Y"}})
    assert writes.row(source)["properties"]["ID"]["unique_id"] == {"prefix": "Y", "number": 4}


def test_a_schema_has_a_size(writes: Writes) -> None:
    source = writes.source()
    long = {f"Column {index}": {"checkbox": {}, "description": "x" * 400} for index in range(100)}
    assert "50000" in writes.refused("PATCH", f"data_sources/{source}", {"properties": long})


def test_several_data_sources(writes: Writes) -> None:
    first = writes.source("First")
    database = database_of(writes, first)
    body = {
        "parent": {"type": "database_id", "database_id": database},
        "properties": {"N": {"title": {}}},
        "title": text("Second"),
        "icon": {"emoji": "⚙️"},
    }
    second = writes.ok("POST", "data_sources", body)
    assert (plain(second["title"]), second["icon"]["emoji"]) == ("Second", "⚙️")
    listed = writes.ok("GET", f"databases/{database}")["data_sources"]
    assert [each["name"] for each in listed] == ["First", "Second"]
    writes.ok("PATCH", f"data_sources/{first}", {"title": text("Renamed")})
    assert plain(writes.ok("GET", f"databases/{database}")["title"]) == "First"
    for missing in ("parent", "properties"):
        without = {key: value for key, value in body.items() if key != missing}
        assert f"body.{missing} should be defined" in writes.refused("POST", "data_sources", without)
    assert "Title is not provided" in writes.refused("POST", "data_sources", {**body, "properties": {}})
    writes.refused(
        "POST", "data_sources", {**body, "parent": {"database_id": HOME}}, status=404, code="object_not_found"
    )
    other = writes.source("Other")
    moved = writes.ok("PATCH", f"data_sources/{second['id']}", {"parent": {"database_id": database_of(writes, other)}})
    assert moved["parent"]["database_id"] == database_of(writes, other)
    assert len(writes.ok("GET", f"databases/{database}")["data_sources"]) == 1


def test_databases_are_updated(writes: Writes) -> None:
    source = writes.source("Old")
    database = database_of(writes, source)
    page = writes.page()["id"]
    changes = {
        "title": text("New"),
        "description": text("D"),
        "is_inline": True,
        "is_locked": True,
        "icon": {"emoji": "🔥"},
        "cover": {"external": {"url": "https://x.example/c.png"}},
        "parent": {"page_id": page},
    }
    got = writes.ok("PATCH", f"databases/{database}", changes)
    assert (plain(got["title"]), plain(got["description"]), got["icon"]["emoji"]) == ("New", "D", "🔥")
    assert (got["is_inline"], got["is_locked"], got["parent"]["page_id"]) == (True, True, page)
    single = writes.ok("GET", f"data_sources/{source}")
    assert (plain(single["title"]), single["icon"]["emoji"], single["is_inline"]) == ("New", "🔥", True)
    assert [each["id"] for each in writes.children(page)] == [database]
    assert writes.ok("PATCH", f"databases/{database}", {"icon": None, "cover": None})["icon"] is None
    child = writes.row(source)["id"]
    assert "below itself" in writes.refused("PATCH", f"databases/{database}", {"parent": {"page_id": child}})
    assert "not present" in writes.refused("PATCH", f"databases/{database}", {"properties": {}})
    assert "not present" in writes.refused("PATCH", f"data_sources/{source}", {"is_inline": True})
