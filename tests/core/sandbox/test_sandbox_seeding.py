"""Workspaces from JSON: the small form that people write, and objects as Notion gives them out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.ids import derived_id
from airbyte_agent_notion.sandbox.seeding import Loader

ANA = {"name": "Ana Ruiz", "email": "ana@harbour.example"}
SHIPS = {
    "title": "Ships",
    "properties": {
        "Name": "title",
        "State": {"status": ["Not started", {"name": "Afloat", "color": "blue", "group": "In progress"}]},
        "Kind": {"select": ["Tug", "Ferry"]},
        "Tags": "multi_select",
        "Built": "date",
        "Tons": {"number": {"format": "number_with_commas"}},
        "Owner": "people",
        "Escort": {"relation": {"data_source": "Ships"}},
        "Escorts' tons": {"rollup": {"relation": "Escort", "property": "Tons", "function": "sum"}},
        "Papers": "files",
        "Ready": "checkbox",
        "Site": "url",
        "No": {"unique_id": {"prefix": "S"}},
    },
    "rows": [
        {
            "Name": "Alba",
            "State": "Afloat",
            "Kind": "Tug",
            "Tags": ["old", "red"],
            "Built": "1990-01-02/1991-03-04",
            "Tons": 12.5,
            "Owner": "Ana Ruiz",
            "Escort": ["Bora"],
            "Papers": ["https://papers.example/alba.pdf", {"name": "Log", "url": "https://papers.example/1"}],
            "Ready": True,
            "Site": "https://alba.example",
            "No": 4,
        },
        {
            "properties": {"Name": "Bora", "Tons": 7, "Owner": ["ana@harbour.example"]},
            "blocks": ["Fast."],
            "icon": "⛵",
        },
    ],
}
HARBOUR = {
    "workspace": {"name": "Harbour"},
    "users": [ANA, {"name": "Robot", "bot": True}],
    "pages": [
        {
            "title": "Pier",
            "icon": "⚓",
            "blocks": [
                "Welcome.",
                {"heading_2": {"rich_text": "Today"}},
                {
                    "to_do": {
                        "rich_text": [{"text": {"content": "Paint"}, "annotations": {"bold": True}}],
                        "checked": True,
                    }
                },
                {"toggle": {"rich_text": "More", "children": ["Inside"]}, "children": ["Beside"]},
                {"type": "divider", "divider": {}},
                {"image": {"external": {"url": "https://i.example/pier.png"}}},
            ],
            "pages": [{"title": "Office", "blocks": ["Closed."]}],
            "databases": [SHIPS],
        },
        {"title": "Vault", "shared": False},
    ],
}


@pytest.fixture(scope="session")
def call(reader: Any) -> Callable[[Sandbox], Any]:
    """Makes a caller of a sandbox."""
    return type(reader)


@pytest.fixture(scope="module")
def harbour(call: Callable[[Sandbox], Any]) -> Any:
    return call(Sandbox.from_json(HARBOUR))


def page(caller: Any, title: str) -> Any:
    workspace = caller.sandbox.workspace
    found = next(each for each in workspace.pages.values() if workspace.title(each) == title)
    return caller.ok("GET", f"/v1/pages/{found.id}")


def test_pages_and_blocks(harbour: Any) -> None:
    pier = page(harbour, "Pier")
    assert pier["icon"] == {"type": "emoji", "emoji": "⚓"}
    children = harbour.ok("GET", f"/v1/blocks/{pier['id']}/children")["results"]
    assert [each["type"] for each in children] == [
        *("paragraph", "heading_2", "to_do", "toggle", "divider", "image", "child_database", "child_page")
    ]
    assert children[0]["paragraph"]["rich_text"][0]["plain_text"] == "Welcome."
    assert children[2]["to_do"]["checked"] is True
    assert children[2]["to_do"]["rich_text"][0]["annotations"]["bold"] is True
    inner = harbour.ok("GET", f"/v1/blocks/{children[3]['id']}/children")["results"]
    assert [each["paragraph"]["rich_text"][0]["plain_text"] for each in inner] == ["Inside", "Beside"]
    assert children[5]["image"] == {
        "type": "external",
        "external": {"url": "https://i.example/pier.png"},
        "caption": [],
    }
    vault = next(each for each in harbour.sandbox.workspace.pages.values() if each.children == [] and each.id)
    assert vault
    assert {each["id"] for each in harbour.all("POST", "/v1/search", {"query": "Vault"})} == set()


def test_rows_have_what_was_written(harbour: Any) -> None:
    alba = page(harbour, "Alba")["properties"]
    assert (alba["State"]["status"]["name"], alba["State"]["status"]["color"]) == ("Afloat", "blue")
    assert (alba["Kind"]["select"]["name"], alba["Tons"]["number"]) == ("Tug", 12.5)
    assert [each["name"] for each in alba["Tags"]["multi_select"]] == ["old", "red"]
    assert alba["Built"]["date"] == {"start": "1990-01-02", "end": "1991-03-04", "time_zone": None}
    assert alba["Owner"]["people"][0]["person"] == {"email": "ana@harbour.example"}
    assert alba["Escort"]["relation"] == [{"id": page(harbour, "Bora")["id"]}]
    assert alba["Escorts' tons"]["rollup"] == {"type": "number", "number": 7, "function": "sum"}
    assert [each["name"] for each in alba["Papers"]["files"]] == ["alba.pdf", "Log"]
    assert (alba["Ready"]["checkbox"], alba["Site"]["url"]) == (True, "https://alba.example")
    assert alba["No"]["unique_id"] == {"prefix": "S", "number": 4}
    bora = page(harbour, "Bora")
    assert bora["icon"]["emoji"] == "⛵"
    assert bora["properties"]["Owner"]["people"][0]["name"] == "Ana Ruiz"
    assert harbour.ok("GET", f"/v1/blocks/{bora['id']}/children")["results"][0]["type"] == "paragraph"


def test_seeded_rows_are_queried_and_written_like_any_others(call: Callable[[Sandbox], Any]) -> None:
    caller = call(Sandbox.from_json(HARBOUR))
    done = {"property": "State", "status": {"equals": "Afloat"}}
    assert [each["properties"]["Tons"]["number"] for each in caller.rows("Ships", filter=done)] == [12.5]
    parent = {"data_source_id": caller.source("Ships").id}
    row = caller.ok("POST", "/v1/pages", {"parent": parent, "properties": {"Tons": {"number": 3}}})
    assert row["properties"]["State"]["status"]["name"] == "Not started"
    assert row["properties"]["No"]["unique_id"]["number"] == 5


def test_users_and_the_connection(harbour: Any) -> None:
    assert [each["name"] for each in harbour.all("GET", "/v1/users")] == ["Sandbox connection", "Ana Ruiz", "Robot"]
    me = harbour.ok("GET", "/v1/users/me")
    assert (me["name"], me["bot"]["workspace_name"]) == ("Sandbox connection", "Harbour")


def test_ids_may_be_given_and_are_otherwise_the_same_each_time() -> None:
    given = "0123456789ab4def8123456789abcdef"
    data = {"pages": [{"id": given, "title": "A", "blocks": ["x"]}, {"title": "B"}]}
    first, second = (list(Sandbox.from_json(data).workspace.pages) for _ in range(2))
    assert first == second
    assert first[0] == "01234567-89ab-4def-8123-456789abcdef"


def test_time_stands_where_it_was_put(call: Callable[[Sandbox], Any]) -> None:
    moment = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    caller = call(Sandbox.from_json({"pages": [{"title": "A"}]}, now=lambda: moment))
    assert page(caller, "A")["created_time"] == "2030-01-02T03:04:00.000Z"


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ({"page": []}, "'page' means nothing"),
        ({"pages": [{"name": "A"}]}, "'name' means nothing in a page"),
        ({"databases": [{"title": "A", "columns": {}}]}, "'columns' means nothing in a database"),
        ({"pages": [{"title": "A", "id": "x"}]}, "'x' is no id"),
        ({"pages": [{"title": "A", "blocks": [{"paragraph": "text"}]}]}, "A block is not understood"),
        ({"databases": [{"title": "A", "rows": [{"Nmae": "x"}]}]}, "no column 'Nmae'"),
        ({"databases": [{"title": "A", "properties": {"N": "number"}}]}, "no title column"),
        ({"databases": [{**SHIPS, "rows": [{"Name": "x", "Owner": "Bo"}]}]}, "no user 'Bo'"),
        ({"databases": [{**SHIPS, "rows": [{"Name": "x", "Escort": "Bo"}]}]}, "no row 'Bo'"),
        (
            {"databases": [{"title": "A", "properties": {"T": "title", "R": {"relation": {"data_source": "B"}}}}]},
            "no database 'B'",
        ),
        ({"databases": [{"title": "A", "rows": [{"properties": {}, "row": 1}]}]}, "'row' means nothing in a row"),
    ],
)
def test_what_is_not_understood_is_said(data: Any, meant: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Sandbox.from_json(data)
    assert meant in str(caught.value)
    assert caught.value.hint


def test_the_sample_comes_through_whole(call: Callable[[Sandbox], Any]) -> None:
    sample = Sandbox.sample()
    data = json.loads(json.dumps(sample.to_json()))
    again = Sandbox.from_json(data)
    assert again.to_json() == data
    assert len(data["objects"]) > 900
    ours, theirs = call(sample), call(again)
    for title in ("Tasks", "Projects", "People"):
        assert _timeless(theirs.rows(title)) == _timeless(ours.rows(title))
    for identifier in list(sample.workspace.discussions.values())[:3]:
        query = [("block_id", identifier.parent.id)]
        shown = [each.ok("GET", "/v1/comments", query=query)["results"] for each in (ours, theirs)]
        assert shown[0] == shown[1]
    hidden = next(each for each in sample.workspace.pages.values() if not sample.workspace.is_shared(each))
    theirs.error(404, "object_not_found", "GET", f"/v1/pages/{hidden.id}")


def _timeless(value: Any) -> Any:
    """Without the signatures of files, which are no part of the content."""
    text = json.dumps(value)
    return [
        part.split("X-Amz-Signature=")[-1][64:] if index else part for index, part in enumerate(text.split("?X-Amz"))
    ]


# Objects as Notion gives them out.


@pytest.fixture
def loaded(call: Callable[[Sandbox], Any]) -> Callable[..., Any]:
    """Makes a caller of a workspace that holds these objects."""

    def load(*objects: Any) -> Any:
        sandbox = Sandbox()
        loader = Loader(sandbox.workspace)
        for each in objects:
            loader.load(each)
        return call(sandbox)

    return load


ROW, SOURCE, DATABASE, OTHER = (derived_id("test", name) for name in ("row", "source", "database", "other"))


def test_a_row_makes_its_data_source_known(loaded: Callable[..., Any]) -> None:
    parent = {"type": "data_source_id", "data_source_id": SOURCE, "database_id": DATABASE}
    option = {"id": "o1", "name": "Done", "color": "green"}
    values = {
        "Name": {"id": "title", "type": "title", "title": [{"type": "text", "text": {"content": "A"}}]},
        "State": {"id": "a%3Fb", "type": "status", "status": option},
        "Sum": {"id": "f", "type": "formula", "formula": {"type": "number", "number": 3}},
        "To": {"id": "r", "type": "relation", "relation": [{"id": OTHER}], "has_more": False},
    }
    caller = loaded({"object": "page", "id": ROW, "parent": parent, "properties": values})
    [row] = [each for each in caller.all("POST", f"/v1/data_sources/{SOURCE}/query") if each["id"] == ROW]
    assert row["parent"] == parent
    assert row["properties"]["State"]["status"] == option
    assert row["properties"]["Sum"]["formula"] == {"type": "number", "number": 3}
    assert row["properties"]["To"]["relation"] == [{"id": OTHER}]
    assert caller.ok("GET", f"/v1/databases/{DATABASE}")["data_sources"][0]["id"] == SOURCE
    schema = caller.ok("GET", f"/v1/data_sources/{SOURCE}")["properties"]
    assert schema["State"]["id"] == "a%3Fb"


def test_what_is_only_named_is_made_up_until_it_is_loaded(loaded: Callable[..., Any]) -> None:
    block = {"object": "block", "id": ROW, "type": "paragraph", "paragraph": {"rich_text": []}}
    caller = loaded({**block, "parent": {"type": "page_id", "page_id": OTHER}})
    assert caller.ok("GET", f"/v1/pages/{OTHER}")["properties"]["title"]["title"] == []
    title = {"title": {"id": "title", "type": "title", "title": [{"type": "text", "text": {"content": "Known"}}]}}
    Loader(caller.sandbox.workspace).load({"object": "page", "id": OTHER, "properties": title, "parent": None})
    assert page(caller, "Known")["id"] == OTHER
    assert [each["id"] for each in caller.ok("GET", f"/v1/blocks/{OTHER}/children")["results"]] == [ROW]


def test_a_data_source_moves_to_the_database_that_is_its_own(loaded: Callable[..., Any]) -> None:
    related = {"relation": {"data_source_id": SOURCE, "type": "single_property", "single_property": {}}}
    schema = {"Name": {"title": {}}, "To": {"type": "relation", **related}}
    home = {"type": "database_id", "database_id": DATABASE}
    caller = loaded({"object": "data_source", "id": OTHER, "parent": home, "properties": schema})
    assert SOURCE in caller.sandbox.workspace.sources
    before = set(caller.sandbox.workspace.databases)
    Loader(caller.sandbox.workspace).load(
        {
            "object": "database",
            "id": DATABASE,
            "data_sources": [{"id": SOURCE, "name": "S"}, {"id": OTHER, "name": "O"}],
        }
    )
    assert {each["id"] for each in caller.ok("GET", f"/v1/databases/{DATABASE}")["data_sources"]} == {SOURCE, OTHER}
    assert set(caller.sandbox.workspace.databases) < before


def test_lists_and_errors_are_no_state(loaded: Callable[..., Any]) -> None:
    caller = loaded(
        {"object": "list", "results": []}, {"object": "error", "status": 404}, {"object": "user", "id": ROW}
    )
    assert caller.sandbox.workspace.pages == {}
    assert ROW not in caller.sandbox.workspace.users
