"""JSON values of unknown kind, brought to the kind that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from .ids import parse_id
from .problems import UNDEFINED, malformed, not_present

__all__ = [
    "as_array",
    "as_boolean",
    "as_id",
    "as_numeric",
    "as_object",
    "as_string",
    "at_most",
    "one_of",
    "only",
    "required",
    "utf16_length",
]


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


def required(body: dict[str, Any], key: str, where: str) -> Any:
    """The value of a key that must be there, or a 400."""
    if key not in body:
        raise malformed(f"{where}.{key}", "defined", UNDEFINED)
    return body[key]


def as_string(value: Any, where: str, *, limit: int | None = None, empty: bool = True) -> str:
    """A string of at most ``limit`` UTF-16 units, or a 400; ``empty`` tells whether it may be empty."""
    if not isinstance(value, str):
        raise malformed(where, "a string", value)
    length = utf16_length(value)
    if limit is not None and length > limit:
        raise malformed(f"{where}.length", f"≤ `{limit}`", length)
    if not empty and not value:
        raise malformed(f"{where}.length", "≥ `1`", 0)
    return value


def utf16_length(text: str) -> int:
    """How long Notion takes a text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def as_boolean(value: Any, where: str) -> bool:
    """A boolean, or a 400."""
    if not isinstance(value, bool):
        raise malformed(where, "a boolean", value)
    return value


def as_numeric(value: Any, where: str) -> int | float:
    """A number, or a 400."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise malformed(where, "a number", value)
    return value


def as_id(value: Any, where: str) -> str:
    """A dashed id, or a 400."""
    parsed = parse_id(value) if isinstance(value, str) else None
    if parsed is None:
        raise malformed(where, "a valid uuid", value)
    return parsed


def one_of(value: Any, where: str, allowed: Sequence[str]) -> str:
    """One of some strings, or a 400 that names them all."""
    if not isinstance(value, str) or value not in allowed:
        names = [f'`"{each}"`' for each in allowed]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, or {names[-1]}"
        raise malformed(where, listed, value)
    return value


def at_most(items: Sequence[Any], where: str, limit: int, *, least: int = 0) -> None:
    """Refuse an array that is too long or too short (400)."""
    if len(items) > limit:
        raise malformed(f"{where}.length", f"≤ `{limit}`", len(items))
    if len(items) < least:
        raise malformed(f"{where}.length", f"≥ `{least}`", len(items))
