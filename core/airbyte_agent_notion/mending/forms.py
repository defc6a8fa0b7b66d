"""Objects that models write in short: icons, covers, positions, templates, sorts, filters, rich text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..narrowing import list_of, object_of
from ..operation import JsonObject
from ..operations.texts import TooLong, as_rich_text
from ..repair import container
from .guards import is_list, is_object
from .ids import bare_id, sort_of
from .words import key

__all__ = ["KEPT", "SHORT", "direction", "filter_", "rich_text", "search_filter", "search_sort", "unpacked"]


KEPT = frozenset(
    {
        "color", "content", "description", "email", "end", "expression", "href", "id", "language", "name",
        "phone_number", "plain_text", "start", "text", "type", "url",
    }
)  # fmt: skip
"""Keys of text, which is never looked into."""
MAX_DEPTH = 40


def picture(value: Any) -> Any:
    """An emoji or an address as an icon or cover."""
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(r"https?://\S+", text):
            return {"type": "external", "external": {"url": text}}
        return {"type": "emoji", "emoji": text} if _is_emoji(text) else value
    given = object_of(value)
    external: object = container(given.get("external"))
    if isinstance(external, str):
        return {**given, "external": {"url": external}}
    if set(given) <= {"type", "url"} and isinstance(given.get("url"), str):
        return {"type": "external", "external": {"url": given["url"]}}
    return unpacked(given) if given else value


def _is_emoji(text: str) -> bool:
    return 0 < len(text) <= MAX_EMOJI and not re.search(r"[A-Za-z\s]", text) and any(each >= "\u2000" for each in text)


MAX_EMOJI = 16
"""Characters of one emoji, joined ones included."""


def rich_text(value: Any) -> Any:
    """Text as rich text; items as texts too."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        found: Any = container(value)
        if found is value or not _are_items(found):
            try:
                return as_rich_text(value)
            except TooLong:
                return value
        value = found
    given = [value] if is_object(value) else value
    if not is_list(given):
        return value
    return [_rich_item(each) for each in list_of(given)]


def _are_items(found: object) -> bool:
    """Whether what a text holds is rich text, and not text that looks like JSON."""
    items = list_of(found) if is_list(found) else [found]
    return bool(items) and all(_ITEM & set(object_of(container(each))) for each in items)


_ITEM = frozenset({"content", "equation", "mention", "text", "type"})


def _rich_item(item: Any) -> Any:
    found = container(item)
    if isinstance(item, str) and (found is item or not _are_items(found)):
        return {"text": {"content": item}}
    given = object_of(unpacked(found))
    text: object = given.get("text")
    if isinstance(text, str):
        inner = container(text)
        return {**given, "text": inner if is_object(inner) else {"content": text}}
    return {"text": given} if set(given) == {"content"} and isinstance(given["content"], str) else given or item


def unpacked(value: Any, keep: frozenset[str] = KEPT, depth: int = 0) -> Any:
    """Objects and arrays in a value out of their JSON text, at any depth, but not where text stands."""
    found = container(value)
    if depth > MAX_DEPTH:
        return found
    if is_object(found):
        return {
            name: item if name in keep and _is_text(name, item) else unpacked(item, keep, depth + 1)
            for name, item in found.items()
        }
    return [unpacked(each, keep, depth + 1) for each in found] if is_list(found) else found


def _is_text(name: str, item: Any) -> bool:
    """Whether a text stands where text belongs; that of a rich text item is an object."""
    inner = object_of(container(item)) if name == "text" else {}
    return isinstance(item, str) and "content" not in inner


def position(value: Any) -> Any:
    """A word as a position; a block to stand behind with its type."""
    if isinstance(value, str):
        word = {"top": "start", "first": "start", "bottom": "end", "last": "end"}.get(key(value), value)
        return {"type": word}
    given = dict(object_of(value))
    after: object = given.get("after_block", given.get("after"))
    if isinstance(after, str):
        given.pop("after", None)
        given["after_block"] = {"id": after}
    if "after_block" in given:
        given.setdefault("type", "after_block")
    return given or value


def template(value: Any) -> Any:
    """A word or an id as what a page is filled from."""
    if isinstance(value, str):
        if key(value) in {"default", "none"}:
            return {"type": key(value)}
        return {"type": "template_id", "template_id": value} if sort_of(value) != "title" else value
    given = object_of(value)
    return {"type": "template_id", **given} if "template_id" in given else value


def search_filter(value: Any) -> Any:
    """``page`` or ``data_source`` as a filter of search."""
    given = object_of(value)
    word = value if isinstance(value, str) else given.get("value", given.get("object", given.get("type")))
    kind = {"page": "page", "datasource": "data_source", "database": "data_source"}.get(key(str(word or "")))
    if kind is None or not set(given) <= {"property", "value", "object", "type", "in_trash"}:
        return value
    if given.get("property", "object") not in {"object", "type"}:
        return value
    kept = {"in_trash": given["in_trash"]} if "in_trash" in given else {}
    return {"property": "object", "value": kind, **kept}


def search_sort(value: Any) -> Any:
    """A direction as a sort of search, whose only key is the time of the last edit."""
    if isinstance(value, str):
        found = direction(value)
        if found is not None:
            return {"timestamp": "last_edited_time", "direction": found}
        return _by_edit(value) or value
    if is_list(value) and len(value) == 1:
        return search_sort(value[0])
    given = object_of(value)
    if len(given) == 1 and (name := next(iter(given))) != "timestamp" and _by_edit(name):
        return {"timestamp": "last_edited_time", "direction": direction(given[name]) or given[name]}
    if set(given) == {"direction"}:
        return {"timestamp": "last_edited_time", **given}
    if "property" in given and "timestamp" not in given:
        return {"timestamp" if name == "property" else name: item for name, item in given.items()}
    return value


def _by_edit(text: str) -> JsonObject | None:
    """``last_edited_time``, with a sign before it or a direction behind."""
    name, _, last = text.strip().rpartition(" ")
    said = direction(last) if name else None
    bare = (name if said else text.strip()).lstrip("+-")
    if key(bare) not in {key("last_edited_time"), key("last_edited"), key("edited")}:
        return None
    said = {"-": "descending", "+": "ascending"}.get(text.strip()[0], said)
    return {"timestamp": "last_edited_time"} | ({} if said is None else {"direction": said})


def shown_as(value: Any) -> Any:
    """A word as the name under which a comment appears; any other text is a name of one's own."""
    if not isinstance(value, str) or not value.strip():
        return value
    word = key(value)
    return {"type": word} if word in {"user", "integration"} else {"type": "custom", "custom": {"name": value.strip()}}


def attached(value: Any) -> Any:
    """Ids as uploaded files."""
    items: list[Any] = list_of(value) if is_list(value) else [value]
    return [{"file_upload_id": each} if isinstance(each, str) else _attachment(each) for each in items]


def _attachment(item: Any) -> Any:
    given = object_of(item)
    inner = bare_id("file_upload_id", given.get("file_upload", given.get("id")))
    return {"file_upload_id": inner} if isinstance(inner, str) and "file_upload_id" not in given else item


def sorts(value: Any) -> Any:
    """Sorts whose property and direction stand under other names."""
    if is_list(value):
        pair = _pair(list_of(value))
        return [pair] if pair is not None else [_sort(container(each)) for each in list_of(value)]
    found = _sort(value)
    return [found] if is_object(found) else found


_SORTED_BY = ("property", "timestamp", "field", "column", "name", "by", "key")
_DIRECTIONS = ("direction", "order", "dir")


def _pair(items: list[Any]) -> JsonObject | None:
    """A name and a direction, side by side."""
    if len(items) != 2 or not all(isinstance(each, str) for each in items):
        return None
    name, said = items
    found = direction(said) if len(said) > 1 else None
    return None if found is None or direction(name) is not None else {name: found}


def _sort(value: Any) -> Any:
    if is_list(value):
        return _pair(list_of(value)) or value
    given = object_of(value)
    by = next((name for name in _SORTED_BY if isinstance(given.get(name), str)), None)
    if by is None or direction(given[by]) is not None:
        return value
    order = next((name for name in _DIRECTIONS if name in given), None)
    if len(given) > 1 + (order is not None) or (order is None and by not in {"property", "timestamp"}):
        return value
    said = "ascending" if order is None else direction(given[order])
    named = given[by] in {"created_time", "last_edited_time"} and by == "timestamp"
    return value if said is None else {"timestamp" if named else "property": given[by], "direction": said}


def direction(said: object) -> str | None:
    """The direction that a word or number means."""
    word = str(said).strip().lower()
    if word in {"ascending", "asc", "up", "1"}:
        return "ascending"
    return "descending" if word in {"descending", "desc", "down", "-1"} else None


def filter_(value: Any) -> Any:
    """A filter with its parts out of their JSON text, and conditions without a type as short ones."""
    value = container(value)
    if is_list(value) and len(list_of(value)) == 1:
        value = container(list_of(value)[0])
    if not is_object(value):
        return value
    given = value
    if set(given) == {"filter"} and is_object(container(given["filter"])):
        return filter_(given["filter"])
    for name in ("and", "or"):
        if name in given and len(given) == 1:
            parts = container(given[name])
            return {name: [filter_(each) for each in list_of(parts)]} if is_list(parts) else given
    if isinstance(given.get("property"), str):
        return _condition(given)
    return {name: _compared(item) for name, item in given.items()}


_TYPES = frozenset(
    {
        "checkbox", "created_by", "created_time", "date", "email", "files", "formula", "last_edited_by",
        "last_edited_time", "multi_select", "number", "people", "phone_number", "relation", "rich_text", "rollup",
        "select", "status", "title", "unique_id", "url", "verification",
    }
)  # fmt: skip


def _condition(given: JsonObject) -> JsonObject:
    """Notion's condition as it is; one that lacks the type as a short one, which is checked against the schema."""
    name: str = given["property"]
    rest = {each: container(item) for each, item in given.items() if each not in {"property", "type"}}
    operator = next((each for each in ("operator", "condition", "op") if isinstance(rest.get(each), str)), None)
    if operator is not None and set(rest) == {operator, "value"}:
        return {name: {rest[operator]: rest["value"]}}
    if set(rest) == {"value"}:
        return {name: rest["value"]}
    return {**given, **rest} if not rest or set(rest) & _TYPES else {name: rest}


def _compared(value: Any) -> Any:
    found = container(value)
    if is_object(found):
        return {name: container(item) for name, item in found.items()}
    return found


SHORT: Mapping[str, Callable[[Any], Any]] = {
    "icon": picture,
    "cover": picture,
    "position": position,
    "template": template,
    "display_name": shown_as,
    "attachments": attached,
    "sorts": sorts,
    "rich_text": rich_text,
}
"""By parameter, where it wants an object or a list."""
