"""What frameworks and developers are told: lean schemas that every provider takes, and self-contained ones."""

import json
import re
from typing import Any, Literal

import pytest
from pydantic import Field
from typing_extensions import TypedDict

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.operation import Operation, Spec
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.data_sources import QueryDataSource
from airbyte_agent_notion.operations.page_markdown import UpdatePageMarkdown
from airbyte_agent_notion.policy import Policy
from airbyte_agent_notion.schema import (
    MAX_DESCRIPTION,
    dispatch_description,
    dispatch_schema,
    operation_description,
    operation_schema,
    record_schema,
    tool_name,
)
from airbyte_agent_notion.testing import lint_tool_schema

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
        for key, value in schema.items():
            for inner in value.values() if key == "properties" else (value,):
                yield from kinds(inner)


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
    assert properties["sorts"]["type"] == "array"
    assert properties["sorts"]["items"] == {"type": "object", "additionalProperties": True}
    for example in re.findall(r"\[.*?\]", properties["sorts"]["description"]):
        # Texts are taken too, and no schema that every provider takes admits them beside objects.
        assert all(isinstance(each, dict) for each in json.loads(example))
        assert QueryDataSource(data_source_id="0" * 32, sorts=json.loads(example)).sorts == json.loads(example)
    assert properties["filter_properties"]["items"] == {"type": "string"}


@pytest.mark.parametrize("name", ["update_content", "replace_content", "replace_content_range"])
def test_what_lets_child_pages_go_stands_where_it_belongs(name):
    described = operation_schema(UpdatePageMarkdown)["properties"][name]["description"]
    assert '"allow_deleting_content": true' in described
    assert "drop" in described


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


def policies():
    named = {"read": Policy.read_only(), "write": Policy.write(), "full": Policy.full()}
    return pytest.mark.parametrize("policy", named.values(), ids=named)


def offered(policy):
    return [operation for operation in OPERATIONS if operation.spec.effect in policy.effects]


def required(operations):
    """What each call requires, by entity and action."""
    return {
        (each.spec.entity, each.spec.action): {name for name, item in each.model_fields.items() if item.is_required()}
        for each in operations
    }


def definition(operations):
    """The tool as a provider is sent it."""
    tool = {
        "name": "notion_execute",
        "description": dispatch_description(operations),
        "parameters": dispatch_schema(operations),
    }
    return json.dumps(tool, ensure_ascii=False)


@policies()
def test_the_dispatch_tool_names_every_call(policy):
    operations = offered(policy)
    schema, description = dispatch_schema(operations), dispatch_description(operations)
    assert not REFUSED & set(keys(schema))
    properties = schema["properties"]
    assert properties["entity"]["enum"] == Catalog(operations).entities
    assert properties["action"]["enum"][-1] == "describe"
    assert set(properties["action"]["enum"]) == {operation.spec.action for operation in operations} | {"describe"}
    assert properties["params"]["additionalProperties"] is True
    assert schema["required"] == ["entity", "action"]
    assert calls_in(description) == required(operations)
    assert "describe" in properties["action"]["description"]


def test_calls_read_well():
    description = dispatch_description(OPERATIONS)
    assert "pages: list create; pages(page_id): get " in description
    assert " get_property(property_id) " in description
    assert "blocks(block_id): list list_tree get append" in description
    assert "views: list create(data_source_id, name, type); " in description


def test_params_are_explained():
    told = dispatch_schema(OPERATIONS)["properties"]["params"]["description"]
    for words in ('{"page_id": "p123..."}', "handles", "URLs", '"more"'):
        assert words in told
    assert told.endswith(
        "pages.read gives a page's text, pages.edit changes it, data_sources.query gives rows (filter, sorts)."
    )


def test_no_call_is_advised_that_is_not_offered():
    users = [operation for operation in OPERATIONS if operation.spec.entity == "users"]
    assert "pages." not in definition(users)
    assert "data_sources" not in definition(users)


def calls_in(text):
    """Entity and action of each call that a text names, with what it requires."""
    found = {}
    for part in text.rstrip(".").partition("(more): ")[2].split("; "):
        entity, shared, calls = re.fullmatch(r"(\w+)(?:\((\w+)\))?: (.+)", part).groups()
        for action, own in re.findall(r"(\w+)(?:\(([\w, ]+)\))?(?: |$)", calls):
            found[entity, action] = {*own.split(", "), shared or ""} - {""}
    return found


@policies()
def test_the_dispatch_tool_leaves_room_for_a_developers_text(policy):
    schema = dispatch_schema(offered(policy))
    assert len(dispatch_description(offered(policy))) <= MAX_DESCRIPTION - 60
    assert all(len(each.get("description", "")) <= MAX_DESCRIPTION for each in schema["properties"].values())
    assert lint_tool_schema(schema) == []


LIMITS = {"read": 400, "write": 600, "full": 600}


@policies()
def test_the_dispatch_tool_costs_few_tokens(policy, request):
    encoding = pytest.importorskip("bpe_openai").get_encoding("o200k_base")
    assert len(encoding.encode(definition(offered(policy)))) <= LIMITS[request.node.callspec.id]


@policies()
def test_the_dispatch_tool_is_short(policy, request):
    # A rule of thumb that needs no tokenizer: such a definition has at least 3.75 characters a token.
    assert len(definition(offered(policy))) <= 3.75 * LIMITS[request.node.callspec.id]


def test_calls_that_find_no_room_stand_with_the_action():
    def named(number):
        class Named(Operation[dict[str, Any]]):
            """Do it."""

            spec = Spec(f"a_long_name_of_things_{number}", "do", "GET /v1/x")

        return Named

    many = [named(number) for number in range(60)]
    description, rest = dispatch_description(many), dispatch_schema(many)["properties"]["action"]["description"]
    assert MAX_DESCRIPTION - 60 - 30 < len(description) <= MAX_DESCRIPTION - 60
    _, _, also = rest.partition(" Also: ")
    told = {**calls_in(description), **calls_in(f"(more): {also}")}
    assert list(told) == [(each.spec.entity, "do") for each in many]


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
    assert list(entities) == Catalog.of(NotionSurface).entities
    assert entities["pages"]["available_actions"] == ["list", "get", "get_property", "read", "get_markdown"]
    assert entities["search"]["available_actions"] == ["search", "resolve"]
    assert entities["databases"]["parameters"]["get"] == [
        {"name": "database_id", "required": True, "type": "string", "description": "Database id or URL."}
    ]
    assert all(entity["description"] for entity in entities.values())
    json.dumps(entities)
