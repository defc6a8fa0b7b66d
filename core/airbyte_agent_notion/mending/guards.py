"""What kind of JSON a value is, for readers and type checkers alike."""

from __future__ import annotations

from typing import Any, TypeGuard

from ..operation import JsonObject

__all__ = ["is_list", "is_object"]


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Whether it is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether it is an array."""
    return isinstance(value, list)
