"""What ``describe`` tells of an entity: short, complete, and with an example that is a valid call."""

import json
import re
from typing import Any, Literal

import pytest
from pydantic import Field

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.describe import described
from airbyte_agent_notion.errors import UnknownAction, UnknownEntity
from airbyte_agent_notion.operation import Effect, Operation, Spec
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.examples import EXAMPLES
from airbyte_agent_notion.policy import Policy
from airbyte_agent_notion.schema import operation_schema, tool_name
from airbyte_agent_notion.shaping.handles import HANDLE

CATALOG = Catalog.of(NotionSurface)
OPERATIONS = CATALOG.operations()
UUID = "3f2a9c1e-7b64-4d0a-9a51-0c8d2e6f4b17"
FILE = f"notion-file:{UUID.replace('-', '')}/{UUID.replace('-', '')[::-1]}"
LIMIT = 150
EFFECTS = {Effect.READ: "reads", Effect.WRITE: "writes", Effect.DESTRUCTIVE: "removes"}

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=tool_name)


def told(operation):
    return described(operation.spec.entity, OPERATIONS, operation.spec.action)


def with_ids(value):
    """An example with real ids in place of its handles."""
    if isinstance(value, dict):
        return {name: with_ids(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_ids(item) for item in value]
    if isinstance(value, str) and HANDLE.fullmatch(value):
        return FILE if value.startswith("f") else UUID
    return value


# --- Examples


def test_every_operation_has_an_example_and_every_example_an_operation():
    assert {operation.spec.name for operation in OPERATIONS} == set(EXAMPLES)


@each_operation
def test_an_example_is_a_valid_call(operation):
    example = with_ids(dict(EXAMPLES[operation.spec.name]))
    parsed = CATALOG.parse(operation, example)
    assert set(example) == parsed.model_fields_set
    assert "123456789" not in json.dumps(example)


@each_operation
def test_an_example_has_handles_for_ids(operation):
    text = json.dumps(dict(EXAMPLES[operation.spec.name]))
    assert not re.search(r"[0-9a-f]{32}|[0-9a-f]{8}-", text)
    schema = operation_schema(operation)["properties"]
    for name, value in EXAMPLES[operation.spec.name].items():
        if name.endswith("_id") and name != "property_id":
            assert HANDLE.fullmatch(value), (name, schema[name])


def test_boards_show_what_they_need():
    example = EXAMPLES["views.create"]
    assert example["type"] == example["configuration"]["type"] == "board"
    assert {"type", "property_id", "sort"} <= set(example["configuration"]["group_by"])


# --- One operation


@each_operation
def test_a_text_names_effect_parameters_and_an_example(operation):
    head, *lines, example = told(operation).split("\n")
    assert head.startswith(f"{operation.spec.name} ({EFFECTS[operation.spec.effect]}): ")
    assert head.endswith(".")
    required = operation_schema(operation)["required"]
    names = [line.partition(":")[0] for line in lines]
    assert set(names) == {name if name in required else f"{name}?" for name in operation.model_fields}
    assert names[: len(required)] == required
    assert example.startswith("e.g. ")
    assert json.loads(example.removeprefix("e.g. ")) == EXAMPLES[operation.spec.name]


@each_operation
def test_a_text_is_short(operation):
    # A rule of thumb that needs no tokenizer; the next test counts.
    assert len(told(operation)) <= 600


@each_operation
def test_a_text_costs_few_tokens(operation):
    encoding = pytest.importorskip("bpe_openai").get_encoding("o200k_base")
    assert len(encoding.encode(told(operation))) <= LIMIT


@each_operation
def test_choices_are_named(operation):
    text = told(operation)
    for name, field in operation_schema(operation)["properties"].items():
        if "enum" in field:
            assert f"{name}: {'|'.join(field['enum'][:10])}" in text.replace("?: ", ": ")


def test_whole_texts_stand_where_there_is_room():
    assert told(CATALOG.find("comments", "list")) == (
        "comments.list (reads): List the open comments on one page or block. Comments on the blocks inside a page are "
        "listed with each block's own id; resolved ones are never listed.\n"
        "block_id: Block or page id, or its URL\n"
        "start_cursor?: next_cursor of the previous page\n"
        "page_size?: int, Items per page, 1 to 100\n"
        'e.g. {"block_id":"p123456789"}'
    )


def test_the_hard_ones_say_what_matters():
    assert '"group_by":{' in told(CATALOG.find("views", "create"))
    assert "pages.edit" in told(CATALOG.find("pages", "update_markdown"))
    assert '"markdown":' in told(CATALOG.find("blocks", "append"))


def long_one(parts):
    class Long(Operation[dict[str, Any]]):
        """Do it at length. Much could be said of it."""

        spec = Spec("things", "do", "POST /v1/things", effect=Effect.WRITE)
        thing_id: str = Field(description="Thing id.")
        form: dict[str, Any] | None = Field(default=None, description='{"a": {"b": [1]}}; and so on.')
        kind: Literal["one", "two"] | None = Field(
            default=None, description=f"First part. {'More of it, ' * parts}all."
        )
        late: bool | None = Field(default=None, description=f"Short; {'then long, ' * parts}told.")

    return Long


def test_less_is_said_where_there_is_no_room():
    assert described("things", [long_one(1)]).endswith(
        "things.do (writes): Do it at length. Much could be said of it.\n"
        "thing_id\n"
        'form?: {"a":{"b":[1]}}; and so on\n'
        "kind?: one|two, First part. More of it, all\n"
        "late?: bool, Short; then long, told"
    )
    assert described("things", [long_one(90)], "do") == (
        "things.do (writes): Do it at length. Much could be said of it.\n"
        "thing_id\n"
        'form?: {"a":{"b":[1]}}; and so on\n'
        "kind?: one|two, First part\n"
        "late?: bool, Short"
    )


# --- A whole entity


@pytest.mark.parametrize("entity", CATALOG.entities)
def test_an_entity_is_told_of_whole(entity):
    operations = CATALOG.operations(entity)
    text = described(entity, OPERATIONS, about=CATALOG.description(entity))
    head, *parts = text.split("\n\n")
    assert head.startswith(f"{entity}: {CATALOG.description(entity)} ")
    assert all(word in head for word in ("?", "format", "compact", "markdown", "raw", "max_tokens"))
    assert parts == [described(entity, OPERATIONS, operation.spec.action) for operation in operations]


def test_only_what_is_offered_is_told_of():
    offered = [operation for operation in OPERATIONS if operation.spec.effect in Policy.read_only().effects]
    text = described("pages", offered)
    assert "pages.get (reads)" in text
    assert "pages.create (" not in text
    with pytest.raises(UnknownAction) as caught:
        described("pages", offered, "create")
    assert "create" not in caught.value.hint


def test_an_entity_that_is_not_there():
    with pytest.raises(UnknownEntity, match="page"):
        described("page", OPERATIONS)


def test_without_a_description_an_entity_has_its_first_operations():
    assert described("users", OPERATIONS).startswith("users: List the people and bots of the workspace. ")


def test_a_third_partys_operation_needs_no_example():
    class Odd(Operation[dict[str, Any]]):
        """Do it."""

        spec = Spec("odds", "do", "DELETE /v1/odds", effect=Effect.DESTRUCTIVE)
        odd_id: str = Field(description="Odd id.")
        why: str | None = None

    assert described("odds", [Odd], "do") == "odds.do (removes): Do it.\nodd_id\nwhy?"
