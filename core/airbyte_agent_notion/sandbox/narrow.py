"""JSON values of unknown kind, brought to the kind that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from .problems import malformed, not_present

__all__ = ["as_array", "as_object", "only"]


def as_object(value: Any, where: str) -> dict[str, Any]:
    """A JSON object, or a 400."""
    if not isinstance(value, dict):
        raise malformed(where, "an object", value)
    return cast("dict[str, Any]", value)


def as_array(value: Any, where: str) -> Sequence[Any]:
    """A JSON array, or a 400."""
    if not isinstance(value, list):
        raise malformed(where, "an array", value)
    return cast("Sequence[Any]", value)


def only(body: dict[str, Any], where: str, *keys: str) -> None:
    """Refuse an object's other keys (400)."""
    unknown = next((key for key in body if key not in keys), None)
    if unknown is not None:
        raise not_present(f"{where}.{unknown}", body[unknown])
