"""The sandbox's objects against recorded ones: no key that Notion never sends, none missing that it always sends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from airbyte_agent_notion.sandbox.sample.markup import database_id, page_id

ROOT = Path(__file__).parents[3]
RECORDINGS = Path(os.environ.get("RECORDINGS_DIR", ROOT.parent / "shared" / "recordings"))
PLAIN = ("number", "string", "boolean", "page_id", "database_id", "data_source_id", "block_id", "workspace")

needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"no recordings in {RECORDINGS}: set RECORDINGS_DIR"
)


def shapes(value: Any, *, top: bool = False) -> Iterator[tuple[str, frozenset[str]]]:
    """Name and keys of every object within a response."""
    if isinstance(value, list):
        for each in value:
            yield from shapes(each)
    if not isinstance(value, dict):
        return
    name = shape_name(value)
    if name is not None:
        payload = value.get("type")
        keys = {"<payload>" if key == payload and value.get("object") in ("block", "list") else key for key in value}
        # The request id belongs to the answer, and is asserted apart.
        yield name, frozenset(keys - {"request_id"})
        if value.get("object") == "block":
            yield f"block.{payload}", media(value[payload])
    for key, each in value.items():
        if key == "properties" and value.get("object") in ("page", "data_source"):
            for prop in each.values():
                yield from property_shapes(prop, value["object"])
        yield from shapes(each)


def media(payload: dict[str, Any]) -> frozenset[str]:
    """The keys of a block's payload; hosted and external files are the same shape."""
    held = payload.get("type")
    return frozenset("<file>" if key == held and key in ("file", "external") else key for key in payload)


def shape_name(value: dict[str, Any]) -> str | None:
    kind = value.get("object")
    if kind == "list":
        return f"list.{value['type']}"
    if kind == "user":
        return f"user.{value.get('type')}"
    if kind in ("page", "block", "data_source", "database", "comment", "property_item", "error"):
        return f"{kind}.{value.get('type')}" if kind == "property_item" else kind
    if "plain_text" in value:
        return f"rich_text.{value['type']}"
    if set(value) >= {"start", "end", "time_zone"}:
        return "date"
    if set(value) >= {"bold", "italic"}:
        return "annotations"
    return f"parent.{value['type']}" if value.get("type") in PLAIN[3:] and "id" not in value else None


def property_shapes(prop: dict[str, Any], owner: str) -> Iterator[tuple[str, frozenset[str]]]:
    kind = prop["type"]
    yield f"{owner}.properties.{kind}", frozenset(prop)
    payload = prop[kind]
    if owner == "data_source":
        variant = payload.get("type", "") if kind == "relation" else ""
        yield f"schema.{kind}.{variant}", frozenset(payload)
        for option in payload.get("options", []):
            yield "schema.option", frozenset(option)
        for group in payload.get("groups", []):
            yield "schema.group", frozenset(group)
    elif kind in ("formula", "rollup"):
        yield f"{kind}.{payload['type']}", frozenset(payload)
    elif kind in ("select", "status") and payload:
        yield "option", frozenset(payload)


@cache
def recorded(version: str) -> dict[str, list[frozenset[str]]]:
    found: dict[str, list[frozenset[str]]] = {}
    with (RECORDINGS / f"{version}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            body = json.loads(line)["response"]["body"]
            for name, keys in shapes(body):
                found.setdefault(name, []).append(keys)
    return found


def recorded_for(version: str) -> dict[str, list[frozenset[str]]]:
    """Shapes of one version; errors of all, since few were recorded and they do not differ."""
    errors = [keys for each in ("2025-09-03", "2026-03-11") for keys in recorded(each).get("error", [])]
    return {**recorded(version), "error": errors}


def everything(caller: Any) -> Iterator[Any]:
    """An answer of every endpoint, with every kind of object of the sample workspace in them."""

    def walk(identifier: str) -> Iterator[Any]:
        answer = caller.ok("GET", f"/v1/blocks/{identifier}/children")
        yield answer
        for block in answer["results"]:
            if block["has_children"] and block["type"] != "child_page":
                yield from walk(block["id"])

    for path in ("users", "users/me", f"databases/{database_id('work')}", f"blocks/{page_id('handbook')}"):
        yield caller.ok("GET", f"/v1/{path}")
    for key in ("home", "handbook", "atlas-plan", "old-travel", "project-atlas", "task-0", "task-7"):
        yield caller.ok("GET", f"/v1/pages/{page_id(key)}")
    for key in ("gallery", "atlas-plan", "travel-policy", "home"):
        yield from walk(page_id(key))
    for name in ("Tasks", "Projects", "People", "Meeting notes"):
        source = caller.source(name)
        yield caller.ok("GET", f"/v1/data_sources/{source.id}")
        yield caller.ok("POST", f"/v1/data_sources/{source.id}/query")
    yield caller.ok("POST", "/v1/search")
    yield caller.ok("GET", "/v1/comments", query=[("block_id", page_id("atlas-plan"))])
    for page, name in (("project-atlas", "Tasks"), ("task-0", "Task")):
        identifier = caller.ok("GET", f"/v1/pages/{page_id(page)}")["properties"][name]["id"]
        yield caller.ok("GET", f"/v1/pages/{page_id(page)}/properties/{identifier}")
    for path in ("/v1/invalid", f"/v1/pages/{page_id('board')}", "/v1/pages/x"):
        yield json.loads(caller.raw("GET", path).content)


@pytest.fixture
def emitted(either: Any) -> dict[str, set[frozenset[str]]]:
    found: dict[str, set[frozenset[str]]] = {}
    for answer in everything(either):
        assert answer["request_id"]
        for name, keys in shapes(answer):
            found.setdefault(name, set()).add(keys)
    return found


@needs_recordings
def test_shapes_agree_with_the_recordings(either: Any, emitted: dict[str, set[frozenset[str]]]) -> None:
    known = recorded_for(either.version)
    wrong: list[str] = []
    for name, forms in emitted.items():
        if name not in known:
            continue
        possible, certain = frozenset().union(*known[name]), frozenset.intersection(*known[name])
        for keys in forms:
            if keys - possible:
                wrong.append(f"{name}: never recorded: {sorted(keys - possible)}")
            if certain - keys:
                wrong.append(f"{name}: always recorded, but missing: {sorted(certain - keys)}")
    assert wrong == []


@needs_recordings
def test_enough_is_compared(either: Any, emitted: dict[str, set[frozenset[str]]]) -> None:
    compared = set(emitted) & set(recorded_for(either.version))
    needed = {
        "page",
        "block",
        "data_source",
        "database",
        "comment",
        "error",
        "user.bot",
        "user.person",
        "user.None",
        "list.page_or_data_source",
        "list.block",
        "list.user",
        "list.comment",
        "list.property_item",
        "rich_text.text",
        "rich_text.mention",
        "annotations",
        "date",
        "option",
        "schema.option",
        "schema.group",
        "formula.string",
        "formula.boolean",
        "page.properties.relation",
        "page.properties.title",
        "block.paragraph",
        "block.child_page",
        "block.child_database",
        "parent.page_id",
        "parent.database_id",
        "parent.data_source_id",
        "parent.workspace",
    }
    if either.version == "2026-03-11":
        needed |= {
            f"block.{kind}"
            for kind in (
                "heading_1",
                "heading_2",
                "heading_3",
                "bulleted_list_item",
                "numbered_list_item",
                "to_do",
                "toggle",
                "quote",
                "callout",
                "code",
                "equation",
                "divider",
                "table",
                "table_row",
                "column_list",
                "column",
                "bookmark",
                "embed",
                "image",
                "video",
                "audio",
                "pdf",
                "file",
                "synced_block",
                "link_to_page",
                "table_of_contents",
                "breadcrumb",
                "tab",
                "unsupported",
            )
        }
        needed |= {"rollup.number", "rollup.date", "rollup.array", "rich_text.equation"}
    assert needed <= compared, f"not compared: {sorted(needed - compared)}"


def test_the_comparison_notices_a_difference() -> None:
    page = {"object": "page", "id": "x", "properties": {"A": {"id": "t", "type": "title", "title": []}}, "extra": 1}
    found = dict(shapes({"object": "list", "type": "page", "page": {}, "results": [page], "request_id": "r"}))
    assert found["page"] == {"object", "id", "properties", "extra"}
    assert found["list.page"] == {"object", "type", "<payload>", "results"}
    assert found["page.properties.title"] == {"id", "type", "title"}
