"""The trash: into it, what it does to what lies below, and back."""

from __future__ import annotations

from typing import Any

import pytest
from writes import BOT, HOME, Writes, paragraph, small, text


@pytest.fixture
def writes() -> Writes:
    return small()


def tree(writes: Writes) -> dict[str, str]:
    """A page with a block in a block, a child page, a database, its data source and a row."""
    page = writes.page("Top")["id"]
    block = writes.append(page, paragraph("Block", children=[paragraph("Inner")]))[0]["id"]
    database = writes.ok("POST", "databases", {"parent": {"page_id": page}})
    source = database["data_sources"][0]["id"]
    return {
        "page": page,
        "block": block,
        "inner": writes.children(block)[0]["id"],
        "child": writes.page("Child", parent=page)["id"],
        "database": database["id"],
        "source": source,
        "row": writes.row(source)["id"],
    }


PATHS = {"page": "pages", "block": "blocks", "inner": "blocks", "child": "pages", "row": "pages"}
PATHS |= {"database": "databases", "source": "data_sources"}


def trashed(writes: Writes, found: dict[str, str]) -> set[str]:
    return {name for name, each in found.items() if writes.ok("GET", f"{PATHS[name]}/{each}")["in_trash"]}


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("page", {"page", "block", "inner", "child", "database", "source", "row"}),
        ("block", {"block", "inner"}),
        ("inner", {"inner"}),
        ("child", {"child"}),
        ("database", {"database", "source", "row"}),
        ("source", {"source", "row"}),
        ("row", {"row"}),
    ],
)
def test_what_lies_below_goes_too(writes: Writes, name: str, gone: set[str]) -> None:
    found = tree(writes)
    path = f"{PATHS[name]}/{found[name]}"
    assert writes.ok("PATCH", path, {"in_trash": True})["in_trash"] is True
    assert trashed(writes, found) == gone
    for each in gone - {name}:
        message = writes.refused("PATCH", f"{PATHS[each]}/{found[each]}", {"in_trash": True})
        assert "archived ancestor" in message
    assert writes.ok("PATCH", path, {"in_trash": True})["in_trash"] is True
    assert writes.ok("PATCH", path, {"in_trash": False})["in_trash"] is False
    assert trashed(writes, found) == set()


def test_what_is_in_the_trash_is_not_listed(writes: Writes) -> None:
    found = tree(writes)
    for name in ("block", "child", "database"):
        writes.ok("DELETE", f"blocks/{found[name]}")
    assert writes.children(found["page"]) == []
    assert writes.ok("GET", f"blocks/{found['page']}")["has_children"] is False
    for name in ("database", "child", "block"):
        writes.ok("PATCH", f"blocks/{found[name]}", {"in_trash": False})
    assert [each["id"] for each in writes.children(found["page"])] == [
        found[each] for each in ("block", "database", "child")
    ]
    writes.ok("PATCH", f"data_sources/{found['source']}", {"in_trash": True})
    assert writes.ok("GET", f"databases/{found['database']}")["data_sources"] == []


@pytest.mark.parametrize("name", ["page", "child", "database", "block"])
def test_delete_answers_with_the_block(writes: Writes, name: str) -> None:
    found = tree(writes)
    kinds = {"page": "child_page", "child": "child_page", "database": "child_database", "block": "paragraph"}
    answer = writes.ok("DELETE", f"blocks/{found[name]}")
    assert (answer["object"], answer["type"], answer["in_trash"]) == ("block", kinds[name], True)
    assert answer["last_edited_by"]["id"] == BOT
    assert "archived" in writes.refused("DELETE", f"blocks/{found[name]}")


def test_what_is_in_the_trash_is_not_edited(writes: Writes) -> None:
    found = tree(writes)
    writes.ok("PATCH", f"pages/{found['page']}", {"in_trash": True})
    requests: list[tuple[str, str, Any]] = [
        ("PATCH", f"pages/{found['page']}", {"properties": {"title": text("x")}}),
        ("PATCH", f"pages/{found['child']}", {"icon": None}),
        ("PATCH", f"pages/{found['child']}", {"in_trash": False, "is_locked": True}),
        ("POST", f"pages/{found['child']}/move", {"parent": {"page_id": HOME}}),
        ("POST", "pages", {"parent": {"page_id": found["page"]}}),
        ("POST", "pages", {"parent": {"data_source_id": found["source"]}}),
        ("PATCH", f"blocks/{found['block']}", {"paragraph": {"color": "red"}}),
        ("PATCH", f"blocks/{found['block']}/children", {"children": [paragraph()]}),
        ("PATCH", f"blocks/{found['page']}/children", {"children": [paragraph()]}),
        ("DELETE", f"blocks/{found['inner']}", None),
        ("PATCH", f"databases/{found['database']}", {"title": text("x")}),
        ("PATCH", f"data_sources/{found['source']}", {"properties": {}}),
        ("POST", "databases", {"parent": {"page_id": found["child"]}}),
        ("POST", "comments", {"parent": {"page_id": found["page"]}, "rich_text": text("x")}),
    ]
    for method, path, body in requests:
        assert "archived" in writes.refused(method, path, body)


def test_restoring_and_changing_at_once(writes: Writes) -> None:
    page = writes.page("Before")["id"]
    writes.ok("PATCH", f"pages/{page}", {"in_trash": True})
    got = writes.ok("PATCH", f"pages/{page}", {"in_trash": False, "properties": {"title": text("After")}})
    assert (got["in_trash"], got["properties"]["title"]["title"][0]["plain_text"]) == (False, "After")
    child = writes.page(parent=page)["id"]
    writes.ok("PATCH", f"pages/{child}", {"in_trash": True})
    writes.ok("PATCH", f"pages/{page}", {"in_trash": True})
    assert "archived ancestor" in writes.refused("PATCH", f"pages/{child}", {"in_trash": False})
    writes.ok("PATCH", f"pages/{page}", {"in_trash": False})
    assert writes.ok("GET", f"pages/{child}")["in_trash"] is True


@pytest.mark.parametrize("kind", ["page", "block", "database", "source"])
def test_how_each_version_spells_it(writes: Writes, kind: str) -> None:
    path = f"{PATHS[kind]}/{tree(writes)[kind]}"
    assert "body.archived should be not present" in writes.refused("PATCH", path, {"archived": True})
    writes.version = "2025-09-03"
    for key in ("archived", "in_trash"):
        assert writes.ok("PATCH", path, {key: True})["archived"] is True
        assert writes.ok("PATCH", path, {key: False})["in_trash"] is False
    assert "equal" in writes.refused("PATCH", path, {"archived": True, "in_trash": False})
