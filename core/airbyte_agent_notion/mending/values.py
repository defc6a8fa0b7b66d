"""One value as its field wants it, wherever that does not change what it means."""

from __future__ import annotations

import re
from typing import Any, cast

from ..operation import JsonObject
from ..repair import Unreadable, container, opened
from .guards import is_list, is_object
from .ids import bare_id, sort_of
from .shapes import Shape
from .words import key

__all__ = ["NOTHING", "fitted", "placed", "says_nothing"]

NOTHING = frozenset({"", "null", "none", "undefined"})
"""Texts that may stand for no value."""

_SYNONYMS = {"asc": "ascending", "desc": "descending", "up": "ascending", "down": "descending"}
_OF_ID = {"page": "page_id", "database": "database_id", "datasource": "data_source_id", "block": "block_id"}
_REFERS = frozenset({"id", "url", "handle"})
MAX_DEPTH = 12


def fitted(name: str, value: Any, shape: Shape, depth: int = 0) -> Any:
    """The value as the field of that name wants it; as it is where that is not sure."""
    if value is None or depth > MAX_DEPTH:
        return value
    if says_nothing(value, shape):
        return None
    if shape.kind == "list":
        return _list(name, value, shape, depth)
    if shape.kind == "form":
        return _form(value, shape, depth)
    if shape.kind == "object":
        return _alone(container(value))
    return _scalar(name, value, shape)


def says_nothing(value: Any, shape: Shape) -> bool:
    """Whether a text stands for no value: where none of that meaning is wanted."""
    word = value.strip(" \t\r\n'\"").lower() if isinstance(value, str) else None
    return word in NOTHING and shape.kind not in {"text", "id"} and word not in shape.choices


def _scalar(name: str, value: Any, shape: Shape) -> Any:
    if shape.kind == "id":
        return bare_id(name, _text(value))
    if is_list(value):
        value = _alone(cast("object", value))
    if name == "reference" and sort_of(found := str(bare_id("id", value))) in _REFERS:
        return found
    if shape.kind == "text":
        return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    value = _text(value)
    if shape.kind == "choice":
        return _choice(value, shape.choices)
    if shape.kind == "number":
        return _number(value)
    return value.strip() if isinstance(value, str) and shape.kind == "boolean" else value


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value)  # Pydantic takes true for 1.
    if not isinstance(value, str):
        return value
    text = value.strip()
    return text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text


def _text(value: Any) -> Any:
    """A text out of its JSON text, an object or array too; no text is wanted as such."""
    if not isinstance(value, str) or value.strip()[:1] not in {'"', "'", "{", "["}:
        return value
    try:
        return opened(value)
    except Unreadable:
        return value


def _choice(value: Any, choices: tuple[Any, ...]) -> Any:
    if value in choices:
        return value
    if choices == (True,):
        return True if isinstance(value, str) and value.strip().lower() in {"true", "yes", "1"} else value
    if not isinstance(value, str):
        return str(value) if isinstance(value, int) and str(value) in choices else value
    wanted = key(value)
    wanted = _SYNONYMS.get(wanted, _OF_ID.get(wanted, wanted))
    found = [each for each in choices if isinstance(each, str) and key(each) in {wanted, key(wanted)}]
    return found[0] if len(found) == 1 else value


def _list(name: str, value: Any, shape: Shape, depth: int) -> Any:
    value = container(value)
    item = shape.item
    if isinstance(value, str) and item is not None and item.kind in {"text", "id"}:
        parts = [part.strip() for part in value.split(",")]
        value = parts if all(parts) else [value]
    if is_object(value):
        value = [value]
    if not is_list(value) or item is None:
        return value
    return [fitted(name, each, item, depth + 1) for each in value]


def _form(value: Any, shape: Shape, depth: int) -> Any:
    found = _alone(container(value))
    return placed(found, shape, depth) if is_object(found) else found


def placed(given: JsonObject, shape: Shape, depth: int = 0) -> JsonObject:
    """An object with its keys in the form's spelling, and their values as they are wanted; null is none."""
    by_key = {key(name): name for name in shape.keys}
    by_key |= {short: name for short, name in _OF_ID.items() if name in shape.keys and short not in by_key}
    found: JsonObject = {}
    for name, value in given.items():
        ours = name if name in shape.keys else by_key.get(key(str(name)), str(name))
        ours = name if ours in given and ours != name else ours
        item = fitted(ours, value, shape.keys[ours], depth + 1) if ours in shape.keys else value
        if item is not None or ours not in shape.keys:
            found[ours] = item
    return found


def _alone(value: object) -> Any:
    """The item of a list of one; anything else as it is."""
    return value[0] if is_list(value) and len(value) == 1 else value  # pyright: ignore
