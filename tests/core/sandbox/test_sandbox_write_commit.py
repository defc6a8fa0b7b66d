"""Writes that are saved and then lost on their way, capabilities, snapshots, and the log of requests."""

from __future__ import annotations

import json
from typing import Any

import pytest
from writes import HOME, PERSON, Writes, paragraph, small, text

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.ids import derived_id
from airbyte_agent_notion.sandbox.routing import CAPABILITIES


@pytest.fixture
def writes() -> Writes:
    return small()


def failed(writes: Writes, method: str, path: str, body: Any = None) -> Any:
    response = writes.raw(method, path, body)
    assert response.status == 503
    return json.loads(response.content).get("additional_data", {})


def test_an_append_names_what_it_saved(writes: Writes) -> None:
    writes.sandbox.faults.add(status=503, after=True, committed=True)
    data = failed(writes, "PATCH", f"blocks/{HOME}/children", {"children": [paragraph("1"), paragraph("2")]})
    assert data == {
        "committed_resource_id": HOME,
        "committed_child_ids": [each["id"] for each in writes.children(HOME)],
    }
    assert writes.texts(HOME) == ["1", "2"]


def test_every_write_names_what_it_saved(writes: Writes) -> None:
    page, source = writes.page()["id"], writes.source()
    database = writes.ok("GET", f"data_sources/{source}")["parent"]["database_id"]
    block = writes.append(page, paragraph())[0]["id"]
    comment = writes.ok("POST", "comments", {"parent": {"page_id": HOME}, "rich_text": text("x")})["id"]
    writes.sandbox.faults.add(status=503, after=True, committed=True, times=20)
    existing: list[tuple[str, str, Any, str]] = [
        ("PATCH", f"pages/{page}", {"is_locked": True}, page),
        ("PATCH", f"blocks/{block}", {"paragraph": {"color": "red"}}, block),
        ("PATCH", f"databases/{database}", {"is_locked": True}, database),
        ("PATCH", f"data_sources/{source}", {"title": text("x")}, source),
        ("PATCH", f"comments/{comment}", {"rich_text": text("y")}, comment),
        ("DELETE", f"comments/{comment}", None, comment),
        ("DELETE", f"blocks/{block}", None, block),
    ]
    for method, path, body, identifier in existing:
        assert failed(writes, method, path, body) == {"committed_resource_id": identifier}
    made: list[tuple[str, Any]] = [
        ("pages", {"parent": {"page_id": page}}),
        ("databases", {"parent": {"page_id": page}}),
        ("data_sources", {"parent": {"database_id": database}, "properties": {"N": {"title": {}}}}),
        ("comments", {"parent": {"page_id": page}, "rich_text": text("z")}),
    ]
    created = [failed(writes, "POST", path, body)["committed_resource_id"] for path, body in made]
    writes.sandbox.faults.clear()
    for (path, _), identifier in zip(made, created, strict=True):
        assert writes.ok("GET", f"{path}/{identifier}")["id"] == identifier


def test_nothing_is_named_that_was_not_saved(writes: Writes) -> None:
    body = {"children": [paragraph("1")]}
    writes.sandbox.faults.add(status=503, committed=True)
    assert failed(writes, "PATCH", f"blocks/{HOME}/children", body) == {}
    writes.sandbox.faults.add(status=503, after=True)
    assert failed(writes, "PATCH", f"blocks/{HOME}/children", body) == {}
    writes.sandbox.faults.add(status=503, after=True, committed=True, times=2)
    assert failed(writes, "PATCH", f"blocks/{HOME}/children", {"children": [{}]}) == {}
    assert failed(writes, "GET", f"pages/{HOME}") == {}
    assert len(writes.children(HOME)) == 1
    writes.sandbox.faults.add(
        status=503, after=True, committed=True, additional_data={"retry_guidance": "Do not repeat this request."}
    )
    data = failed(writes, "PATCH", f"blocks/{HOME}/children", body)
    assert data["retry_guidance"] == "Do not repeat this request."
    assert len(data["committed_child_ids"]) == 1


def test_a_conflict_saves_nothing(writes: Writes) -> None:
    writes.sandbox.faults.add(status=409)
    body = {"children": [paragraph("1")]}
    writes.refused("PATCH", f"blocks/{HOME}/children", body, status=409, code="conflict_error")


ENDPOINTS: list[tuple[str, str, Any, str]] = [
    ("GET", "users", None, "user_information"),
    ("POST", "search", {}, "read_content"),
    ("GET", f"pages/{HOME}", None, "read_content"),
    ("GET", f"blocks/{HOME}/children", None, "read_content"),
    ("GET", f"comments?block_id={HOME}", None, "read_comments"),
    ("POST", "pages", {"parent": {"page_id": HOME}}, "insert_content"),
    ("PATCH", f"blocks/{HOME}/children", {"children": [paragraph()]}, "insert_content"),
    ("POST", "databases", {"parent": {"page_id": HOME}}, "insert_content"),
    ("PATCH", f"pages/{HOME}", {"is_locked": True}, "update_content"),
    ("POST", f"pages/{HOME}/move", {}, "update_content"),
    ("DELETE", f"blocks/{HOME}", None, "update_content"),
    ("POST", "comments", {"parent": {"page_id": HOME}, "rich_text": text("x")}, "insert_comments"),
]


@pytest.mark.parametrize(("method", "path", "body", "capability"), ENDPOINTS)
def test_capabilities(writes: Writes, method: str, path: str, body: Any, capability: str) -> None:
    writes.sandbox.capabilities = CAPABILITIES - {capability}
    path, _, query = path.partition("?")
    pairs = [tuple(query.split("="))] if query else []
    before = writes.state()
    response = writes.raw(method, path, body, query=[(pair[0], pair[1]) for pair in pairs])
    answer = json.loads(response.content)
    assert (response.status, answer["code"]) == (403, "restricted_resource")
    assert writes.state() == before
    assert writes.ok("GET", "users/me")["object"] == "user"
    writes.sandbox.capabilities = {capability}
    assert writes.raw(method, path, body, query=[(pair[0], pair[1]) for pair in pairs]).status != 403


def test_snapshots(writes: Writes) -> None:
    page = writes.page("Kept", children=[paragraph("One")])["id"]
    source = writes.source(S={"select": {}})
    kept = writes.sandbox.snapshot()
    state = writes.state()
    for _ in range(2):
        writes.append(page, paragraph("Two"))
        writes.row(source, S={"select": {"name": "New"}})
        writes.reschema(source, T={"checkbox": {}})
        writes.ok("PATCH", f"pages/{page}", {"in_trash": True})
        writes.ok("POST", "comments", {"parent": {"page_id": HOME}, "rich_text": text("x")})
        assert writes.state() != state
        writes.sandbox.restore(kept)
        assert writes.state() == state
        assert writes.texts(page) == ["One"]
    assert "Small" not in repr(kept)
    assert repr(kept).startswith("<Snapshot of workspace ")
    with pytest.raises(ValueError, match="another workspace"):
        Sandbox.sample().restore(kept)


def test_the_sample_can_be_put_back() -> None:
    sandbox = Sandbox.sample()
    kept = sandbox.snapshot()
    writes = Writes(sandbox)
    writes.append(derived_id("page", "home"), paragraph("Mine"))
    sandbox.restore(kept)
    assert sandbox.workspace.pages == Sandbox.sample().workspace.pages
    assert sandbox.workspace.blocks == Sandbox.sample().workspace.blocks


def test_the_log_has_what_was_sent(writes: Writes) -> None:
    body = {"children": [paragraph("1")]}
    writes.append(HOME, paragraph("1"))
    writes.refused("PATCH", f"blocks/{HOME}/children", {"children": []})
    first, second = writes.sandbox.requests
    assert (first.method, first.path, first.body, first.status) == ("PATCH", f"/v1/blocks/{HOME}/children", body, 200)
    assert second.status == 400


def test_the_same_writes_give_the_same_ids() -> None:
    one, two = small(), small()
    for each in (one, two):
        each.page(children=[paragraph("x")])
        each.row(each.source(P={"people": {}}), P={"people": [{"id": PERSON}]})
    assert one.state() == two.state()


def test_formulas_follow_a_renamed_column() -> None:
    writes = Writes(Sandbox.sample())
    workspace = writes.sandbox.workspace
    source = next(each for each in workspace.sources.values() if workspace.title(each) == "Tasks")
    row = derived_id("page", "task-0")
    flag = writes.values(row)["Flag"]["formula"]
    assert flag["string"]
    writes.reschema(source.id, Priority={"name": "Urgency"})
    assert writes.values(row)["Flag"]["formula"] == flag
    writes.reschema(source.id, Flag={"formula": {"expression": "1 + 1"}})
    assert writes.values(row)["Flag"]["formula"] == {"type": "unsupported", "unsupported": {}}
