"""From operations to what frameworks advertise: lean JSON Schema, names and descriptions.

The shapes that every provider takes: a flat object of scalars, string enums, arrays of scalars and free-form objects.
No ``$ref``, ``anyOf``, ``const``, type arrays or titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, TypeVar, cast, get_args

from .operation import Operation

__all__ = [
    "DESCRIBE",
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

DESCRIBE = "describe"
"""The action that every entity has beside its operations'."""

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
    """The schema of ``notion_execute`` for the operations offered; each entity has the action ``describe`` too."""
    entities = list(dict.fromkeys(operation.spec.entity for operation in operations))
    actions = list(dict.fromkeys([*(operation.spec.action for operation in operations), DESCRIBE]))
    _, rest = _calls(operations)
    also = f" Also: {rest}." if rest else ""
    return {
        "type": "object",
        "properties": {
            "entity": {"type": "string", "enum": entities},
            "action": {"type": "string", "enum": actions, "description": f"{_ACTION}{also}"},
            "params": {**FREE_OBJECT, "description": _params(operations)},
        },
        "required": ["entity", "action"],
    }


def dispatch_description(operations: Sequence[AnyOperation]) -> str:
    """The description of ``notion_execute``: one line that names every call with the parameters that it requires."""
    return f"{_INTRODUCTION} {_calls(operations)[0]}."


_INTRODUCTION = "Use the user's Notion workspace. entity(required): action(more):"
_ACTION = f"{DESCRIBE} explains an entity's actions."
_PARAMS = (
    'E.g. {"page_id": "p123..."}. Ids are handles from answers, ids or Notion URLs. {"more": "m..."} from an answer '
    "goes on with it."
)
_USES = {
    "pages.read": "gives a page's text",
    "pages.edit": "changes it",
    "data_sources.query": "gives rows (filter, sorts)",
}
"""What the calls are for that are most often looked for."""
FREE_CHARACTERS = 60
"""What a developer's own text may add to the description."""


def _params(operations: Sequence[AnyOperation]) -> str:
    offered = {operation.spec.name for operation in operations}
    uses = ", ".join(f"{name} {use}" for name, use in _USES.items() if name in offered)
    return f"{_PARAMS} {uses}." if uses else _PARAMS


def _calls(operations: Sequence[AnyOperation]) -> tuple[str, str]:
    """The calls for the description, and those that find no room there."""
    room = MAX_DESCRIPTION - FREE_CHARACTERS - len(f"{_INTRODUCTION} .")
    lines = list(_call_lines(operations))
    fitting = next((count for count in range(len(lines), 0, -1) if len("; ".join(lines[:count])) <= room), 0)
    return "; ".join(lines[:fitting]), "; ".join(lines[fitting:])


def _call_lines(operations: Sequence[AnyOperation]) -> Iterator[str]:
    """``pages: list create`` and ``pages(page_id): get move(parent)``: what several actions require stands once.

    Blanks between actions: a comma behind each would cost one more token each.
    """
    for entity in dict.fromkeys(operation.spec.entity for operation in operations):
        required = {each.spec.action: _required(each) for each in operations if each.spec.entity == entity}
        ids = Counter(name for names in required.values() for name in names if name.endswith("_id"))
        shared = next((name for name, count in ids.most_common(1) if count > 1), None)
        for key in dict.fromkeys((None, shared)):
            calls = [
                _call(action, names, key)
                for action, names in required.items()
                if (shared if shared in names else None) == key
            ]
            if calls:
                yield f"{entity}{f'({key})' if key else ''}: {' '.join(calls)}"


def _call(action: str, required: Sequence[str], shared: str | None) -> str:
    own = ", ".join(name for name in required if name != shared)
    return f"{action}({own})" if own else action


def _required(operation: AnyOperation) -> list[str]:
    return [name for name, item in operation.model_fields.items() if item.is_required()]


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
