"""Parts of JSON as what they are."""

from collections.abc import Mapping
from typing import Any, TypeGuard

__all__ = ["as_list", "as_mapping"]

_EMPTY: Mapping[str, Any] = {}


def as_mapping(value: object) -> Mapping[str, Any]:
    """An object; an empty one in place of anything else."""
    return value if _is_object(value) else _EMPTY


def as_list(value: object) -> list[Any] | None:
    """An array; None in place of anything else."""
    return value if _is_array(value) else None


def _is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
