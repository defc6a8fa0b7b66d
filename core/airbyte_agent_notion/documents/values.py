"""Property values as plain ones: text, numbers, booleans and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ..file_refs import file_ref, is_signed
from ..narrowing import list_of, object_of

__all__ = ["Plain", "as_line", "plain_text", "plain_value", "title_of"]

Plain: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None

_TEXTS = frozenset({"title", "rich_text"})
_NAMED = frozenset({"select", "status"})
_PEOPLE = frozenset({"created_by", "last_edited_by"})


def plain_text(rich_text: object) -> str:
    """The text of rich text."""
    return "".join(str(object_of(item).get("plain_text") or "") for item in list_of(rich_text))


def title_of(properties: Mapping[str, Any]) -> str:
    """What stands in the title property."""
    values = (object_of(value) for value in properties.values())
    return next((plain_text(value.get("title")) for value in values if value.get("type") == "title"), "")


def plain_value(value: Mapping[str, Any], page_id: str) -> Plain:
    """A property's value without Notion's wrapping; None for an empty one, and for what has no value (a button).

    Dates are ISO text, spans ``start/end``; people are names, related pages ids, stored files references that do not
    expire (``name (notion-file:...)``).
    """
    kind = str(value.get("type") or "")
    held = value.get(kind)
    if kind in _TEXTS:
        return plain_text(held) or None
    if kind in _NAMED:
        return object_of(held).get("name")
    if kind in _PEOPLE:
        return _person(held)
    if kind in {"formula", "rollup"}:
        return _computed(object_of(held), page_id)
    if kind in _LISTS:
        return [_LISTS[kind](item) for item in list_of(held)] or None
    if kind == "files":
        return [_file(object_of(item), page_id) for item in list_of(held)] or None
    if kind == "date":
        return _date(object_of(held))
    return _other(kind, held)


def as_line(name: str, value: Plain) -> str:
    """``Name: value``, lists with commas between."""
    return f"{name}: {_said(value)}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if items := list_of(value):
        return ", ".join(map(_said, items))
    if named := object_of(value):
        return ", ".join(f"{key} {_said(each)}" for key, each in named.items())
    return str(value)


def _other(kind: str, held: Any) -> Plain:
    if kind == "unique_id":
        number, prefix = object_of(held).get("number"), object_of(held).get("prefix")
        return f"{prefix}-{number}" if prefix and number is not None else number
    if kind == "verification":
        return object_of(held).get("state")
    if kind == "place":
        return {
            key: each for key, each in object_of(held).items() if each is not None and "place_id" not in key
        } or None
    return held if isinstance(held, (str, int, float)) and held != "" else None


def _computed(held: Mapping[str, Any], page_id: str) -> Plain:
    if held.get("type") == "array":
        items = [plain_value(object_of(item), page_id) for item in list_of(held.get("array"))]
        return [item for item in items if item is not None] or None
    return plain_value(held, page_id)


def _date(held: Mapping[str, Any]) -> str | None:
    start, end = held.get("start"), held.get("end")
    return f"{start}/{end}" if end else start


def _person(user: Any) -> str | None:
    given = object_of(user)
    return given.get("name") or given.get("id")


def _file(given: Mapping[str, Any], page_id: str) -> str:
    name = str(given.get("name") or "")
    url = str(object_of(given.get(str(given.get("type")))).get("url") or "")
    if given.get("type") == "file" or is_signed(url):
        url = file_ref(page_id, url)
    return f"{name} ({url})" if name and name != url else url


def _name(option: Any) -> str | None:
    return object_of(option).get("name")


def _id(related: Any) -> str | None:
    return object_of(related).get("id")


_LISTS: Mapping[str, Callable[[Any], str | None]] = {"multi_select": _name, "people": _person, "relation": _id}
