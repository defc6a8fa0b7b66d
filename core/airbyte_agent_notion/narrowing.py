"""JSON of any kind as the kind that it should be; as an empty one where it is another."""

from __future__ import annotations

from typing import Any, cast

from .operation import JsonObject

__all__ = ["list_of", "object_of"]


def object_of(value: object) -> JsonObject:
    """The value if it is an object."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """The value if it is an array."""
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]
