"""From operations to what frameworks advertise: lean JSON Schema, names and descriptions.

The shapes that every provider takes: a flat object of scalars, string enums, arrays of scalars and free-form objects.
No ``$ref``, ``anyOf``, ``const``, type arrays or titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, TypeVar, cast, get_args

from .catalog import signature
from .operation import Operation

__all__ = [
    "FREE_OBJECT",
    "MAX_DESCRIPTION",
    "dispatch_description",
    "dispatch_schema",
    "operation_description",
    "operation_schema",
    "record_schema",
    "result_type",
    "tool_name",
]

AnyOperation = type[Operation[Any]]
Schema = dict[str, Any]

MAX_DESCRIPTION = 1_024
"""Longest description that every framework and provider takes; LlamaIndex raises above it."""

FREE_OBJECT: Schema = {"type": "object", "additionalProperties": True}
"""``additionalProperties`` is written out: without it some converters close the object to all keys."""

_KEPT = ("type", "description", "enum", "items", "minimum", "maximum", "minLength", "properties", "required")


def operation_schema(operation: AnyOperation) -> Schema:
    """The parameters of one operation; a fresh copy."""
    return deepcopy(_operation_schema(operation))


@lru_cache(maxsize=512)
def _operation_schema(operation: AnyOperation) -> Schema:
    whole = operation.model_json_schema()
    defs = cast("dict[str, Schema]", whole.get("$defs", {}))
    properties = {name: lean(field, defs) for name, field in whole.get("properties", {}).items()}
    return {"type": "object", "properties": properties, "required": list(whole.get("required", []))}


def lean(schema: Schema, defs: Mapping[str, Schema]) -> Schema:
    """One property's schema: references inlined, null branches and titles dropped, unions of objects made free-form."""
    given = {**schema}
    if "$ref" in given:
        given = {**defs[given.pop("$ref").rpartition("/")[2]], **given}
    branches = [branch for branch in given.pop("anyOf", []) if branch.get("type") != "null"]
    if len(branches) == 1:
        return lean({**branches[0], **given}, defs)
    if branches:
        return {**FREE_OBJECT, **({"description": given["description"]} if "description" in given else {})}
    if "const" in given:
        given["enum"] = [given["const"]]
    kept: Schema = {key: deepcopy(given[key]) for key in _KEPT if key in given}
    if kept.get("type") == "object":
        return {**FREE_OBJECT, **({"description": kept["description"]} if "description" in kept else {})}
    if "items" in kept:
        kept["items"] = lean(kept["items"], defs)
    return kept


def tool_name(operation: AnyOperation) -> str:
    """``notion_pages_get``; ``notion_search`` where entity and action are one word."""
    spec = operation.spec
    return f"notion_{spec.entity}" if spec.entity == spec.action else f"notion_{spec.entity}_{spec.action}"


def operation_description(operation: AnyOperation) -> str:
    """The docstring on one line."""
    return " ".join((operation.__doc__ or "").split())


def dispatch_schema(operations: Sequence[AnyOperation]) -> Schema:
    """The schema of ``notion_execute`` for the operations offered."""
    entities = list(dict.fromkeys(operation.spec.entity for operation in operations))
    actions = list(dict.fromkeys(operation.spec.action for operation in operations))
    return {
        "type": "object",
        "properties": {
            "entity": {"type": "string", "enum": entities, "description": "Kind of Notion object."},
            "action": {"type": "string", "enum": actions, "description": "What to do; see the list of calls."},
            "params": {
                **FREE_OBJECT,
                "description": 'The call\'s parameters, e.g. {"page_id": "..."}. Ids may be Notion URLs.',
            },
        },
        "required": ["entity", "action"],
    }


def dispatch_description(operations: Sequence[AnyOperation]) -> str:
    """The description of ``notion_execute``: one line that names every call with its parameters."""
    paged = {"start_cursor", "page_size"}
    calls = ", ".join(_short_signature(operation, paged) for operation in operations)
    return (
        "Work in the user's Notion workspace: one call is entity, action and params. "
        f"Calls as entity.action(required, optional?): {calls}. "
        "Lists answer {data, meta}: pass meta.next_cursor as start_cursor for more; page_size is 1 to 100. "
        "A page's text is its blocks; rows come from data_sources.query."
    )


def _short_signature(operation: AnyOperation, hidden: Iterable[str]) -> str:
    name, _, names = signature(operation).rstrip(")").partition("(")
    shown = [part for part in names.split(", ") if part and part.rstrip("?") not in hidden]
    return f"{name}({', '.join(shown)})"


def record_schema(operation: AnyOperation) -> Schema | None:
    """JSON Schema of the Notion object that an operation answers, self-contained; None if it has no typed one."""
    from pydantic import TypeAdapter

    kind = result_type(operation)
    return None if kind is None else TypeAdapter(kind).json_schema()


def result_type(operation: AnyOperation) -> Any:
    """The type argument nearest to the class: its result, or a list operation's items."""
    for base in operation.__mro__:
        for parent in vars(base).get("__orig_bases__", ()):
            argument = next(iter(get_args(parent)), None)
            if argument is not None and not isinstance(argument, TypeVar):
                return argument
    return None


def describe(operation: AnyOperation) -> Schema:
    """What ``entity_schema`` says of one operation."""
    return {
        "description": operation_description(operation),
        "effect": operation.spec.effect.value,
        "endpoint": operation.spec.endpoint,
        "parameters": operation_schema(operation),
    }


def overview(entity: str, description: str, operations: Sequence[AnyOperation]) -> Schema:
    """What ``list_entities`` says of one entity."""
    return {
        "entity_name": entity,
        "description": description,
        "available_actions": [operation.spec.action for operation in operations],
        "parameters": {operation.spec.action: _parameters(operation) for operation in operations},
    }


def _parameters(operation: AnyOperation) -> list[Schema]:
    schema = operation_schema(operation)
    return [
        {
            "name": name,
            "required": name in schema["required"],
            "type": field.get("type", "object"),
            "description": field.get("description", ""),
        }
        for name, field in schema["properties"].items()
    ]
