"""What frameworks and developers are told: lean schemas that every provider takes, and self-contained ones."""

import json
from typing import Any, Literal

import pytest
from pydantic import Field
from typing_extensions import TypedDict

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.operation import Operation, Spec
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.data_sources import QueryDataSource
from airbyte_agent_notion.schema import (
    MAX_DESCRIPTION,
    dispatch_description,
    dispatch_schema,
    operation_description,
    operation_schema,
    record_schema,
    tool_name,
)

OPERATIONS = Catalog.of(NotionSurface).operations()
REFUSED = {"$ref", "$defs", "anyOf", "oneOf", "allOf", "const", "title", "default", "pattern", "format"}


def keys(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                for item in value.values():
                    yield from keys(item)
            else:
                yield key
                yield from keys(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from keys(item)


def kinds(schema):
    if isinstance(schema, dict):
        if "type" in schema:
            yield schema["type"]
        for value in schema.values():
            yield from kinds(value)


@pytest.mark.parametrize("operation", OPERATIONS, ids=tool_name)
def test_an_operations_schema_is_lean(operation):
    schema = operation_schema(operation)
    assert not REFUSED & set(keys(schema))
    assert all(isinstance(kind, str) for kind in kinds(schema))
    assert set(schema["properties"]) == set(operation.model_fields)
    assert schema["required"] == [name for name, field in operation.model_fields.items() if field.is_required()]
    assert all(item.get("description") for item in schema["properties"].values())
    json.dumps(schema)


def test_a_whole_schema():
    schema = operation_schema(QueryDataSource)
    properties = schema["properties"]
    assert schema["required"] == ["data_source_id"]
    assert properties["data_source_id"] == {
        "type": "string",
        "description": "Data source id, or id or URL of its database.",
    }
    assert properties["page_size"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "description": "Items per page, 1 to 100.",
    }
    assert properties["start_cursor"]["minLength"] == 1
    assert properties["is_archived"]["type"] == "boolean"
    assert properties["result_type"]["enum"] == ["page", "data_source"]
    assert properties["filter"]["type"] == "object"
    assert properties["filter"]["additionalProperties"] is True
    assert properties["sorts"]["items"] == {"type": "object", "additionalProperties": True}
    assert properties["filter_properties"]["items"] == {"type": "string"}


def test_a_schema_is_a_fresh_copy():
    operation_schema(QueryDataSource)["properties"].clear()
    assert operation_schema(QueryDataSource)["properties"]


class Nested(TypedDict):
    inner: "Nested"


class Odd(Operation[dict[str, Any]]):
    """Take what is odd."""

    spec = Spec("odds", "take", "POST /v1/odds")
    one: Literal["only"] = Field(description="One.")
    recursive: Nested | None = None
    either: Nested | dict[str, Any] | None = Field(default=None, description="Either.")
    bare: Nested | dict[str, Any]
    listed: list[Nested]


def test_odd_types_become_plain_ones():
    schema = operation_schema(Odd)
    assert not REFUSED & set(keys(schema))
    assert schema["properties"] == {
        "one": {"type": "string", "enum": ["only"], "description": "One."},
        "recursive": {"type": "object", "additionalProperties": True},
        "either": {"type": "object", "additionalProperties": True, "description": "Either."},
        "bare": {"type": "object", "additionalProperties": True},
        "listed": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    }


def test_names_and_descriptions_fit_every_provider():
    names = [tool_name(operation) for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalnum() and len(name) <= 64 for name in names)
    assert "notion_search" in names
    for operation in OPERATIONS:
        assert 0 < len(operation_description(operation)) <= MAX_DESCRIPTION
        assert "\n" not in operation_description(operation)


def test_the_dispatch_tool_names_every_call():
    schema, description = dispatch_schema(OPERATIONS), dispatch_description(OPERATIONS)
    assert not REFUSED & set(keys(schema))
    assert schema["properties"]["entity"]["enum"] == list(Catalog.of(NotionSurface).entities)
    assert schema["properties"]["action"]["enum"] == [
        "list",
        "get",
        "get_property",
        "query",
        "list_templates",
        "list_tree",
        "get_me",
        "search",
        "resolve",
    ]
    assert schema["properties"]["params"]["additionalProperties"] is True
    assert schema["required"] == ["entity", "action"]
    assert len(description) <= MAX_DESCRIPTION
    assert all(operation.spec.name in description for operation in OPERATIONS)
    assert "data_sources.query(data_source_id, filter?, sorts?" in description
    assert "users.get_me()" in description


# --- list_entities and entity_schema

RECORDS = {
    "pages": "page",
    "data_sources": "data_source",
    "databases": "database",
    "comments": "comment",
    "blocks": "block",
}


def refs(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value
            else:
                yield from refs(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from refs(item)


@pytest.mark.parametrize("entity", Catalog.of(NotionSurface).entities)
@pytest.mark.parametrize("kind", [NotionConnector, SyncNotionConnector])
def test_entity_schema_is_self_contained(kind, entity):
    schema = kind.sandbox().entity_schema(entity)
    json.dumps(schema)
    assert set(schema) == {"entity", "description", "record", "actions"}
    record = schema["record"]
    assert all(ref.startswith("#/$defs/") and ref.removeprefix("#/$defs/") in record["$defs"] for ref in refs(record))
    for action in schema["actions"].values():
        assert set(action) == {"description", "effect", "endpoint", "parameters"}
        assert not REFUSED & set(keys(action["parameters"]))


@pytest.mark.parametrize(("entity", "kind"), RECORDS.items())
def test_the_record_is_the_entitys_object(entity, kind):
    record = SyncNotionConnector.sandbox().entity_schema(entity)["record"]
    if "$ref" in record:
        record = record["$defs"][record["$ref"].rpartition("/")[2]]
    assert record["properties"]["object"]["const"] == kind
    assert {"object", "id"} <= set(record["required"])


def test_the_record_of_users_may_be_a_group():
    record = SyncNotionConnector.sandbox().entity_schema("users")["record"]
    assert record["$defs"]["User"]["properties"]["object"]["enum"] == ["user", "group"]


def test_the_records_of_search_are_pages_and_data_sources():
    assert len(SyncNotionConnector.sandbox().entity_schema("search")["record"]["anyOf"]) == 2


def test_entity_schema_is_a_fresh_copy():
    notion = SyncNotionConnector.sandbox()
    before = json.dumps(notion.entity_schema("pages"))
    changed = notion.entity_schema("pages")
    changed["record"].clear()
    changed["actions"]["get"]["parameters"]["properties"].clear()
    assert json.dumps(notion.entity_schema("pages")) == before


def test_a_record_of_an_operation_without_a_typed_one():
    class Untyped(Operation):
        """Nothing said of the result."""

        spec = Spec("x", "y", "GET /v1/x")

    assert record_schema(Untyped) is None


def test_list_entities():
    entities = {entity["entity_name"]: entity for entity in NotionConnector.sandbox().list_entities()}
    assert list(entities) == ["pages", "data_sources", "databases", "blocks", "comments", "users", "search"]
    assert entities["pages"]["available_actions"] == ["list", "get", "get_property"]
    assert entities["search"]["available_actions"] == ["search", "resolve"]
    assert entities["databases"]["parameters"]["get"] == [
        {"name": "database_id", "required": True, "type": "string", "description": "Database id or URL."}
    ]
    assert all(entity["description"] for entity in entities.values())
    json.dumps(entities)
