"""A linter for tool schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..schema import MAX_DESCRIPTION

__all__ = ["lint_tool_schema"]

_REFUSED = (
    "$ref",
    "$defs",
    "definitions",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "const",
    "prefixItems",
    "patternProperties",
)
_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})


def lint_tool_schema(schema: Mapping[str, Any]) -> list[str]:
    """What keeps a tool's JSON Schema from being taken by every provider; an empty list is a pass.

    The root is a flat object; below it stand scalars, string enums, arrays with items and free-form objects.
    """
    if schema.get("type") != "object":
        return ["root: its type must be 'object'"]
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return ["root: it has no properties"]
    problems = _lint_keywords("root", schema)
    for name in cast("list[str]", schema.get("required", [])):
        if name not in properties:
            problems.append(f"root: {name!r} is required but no property")
    for name, item in cast("Mapping[str, Any]", properties).items():
        problems += _lint_property(name, item)
    return problems


def _lint_property(where: str, schema: Any) -> list[str]:
    if not isinstance(schema, Mapping):
        return [f"{where}: not a schema"]
    given = cast("Mapping[str, Any]", schema)
    problems = _lint_keywords(where, given)
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        problems.append(f"{where}: type must be one of {', '.join(sorted(_TYPES))}, not {kind!r}")
    if kind == "object" and given.get("properties"):
        problems.append(f"{where}: a nested object must be free-form")
    if kind == "array":
        problems += _lint_property(f"{where}[]", given.get("items"))
    if "enum" in given and (kind != "string" or not all(isinstance(item, str) for item in given["enum"])):
        problems.append(f"{where}: an enum must be of strings, with type 'string'")
    return problems


def _lint_keywords(where: str, schema: Mapping[str, Any]) -> list[str]:
    problems = [f"{where}: {keyword} is not taken everywhere" for keyword in _REFUSED if keyword in schema]
    if isinstance(schema.get("title"), str):
        problems.append(f"{where}: a title is wasted")
    if schema.get("additionalProperties", True) is not True:
        problems.append(f"{where}: it is closed to further keys")
    if len(str(schema.get("description", ""))) > MAX_DESCRIPTION:
        problems.append(f"{where}: its description is longer than {MAX_DESCRIPTION:,} characters")
    return problems
