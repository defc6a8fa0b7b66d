"""The typed Notion objects: they name every key that Notion was seen to send, and they make JSON Schemas."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import TypeAdapter
from typing_extensions import get_type_hints, is_typeddict

from airbyte_agent_notion.models import blocks, objects, pieces, properties
from airbyte_agent_notion.models.blocks import Block
from airbyte_agent_notion.models.objects import Comment, Database, DataSource, Page, User
from airbyte_agent_notion.models.pieces import RichText
from airbyte_agent_notion.models.properties import PropertySchema, PropertyValue

MODELS: dict[str, Any] = {
    "page": Page,
    "block": Block,
    "data_source": DataSource,
    "database": Database,
    "user": User,
    "comment": Comment,
}
ROOT = Path(__file__).resolve().parents[3]
RECORDINGS = ROOT / os.environ.get("RECORDINGS_DIR", "../shared/recordings")


# --- a walker: what a value holds that its declared type does not admit


def problems(value: Any, declared: Any, path: str) -> Iterator[str]:
    """Name each undeclared key and each value of an undeclared kind."""
    if is_typeddict(declared) and isinstance(value, dict):
        hints = get_type_hints(declared)
        for key, item in value.items():
            if key in hints:
                yield from problems(item, hints[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}: undeclared in {declared.__name__}"
        for key in declared.__required_keys__ - value.keys():
            yield f"{path}.{key}: required in {declared.__name__}, missing"
        return
    match get_origin(declared), value:
        case (origin, _) if origin in (Union, UnionType):
            found = [list(problems(value, each, path)) for each in get_args(declared)]
            yield from min(found, key=len)
        case (origin, _) if origin is Literal and value in get_args(declared):
            pass
        case (origin, list()) if origin is list:
            for item in value:
                yield from problems(item, get_args(declared)[0], f"{path}[]")
        case (origin, dict()) if origin is dict:
            for item in value.values():
                yield from problems(item, get_args(declared)[1], f"{path}{{}}")
        case (None, _) if type(value) in ({int, float} if declared is float else {declared}):
            pass
        case _:
            yield f"{path}: {type(value).__name__} is no {declared}"


def notion_objects(value: Any) -> Iterator[dict[str, Any]]:
    """Each outermost object of a modelled kind; the walker looks at those within."""
    if isinstance(value, dict) and value.get("object") in MODELS:
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from notion_objects(item)


def recorded() -> Iterator[dict[str, Any]]:
    for file in sorted(RECORDINGS.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                response = json.loads(line)["response"]
                if response["status"] == 200:
                    yield from notion_objects(response["body"])


@pytest.fixture(scope="module")
def seen() -> dict[str, list[dict[str, Any]]]:
    if not RECORDINGS.is_dir():
        pytest.skip("no recordings: RECORDINGS_DIR names no directory")
    by_kind: dict[str, list[dict[str, Any]]] = {kind: [] for kind in MODELS}
    for each in recorded():
        by_kind[each["object"]].append(each)
    return by_kind


@pytest.mark.parametrize("kind", MODELS)
def test_every_recorded_key_is_declared(kind: str, seen: dict[str, list[dict[str, Any]]]) -> None:
    found = Counter(problem for each in seen[kind] for problem in problems(each, MODELS[kind], kind))
    assert seen[kind], f"no {kind} in the recordings"
    assert not found


@pytest.mark.parametrize("kind", MODELS)
def test_recorded_objects_validate_and_lose_nothing(kind: str, seen: dict[str, list[dict[str, Any]]]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(MODELS[kind])
    for each in seen[kind]:
        assert adapter.validate_python(each) == each


@pytest.mark.parametrize("kind", MODELS)
def test_every_typed_payload_is_named_by_its_type(kind: str, seen: dict[str, list[dict[str, Any]]]) -> None:
    """Full objects hold the key that ``type`` names, which is what lets it be read without a check."""
    for each in seen[kind]:
        typed = [each] if kind in ("block", "user") else list(each.get("properties", {}).values())
        for item in typed:
            assert "type" not in item or item["type"] in item


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"object": "user", "id": "u"}, []),
        ({"object": "user"}, ["user.id: required in User, missing"]),
        ({"object": "user", "id": "u", "shoe_size": 43}, ["user.shoe_size: undeclared in User"]),
        ({"object": "user", "id": 1}, ["user.id: int is no <class 'str'>"]),
        ({"object": "robot", "id": "u"}, ["user.object: str is no typing.Literal['user', 'group']"]),
        ({"object": "user", "id": "u", "person": {"phone": "1"}}, ["user.person.phone: undeclared in Person"]),
    ],
)
def test_the_walker_sees_what_is_wrong(value: dict[str, Any], expected: list[str]) -> None:
    assert list(problems(value, User, "user")) == expected


def test_the_walker_tells_kinds_apart() -> None:
    assert not list(problems(1, float | None, "n"))
    assert not list(problems(None, float | None, "n"))
    assert list(problems(True, float, "n"))
    assert list(problems(True, int, "n"))
    assert list(problems(1, bool, "n"))
    assert list(problems({}, list[str], "n"))
    assert list(problems([{"id": "a"}, {"id": 2}], list[properties.ObjectRef], "n")) == [
        "n[].id: int is no <class 'str'>"
    ]


# --- JSON Schema


@pytest.mark.parametrize("kind", MODELS)
def test_a_json_schema_requires_only_what_partial_objects_have(kind: str) -> None:
    schema = TypeAdapter(MODELS[kind]).json_schema()
    schema = schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    assert set(schema["required"]) == {"object", "id"}
    assert kind in schema["properties"]["object"].get("enum", [schema["properties"]["object"].get("const")])
    assert "additionalProperties" not in schema
    assert schema["description"]


@pytest.mark.parametrize("declared", [RichText, PropertyValue, PropertySchema])
def test_a_typed_piece_requires_its_type(declared: Any) -> None:
    assert "type" in declared.__required_keys__


@pytest.mark.parametrize("module", [blocks, objects, pieces, properties])
def test_every_exported_name_makes_a_json_schema(module: Any) -> None:
    assert module.__all__ == sorted(module.__all__)
    declared = [each for name in module.__all__ if is_typeddict(each := getattr(module, name))]
    for each in declared:
        assert TypeAdapter(each).json_schema()
    defined = {name for name, each in vars(module).items() if is_typeddict(each) and each.__module__ == module.__name__}
    assert defined <= set(module.__all__)


# --- samples

TEXT: dict[str, Any] = {
    "type": "text",
    "text": {"content": "Tea", "link": None},
    "annotations": {
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "code": False,
        "color": "default",
    },
    "plain_text": "Tea",
    "href": None,
}
WHO = {"object": "user", "id": "u1"}
STAMPS = {
    "created_time": "2026-01-02T03:04:00.000Z",
    "created_by": WHO,
    "last_edited_time": "2026-01-02T03:05:00.000Z",
    "last_edited_by": WHO,
}
VALUES: dict[str, Any] = {
    "Name": {"id": "title", "type": "title", "title": [TEXT]},
    "Price": {"id": "a", "type": "number", "number": 2.5},
    "Kind": {"id": "b", "type": "select", "select": {"id": "o", "name": "Green", "color": "green"}},
    "When": {"id": "c", "type": "date", "date": None},
    "Who": {"id": "d", "type": "people", "people": [WHO, {"object": "group", "id": "g", "name": "Tasters"}]},
    "Also": {"id": "e", "type": "relation", "relation": [{"id": "p2"}], "has_more": True},
    "Sum": {
        "id": "f",
        "type": "rollup",
        "rollup": {
            "type": "array",
            "function": "show_original",
            "array": [
                {"type": "formula", "formula": {"type": "boolean", "boolean": None}},
                {"type": "unique_id", "unique_id": {"prefix": None, "number": 7}},
            ],
        },
    },
    "Scan": {"id": "g", "type": "files", "files": [{"name": "a", "type": "external", "external": {"url": "u"}}]},
    "Seal": {
        "id": "h",
        "type": "verification",
        "verification": {"state": "unverified", "date": None, "verified_by": None},
    },
}
SCHEMAS: dict[str, Any] = {
    "Name": {"id": "title", "name": "Name", "description": None, "type": "title", "title": {}},
    "Step": {
        "id": "a",
        "name": "Step",
        "description": "How far it is",
        "type": "status",
        "status": {
            "options": [{"id": "1", "name": "Brewing", "color": "blue", "description": None}],
            "groups": [{"id": "2", "name": "In progress", "color": "blue", "option_ids": ["1"]}],
        },
    },
    "Also": {
        "id": "b",
        "name": "Also",
        "description": None,
        "type": "relation",
        "relation": {"database_id": "d", "data_source_id": "s", "type": "single_property", "single_property": {}},
    },
}
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "page": [
        {
            "object": "page",
            "id": "p1",
            "parent": {"type": "data_source_id", "data_source_id": "s", "database_id": "d"},
            "properties": VALUES,
            "icon": {"type": "icon", "icon": {"name": "cup", "color": "gray"}},
            "cover": {"type": "file", "file": {"url": "u", "expiry_time": "2026-01-02T04:04:00.000Z"}},
            "in_trash": False,
            "is_archived": False,
            **STAMPS,
        },
        {"object": "page", "id": "p1", "archived": False, "parent": {"type": "workspace", "workspace": True}},
    ],
    "block": [
        {"object": "block", "id": "b", "type": "heading_4", "heading_4": {"rich_text": [TEXT], "is_toggleable": False}},
        {"object": "block", "id": "b", "type": "table_row", "table_row": {"cells": [[TEXT], []]}, **STAMPS},
        {"object": "block", "id": "b", "type": "image", "image": {"type": "file", "file": {"url": "u"}, "caption": []}},
        {"object": "block", "id": "b", "type": "meeting_notes", "meeting_notes": {"title": [TEXT], "status": "ready"}},
        {"object": "block", "id": "b", "type": "transcription", "transcription": {"children": {"notes_block_id": "n"}}},
        {"object": "block", "id": "b", "type": "divider", "divider": {}, "has_children": False},
    ],
    "data_source": [
        {
            "object": "data_source",
            "id": "s",
            "title": [TEXT],
            "parent": {"type": "database_id", "database_id": "d"},
            "database_parent": {"type": "page_id", "page_id": "p"},
            "properties": SCHEMAS,
            **STAMPS,
        }
    ],
    "database": [
        {
            "object": "database",
            "id": "d",
            "title": [TEXT],
            "data_sources": [{"id": "s", "name": "Teas"}],
            "icon": {"type": "emoji", "emoji": "🍵"},
        }
    ],
    "user": [
        {**WHO, "type": "person", "name": "Ada", "avatar_url": None, "person": {"email": "ada@example.com"}},
        {**WHO, "type": "bot", "name": None, "bot": {}},
        {
            **WHO,
            "type": "bot",
            "bot": {
                "owner": {"type": "user", "user": {**WHO, "type": "person", "person": {}}},
                "workspace_name": None,
                "workspace_limits": {"max_file_upload_size_in_bytes": 1},
            },
        },
    ],
    "comment": [
        {
            "object": "comment",
            "id": "c",
            "parent": {"type": "block_id", "block_id": "b"},
            "discussion_id": "t",
            "rich_text": [
                {"type": "mention", "mention": {"type": "user", "user": WHO}, "plain_text": "@Ada", "href": None},
                {"type": "equation", "equation": {"expression": "x"}, "plain_text": "x", "href": None},
            ],
            "display_name": {"type": "custom", "resolved_name": "Tea bot"},
            "attachments": [{"category": "image", "file": {"url": "u", "expiry_time": "2026-01-02T04:04:00.000Z"}}],
        }
    ],
}


@pytest.mark.parametrize("kind", MODELS)
def test_samples_validate(kind: str) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(MODELS[kind])
    for sample in SAMPLES[kind]:
        assert not list(problems(sample, MODELS[kind], kind))
        assert adapter.validate_python(sample) == sample


@pytest.mark.parametrize("kind", MODELS)
def test_a_partial_object_and_an_unknown_key_are_accepted(kind: str) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(MODELS[kind])
    reference = {"object": kind, "id": "x"}
    assert adapter.validate_python({**reference, "of_tomorrow": 1}) == reference
