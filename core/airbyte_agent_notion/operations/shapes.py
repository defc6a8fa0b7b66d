"""JSON whose shape is not known, read as what it should be."""

from typing import Any, cast

from ..operation import JsonObject

__all__ = ["is_list", "items_of", "object_of"]


def is_list(value: object) -> bool:
    """Whether it is a list, of whatever."""
    return isinstance(value, list)


def items_of(value: object) -> list[Any]:
    """A list as it is; an empty one for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def object_of(value: object) -> JsonObject:
    """An object as it is; an empty one for anything else."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}
